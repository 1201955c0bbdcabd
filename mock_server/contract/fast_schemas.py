"""
What is surely valid by a schema, told by jsonschema-rs in a fraction of jsonschema's time.

Only a yes counts: of the rest jsonschema says whether it is valid, and why not. What the two
read differently is therefore left out: nothing at all fits it.
"""

import re
from collections.abc import Collection, Mapping
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from jsonschema import FormatChecker

if TYPE_CHECKING:
    from jsonschema_rs import Draft4Validator

MOST = 1000
"""How many schemas are remembered as they were compiled."""

_END = re.compile(r"(?<!\\)\$\Z")
_SAME = {
    *("required", "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"),
    *(end + what for end in ("min", "max") for what in ("Length", "Items", "Properties")),
}
"""Keywords that mean the same to both, as they are."""

Schema = Mapping[str, Any]


class SureChecks:
    """Documents judged by schemas, each of which is compiled once. Safe for several threads."""

    def __init__(self, keywords: Collection[str], formats: FormatChecker) -> None:
        """Let jsonschema judge by *keywords* and *formats*: what else a schema has says nothing."""
        self._keywords = frozenset(keywords)
        self._formats = formats
        self._compiled = lru_cache(MOST)(self._compile)

    def holds(self, schema: Schema, document: object) -> bool:
        """Tell whether *document*, read from JSON, surely is what *schema*, never changed, says."""
        validator = self._compiled(_Same(schema))
        try:
            return validator is not None and validator.is_valid(document)
        except (ValueError, OverflowError):  # such as half a surrogate pair
            return False

    def _compile(self, same: "_Same") -> "Draft4Validator | None":
        from jsonschema_rs import Draft4Validator  # noqa: PLC0415 - the express lane needs none

        formats: dict[str, Any] = {
            name: partial(self._conforms, name) for name in self._formats.checkers
        }
        try:
            translated = self._translate(same.schema, formats)
            return Draft4Validator(translated, formats=formats, validate_formats=True)
        except (re.error, ValueError, RecursionError):  # a schema within itself, or none at all
            return None

    def _conforms(self, name: str, value: object) -> bool:
        return self._formats.conforms(value, name)

    def _translate(self, schema: Schema, formats: dict[str, Any]) -> dict[str, Any]:
        """Return *schema* in draft 4, its patterns among the *formats*; it may allow less."""
        inner = partial(self._translate, formats=formats)
        parts: list[dict[str, Any]] = []
        for word in self._keywords.intersection(schema):
            asked = schema[word]
            if word == "type":
                parts.append({"type": _types(schema)})
            elif word == "pattern":
                parts.append({"format": _pattern(asked, formats)})
            elif word == "enum" and all(isinstance(each, str) for each in asked):
                parts.append({"enum": [*asked, *([None] if _is_nullable(schema) else [])]})
            elif word == "items" and isinstance(asked, Mapping):
                parts.append({"items": inner(asked)})
            elif word in {"allOf", "anyOf"}:
                parts.append({word: [inner(each) for each in asked]})
            elif word in _SAME or word == "format":
                parts.append({word: asked})
            elif word not in {"properties", "additionalProperties"}:
                parts.append({"not": {}})
        parts.append(self._members(schema, inner))
        return {"allOf": parts}

    def _members(self, schema: Schema, inner: Any) -> dict[str, Any]:
        """Return what *schema* asks of members, which only mean something together."""
        asked = schema.get("additionalProperties", True)
        others = inner(asked) if isinstance(asked, Mapping) else asked
        known = {name: inner(each) for name, each in schema.get("properties", {}).items()}
        return {"properties": known, "additionalProperties": others}


class _Same:
    """A schema, which equals itself alone."""

    __slots__ = ("schema",)

    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    def __hash__(self) -> int:
        return id(self.schema)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.schema is other.schema


def _is_nullable(schema: Schema) -> bool:
    return bool(schema.get("nullable")) or schema.get("x-nullable") is True


def _types(schema: Schema) -> list[str]:
    told = schema["type"]
    names = [*told] if isinstance(told, list) else [told]
    return sorted({*names, *(["null"] if _is_nullable(schema) else [])})


def _pattern(pattern: str, formats: dict[str, Any]) -> str:
    """Return the name among the *formats* of what a *pattern* fits, which languages differ on."""
    # Of the two ways to read a final `$`, the one that lets no line break follow.
    search = re.compile(_END.sub(r"\\Z", pattern)).search
    name = f"pattern {pattern}"
    formats[name] = lambda value: not isinstance(value, str) or search(value) is not None
    return name
