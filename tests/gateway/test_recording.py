"""A request is in the journal once its client can know how it ended."""

import asyncio
from functools import partial

import httpx
import pytest
from starlette.types import Message

from mock_server.gateway.exchange import Exchange, Request
from mock_server.gateway.recording import Recorder
from mock_server.http.headers import Headers
from tests.conftest import TTD_ORDER, Client
from tests.support.builders import Wall
from tests.support.eventually import SOON, eventually
from tests.support.worlds import sandboxes_of

LIST = "/orders?sendersReference=none"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", [LIST, "/orders/7", "/nowhere", f"/orders/{TTD_ORDER}/status"])
def test_an_answered_request_is_there(api: Client, method: str, path: str) -> None:
    for number in range(1, 31):
        api.call(method, path)

        assert len(api.mock.requests.list()) == number


@pytest.mark.parametrize("fault", [{"status": 204}, {"status": 503}, {"status": 200, "body": ""}])
def test_a_request_that_a_fault_answered_is_there(api: Client, fault: dict[str, object]) -> None:
    api.mock.faults.add(fault)

    for number in range(1, 31):
        api.call("GET", LIST)

        assert len(api.mock.requests.list(status=int(str(fault["status"])))) == number


@pytest.mark.parametrize("connection", ["reset", "truncate", "hang"])
def test_a_request_whose_connection_broke_is_there_with_its_operation(
    api: Client, connection: str
) -> None:
    api.mock.faults.add(connection=connection)  # type: ignore[arg-type] # any text, as of a row

    def is_listed(number: int) -> bool:
        return len(api.mock.requests.list(operation_id="listOrders")) == number

    for number in range(1, 6):
        with pytest.raises(httpx.TransportError):
            api.call("GET", LIST, timeout=SOON)

        if connection == "hang":  # its client cannot know when it was read
            eventually(partial(is_listed, number))
        assert is_listed(number)


def _entries_as_sent(method: str, length: int | None, *pieces: bytes) -> list[int]:
    """Return how many entries there were as the head and each of *pieces* went out."""
    sandboxes = sandboxes_of(Wall(), limit=1)
    sandbox = sandboxes.enter("default")
    exchange = Exchange(Request(method, b"/", (), Headers([]), 0.0), sandbox=sandbox)
    entries: list[int] = []

    async def send(_message: Message) -> None:
        entries.append(len(sandbox.journal))

    async def answer() -> None:
        recorder = Recorder(exchange, send, sandboxes.reach)
        headers = [] if length is None else [(b"content-length", str(length).encode())]
        await recorder.send({"type": "http.response.start", "status": 200, "headers": headers})
        for piece in (*pieces, b""):
            more = {"body": piece, "more_body": bool(piece)}
            await recorder.send({"type": "http.response.body", **more})

    asyncio.run(answer())
    return entries


def test_an_entry_is_there_before_the_last_byte_that_the_client_waits_for() -> None:
    assert _entries_as_sent("GET", 4, b"ab", b"cd") == [0, 0, 1, 1]
    assert _entries_as_sent("GET", None, b"ab", b"cd") == [0, 0, 0, 1]
    assert _entries_as_sent("GET", 0) == [1, 1]
    assert _entries_as_sent("HEAD", 4) == [1, 1]
