"""Kinds of values: the types and enumerated values that schemas allow together."""

from collections.abc import Iterator
from typing import Any

from mock_server.diff.conjunction import Parts
from mock_server.diff.values import canonical
from mock_server.diff.view import View
from mock_server.formats.json_text import json_type

KINDS = ("boolean", "number", "string", "array", "object")
_TYPES = frozenset({"null", "integer", *KINDS})

# What a schema without a type must be about, as its author sees it.
_TELLING = {
    "properties": "object",
    "required": "object",
    "additionalProperties": "object",
    "patternProperties": "object",
    "items": "array",
    "prefixItems": "array",
}


def kinds_of(parts: Parts) -> frozenset[str]:
    """
    Return the types that *parts* allow together; `number` comes with `integer`.

    A schema that has no type but `properties` or `items` is read as its author meant it.

    Raises:
        ComparisonError: what is said to be a type is none.
    """
    allowed = _TYPES
    named = [types for part in parts if (types := _types(part))]
    for types in named:
        allowed &= types
    values = values_of(parts)
    if values is not None:
        kinds = {json_type(value) for value in values.values()}
        allowed &= kinds | ({"integer"} if "number" in kinds else set())
    elif not named:
        told = {_TELLING[name] for part in parts for name in part.value if name in _TELLING}
        allowed = frozenset(told) or allowed
    is_nullable = any(_is_nullable(part) for part in parts) and (named or values is not None)
    return allowed | {"null"} if is_nullable else allowed


def values_of(parts: Parts) -> dict[str, Any] | None:
    """Return the values that *parts* allow together, by their text; None if none names any."""
    found: dict[str, Any] | None = None
    for _view, values in enumerated(parts):
        named = {canonical(value): value for value in values}
        found = named if found is None else {text: found[text] for text in found if text in named}
    return found


def enumerated(parts: Parts) -> Iterator[tuple[View, list[Any]]]:
    """Return each of *parts* that names values, by `enum` or `const`, and those."""
    for view in parts:
        if "enum" in view.value:
            yield view, [element.value for element in view.elements("enum")]
        if "const" in view.value and view.document.version != "3.0":
            yield view, [view.value["const"]]


def names_integer(view: View) -> bool:
    """Return whether *view* allows whole numbers, and no others."""
    types = _types(view)
    return "integer" in types and "number" not in types


def _types(view: View) -> frozenset[str]:
    """Return the types that *view* names and those they include; none if it names none."""
    said = view.value.get("type")
    if said is None:
        return frozenset()
    names = said if isinstance(said, list) else [said]
    if not names or not all(isinstance(name, str) and name in _TYPES for name in names):
        raise view.document.refusal(f"{view.pointer}/type", f"'{said}' is not a type")
    found = {*names, "integer"} if "number" in names else set(names)
    return frozenset(found | {"null"} if _is_nullable(view) else found)


def _is_nullable(view: View) -> bool:
    return view.document.version == "3.0" and view.value.get("nullable") is True
