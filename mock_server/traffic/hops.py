"""Header fields of one connection alone, which no intermediary passes on."""

from collections.abc import Iterable

Fields = list[tuple[bytes, bytes]]
"""Header fields as they came: names in the letter case that they had, and values, in order."""

HOP_BY_HOP = frozenset(
    {b"connection", b"keep-alive", b"proxy-connection", b"te", b"transfer-encoding", b"upgrade"}
)
"""Source: RFC 9110 section 7.6.1."""

_NEEDED = frozenset({b"host", b"content-length"})
"""Fields that a `Connection` cannot name away: without them the message would be another one."""


def end_to_end(fields: Iterable[tuple[bytes, bytes]]) -> Fields:
    """
    Return *fields* without those of one connection: known ones, and those that `Connection` names.

    Source: RFC 9110 section 7.6.1.
    """
    every = list(fields)
    named = {
        name.strip().lower()
        for field, value in every
        if field.lower() == b"connection"
        for name in value.split(b",")
    }
    dropped = HOP_BY_HOP | (named - _NEEDED)
    return [(name, value) for name, value in every if name.lower() not in dropped]


def values(fields: Iterable[tuple[bytes, bytes]], wanted: bytes) -> list[bytes]:
    """Return every value of the field *wanted*, a name in lower case."""
    return [value for name, value in fields if name.lower() == wanted]


def is_closing(fields: Iterable[tuple[bytes, bytes]]) -> bool:
    """Tell whether *fields* say that the connection ends after this message."""
    return any(
        option.strip().lower() == b"close"
        for value in values(fields, b"connection")
        for option in value.split(b",")
    )
