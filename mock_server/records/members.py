"""Tables of members: how a value of ours is written as a JSON object, and read from one."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from operator import attrgetter
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from mock_server.formats.guids import parse_guid
from mock_server.formats.timestamps import format_timestamp, parse_timestamp

LONGEST_NAME = 200
"""Characters of the longest name of a recipient, which a text may ask for many thousand times."""

LONGEST_SHOWN = 80
"""Characters of a bad value that a refusal repeats."""

WHOLE = "it is missing; send the document whole"
_LEAST, _MOST = -(2**31), 2**31 - 1
_T = TypeVar("_T")


class MemberError(ValueError):
    """A member that is unknown or has a bad value; the message says how to mend it."""

    def __init__(self, member: str, message: str) -> None:
        """Remember the *member*, by its place in the document, such as `recipients[0]`."""
        self.member = member
        self.message = message
        super().__init__(f"{member}: {message}")


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """
    The JSON form of one kind of value.

    *read* makes the value of its JSON, which is not null, or raises MemberError with the place it
    is given; *write* makes its JSON, None to leave it out. Where a member holds several
    attributes, a value is a tuple.
    """

    read: Callable[[Any, str], Any]
    write: Callable[[Any], object]


@dataclass(frozen=True, kw_only=True)
class Member:
    """One row of a table: the member *name* holds the *attributes* of a value in that *form*."""

    name: str
    attributes: tuple[str, ...]
    form: Form
    is_required: bool = False

    @cached_property
    def of(self) -> Callable[[object], Any]:
        """The value of a thing's attributes: of one itself, of several a tuple."""
        return attrgetter(*self.attributes)

    def read_into(self, attributes: dict[str, Any], value: object, place: str, form: Form) -> None:
        """Set *attributes* from *value*, at *place* in that *form*; MemberError."""
        found = form.read(value, place)
        if len(self.attributes) == 1:
            attributes[self.attributes[0]] = found
        else:
            attributes.update(zip(self.attributes, found, strict=True))


def member(name: str, attribute: str, form: Form, *, is_required: bool = False) -> Member:
    """Return the row of a member *name* that holds one *attribute*."""
    return Member(name=name, attributes=(attribute,), form=form, is_required=is_required)


@dataclass(frozen=True)
class Table(Generic[_T]):
    """
    All members of one kind of value, in the order in which they are written.

    *make* makes the value of its attributes, by name, and of the place to name where it refuses.
    """

    make: Callable[[dict[str, Any], str], _T]
    members: tuple[Member, ...]

    @cached_property
    def names(self) -> frozenset[str]:
        """The name of every member."""
        return frozenset(row.name for row in self.members)

    @cached_property
    def _written(self) -> list[tuple[str, Callable[[object], Any], Callable[[Any], object]]]:
        return [(row.name, row.of, row.form.write) for row in self.members]

    def write(self, thing: _T) -> dict[str, Any]:
        """Return *thing* as a JSON object; absent attributes are left out."""
        return {
            name: written
            for name, of, write in self._written
            if (value := of(thing)) is not None and (written := write(value)) is not None
        }

    def read(self, value: object, place: str) -> _T:
        """
        Return the value made of the JSON object *value* at *place*; null reads as absent.

        Raises:
            MemberError: no object, or a member is missing, unknown or bad.
        """
        given = read_object(value, place, self.names)
        attributes: dict[str, Any] = {}
        for row in self.members:
            if row.name in given:
                where = place_of(place, row.name)
                row.read_into(attributes, given[row.name], where, row.form)
            elif row.is_required:
                raise MemberError(place_of(place, row.name), WHOLE)
        return self.make(attributes, place)


def table(make: Callable[..., _T], *members: Member) -> Table[_T]:
    """Return the table of *members* of a class that *make* builds of its attributes alone."""
    return Table(lambda attributes, _place: make(**attributes), members)


def place_of(place: str, name: str) -> str:
    """Return the place of the member *name* of the object at *place*, "" for the document."""
    return f"{place}.{name}" if place else name


def present(members: Mapping[str, Any]) -> dict[str, Any]:
    """Return *members* without those that are None."""
    return {name: value for name, value in members.items() if value is not None}


