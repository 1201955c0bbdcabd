"""Two servers that are asked the same, as bytes, without a socket: with the lane and without."""

import asyncio
import random
import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

from uvicorn.server import ServerState

from mock_server.app import Mock
from mock_server.domain.orders import Status, pin
from mock_server.sandbox.faults import Fault, Pattern
from mock_server.sandbox.journal import Filter, write_entry
from mock_server.sandbox.sandbox import Sandbox
from mock_server.serving.listening import uvicorn_config
from mock_server.settings import Settings
from tests.support.builders import NOW
from tests.support.express_orders import ORDER_IDS, difference, draw_orders
from tests.support.express_requests import TRACE, Requests

SANDBOXES = ("default", "two")
_TRACE_ID = re.compile(rb"00-([0-9a-f]{32})-[0-9a-f]{16}-0([01])")
_DATE = (b"date", b"Sat, 01 Mar 2031 12:30:00 GMT")


class Transport:
    """A connection that keeps the bytes written."""

    def __init__(self) -> None:
        """Begin open."""
        self.written = b""
        self.closed = asyncio.Event()

    @property
    def is_closed(self) -> bool:
        """Whether it was closed."""
        return self.closed.is_set()

    def write(self, data: bytes) -> None:
        """Keep *data*."""
        self.written += b"" if self.is_closed else data

    def close(self) -> None:
        """Drop all bytes written from now on."""
        self.closed.set()

    abort = close
    write_eof = close

    def is_closing(self) -> bool:
        """Tell whether it was closed."""
        return self.is_closed

    def get_extra_info(self, name: str) -> object:
        """Return the ends of the connection."""
        return ("127.0.0.1", 80) if name in {"peername", "sockname"} else None

    def pause_reading(self) -> None:
        """Ignore the call: all is read."""

    resume_reading = pause_reading


class Server:
    """A server in this process, and one connection to it at a time."""

    def __init__(self, keep_alive: timedelta | None = None, **settings: Any) -> None:
        """Start with *settings*, with no orders, and never call a send condition."""
        more: dict[str, Any] = {
            "condition_calls": "off",
            "body_timeout": timedelta(milliseconds=20),
        }
        self.mock = Mock(Settings(seed="none", **more, **settings))
        self._config = uvicorn_config(self.mock.asgi, self.mock.settings)
        if keep_alive is not None:
            self._config.timeout_keep_alive = keep_alive.total_seconds()  # type: ignore[assignment] # it may
        self._config.load()
        self._state = ServerState()
        self._state.default_headers = [_DATE]
        self._transport = Transport()
        self._transport.close()
        self._protocol: Any = None

    async def ask(self, pieces: tuple[bytes, ...]) -> bytes:
        """Return all that is answered to *pieces*, and whether the connection stays open."""
        if self._transport.is_closed:
            self._connect()
        for piece in pieces:
            if not self._transport.is_closed:
                self._protocol.data_received(piece)
                await self._settle()
        answer, self._transport.written = self._transport.written, b""
        return answer + (b"\n(closed)" if self._transport.is_closed else b"")

    async def _settle(self) -> None:
        while self._state.tasks:
            await asyncio.wait(self._state.tasks)
            await asyncio.sleep(0)

    def _connect(self) -> None:
        self.disconnect()
        self._transport = Transport()
        make = cast("Any", self._config.http_protocol_class)
        self._protocol = make(config=self._config, server_state=self._state, app_state={})
        self._protocol.connection_made(self._transport)

    async def closed(self) -> None:
        """Return once the server has closed the connection."""
        await self._transport.closed.wait()

    def disconnect(self) -> None:
        """End the connection, so that no timer is left."""
        if self._protocol is not None:
            self._protocol.connection_lost(None)

    def sandboxes(self) -> list[Sandbox]:
        """Return the sandboxes that requests go to."""
        return [self.mock.sandboxes.enter(name) for name in SANDBOXES]


