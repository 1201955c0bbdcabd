"""Listening on a port: the socket, its URL, and how uvicorn serves."""

import asyncio
import errno
import socket
import sys
from datetime import timedelta
from functools import partial

import uvicorn
from starlette.types import ASGIApp

from mock_server.serving.parser import (
    ignore_blank_lines,
    read_fields_in_linear_time,
    refuse_chunks_beyond_64_bits,
)
from mock_server.serving.protocol import Config, Protocol, TellRefused
from mock_server.settings import Settings

MAX_EVENT = 1024 * 1024
"""Bytes of a head that the parser takes in, so that one too large gets a problem body."""

BACKLOG = 2048
"""How many connections may wait to be taken, and how many are taken in one turn of the loop."""

RETRY_ACCEPT = timedelta(seconds=1)
"""How long no connection is taken once there are no more files for them."""

KEEP_ALIVE = timedelta(seconds=130)
"""
How long a connection is kept between requests.

Whoever closes first while the other sends has broken a request, and a pool cannot tell whether to
send that again. So it is longer than the pools of usual clients keep one: httpx 5 s, Java 30 s,
.NET 60 s, Go 90 s. Source: the default of Kestrel's KeepAliveTimeout, ASP.NET Core.
"""

STOP_TIMEOUT = timedelta(seconds=1)
"""How long open requests may take once the server stops."""

LAST_WORDS = timedelta(milliseconds=200)
"""How long a request that is cut short then gets to say so."""


class PortBusyError(OSError):
    """Something else listens on the port."""


def listen(host: str, port: int) -> socket.socket:
    """
    Return a socket that listens on *host* and *port*; port 0 picks a free one.

    Raises:
        PortBusyError: something else listens there.
        OSError: the host cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            message = f"port {port} is busy; choose another with --port (PORT= of make run), or 0"
            raise PortBusyError(f"{message} for a free one") from error
        message = f"cannot listen on {host}:{port}: {error.strerror or error}"
        raise OSError(message) from error
    listener.setblocking(False)  # noqa: FBT003 - the name of the method tells
    return listener


def url_of(listener: socket.socket) -> str:
    """Return the root URL at which *listener* is reached."""
    host, port = listener.getsockname()[:2]
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Server(uvicorn.Server):
    """
    A uvicorn server that takes connections at once, and ends open ones quietly after its stop.

    uvloop takes one connection for each turn of its loop, and beside a burst of slow requests a
    turn lasts as long as the answers of all who are connected: newcomers waited for seconds.
    """

    def __init__(self, config: Config) -> None:
        """Serve as *config* says."""
        super().__init__(config)
        self._new_protocol = partial(Protocol, config, self.server_state)
        self._listeners: list[socket.socket] = []
        self._opening: set[asyncio.Task[object]] = set()
        self.at_once = BACKLOG
        """How many connections are taken in one turn; beside other processes that is one."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and take every connection that waits at *sockets* whenever there is one."""
        if sockets is None or sys.platform == "win32":
            await super().startup(sockets)
            return
        await super().startup([])
        for listener in sockets:
            self._listeners.append(listener)
            self._accept_from(listener)

    def _accept_from(self, listener: socket.socket) -> None:
        if listener in self._listeners:
            asyncio.get_running_loop().add_reader(listener, self._accept, listener)

    def _accept(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(self.at_once):
            try:
                connection, _address = listener.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError:  # no more files; who waits goes on waiting
                self._close_idle()
                loop.remove_reader(listener)
                loop.call_later(RETRY_ACCEPT.total_seconds(), self._accept_from, listener)
                return
            opening = loop.create_task(self._open(connection))
            self._opening.add(opening)
            opening.add_done_callback(self._opening.discard)

    def _close_idle(self) -> None:
        for connection in [*self.server_state.connections]:
            if isinstance(connection, Protocol) and connection.is_kept():
                connection.transport.close()

    async def _open(self, connection: socket.socket) -> None:
        connection.setblocking(False)  # noqa: FBT003 - the name of the method tells
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        loop = asyncio.get_running_loop()
        try:
            await loop.connect_accepted_socket(self._protocol, connection)
        except OSError:  # the client is gone already
            connection.close()

    def _protocol(self) -> asyncio.Protocol:
        return self._new_protocol(self.lifespan.state)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, and return once every request has ended or was ended."""
        loop = asyncio.get_running_loop()
        for listener in self._listeners:
            loop.remove_reader(listener)
        self._listeners.clear()
        ending = asyncio.create_task(self._end_open_requests())
        try:
            await super().shutdown(sockets)
        finally:
            ending.cancel()

    async def _end_open_requests(self) -> None:
        await asyncio.sleep(STOP_TIMEOUT.total_seconds())
        open_tasks = [*self.server_state.tasks]
        for task in open_tasks:
            task.cancel()
        if open_tasks:
            await asyncio.wait(open_tasks, timeout=LAST_WORDS.total_seconds())
        while self.server_state.connections:
            for connection in [*self.server_state.connections]:
                connection.transport.abort()
            # A connection learns that it is lost in one of the next turns of the loop.
            await asyncio.sleep(0.01)


def uvicorn_config(
    application: ASGIApp, settings: Settings, tell_refused: TellRefused | None = None
) -> Config:
    """
    Return how uvicorn serves *application*: no web sockets, log of access or own header.

    The *settings* tell how long a request head may take to arrive, and how large it may be.
    *tell_refused* is told of what the application never sees, since it is no request.
    """
    read_fields_in_linear_time()
    refuse_chunks_beyond_64_bits()
    ignore_blank_lines()
    config = Config(
        application,
        # httptools loses the body of a request that offers to upgrade, as Java's client does.
        http=Protocol,
        h11_max_incomplete_event_size=MAX_EVENT,
        ws="none",
        # It warns of malformed requests alone, of which we tell ourselves.
        log_level="error",
        access_log=False,
        server_header=False,
        timeout_keep_alive=int(KEEP_ALIVE.total_seconds()),
        # The last resort, which prints an error; `Server` comes before it.
        timeout_graceful_shutdown=5 * int(STOP_TIMEOUT.total_seconds()),
    )
    config.head_timeout = settings.head_timeout
    config.max_head = settings.max_head
    config.tell_refused = tell_refused
    return config
