"""Strict JSON reader: .NET's strictness, messages, lines and positions."""

import json
import re
from collections.abc import Callable
from itertools import accumulate

from mock_server.formats.json_text import refuse_constant
from mock_server.formats.strict_json.cursor import JsonSyntaxError, JsonWalk, whole_number
from mock_server.formats.strict_json.tokens import MAX_DEPTH

Members = tuple[tuple[str, object], ...]
"""A JSON object as its members in the order sent, repeated names included."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_TOO_DEEP = f"The JSON text is nested deeper than {MAX_DEPTH}."
_HALF_SURROGATE = "The JSON text holds half of a surrogate pair."
_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")
_STEPS = {0x5B: 1, 0x7B: 1, 0x5D: -1, 0x7D: -1}
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in _STEPS)


def read_members(raw: bytes) -> object:
    """
    Parse the JSON text *raw*, each object into its Members and each array into a list.

    A leading byte order mark is skipped. Integers of over 4,300 digits come as floats.

    Raises:
        JsonSyntaxError: not JSON (RFC 8259), not UTF-8, with half of a surrogate pair, or nested
            deeper than MAX_DEPTH.
    """
    raw = without_mark(raw)
    try:
        return parse_members(raw)
    except ValueError as error:
        raise _first_error(raw) from error


def parse_members(raw: bytes) -> object:
    """
    Parse the JSON text *raw*, without a byte order mark, as `read_members` does.

    Raises:
        ValueError: it is refused; the place is not looked for.
    """
    try:
        document = _parse(raw.decode("utf-8"))
    except RecursionError as error:
        raise ValueError(_TOO_DEEP) from error
    if _is_too_deep(raw):
        raise ValueError(_TOO_DEEP)
    if _has_half_surrogate(raw, document):
        raise ValueError(_HALF_SURROGATE)
    return document


def _parse(text: str) -> object:
    """Return what *text* holds; int itself is ten times faster, and refuses long numbers alone."""
    try:
        return _parse_with(int, text)
    except json.JSONDecodeError:
        raise
    except ValueError:
        return _parse_with(whole_number, text)


def _parse_with(whole: Callable[[str], int | float], text: str) -> object:
    return json.loads(
        text, object_pairs_hook=tuple, parse_constant=refuse_constant, parse_int=whole
    )


def without_mark(raw: bytes) -> bytes:
    """Return *raw* without a leading byte order mark; positions count from behind it."""
    return raw.removeprefix(_BYTE_ORDER_MARK)


def _is_too_deep(raw: bytes) -> bool:
    if raw.count(b"[") + raw.count(b"{") <= MAX_DEPTH:
        return False
    brackets = _STRING.sub(b"", raw).translate(None, delete=_NOT_BRACKETS)
    return max(accumulate(map(_STEPS.__getitem__, brackets)), default=0) > MAX_DEPTH


def _has_half_surrogate(raw: bytes, document: object) -> bool:
    if _SURROGATE_ESCAPE.search(raw) is None:
        return False
    try:
        json.dumps(document, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _first_error(raw: bytes) -> JsonSyntaxError:
    """Return the first error in *raw*, found by going through it token by token."""
    walk = JsonWalk(raw)
    try:
        walk.read()
        walk.go_through()
        walk.read()
    except JsonSyntaxError as error:
        return error
    return JsonSyntaxError("The JSON text could not be read.", "$", 0, 0)
