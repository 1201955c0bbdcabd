"""A client on one connection that stays open, plain enough to cost little of its own."""

import json
import re
import socket
import time
from types import TracebackType
from typing import Any, Self

from peer import BASE_PATH

CONTROL_PATH = "/__mock"


class Client:
    """One connection to the server on *port*; each request waits for the answer to the last."""

    def __init__(self, port: int, bearer: str = "", patience: float = 30.0) -> None:
        """Connect; wait for an answer no longer than *patience* (s)."""
        self._port, self._patience = port, patience
        self.connect()
        self._head = f"Host: 127.0.0.1:{port}\r\n".encode()
        if bearer:
            self._head += f"Authorization: Bearer {bearer}\r\n".encode()

    def connect(self) -> None:
        """Connect, anew where it was: what is idle for some seconds the server closes."""
        where = ("127.0.0.1", self._port)
        self._socket = socket.create_connection(where, timeout=self._patience)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the connection."""
        self._socket.close()

    def timed(self, method: str, path: str) -> tuple[int, float]:
        """Return the status of an order's *path* below the API's, and how long it took (s)."""
        request = f"{method} {BASE_PATH}{path} HTTP/1.1\r\n".encode() + self._head + b"\r\n"
        begun = time.perf_counter()
        head, _body = self._exchange(request)
        return int(head[9:12]), time.perf_counter() - begun

    def posted(self, path: str, body: bytes) -> int:
        """Return the status of *body*, which is JSON, posted to *path* below the API's."""
        fields = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        line = f"POST {BASE_PATH}{path} HTTP/1.1\r\n"
        head, _body = self._exchange(line.encode() + self._head + fields.encode() + body)
        return int(head[9:12])

    def send(self, request: bytes) -> None:
        """Send *request* and read nothing."""
        self._socket.sendall(request)

    def control(self, method: str, path: str, body: bytes = b"") -> Any:
        """Return what the control plane answers, None for nothing; RuntimeError for a refusal."""
        fields = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        line = f"{method} {path} HTTP/1.1\r\n"
        head, answer = self._exchange(line.encode() + self._head + fields.encode() + body)
        if head[9:10] != b"2":
            raise RuntimeError(f"{method} {path}: {answer.decode()}")
        return json.loads(answer) if answer else None

    def _exchange(self, request: bytes) -> tuple[bytes, bytes]:
        self._socket.sendall(request)
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _, body = data.partition(b"\r\n\r\n")
        lengths = re.findall(rb"(?i)\r\ncontent-length: *(\d+)", head)
        length = int(lengths[0]) if lengths else 0
        parts, missing = [body], length - len(body)
        while missing > 0:
            parts.append(self._more())
            missing -= len(parts[-1])
        return head, b"".join(parts)

    def _more(self) -> bytes:
        received = self._socket.recv(1 << 20)
        if not received:
            raise ConnectionResetError("the server closed the connection")
        return received
