"""MockServer: the mock as an object, listening on a real port."""

import logging
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields
from functools import partial
from types import TracebackType
from typing import Any, Self

from mock_server.app import Mock
from mock_server.documents.token_requests import read_token_request
from mock_server.formats.arguments import unknown
from mock_server.sandbox.registry import DEFAULT, SandboxNotFoundError
from mock_server.serving.listening import Server, listen, url_of, uvicorn_config
from mock_server.settings import BASE_PATH, CONTROL_PATH, SANDBOX_PREFIX, Settings
from mock_server.testing.interface import (
    AltinnNotifications,
    SandboxClock,
    SandboxFaults,
    SandboxOrders,
    SandboxRegister,
    SandboxRequests,
)
from mock_server.testing.local_controls import (
    ClockControl,
    FaultsControl,
    MessagesControl,
    OrdersControl,
    RegisterControl,
    RequestsControl,
)
from mock_server.testing.messages import SandboxMessages
from mock_server.testing.types import TokenKind, TokenPreset

_log = logging.getLogger(__name__)


class SandboxControl(AltinnNotifications):
    """One sandbox of a mock in this process: where it is, and all that governs it."""

    def __init__(self, mock: Mock, url: str, name: str) -> None:
        """Govern the sandbox *name* of *mock*, which listens at *url*."""
        self._mock = mock
        self._root = url
        self._name = name
        self._enter = partial(mock.sandboxes.enter, name)
        self._enter()
        self.url = url if name == DEFAULT else f"{url}{SANDBOX_PREFIX}{name}"
        self.base_url = f"{self.url}{BASE_PATH}"
        self.control_url = f"{self.url}{CONTROL_PATH}"
        self.clock = ClockControl(mock, self._enter)
        self.orders = OrdersControl(mock, self._enter)
        self.register = RegisterControl(mock, self._enter)
        self.messages = MessagesControl(mock, self._enter)
        self.requests = RequestsControl(mock, self._enter, self.base_url)
        self.faults = FaultsControl(mock, self._enter)

    def token(
        self,
        kind: TokenKind = "bearer",
        org: str = "ttd",
        scope: str | None = None,
        preset: TokenPreset = "valid",
        expires_in: int = 3600,
    ) -> str:
        """
        Return a token; *expires_in* is in seconds.

        Raises:
            ValueError: no such *kind* or *preset*, or one that does not apply to the other.
        """
        wanted: Mapping[str, object] = {
            "kind": kind,
            "org": org,
            "scope": scope,
            "preset": preset,
            "expiresIn": expires_in,
        }
        return self._mock.control.mint(read_token_request(wanted)).token

    def reset(self) -> None:
        """Return the sandbox to how it started."""
        self._enter().reset()

    def drop(self) -> None:
        """Forget the sandbox; used again, it starts anew. The default one is reset instead."""
        with suppress(SandboxNotFoundError):
            self._mock.sandboxes.drop(self._name)

    def state(self) -> dict[str, Any]:
        """Return all that the sandbox remembers, but for its requests, as a JSON document."""
        return self._mock.state.copy(self._enter())

    def restore(self, document: Mapping[str, Any]) -> None:
        """
        Put the sandbox back into the state that *document* has, as `state` returned it.

        Raises:
            MemberError: it cannot be such a document; nothing changes then.
            StoreFullError: it has more orders than there may be; nothing changes then.
        """
        self._mock.state.restore(self._name, document)

    def sandbox(self, name: str) -> "SandboxControl":
        """Return the sandbox *name* of the same server, created on first use."""
        return SandboxControl(self._mock, self._root, name)


