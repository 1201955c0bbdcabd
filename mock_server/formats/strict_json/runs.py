"""Scanner of runs: many sound members or elements of a JSON text passed in one match."""

import re
from collections.abc import Iterable

_SPACE = rb"[ \n\r\t]*+"
_PAIR = rb"u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}"
_ESCAPE = rb'\\(?:["\\/bfnrt]|u(?![dD][89a-fA-F])[0-9A-Fa-f]{4}|' + _PAIR + rb")"
_STRING = rb'"(?:[^"\\\x00-\x1f]++|' + _ESCAPE + rb')*+"'
_NUMBER = rb"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+(?=[,}\] \n\r\t])"
_SCALAR = rb"(?:" + rb"|".join((_STRING, _NUMBER, rb"true|false|null")) + rb")"
_NAME = _STRING + _SPACE + rb":" + _SPACE


def _listed(item: bytes, close: bytes) -> bytes:
    separator = rb"(?:," + _SPACE + rb"(?!" + close + rb")|(?=" + close + rb"))"
    return _SPACE + rb"(?:" + item + _SPACE + separator + rb")*+" + close


def _holding(item: bytes) -> bytes:
    inner = (_SCALAR, _listed(item, rb"\]"), _listed(_NAME + item, rb"\}"))
    return rb"(?:%b|\[%b|\{%b)" % inner


LEVELS = 2
"""How many arrays and objects may lie within one another in what a run passes."""

_VALUE = _holding(_holding(_SCALAR))
_COMMA = _SPACE + rb"," + _SPACE
_ELEMENT = re.compile(_COMMA + _VALUE)
_ELEMENTS = re.compile(rb"(?:" + _COMMA + _VALUE + rb"){0,10000}+")
_MEMBERS = re.compile(rb"(?:" + _COMMA + _NAME + _VALUE + rb")*+")
_HAS_INNER_COMMAS = re.compile(rb'["\[{]')
_PLAIN_NAME = rb'"[^"\\\x00-\x1f]*+"' + _SPACE + rb":" + _SPACE


def end_of_elements(raw: bytes, start: int, limit: int) -> tuple[int, int]:
    """
    Return how many elements follow *start*, and the offset behind the last; at most 10,000.

    Only sound ones before the *limit* count, nested no deeper than LEVELS.
    *start* lies behind an element; the commas before elements are passed along with them.
    """
    match = _ELEMENTS.match(raw, start, limit)
    if match is None or match.end() == start:
        return 0, start
    passed = match[0] + b","  # a number is one only where something follows it
    if _HAS_INNER_COMMAS.search(passed) is None:
        return passed.count(b",") - 1, match.end()
    return _ELEMENT.subn(b"", passed)[1], match.end()


def end_of_members(raw: bytes, start: int, limit: int, known: Iterable[str] | None) -> int:
    """
    Return the offset behind the members that follow *start*, which lies behind a member.

    Only sound ones before the *limit* count, nested no deeper than LEVELS.
    None of the names *known*, in any case, is passed by; None stands for passing all.
    """
    pattern = _MEMBERS
    if known is not None:
        names = b"|".join(re.escape(name).encode("utf-8") for name in known)
        other = rb'(?!"(?i:' + names + rb')")' if names else b""
        pattern = re.compile(rb"(?:" + _COMMA + other + _PLAIN_NAME + _VALUE + rb")*+")
    match = pattern.match(raw, start, limit)
    return start if match is None else match.end()
