"""Checked reading of arguments from Python callers, with one message for each slip."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from difflib import get_close_matches
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any
from uuid import UUID

from mock_server.formats.guids import parse_guid

_AWARE = "such as datetime(2031, 3, 1, tzinfo=UTC)"


def unknown(kind: str, word: str, known: Collection[str]) -> str:
    """Return the message on *word*, which is none of those *known*: names those alike, or all."""
    hint = get_close_matches(word, known, n=1) or sorted(known)
    return f"there is no {kind} '{word}'; use {' or '.join(hint)}"


def read_span(value: object, name: str = "") -> timedelta:
    """Return *value*; TypeError, with the *name* of the argument, where it is no timedelta."""
    if not isinstance(value, timedelta):
        message = f"{value!r} is not a timedelta; give one such as timedelta(minutes=5)"
        raise TypeError(_told(name, message))
    return value


def read_moment(value: object) -> datetime:
    """Return *value*; TypeError where it is no aware datetime."""
    if not isinstance(value, datetime):
        raise TypeError(f"{value!r} is not an aware datetime; give one {_AWARE}")
    if value.utcoffset() is None:
        raise TypeError(f"{value!r} is naive; give an aware datetime, {_AWARE}")
    return value


def read_number(value: object, name: str, least: int = 0, most: int | None = None) -> int:
    """Return *value*; TypeError where it is no int, ValueError where it is out of bounds."""
    bounds = f" from {least}" + ("" if most is None else f" to {most}")
    message = _told(name, f"{value!r} is not a whole number{bounds}")
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(message)
    if value < least or (most is not None and value > most):
        raise ValueError(message)
    return value


def read_text(value: object, name: str) -> str:
    """Return *value*; TypeError where it is no string."""
    if not isinstance(value, str):
        raise TypeError(_told(name, f"{value!r} is not text; give a string"))
    return value


def read_flag(value: object, name: str) -> bool:
    """Return *value*; TypeError where it is neither True nor False."""
    if not isinstance(value, bool):
        raise TypeError(_told(name, f"{value!r} is not a boolean; give True or False"))
    return value


def read_path(value: object, name: str) -> Path:
    """Return *value* as a path; TypeError where it is none."""
    if not isinstance(value, str | PathLike):
        raise TypeError(_told(name, f"{value!r} is not a path; give a Path or a string"))
    return Path(value)


def read_id(value: object) -> UUID:
    """Return *value*, a UUID or text that spells one; ValueError where it does not."""
    try:
        return parse_guid(str(value))
    except ValueError as error:
        raise ValueError(f"{value!r} is not a GUID; give an id, such as order['id']") from error


def read_rule(rule: object, members: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fault of *rule*, None or a mapping, and *members*; TypeError for another one."""
    if rule is not None and not isinstance(rule, Mapping):
        message = f"{rule!r} is not a rule; give a dict, such as {{'preset': 'unavailable'}}"
        raise TypeError(message)
    return {**(rule or {}), **members}


Readers = Mapping[str, Callable[[object, str], Any]]
"""How each filter of a list is read, by its name in Python."""

_LIMIT = partial(read_number, least=1, most=1000)
_WAITING: Readers = {"count": _LIMIT, "wait": read_span}
REQUEST_FILTERS: Readers = {
    "operation_id": read_text,
    "method": read_text,
    "path": read_text,
    "status": partial(read_number, least=100, most=599),
    "limit": _LIMIT,
    **_WAITING,
}


def _read_order(value: object, name: str) -> str:
    if value not in {"asc", "desc"}:
        raise ValueError(_told(name, f"{value!r} is not an order; give 'asc' or 'desc'"))
    return str(value)


def _read_id(value: object, _name: str) -> str:
    return str(read_id(value))


_PAGING: Readers = {"after": _read_id, "limit": _LIMIT, "order_by": _read_order}
ORDER_FILTERS: Readers = {"status": read_text, "creator": read_text, "type": read_text, **_PAGING}
MESSAGE_FILTERS: Readers = {
    "channel": read_text,
    "recipient": read_text,
    "subject": read_text,
    "body": read_text,
    "order_id": _read_id,
    "status": read_text,
    "sent": read_flag,
    "all": read_flag,
    **_PAGING,
    **_WAITING,
}


def read_filters(filters: Mapping[str, object], known: Readers = REQUEST_FILTERS) -> dict[str, Any]:
    """
    Return *filters*, each one of those *known*, None read as absent.

    Raises:
        TypeError: there is no such filter, or it has not the type that it must.
        ValueError: it is out of bounds.
    """
    for name in filters:
        if name not in known:
            raise TypeError(unknown("filter", name, known))
    given = {name: value for name, value in filters.items() if value is not None}
    return {name: known[name](value, name) for name, value in given.items()}


def _told(name: str, message: str) -> str:
    return f"{name}: {message}" if name else message
