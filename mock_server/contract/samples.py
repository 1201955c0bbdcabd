"""A value for a schema, made of the examples, defaults and bounds that it has."""

import math
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from mock_server.contract.contract import Contract
from mock_server.contract.schemas import requests

DEEPEST = 20
"""How far schemas are followed; one that needs itself has no end."""

MOST_VALUES = 1_000
"""Values of which one sample is made; schemas that refer to many others have no end in practice."""

LONGEST = 10_000
"""Characters of a text, or items of a list, of which at least so many must be."""

_LEVELS = (DEEPEST, 6, 3, 1, 0)
"""How deep members that may be left out are made: the first of these that is not too much."""

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


class _TooManyError(Exception):
    """The value has more than `MOST_VALUES` in it."""


def sample(schema: Mapping[str, Any], contract: Contract, hidden: str = "writeOnly") -> Any:
    """
    Return a small value that fits *schema* of *contract*, without members that are *hidden*.

    Those are write-only in answers, and `readOnly` in requests. Optional members are left out for
    which no value can be made, and below a level where there would be too many. Combinations of
    rules may still refuse it.

    Raises:
        NoSampleError: it would have no end, or what can be made up breaks a pattern or a bound.
    """
    for level in _LEVELS:
        with suppress(_TooManyError):
            return _Sampler(contract, hidden, level).value(schema, 0)
    raise NoSampleError


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


class _Sampler:
    """
    Makes a value of a schema of *contract*, without members that are *hidden*.

    Those that may be left out are made as far as *level*.
    """

    def __init__(self, contract: Contract, hidden: str, level: int) -> None:
        self._contract = contract
        self._hidden = hidden
        self._level = level
        self._left = MOST_VALUES

    def value(self, schema: Mapping[str, Any], depth: int) -> Any:
        self._left -= 1
        if self._left < 0:
            raise _TooManyError
        if depth > DEEPEST:
            raise NoSampleError
        resolved = self._contract.resolved(dict(schema))
        for name in ("example", "default"):
            if name in resolved:
                return resolved[name]
        whole = merged(resolved, self._contract)
        told = ("enum",) if whole.get("properties") else ("example", "default", "enum")
        for name in told:
            if name in whole:
                return whole[name][0] if name == "enum" else whole[name]
        value = self._made(whole, depth + 1)
        if not requests().holds({name: whole[name] for name in _BOUNDS & whole.keys()}, value):
            raise NoSampleError
        return value

    def _made(self, schema: Mapping[str, Any], depth: int) -> Any:
        kind = str(schema.get("type", "object" if schema.get("properties") else ""))
        if kind == "object":
            return self._object(schema, depth)
        if kind == "array":
            return self._array(schema, depth)
        make = _MAKERS.get(kind)
        return {} if make is None else make(schema)

    def _object(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        required = schema.get("required", ())
        made: dict[str, Any] = {}
        for name, rule in schema.get("properties", {}).items():
            is_left_out = depth > self._level and name not in required
            if is_left_out or self._contract.resolved(rule).get(self._hidden):
                continue
            try:
                made[name] = self.value(rule, depth)
            except NoSampleError:
                if name in required:
                    raise
        return made

    def _array(self, schema: Mapping[str, Any], depth: int) -> list[Any]:
        least = schema.get("minItems", 0)
        if least > LONGEST:
            raise NoSampleError
        try:
            return [self.value(schema.get("items", {}), depth)] * max(least, 1)
        except NoSampleError:
            if least:
                raise
            return []


def _text(schema: Mapping[str, Any]) -> str:
    text = _TEXTS.get(schema.get("format", ""), "")
    least = schema.get("minLength", 0)
    if least > LONGEST:
        raise NoSampleError
    return text.ljust(least, "x")


def _number(schema: Mapping[str, Any]) -> Any:
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


_MAKERS: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "string": _text,
    "integer": _number,
    "number": _number,
    "boolean": lambda _schema: True,
}
