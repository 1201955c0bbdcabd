"""What goes over the wire, taken down for the journal."""

import math
import time
from datetime import timedelta

from starlette.types import Message, Scope, Send

from mock_server.exchange import Exchange
from mock_server.journal import MOST_BYTES, Entry


class Recorder:
    """
    Takes down one request and its answer, and writes them into the sandbox's journal.

    The entry is there before the client can see the end of its answer, so that a test that has
    the answer finds it.
    """

    def __init__(self, exchange: Exchange, scope: Scope, send: Send) -> None:
        """Begin with the request of *scope*; the answer goes through `send` to *send*."""
        self._exchange = exchange
        self._scope = scope
        self._send = send
        self._begun = time.perf_counter()
        self._status: int | None = None
        self._headers: list[tuple[bytes, bytes]] = []
        self._body = b""
        self._to_send = math.inf
        self._is_written = False

    async def send(self, message: Message) -> None:
        """
        Pass *message* on, and keep what is in it.

        The entry is written before the last byte goes out, so that who has the answer can read it.
        """
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = list(message["headers"])
            self._to_send = self._length()
        else:
            body = message.get("body", b"")
            self._to_send -= len(body)
            if len(self._body) < MOST_BYTES:
                self._body = (self._body + body)[:MOST_BYTES]
        is_last = message["type"] == "http.response.body" and not message.get("more_body", False)
        if is_last or self._to_send <= 0:
            self.write()
        await self._send(message)

    def _length(self) -> float:
        """Return how many bytes the client waits for after the head, infinite if not said."""
        if self._scope["method"] == "HEAD" or self._status in {204, 304}:
            return 0
        lengths = [value for name, value in self._headers if name.lower() == b"content-length"]
        return int(lengths[0]) if lengths else math.inf

    def write(self) -> None:
        """Write the entry, once, if the exchange is one for the journal."""
        sandbox = self._exchange.sandbox
        if sandbox is not None and not self._exchange.is_own and not self._is_written:
            self._is_written = True
            sandbox.journal.add(self._entry)

    def _entry(self, number: int) -> Entry:
        exchange, scope = self._exchange, self._scope
        query = scope["query_string"]
        target = scope["raw_path"].partition(b"?")[0] + (b"?" + query if query else b"")
        return Entry(
            id=number,
            time=exchange.world().clock.now(),
            method=scope["method"],
            target=target.decode("latin-1"),
            operation_id=exchange.operation_id,
            status=self._status,
            duration=timedelta(seconds=time.perf_counter() - self._begun),
            creator=None if exchange.caller is None else exchange.caller.org,
            request_headers=_as_text(scope["headers"]),
            request_body=exchange.raw_body[:MOST_BYTES],
            response_headers=_as_text(self._headers),
            response_body=self._body,
            trace_id=exchange.trace_id,
            why=self._why(),
        )

    def _why(self) -> str:
        why = self._exchange.why or "as the contract says"
        return f"{self._status if self._status is not None else 'no answer'}: {why}"


def _as_text(headers: list[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)
