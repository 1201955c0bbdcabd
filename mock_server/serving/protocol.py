"""HTTP/1.1 on a connection: uvicorn's protocol, with our refusals, timeouts and fast answers."""

import asyncio
import contextlib
import re
import sys
from collections.abc import Callable
from contextvars import Context
from datetime import timedelta
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from mock_server.formats.trace_context import trace_id
from mock_server.http.problems import (
    HeaderFieldsTooLarge,
    Problem,
    RequestTimeout,
    ValidationProblem,
    problem_answer,
)
from mock_server.serving.parser import after_blank_lines, begins_head, is_of_head

HEAD_GRACE = timedelta(seconds=1)
"""How long the end of a head may take that is too large: with it, the journal has the request."""

LINGER = timedelta(seconds=2)
"""
How long what comes is read, and dropped, after a refusal that ends the connection.

To close it with bytes unread would reset it, and take the answer from a client that still sends.
Source: RFC 9112, section 9.6.
"""


TellRefused = Callable[[Problem, str], object]
"""A teller of what cannot be read as a request: by which problem it was refused, its trace id."""


LINE_BREAKS = max(b"\r\n")
"""The greater of the bytes that a blank line may begin with."""


class Config(uvicorn.Config):
    """uvicorn's own, how long a request head may take and be, and who is told of refused ones."""

    head_timeout: timedelta
    max_head: int
    tell_refused: TellRefused | None


