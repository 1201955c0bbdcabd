"""One sandbox of a mock that runs elsewhere, driven through its control plane."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from http import HTTPStatus
from typing import Any

from mock_server.documents.snapshots import as_json, check_version
from mock_server.documents.token_requests import read_token_request
from mock_server.sandbox.registry import DEFAULT, SandboxNotFoundError, check_name
from mock_server.settings import BASE_PATH, CONTROL_PATH, SANDBOX_PREFIX
from mock_server.testing.control_client import ControlClient, refused_as
from mock_server.testing.interface import AltinnNotifications
from mock_server.testing.remote_controls import (
    RemoteClock,
    RemoteFaults,
    RemoteMessages,
    RemoteOrders,
    RemoteRegister,
    RemoteRequests,
)
from mock_server.testing.types import TokenKind, TokenPreset


@contextmanager
def connected(url: str, control_token: str | None = None) -> Iterator["RemoteSandbox"]:
    """
    Return the default sandbox of the mock at *url*, until the block ends.

    Raises:
        ControlError: no mock answers there, or its control plane wants another *control_token*.
    """
    client = ControlClient(url, control_token)
    try:
        client.check()
        yield RemoteSandbox(client, DEFAULT)
    finally:
        client.close()


class RemoteSandbox(AltinnNotifications):
    """One sandbox of a mock at some URL: where it is, and all that governs it."""

    def __init__(self, client: ControlClient, name: str) -> None:
        """
        Govern the sandbox *name*, created on first use, through *client*.

        Raises:
            SandboxNameError: *name* cannot be one.
            ControlError: the server does not answer, or holds too many sandboxes.
        """
        check_name(name)
        self._client = client
        self._name = name
        prefix = "" if name == DEFAULT else f"{SANDBOX_PREFIX}{name}"
        self._control = f"{prefix}{CONTROL_PATH}"
        self.url = f"{client.root}{prefix}"
        self.base_url = f"{self.url}{BASE_PATH}"
        self.control_url = f"{client.root}{self._control}"
        self.clock = RemoteClock(client, self._control)
        self.orders = RemoteOrders(client, self._control)
        self.register = RemoteRegister(client, self._control)
        self.messages = RemoteMessages(client, self._control)
        self.requests = RemoteRequests(client, self._control, self.base_url)
        self.faults = RemoteFaults(client, self._control)
        self.clock.now()

    def token(
        self,
        kind: TokenKind = "bearer",
        org: str = "ttd",
        scope: str | None = None,
        preset: TokenPreset = "valid",
        expires_in: int = 3600,
    ) -> str:
        """Return a token; *expires_in* is in seconds. ValueError as in `AltinnNotifications`."""
        wanted = {"kind": kind, "org": org, "scope": scope, "preset": preset}
        document = {**wanted, "expiresIn": expires_in}
        read_token_request(document)  # which tells a slip as a server in process does
        return self._client.member("token", str, "POST", f"{self._control}/tokens", document)

    def reset(self) -> None:
        """Return the sandbox to how it started."""
        self._client.call("POST", f"{self._control}/reset")

    def drop(self) -> None:
        """Forget the sandbox; used again, it starts anew. The default one is reset instead."""
        with suppress(SandboxNotFoundError):
            gone = partial(SandboxNotFoundError, self._name)
            with refused_as(HTTPStatus.NOT_FOUND, gone):
                self._client.call("DELETE", f"{CONTROL_PATH}/sandboxes/{self._name}")

    def state(self) -> dict[str, Any]:
        """Return all that the sandbox remembers, but for its requests, as a JSON document."""
        return self._client.document("GET", f"{self._control}/state")

    def restore(self, document: Mapping[str, Any]) -> None:
        """Put the sandbox back into the state that *document* has; MemberError if it cannot."""
        state = as_json(document)
        check_version(state)
        self._client.call("PUT", f"{self._control}/state", state)

    def sandbox(self, name: str) -> "RemoteSandbox":
        """Return the sandbox *name* of the same server, created on first use."""
        return RemoteSandbox(self._client, name)
