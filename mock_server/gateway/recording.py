"""What goes over the wire, taken down for the journal."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from starlette.types import Message, Scope, Send

from mock_server.gateway.exchange import Exchange
from mock_server.sandbox.journal import MOST_BYTES, Entry


@dataclass(slots=True)
class Record:
    """
    One request and its answer, as far as it is known by now.

    *target* and *fields* are the request's as they came, *begun* is when, by `perf_counter`.
    *status* is None until there is an answer.
    """

    exchange: Exchange
    method: str
    target: bytes
    fields: Sequence[tuple[bytes, bytes]]
    begun: float
    status: int | None = None
    headers: Sequence[tuple[bytes, bytes]] = ()
    body: bytes = b""

    def entry(self, now: datetime, ended: float, number: int) -> Entry:
        """Return it as entry *number*, written at *now* and *ended* by `perf_counter`."""
        exchange = self.exchange
        return Entry(
            id=number,
            time=now,
            method=self.method,
            target=self.target.decode("latin-1"),
            operation_id=exchange.operation_id,
            status=self.status,
            duration=timedelta(seconds=ended - self.begun),
            creator=None if exchange.caller is None else exchange.caller.org,
            request_headers=_as_text(self.fields),
            request_body=exchange.raw_body[:MOST_BYTES],
            response_headers=_as_text(self.headers),
            response_body=self.body[:MOST_BYTES],
            trace_id=exchange.trace_id,
            why=self._why(),
        )

    def _why(self) -> str:
        why = self.exchange.why or "as the contract says"
        return f"{self.status if self.status is not None else 'no answer'}: {why}"


class Recorder:
    """
    Takes down one request and its answer, and writes them into the sandbox's journal.

    The entry is there before the client can see the end of its answer, so that a test that has
    the answer finds it.
    """

    def __init__(self, exchange: Exchange, scope: Scope, send: Send) -> None:
        """Begin with the request of *scope*; the answer goes through `send` to *send*."""
        begun = time.perf_counter()
        self._record = Record(exchange, scope["method"], _target(scope), scope["headers"], begun)
        self._send = send
        self._to_send = math.inf
        self._is_written = False

    async def send(self, message: Message) -> None:
        """
        Pass *message* on, and keep what is in it.

        The entry is written before the last byte goes out, so that who has the answer can read it.
        """
        record = self._record
        if message["type"] == "http.response.start":
            record.status = message["status"]
            record.headers = list(message["headers"])
            self._to_send = self._length()
        else:
            body = message.get("body", b"")
            self._to_send -= len(body)
            if len(record.body) < MOST_BYTES:
                record.body = (record.body + body)[:MOST_BYTES]
        is_last = message["type"] == "http.response.body" and not message.get("more_body", False)
        if is_last or self._to_send <= 0:
            self.write()
        await self._send(message)

    def _length(self) -> float:
        """Return how many bytes the client waits for after the head, infinite if not said."""
        record = self._record
        if record.method == "HEAD" or record.status in {204, 304}:
            return 0
        lengths = [value for name, value in record.headers if name.lower() == b"content-length"]
        return int(lengths[0]) if lengths else math.inf

    def write(self) -> None:
        """Write the entry, once, if the exchange is one for the journal."""
        exchange = self._record.exchange
        sandbox = exchange.sandbox
        if sandbox is not None and not exchange.is_own and not self._is_written:
            self._is_written = True
            make = partial(self._record.entry, sandbox.clock.now(), time.perf_counter())
            sandbox.journal.add(make)


def _target(scope: Scope) -> bytes:
    query: bytes = scope["query_string"]
    path: bytes = scope["raw_path"].partition(b"?")[0]
    return path + (b"?" + query if query else b"")


def _as_text(headers: Sequence[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)
