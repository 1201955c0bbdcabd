"""Lines: TCP connections that are read and written piece by piece, and broken on purpose."""

import asyncio
import socket
import struct
from collections import deque
from collections.abc import Callable
from typing import cast

MOST_UNREAD = 256 * 1024
"""Bytes that wait to be read before the peer is held back."""

_LINGER_ZERO = struct.pack("ii", 1, 0)


class Line(asyncio.Protocol):
    """
    One TCP connection, under flow control both ways.

    *on_end* is called once the peer sends no more, *on_lost* once the connection is gone.
    """

    def __init__(self, on_made: "Callable[[Line], None] | None" = None) -> None:
        """Call *on_made* with this line once it is connected."""
        self._on_made = on_made
        self.on_end: Callable[[], None] = lambda: None
        self.on_lost: Callable[[], None] = lambda: None
        self._pieces: deque[bytes] = deque()
        self._unread = 0
        self._is_ended = False
        self._is_held = False
        self._error: Exception | None = None
        self._reader: asyncio.Future[None] | None = None
        self._writable = asyncio.Event()
        self._writable.set()
        self.is_lost = False
        self.was_reset = False
        """Whether the peer reset the connection, or it broke otherwise."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self.transport = cast("asyncio.Transport", transport)
        sock = transport.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._on_made is not None:
            self._on_made(self)

    def data_received(self, data: bytes) -> None:
        """Keep *data* until it is read; hold the peer back where that is too much."""
        self._pieces.append(data)
        self._unread += len(data)
        if self._unread > MOST_UNREAD and not self._is_held:
            self._is_held = True
            self.transport.pause_reading()
        self._wake()

    def eof_received(self) -> bool:
        """Note that the peer sends no more; it may still read."""
        self._is_ended = True
        self._wake()
        self.on_end()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that the connection is gone."""
        self.is_lost = self._is_ended = True
        self.was_reset = exc is not None
        self._error = exc
        self._writable.set()
        self._wake()
        self.on_lost()

    def pause_writing(self) -> None:
        """Let writers wait."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """Let writers go on."""
        self._writable.set()

    @property
    def is_ended(self) -> bool:
        """Whether all that the peer ever sends has been read."""
        return self._is_ended and not self._pieces

    async def read(self) -> bytes:
        """
        Return the next piece, empty at the end.

        Raises:
            ConnectionError: the connection broke.
        """
        while not self._pieces:
            if self._error is not None:
                raise ConnectionResetError(str(self._error)) from self._error
            if self._is_ended:
                return b""
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
        piece = self._pieces.popleft()
        self._unread -= len(piece)
        if self._is_held and self._unread <= MOST_UNREAD and not self.is_lost:
            self._is_held = False
            self.transport.resume_reading()
        return piece

    async def write(self, data: bytes) -> None:
        """
        Send *data*, once the peer takes it.

        Raises:
            ConnectionError: the connection is gone.
        """
        if not self.is_lost:
            self.transport.write(data)
            if not self._writable.is_set():
                await self._writable.wait()
        if self.is_lost:
            raise ConnectionResetError("the connection is gone")

    def end(self) -> None:
        """Send no more, but go on reading; a line under TLS cannot tell that."""
        if not (self.is_lost or self.transport.is_closing()) and self.transport.can_write_eof():
            self.transport.write_eof()

    def close(self) -> None:
        """Send all that was written, then close."""
        self.transport.close()

    def reset(self) -> None:
        """Break the connection, so that the peer sees a reset."""
        sock = self.transport.get_extra_info("socket")
        if sock is not None and not self.is_lost:
            # What is closed without lingering is reset.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
        self.transport.abort()

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)
