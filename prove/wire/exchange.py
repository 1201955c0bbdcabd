"""One request and its answer, as bytes came in and as a fault may rewrite them."""

import json
from dataclasses import dataclass, replace
from typing import Any, Self

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """
    Base of requests and answers: header *fields* in their order, and a *body*.

    *body* is without chunk framing. *raw* is the whole message as it came, which is what is
    passed on until something is changed.
    """

    fields: Fields = ()
    body: bytes = b""
    raw: bytes | None = None
    is_complete: bool = True

    def field(self, name: str) -> str | None:
        """Return the first value of the header field *name*, in any letter case."""
        sought = name.lower()
        return next((value for key, value in self.fields if key.lower() == sought), None)

    def with_field(self, name: str, value: str) -> Self:
        """Return this with the field *name* set to *value*, in its old place if it had one."""
        fields, is_set = [], False
        for key, old in self.fields:
            if key.lower() != name.lower():
                fields.append((key, old))
            elif not is_set:
                fields.append((key, value))
                is_set = True
        if not is_set:
            fields.append((name, value))
        return replace(self, fields=tuple(fields), raw=None)

    def without_field(self, name: str) -> Self:
        """Return this without the field *name*."""
        kept = tuple(pair for pair in self.fields if pair[0].lower() != name.lower())
        return replace(self, fields=kept, raw=None)

    def with_body(self, body: bytes) -> Self:
        """Return this with *body* and the Content-Length that goes with it."""
        sized = self.without_field("Transfer-Encoding").with_field("Content-Length", str(len(body)))
        return replace(sized, body=body, raw=None)

    def with_json(self, document: object) -> Self:
        """Return this with *document* as its body, laid out as the service lays it out."""
        return self.with_body(json.dumps(document, indent=2, ensure_ascii=False).encode())

    def json(self) -> Any:
        """Return the body as JSON; None if it is not."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def is_chunked(self) -> bool:
        """Whether the body came in chunks."""
        return (self.field("Transfer-Encoding") or "").lower() == "chunked"

    def _framed(self, start: str) -> bytes:
        if self.raw is not None:
            return self.raw
        head = "".join(f"{name}: {value}\r\n" for name, value in self.fields)
        body = self.body
        if self.is_chunked:
            body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"
        return f"{start}\r\n{head}\r\n".encode("latin-1") + body


@dataclass(frozen=True, slots=True)
class Request(Message):
    """A request: *target* is what the request line says."""

    method: str = "GET"
    target: str = "/"
    version: str = "HTTP/1.1"

    def encoded(self) -> bytes:
        """Return the request as it goes over the wire."""
        return self._framed(f"{self.method} {self.target} {self.version}")

    def with_method(self, method: str) -> "Request":
        """Return this with another method."""
        return replace(self, method=method, raw=None)

    def with_target(self, target: str) -> "Request":
        """Return this with another target."""
        return replace(self, target=target, raw=None)


@dataclass(frozen=True, slots=True)
class Answer(Message):
    """
    An answer, and the damage to it on its way.

    *delay* is in seconds. *sent* is how many bytes of the body go out before the connection is
    cut; None for all of them. *is_dropped*: nothing goes out at all, not even a head.
    """

    status: int = 200
    reason: str = "OK"
    delay: float = 0.0
    sent: int | None = None
    is_dropped: bool = False

    def encoded(self) -> bytes:
        """Return the answer as it goes over the wire, as far as it goes."""
        whole = self._framed(f"HTTP/1.1 {self.status} {self.reason}")
        if self.is_dropped:
            return b""
        if self.sent is None:
            return whole
        return whole[: whole.index(b"\r\n\r\n") + 4 + self.sent]

    @property
    def is_last(self) -> bool:
        """Whether the connection ends with this answer."""
        closes = "close" in (self.field("Connection") or "").lower()
        return closes or self.is_dropped or self.sent is not None or not self.is_complete

    def with_status(self, status: int, reason: str = "Other") -> "Answer":
        """Return this with another status line."""
        return replace(self, status=status, reason=reason, raw=None)


@dataclass(frozen=True, slots=True)
class Place:
    """
    Where a request goes: the *prefix* before the base path, the *path* below it, and the *query*.

    *operation* is the contract's operationId, empty where the path or method is none of its;
    *order_id* is as it was sent.
    """

    prefix: str
    path: str
    query: str = ""
    operation: str = ""
    order_id: str = ""