class Protocol(H11Protocol):
    """
    uvicorn's protocol, with problem details for malformed HTTP, a head timeout, and fast answers.

    An application may have a method `answer_bytes`. It gets what comes while nothing is under way,
    with the scheme and the server's own header fields, and returns a whole answer or None. What it
    answers the parser never sees.

    Who neither sends a whole request nor is being answered keeps no connection for long.
    """

    def __init__(self, config: Config, *arguments: Any, **named: Any) -> None:
        """Serve the application of *config*."""
        super().__init__(config, *arguments, **named)
        self._answer_at_once = getattr(config.app, "answer_bytes", None)
        self._last_answer = 0.0
        self._is_parsing = False
        self._head_timeout = config.head_timeout
        self._max_head = config.max_head
        self._tell_refused = config.tell_refused
        self._waiting: asyncio.TimerHandle | None = None
        self._is_half_closed = False
        self._is_refused = False
        self._expects_close = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a first request, yet not forever."""
        super().connection_made(transport)
        self._wait_for_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """End the head timeout along with the connection."""
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

    def _hurry(self) -> None:
        """Wait no longer than a moment for the end of a head that is too large already."""
        grace = HEAD_GRACE.total_seconds()
        if (
            self._waiting is not None
            and self._waiting.when() > self.loop.time() + grace
            and self._has_large_head()
        ):
            self._end_wait()
            self._waiting = self.loop.call_later(grace, self._give_up)

    def _has_large_head(self) -> bool:
        is_head = self.conn.their_state is h11.IDLE
        return is_head and len(self.conn.trailing_data[0]) > self._max_head

    def _give_up(self) -> None:
        """Close the connection; who has sent a part of a head is told why."""
        if self._has_large_head():
            self._refuse_large_head()
        elif self.conn.trailing_data[0]:
            seconds = f"{self._head_timeout.total_seconds():g}"
            message = f"The request head did not arrive within {seconds} s. End it by a blank line."
            self._refuse(RequestTimeout(message), b"Request Timeout")
        else:
            self.transport.close()

    def data_received(self, data: bytes) -> None:
        """Answer *data* at once, or let it be parsed; drop it after a refusal."""
        if self._is_refused:
            return
        is_idle = self._is_idle()
        if is_idle and data[0] <= LINE_BREAKS:
            data = data[after_blank_lines(data) :]
            if not data:
                return
        if self._answer_at_once is not None and is_idle:
            fields = self.server_state.default_headers
            answer = self._answer_at_once(data, self.scheme, fields)
            if answer is not None:
                self._end_wait()
                self.transport.write(answer)
                self._note_answer()
                return
        self._is_parsing = True
        super().data_received(data)
        if self._is_refused:
            return
        if self.cycle is None or self.cycle.response_complete:
            self._wait_for_request()
            self._hurry()
        else:
            self._end_wait()

    def eof_received(self) -> bool:  # type: ignore[override] # uvicorn closes whatever comes
        """Keep the connection for the answer under way, of which the client has sent all."""
        self._is_half_closed = True
        return self._is_answering() and not (self._expects_close or self._is_refused)

    def _is_answering(self) -> bool:
        cycle = self.cycle
        return cycle is not None and not (cycle.response_complete or cycle.more_body)

    def expect_close(self) -> None:
        """Take it for gone once the client stops sending: it gets no answer."""
        self._expects_close = True
        if self._is_half_closed:
            self.transport.close()

    def on_response_complete(self) -> None:
        """Go on with the next request; after the last answer on a half-closed connection, close."""
        # Neither the timer of the keep-alive nor the connection remembers what was answered, and
        # with that an application that reload has replaced.
        Context().run(super().on_response_complete)
        if self.cycle is not None and self.cycle.response_complete:
            self.cycle = None  # type: ignore[assignment] # as it began
        if self._is_half_closed and not self._is_answering():
            self.transport.close()

    def is_kept(self) -> bool:
        """Tell whether the connection has had an answer, and now waits for the next request."""
        return self.timeout_keep_alive_task is not None and self._is_idle()

    def _is_idle(self) -> bool:
        """Tell whether no request is under way, not even a part of one, and no answer."""
        if self.flow.write_paused or self.transport.is_closing():
            return False
        if self._is_parsing:
            cycle, parser = self.cycle, self.conn
            self._is_parsing = not (
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
        """Close an idle connection; a fast answer in the meantime prolongs the keep-alive."""
        left = self._last_answer + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._keep_alive_for(left)
        else:
            super().timeout_keep_alive_handler()

    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing: the request is answered as any other, and no library is missing."""

    def send_400_response(self, msg: str) -> None:
        """Send a problem unless an answer is under way or was sent; then close."""
        error = sys.exception()
        is_head = self.cycle is None or self.cycle.response_complete
        if is_head and getattr(error, "error_status_hint", 400) == HeaderFieldsTooLarge.status:
            self._refuse_large_head()
            return
        # The parser quotes the line, which may have a secret.
        reason = re.split(r": (?=b['\"]|bytearray)", str(error or ""))[0]
        told = f"{msg.removesuffix('.')}: {reason}." if reason else msg
        problem = ValidationProblem({"request": [told]}, f"{told} Send it as RFC 9112 says.")
        self._refuse(problem, b"Bad Request")

    def _refuse_large_head(self) -> None:
        message = (
            f"The head of the request is larger than the {self._max_head} bytes that are read. "
            "Send fewer or shorter header fields."
        )
        self._refuse(HeaderFieldsTooLarge(message), b"Request Header Fields Too Large")

    def _refuse(self, problem: Problem, reason: bytes) -> None:
        trace = trace_id(None)
        if self._tell_refused is not None:
            self._tell_refused(problem, trace)
        answer = problem_answer(problem, trace_id=trace)
        headers = [*answer.all_headers().items(), ("Connection", "close")]
        with contextlib.suppress(h11.LocalProtocolError):
            head = h11.Response(status_code=answer.status, headers=headers, reason=reason)
            self.transport.write(self.conn.send(head) or b"")
            if not self._is_refusing_head():
                self.transport.write(self.conn.send(h11.Data(data=answer.body)) or b"")
                self.transport.write(self.conn.send(h11.EndOfMessage()) or b"")
        if self.cycle is not None:
            # An answer that comes later has no connection to go to.
            self.cycle.disconnected = True
        self._linger()

    def _is_refusing_head(self) -> bool:
        """Tell whether it is a request with the method HEAD that is refused."""
        if self._is_answering():
            return bool(self.scope["method"] == "HEAD")
        return is_of_head(sys.exception()) or begins_head(self.conn.trailing_data[0])

    def _linger(self) -> None:
        """Send nothing more, and close once the client does or has had the time to read."""
        self._is_refused = True
        self._end_wait()
        if self._is_half_closed or self.transport.is_closing():
            self.transport.close()
            return
        self.transport.write_eof()
        self.flow.resume_reading()
        self._waiting = self.loop.call_later(LINGER.total_seconds(), self.transport.close)

    def shutdown(self) -> None:
        """End the connection as the server stops, once the request under way is answered."""
        if self._is_refused:
            self.transport.close()
        else:
            super().shutdown()
