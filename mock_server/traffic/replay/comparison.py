"""Comparison of a recorded answer with the one of the replay, by rules."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from mock_server.check.checks import Check
from mock_server.formats.timestamps import parse_timestamp
from mock_server.traffic.replay.har_reading import RecordedAnswer
from mock_server.traffic.replay.identities import Identities, guids
from mock_server.traffic.replay.rules import Rule, Rules

KINDS: Mapping[str, Check] = {
    "status": Check("The status is the recorded one."),
    "header": Check("Header fields that matter are the recorded ones."),
    "body": Check("There is a body where there was one, and JSON where it was."),
    "members": Check("Objects have the recorded members."),
    "types": Check("Values have the recorded types."),
    "items": Check("Lists are as long as recorded."),
    "ids": Check("One id stands for one recorded id, everywhere."),
    "times": Check("Times are the recorded ones."),
    "texts": Check("Texts are the recorded ones."),
    "values": Check("Numbers and flags are the recorded ones."),
}
"""Kinds of differences, in the order in which they are told."""

_TIME = r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)"
_TIMES = re.compile(_TIME)
_INDEX = re.compile(r"/\d+(?=/|$)")
_SHOWN = 200
_TYPE = "content-type"
_IDS = ("id", "orderId", "shipmentId")
"""Members by which an object tells which order it is about."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: its *kind*, its *place*, and the values *recorded* and *replayed* there."""

    kind: str
    place: str
    recorded: str
    replayed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """
    Subject of a pair of answers: an *operation*, the URLs before the API's path, the bounds.

    *spare* is how far times may be apart; None: they are of something older than the recording.
    """

    operation: str
    recorded_root: str
    replayed_root: str
    spare: timedelta | None


class Comparison:
    """Comparison of pairs of answers, in order: the meaning of ids is learnt as they come."""

    def __init__(self, rules: Rules, identities: Identities) -> None:
        """Compare by *rules*."""
        self._rules = rules
        self._identities = identities

    def differences(
        self, subject: Subject, recorded: RecordedAnswer, replayed: RecordedAnswer
    ) -> list[Difference]:
        """Return the differences; where the status is another, that alone."""
        if recorded.status != replayed.status:
            return [Difference("status", "", str(recorded.status), str(replayed.status))]
        pair = _Pair(self._rules, self._identities, subject, recorded.status)
        bodies = [*pair.bodies(recorded, replayed)]
        # Where there is a body in one of them alone, its media type goes without saying.
        names = self._rules.headers - (
            {_TYPE} if any(one.kind == "body" for one in bodies) else set()
        )
        return [*pair.headers(recorded.headers, replayed.headers, names), *bodies]


