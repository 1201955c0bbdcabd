"""How connections are taken, and how they end."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from datetime import timedelta

import pytest
import uvloop

from mock_server.app import Mock
from mock_server.serving.listening import Server, listen, uvicorn_config
from mock_server.settings import Settings
from mock_server.testing.mock_server import MockServer
from tests.conftest import TTD_ORDER, Client
from tests.support.raw_http import answers, converse, exchange, request, sized

CREATE = b'{"subject": "s", "body": "b", "recipients": [{"emailAddress": "a@example.com"}]}'
TURNS = 10


def connected(url: str) -> socket.socket:
    """Return a connection to the server at *url*."""
    host, port = url.removeprefix("http://").split("/")[0].split(":")
    return socket.create_connection((host, int(port)), timeout=60)


def target(url: str) -> str:
    """Return the path of *url*."""
    return "/" + url.removeprefix("http://").partition("/")[2]


async def _connections_after(turns: int, callers: int) -> int:
    listener = listen("127.0.0.1", 0)
    settings = Settings(seed="none")
    config = uvicorn_config(Mock(settings).asgi, settings)
    server = Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    waiting = [socket.create_connection(listener.getsockname()[:2]) for _ in range(callers)]
    await server.startup([listener])
    for _ in range(turns):
        await asyncio.sleep(0)
    taken = len(server.server_state.connections)
    for connection in waiting:
        connection.close()
    await server.shutdown([listener])
    return taken


def test_all_who_wait_are_taken_within_a_few_turns_of_the_loop() -> None:
    # As `serve` runs: this loop takes one for each turn by itself.
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert runner.run(_connections_after(TURNS, 64)) == 64


def test_a_client_that_stops_sending_gets_its_answer(api: Client) -> None:
    token = f"Authorization: Bearer {api.mock.token()}"
    path = "/notifications/api/v1/orders/email"
    kind = "Content-Type: application/json"
    create = sized("POST", path, token, kind, body=CREATE)
    status = request("GET", f"/notifications/api/v1/orders/{TTD_ORDER}/status", token)

    assert exchange(api.mock.url, create, half_close=True).status == 202
    assert exchange(api.mock.url, status, half_close=True).status == 200
    clock = request("GET", "/__mock/clock")
    assert exchange(api.mock.url, clock, half_close=True).status == 200


def test_of_a_client_that_stops_sending_each_request_is_answered(api: Client) -> None:
    clock = request("GET", "/__mock/clock")
    with connected(api.mock.url) as connection:
        connection.sendall(clock * 3)
        connection.shutdown(socket.SHUT_WR)
        with connection.makefile("rb") as stream:
            assert stream.read().count(b"HTTP/1.1 200") == 3


def test_a_connection_that_hangs_ends_once_its_client_stops_sending(api: Client) -> None:
    api.mock.faults.add(connection="hang")
    with connected(api.mock.url) as connection:
        connection.sendall(request("GET", target(f"{api.mock.base_url}/orders/7")))
        connection.shutdown(socket.SHUT_WR)

        assert connection.recv(1) == b""


def test_a_body_whose_length_is_told_twice_ends_the_connection(api: Client) -> None:
    fields = ("Content-Length: 5", "Transfer-Encoding: chunked")
    path = f"/notifications/api/v1/orders/{TTD_ORDER}/cancel"
    with connected(api.mock.url) as connection:
        connection.sendall(request("PUT", path, *fields, body=b"0\r\n\r\n"))
        with connection.makefile("rb") as stream:
            answer = stream.read()

    assert answer.startswith(b"HTTP/1.1 401")
    assert b"connection: close" in answer.lower()


def test_a_body_that_does_not_arrive_ends_the_connection() -> None:
    with MockServer(body_timeout=timedelta(milliseconds=50)) as mock:
        head = ("Content-Type: application/json", "Content-Length: 5")
        with connected(mock.url) as connection:
            connection.sendall(request("POST", "/notifications/api/v1/orders/email", *head))
            with connection.makefile("rb") as stream:
                answer = stream.read()

    assert answer.startswith(b"HTTP/1.1 408")
    assert b"connection: close" in answer.lower()


@pytest.mark.parametrize("version", ["2.0", "3.0", "0.9"])
def test_another_version_of_http_is_refused(api: Client, version: str) -> None:
    sent = request("PUT", f"/notifications/api/v1/orders/{TTD_ORDER}/cancel")

    answer = exchange(api.mock.url, sent.replace(b"HTTP/1.1", f"HTTP/{version}".encode()))

    assert answer.status == 505
    assert "HTTP/1.1" in answer.problem()["detail"]


@pytest.mark.parametrize("size", [40_000, 3_000_000])
def test_a_head_that_is_too_large_is_refused_before_its_end(api: Client, size: int) -> None:
    answer = exchange(api.mock.url, b"GET /health HTTP/1.1\r\nX-Long: " + b"a" * size)

    assert answer.problem()["status"] == 431
    assert "shorter header fields" in answer.problem()["detail"]
    assert answer.headers["connection"] == "close"


def test_who_sends_on_after_a_refusal_can_read_it(api: Client) -> None:
    with connected(api.mock.url) as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nNo field\r\n\r\n")
        with connection.makefile("rb") as stream:
            assert stream.readline().startswith(b"HTTP/1.1 400")
            connection.sendall(b"a" * 1_000_000)
            assert b"illegal header line" in stream.read()


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        (b"GET /health HTTP/1.1\r\n\r\n", "Missing mandatory Host: header."),
        (b"GET /health HTTP/1.1\r\nHost: a\r\nsecret\r\n\r\n", "illegal header line."),
        (b"secret\r\n\r\n", "illegal request line."),
    ],
)
def test_a_malformed_request_is_told_what_is_wrong(api: Client, head: bytes, reason: str) -> None:
    answer = exchange(api.mock.url, head)

    assert reason in answer.problem()["detail"]
    assert b"secret" not in answer.body


CLOSE = b"\r\nConnection: close\r\n\r\n"
CLOCK = request("GET", "/__mock/clock")


@pytest.fixture(scope="module", params=[False, True], ids=["lane", "chain"])
def mock_of_either_way(request: pytest.FixtureRequest) -> Iterator[MockServer]:
    """Return a server with the lane, and one without."""
    with MockServer(no_express=request.param) as mock:
        yield mock


def _status(mock: MockServer) -> bytes:
    token = f"Authorization: Bearer {mock.token()}"
    return request("GET", f"/notifications/api/v1/orders/{TTD_ORDER}/status", token)


@pytest.mark.parametrize("blank", [b"\r\n", b"\n", b"\r\n\r\n\r\n"])
def test_blank_lines_before_a_request_are_ignored(
    mock_of_either_way: MockServer, blank: bytes
) -> None:
    status = _status(mock_of_either_way)

    sent = (blank + status, blank, status)
    for answer in answers(mock_of_either_way.url, blank.join(sent), 2):
        assert answer.status == 200
    kept = converse(mock_of_either_way.url, *[blank + each for each in (status, CLOCK, status)])
    assert [answer and answer.status for answer in kept] == [200] * 3


def test_a_blank_line_may_come_in_halves(mock_of_either_way: MockServer) -> None:
    status = _status(mock_of_either_way)

    with connected(mock_of_either_way.url) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in (b"\r", b"\n", b"\r", b"\n" + status):
            connection.sendall(piece)
        assert connection.recv(12) == b"HTTP/1.1 200"


def test_a_return_alone_before_a_request_is_refused(mock_of_either_way: MockServer) -> None:
    assert exchange(mock_of_either_way.url, b"\r" + _status(mock_of_either_way)).status == 400


def test_a_blank_line_after_a_body_is_ignored(mock_of_either_way: MockServer) -> None:
    token = f"Authorization: Bearer {mock_of_either_way.token()}"
    kind = "Content-Type: application/json"
    create = sized("POST", "/notifications/api/v1/orders/email", token, kind, body=CREATE)

    both = answers(mock_of_either_way.url, create + b"\r\n" + create, 2)
    assert [answer.status for answer in both] == [202, 202]


@pytest.mark.parametrize(
    ("rest", "status"),
    [
        (b" secret\r\n\r\n", 400),
        (b" / HTTP/1.1\r\nHost: a\r\nsecret\r\n\r\n", 400),
        (b" / HTTP/1.1\r\nX-Long: " + b"a" * 3_000_000, 431),
        (b" / HTTP/1.1\r\nHost: a\r\nX-Long: " + b"a" * 40_000, 431),
        (b" / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nnone\r\n", 400),
        (b" / HTTP/1.1\r\nHost: a\r\nX-Long: " + b"a" * 40_000 + CLOSE, 431),
        (b" /nowhere HTTP/1.1\r\nHost: a" + CLOSE, 404),
        (b" / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
    ],
)
def test_the_answer_to_head_has_no_body(api: Client, rest: bytes, status: int) -> None:
    with connected(api.mock.url) as connection, connection.makefile("rb") as stream:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(b"\r\nHEAD" + rest)
        head, _, body = stream.read().partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 %d" % status)
    assert body == b""
