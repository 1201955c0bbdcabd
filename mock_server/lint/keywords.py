"""Which keywords of a schema can be tried: those of the right type."""

from collections.abc import Mapping
from typing import Any

from mock_server.lint.patterns import compiles

_TYPES = {"string", "number", "integer", "boolean", "object", "array", "null"}
_NUMBERS = {"maximum", "minimum", "multipleOf", "exclusiveMaximum", "exclusiveMinimum"}
_COUNTS = {f"{end}{what}" for end in ("max", "min") for what in ("Length", "Items", "Properties")}
_SCHEMAS = {"items", "additionalProperties", "not", "propertyNames", "if", "then", "else"}
_LISTS = {"allOf", "anyOf", "oneOf", "prefixItems"}
_MAPS = {"properties", "dependentSchemas"}
_BESIDE = {
    "additionalProperties": ("properties",),
    "items": ("prefixItems",),
    "if": ("then", "else"),
}


def can_be_tried(name: str, schema: Mapping[str, Any]) -> bool:
    """
    Tell whether the keyword *name* of *schema* has a value that can be tried.

    So must have those that are read beside it. A rule tells of the others.
    """
    if name == "additionalProperties" and "patternProperties" in schema:
        return False
    beside = [other for other in _BESIDE.get(name, ()) if other in schema]
    return all(_is_well_formed(each, schema[each]) for each in (name, *beside))


def _is_well_formed(name: str, told: Any) -> bool:
    if name in _SCHEMAS:
        return isinstance(told, dict | bool)
    if name in _LISTS:
        return isinstance(told, list) and all(isinstance(part, dict | bool) for part in told)
    if name in _MAPS:
        members = told.values() if isinstance(told, dict) else [None]
        return all(isinstance(part, dict | bool) for part in members)
    if name in _NUMBERS | _COUNTS:
        return _is_limit(name, told)
    return _is_simple(name, told)


def _is_limit(name: str, told: Any) -> bool:
    if name.startswith("exclusive") and isinstance(told, bool):
        return True
    is_number = isinstance(told, int | float) and not isinstance(told, bool)
    return is_number and not (name == "multipleOf" and told <= 0)


def _is_simple(name: str, told: Any) -> bool:
    if name == "type":
        listed = told if isinstance(told, list) else [told]
        return all(isinstance(item, str) and item in _TYPES for item in listed)
    if name in {"required", "enum"}:
        listed = told if isinstance(told, list) else [None]
        is_text = name == "enum" or all(isinstance(item, str) for item in listed)
        return isinstance(told, list) and is_text
    if name in {"$ref", "format", "pattern"}:
        return isinstance(told, str) and (name != "pattern" or compiles(told))
    return name in {"uniqueItems", "const"}
