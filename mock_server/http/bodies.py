"""Request bodies: read within bounds, and JSON out of hostile bytes."""

import asyncio
from contextlib import suppress
from datetime import timedelta

from starlette.types import Message, Receive

from mock_server.formats.json_text import has_half_a_pair, load_json
from mock_server.http.media_types import charset_of, essence, is_json
from mock_server.http.problems import (
    ContentTooLarge,
    RequestTimeout,
    UnsupportedMediaType,
    ValidationProblem,
)

_ROOT = "$"
_UTF_8 = {"utf-8", "utf8"}
_UTF_16 = {"utf-16", "utf-16le"}


class ClientGoneError(Exception):
    """The client closed the connection before its body was whole."""


async def read_body(receive: Receive, *, limit: int, timeout: timedelta) -> bytes:  # noqa: ASYNC109
    """
    Return the whole body that *receive* brings, chunked or not.

    Raises:
        ContentTooLarge: more than *limit* bytes.
        RequestTimeout: not whole within *timeout*.
        ClientGoneError: the connection was closed.

    Source: docs/differences.md.
    """
    try:
        async with asyncio.timeout(timeout.total_seconds()):
            return await _read(receive, limit)
    except TimeoutError as error:
        detail = (
            f"The request body did not arrive within {timeout.total_seconds():g} s. "
            "Send as many bytes as Content-Length says."
        )
        # What comes of it later is no request.
        raise RequestTimeout(detail, headers={"Connection": "close"}) from error


async def read_arrived(receive: Receive, *, limit: int) -> bytes:
    """Return the part of a body that has arrived by now, *limit* bytes at most, without waiting."""
    body = bytearray()
    has_more = True
    while has_more and len(body) < limit:
        step = asyncio.ensure_future(receive())
        await asyncio.sleep(0)
        if not step.done():
            step.cancel()
            break
        message = step.result()
        body += message.get("body", b"")
        has_more = message["type"] == "http.request" and message.get("more_body", False)
    return bytes(body[:limit])


async def _read(receive: Receive, limit: int) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        body += message.get("body", b"")
        if len(body) > limit:
            raise too_large(limit)
        if not message.get("more_body", False):
            return bytes(body)


def too_large(limit: int) -> ContentTooLarge:
    """Return the refusal of a body of more than *limit* bytes."""
    return ContentTooLarge(f"The request body is larger than {limit} bytes; send a smaller one.")


def replay(body: bytes) -> Receive:
    """Return an ASGI receive channel that brings *body* whole."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return messages.pop() if messages else {"type": "http.disconnect"}

    return receive


def check_charset(media_type: str) -> None:
    """
    Check that a body of JSON of *media_type* is in an encoding that is read.

    Raises:
        UnsupportedMediaType: it is not.

    Source: RFC 8259 section 8.1; the formatters of ASP.NET read UTF-16, too.
    """
    charset = charset_of(media_type) if is_json(media_type) else None
    if charset not in {None, *_UTF_8, *_UTF_16}:
        told = f"A body in the charset '{charset}' is not read here"
        raise UnsupportedMediaType(f"{told}; send {essence(media_type)} in UTF-8.")


def as_utf8(raw: bytes, media_type: str) -> bytes:
    """Return the body *raw* of *media_type* in UTF-8, if it is JSON in UTF-16; else as it is."""
    if not is_json(media_type) or charset_of(media_type) not in _UTF_16:
        return raw
    is_marked = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    with suppress(UnicodeError):
        return raw.decode("utf-16" if is_marked else "utf-16-le").encode()
    return raw


def parse_json(raw: bytes) -> object:
    """
    Parse the JSON text *raw*; of members with one name the last counts.

    Raises:
        ValidationProblem: empty, not UTF-8, not JSON (RFC 8259), too deep, or with a lone
            surrogate.
    """
    if not raw:
        raise _refusal("There is no body", "Send a JSON document.")
    try:
        text = raw.decode("utf-8-sig")
        document = load_json(text)
    except UnicodeDecodeError as error:
        raise _refusal("The body is not valid UTF-8", "Send JSON encoded as UTF-8.") from error
    except RecursionError as error:
        raise _refusal("The body is nested too deep", "Send flatter JSON.") from error
    except ValueError as error:
        raise _refusal(f"The body is not JSON: {error}", "Send a JSON document.") from error
    if "\\u" in text and has_half_a_pair(document):
        raise _refusal("The body holds half of a surrogate pair", "Send whole characters.")
    return document


def _refusal(what: str, instead: str) -> ValidationProblem:
    return ValidationProblem({_ROOT: [f"{what}."]}, f"{what}. {instead}")
