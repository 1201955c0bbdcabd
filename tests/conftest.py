"""Fixtures: one server for the session, a fresh sandbox of it for each test."""

import gc
import os
import ssl
import uuid
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import httpcore  # noqa: F401 - httpx imports it late; imported below `pytester`, it would be forgotten
import httpx
import pytest

from mock_server.testing.interface import AltinnNotifications
from mock_server.testing.remote import connected
from tests.support.redis_server import running_redis

if TYPE_CHECKING:
    from mock_server.testing.mock_server import MockServer, SandboxControl

pytest_plugins = ["pytester"]

TTD_ORDER = "11111111-1111-4111-8111-111111111111"
"""The seeded order of ttd that can be cancelled."""

STATUSES = "statuses reached: "
"""How a property of a test begins whose value is a table for the summary."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return one worker more than there are cores, since some test always waits for something."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage while tests are collected, nor ever after in what they are made of."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how often each status was reached per operation, in whichever process that was."""
    reports = [report for listed in terminalreporter.stats.values() for report in listed]
    for report in reports:
        for name, lines in getattr(report, "user_properties", ()):
            if name.startswith(STATUSES) and getattr(report, "when", "") == "call":
                terminalreporter.section(name)
                for line in lines:
                    terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the URL of a Redis server of the tests' own."""
    with running_redis(tmp_path_factory.mktemp("redis")) as server:
        yield server.url


class Client:
    """Calls the orders API of one sandbox, by default as ttd with a valid bearer token."""

    def __init__(self, http: httpx.Client, mock: AltinnNotifications) -> None:
        """Call *mock* through *http*."""
        self.http = http
        self.mock = mock

    def call(
        self, method: str, path: str, *, token: str | None = "valid", **more: Any
    ) -> httpx.Response:
        """
        Send *method* to *path* below the base path.

        *token* is a preset's name, or None for no token. *more* goes to httpx as it is.
        """
        headers = dict(more.pop("headers", {}))
        if token is not None and "Authorization" not in headers:
            headers["Authorization"] = f"Bearer {self.mock.token(preset=token)}"  # type: ignore[arg-type] # any text, as of a row
        return self.http.request(method, f"{self.mock.base_url}{path}", headers=headers, **more)

    def get(self, url: str) -> httpx.Response:
        """Read the absolute *url*, such as a link of an answer."""
        return self.http.get(url, headers={"Authorization": f"Bearer {self.mock.token()}"})

    def cancel(self, order_id: str = TTD_ORDER, **more: Any) -> httpx.Response:
        """Cancel *order_id*."""
        return self.call("PUT", f"/orders/{order_id}/cancel", **more)

    def control(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Send *method* to *path* below the control plane."""
        return self.http.request(method, f"{self.mock.control_url}{path}", **more)


@pytest.fixture(scope="session", autouse=True)
def certificates() -> Iterator[None]:
    """Read the certificates of authorities once: httpx does it for each client, in 50 ms."""
    make, trusted = ssl.create_default_context, os.environ.get("SSL_CERT_FILE")
    context = make()

    def known(*args: Any, **more: Any) -> ssl.SSLContext:
        """Return the one that was read, but where a test trusts authorities of its own."""
        is_same = os.environ.get("SSL_CERT_FILE") == trusted
        return context if is_same else make(*args, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", known)
        yield


@pytest.fixture(scope="session")
def server() -> "Iterator[MockServer]":
    """Return a running server."""
    from mock_server import MockServer  # noqa: PLC0415 - most of the core's tests serve nothing

    with MockServer() as mock:
        yield mock


@pytest.fixture(scope="session")
def http() -> Iterator[httpx.Client]:
    """Return a connection pool."""
    with httpx.Client(timeout=60) as client:
        yield client


@pytest.fixture
def mock(server: "MockServer") -> "SandboxControl":
    """Return a fresh sandbox."""
    sandbox: SandboxControl = server.sandbox(uuid.uuid4().hex)
    return sandbox


@pytest.fixture
def api(http: httpx.Client, mock: "SandboxControl") -> Client:
    """Return a client of a fresh sandbox."""
    return Client(http, mock)


@pytest.fixture(params=["in process", "over HTTP"])
def anywhere(request: pytest.FixtureRequest, server: "MockServer") -> Iterator[Client]:
    """Return a client of a fresh sandbox, which is driven in process, and then over HTTP."""
    name = uuid.uuid4().hex
    with httpx.Client(timeout=60) as http:
        if request.param == "in process":
            yield Client(http, server.sandbox(name))
        else:
            with connected(server.url) as remote:
                yield Client(http, remote.sandbox(name))
