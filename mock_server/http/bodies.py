"""Request bodies: read within bounds, and JSON out of hostile bytes."""

import asyncio
import json
import re
from datetime import timedelta
from math import isfinite
from typing import NoReturn

from starlette.types import Message, Receive

from mock_server.http.problems import ContentTooLarge, RequestTimeout, ValidationProblem

_SURROGATE = re.compile("[\ud800-\udfff]")
_ROOT = "$"


class ClientGoneError(Exception):
    """The client closed the connection before its body was whole."""


async def read_body(receive: Receive, *, limit: int, timeout: timedelta) -> bytes:  # noqa: ASYNC109
    """
    Return the whole body that *receive* brings, chunked or not.

    Raises:
        ContentTooLarge: more than *limit* bytes.
        RequestTimeout: not whole within *timeout*.
        ClientGoneError: the connection was closed.

    Source: design section 6, "Bytes".
    """
    try:
        async with asyncio.timeout(timeout.total_seconds()):
            return await _read(receive, limit)
    except TimeoutError as error:
        detail = (
            f"The request body did not arrive within {timeout.total_seconds():g} s. "
            "Send as many bytes as Content-Length says."
        )
        raise RequestTimeout(detail) from error


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


def parse_json(raw: bytes) -> object:
    """
    Return what the JSON text *raw* says; of members with one name the last counts.

    Raises:
        ValidationProblem: not UTF-8, not JSON (RFC 8259), too deep, or with a lone surrogate.
    """
    try:
        text = raw.decode("utf-8-sig")
        document = json.loads(text, parse_constant=_refuse_constant, parse_float=read_float)
    except UnicodeDecodeError as error:
        raise _refusal("The body is not valid UTF-8", "Send JSON encoded as UTF-8.") from error
    except RecursionError as error:
        raise _refusal("The body is nested too deep", "Send flatter JSON.") from error
    except ValueError as error:
        raise _refusal(f"The body is not JSON: {error}", "Send a JSON document.") from error
    if "\\u" in text and has_half_a_pair(document):
        raise _refusal("The body holds half of a surrogate pair", "Send whole characters.")
    return document


def _refuse_constant(name: str) -> NoReturn:
    message = f"{name} is not a JSON value"
    raise ValueError(message)


def has_half_a_pair(document: object) -> bool:
    """Tell whether the JSON *document* holds a lone surrogate, which UTF-8 does not have."""
    return _SURROGATE.search(json.dumps(document, ensure_ascii=False)) is not None


def read_float(digits: str) -> float:
    """Return a float that JSON can have once more; ValueError for infinity, which it cannot."""
    value = float(digits)
    if not isfinite(value):
        message = f"{digits[:20]} is larger than any number that is kept here"
        raise ValueError(message)
    return value


def _refusal(what: str, instead: str) -> ValidationProblem:
    return ValidationProblem({_ROOT: [f"{what}."]}, f"{what}. {instead}")
