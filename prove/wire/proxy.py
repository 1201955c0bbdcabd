"""
A reverse proxy that can do one thing wrong.

Without a fault every byte of a request, and of an answer, goes on as it came, `Host` included, so
that links in answers begin with the proxy's own URL. What lies below `/__mock` is never touched.
"""

import socket
import socketserver
import threading
from contextlib import suppress
from dataclasses import replace
from types import TracebackType
from typing import Self

from prove.wire.call import Call, Memory, place_of
from prove.wire.exchange import Answer, Request
from prove.wire.fault import WireFault
from prove.wire.http_reading import NotHttpError, read_request, with_read_body
from prove.wire.upstream import Upstream, UpstreamLostError

IDLE = 75.0
"""Seconds that a client may leave its connection idle."""
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class FaultProxy:
    """
    A proxy on a port of its own, in threads of this process, in front of the server at a URL.

    Use it as a context manager. What a fault remembers lives as long as the proxy.
    """

    def __init__(self, upstream_url: str, fault: WireFault | None = None) -> None:
        """Stand before the server at *upstream_url* and plant *fault*, if any."""
        self.fault = fault
        self._server = _Listener(("127.0.0.1", 0), _Connection)
        self._server.upstream_url = upstream_url
        self._server.fault = fault
        self._server.memory = Memory()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )

    @property
    def has_failed(self) -> bool:
        """Whether the fault itself raised an error, so that a kill does not count."""
        return self._server.has_failed

    def __enter__(self) -> Self:
        """Listen."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop listening; connections that are open end by themselves."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Listener(socketserver.ThreadingTCPServer):
    """What every connection of one proxy knows."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 256
    upstream_url: str
    fault: WireFault | None
    memory: Memory
    has_failed = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Tell of a fault that is itself broken, but not of clients that hang up."""
        self.has_failed = True
        super().handle_error(request, client_address)  # type: ignore[arg-type] # as it came


class _Connection(socketserver.StreamRequestHandler):
    """One client's connection, request by request."""

    server: _Listener
    connection: socket.socket
    disable_nagle_algorithm = True
    timeout = IDLE

    def handle(self) -> None:
        """Answer until either side ends it."""
        with Upstream(self.server.upstream_url) as upstream:
            number = 0
            with suppress(ConnectionError, TimeoutError):
                while self._answer_next(upstream, number):
                    number += 1

    def _answer_next(self, upstream: Upstream, number: int) -> bool:
        """Answer one request, and tell whether another may come."""
        try:
            request = read_request(self.rfile)
        except NotHttpError as error:
            self._pass_on(error.read)
            return False
        if request is None:
            return False
        if (request.field("Expect") or "").lower() == "100-continue":
            self.connection.sendall(CONTINUE)
        request = with_read_body(self.rfile, request)
        try:
            answer = self._decide(upstream, request, number)
        except UpstreamLostError:
            return False
        except NotHttpError as error:
            self.connection.sendall(error.read)
            return False
        if request.method == "HEAD" and answer.body:
            answer = replace(answer, body=b"", raw=None)
        return self._send(answer) and not _ends(request)

    def _decide(self, upstream: Upstream, request: Request, number: int) -> Answer:
        place = place_of(request)
        fault = self.server.fault
        if place is None or fault is None:
            return upstream.ask(request)
        call = Call(request, place, upstream, self.server.memory, number)
        with self.server.memory.underway():
            return fault.handle(call)

    def _send(self, answer: Answer) -> bool:
        """Send *answer* as far as it goes, and tell whether the connection lives on."""
        if answer.delay:
            self.server.memory.pause(answer.delay)
        self.connection.sendall(answer.encoded())
        return not answer.is_last

    def _pass_on(self, read: bytes) -> None:
        """Let the server judge what is not HTTP, and pass its answer back."""
        with socket.create_connection(Upstream(self.server.upstream_url).address, 10) as behind:
            behind.sendall(read)
            behind.shutdown(socket.SHUT_WR)
            while piece := behind.recv(65536):
                self.connection.sendall(piece)


def _ends(request: Request) -> bool:
    asked = (request.field("Connection") or "").lower()
    is_old = request.version == "HTTP/1.0" and "keep-alive" not in asked
    return "close" in asked or is_old or not request.is_complete