class MockServer:
    """
    The mock on a port of its own, in a thread of this process.

    Use it as a context manager, or call `start` and `stop`. Everything that `SandboxControl` has
    is here too, for the sandbox named `default`.

    Source: docs/testing.md.
    """

    def __init__(self, *, port: int = 0, **settings: Any) -> None:
        """
        Build a server; *settings* are the fields of `Settings`. It listens once started.

        Raises:
            TypeError: there is no such setting, or it has not the type that it must.
            ContractError, SeedError, StateFileError, ValueError: a setting cannot be used.
        """
        known = [item.name for item in fields(Settings)]
        for name in settings:
            if name not in known:
                raise TypeError(unknown("setting", name, known))
        self.settings = Settings(port=port, **settings)
        self._mock = Mock(self.settings)
        self._watch = self._mock.watch(_log.info, _log.warning)
        self._server: Server | None = None
        self._thread: threading.Thread | None = None
        self._control: SandboxControl | None = None

    def start(self) -> Self:
        """
        Listen, and return once requests are answered.

        Raises:
            PortBusyError: something else listens on the port.
        """
        listener = listen(self.settings.host, self.settings.port)
        self._mock.sandboxes.open()
        self._server = Server(uvicorn_config(self._mock.asgi, self.settings))
        self._thread = threading.Thread(
            target=self._server.run,
            args=([listener],),
            name="altinn-notifications-mock",
            daemon=True,
        )
        self._control = SandboxControl(self._mock, url_of(listener), DEFAULT)
        self._thread.start()
        if self.settings.reload:
            self._watch.start()
        return self

    def stop(self) -> None:
        """
        Stop listening, and return once the thread has ended and the state, if set, is saved.

        Raises:
            StateFileError: it cannot be saved.
        """
        server, thread = self._server, self._thread
        self._server = self._thread = self._control = None
        if server is not None and thread is not None:
            self._watch.stop()
            self._mock.sandboxes.close()
            server.should_exit = True
            thread.join()
            self._mock.state.save()

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()

    @property
    def url(self) -> str:
        """The root that has `/__mock` below it."""
        return self._started("url").url

    @property
    def base_url(self) -> str:
        """The URL that ends in `/notifications/api/v1`."""
        return self._started("base_url").base_url

    @property
    def control_url(self) -> str:
        """The URL that ends in `/__mock`."""
        return self._started("control_url").control_url

    @property
    def clock(self) -> SandboxClock:
        """The clock of the default sandbox."""
        return self._started("clock").clock

    @property
    def orders(self) -> SandboxOrders:
        """The orders of the default sandbox."""
        return self._started("orders").orders

    @property
    def messages(self) -> SandboxMessages:
        """The messages of the default sandbox's orders."""
        return self._started("messages").messages

    @property
    def register(self) -> SandboxRegister:
        """The register of the default sandbox."""
        return self._started("register").register

    @property
    def requests(self) -> SandboxRequests:
        """The last requests to the default sandbox."""
        return self._started("requests").requests

    @property
    def faults(self) -> SandboxFaults:
        """The faults of the default sandbox."""
        return self._started("faults").faults

    def token(
        self,
        kind: TokenKind = "bearer",
        org: str = "ttd",
        scope: str | None = None,
        preset: TokenPreset = "valid",
        expires_in: int = 3600,
    ) -> str:
        """Return a token; as `SandboxControl.token`."""
        return self._started("token").token(kind, org, scope, preset, expires_in)

    def reset(self) -> None:
        """Return the default sandbox to how it started."""
        self._started("reset").reset()

    def drop(self) -> None:
        """Reset the default sandbox, which cannot be forgotten."""
        self._started("drop").drop()

    def state(self) -> dict[str, Any]:
        """Return all that the default sandbox remembers, but for its requests."""
        return self._started("state").state()

    def restore(self, document: Mapping[str, Any]) -> None:
        """Put back the state that *document* has; MemberError, and no change, if it cannot be."""
        self._started("restore").restore(document)

    def sandbox(self, name: str) -> SandboxControl:
        """Return the sandbox *name* of this server, created on first use."""
        return self._started("sandbox").sandbox(name)

    def _started(self, name: str) -> SandboxControl:
        if self._control is None:
            message = f"{name} is there once the server is started"
            raise AttributeError(message)
        return self._control
