"""Rules of a comparison: differences that may be between a recorded answer and its replay."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from mock_server.contract.located import Located, PlaceError, read_bytes, read_located
from mock_server.formats.timestamps import parse_duration
from mock_server.traffic.upstream import TrafficError

WAYS = ("ignored", "present", "type", "time")
CONTROL = "control"
"""In place of an operationId: any operation of a control plane."""

_MEMBERS = {"skip", "headers", "within", "texts", "rules"}
_RULE = {"place", "operation", "status", "beside", "as", "within", "why"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How values at a *place* are compared; *within* is for times. The rest says where it holds."""

    place: str
    way: str
    operation: str | None = None
    status: int | None = None
    beside: str | None = None
    within: timedelta | None = None

    def holds(self, place: str, operation: str, status: int, around: Mapping[str, Any]) -> bool:
        """Tell whether it is about *place*, in an object *around* it."""
        return (
            self.operation in (None, operation)
            and self.status in (None, status)
            and (self.beside is None or around.get(self.beside) is not None)
            and _pattern(self.place).fullmatch(place) is not None
        )


@dataclass(frozen=True, slots=True)
class Skip:
    """Requests that are not sent again: to a *path*, by a *method* or any."""

    path: str
    method: str | None = None

    def holds(self, method: str, path: str) -> bool:
        """Tell whether a request is one of them."""
        bare = path.rstrip("/") or path
        return self.method in (None, method) and _glob(self.path).fullmatch(bare) is not None


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules of one replay."""

    skips: Sequence[Skip]
    headers: frozenset[str]
    within: timedelta
    texts: Sequence[re.Pattern[str]]
    rules: Sequence[Rule]

    def skip(self, method: str, path: str) -> bool:
        """Tell whether a request is not sent again."""
        return any(skip.holds(method, path) for skip in self.skips)

    def of(self, place: str, operation: str, status: int, around: Mapping[str, Any]) -> Rule | None:
        """Return the rule for *place*; None: it has to be the same."""
        found = (rule for rule in self.rules if rule.holds(place, operation, status, around))
        return next(found, None)


def load_rules(path: Path | None = None) -> Rules:
    """
    Return the rules that ship, with those of the file at *path* before them.

    Raises:
        TrafficError: the file cannot be read, or has no such rules; with its line.
    """
    shipped = _read(Path(str(resources.files("mock_server.traffic.replay"))) / "rules.yaml")
    if path is None:
        return shipped
    own = _read(path, within=shipped.within)
    return Rules(
        [*own.skips, *shipped.skips],
        own.headers | shipped.headers,
        own.within,
        [*own.texts, *shipped.texts],
        [*own.rules, *shipped.rules],
    )


def _read(path: Path, within: timedelta = timedelta(0)) -> Rules:
    try:
        located = read_located(read_bytes(path))
    except PlaceError as error:
        raise TrafficError(f"{path}:{error.line or 1}: {error.reason}") from error
    except (OSError, ValueError) as error:
        told = getattr(error, "strerror", None) or str(error)
        raise TrafficError(f"cannot read the rules {path}: {told}") from error
    return _Reader(path, located).rules(within)


class _Reader:
    """Reader of one file, which tells the line of a mistake."""

    def __init__(self, path: Path, located: Located) -> None:
        self._path = path
        self._located = located

    def rules(self, within: timedelta) -> Rules:
        document = self._map(self._located.root.value or {}, (), _MEMBERS)
        given = document.get("within")
        return Rules(
            [self._skip(item, ("skip", index)) for index, item in self._items(document, "skip")],
            frozenset(str(item).lower() for _, item in self._items(document, "headers")),
            within if given is None else self._duration(given, ("within",)),
            [self._pattern(item, ("texts", at)) for at, item in self._items(document, "texts")],
            [self._rule(item, ("rules", index)) for index, item in self._items(document, "rules")],
        )

    def _items(self, document: Mapping[str, Any], name: str) -> list[tuple[int, Any]]:
        listed = document.get(name) or []
        if not isinstance(listed, list):
            raise self._mistake(f"'{name}' is no list", (name,))
        return [*enumerate(listed)]

    def _map(self, value: Any, place: tuple[Any, ...], known: set[str]) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            raise self._mistake(f"it is no map; there are {', '.join(sorted(known))}", place)
        for name in value:
            if name not in known:
                told = f"there is no '{name}'; use {', '.join(sorted(known))}"
                raise self._mistake(told, (*place, name))
        return value

    def _skip(self, value: Any, place: tuple[Any, ...]) -> Skip:
        members = self._map(value, place, {"path", "method", "why"})
        if not isinstance(members.get("path"), str):
            raise self._mistake("it has no path, such as /__mock/clock", place)
        return Skip(members["path"], members.get("method"))

    def _rule(self, value: Any, place: tuple[Any, ...]) -> Rule:
        members = self._map(value, place, _RULE)
        way, where, within = members.get("as"), members.get("place"), members.get("within")
        if way not in WAYS:
            raise self._mistake(f"its 'as' is {way!r}; use {', '.join(WAYS)}", place)
        if not isinstance(where, str) or not where.startswith(("/", "header ")):
            raise self._mistake("it has no place, such as /traceId or 'header Location'", place)
        status = members.get("status")
        if not (status is None or isinstance(status, int)):
            raise self._mistake(f"its status is {status!r}; give a number", place)
        return Rule(
            place=where.lower() if where.startswith("header ") else where,
            way=way,
            operation=members.get("operation"),
            status=status,
            beside=members.get("beside"),
            within=None if within is None else self._duration(within, place),
        )

    def _pattern(self, value: Any, place: tuple[Any, ...]) -> re.Pattern[str]:
        try:
            return re.compile(str(value))
        except re.error as error:
            raise self._mistake(f"{value!r} is no regular expression: {error}", place) from error

    def _duration(self, value: Any, place: tuple[Any, ...]) -> timedelta:
        try:
            return parse_duration(str(value))
        except ValueError as error:
            raise self._mistake(str(error), place) from error

    def _mistake(self, told: str, place: tuple[Any, ...]) -> TrafficError:
        line = self._located.line_of(place)
        return TrafficError(f"{self._path}:{line}: {told}")


@cache
def _pattern(place: str) -> re.Pattern[str]:
    """Return the expression for places like *place*."""
    parts = re.split(r"(\*\*/|\*\*|\*)", place)
    words = {"**/": r"(?:[^/]+/)*", "**": r".*", "*": r"[^/]*"}
    return re.compile("".join(words.get(part, re.escape(part)) for part in parts))


@cache
def _glob(path: str) -> re.Pattern[str]:
    return re.compile(re.escape(path).replace(r"\*", ".*"), re.IGNORECASE)
