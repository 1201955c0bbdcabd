"""
Keywords of schemas, as OpenAPI 3.0 and 3.1 mean them, told in the drafts that the engine knows.

One table for `serve`, `lint` and `check`: 3.0 is draft 4 with `nullable`, 3.1 is draft 2020-12.
What a keyword may not hold is left out, so that what is well-formed beside it still counts.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import Any

from mock_server.contract.references import (
    NAMED,
    ReferenceFault,
    find,
    is_data,
    pointer_of,
    resolved,
)

BASE = "urn:openapi"
"""How the engine calls the document that a schema refers to."""

BITS = "x-bits"
"""Keyword of ours: a whole number has so many bits, its sign aside."""

STEPS = "x-steps"
"""Keyword of ours, of an alternative that is never met: it counts how often others are tried."""

ALSO = "x-also-accepts"
"""Member of a schema: JSON types that pass its `type` and `enum`, although clients are not told."""

MOST_PATTERNS = 5_000
"""How many patterns are remembered to be good, or why not."""

_INTEGERS = {"int32": 31, "int64": 63}
_TYPES = {"string", "number", "integer", "boolean", "object", "array", "null"}
_COUNTS = (
    *("minLength", "minItems", "minProperties"),
    *("maxLength", "maxItems", "maxProperties"),
)
_SCHEMAS = {"schemas", "$defs", "definitions"}

MOST_PARTS = 100
"""Parts of a schema that are asked whether a member of it may be missing."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """
    How schemas are read: of which *version*, `3.0` or `3.1`, and which *formats* are checked.

    A required member may be missing if it is marked by one of *may_miss*, such as `readOnly`; one
    that is marked by *hidden* must be.
    """

    formats: Mapping[str, Callable[[Any], bool]]
    version: str = "3.0"
    may_miss: frozenset[str] = frozenset()
    hidden: str = ""

    @property
    def is_older(self) -> bool:
        """Whether it is 3.0."""
        return self.version == "3.0"


class Translator:
    """Translator of schemas, for one translation alone: of a schema, or of a whole document."""

    def __init__(self, dialect: Dialect, document: object = None) -> None:
        """
        Follow references into *document*.

        None: they are written out, by values that are shared and may lead back to themselves.
        """
        self._dialect = dialect
        self._document = document
        self._met: dict[int, Any] = {}
        self._shared: dict[int, bool] = {}

    def root(self, schema: Any) -> Any:
        """Return *schema* in the draft of the engine; shared parts are its `definitions`."""
        found = self.schema(schema)
        if self._shared:
            shared = {str(number): self._met[number] for number in self._shared}
            found = {"allOf": [found], "definitions": shared}
        return found

    def whole(self, value: Any, *, is_named: bool = False) -> Any:
        """Return *value*, part of a document, with the schemas in it translated."""
        if isinstance(value, list):
            return [self.whole(item) for item in value]
        if not isinstance(value, dict):
            return value
        return {
            name: self._part(name, item, is_named=is_named)
            for name, item in value.items()
            if is_named or not is_data(name, item)
        }

    def _part(self, name: str, item: Any, *, is_named: bool) -> Any:
        if is_named:
            return self.whole(item)
        if name == "schema":
            return self.schema(item)
        if name in _SCHEMAS and isinstance(item, dict):
            return {key: self.schema(one) for key, one in item.items()}
        return self.whole(item, is_named=name in NAMED)

    def schema(self, schema: Any) -> Any:
        """Return *schema* in the draft of the engine, each keyword at its place."""
        if isinstance(schema, bool):
            return schema if not self._dialect.is_older else {} if schema else {"not": {}}
        if not isinstance(schema, dict):
            return {}
        if schema.get(self._dialect.hidden) is True:
            return {"not": {}}
        number = id(schema)
        if number in self._met and self._document is None:
            self._shared[number] = True
            return {"$ref": f"#/definitions/{number}"}
        if any(isinstance(told, dict | list) for told in schema.values()):
            self._met[number] = None
            self._met[number] = self._members(schema)
            return self._met[number]
        return self._members(schema)

    def _members(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        reference = self._reference(schema)
        if self._dialect.is_older and "$ref" in schema:
            return reference
        found: dict[str, Any] = dict(reference)
        for name, told in schema.items():
            read = self._READ.get(name)
            if read is not None and (kept := read(self, told, schema)) is not None:
                found[name] = kept
        if found.get("additionalProperties") is False:
            # Else the engine tells of the first member alone, and not of its object.
            found.setdefault("properties", {})
        bits = _INTEGERS.get(str(schema.get("format")))
        if bits is not None:
            found[BITS] = bits
        if ALSO in schema and "enum" in found:
            others = {"anyOf": [{"enum": found.pop("enum")}, {"type": schema[ALSO]}]}
            found["allOf"] = [*found.get("allOf", ()), others]
        return found

    def _reference(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """Return the `$ref` of *schema*, if its target may be a schema."""
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            return {}
        try:
            found, target = find(self._document, pointer_of(reference))
        except ReferenceFault:
            return {}
        return {"$ref": BASE + reference} if found and isinstance(target, dict | bool) else {}

    def _inner(self, told: Any, _schema: object) -> Any:
        return self.schema(told) if isinstance(told, dict | bool) else None

    def _list(self, told: Any, _schema: object) -> Any:
        is_list = isinstance(told, list) and told
        return [self.schema(item) for item in told] if is_list else None

    def _alternatives(self, told: Any, schema: object) -> Any:
        listed = self._list(told, schema)
        return [{STEPS: True}, *listed] if listed else None

    def _all(self, told: Any, schema: Any) -> Any:
        """Return the parts of *schema*, which need not have what another part says may miss."""
        parts = self._list(told, schema)
        known = self._members_of(schema)
        for at, part in enumerate(parts or ()):
            if "required" in part:
                asked = [name for name in part["required"] if not self._may_miss(known, name)]
                kept = {name: item for name, item in part.items() if name != "required"}
                parts[at] = kept | ({"required": asked} if asked else {})
        return parts

    def _map(self, told: Any, _schema: object) -> Any:
        is_map = isinstance(told, dict)
        return {name: self.schema(item) for name, item in told.items()} if is_map else None

    def _newer(self, told: Any, schema: object) -> Any:
        return None if self._dialect.is_older else self._inner(told, schema)

    def _newer_map(self, told: Any, schema: object) -> Any:
        return None if self._dialect.is_older else self._map(told, schema)

    def _prefix(self, told: Any, schema: object) -> Any:
        return None if self._dialect.is_older else self._list(told, schema)

    def _items(self, told: Any, schema: object) -> Any:
        listed = self._dialect.is_older and isinstance(told, list)
        return self._list(told, schema) if listed else self._inner(told, schema)

    def _rest(self, told: Any, schema: Mapping[str, Any]) -> Any:
        if self._dialect.is_older and "patternProperties" in schema:
            return None
        return told if isinstance(told, bool) else self._inner(told, schema)

    def _limit(self, told: Any, _schema: object) -> Any:
        return told if _is_number(told) else None

    def _strict_low(self, told: Any, schema: Mapping[str, Any]) -> Any:
        return self._strict(told, schema.get("minimum"))

    def _strict_high(self, told: Any, schema: Mapping[str, Any]) -> Any:
        return self._strict(told, schema.get("maximum"))

    def _strict(self, told: Any, limit: Any) -> Any:
        """Return an exclusive bound: a flag beside *limit* in 3.0, a number of its own in 3.1."""
        if not self._dialect.is_older:
            return self._limit(told, None)
        return told if isinstance(told, bool) and _is_number(limit) else None

    def _multiple(self, told: Any, _schema: object) -> Any:
        return told if _is_number(told) and told > 0 else None

    def _count(self, told: Any, _schema: object) -> Any:
        is_whole = _is_number(told) and told >= 0 and told == int(told)
        return int(told) if is_whole else None

    def _required(self, told: Any, schema: Mapping[str, Any]) -> Any:
        if not isinstance(told, list) or not all(isinstance(name, str) for name in told):
            return None
        known = self._members_of(schema)
        asked = [name for name in dict.fromkeys(told) if not self._may_miss(known, name)]
        return asked or None

    def _may_miss(self, known: Mapping[str, Any], name: str) -> bool:
        marks = self._dialect.may_miss
        parts = self._parts(known.get(name))
        return any(part.get(mark) is True for part in parts for mark in marks)

    def _members_of(self, schema: Any) -> Mapping[str, Any]:
        """Return the members that *schema* and its `allOf` describe, by name."""
        found: dict[str, Any] = {}
        for part in self._parts(schema):
            told = part.get("properties")
            found |= told if isinstance(told, dict) else {}
        return found

    def _parts(self, schema: Any) -> Iterator[Mapping[str, Any]]:
        """Yield *schema* with its `$ref` followed, and the parts of its `allOf`, some of many."""
        waiting = [schema]
        for _ in range(MOST_PARTS):
            if not waiting:
                return
            part = waiting.pop()
            if isinstance(part, dict):
                with suppress(ReferenceFault):
                    part = resolved(self._document, part)[1]
            if isinstance(part, dict):
                yield part
                told = part.get("allOf")
                waiting += told if isinstance(told, list) else []

    def _type(self, told: Any, schema: Mapping[str, Any]) -> Any:
        names = told if isinstance(told, list) else [told]
        if not names or not all(isinstance(name, str) and name in _TYPES for name in names):
            return None
        return list(dict.fromkeys([*names, *self._beside(schema)]))

    def _beside(self, schema: Mapping[str, Any]) -> Collection[str]:
        null = self._dialect.is_older and schema.get("nullable") is True
        return [*schema.get(ALSO, ()), *(["null"] if null else ())]

    def _enum(self, told: Any, schema: Mapping[str, Any]) -> Any:
        if not isinstance(told, list) or not told:
            return None
        null = [None] if "null" in self._beside(schema) and None not in told else []
        return [*told, *null]

    def _format(self, told: Any, _schema: object) -> Any:
        return told if isinstance(told, str) and told in self._dialect.formats else None

    def _pattern(self, told: Any, _schema: object) -> Any:
        return told if isinstance(told, str) and pattern_fault(told) is None else None

    def _flag(self, told: Any, _schema: object) -> Any:
        return told if isinstance(told, bool) else None

    def _const(self, told: Any, _schema: object) -> Any:
        return None if self._dialect.is_older or told is None else told

    _READ: Mapping[str, Callable[["Translator", Any, Any], Any]] = {
        "type": _type,
        "enum": _enum,
        "const": _const,
        "required": _required,
        "format": _format,
        "pattern": _pattern,
        "multipleOf": _multiple,
        "minimum": _limit,
        "maximum": _limit,
        "exclusiveMinimum": _strict_low,
        "exclusiveMaximum": _strict_high,
        "uniqueItems": _flag,
        "nullable": _flag,
        "properties": _map,
        "patternProperties": _newer_map,
        "dependentSchemas": _newer_map,
        "$defs": _newer_map,
        "additionalProperties": _rest,
        "items": _items,
        "prefixItems": _prefix,
        "not": _inner,
        "allOf": _all,
        **dict.fromkeys(("anyOf", "oneOf"), _alternatives),
        **dict.fromkeys(("if", "then", "else", "propertyNames"), _newer),
        **dict.fromkeys(_COUNTS, _count),
    }
    """How each keyword is read; what stands in no row asks for nothing."""


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


@lru_cache(MOST_PATTERNS)
def pattern_fault(pattern: str) -> str | None:
    """Return why *pattern* cannot be read as ECMA-262 has patterns; None: it can."""
    from jsonschema_rs import Draft4Validator  # noqa: PLC0415 - the express lane needs none

    try:
        Draft4Validator({"pattern": pattern})
    except ValueError:
        return "it is not of ECMA-262"
    return None
