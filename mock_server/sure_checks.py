"""
What is surely valid by a schema, told in a fraction of the time that jsonschema takes.

Only a yes counts: of the rest jsonschema says whether it is valid, and why not.
"""

import re
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from typing import Any

from jsonschema import FormatChecker

MOST = 1000
"""How many schemas are remembered as they were compiled."""

_END = re.compile(r"(?<!\\)\$\Z")
_TYPES: dict[str, set[type]] = {
    "array": {list},
    "boolean": {bool},
    "integer": {int},
    "null": {type(None)},
    "number": {int, float},
    "object": {dict},
    "string": {str},
}
_NUMBERS = _TYPES["number"]

Schema = Mapping[str, Any]
_Check = Callable[[Any], bool]


class SureChecks:
    """Documents judged by schemas, each of which is compiled once. Safe for several threads."""

    def __init__(self, keywords: Collection[str], formats: FormatChecker) -> None:
        """Let jsonschema judge by *keywords* and *formats*: what else a schema has says nothing."""
        self._keywords = frozenset(keywords)
        self._formats = formats
        self._compiled = lru_cache(MOST)(self._compile_same)

    def holds(self, schema: Schema, document: object) -> bool:
        """Tell whether *document*, read from JSON, surely is what *schema*, never changed, says."""
        check = self._compiled(_Same(schema))
        return check is not None and check(document)

    def _compile_same(self, same: "_Same") -> _Check | None:
        try:
            return self._compile(same.schema)
        except (re.error, RecursionError):  # a schema within itself
            return None

    def _compile(self, schema: Schema) -> _Check | None:
        """Return what says yes where *schema* surely holds; None: nothing does."""
        asked = self._keywords.intersection(schema)
        if not asked <= _MAKERS.keys() | {"format"}:
            return None
        checks = [make(schema, self._compile) for word, make in _MAKERS.items() if word in asked]
        if "format" in asked:
            name, formats = schema["format"], self._formats
            checks.append(lambda value: formats.conforms(value, name))
        return _all(checks)


class _Same:
    """A schema, which equals itself alone."""

    __slots__ = ("schema",)

    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    def __hash__(self) -> int:
        return id(self.schema)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.schema is other.schema


_Compile = Callable[[Schema], _Check | None]


def _all(checks: list[_Check | None]) -> _Check | None:
    sure = [check for check in checks if check is not None]
    if len(sure) < len(checks):
        return None
    if len(sure) == 1:
        return sure[0]
    return lambda value: all(check(value) for check in sure)


def _is_nullable(schema: Schema) -> bool:
    return bool(schema.get("nullable")) or schema.get("x-nullable") is True


def _type(schema: Schema, _compile: _Compile) -> _Check | None:
    told = schema["type"]
    names = [*told] if isinstance(told, list) else [told]
    if _is_nullable(schema):
        names.append("null")
    if not _TYPES.keys() >= set(names):
        return None
    types = set[type]().union(*(_TYPES[name] for name in names))
    return lambda value: type(value) in types


def _enum(schema: Schema, _compile: _Compile) -> _Check:
    words = {word for word in schema["enum"] if isinstance(word, str)}
    is_nullable = _is_nullable(schema)
    return lambda value: value in words if isinstance(value, str) else is_nullable and value is None


def _pattern(schema: Schema, _compile: _Compile) -> _Check:
    # Of the two ways to read a final `$`, the one that lets no line break follow.
    search = re.compile(_END.sub(r"\\Z", schema["pattern"])).search
    return lambda value: not isinstance(value, str) or search(value) is not None


def _min_length(schema: Schema, _compile: _Compile) -> _Check:
    least = schema["minLength"]
    return lambda value: not isinstance(value, str) or len(value) >= least


def _max_length(schema: Schema, _compile: _Compile) -> _Check:
    most = schema["maxLength"]
    return lambda value: not isinstance(value, str) or len(value) <= most


def _minimum(schema: Schema, _compile: _Compile) -> _Check:
    least, is_within = schema["minimum"], not schema.get("exclusiveMinimum", False)
    return lambda value: (
        type(value) not in _NUMBERS or value > least or (value == least and is_within)
    )


def _maximum(schema: Schema, _compile: _Compile) -> _Check:
    most, is_within = schema["maximum"], not schema.get("exclusiveMaximum", False)
    return lambda value: (
        type(value) not in _NUMBERS or value < most or (value == most and is_within)
    )


def _required(schema: Schema, _compile: _Compile) -> _Check:
    names = set(schema["required"])
    return lambda value: not isinstance(value, dict) or value.keys() >= names


def _min_properties(schema: Schema, _compile: _Compile) -> _Check:
    least = schema["minProperties"]
    return lambda value: not isinstance(value, dict) or len(value) >= least


def _properties(schema: Schema, compile_: _Compile) -> _Check | None:
    checks = {name: compile_(inner) for name, inner in schema["properties"].items()}
    sure = {name: check for name, check in checks.items() if check is not None}
    # A member whose schema nothing says yes to is fine as long as it is not there.
    unsure = checks.keys() - sure.keys()
    return lambda value: (
        not isinstance(value, dict)
        or (
            value.keys().isdisjoint(unsure)
            and all(sure[name](member) for name, member in value.items() if name in sure)
        )
    )


def _additional_properties(schema: Schema, _compile: _Compile) -> _Check:
    known = {*schema.get("properties", ())}
    is_free = schema["additionalProperties"] is True
    return lambda value: is_free or not isinstance(value, dict) or value.keys() <= known


def _items(schema: Schema, compile_: _Compile) -> _Check | None:
    check = compile_(schema["items"]) if isinstance(schema["items"], Mapping) else None
    if check is None:
        return None
    return lambda value: not isinstance(value, list) or all(map(check, value))


def _all_of(schema: Schema, compile_: _Compile) -> _Check | None:
    return _all([compile_(inner) for inner in schema["allOf"]])


def _any_of(schema: Schema, compile_: _Compile) -> _Check:
    checks = [check for check in map(compile_, schema["anyOf"]) if check is not None]
    return lambda value: any(check(value) for check in checks)


_MAKERS: dict[str, Callable[[Schema, _Compile], _Check | None]] = {
    "type": _type,
    "enum": _enum,
    "pattern": _pattern,
    "minLength": _min_length,
    "maxLength": _max_length,
    "minimum": _minimum,
    "maximum": _maximum,
    "required": _required,
    "minProperties": _min_properties,
    "properties": _properties,
    "additionalProperties": _additional_properties,
    "items": _items,
    "allOf": _all_of,
    "anyOf": _any_of,
}
