"""Expected shapes of JSON documents, and conversion of documents to values of our own."""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from mock_server.formats.strict_json.cursor import JsonConversionError, JsonReadError, JsonWalk
from mock_server.formats.strict_json.reader import parse_members, without_mark
from mock_server.formats.strict_json.tokens import Token


class MismatchError(ValueError):
    """A JSON value that is not of the shape asked for."""


class Shape(Protocol):
    """
    Expected shape of one JSON value.

    *type_name* is the .NET type to name in messages; null reads as None where it *is_nullable*.
    """

    @property
    def type_name(self) -> str:
        """The .NET type that the service reads the value as."""

    @property
    def is_nullable(self) -> bool:
        """Whether null is a value, too."""

    def convert(self, value: object) -> object:
        """
        Return our value for the *value* that `read_members` gave; it is not null.

        Raises:
            ValueError: not of this shape.
        """

    def follow(self, walk: JsonWalk) -> None:
        """
        Move *walk* to the last token of its current value, which is not null.

        Raises:
            JsonReadError: the first thing that is wrong within it.
        """


@dataclass(frozen=True, slots=True)
class Scalar:
    """A string, number or literal that *read* makes a value of, or refuses by ValueError."""

    type_name: str
    read: Callable[[object], object]
    is_nullable: bool = True

    def convert(self, value: object) -> object:
        """
        Return *value* converted by *read*.

        Raises:
            ValueError: not of this shape.
        """
        return self.read(value)

    def follow(self, walk: JsonWalk) -> None:
        """
        Check the current token, with which the value ends.

        Raises:
            JsonConversionError: not of this shape.
        """
        if walk.token is not Token.SCALAR:
            raise walk.conversion_error(self.type_name)
        try:
            self.read(walk.scalar())
        except ValueError as error:
            raise walk.conversion_error(self.type_name) from error


@dataclass(frozen=True, slots=True)
class Listed:
    """An array of *element*s, made a tuple."""

    type_name: str
    element: Shape
    is_nullable: bool = True

    def convert(self, value: object) -> object:
        """
        Return the elements of *value*, converted.

        Raises:
            ValueError: not of this shape.
        """
        if not isinstance(value, list):
            raise MismatchError(self.type_name)
        return tuple([_convert(self.element, item) for item in value])

    def follow(self, walk: JsonWalk) -> None:
        """
        Check the array and its elements.

        Raises:
            JsonReadError: the first thing that is wrong.
        """
        if walk.token is not Token.START_ARRAY:
            raise walk.conversion_error(self.type_name)
        count = 0
        walk.enter(count)
        while walk.read() is not Token.END_ARRAY:
            _follow(self.element, walk)
            walk.leave()
            count += 1
            walk.enter(count)
        walk.leave()


@dataclass(frozen=True, slots=True)
class Member:
    """
    A member of a Structure: the *attribute* that *make* gets it as, and its *shape*.

    One with a *required_name* must be there, be it null; that name is how messages spell it.
    """

    attribute: str
    shape: Shape
    required_name: str | None = None


@dataclass(frozen=True, slots=True)
class Structure:
    """
    An object whose *members*, by lower-case name, are given to *make*.

    Names match in any case, unknown members are passed by, and of one name the last counts.

    Source: .NET JsonSerializerDefaults.Web.
    """

    type_name: str
    members: Mapping[str, Member]
    make: Callable[..., object]
    is_nullable: bool = True

    def convert(self, value: object) -> object:
        """
        Return the object that *make* builds of the members of *value*.

        Raises:
            ValueError: not of this shape.
        """
        if not isinstance(value, tuple):
            raise MismatchError(self.type_name)
        found: dict[str, object] = {}
        for name, item in value:
            member = self._member(name)
            if member is not None:
                found[member.attribute] = _convert(member.shape, item)
        if self._lacking(found):
            raise MismatchError(self.type_name)
        return self.make(**found)

    def _lacking(self, found: Container[str]) -> list[str]:
        """Return the names of the members that must be there and are not among those *found*."""
        return [
            member.required_name
            for member in self.members.values()
            if member.required_name is not None and member.attribute not in found
        ]

    def follow(self, walk: JsonWalk) -> None:
        """
        Check the object and its members.

        Raises:
            JsonReadError: the first thing that is wrong.
        """
        if walk.token is not Token.START_OBJECT:
            raise walk.conversion_error(self.type_name)
        found: set[str] = set()
        while walk.read() is not Token.END_OBJECT:
            member = self._member(walk.name())
            walk.read()
            if member is None:
                walk.pass_by()
            else:
                found.add(member.attribute)
                _follow(member.shape, walk)
            walk.leave()
            walk.pass_members(self.members)
        lacking = self._lacking(found)
        if lacking:
            raise walk.missing_error(self.type_name, lacking)

    def _member(self, name: str) -> Member | None:
        return self.members.get(name.lower()) if name.isascii() else None


def _convert(shape: Shape, value: object) -> object:
    if value is not None:
        return shape.convert(value)
    if not shape.is_nullable:
        raise MismatchError(shape.type_name)
    return None


def _follow(shape: Shape, walk: JsonWalk) -> None:
    if walk.token is Token.SCALAR and walk.is_null:
        if not shape.is_nullable:
            raise walk.conversion_error(shape.type_name)
        return
    shape.follow(walk)


T = TypeVar("T")


def read_shape(raw: bytes, shape: Shape, kind: type[T]) -> T | None:
    """
    Return the value of *kind* that *shape* makes of the JSON text *raw*; None for null.

    What is wrong first in the text is reported, be it syntax or type, as the service does.

    Raises:
        JsonReadError: not JSON, or not of this shape.
    """
    try:
        value = _convert(shape, parse_members(without_mark(raw)))
    except ValueError as error:
        raise _first_error(without_mark(raw), shape) from error
    return value if isinstance(value, kind) else None


def _first_error(raw: bytes, shape: Shape) -> JsonReadError:
    walk = JsonWalk(raw)
    try:
        walk.read()
        _follow(shape, walk)
        walk.read()
    except JsonReadError as error:
        return error
    return JsonConversionError("The JSON text could not be read.", "$", 0, 0)
