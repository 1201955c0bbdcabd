"""The constraints of a schema by keyword, merged over all the places that make them."""

import json
import math
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from mock_server.diff.normal_form import Bound, Facet, FacetValue
from mock_server.diff.values import canonical
from mock_server.diff.view import View

UPPER = {"maximum", "maxLength", "maxItems", "maxProperties"}
LOWER = {"minimum", "minLength", "minItems", "minProperties"}
BY_KIND = {
    "boolean": (),
    "number": ("minimum", "maximum", "multipleOf", "format"),
    "string": ("minLength", "maxLength", "pattern", "format"),
    "array": ("minItems", "maxItems", "uniqueItems"),
    "object": ("minProperties", "maxProperties"),
}

# What says nothing, because every value meets it.
_EVERY_TEXT = {"", ".*", "^.*$", "^.*", ".*$"}
_ENCODED: Mapping[tuple[str | None, str | None], str] = {
    ("base64", None): "byte",
    (None, "application/octet-stream"): "binary",
}
"""Formats of 3.0 that 3.1 writes as an encoding or a media type."""

_ALWAYS = {"minLength", "minItems", "minProperties"}


def facets_of(kind: str, parts: Iterable[View]) -> dict[str, Facet]:
    """
    Return the constraints on values of *kind* that *parts* make together.

    Raises:
        ComparisonError: the value of a keyword is of the wrong type.
    """
    found: dict[str, Facet] = {}
    for view in parts:
        for keyword in BY_KIND[kind]:
            for value in _READERS[keyword](view, keyword):
                _merge(found, keyword, Facet(value, view))
    return found


def _merge(found: dict[str, Facet], keyword: str, facet: Facet) -> None:
    before = found.get(keyword)
    found[keyword] = facet
    if before is None:
        return
    if isinstance(facet.value, frozenset) and isinstance(before.value, frozenset):
        found[keyword] = Facet(before.value | facet.value, before.view)
    elif isinstance(facet.value, Bound) and isinstance(before.value, Bound):
        is_tighter = tighter(keyword, facet.value, before.value)
        found[keyword] = facet if is_tighter else before


def tighter(keyword: str, one: Bound, other: Bound) -> bool:
    """Return whether *one* allows less than *other*."""
    sign = 1 if keyword in LOWER else -1
    return (sign * one.number, one.is_exclusive) > (sign * other.number, other.is_exclusive)


def _number(view: View, keyword: str) -> float | None:
    value = view.value.get(keyword)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        raise view.document.refusal(f"{view.pointer}/{keyword}", "it is not a number")
    return value


def _limits(view: View, keyword: str) -> list[FacetValue]:
    """Return `minimum` or `maximum` of *view*, in the manner of 3.0 and of 3.1."""
    exclusive = f"exclusive{keyword.capitalize()}"
    said = view.value.get(exclusive)
    plain = _number(view, keyword)
    found: list[FacetValue] = [] if plain is None else [Bound(plain, said is True)]
    if not isinstance(said, bool):
        strict = _number(view, exclusive)
        found += [] if strict is None else [Bound(strict, is_exclusive=True)]
    return found


def _sizes(view: View, keyword: str) -> list[FacetValue]:
    size = _number(view, keyword)
    return [] if size is None or (keyword in _ALWAYS and size <= 0) else [Bound(size)]


def _multiples(view: View, keyword: str) -> list[FacetValue]:
    number = _number(view, keyword)
    return [] if number is None else [frozenset({canonical(number)})]


def _patterns(view: View, keyword: str) -> list[FacetValue]:
    pattern = view.text(keyword)
    return [] if pattern is None or pattern in _EVERY_TEXT else [frozenset({pattern})]


def _formats(view: View, keyword: str) -> list[FacetValue]:
    name = view.text(keyword)
    name = name or encoded_format(view)
    # How a field is shown is no matter of which text is allowed.
    return [] if name is None or name == "password" else [frozenset({name})]


def encoded_format(view: View) -> str | None:
    """Return the format of 3.0 that *view*, of 3.1, has as an encoding or a media type."""
    if view.document.version == "3.0":
        return None
    return _ENCODED.get((view.text("contentEncoding"), view.text("contentMediaType")))


def _flags(view: View, keyword: str) -> list[FacetValue]:
    return [True] if view.flag(keyword) else []


_READERS: dict[str, Callable[[View, str], list[FacetValue]]] = {
    "minimum": _limits,
    "maximum": _limits,
    "multipleOf": _multiples,
    "format": _formats,
    "pattern": _patterns,
    "uniqueItems": _flags,
    **dict.fromkeys((UPPER | LOWER) - {"minimum", "maximum"}, _sizes),
}


def whole(facets: dict[str, Facet]) -> dict[str, Facet]:
    """Return *facets* of whole numbers with whole bounds that are themselves allowed."""
    found = dict(facets)
    for keyword, step in (("minimum", 1), ("maximum", -1)):
        facet = facets.get(keyword)
        if facet and isinstance(facet.value, Bound) and math.isfinite(facet.value.number):
            found[keyword] = Facet(_rounded(facet.value, step), facet.view)
    return found


TRIED = {*UPPER, *LOWER, "multipleOf", "integer"}
"""Constraints that are tried on values that a schema names, and then say nothing more."""

_BITS = {"int32": 31, "int64": 63}


def meets(facets: Mapping[str, Facet], values: Iterable[Any]) -> bool:
    """Return whether all *values*, which a schema names, meet those of *facets* that are TRIED."""
    return all(
        _meets(name, facet.value, value) for name, facet in facets.items() for value in values
    )


def _meets(keyword: str, asked: FacetValue, value: Any) -> bool:
    if isinstance(asked, Bound) and isinstance(value, str | int | float | list | dict):
        size = value if isinstance(value, int | float) else len(value)
        is_at = size == asked.number
        is_inside = size > asked.number if keyword in LOWER else size < asked.number
        return bool(is_inside or (is_at and not asked.is_exclusive))
    if keyword == "multipleOf" and isinstance(asked, frozenset):
        number = Decimal(canonical(value))
        return all(number % Decimal(text) == 0 for text in asked)
    if keyword == "format" and isinstance(asked, frozenset) and isinstance(value, int | float):
        return all(_fits(_BITS[name], value) for name in asked if name in _BITS)
    return True


def is_idle(keyword: str, facet: Facet, other: Mapping[str, Facet]) -> bool:
    """Return whether all that *other* allows meets *facet*, the constraint *keyword*."""
    values = other["enum"].value if "enum" in other else None
    if isinstance(values, frozenset):
        is_tried = keyword in TRIED or keyword == "format"
        found = [json.loads(text) for text in values]
        is_known = keyword != "format" or all(isinstance(value, int | float) for value in found)
        return is_tried and is_known and meets({keyword: facet}, found)
    names = facet.value if keyword == "format" and isinstance(facet.value, frozenset) else ()
    if not names or "integer" not in other or not all(name in _BITS for name in names):
        return False
    bounds = [other[name].value for name in ("minimum", "maximum") if name in other]
    numbers = [bound.number for bound in bounds if isinstance(bound, Bound)]
    is_inside = all(_fits(_BITS[name], number) for name in names for number in numbers)
    return len(numbers) == 2 and is_inside


def _fits(bits: int, number: float) -> bool:
    most = int(2**bits)
    return -most <= number < most


def _rounded(bound: Bound, step: int) -> Bound:
    number: Any = math.ceil(bound.number) if step > 0 else math.floor(bound.number)
    return Bound(number + step if bound.is_exclusive and number == bound.number else number)
