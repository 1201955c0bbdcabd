"""The event stream: `GET /__mock/events`, Server-Sent Events of one sandbox."""

import asyncio
from datetime import timedelta

from starlette.types import ASGIApp, Receive, Scope, Send

from mock_server.control_plane.event_documents import write_event
from mock_server.control_plane.watch import Watches
from mock_server.gateway.connection_faults import Channels
from mock_server.gateway.exchange import Exchange
from mock_server.http.answers import Answer
from mock_server.sandbox.event_log import EventLog, Mark
from mock_server.sandbox.sandbox import Sandbox

SILENCE = timedelta(seconds=15)
"""How long nothing is sent at most: then a comment is, a sign of life for whatever is between."""

PATIENCE = timedelta(seconds=5)
"""How long a reader may leave what was sent before unread."""

RETRY = 1000
"""Milliseconds after which a browser that lost the connection comes back."""

MOST_BUFFERED = 128 * 1024
"""Bytes that the system keeps for a slow reader, beside those that the server does."""

_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


class EventOperations:
    """The operation `streamEvents`, as the contract is wired to it."""

    def stream_events(self) -> Answer:
        """Stand in for `EventStream`, which answers before it."""
        raise NotImplementedError


class EventStream:
    """
    An ASGI application behind validation that answers `streamEvents`.

    Who follows holds no worker thread. It ends when the reader is gone or too slow, when the
    sandbox is dropped, and when the server stops.
    """

    def __init__(self, inner: ASGIApp, watches: Watches) -> None:
        """Pass all else on to *inner*; be woken by *watches*."""
        self._inner = inner
        self._watches = watches

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one ASGI *scope*, for as long as its reader likes."""
        exchange = Exchange.of(scope) if scope["type"] == "http" else None
        is_asked = exchange is not None and exchange.operation_id == "streamEvents"
        if exchange is None or not exchange.is_control or not is_asked:
            await self._inner(scope, receive, send)
            return
        channels, sandbox = Channels.of(scope), exchange.world()
        channels.limit_buffer(MOST_BUFFERED)
        # What is due by now has happened before, and is nothing new.
        await self._watches.reach(sandbox.progress.settle)
        first = int(sandbox.last_used.timestamp() * 1000)
        with sandbox.events.joined(sandbox.changes, first) as mark:
            await self._watches.reach(sandbox.changes.wait_for_others)
            reader = _Reader(sandbox.events, mark, send, self._watches)
            try:
                await reader.begin(exchange.headers.get("last-event-id"))
                await self._follow(sandbox, reader, channels)
            except TimeoutError:
                exchange.note("the reader was too slow")
                channels.reset()

    async def _follow(self, sandbox: Sandbox, reader: "_Reader", channels: Channels) -> None:
        gone = asyncio.create_task(channels.closed())
        try:
            with self._watches.following(sandbox) as follower:
                gone.add_done_callback(lambda _: follower.set())
                while not (gone.done() or sandbox.changes.is_closed):
                    await reader.go_on()
                    await reader.wait(follower)
            if not gone.done():
                await reader.end()
        finally:
            gone.cancel()


class _Reader:
    """One who reads the events of *log*, and how far that is."""

    def __init__(self, log: EventLog, mark: Mark, send: Send, watches: Watches) -> None:
        """Go on from *mark*, send through *send*, and ask *watches* for a thread."""
        self._log = log
        self._mark = mark
        self._send = send
        self._watches = watches
        self._loop = asyncio.get_running_loop()
        self._last_sent = 0.0

    async def begin(self, last_event_id: str | None) -> None:
        """
        Send the head, and what came after the event with that id; None: from now on.

        An id comes first, so that who loses the connection before any event can go on from here.
        """
        await self._send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        text = b"retry: %d\n" % RETRY
        if last_event_id is None:
            await self._send_text(b"%bid: %d\n\n" % (text, self._mark.last))
            return
        # What is no number was never given out.
        digits = last_event_id if last_event_id.isascii() and last_event_id.isdigit() else "0"
        # A gap is told with the sandbox's time, which its store has.
        events, self._mark = await self._watches.reach(self._log.resumed, int(digits[:20]))
        await self._send_text(text + b"\n" + b"".join(map(write_event, events)))

    async def go_on(self) -> None:
        """Send what came since, or, after a long silence, a comment; TimeoutError if it waits."""
        events, self._mark = self._log.since(self._mark)
        if events:
            await self._send_text(b"".join(map(write_event, events)))
        elif self._silence() <= 0:
            await self._send_text(b":\n\n")

    async def wait(self, follower: asyncio.Event) -> None:
        """Return once *follower* is set, or the silence has been long."""
        try:
            async with asyncio.timeout(max(self._silence(), 0)):
                await follower.wait()
        except TimeoutError:
            return
        follower.clear()

    def _silence(self) -> float:
        """Return how many seconds of silence are left."""
        return self._last_sent + SILENCE.total_seconds() - self._loop.time()

    async def end(self) -> None:
        """End the answer."""
        await self._send({"type": "http.response.body", "body": b""})

    async def _send_text(self, text: bytes) -> None:
        self._last_sent = self._loop.time()
        async with asyncio.timeout(PATIENCE.total_seconds()):
            await self._send({"type": "http.response.body", "body": text, "more_body": True})
