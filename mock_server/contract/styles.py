"""
Styles of parameters: texts, lists and objects as a path segment or a query has them.

Each function yields what may have been meant, the likelier first; nothing where the text is not
in its style at all.

Source: OpenAPI 3.0.3, Parameter Object; RFC 6570 section 3.2.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import unquote_plus

MOST_FIELDS = 1_000
"""Fields of a query that are read; a deep object of more is none that anybody means."""

DEEPEST = 20
"""Names in brackets, one inside the other, that are read of a deep object."""

_BRACKET = re.compile(r"\[([^\[\]]*)\]")
_DELIMITERS = {"spaceDelimited": " ", "pipeDelimited": "|"}

Texts = str | list["Texts"] | dict[str, "Texts"]
"""A value before its types are known."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a parameter called *name* is written: by a *kind*, and by *explode*, member by member."""

    name: str
    kind: str
    explode: bool


class Query:
    """The fields of a query; their names match in any letter case."""

    def __init__(self, raw: bytes) -> None:
        """Read *raw*, as it was sent."""
        fields = raw.decode("latin-1").split("&", MOST_FIELDS)[:MOST_FIELDS]
        pairs = [field.partition("=") for field in fields if field]
        self._fields = [(unquote_plus(name), value) for name, _, value in pairs]

    @cached_property
    def _by_name(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, value in self._fields:
            found.setdefault(name.lower(), []).append(value)
        return found

    @property
    def names(self) -> list[str]:
        """The names of its fields, decoded, in order."""
        return [name for name, _value in self._fields]

    def raw(self, name: str) -> list[str]:
        """Return the values of *name* as they were sent, percent-encoded."""
        return self._by_name.get(name.lower(), [])

    def all(self, name: str) -> list[str]:
        """Return the values of *name*, decoded."""
        return [unquote_plus(value) for value in self.raw(name)]

    def below(self, name: str) -> list[tuple[list[str], str]]:
        """Return the fields `name[a][b]=value` as the names in brackets, and the value."""
        start = f"{name.lower()}["
        found = []
        for field, value in self._fields:
            if field.lower().startswith(start):
                steps = _BRACKET.findall(field[len(name) :])
                if 0 < len(steps) <= DEEPEST:
                    found.append((steps, unquote_plus(value)))
        return found


def query_texts(style: Style, query: Query) -> Iterator[str]:
    """Yield the text of the parameter: of a field that is there repeatedly, the first counts."""
    if style.kind != "deepObject":
        yield from query.all(style.name)[:1]


def query_lists(style: Style, query: Query) -> Iterator[list[Texts]]:
    """Yield the list of the parameter."""
    raw = query.raw(style.name)
    if not raw or style.kind == "deepObject":
        return
    if style.explode:
        yield list(query.all(style.name))
    else:
        mark = _DELIMITERS.get(style.kind, ",")
        if mark == ",":
            yield [unquote_plus(item) for item in raw[0].split(mark)]
        yield list(unquote_plus(raw[0]).split(mark))
    if raw == [""]:
        yield []


def query_maps(style: Style, query: Query, names: Collection[str]) -> Iterator[dict[str, Texts]]:
    """Yield the object of the parameter, whose members are called *names* where it is exploded."""
    if style.kind == "deepObject":
        if below := query.below(style.name):
            yield _tree(below)
    elif style.explode and style.kind == "form":
        found = {name: query.all(name) for name in names if query.raw(name)}
        if found:
            yield {name: values[0] for name, values in found.items()}
            yield {name: list(values) for name, values in found.items()}
    else:
        for items in query_lists(style, query):
            yield from _paired(items)


def path_texts(style: Style, segment: str) -> Iterator[str]:
    """Yield the text of the parameter, of which *segment* is the value in the path."""
    if style.kind == "label":
        yield from _after(segment, ".")
    elif style.kind == "matrix":
        yield from _after(segment, f";{style.name}=")
    else:
        yield segment


def path_lists(style: Style, segment: str) -> Iterator[list[Texts]]:
    """Yield the list of the parameter."""
    if style.kind == "matrix" and style.explode:
        parts = segment.split(";")[1:]
        found = [text for part in parts for text in _after(part, f"{style.name}=")]
        if found and len(found) == len(parts):
            yield list(found)
        return
    for text in path_texts(style, segment):
        if style.kind == "label" and "." in text:
            yield list(text.split("."))
        yield list(text.split(","))


def path_maps(style: Style, segment: str) -> Iterator[dict[str, Texts]]:
    """Yield the object of the parameter."""
    if not style.explode:
        for items in path_lists(style, segment):
            yield from _paired(items)
        return
    mark = {"label": ".", "matrix": ";"}.get(style.kind, ",")
    text = segment[1:] if mark != "," else segment
    parts = [part.partition("=") for part in text.split(mark)]
    if all(equals for _name, equals, _value in parts):
        yield {name: value for name, _, value in parts}


def _after(text: str, start: str) -> Iterator[str]:
    if text.startswith(start):
        yield text[len(start) :]


def _paired(items: list[Texts]) -> Iterator[dict[str, Texts]]:
    if len(items) % 2 == 0:
        yield {str(name): value for name, value in zip(items[::2], items[1::2], strict=True)}


def _tree(fields: list[tuple[list[str], str]]) -> dict[str, Texts]:
    """Return the object whose members stand at the steps of *fields*; a step `[]` is an item."""
    tree: dict[str, Any] = {}
    for steps, value in fields:
        node = tree
        for step in steps[:-1]:
            if not isinstance(node.get(step), dict):
                node[step] = {}
            node = node[step]
        leaf = node.setdefault(steps[-1], [])
        if isinstance(leaf, list):
            leaf.append(value)
    return {name: _settled(item) for name, item in tree.items()}


def _settled(value: Any) -> Texts:
    """Return *value* with lists of one as texts, and objects of indexes or `[]` as lists."""
    if isinstance(value, list):
        return str(value[0]) if len(value) == 1 else [str(item) for item in value]
    members = {name: _settled(item) for name, item in value.items()}
    if members and all(name.isdecimal() or not name for name in members):
        found: list[Texts] = []
        for item in members.values():
            found += item if isinstance(item, list) else [item]
        return found
    return members
