"""Connections that break: as a raw socket sees them, as a client does, and at the stop."""

import logging
import os
import signal
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from mock_server.testing.mock_server import MockServer
from tests.conftest import TTD_ORDER, Client
from tests.support.create_bodies import EMAIL
from tests.support.eventually import SOON, eventually
from tests.support.processes import serving
from tests.support.raw_http import request, target

ORDER = f"/orders/{TTD_ORDER}"
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@contextmanager
def dialled(url: str) -> Iterator[socket.socket]:
    """Open a connection to the server at *url*."""
    host, port = url.removeprefix("http://").split("/")[0].split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        yield connection


def a_cancel(api: Client, *fields: str) -> bytes:
    """Return a cancel as bytes, with a token."""
    path = target(api.mock.base_url, f"{ORDER}/cancel")
    return request("PUT", path, f"Authorization: Bearer {api.mock.token()}", *fields)


def received(connection: socket.socket) -> bytes:
    """Return all that comes until the server closes."""
    return b"".join(iter(lambda: connection.recv(65536), b""))


def test_a_reset_is_one_on_the_wire_and_nothing_is_answered(api: Client) -> None:
    api.mock.faults.add(connection="reset")

    with dialled(api.mock.url) as connection:
        connection.sendall(a_cancel(api))
        with pytest.raises(ConnectionResetError):
            connection.recv(1)

    assert api.mock.orders.get(TTD_ORDER)["status"] == "Registered"


