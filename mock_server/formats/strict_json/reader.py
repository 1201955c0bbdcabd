"""Strict JSON reader: .NET's strictness, messages, lines and positions."""

import json
import re
from itertools import accumulate

from mock_server.formats.json_text import refuse_constant
from mock_server.formats.strict_json.cursor import JsonSyntaxError, JsonWalk, whole_number
from mock_server.formats.strict_json.tokens import MAX_DEPTH

Members = tuple[tuple[str, object], ...]
"""A JSON object as its members in the order sent, repeated names included."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")
_STEPS = {0x5B: 1, 0x7B: 1, 0x5D: -1, 0x7D: -1}
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in _STEPS)


def read_members(raw: bytes) -> object:
    """
    Parse the JSON text *raw*, each object into its Members and each array into a list.

    A leading byte order mark is skipped. Integers of over 4,000 digits come as floats.

    Raises:
        JsonSyntaxError: not JSON (RFC 8259), not UTF-8, with half of a surrogate pair, or nested
            deeper than MAX_DEPTH.
    """
    raw = without_mark(raw)
    try:
        document: object = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=tuple,
            parse_constant=refuse_constant,
            parse_int=whole_number,
        )
    except (ValueError, RecursionError) as error:
        raise _first_error(raw) from error
    if _is_too_deep(raw) or _has_half_surrogate(raw, document):
        raise _first_error(raw)
    return document


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
