"""Rules on the members of a create, by one mechanism for every kind of body."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from mock_server.formats.instants import Instant
from mock_server.formats.strict_json.shapes import Listed, Member, Shape, Structure
from mock_server.formats.text import is_blank
from mock_server.order_requests.messages import Message


class Must(Enum):
    """Presence rules of a member that is read, ahead of all other rules."""

    NOT_BE_NULL = "null"
    NOT_BE_BLANK = "null, empty or nothing but white space"


@dataclass(frozen=True, slots=True)
class Field(Member):
    """
    A member of a body with its presence rule *must*; *key* is its spelling in error keys.

    Where it is a list, *null_message* tells of an element that is null; without one it is not
    looked for.
    """

    key: str = ""
    must: Must | None = None
    null_message: Message | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """Context of the rules beside the judged value: *now*, aware UTC, and the send time."""

    now: datetime
    sent: Instant


@dataclass(frozen=True, slots=True)
class Rule:
    """
    The *message* to give under *key*, below the value's own, where *is_broken* says so.

    *fill* returns what stands in the message for `{}`.
    """

    key: str
    message: Message
    is_broken: Callable[[Any, Context], bool]
    fill: Callable[[Any], str] | None = None

    def tell(self, value: object) -> str:
        """Return the message about *value*."""
        return str(self.message) if self.fill is None else self.message.format(self.fill(value))


Rules = Mapping[type, tuple[Rule, ...]]
"""The rules of a body, by the type of the value that they judge."""


def field(
    name: str,
    attribute: str,
    shape: Shape,
    *,
    key: str | None = None,
    must: Must | None = None,
    is_required: bool = False,
    null_message: Message | None = None,
) -> tuple[str, Field]:
    """
    Return a member *name* of a body, with the lower-case name that a Structure knows it by.

    Its *key* is the name with a capital, if none is given.
    """
    spelled = name[0].upper() + name[1:] if key is None else key
    required = name if is_required else None
    return name.lower(), Field(attribute, shape, required, spelled, must, null_message)


def missing_members(
    structure: Structure, value: object, place: str = ""
) -> Iterator[tuple[str, str]]:
    """
    Yield the key and message of each member of *value*, read as *structure*, that must be filled.

    Members of null elements are passed by. *place* is what keys begin with.

    Source: openapi.yaml, createOrder; .NET RequiredAttribute.
    """
    for member, item in _members(structure, value):
        key = f"{place}{member.key}"
        if _is_missing(member.must, item):
            yield key, Message.REQUIRED.format(member.key)
        else:
            for inner, each, inner_place in _inner(member, item, key):
                yield from missing_members(inner, each, inner_place)


def broken_rules(
    structure: Structure, value: object, rules: Rules, context: Context, place: str = ""
) -> Iterator[tuple[str, str]]:
    """
    Yield the key and message of each of *rules* that *value*, read as *structure*, breaks.

    No member that must be filled is missing. *place* is what keys begin with.
    """
    for rule in rules.get(type(value), ()):
        if rule.is_broken(value, context):
            yield f"{place}{rule.key}" if rule.key else place.rstrip("."), rule.tell(value)
    for member, item in _members(structure, value):
        key = f"{place}{member.key}"
        if member.null_message is not None:
            for index in [index for index, each in enumerate(item or ()) if each is None]:
                yield f"{key}[{index}]", str(member.null_message)
        for inner, each, inner_place in _inner(member, item, key):
            yield from broken_rules(inner, each, rules, context, inner_place)


def texts(structure: Structure, value: object, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield the key and value of every text in *value*, read as *structure*."""
    for member, item in _members(structure, value):
        key = f"{place}{member.key}"
        if isinstance(item, str):
            yield key, item
        for inner, each, inner_place in _inner(member, item, key):
            yield from texts(inner, each, inner_place)


def _members(structure: Structure, value: object) -> Iterator[tuple[Field, Any]]:
    for member in structure.members.values():
        if isinstance(member, Field):
            item = getattr(value, member.attribute)
            if item is not None or member.must is not None:
                yield member, item


def _is_missing(must: Must | None, item: Any) -> bool:
    if must is Must.NOT_BE_BLANK:
        return is_blank(item)
    return must is Must.NOT_BE_NULL and item is None


def _inner(member: Field, item: Any, key: str) -> Iterator[tuple[Structure, object, str]]:
    """Yield each value within *item* that has members itself, its structure and its place."""
    if item is None:
        return
    shape = member.shape
    if isinstance(shape, Structure):
        yield shape, item, f"{key}."
    elif isinstance(shape, Listed) and isinstance(shape.element, Structure):
        for index, each in enumerate(item):
            if each is not None:
                yield shape.element, each, f"{key}[{index}]."
