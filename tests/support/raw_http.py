"""HTTP by hand, for requests that no client library would send."""

import json
import socket
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO


@dataclass(frozen=True)
class RawAnswer:
    """One answer: its *status*, header fields by lower-case name, and *body*."""

    status: int
    headers: dict[str, str]
    body: bytes

    def problem(self) -> dict[str, Any]:
        """Return the problem body, checked for its members."""
        document: dict[str, Any] = json.loads(self.body)
        assert document["status"] == self.status
        assert {"type", "title", "detail", "traceId"} <= set(document)
        assert document["type"].startswith("https://tools.ietf.org/html/rfc")
        assert (self.status == 400) == ("errors" in document)
        return document


def exchange(url: str, *pieces: bytes, timeout: float = 60, half_close: bool = False) -> RawAnswer:
    """Send *pieces* to the server at *url*, one after another, and return its first answer."""
    with _connection(url, timeout) as connection, connection.makefile("rb") as stream:
        for piece in pieces:
            try:
                connection.sendall(piece)
            except (BrokenPipeError, ConnectionResetError):
                break
        if half_close:
            connection.shutdown(socket.SHUT_WR)
        return _read(stream)


def converse(url: str, *pieces: bytes) -> Iterator[RawAnswer | None]:
    """Send each of *pieces* once the one before is answered; None where the server hung up."""
    with _connection(url, 60) as connection, connection.makefile("rb") as stream:
        for piece in pieces:
            connection.sendall(piece)
            yield _read(stream) if stream.peek(1) else None


def answers(url: str, sent: bytes, number: int) -> list[RawAnswer]:
    """Send all of *sent* at once and return *number* answers."""
    with _connection(url, 60) as connection, connection.makefile("rb") as stream:
        connection.sendall(sent)
        return [_read(stream) for _ in range(number)]


def _connection(url: str, timeout: float) -> socket.socket:
    host, port = url.removeprefix("http://").split("/")[0].split(":")
    return socket.create_connection((host, int(port)), timeout=timeout)


def _read(stream: BinaryIO) -> RawAnswer:
    status = int(stream.readline().split()[1])
    headers = dict(_fields(iter(stream.readline, b"\r\n")))
    if status == 100:
        return _read(stream)
    return RawAnswer(status, headers, stream.read(int(headers.get("content-length", "0"))))


def _fields(lines: Iterable[bytes]) -> Iterable[tuple[str, str]]:
    for line in lines:
        name, _, value = line.decode("latin-1").partition(":")
        yield name.strip().lower(), value.strip()


def request(method: str, target: str | bytes, *fields: str | bytes, body: bytes = b"") -> bytes:
    """Return a request with *fields* as they are, a Host where none is given, and *body*."""
    path = target.encode("latin-1") if isinstance(target, str) else target
    lines = [method.encode() + b" " + path + b" HTTP/1.1"]
    lines += [field.encode("latin-1") if isinstance(field, str) else field for field in fields]
    if not any(line.lower().startswith(b"host:") for line in lines):
        lines.append(b"Host: 127.0.0.1")
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def target(url: str, path: str) -> str:
    """Return the target that reaches *path* below *url*."""
    return "/" + "".join(url.removeprefix("http://").partition("/")[2:]) + path


def sized(method: str, target: str, *fields: str | bytes, body: bytes) -> bytes:
    """Return a request whose Content-Length says how long *body* is."""
    return request(method, target, *fields, f"Content-Length: {len(body)}", body=body)


def chunked(method: str, target: str, *fields: str | bytes, body: bytes) -> bytes:
    """Return a request with *body* in one chunk."""
    framed = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    return request(method, target, *fields, "Transfer-Encoding: chunked", body=framed)
