"""The server behind the proxy: one connection to it, kept alive where it keeps it."""

import select
import socket
from contextlib import suppress
from io import BufferedIOBase
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from prove.wire.exchange import Answer, Request
from prove.wire.http_reading import NotHttpError, read_answer

PIECE = 64 * 1024
PATIENCE = 60.0
"""Seconds that the server may take."""


class UpstreamLostError(ConnectionError):
    """The server hung up, or never listened."""


class Upstream:
    """A connection to the server at a URL; opened when first needed, and again when lost."""

    def __init__(self, url: str) -> None:
        """Know where the server is; *url* has neither path nor user."""
        parts = urlsplit(url)
        self.address = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._connection: socket.socket | None = None
        self._stream: BufferedIOBase | None = None
        self._is_all_sent = True

    def ask(self, request: Request) -> Answer:
        """
        Send *request* and return the answer.

        Raises:
            UpstreamLostError: there is no answer.
            NotHttpError: there is one that is not HTTP.
        """
        was_open = self._connection is not None
        answer = self._try(request)
        if answer is None and was_open:
            # The server may close a connection that stood idle; only then once more.
            self.close()
            answer = self._try(request)
        if answer is None:
            self.close()
            raise UpstreamLostError
        if answer.is_last or not request.is_complete or not self._is_all_sent:
            self.close()
        return answer

    def close(self) -> None:
        """Hang up."""
        if self._stream is not None:
            self._stream.close()
        if self._connection is not None:
            self._connection.close()
        self._connection = self._stream = None

    def __enter__(self) -> Self:
        """Return this."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Hang up."""
        self.close()

    def _try(self, request: Request) -> Answer | None:
        connection, stream = self._opened()
        self._is_all_sent = False
        with suppress(BrokenPipeError, ConnectionResetError):
            self._is_all_sent = _send(connection, request.encoded())
            if not request.is_complete:
                connection.shutdown(socket.SHUT_WR)
        try:
            return read_answer(stream, request.method)
        except NotHttpError as error:
            if error.read:
                raise
            return None
        except ConnectionError:
            return None

    def _opened(self) -> tuple[socket.socket, BufferedIOBase]:
        if self._connection is None or self._stream is None:
            try:
                self._connection = socket.create_connection(self.address, timeout=PATIENCE)
            except OSError as error:
                raise UpstreamLostError from error
            self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._stream = self._connection.makefile("rb")
        return self._connection, self._stream


def _send(connection: socket.socket, sent: bytes) -> bool:
    """Send all, or as much as the server takes before it answers; tell whether that is all."""
    view = memoryview(sent)
    for start in range(0, len(view), PIECE):
        if start and select.select([connection], [], [], 0)[0]:
            return False
        connection.sendall(view[start : start + PIECE])
    return True
