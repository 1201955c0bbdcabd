"""A value for a schema, made of the examples, defaults and bounds that it has."""

import math
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from mock_server.contract.contract import Contract
from mock_server.contract.schemas import requests

DEEPEST = 20
"""How far schemas are followed; one that needs itself has no end."""

_TEXTS = {
    "date": "2031-03-02",
    "date-time": "2031-03-02T07:00:00Z",
    "duration": "PT5M",
    "email": "kari@example.com",
    "uri": "https://example.com/",
    "uuid": str(uuid.UUID(int=0)),
}
"""What texts of a format look like; others are empty, or as long as they must be."""


_BOUNDS = {
    "type",
    *("pattern", "minLength", "maxLength"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"),
}
"""What a schema says of a value as a whole, so that one which was made up may break it."""


class NoSampleError(Exception):
    """The schema does not tell enough to make a value up."""


def sample(schema: Mapping[str, Any], contract: Contract, depth: int = 0) -> Any:
    """
    Return a small value that fits *schema* of *contract*, without write-only members.

    Optional members for which no value can be made are left out. Combinations of rules may still
    refuse it.

    Raises:
        NoSampleError: it would have no end, or what can be made up breaks a pattern or a bound.
    """
    if depth > DEEPEST:
        raise NoSampleError
    resolved = contract.resolved(dict(schema))
    for name in ("example", "default"):
        if name in resolved:
            return resolved[name]
    whole = merged(resolved, contract)
    told = ("enum",) if whole.get("properties") else ("example", "default", "enum")
    for name in told:
        if name in whole:
            return whole[name][0] if name == "enum" else whole[name]
    make = _MAKERS.get(_type_of(whole))
    value = {} if make is None else make(whole, contract, depth + 1)
    if not requests().holds({name: whole[name] for name in _BOUNDS & whole.keys()}, value):
        raise NoSampleError
    return value


def merged(schema: Mapping[str, Any], contract: Contract) -> dict[str, Any]:
    """Return *schema*, resolved and merged with its `allOf` and the first of its alternatives."""
    parts = [*schema.get("allOf", ())]
    parts += [part for name in ("oneOf", "anyOf") for part in schema.get(name, ())[:1]]
    whole = dict(schema)
    for part in parts:
        resolved = contract.resolved(part)
        more = {} if resolved is schema else merged(resolved, contract)
        properties = {**whole.get("properties", {}), **more.get("properties", {})}
        whole = {**whole, **more, "properties": properties}
    return whole


def _type_of(schema: Mapping[str, Any]) -> str:
    return str(schema.get("type", "object" if schema.get("properties") else ""))


def _object(schema: Mapping[str, Any], contract: Contract, depth: int) -> dict[str, Any]:
    required = schema.get("required", ())
    made: dict[str, Any] = {}
    for name, rule in schema.get("properties", {}).items():
        if contract.resolved(rule).get("writeOnly"):
            continue
        try:
            made[name] = sample(rule, contract, depth)
        except NoSampleError:
            if name in required:
                raise
    return made


def _array(schema: Mapping[str, Any], contract: Contract, depth: int) -> list[Any]:
    least = schema.get("minItems", 0)
    try:
        return [sample(schema.get("items", {}), contract, depth)] * max(least, 1)
    except NoSampleError:
        if least:
            raise
        return []


def _text(schema: Mapping[str, Any], _contract: Contract, _depth: int) -> str:
    text = _TEXTS.get(schema.get("format", ""), "")
    return text.ljust(schema.get("minLength", 0), "x")


def _number(schema: Mapping[str, Any], _contract: Contract, _depth: int) -> Any:
    low, high = schema.get("minimum"), schema.get("maximum")
    step = schema.get("multipleOf", 1)
    number = low if low is not None else min(0, high if high is not None else 0)
    number = math.ceil(number / step) * step if "multipleOf" in schema else number
    if number == low and schema.get("exclusiveMinimum") is True:
        number += step
    if low is None and number == high and schema.get("exclusiveMaximum") is True:
        number -= step
    if low is not None and high is not None and number >= high and schema.get("type") == "number":
        return (low + high) / 2
    return number


_MAKERS: Mapping[str, Callable[[Mapping[str, Any], Contract, int], Any]] = {
    "object": _object,
    "array": _array,
    "string": _text,
    "integer": _number,
    "number": _number,
    "boolean": lambda _schema, _contract, _depth: True,
}
