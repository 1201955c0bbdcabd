"""Parser of HTTP/1.1: h11, made to read some things in another way than it does by itself."""

import re

from h11 import CLIENT, IDLE, LocalProtocolError, Request, _abnf, _readers
from h11._receivebuffer import ReceiveBuffer

_OF_HEAD = "in a request with the method HEAD"
_BLANK_LINES = re.compile(rb"(?:\r?\n)*")


def read_fields_in_linear_time() -> None:
    """
    Let h11 read white space before a value in one way alone.

    It tries each way to part it from the white space after an empty value, before it refuses what
    follows: n² steps for n spaces, in which nobody else is answered. What it accepts is the same.
    """
    pattern = _abnf.header_field.replace(f":{_abnf.OWS}", f":{_abnf.OWS}+", 1)
    _readers.header_field_re = re.compile(pattern.encode("ascii"))


def refuse_chunks_beyond_64_bits() -> None:
    """
    Let h11 refuse a chunk size of over 64 bits as malformed.

    It takes 80 bits, and a body of that size would be waited for until the body timeout.
    """
    size = r"(?P<chunk_size>0{0,20}[0-9A-Fa-f]{1,16})"
    pattern = _abnf.chunk_header.replace(f"(?P<chunk_size>{_abnf.chunk_size})", size, 1)
    _readers.chunk_header_re = re.compile(pattern.encode("ascii"))


def after_blank_lines(data: bytes | bytearray) -> int:
    """
    Return how many bytes of *data* are blank lines in front of a request.

    Source: RFC 9112, section 2.2.
    """
    match = _BLANK_LINES.match(data)
    return match.end() if match else 0


def ignore_blank_lines() -> None:
    """Let h11 read a request after any blank lines, where it refuses those."""
    _readers.READERS[CLIENT, IDLE] = _read_request


def _read_request(buffer: ReceiveBuffer) -> Request | None:
    blank = after_blank_lines(buffer._data)  # noqa: SLF001 - as its readers do
    if blank:
        buffer.maybe_extract_at_most(blank)
    # What may still be the half of a line break.
    if bytes(buffer) == b"\r":
        return None
    is_head = begins_head(buffer._data)  # noqa: SLF001 - as above
    try:
        return _readers.maybe_read_from_IDLE_client(buffer)
    except LocalProtocolError as error:
        if is_head:
            error.add_note(_OF_HEAD)
        raise


def begins_head(data: bytes | bytearray) -> bool:
    """Tell whether *data* begins a request with the method HEAD, whose answer has no body."""
    return data.startswith(b"HEAD ")


def is_of_head(error: BaseException | None) -> bool:
    """Tell whether *error* of the parser is about the head of a request with the method HEAD."""
    return _OF_HEAD in getattr(error, "__notes__", ())
