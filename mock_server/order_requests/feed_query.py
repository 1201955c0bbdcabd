"""The query of the status feed: read as .NET binds it, all errors together."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mock_server.order_requests.stages import RequestInvalid

NAMES = ("seq", "pageSize", "orderBy")
"""The parameters, as the contract names them."""

LARGEST_PAGE = 500
"""How many entries a page has at most, and where nothing is said; the least is 1."""

INSTEAD = {
    "Seq": "'seq' from 0 to 9223372036854775807",
    "OrderBy": "'orderBy' asc or desc",
    "PageSize": "'pageSize' from 1 to 500",
}
"""Advice on a value to send instead, by key of the error."""

_INTEGER = re.compile(r"\s*[+-]?[0-9]+\s*", re.ASCII)
_INT32, _INT64 = 2**31, 2**63
_ORDERS = ("asc", "desc")


@dataclass(frozen=True, slots=True)
class FeedQuery:
    """Which entries are asked for: *size* at most of those *after* a number, in which order."""

    after: int = 0
    size: int = LARGEST_PAGE
    newest_first: bool = False


class _BadValueError(ValueError):
    """A value of a parameter cannot be used; the message is the service's own."""


def read_feed_query(sent: Mapping[str, str]) -> FeedQuery:
    """
    Return the query that was *sent*: text by name, as in `NAMES`.

    A page size out of bounds is clipped in silence, an empty one is the default.

    Raises:
        RequestInvalid: one or more cannot be used; keys are the names of the service's own type.

    Source: Altinn/altinn-notifications GetStatusFeedRequestExt; ASP.NET Core model binding.
    """
    readers = {"seq": _after, "pageSize": _size, "orderBy": _newest_first}
    values: dict[str, int] = {}
    errors: list[tuple[str, str]] = []
    for name, text in sent.items():
        try:
            values[name] = readers[name](text)
        except _BadValueError as error:
            errors.append((name[0].upper() + name[1:], str(error)))
    if errors:
        raise RequestInvalid(errors)
    return FeedQuery(
        values.get("seq", 0),
        values.get("pageSize", LARGEST_PAGE),
        bool(values.get("orderBy", 0)),
    )


def _after(text: str) -> int:
    if not text.strip():
        raise _BadValueError(f"The value '{text}' is invalid.")
    value = _integer(text, _INT64, "Seq")
    if value < 0:
        raise _BadValueError("The field Seq must be between 0 and 9.223372036854776E+18.")
    return value


def _size(text: str) -> int:
    if not text.strip():
        return LARGEST_PAGE
    return min(max(_integer(text, _INT32, "PageSize"), 1), LARGEST_PAGE)


def _integer(text: str, bound: int, key: str) -> int:
    # Of more digits Python itself may refuse to make a number.
    value = int(text) if len(text) < 100 and _INTEGER.fullmatch(text) else bound
    if not -bound <= value < bound:
        raise _BadValueError(f"The value '{text}' is not valid for {key}.")
    return value


def _newest_first(text: str) -> int:
    if not text.strip():
        raise _BadValueError(f"The value '{text}' is invalid.")
    if _INTEGER.fullmatch(text):
        value = _integer(text, _INT32, "OrderBy")
    else:
        value = 0
        for word in _words(text):
            value |= _ORDERS.index(word)
    if value not in (0, 1):
        raise _BadValueError(f"The value '{text}' is invalid.")
    return value


def _words(text: str) -> Iterator[str]:
    """Yield the names in *text*, of which .NET takes several and puts them together."""
    for part in text.split(","):
        word = part.strip().lower()
        if word not in _ORDERS:
            raise _BadValueError(f"The value '{text}' is not valid for OrderBy.")
        yield word
