"""Answers with requests of the journal: waited for on the event loop, and sent piece by piece."""

import asyncio
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from starlette.types import ASGIApp, Receive, Scope, Send

from mock_server.control_plane.har import write_har_entry
from mock_server.control_plane.requests import check_filter, read_patience
from mock_server.formats.json_text import dump_json
from mock_server.gateway.exchange import Exchange
from mock_server.http.answers import JSON, Answer, send_answer
from mock_server.http.har import har_document
from mock_server.http.problems import ServiceUnavailable
from mock_server.sandbox.journal import Entry, Filter, write_entry

PIECE = 256 * 1024
"""Bytes of one piece, at least, but for the last: a thousand bodies may be a hundred MB."""

_PLACE = "the entries"


class JournalStream:
    """
    An ASGI application behind validation that answers `listRequests` and `getRequestsHar`.

    Whoever waits for requests holds no worker thread, of which there are not that many, and
    nobody holds the whole answer.
    """

    def __init__(
        self, inner: ASGIApp, operation_ids: Collection[str], pool: ThreadPoolExecutor
    ) -> None:
        """Pass all else on to *inner*; read and write in *pool*; know the *operation_ids*."""
        self._inner = inner
        self._operation_ids = operation_ids
        self._pool = pool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one ASGI *scope*, once what it waits for is there or its time is over."""
        exchange = Exchange.of(scope) if scope["type"] == "http" else None
        if exchange is None or not exchange.is_control:
            await self._inner(scope, receive, send)
        elif exchange.operation_id == "listRequests":
            entries = await self._entries(exchange)
            around: dict[str, object] = {"count": len(entries), "requests": [_PLACE]}
            await self._send(_pieces(around, map(write_entry, entries)), send)
        elif exchange.operation_id == "getRequestsHar":
            entries = await self._entries(exchange)
            await self._send(_pieces(har_document([_PLACE]), map(write_har_entry, entries)), send)
        else:
            await self._inner(scope, receive, send)

    async def _entries(self, exchange: Exchange) -> list[Entry]:
        """
        Return the entries that the query of *exchange* asks for, waited for if it says so.

        Raises:
            MemberError: it says so badly.
            ServiceUnavailable: the server stops.
        """
        query = exchange.arguments
        wanted = Filter(
            operation_id=query.get("operationId"),
            method=query.get("method"),
            path=query.get("path"),
            status=query.get("status"),
        )
        journal = exchange.world().journal
        loop, pool = asyncio.get_running_loop(), self._pool
        await loop.run_in_executor(pool, check_filter, wanted, journal, self._operation_ids)
        wait = query.get("wait")
        if wait is not None and not await journal.reached(
            wanted, query["count"], read_patience(wait)
        ):
            # Hundreds may wait, and the server stops within two seconds.
            raise ServiceUnavailable("The mock is being stopped.")
        return await loop.run_in_executor(pool, journal.find, wanted, query.get("limit"))

    async def _send(self, pieces: Iterator[bytes], send: Send) -> None:
        """Send *pieces*, each made in a thread; with its length what is one piece alone."""
        make = partial(asyncio.get_running_loop().run_in_executor, self._pool, next, pieces, None)
        piece, after = await make(), await make()
        if after is None:
            await send_answer(Answer(200, piece or b"", JSON), send)
            return
        headers = [(b"content-type", JSON.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        while piece is not None:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            piece, after = after, None if after is None else await make()
        await send({"type": "http.response.body", "body": b""})


def _pieces(around: Mapping[str, object], items: Iterable[object]) -> Iterator[bytes]:
    """Return the JSON of *around*, with *items* in place of the one that holds their place."""
    before, _, after = dump_json(around).partition(dump_json(_PLACE))
    indent = before[before.rindex(b"\n") :]
    piece, is_first = bytearray(before), True
    for item in items:
        if not is_first:
            piece += b"," + indent
        is_first = False
        piece += dump_json(item).replace(b"\n", indent)
        if len(piece) >= PIECE:
            yield bytes(piece)
            piece.clear()
    if is_first:
        piece, after = bytearray(before.rstrip()), after.lstrip()
    yield bytes(piece + after)