class _Pair:
    """One pair of answers."""

    def __init__(self, rules: Rules, identities: Identities, subject: Subject, status: int) -> None:
        self._rules = rules
        self._identities = identities
        self._subject = subject
        self._status = status
        self._spare = subject.spare

    def headers(
        self,
        recorded: Sequence[tuple[str, str]],
        replayed: Sequence[tuple[str, str]],
        names: Iterable[str],
    ) -> Iterator[Difference]:
        for name in sorted(names):
            one, other = _joined(recorded, name), _joined(replayed, name)
            place = f"header {name}"
            rule = self._rule(place, {})
            if rule is not None and rule.way == "ignored":
                continue
            if one is None or other is None:
                if one != other:
                    yield Difference("header", place, _or_none(one), _or_none(other))
            elif rule is None and self._text_differs(one, other):
                yield Difference("header", place, one, other)

    def bodies(self, recorded: RecordedAnswer, replayed: RecordedAnswer) -> Iterator[Difference]:
        one, other = recorded.body, replayed.body
        if one is None or other is None:
            return
        if bool(one) != bool(other):
            told = ("a body" if body else "an empty body" for body in (one, other))
            yield Difference("body", "", *told)
            return
        was_json, value = _json(one)
        is_json, now = _json(other)
        if was_json and is_json:
            yield from self._values(value, now, "", {})
        elif was_json != is_json:
            told = ("JSON" if each else "no JSON" for each in (was_json, is_json))
            yield Difference("body", "", *told)
        else:
            texts = one.decode("utf-8", "replace"), other.decode("utf-8", "replace")
            if self._text_differs(*texts):
                yield Difference("texts", "", *texts)

    def _rule(self, place: str, around: Mapping[str, Any]) -> Rule | None:
        return self._rules.of(place, self._subject.operation, self._status, around)

    def _values(
        self, one: Any, other: Any, place: str, around: Mapping[str, Any]
    ) -> Iterator[Difference]:
        rule = self._rule(place, around)
        way = None if rule is None else rule.way
        if way in {"ignored", "present"}:
            return
        where = _INDEX.sub("/*", place)
        if _type(one) != _type(other):
            yield Difference("types", where, _shown(one), _shown(other))
        elif way == "type":
            if _form(one) != _form(other):
                yield Difference("types", where, _shown(one), _shown(other))
        elif isinstance(one, dict):
            yield from self._objects(one, other, place)
        elif isinstance(one, list):
            yield from self._lists(one, other, place)
        elif isinstance(one, str):
            kind = self._text_kind(one, other, None if rule is None else rule.within)
            if kind is not None:
                yield Difference(kind, where, _shown(one), _shown(other))
        elif one != other:
            yield Difference("values", where, _shown(one), _shown(other))

    def _objects(
        self, one: dict[str, Any], other: dict[str, Any], place: str
    ) -> Iterator[Difference]:
        outside = self._spare
        if any(self._is_stranger(one.get(name)) for name in _IDS):
            self._spare = None
        yield from self._members(one, other, place)
        self._spare = outside

    def _is_stranger(self, value: Any) -> bool:
        return isinstance(value, str) and self._identities.is_stranger(value)

    def _members(
        self, one: dict[str, Any], other: dict[str, Any], place: str
    ) -> Iterator[Difference]:
        for name in [*one, *(name for name in other if name not in one)]:
            below = f"{place}/{name}"
            if name in one and name in other:
                yield from self._values(one[name], other[name], below, one)
                continue
            rule = self._rule(below, one)
            if rule is None or rule.way != "ignored":
                where = _INDEX.sub("/*", below)
                told = [_shown(each[name]) if name in each else "missing" for each in (one, other)]
                yield Difference("members", where, *told)

    def _lists(self, one: list[Any], other: list[Any], place: str) -> Iterator[Difference]:
        if len(one) != len(other):
            where = _INDEX.sub("/*", place)
            yield Difference("items", where, f"{len(one)} items", f"{len(other)} items")
        for index, (item, now) in enumerate(zip(one, other, strict=False)):
            yield from self._values(item, now, f"{place}/{index}", {})

    def _text_differs(self, one: str, other: str) -> bool:
        return self._text_kind(one, other, None) is not None

    def _text_kind(self, one: str, other: str, within: timedelta | None) -> str | None:
        """Return the kind of the difference between two texts; None: there is none."""
        subject = self._subject
        mapped = one.replace(f"{subject.recorded_root}/", f"{subject.replayed_root}/")
        for pattern in self._rules.texts:
            mapped, other = pattern.sub("…", mapped), pattern.sub("…", other)
        parts, now = _parts(mapped), _parts(other)
        if [part.skeleton for part in parts] != [part.skeleton for part in now]:
            return "texts"
        for part, current in zip(parts, now, strict=True):
            if part.skeleton == _ID and not self._identities.agree(part.text, current.text):
                return "ids"
            if part.skeleton == _MOMENT and not self._is_near(part.text, current.text, within):
                return "times"
        return None

    def _is_near(self, one: str, other: str, within: timedelta | None) -> bool:
        spare = self._spare
        if spare is None and within is None:
            return True
        try:
            apart = abs(parse_timestamp(one) - parse_timestamp(other))
        except ValueError:
            return one == other
        return apart <= max(filter(None, (within, spare)), default=timedelta(0))


_ID, _MOMENT = "\0id", "\0time"


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a text: its *skeleton* is what has to be the same."""

    skeleton: str
    text: str


def _parts(text: str) -> list[_Part]:
    marks = [(found.span(), _ID) for found in guids(text)]
    marks += [(found.span(), _MOMENT) for found in _TIMES.finditer(text)]
    parts, end = list[_Part](), 0
    for (start, stop), kind in sorted(marks):
        if start < end:
            continue
        parts += [_Part(text[end:start], ""), _Part(kind, text[start:stop])]
        end = stop
    return [*parts, _Part(text[end:], "")]


def _json(body: bytes) -> tuple[bool, Any]:
    try:
        return bool(body), json.loads(body.decode("utf-8-sig")) if body else None
    except (ValueError, RecursionError):
        return False, None


def _type(value: Any) -> str:
    if isinstance(value, bool):
        return "flag"
    return "number" if isinstance(value, int | float) else type(value).__name__


def _form(value: Any) -> str:
    """Return the form of a text: an id, a time, a URL, another; or the type of another value."""
    if not isinstance(value, str):
        return _type(value)
    if _TIMES.fullmatch(value):
        return "time"
    if any(found[0] == value for found in guids(value)):
        return "id"
    return "URL" if value.startswith(("http://", "https://")) else "text" if value else "no text"


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _joined(headers: Sequence[tuple[str, str]], wanted: str) -> str | None:
    found = [value for name, value in headers if name.lower() == wanted]
    return ", ".join(found) if found else None


def _or_none(value: str | None) -> str:
    return "missing" if value is None else value