@dataclass
class Twins:
    """A server with the lane and one without; *log* has the requests, to trace a difference."""

    seed: int
    settings: dict[str, Any] = field(default_factory=dict)
    asked: int = 0

    def __post_init__(self) -> None:
        """Start both."""
        self._rng = random.Random(self.seed)  # noqa: S311 - to be repeated
        self._servers = Server(**self.settings), Server(no_express=True, **self.settings)
        self._requests = Requests(self._rng, self._servers[0].mock.key)
        self._populate()

    @property
    def lane(self) -> int:
        """How many requests the lane has answered."""
        return self._servers[0].mock.counters.lane

    def _populate(self) -> None:
        for number in range(len(SANDBOXES)):
            orders = draw_orders(self._rng)
            for server in self._servers:
                sandbox = server.sandboxes()[number]
                sandbox.reset()
                sandbox.store.clear(orders)
                sandbox.clock.set(NOW, frozen=True)

    async def run(self, count: int) -> None:
        """Ask both *count* times; AssertionError, with the seed, where they differ."""
        for self.asked in range(1, count + 1):
            if self.asked % 100 == 0:
                self.check()
                self._populate()
            self._happen()
            pieces = self._requests.draw()
            one, other = [_shown(await server.ask(pieces)) for server in self._servers]
            assert one == other, self._report(pieces, one, other)
        self.check()
        for server in self._servers:
            server.disconnect()

    def _report(self, *what: object) -> str:
        lines = "\n\n".join(str(item) for item in what)
        return f"seed {self.seed}, settings {self.settings}, request {self.asked}:\n{lines}"

    def _happen(self) -> None:
        """Let something happen to both servers, now and then."""
        rng = self._rng
        number, draw = rng.randrange(len(SANDBOXES)), rng.random()
        worlds = [server.sandboxes()[number] for server in self._servers]
        if draw < 0.04:
            span = timedelta(seconds=rng.choice((1, 30, 60, 301, 4000, -600)))
            is_settled = rng.random() < 0.5
            for world in worlds:
                (world.advance_clock if is_settled else world.clock.advance)(span)
        elif draw < 0.055:
            fault = _fault(rng)
            for world in worlds:
                world.faults.add(fault)
        elif draw < 0.13:
            for world in worlds:
                world.faults.clear()
        elif draw < 0.15:
            self._pin(worlds)

    def _pin(self, worlds: list[Sandbox]) -> None:
        status, id_ = self._rng.choice(tuple(Status)), self._rng.choice(ORDER_IDS)
        for world in worlds:
            for order in world.store.all():
                if str(order.id) == id_:
                    world.progress.update(order.id, lambda found, now: pin(found, status, now))

    def check(self) -> None:
        """Check that both have the same orders, faults, time and journal."""
        for one, other in zip(*(server.sandboxes() for server in self._servers), strict=True):
            states = one.state(), other.state()
            orders = difference(states[0].orders, states[1].orders)
            assert not orders, self._report("orders differ", *orders)
            assert states[0] == states[1], self._report("states differ", *states)
            for pair in zip(_journal(one), _journal(other), strict=True):
                assert pair[0] == pair[1], self._report("journals differ", *pair)


def _fault(rng: random.Random) -> Fault:
    operation = rng.choice((None, "cancelOrder", "getOrder"))
    return Fault(
        id=f"fault-{rng.randrange(10**6)}",
        match=Pattern(operation_id=operation),
        status=rng.choice((200, 401, 429, 500, 503)),
        times=rng.choice((None, 1, 3)),
        probability=rng.choice((1.0, 0.5)),
        is_before_auth=rng.random() < 0.5,
    )


def _journal(sandbox: Sandbox) -> list[dict[str, object]]:
    written = [write_entry(entry) for entry in sandbox.journal.find(Filter())]
    for entry in written:
        del entry["durationMs"], entry["id"]
        entry["traceId"] = _shown(str(entry["traceId"]).encode())
        body = entry["responseBody"]
        if isinstance(body, dict) and "traceId" in body:
            body["traceId"] = _shown(str(body["traceId"]).encode())
    return written


def _shown(answer: bytes) -> bytes:
    """Return *answer* without what is drawn anew for each, but with the trace that was sent."""
    sent = TRACE.encode()
    return _TRACE_ID.sub(
        lambda match: b"<trace %b %b>" % (match[1] if match[1] == sent else b"new", match[2]),
        answer,
    )
