"""Reading a document member by member, so that every refusal names its place."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from mock_server.formats.guids import parse_guid
from mock_server.formats.instants import Instant
from mock_server.formats.timestamps import parse_timestamp

LONGEST_SHOWN = 80
"""How much of a bad value is repeated."""

_FRACTION = re.compile(r"\.(\d+)", re.ASCII)
_T = TypeVar("_T")


class MemberError(ValueError):
    """A member is unknown or has a bad value; the message says what to send instead."""

    def __init__(self, member: str, message: str) -> None:
        """Remember the *member*."""
        self.member = member
        self.message = message
        super().__init__(f"{member}: {message}")


class Members:
    """
    One object of a document, its members read by name; null reads as absent, and as None.

    Every method that reads raises MemberError, with the whole place, for a bad value.
    """

    def __init__(self, value: object, place: str = "") -> None:
        """Read *value*, which stands at *place*; MemberError where it is not an object."""
        if not isinstance(value, dict):
            raise MemberError(place or "$", f"{shown(value)} is not an object; send one")
        self._given = value
        self._place = place
        self._known: set[str] = set()

    def at(self, name: str) -> str:
        """Return the place of the member *name* in the whole document."""
        return f"{self._place}.{name}" if self._place else name

    def value(self, name: str) -> object:
        """Return what the member *name* holds, whatever that is."""
        self._known.add(name)
        return self._given.get(name)

    def required(self, name: str, value: _T | None) -> _T:
        """Return *value*, read of the member *name*; MemberError where it is not there."""
        if value is None:
            raise MemberError(self.at(name), "it is missing; send the document whole")
        return value

    def refuse_others(self) -> None:
        """Raise MemberError where there is a member that nobody has read."""
        for name in self._given:
            if name not in self._known:
                known = ", ".join(sorted(self._known))
                raise MemberError(self.at(name), f"there is no such member; use {known}")

    def names(self) -> list[str]:
        """Return the name of every member that is there."""
        return list(self._given)

    def text(self, name: str, longest: int | None = None) -> str | None:
        """Return a text, of so many characters at most."""
        value = self.value(name)
        if value is not None and not isinstance(value, str):
            raise MemberError(self.at(name), f"{shown(value)} is not text; send a string")
        if value is not None and longest is not None and len(value) > longest:
            raise MemberError(self.at(name), f"it is longer than {longest} characters")
        return value

    def boolean(self, name: str) -> bool | None:
        """Return true or false."""
        value = self.value(name)
        if value is not None and not isinstance(value, bool):
            raise MemberError(self.at(name), f"{shown(value)} is not one of true, false")
        return value

    def integer(self, name: str, least: int | None = None, most: int | None = None) -> int | None:
        """Return a whole number, bounds included."""
        value = self.value(name)
        if value is None:
            return None
        is_number = isinstance(value, int) and not isinstance(value, bool)
        if not isinstance(value, int) or not is_number or not _is_within(value, least, most):
            bounds = "".join(
                f" {word} {bound}"
                for word, bound in (("from", least), ("to", most))
                if bound is not None
            )
            raise MemberError(self.at(name), f"{shown(value)} is not a whole number{bounds}")
        return value

    def choice(self, name: str, choices: Iterable[str]) -> str | None:
        """Return one of the words that are *choices*."""
        value = self.value(name)
        words = [str(choice) for choice in choices]
        if value is None:
            return None
        if not isinstance(value, str) or value not in words:
            raise MemberError(self.at(name), f"{shown(value)} is not one of {', '.join(words)}")
        return value

    def guid(self, name: str) -> UUID | None:
        """Return a GUID."""
        text = self.text(name)
        try:
            return None if text is None else parse_guid(text)
        except ValueError as error:
            raise MemberError(self.at(name), f"{shown(text)} is not a GUID") from error

    def instant(self, name: str, digits: int = 7) -> Instant | None:
        """Return a time of up to seven fractional *digits*."""
        text = self.text(name)
        if text is None:
            return None
        match = _FRACTION.search(text)
        fraction = match[1] if match else ""
        if len(fraction) > digits:
            message = f"{shown(text)} has more than {digits} fractional digits"
            raise MemberError(self.at(name), message)
        try:
            return Instant(parse_timestamp(text), int(fraction[6:7] or 0))
        except ValueError as error:
            message = f"{shown(text)} is not a time; send one such as 2031-03-01T12:30:00Z"
            raise MemberError(self.at(name), message) from error

    def time(self, name: str, latest: datetime | None = None) -> datetime | None:
        """Return a time of up to six fractional digits, not after *latest*."""
        instant = self.instant(name, digits=6)
        if instant is not None and latest is not None and instant.moment > latest:
            message = f"{shown(self.value(name))} is later than the clock goes"
            raise MemberError(self.at(name), message)
        return None if instant is None else instant.moment

    def child(self, name: str) -> "Members | None":
        """Return an object."""
        value = self.value(name)
        return None if value is None else Members(value, self.at(name))

    def children(self, name: str) -> "Iterator[Members]":
        """Yield each object of a list, which must be there."""
        value = self.required(name, self.value(name))
        if not isinstance(value, list):
            raise MemberError(self.at(name), f"{shown(value)} is not a list; send one")
        for index, item in enumerate(value):
            yield Members(item, f"{self.at(name)}[{index}]")


def _is_within(value: int, least: int | None, most: int | None) -> bool:
    return (least is None or value >= least) and (most is None or value <= most)


def shown(value: object) -> str:
    """Return *value* as a refusal repeats it."""
    text = repr(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def without_absent(members: dict[str, object]) -> dict[str, object]:
    """Return *members* without those that are None."""
    return {name: value for name, value in members.items() if value is not None}
