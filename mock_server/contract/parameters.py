"""Parameters of requests: read as the values that their styles and schemas ask for, and judged."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from mock_server.contract import styles
from mock_server.contract.contract import Contract, Operation
from mock_server.contract.judge import Judge
from mock_server.contract.styles import Query, Style, Texts
from mock_server.formats.json_text import load_json
from mock_server.http.media_types import is_json

PLACES = ("path", "query")
"""Where the parameters stand that are read; those in headers and cookies are documentation."""

MOST_PARTS = 100
"""Parts of a schema that are looked into for members and items."""

LONGEST_SHOWN = 200
"""Characters of a bad list or object that a refusal repeats; a bad text it repeats whole."""

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_FLAGS = {"true": True, "false": False}
_UNREADABLE = object()


@dataclass(frozen=True, slots=True)
class Arguments:
    """The *values* of the parameters of one request by name, and *errors* where there are any."""

    values: Mapping[str, Any]
    errors: Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Parameter:
    """
    One parameter in a path or a query, and how it is written.

    *schema* is None where it has none; *is_json* tells that it is JSON as a text. *inside* is what
    an object or a list may hold; one that *is_open* is an object of any members.
    """

    place: str
    style: Style
    is_required: bool
    may_be_empty: bool
    schema: Any
    is_json: bool
    example: Any
    inside: "Inside"
    is_open: bool = False
    default: Any = None

    @property
    def name(self) -> str:
        """Its name."""
        return self.style.name


@dataclass(frozen=True, slots=True)
class Inside:
    """Schemas of the *items* of a list and, by name, of the *members* of an object."""

    items: list[Any]
    members: Mapping[str, list[Any]]


def parameters_of(contract: Contract, operation: Operation) -> tuple[Parameter, ...]:
    """Return the parameters of *operation* in its path and its query."""
    found = contract.parameters(operation)
    return tuple(_parameter(contract, each) for each in found if each["in"] in PLACES)


def _parameter(contract: Contract, told: Mapping[str, Any]) -> Parameter:
    name, place = str(told["name"]), str(told["in"])
    kind = told.get("style") or ("form" if place == "query" else "simple")
    content = told.get("content") or {}
    media: Mapping[str, Any] = next(iter(content.values()), {})
    schema = media.get("schema", {}) if content else told.get("schema")
    parts = list(_parts(contract, [schema]))
    return Parameter(
        place,
        Style(name, kind, bool(told.get("explode", kind == "form"))),
        told.get("required") is True or place == "path",
        told.get("allowEmptyValue") is True,
        schema,
        any(is_json(media_type) for media_type in content),
        told.get("example"),
        _inside(parts),
        any(part.get("type") == "object" or "additionalProperties" in part for part in parts),
        next((part["default"] for part in parts if "default" in part), None),
    )


def _parts(contract: Contract, schemas: list[Any]) -> Iterator[Mapping[str, Any]]:
    """Yield each of *schemas* as resolved, and what it is combined of."""
    waiting, seen = list(schemas), set[int]()
    while waiting and len(seen) < MOST_PARTS:
        part = waiting.pop(0)
        part = contract.resolved(part) if isinstance(part, dict) else None
        if not isinstance(part, dict) or id(part) in seen:
            continue
        seen.add(id(part))
        yield part
        for keyword in ("allOf", "oneOf", "anyOf"):
            waiting += part.get(keyword) or ()


def _inside(parts: Iterable[Mapping[str, Any]]) -> Inside:
    members: dict[str, list[Any]] = {}
    items: list[Any] = []
    for part in parts:
        items += [part["items"]] if "items" in part else []
        for name, rule in (part.get("properties") or {}).items():
            members.setdefault(name, []).append(rule)
    return Inside(items, members)


class ParameterReader:
    """Reader of the parameters of one operation of a contract."""

    def __init__(self, contract: Contract, operation: Operation, judge: Judge) -> None:
        """Read those of *operation*, whose schemas *judge* judges by."""
        self._contract = contract
        self._parameters = parameters_of(contract, operation)
        self._named = {each.name.lower() for each in self._parameters}
        self._judge = judge

    def read(self, path: Mapping[str, str], query: Query) -> Arguments:
        """Return the arguments that *path*, values by name, and *query* hold, each one judged."""
        values: dict[str, Any] = {}
        errors: dict[str, list[str]] = {}
        for parameter in self._parameters:
            found = list(self._structures(parameter, path, query))
            if not found and parameter.is_required:
                missing = f"A value for the '{parameter.name}' parameter or property"
                errors[parameter.name] = [f"{missing} was not provided."]
            elif not found and parameter.default is not None:
                values[parameter.name] = parameter.default
            elif found:
                good = next(self._good(parameter, found), _UNREADABLE)
                if good is _UNREADABLE:
                    errors[parameter.name] = [_refusal(parameter, found[0])]
                else:
                    values[parameter.name] = good
        return Arguments(values, errors)

    def unknown(self, query: Query) -> list[str]:
        """Return the names in *query* that no parameter reads."""
        known, deep = set[str](), set[str]()
        for each in self._parameters:
            if each.place != "query":
                continue
            name, is_spread = each.name.lower(), each.style.kind == "form" and each.style.explode
            (deep if each.style.kind == "deepObject" else known).add(name)
            if is_spread and each.is_open and not each.inside.members:
                return []
            known |= {member.lower() for member in each.inside.members} if is_spread else set()
        lower = {name: name.lower() for name in query.names}
        return [
            name
            for name, text in lower.items()
            if text not in known and text.partition("[")[0] not in deep
        ]

    def instead(self, errors: Mapping[str, object]) -> str:
        """Return what to send in place of *errors*: bounds and examples, where there are any."""
        found = [each for each in self._parameters if each.name in errors]
        return " ".join(
            f"Send '{each.name}'{self._bounds(each)} such as {_as_text(each.example)}."
            for each in found
            if each.example is not None
        )

    def _bounds(self, parameter: Parameter) -> str:
        """Return which values *parameter* takes, between commas; nothing where that is not told."""
        schema = self._contract.resolved(parameter.schema)
        if not isinstance(schema, Mapping):
            return ""
        words = [str(word) for word in schema.get("enum", ()) if word is not None]
        if words:
            return f", one of {', '.join(words)},"
        if {"minimum", "maximum"} <= schema.keys():
            return f", from {schema['minimum']} to {schema['maximum']},"
        return f", of {schema['maxLength']} characters at most," if "maxLength" in schema else ""

    def _structures(
        self, parameter: Parameter, path: Mapping[str, str], query: Query
    ) -> Iterator[Texts]:
        """Yield what the parameter may be, types aside; nothing where it was not sent."""
        style, inside = parameter.style, parameter.inside
        may_be_list = bool(inside.items) and not parameter.is_json
        may_be_map = bool(inside.members or parameter.is_open) and not parameter.is_json
        if parameter.place == "path" and parameter.name in path:
            segment = path[parameter.name]
            yield from styles.path_texts(style, segment)
            yield from styles.path_lists(style, segment) if may_be_list else ()
            yield from styles.path_maps(style, segment) if may_be_map else ()
        elif parameter.place == "query":
            yield from styles.query_texts(style, query)
            yield from styles.query_lists(style, query) if may_be_list else ()
            names = inside.members or [
                name for name in query.names if name.lower() not in self._named
            ]
            yield from styles.query_maps(style, query, names) if may_be_map else ()

    def _good(self, parameter: Parameter, found: Iterable[Texts]) -> Iterator[Any]:
        """Yield each value that one of the structures *found* stands for, if it is a good one."""
        schema = parameter.schema
        for structure in found:
            for value in self._values(parameter, structure):
                is_free = schema is None or (parameter.may_be_empty and value == "")
                if is_free or self._judge.holds(schema, value):
                    yield value

    def _values(self, parameter: Parameter, structure: Texts) -> Iterator[Any]:
        if parameter.is_json:
            yield from _json(structure)
        elif isinstance(structure, str):
            yield from readings(structure)
        else:
            yield self._inner_value(structure, parameter.inside)

    def _typed(self, value: Texts, schemas: list[Any]) -> Any:
        """Return *value*, a member or item, as the first reading that one of *schemas* takes."""
        if not isinstance(value, str):
            return self._inner_value(value, _inside(_parts(self._contract, schemas)))
        for reading in (*readings(value), [value]):
            if any(self._judge.holds(schema, reading) for schema in schemas):
                return reading
        return value

    def _inner_value(self, value: Texts, inside: Inside) -> Any:
        if isinstance(value, list):
            return [self._typed(item, inside.items) for item in value]
        if isinstance(value, dict):
            return {
                name: self._typed(item, inside.members.get(name, []))
                for name, item in value.items()
            }
        return value


def readings(text: str) -> Iterator[Any]:
    """Yield *text*, and if it is also a number, a flag or null, as JSON writes them, that."""
    yield text
    if text.lower() in _FLAGS:
        yield _FLAGS[text.lower()]
    elif text == "null":
        yield None
    elif _NUMBER.fullmatch(text):
        yield from _json(text)


def _json(text: Texts) -> Iterator[Any]:
    with suppress(ValueError, RecursionError):
        yield load_json(str(text))


def _refusal(parameter: Parameter, sent: Texts) -> str:
    if not isinstance(sent, str):
        text = json.dumps(sent, ensure_ascii=False)
        sent = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
    if parameter.place == "query" and not sent.strip():
        return f"The {parameter.name} field is required."
    return f"The value '{sent}' is not valid."


def _as_text(example: Any) -> str:
    return example if isinstance(example, str) else json.dumps(example)
