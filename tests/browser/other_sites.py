"""Servers for a hostile page: its own site, and the mock with each request to it written down."""

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

PAGE = Path(__file__).with_name("other_site.html")
_NOT_FORWARDED = {"connection", "keep-alive", "upgrade", "transfer-encoding"}


@dataclass(frozen=True, slots=True)
class Reached:
    """A request of the browser that reached the mock, and the status of its answer."""

    method: str
    target: str
    fields: dict[str, str]
    status: int


@dataclass
class Front:
    """
    A server on a port of its own: the hostile page at `/page`, all else forwarded to the mock.

    Under a foreign name it is what DNS rebinding makes of an attacker's site: one origin, first
    answered by the attacker, then by the mock, which sees the attacker's name in `Host`.
    """

    port: int
    reached: list[Reached] = field(default_factory=list)
    read: list[list[dict[str, Any]]] = field(default_factory=list)
    """What each page could read, in the order in which they ended."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, mock_port: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.mock_port = mock_port
        self.front = Front(self.server_address[1])


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asked = urlsplit(self.path)
        if asked.path == "/page":
            self._write(200, {"Content-Type": "text/html"}, PAGE.read_bytes())
        elif asked.path == "/read":
            self.server.front.read.append(json.loads(content))
            self._write(204, {}, b"")
        elif asked.path == "/redirect":
            self._write(307, {"Location": parse_qs(asked.query)["to"][0]}, b"")
        else:
            self._forward(content)

    def _forward(self, content: bytes) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self.server.mock_port, timeout=30)
        sent = {
            name: value
            for name, value in self.headers.items()
            if name.lower() not in _NOT_FORWARDED
        }
        line.request(self.command, self.path, body=content, headers=sent)
        answer = line.getresponse()
        body = answer.read()
        line.close()
        self.server.front.reached.append(Reached(self.command, self.path, sent, answer.status))
        self._write(answer.status, dict(answer.getheaders()), body)

    def _write(self, status: int, fields: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in fields.items():
            if name.lower() not in {*_NOT_FORWARDED, "content-length", "date", "server"}:
                self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""


for _method in ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
    setattr(_Handler, f"do_{_method}", _Handler.answer)


@contextmanager
def front_of(mock_port: int) -> Iterator[Front]:
    """Run a front of the mock at *mock_port* until the block ends."""
    server = _Server(mock_port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.front
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
