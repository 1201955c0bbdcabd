"""Minimal HTTP/1.1 reader and writer of the express lane: whole requests without a body."""

import re
from dataclasses import dataclass
from http import HTTPStatus

from mock_server.auth.authentication import PLATFORM_HEADER, Credentials
from mock_server.gateway.recording import Sent
from mock_server.http.headers import Fields, Headers

MOST_HEADS = 512
"""How many heads are remembered; the oldest give way."""

LONGEST = 8192
"""Bytes of the longest request that is read here."""

_PLATFORM = PLATFORM_HEADER.lower().encode()
_PLAIN = frozenset({b"host", b"authorization", _PLATFORM, b"accept", b"traceparent"})
"""Fields that are read here, each as the chain reads it."""
_IGNORED = frozenset(
    b"accept-charset accept-encoding accept-language cache-control content-type dnt pragma priority"
    b" ocp-apim-subscription-key referer sec-fetch-dest sec-fetch-mode sec-fetch-site tracestate"
    b" user-agent x-correlation-id x-request-id".split()
)
"""Fields that nothing in the chain looks at where an operation has no body."""
_FRAMING = {b"connection": b"keep-alive", b"content-length": b"0"}
"""Fields about the connection and the body, with the values that say nothing new."""
_FIELD = re.compile(
    rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*+([\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?[ \t]*"
)
_STATUS_LINES = {
    item.value: f"HTTP/1.1 {item.value} {item.phrase}\r\n".encode() for item in HTTPStatus
}


@dataclass(frozen=True, slots=True)
class Head:
    """
    The head of a plain request: its *fields* as they were sent, and read as *headers*.

    It carries one of the *credentials* at most. *is_bare* tells that no body follows, and that the
    connection stays as it is.
    """

    fields: Fields
    headers: Headers
    host: str
    credentials: Credentials
    is_bare: bool


def read_head(fields: Fields) -> Head | None:
    """Return the head of *fields*, names in lower case; None where any is beyond the plain ones."""
    names = [name for name, _value in fields]
    known = set(names)
    if len(known) < len(names) or b"host" not in known:
        return None
    if known - _PLAIN - _IGNORED - _FRAMING.keys() or known >= {b"authorization", _PLATFORM}:
        return None
    headers = Headers(fields)
    return Head(
        fields,
        headers,
        headers.get("host") or "",
        Credentials.of(headers),
        all(value.lower() == _FRAMING.get(name, value.lower()) for name, value in fields),
    )


class PlainReader:
    """Reader of plain requests as bytes; a head that recurs is parsed once."""

    def __init__(self) -> None:
        """Begin knowing none."""
        self._heads: dict[bytes, Head] = {}
        self._last: tuple[bytes, Head | None] = b"", None

    def read(self, data: bytes) -> tuple[bytes, bytes, Head] | None:
        """
        Return method, target and head of the one whole request that *data* is; None: it is not.

        It has no body then, and no byte that the HTTP parser could read in another way.

        Source: RFC 9112 sections 2 to 5.
        """
        if len(data) > LONGEST:
            return None
        line, _, block = data.partition(b"\r\n")
        parts = line.split(b" ")
        if len(parts) != 3 or parts[2] != b"HTTP/1.1":
            return None
        # A client sends the same head again: to compare it costs less than to hash it.
        last, head = self._last
        if block != last:
            head = self._heads.get(block) or self._read_head(block)
            self._last = block, head
        return None if head is None else (parts[0], parts[1], head)

    def _read_head(self, block: bytes) -> Head | None:
        if not block.endswith(b"\r\n\r\n"):
            return None
        fields = []
        for line in block[:-4].split(b"\r\n"):
            match = _FIELD.fullmatch(line)
            if match is None:
                return None
            fields.append((match[1].lower(), match[2] or b""))
        head = read_head(tuple(fields))
        if head is None or not head.is_bare:
            return None
        if head.headers.get("traceparent") is None:  # else it comes but once
            if len(self._heads) >= MOST_HEADS:
                del self._heads[next(iter(self._heads))]
            self._heads[block] = head
        return head


def write_answer(sent: Sent, more: Fields) -> bytes:
    """Return the answer *sent* as the bytes of HTTP/1.1, the fields *more* before its own."""
    status = sent.status or HTTPStatus.INTERNAL_SERVER_ERROR
    fields = [b"%b: %b\r\n" % field for field in (*more, *sent.headers)]
    return b"".join((_STATUS_LINES[status], *fields, b"\r\n", sent.body))
