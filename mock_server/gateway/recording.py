"""Recording of requests and their answers for the journal."""

import math
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from starlette.types import Message, Send

from mock_server.gateway.exchange import Exchange
from mock_server.http.headers import Fields
from mock_server.sandbox.journal import MOST_BYTES, Entry
from mock_server.sandbox.sandbox import Sandbox
from mock_server.store.port import StoreAwayError

Reach = Callable[..., Awaitable[Any]]
"""A way to call what looks into a sandbox: `Registry.reach`."""


Tell = Callable[[Exchange, int | None, float], object]
"""
A teller of requests: it is given each, the status of its answer, and when that was decided.

None stands for no answer; the time is in seconds of `perf_counter`.
"""


class Sent(NamedTuple):
    """An answer as it went out, so far: *status* is None until there is one."""

    status: int | None = None
    headers: Fields = ()
    body: bytes = b""


def journal_entry(
    exchange: Exchange, sent: Sent, now: datetime, ended: float, number: int
) -> Entry:
    """
    Return entry *number* of a journal: *exchange*, and the answer that was *sent*.

    It was written at *now*, aware UTC, and *ended* at so many seconds of `perf_counter`.
    """
    request = exchange.request
    status = "no answer" if sent.status is None else sent.status
    return Entry(
        id=number,
        time=now,
        method=request.method,
        target=request.target.decode("latin-1"),
        operation_id=exchange.operation_id,
        status=sent.status,
        duration=timedelta(seconds=ended - request.begun),
        creator=None if exchange.caller is None else exchange.caller.org,
        request_headers=_as_text(request.fields),
        request_body=(exchange.raw_body or exchange.arrived)[:MOST_BYTES],
        response_headers=_as_text(sent.headers),
        response_body=sent.body[:MOST_BYTES],
        trace_id=exchange.trace_id,
        why=f"{status}: {reason_for(exchange)}",
    )


def reason_for(exchange: Exchange) -> str:
    """Return the rule that gave the answer to *exchange*, and the notes on the side."""
    return "; ".join((exchange.why or "as the contract says", *exchange.asides))


class Recorder:
    """
    Takes down the answer to one request, and writes both into the sandbox's journal.

    The entry is there before the client can see the end of its answer, so that a test that has
    the answer finds it.
    """

    def __init__(
        self, exchange: Exchange, send: Send, reach: Reach, tell: Tell | None = None
    ) -> None:
        """
        Begin with the request of *exchange*; the answer goes through `send` to *send*.

        The journal is written by way of *reach*; *tell* is told, too, of any request.
        """
        self._reach = reach
        self._tell = tell
        self._exchange = exchange
        self._sent = Sent()
        self._send = send
        self._to_send = math.inf
        self._is_written = False

    async def send(self, message: Message) -> None:
        """
        Pass *message* on, and keep its status, headers and body for the journal.

        The entry is written before the last byte goes out, so that who has the answer can read it.
        """
        if message["type"] == "http.response.start":
            self._sent = Sent(message["status"], list(message["headers"]))
            self._to_send = self._length()
        elif not self._exchange.is_own:
            body = message.get("body", b"")
            self._to_send -= len(body)
            if len(self._sent.body) < MOST_BYTES:
                self._sent = self._sent._replace(body=(self._sent.body + body)[:MOST_BYTES])
        is_last = message["type"] == "http.response.body" and not message.get("more_body", False)
        if is_last or self._to_send <= 0:
            await self.write()
        await self._send(message)

    def _length(self) -> float:
        """Return how many bytes the client waits for after the head, infinite if not said."""
        status, headers, _ = self._sent
        if self._exchange.request.method == "HEAD" or status in {204, 304}:
            return 0
        lengths = [value for name, value in headers if name.lower() == b"content-length"]
        return int(lengths[0]) if lengths else math.inf

    async def write(self) -> None:
        """Write the entry, once, if the exchange is one for the journal; tell of it in any case."""
        if self._is_written:
            return
        self._is_written = True
        exchange, ended = self._exchange, time.perf_counter()
        if self._tell is not None:
            self._tell(exchange, self._sent.status, ended)
        if exchange.sandbox is not None and not exchange.is_own:
            # An answer that was decided goes out, though nobody may be able to look it up.
            with suppress(StoreAwayError):
                await self._reach(self._add, exchange.sandbox, ended)

    def _add(self, sandbox: Sandbox, ended: float) -> None:
        now = sandbox.clock.now()
        sandbox.journal.add(partial(journal_entry, self._exchange, self._sent, now, ended))


def _as_text(headers: Fields) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)