def read_object(value: object, place: str, known: Collection[str]) -> dict[str, Any]:
    """Return the members of *value*, without nulls; MemberError where one is not *known*."""
    if not isinstance(value, Mapping):
        message = f"{shown(value)} is not an object; send one with {', '.join(sorted(known))}"
        raise MemberError(place or "$", message)
    for name in value:
        if name not in known:
            message = f"there is no such member; use {', '.join(sorted(known))}"
            raise MemberError(place_of(place, name), message)
    return present(value)


def shown(value: object) -> str:
    """Return *value* as a refusal repeats it."""
    text = repr(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _same(value: object) -> object:
    return value


def read_text(value: object, place: str) -> str:
    """Return *value*; MemberError where it is no string."""
    if not isinstance(value, str):
        raise MemberError(place, f"{value!r} is not text; send a string")
    return value


def read_name(value: object, place: str) -> str:
    """Return the name *value*; MemberError where it is no string, or over 200 characters long."""
    name = read_text(value, place)
    if len(name) > LONGEST_NAME:
        raise MemberError(
            place, f"{shown(name)} is too long; send at most {LONGEST_NAME} characters"
        )
    return name


def _read_flag(value: object, place: str) -> bool:
    if not isinstance(value, bool):
        raise MemberError(place, f"{value!r} is not a boolean; send true or false")
    return value


def _read_guid(value: object, place: str) -> UUID:
    try:
        return parse_guid(str(value))
    except ValueError as error:
        raise MemberError(place, f"{error}; send one such as {uuid4()}") from error


def _read_time(value: object, place: str) -> datetime:
    try:
        return parse_timestamp(str(value))
    except ValueError as error:
        raise MemberError(place, str(error)) from error


TEXT = Form(read_text, _same)
NAME = Form(read_name, _same)
URL = Form(read_text, _same)
FLAG = Form(_read_flag, _same)
GUID = Form(_read_guid, str)
TIME = Form(_read_time, format_timestamp)
"""An RFC 3339 time, to microseconds."""


def number_of(unit: str, least: int, most: int) -> Form:
    """Return the form of a whole number of some *unit*, bounds included."""

    def read(value: object, place: str) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            message = f"{value!r} is not a whole number of {unit} from {least} to {most}"
            raise MemberError(place, message)
        return value

    return Form(read, _same)


def unless_empty(form: Form) -> Form:
    """Return *form*, but for an empty or false value, which is left out."""
    return Form(form.read, lambda value: form.write(value) if value else None)


def read_choice(choices: type[StrEnum], value: Any, place: str) -> Any:
    """Return the one of *choices* that *value* names; MemberError where there is none."""
    try:
        return choices(value)
    except ValueError:
        raise MemberError(place, f"{value!r} is not one of {', '.join(choices)}") from None


def choice_of(choices: type[StrEnum]) -> Form:
    """Return the form of one of *choices*: its word."""
    return Form(lambda value, place: read_choice(choices, value, place), str)


def named(choices: type[StrEnum]) -> Form:
    """Return the form of one of *choices*, or of the number (32 bits) of a value without a name."""

    def read(value: object, place: str) -> StrEnum | int:
        if not isinstance(value, int) or isinstance(value, bool):
            return read_choice(choices, value, place)  # type: ignore[no-any-return] # one of them
        if value in range(len(choices)):
            raise MemberError(place, f"{value} has a name; send '{list(choices)[value]}'")
        if not _LEAST <= value <= _MOST:
            raise MemberError(place, f"{value} is not a whole number from {_LEAST} to {_MOST}")
        return value

    return Form(read, lambda value: value if isinstance(value, int) else str(value))


def one_of(inner: Table[Any]) -> Form:
    """Return the form of one value of the table *inner*."""
    return Form(inner.read, inner.write)


def list_of(inner: Table[Any], plural: str) -> Form:
    """Return the form of a tuple of *inner*'s values; messages call them *plural*."""

    def read(value: object, place: str) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise MemberError(place, f"it is not a list; send a list of {plural}")
        return tuple(inner.read(item, f"{place}[{index}]") for index, item in enumerate(value))

    return Form(read, lambda values: [inner.write(value) for value in values])
