"""Listening on a port: the socket, its URL, and how uvicorn serves."""

import asyncio
import contextlib
import errno
import re
import socket
from datetime import timedelta
from typing import Any

import h11
import uvicorn
from h11 import _abnf, _readers
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from mock_server.problems import Problem, RequestTimeout, ValidationProblem, problem_answer
from mock_server.trace import trace_id

MAX_EVENT = 1024 * 1024
"""Bytes of a head that the parser takes in, so that one too large gets a problem body."""

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
        listener.listen(2048)
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


class _Protocol(H11Protocol):
    """
    uvicorn's own, but for how it refuses bytes that are not HTTP, and what is answered at once.

    An application may have a method `answer_bytes`. It gets what comes while nothing is under way,
    with the scheme and the server's own header fields, and returns a whole answer or None. What it
    answers the parser never sees.

    Who neither sends a whole request nor is being answered keeps no connection for long.
    """

    def __init__(self, config: "_Config", *arguments: Any, **named: Any) -> None:
        """Serve the application of *config*."""
        super().__init__(config, *arguments, **named)
        self._answer_at_once = getattr(config.app, "answer_bytes", None)
        self._last_answer = 0.0
        self._is_parsing = False
        self._head_timeout = config.head_timeout
        self._waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a first request, yet not forever."""
        super().connection_made(transport)
        self._wait_for_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._end_wait()
        super().connection_lost(exc)

    def _wait_for_request(self) -> None:
        """Begin to wait unless that has begun; what comes bit by bit makes it no longer."""
        if self._waiting is None and not self.transport.is_closing():
            seconds = self._head_timeout.total_seconds()
            self._waiting = self.loop.call_later(seconds, self._give_up)

    def _end_wait(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self) -> None:
        """Close the connection; who has sent a part of a head is told why."""
        if self.conn.trailing_data[0]:
            seconds = f"{self._head_timeout.total_seconds():g}"
            message = f"The request head did not arrive within {seconds} s. End it by a blank line."
            self._refuse(RequestTimeout(message), b"Request Timeout")
        else:
            self.transport.close()

    def data_received(self, data: bytes) -> None:
        """Answer *data* at once, or let it be parsed."""
        if self._answer_at_once is not None and self._is_idle():
            fields = self.server_state.default_headers
            answer = self._answer_at_once(data, self.scheme, fields)
            if answer is not None:
                self._end_wait()
                self.transport.write(answer)
                self._note_answer()
                return
        self._is_parsing = True
        super().data_received(data)
        if self.cycle is None or self.cycle.response_complete:
            self._wait_for_request()
        else:
            self._end_wait()

    def _is_idle(self) -> bool:
        """Tell whether no request is under way, not even a part of one, and no answer."""
        if self.flow.write_paused or self.transport.is_closing():
            return False
        cycle, parser = self.cycle, self.conn
        self._is_parsing = self._is_parsing and not (
            (cycle is None or cycle.response_complete)
            and parser.our_state is h11.IDLE
            and parser.their_state is h11.IDLE
            and not parser.trailing_data[0]
        )
        return not self._is_parsing

    def _note_answer(self) -> None:
        """Count an answer, and let the connection be kept for a while longer."""
        self.server_state.total_requests += 1
        self._last_answer = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._keep_alive_for(self.timeout_keep_alive)

    def _keep_alive_for(self, seconds: float) -> None:
        handler = self.timeout_keep_alive_handler
        self.timeout_keep_alive_task = self.loop.call_later(seconds, handler)

    def timeout_keep_alive_handler(self) -> None:
        """Close the connection if nothing was answered at once in the meantime."""
        left = self._last_answer + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._keep_alive_for(left)
        else:
            super().timeout_keep_alive_handler()

    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing: the request is answered as any other, and no library is missing."""

    def send_400_response(self, msg: str) -> None:
        """Send a problem unless an answer is under way or was sent; then close."""
        problem = ValidationProblem({"request": [msg]}, f"{msg} Send it as RFC 9112 says.")
        self._refuse(problem, b"Bad Request")

    def _refuse(self, problem: Problem, reason: bytes) -> None:
        answer = problem_answer(problem, trace_id=trace_id(None))
        headers = [*answer.all_headers().items(), ("Connection", "close")]
        events = (
            h11.Response(status_code=answer.status, headers=headers, reason=reason),
            h11.Data(data=answer.body),
            h11.EndOfMessage(),
        )
        with contextlib.suppress(h11.LocalProtocolError):
            for event in events:
                self.transport.write(self.conn.send(event) or b"")
        if self.cycle is not None:
            # An answer that comes later has no connection to go to.
            self.cycle.disconnected = True
        self.transport.close()


class Server(uvicorn.Server):
    """A uvicorn server that ends quietly what is still open STOP_TIMEOUT after its stop."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, and return once every request has ended or was ended."""
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


def _read_fields_in_linear_time() -> None:
    """
    Let h11 read white space before a value in one way alone.

    It tries each way to part it from the white space after an empty value, before it refuses what
    follows: n² steps for n spaces, in which nobody else is answered. What it accepts is the same.
    """
    pattern = _abnf.header_field.replace(f":{_abnf.OWS}", f":{_abnf.OWS}+", 1)
    _readers.header_field_re = re.compile(pattern.encode("ascii"))


class _Config(uvicorn.Config):
    """uvicorn's own, and how long a request head may take to arrive."""

    head_timeout: timedelta


def uvicorn_config(application: ASGIApp, head_timeout: timedelta) -> uvicorn.Config:
    """
    Return how uvicorn serves *application*: no web sockets, log of access or own header.

    A request head has *head_timeout* to arrive.
    """
    _read_fields_in_linear_time()
    config = _Config(
        application,
        # httptools loses the body of a request that offers to upgrade, as Java's client does.
        http=_Protocol,
        h11_max_incomplete_event_size=MAX_EVENT,
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        # The last resort, which prints an error; `Server` comes before it.
        timeout_graceful_shutdown=5 * int(STOP_TIMEOUT.total_seconds()),
    )
    config.head_timeout = head_timeout
    return config