def test_half_of_the_body_is_sent_of_a_truncated_answer(api: Client) -> None:
    api.mock.faults.add(connection="truncate", times=1)

    with dialled(api.mock.url) as connection:
        connection.sendall(a_cancel(api))
        head, _, body = received(connection).partition(b"\r\n\r\n")

    whole = api.cancel().content
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert f"content-length: {len(whole)}".encode() in head.lower()
    assert body == whole[: len(whole) // 2]
    assert api.mock.orders.get(TTD_ORDER)["status"] == "Cancelled"


@pytest.mark.parametrize("status", [200, 204, 304])
def test_an_answer_without_a_body_is_truncated_before_its_first_byte(
    api: Client, status: int
) -> None:
    api.mock.faults.add(connection="truncate", status=status)

    with dialled(api.mock.url) as connection:
        connection.sendall(a_cancel(api))

        assert received(connection) == b""


@pytest.mark.parametrize("dialect", ["documented", "live"])
@pytest.mark.parametrize("connection", ["reset", "truncate", "hang"])
def test_a_client_sees_an_error_of_the_connection(dialect: str, connection: str) -> None:
    with MockServer(dialect=dialect) as server, httpx.Client(timeout=60) as http:
        api = Client(http, server.sandbox("broken"))
        api.mock.faults.add(connection=connection, times=2)  # type: ignore[arg-type] # any text, as of a row

        for token in (None, "valid"):
            with pytest.raises(httpx.TransportError):
                api.cancel(token=token, timeout=SOON)

        assert api.cancel().status_code == 200


def test_an_answer_that_a_fault_makes_is_truncated_too(api: Client) -> None:
    api.mock.faults.add(connection="truncate", status=502, body="0123456789")

    with dialled(api.mock.url) as connection:
        connection.sendall(a_cancel(api))
        answer = received(connection)

    assert (answer[9:12], answer.rpartition(b"\r\n\r\n")[2]) == (b"502", b"01234")


@pytest.mark.parametrize("connection", ["reset", "hang"])
@pytest.mark.parametrize(
    ("method", "path", "more"),
    [
        ("GET", "/nowhere", {}),
        ("PATCH", ORDER, {}),
        ("POST", "/orders/email", {"data": {"subject": "a"}}),
        ("PUT", f"{ORDER}/cancel", {"token": None}),
    ],
)
def test_a_broken_connection_comes_before_routing_and_authentication(
    api: Client, connection: str, method: str, path: str, more: dict[str, Any]
) -> None:
    api.mock.faults.add(connection=connection)  # type: ignore[arg-type] # any text, as of a row
    api.mock.faults.add(status=500, match={"sendersReference": "reads the body early"})

    with pytest.raises(httpx.TransportError):
        api.call(method, path, timeout=SOON, **more)


@pytest.mark.parametrize(
    ("method", "path", "more"),
    [
        ("GET", ORDER, {}),
        ("GET", "/orders?sendersReference=a", {}),
        ("POST", "/orders/email", {"json": EMAIL}),
        ("POST", "/trigger/sendemail", {}),
    ],
)
def test_any_operation_can_be_broken(
    api: Client, method: str, path: str, more: dict[str, Any]
) -> None:
    api.mock.faults.add(connection="reset", times=1)

    with pytest.raises(httpx.TransportError):
        api.call(method, path, **more)
    assert api.call(method, path, **more).is_success


def test_nothing_comes_of_a_hang_and_the_others_are_answered(api: Client) -> None:
    api.mock.faults.add(connection="hang", times=1)

    with dialled(api.mock.url) as connection:
        connection.sendall(a_cancel(api))
        eventually(lambda: api.mock.faults.list()[0]["matched"])
        connection.settimeout(0.3)

        assert api.cancel().status_code == 200
        with pytest.raises(TimeoutError):
            connection.recv(1)


@pytest.mark.parametrize("reset", [True, False])
def test_a_hang_ends_when_the_client_goes_away(api: Client, *, reset: bool) -> None:
    api.mock.faults.add(connection="hang")

    with dialled(api.mock.url) as connection:
        connection.sendall(a_cancel(api))
        eventually(lambda: api.mock.faults.list()[0]["matched"])
        if reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)

    entry = eventually(api.mock.requests.list)[0]
    assert (entry["status"], entry["operationId"]) == (None, "cancelOrder")


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("rule", [{"connection": "hang"}, {"delayMs": 600_000}])
def test_what_hangs_does_not_hold_up_the_stop(number: signal.Signals, rule: dict[str, Any]) -> None:
    with serving() as served, dialled(served.url) as connection:
        httpx.post(f"{served.url}/__mock/faults", json=rule)
        connection.sendall(request("GET", target(served.base_url, ORDER)))
        listed = f"{served.url}/__mock/faults"
        eventually(lambda: httpx.get(listed).json()["faults"][0]["matched"])

        os.kill(served.process.pid, number)

        eventually(lambda: served.process.poll() is not None)
        assert served.process.stderr is not None
        assert (served.process.returncode, served.process.stderr.read()) == (0, "")


def test_a_preferred_delay_does_not_hold_up_the_stop(capsys: pytest.CaptureFixture[str]) -> None:
    with MockServer() as server, httpx.Client() as http, dialled(server.url) as connection:
        mock = server.sandbox("default")
        connection.sendall(a_cancel(Client(http, mock), "Prefer: delay=60000"))
        http.get(f"{server.url}/health")
        server.stop()

    assert capsys.readouterr().err == ""
    assert [entry["why"] for entry in mock.requests.list()] == ["503: The mock is being stopped."]


@pytest.mark.parametrize("connection", ["reset", "truncate", "hang"])
def test_nothing_is_logged_of_a_broken_connection(
    api: Client, caplog: pytest.LogCaptureFixture, connection: str
) -> None:
    for more in ({}, {"match": {"path": "/orders/*"}}):
        api.mock.faults.add(connection=connection, times=1, **more)  # type: ignore[arg-type] # any text, as of a row

    for _ in range(2):
        with pytest.raises(httpx.TransportError):
            api.call("GET", ORDER, timeout=SOON)

    eventually(lambda: len(api.mock.requests.list()) == 2)
    assert api.cancel().status_code == 200
    assert [record.getMessage() for record in caplog.records if record.levelno > logging.INFO] == []
