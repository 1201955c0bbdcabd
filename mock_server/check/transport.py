"""HTTP transport to the server under check: each request as it is meant, and never twice."""

import http.client
import select
import socket
import ssl
from collections.abc import Callable, Iterator
from functools import partial
from time import perf_counter
from urllib.parse import urlsplit

import httpx

from mock_server.check.deadlines import Deadlines
from mock_server.check.exchanges import Answer, Request
from mock_server.formats.hosts import is_loopback

NO_ANSWER = "no answer in time"
"""The trouble of an answer that did not come, or not whole."""

NO_REQUEST = "no request can be made"
"""What the trouble begins with where the URL itself is none."""

TOO_LONG = "the answer is longer than 32 MiB"
"""The trouble of an answer that does not end."""

_MOST = 32 * 1024 * 1024
_TROUBLES = (httpx.HTTPError, httpx.InvalidURL, UnicodeError)
"""UnicodeError: a host that is no name."""
_SLOWEST = 250_000
"""Bytes of a request body that even a slow line takes in a second."""

_CHUNK = 1_000
_PIECE = 256 * 1024
_FOR_THE_HEAD = 0.3
"""Seconds in which a server that decides by the head has answered."""
# A server may close a connection that was idle for a while; never use one about to be closed.
_LIMITS = httpx.Limits(max_connections=64, keepalive_expiry=2)


class Transport:
    """Connections to one server. Safe to use from several threads."""

    def __init__(self, base_url: str, timeout: float) -> None:
        """
        Reach the server of *base_url*; no answer within *timeout* seconds is none.

        Raises:
            ImportError: the environment names a proxy of a kind that nothing here can speak to.
        """
        self._timeout = timeout
        self._deadlines = Deadlines()
        # This machine is reached without a proxy, whatever the environment names.
        is_here = is_loopback(urlsplit(base_url).hostname or "")
        # They take 50 ms to read.
        needs_certificates = not (is_here and base_url.startswith("http:"))
        self._http = httpx.Client(
            timeout=self._timeout,
            limits=_LIMITS,
            trust_env=not is_here,
            verify=needs_certificates,
        )
        # Whatever is not asked for is not sent.
        self._http.headers = httpx.Headers({"User-Agent": "altinn-notifications-mock-check"})

    def close(self) -> None:
        """Close the connections."""
        self._http.close()
        self._deadlines.close()

    def send(self, request: Request) -> Answer:
        """Send *request* and return the answer; no failure of the line raises."""
        return self._in_time(request, self._sent)

    def _in_time(self, request: Request, send: Callable[[Request], Answer]) -> Answer:
        """
        Return the answer that *send* gets, however slowly it drips in.

        A client's own timeouts are about each piece. Raises TimeoutError no more than `send` does.
        """
        began = perf_counter()
        patience = self._timeout + len(request.body or b"") / _SLOWEST
        try:
            return self._deadlines.within(patience, partial(send, request))
        except (*_TROUBLES, OSError, http.client.HTTPException) as error:
            return Answer(request=request, trouble=_in_words(error), seconds=perf_counter() - began)

    def _sent(self, request: Request) -> Answer:
        began = perf_counter()
        content = _chunks(request.body or b"") if request.is_chunked else request.body
        url, headers = httpx.URL(request.url), dict(request.headers)
        with self._http.stream(request.method, url, headers=headers, content=content) as answer:
            body = bytearray()
            for piece in answer.iter_bytes():
                body += piece
                if len(body) > _MOST:
                    return Answer(request=request, trouble=TOO_LONG, seconds=perf_counter() - began)
        return Answer(
            request=request,
            status=answer.status_code,
            headers=tuple(answer.headers.multi_items()),
            body=bytes(body),
            seconds=perf_counter() - began,
        )

    def send_until_answered(self, request: Request) -> Answer:
        """
        Send *request*, or as much of its body as the server lets come.

        A server that decides by the head answers before the body, one behind a gateway after it.
        """
        return self._in_time(request, self._sent_until_answered)

    def _sent_until_answered(self, request: Request) -> Answer:
        began = perf_counter()
        body = request.body or b""
        headers = dict(request.headers) | {"Content-Length": str(len(body)), "Connection": "close"}
        with self._connected(request.url) as line:
            line.sendall(_head(request, headers))
            _send_until_answered(line, body)
            answer = http.client.HTTPResponse(line, method=request.method)
            answer.begin()
            read = answer.read(_MOST)
        return Answer(
            request=request,
            status=answer.status,
            headers=tuple(answer.getheaders()),
            body=read,
            seconds=perf_counter() - began,
        )

    def drop(self, request: Request, promised: int, sent: bytes = b"") -> None:
        """Begin *request*, *promised* a body, and hang up after *sent* without an answer."""
        headers = dict(request.headers) | {"Content-Length": str(promised)}
        try:
            with self._connected(request.url) as line:
                line.sendall(_head(request, headers) + sent)
        except OSError:
            return  # what the server makes of it is seen in what it answers next

    def _connected(self, url: str) -> socket.socket:
        parts = urlsplit(url)
        host, is_tls = parts.hostname or "", parts.scheme == "https"
        line = socket.create_connection(
            (host, parts.port or (443 if is_tls else 80)), timeout=self._timeout
        )
        if not is_tls:
            return line
        return ssl.create_default_context().wrap_socket(line, server_hostname=host)


def _chunks(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), _CHUNK):
        yield body[start : start + _CHUNK]


def _send_until_answered(line: socket.socket, body: bytes) -> None:
    """Send *body*, until an answer comes or the line breaks."""
    patience = _FOR_THE_HEAD
    for start in range(0, len(body), _PIECE):
        if select.select([line], [], [], patience)[0]:
            return
        patience = 0
        try:
            line.sendall(body[start : start + _PIECE])
        except OSError:
            return  # the answer may have come before the line broke


def _head(request: Request, headers: dict[str, str]) -> bytes:
    parts = urlsplit(request.url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    lines = [f"{request.method} {target} HTTP/1.1", f"Host: {parts.netloc}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _in_words(error: Exception) -> str:
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return NO_ANSWER
    if isinstance(error, httpx.ConnectError | ConnectionRefusedError):
        return "no connection"
    if isinstance(error, httpx.InvalidURL | UnicodeError):
        return f"{NO_REQUEST}: {error}"
    return "the connection broke, or the answer was no whole HTTP"
