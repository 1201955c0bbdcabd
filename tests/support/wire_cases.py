"""Exchanges byte by byte: a server that answers by script, a client that tells all it sees."""

import socket
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO

Fields = list[tuple[bytes, bytes]]

OF_ONE_HOP = {
    *(b"connection", b"keep-alive", b"proxy-connection", b"te", b"transfer-encoding", b"upgrade"),
    b"http2-settings",  # which the one client that sends it names in `Connection`
}
_LINGER_ZERO = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Message:
    """What one side saw of the other: *start* line, end-to-end *fields*, *body*, how it ended."""

    start: bytes
    fields: Fields
    body: bytes
    trailers: Fields
    end: str
    """`whole`, `cut` or `reset`."""


@dataclass(frozen=True)
class Script:
    """How a request is answered: *pieces* one after the other, then what becomes of the line."""

    pieces: Sequence[bytes]
    then: str = "keep"
    """`keep`, `close` or `reset`."""
    reads_body: bool = True
    interim: bytes = b""
    """What is sent before the body is read."""


@dataclass
class ScriptedServer:
    """A server on a port of its own; *scripts* are by request target."""

    scripts: dict[bytes, Script]
    url: str = ""
    saw: dict[bytes, list[Message]] = field(default_factory=dict)
    begun: list[bytes] = field(default_factory=list)
    """The targets of requests whose head has come."""
    connections: int = 0
    closed: int = 0

    def serve(self, connection: socket.socket) -> None:
        """Answer what comes on *connection*."""
        self.connections += 1
        with connection, connection.makefile("rb") as stream:
            try:
                while self._answer(connection, stream):
                    pass
            except OSError:
                pass
        self.closed += 1

    def _answer(self, connection: socket.socket, stream: BinaryIO) -> bool:
        start, raw = _head(stream)
        if not start:
            return False
        target = start.split(b" ")[1]
        script = self.scripts[target]
        self.begun.append(target)
        connection.sendall(script.interim)
        body, trailers, end = (
            _body(stream, raw, is_answer=False) if script.reads_body else (b"", [], "unread")
        )
        message = Message(start, end_to_end(raw), body, end_to_end(trailers), end)
        self.saw.setdefault(target, []).append(message)
        for piece in script.pieces:
            connection.sendall(piece)
        if script.then == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
        return script.then == "keep" and end == "whole"


@contextmanager
def scripted(scripts: dict[bytes, Script]) -> Iterator[ScriptedServer]:
    """Return a server that answers by *scripts* until the block ends."""
    server = ScriptedServer(scripts)
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
        server.url = f"http://127.0.0.1:{listener.getsockname()[1]}"

        def accept() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=server.serve, args=[connection], daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield server
        finally:
            listener.shutdown(socket.SHUT_RDWR)


def asked(url: str, sent: Sequence[bytes], method: bytes = b"GET") -> tuple[list[Message], Message]:
    """Send the pieces *sent* on a new connection; return the interim answers, and the last."""
    with connected(url) as connection, connection.makefile("rb") as stream:
        for piece in sent:
            try:
                connection.sendall(piece)
            except OSError:
                break
        return answer(stream, method)


def connected(url: str) -> socket.socket:
    """Return a connection to the server at *url*."""
    host, port = url.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)), timeout=60)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def answer(stream: BinaryIO, method: bytes) -> tuple[list[Message], Message]:
    """Read the interim answers to a request with *method*, and the last one."""
    interim: list[Message] = []
    while True:
        try:
            start, raw = _head(stream)
        except ConnectionResetError:
            return interim, Message(b"", [], b"", [], "reset")
        if not start:
            return interim, Message(b"", [], b"", [], "cut")
        status = start.split(b" ")[1]
        if status.startswith(b"1"):
            interim.append(Message(start, end_to_end(raw), b"", [], "whole"))
            continue
        has_none = method == b"HEAD" or status in {b"204", b"304"}
        body, trailers, end = (b"", [], "whole") if has_none else _body(stream, raw, is_answer=True)
        return interim, Message(start, end_to_end(raw), body, end_to_end(trailers), end)


def end_to_end(fields: Fields) -> Fields:
    """Return *fields* without those of one hop, and without their framing."""
    return [(name, value) for name, value in fields if name.lower() not in OF_ONE_HOP]


def _head(stream: BinaryIO) -> tuple[bytes, Fields]:
    lines = []
    while (line := stream.readline()) not in {b"", b"\r\n"}:
        lines.append(line.rstrip(b"\r\n"))
    if not lines or line == b"":
        return b"", []
    return lines[0], [_field(each) for each in lines[1:]]


def _field(line: bytes) -> tuple[bytes, bytes]:
    name, _, value = line.partition(b":")
    return name, value.strip(b" \t")


def _body(stream: BinaryIO, fields: Fields, *, is_answer: bool) -> tuple[bytes, Fields, str]:
    named = {name.lower(): value for name, value in fields}
    body = bytearray()
    try:
        if named.get(b"transfer-encoding", b"").lower() == b"chunked":
            return _chunks(stream, body)
        if b"content-length" in named:
            while len(body) < int(named[b"content-length"]):
                piece = stream.read1(int(named[b"content-length"]) - len(body))  # type: ignore[attr-defined] # buffered
                if not piece:
                    return bytes(body), [], "cut"
                body += piece
        elif is_answer:
            while piece := stream.read1(65536):  # type: ignore[attr-defined] # the same
                body += piece
    except ConnectionResetError:
        return bytes(body), [], "reset"
    return bytes(body), [], "whole"


def _chunks(stream: BinaryIO, body: bytearray) -> tuple[bytes, Fields, str]:
    while True:
        line = stream.readline()
        if not line.endswith(b"\r\n"):
            return bytes(body), [], "cut"
        size = int(line.partition(b";")[0], 16)
        if size == 0:
            trailers = []
            while (line := stream.readline()) not in {b"", b"\r\n"}:
                trailers.append(_field(line.rstrip(b"\r\n")))
            return (bytes(body), trailers, "whole") if line else (bytes(body), [], "cut")
        piece = stream.read(size)
        body += piece
        if len(piece) < size or stream.read(2) != b"\r\n":
            return bytes(body), [], "cut"
