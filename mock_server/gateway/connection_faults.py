"""Connection faults: reset, silence, half an answer, on the transport of a client's connection."""

import socket
import struct
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.types import Message, Receive, Send

from mock_server.http.scopes import ScopeMember
from mock_server.sandbox.faults import Connection

_LINGER_ZERO = struct.pack("ii", 1, 0)


class Channels(ScopeMember):
    """
    The channels of one request, ASGI's *receive* and *send*.

    *server_send* is the server's own channel, whose transport a fault breaks; uvicorn's has one.
    *before_close* is called before the client can notice.
    """

    def __init__(
        self,
        receive: Receive,
        send: Send,
        server_send: Send,
        before_close: Callable[[], Awaitable[None]],
    ) -> None:
        """Answer through *send*; *before_close* is called before the server closes."""
        self.receive = receive
        self.send = send
        self._server_send = server_send
        self._before_close = before_close
        self.is_broken = False
        """Whether no answer can be given any longer."""

    def limit_buffer(self, size: int) -> None:
        """Let the system keep some *size* bytes at most that the client has not read yet."""
        sock = self._transport().get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, size)

    async def break_by(self, connection: Connection) -> None:
        """
        Break the line: at once, or, to truncate, once the answer is under way.

        To hang is to wait until the client closes.

        Raises:
            TypeError: it has to be broken, and the server is not uvicorn.
        """
        if connection is Connection.TRUNCATE:
            self.send = self._truncating(self.send)
            return
        self.is_broken = True
        await self._before_close()
        if connection is Connection.RESET:
            self.reset()
        await self.closed()

    async def closed(self) -> None:
        """Return once the client has closed the connection, or stopped sending."""
        transport = getattr(getattr(self._server_send, "__self__", None), "transport", None)
        if transport is not None:
            # A client that stops sending is gone then, and not waiting for its answer.
            getattr(transport.get_protocol(), "expect_close", lambda: None)()
        while (await self.receive())["type"] != "http.disconnect":
            pass

    def _transport(self) -> Any:
        transport = getattr(getattr(self._server_send, "__self__", None), "transport", None)
        if transport is None:
            message = "connection faults need a server whose transport can be reached"
            raise TypeError(message)
        return transport

    def reset(self) -> None:
        """
        Break the connection off, with all that the client has not read yet.

        Raises:
            TypeError: the server is not uvicorn.
        """
        transport = self._transport()
        sock = transport.get_extra_info("socket")
        if sock is not None:
            # What is closed without lingering is reset.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
        transport.abort()

    def _truncating(self, send: Send) -> Send:
        transport = self._transport()
        started: list[Message] = []

        async def send_half(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.append(message)
                return
            body = message.get("body", b"")
            if self.is_broken or (not body and message.get("more_body", False)):
                return
            self.is_broken = True
            if body:
                # Its head tells the length of the whole. Without a body nothing at all is sent.
                await send(started[0])
                await send({**message, "body": body[: len(body) // 2], "more_body": True})
            await self._before_close()
            transport.close()
            await self.closed()

        return send_half
