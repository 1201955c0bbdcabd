"""Media types and ranges: the one of a contract's that fits a body, or is accepted."""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

_JSON = "application/json"


def essence(media_type: str) -> str:
    """Return *media_type* in lower case without its parameters, such as `application/json`."""
    return media_type.partition(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    """
    Tell whether bodies of *media_type* are JSON.

    Source: RFC 6839 section 3.1.
    """
    kind = essence(media_type)
    return kind == _JSON or kind.endswith("+json")


def charset_of(media_type: str) -> str | None:
    """Return the `charset` of *media_type* in lower case; None: it has none."""
    for parameter in media_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"').lower()
    return None


def fitting(names: Iterable[str], sent: str) -> str | None:
    """
    Return which of *names*, types and ranges of a contract, a body of the type *sent* is.

    The most specific one that takes it in; None: none does. Parameters decide between two alone.

    Source: RFC 9110 sections 8.3.1 and 12.5.1.
    """
    kind = essence(sent)
    found = [name for name in names if covers(name, kind)]
    told = _plain(sent)
    return max(found, key=lambda name: (_plain(name) == told, *_rank(name)), default=None)


def covers(name: str, kind: str) -> bool:
    """Tell whether *name*, a type or range, takes in the type *kind* in lower case."""
    own = essence(name)
    return own == kind or ("*" in own and fnmatchcase(kind, own))


def by_preference(names: Iterable[str], accept: str) -> list[str]:
    """
    Return *names*, types and ranges of a contract, as a client likes them that sends *accept*.

    Those that it likes as much, or not at all, keep their order.

    Source: RFC 9110 section 12.5.1.
    """
    wanted = dict(quality(part) for part in accept.lower().split(",") if part.strip())
    return sorted(names, key=lambda name: -_liking(name, wanted))


def _liking(name: str, wanted: Mapping[str, float]) -> float:
    kind = essence(name)
    found = [each for each in wanted if covers(each, kind) or covers(kind, each)]
    return wanted[max(found, key=_rank)] if found else 0.0


def _rank(name: str) -> tuple[bool, int]:
    kind = essence(name)
    return "*" not in kind, len(kind.replace("*", ""))


def _plain(media_type: str) -> str:
    return media_type.replace(" ", "").lower()


def quality(part: str) -> tuple[str, float]:
    """Return the media range and quality in one *part* of `Accept` (RFC 9110 section 12.5.1)."""
    media_range, *parameters = (piece.strip() for piece in part.split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return media_range, float(value)
            except ValueError:
                return media_range, 0.0
    return media_range, 1.0
