"""Reading HTTP/1.1 messages from a stream, whole and with every byte kept."""

from dataclasses import replace
from io import BufferedIOBase

from prove.wire.exchange import Answer, Fields, Request

LONGEST_LINE = 1024 * 1024
LARGEST_BODY = 48 * 1024 * 1024
"""Bytes of a body that are waited for; the rest is left unread, and the connection ends."""
WITHOUT_BODY = {204, 304}


class NotHttpError(ValueError):
    """The stream holds no HTTP message; *read* are the bytes taken from it."""

    def __init__(self, read: bytes) -> None:
        """Keep *read*."""
        super().__init__("not an HTTP message")
        self.read = read


def read_request(stream: BufferedIOBase) -> Request | None:
    """
    Return the next request; None at the end of the stream.

    Raises:
        NotHttpError: what came is not a request.
    """
    head = _head(stream)
    if not head:
        return None
    start, fields = _parsed(head)
    words = start.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise NotHttpError(head)
    request = Request(method=words[0], target=words[1], version=words[2], fields=fields)
    return replace(request, raw=head)


def with_read_body(stream: BufferedIOBase, request: Request) -> Request:
    """Return *request* with its body, which is read from *stream*."""
    if request.is_chunked:
        body, framed, is_complete = _chunks(stream)
    else:
        length = _length(request.field("Content-Length") or "0")
        body = framed = stream.read(min(length, LARGEST_BODY))
        is_complete = len(body) == length
    raw = (request.raw or b"") + framed
    return replace(request, body=body, raw=raw, is_complete=is_complete)


def read_answer(stream: BufferedIOBase, method: str) -> Answer | None:
    """
    Return the answer to a request with *method*, past any interim ones; None if there is none.

    Raises:
        NotHttpError: what came is not an answer.
    """
    head = _head(stream)
    if not head:
        return None
    start, fields = _parsed(head)
    version, _, rest = start.partition(" ")
    code, _, reason = rest.partition(" ")
    if not version.startswith("HTTP/1.") or not code.isdigit():
        raise NotHttpError(head)
    if code.startswith("1"):
        return read_answer(stream, method)
    answer = Answer(status=int(code), reason=reason, fields=fields)
    if method == "HEAD" or answer.status in WITHOUT_BODY:
        return replace(answer, raw=head)
    body, framed, is_complete = _answer_body(stream, answer)
    return replace(answer, body=body, raw=head + framed, is_complete=is_complete)


def _answer_body(stream: BufferedIOBase, answer: Answer) -> tuple[bytes, bytes, bool]:
    if answer.is_chunked:
        return _chunks(stream)
    length = answer.field("Content-Length")
    if length is None:
        body = stream.read()
        return body, body, False
    body = stream.read(_length(length))
    return body, body, len(body) == _length(length)


def _head(stream: BufferedIOBase) -> bytes:
    """Return all up to and with the empty line; empty at the end of the stream."""
    lines: list[bytes] = []
    while line := stream.readline(LONGEST_LINE):
        if line in {b"\r\n", b"\n"} and not lines:
            continue
        lines.append(line)
        if line in {b"\r\n", b"\n"}:
            return b"".join(lines)
    if lines:
        raise NotHttpError(b"".join(lines))
    return b""


def _parsed(head: bytes) -> tuple[str, Fields]:
    start, *lines = [line.rstrip("\r") for line in head.decode("latin-1").split("\n")]
    pairs = [line.partition(":") for line in lines if line]
    if any(not colon or name != name.strip() for name, colon, _ in pairs):
        raise NotHttpError(head)
    return start, tuple((name, value.strip()) for name, _, value in pairs)


def _chunks(stream: BufferedIOBase) -> tuple[bytes, bytes, bool]:
    """Return the body, the same with its framing, and whether it came to its end."""
    body, framed, size = bytearray(), bytearray(), 1
    while size and len(body) < LARGEST_BODY:
        line = stream.readline(LONGEST_LINE)
        framed += line
        size = _size(line.partition(b";")[0].strip())
        if size < 0:
            return bytes(body), bytes(framed), False
        piece = stream.read(size)
        body += piece
        framed += piece
        if size:
            framed += stream.readline(LONGEST_LINE)
        if len(piece) < size:
            return bytes(body), bytes(framed), False
    while not size and (line := stream.readline(LONGEST_LINE)):
        framed += line
        if line == b"\r\n":
            return bytes(body), bytes(framed), True
    return bytes(body), bytes(framed), False


def _length(text: str) -> int:
    """Return what Content-Length says; 0 for what is no number."""
    return int(text) if text.isdecimal() else 0


def _size(text: bytes) -> int:
    """Return the size of a chunk; -1 for what is none."""
    try:
        return max(int(text, 16), -1)
    except ValueError:
        return -1
