"""Schemas of OpenAPI 3.1 and values, generated to be near each other, and a validator to judge."""

import copy
from collections.abc import Iterator
from random import Random
from typing import Any

from jsonschema import Draft4Validator, Draft202012Validator
from jsonschema.validators import extend

NAMES, NEW_NAMES = ["a", "b"], ["c", "d"]
SCALARS: list[Any] = [None, True, False, 0, 1, 2, 3, -1, 1.5, 4, "", "a", "ab", "abc", "b"]
VALUES: list[Any] = [
    *SCALARS,
    *([], ["a"], [1], ["a", "a"], [1, 2], ["a", 1], [None], [[]], [{"a": 1}], {}, {"a": "a"}),
    *(
        {"a": 1},
        {"b": "abc"},
        {"a": "a", "b": 1},
        {"a": None},
        {"a": "ab", "c": 1},
        {"c": "a"},
        {"c": 1, "d": True},
    ),
    *({"a": ["a"]}, {"a": {"a": "b"}}, {"a": 1, "b": 1}, {"a": 2, "b": "a"}, {"a": {}, "b": []}),
    *({"a": True}, {"a": 1.5, "b": None}, {"a": "abc", "b": "b", "c": None}, {"b": {"b": 1}}),
]
"""Values, one of which at least tells most of the schemas below from each other."""

TYPES = ["string", "integer", "number", "boolean", "array", "object", "object", "null"]
BOUNDS: dict[str, list[Any]] = {
    "minLength": [0, 1, 2],
    "maxLength": [0, 1, 2, 3],
    "pattern": ["^a", "b$", "^.*$", "^[ab]+$"],
    "minimum": [0, 1, 2, 1.5],
    "maximum": [0, 1, 3],
    "exclusiveMinimum": [0, 1, 2],
    "exclusiveMaximum": [1, 2, 4],
    "multipleOf": [1, 2, 0.5],
    "minItems": [0, 1, 2],
    "maxItems": [0, 1, 2],
    "uniqueItems": [True, False],
    "minProperties": [0, 1, 2],
    "maxProperties": [0, 1, 2],
    "required": [["a"], ["b"], ["a", "b"]],
    "enum": [["a", "b"], [1, 2, "a"], [None, True], ["ab"], [1, 1.5], [0, 4]],
    "const": [1, "a", None, True, "abc"],
}
_TELLING = {"required", "properties", "items", "additionalProperties"}
COMBINED = ("allOf", "anyOf", "oneOf")


def a_schema(source: Random, depth: int = 2, names: list[str] = NAMES) -> dict[str, Any]:
    """Return a schema of a few keywords and members called *names*, drawn from *source*."""
    kinds = source.sample(TYPES, source.choice([1, 1, 1, 2]))
    schema: dict[str, Any] = {"type": kinds[0] if len(kinds) == 1 else sorted(set(kinds))}
    for name in source.sample(list(BOUNDS), source.choice([0, 1, 2])):
        schema[name] = source.choice(BOUNDS[name])
    if depth and source.random() < 0.6:
        told = source.choice(["properties", "items", "additionalProperties", *COMBINED])
        schema[told] = _below(source, told, depth - 1, names)
    if source.random() < 0.2 and not _TELLING & schema.keys():
        del schema["type"]
    return schema


def _below(source: Random, keyword: str, depth: int, names: list[str]) -> Any:
    if keyword == "properties":
        return {name: a_schema(source, depth, names) for name in names}
    if keyword in COMBINED:
        return [a_schema(source, depth, names) for _ in range(source.choice([1, 2, 2]))]
    if keyword == "additionalProperties" and source.random() < 0.6:
        return source.random() < 0.5
    return a_schema(source, depth, names)


def a_pair(source: Random) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a schema and what became of it: one keyword more, less or other, somewhere in it."""
    old = a_schema(source)
    new = copy.deepcopy(old)
    spot = source.choice(list(_spots(new)))
    keyword = source.choice([*BOUNDS, "type", "properties", "items", *COMBINED])
    is_free = keyword != "type" or not _TELLING & spot.keys()
    if keyword in spot and is_free and source.random() < 0.5:
        del spot[keyword]
    elif "type" not in spot and keyword in _TELLING:
        spot["type"] = "object"
    elif keyword in BOUNDS:
        spot[keyword] = source.choice(BOUNDS[keyword])
    elif keyword == "type":
        spot[keyword] = source.choice(TYPES)
    elif keyword in COMBINED and keyword in spot:
        spot[keyword] = [*spot[keyword], a_schema(source, 1, NEW_NAMES)]
    else:
        told = _below(source, keyword, 1, NEW_NAMES)
        spot[keyword] = told if keyword != "properties" else {**spot.get(keyword, {}), **told}
    return old, new


def _spots(schema: Any) -> Iterator[dict[str, Any]]:
    """Yield *schema* and each schema within it."""
    if not isinstance(schema, dict):
        return
    yield schema
    below = [*schema.get("properties", {}).values(), schema.get("items")]
    below += [schema.get("additionalProperties")]
    for keyword in COMBINED:
        below += schema.get(keyword, [])
    for part in below:
        yield from _spots(part)


def met(schema: dict[str, Any]) -> set[int]:
    """Return which of VALUES meet *schema*, by plain jsonschema."""
    validator = Draft202012Validator(schema)
    return {at for at, value in enumerate(VALUES) if validator.is_valid(value)}


def names_in(schema: dict[str, Any]) -> set[str]:
    """Return the names of all members that *schema* describes."""
    return {name for spot in _spots(schema) for name in spot.get("properties", ())}


def has_others(value: Any, names: set[str]) -> bool:
    """Tell whether an object in *value* has a member that is none of *names*."""
    if isinstance(value, list):
        return any(has_others(item, names) for item in value)
    below = value if isinstance(value, dict) else {}
    return not below.keys() <= names or any(has_others(it, names) for it in below.values())


def respelt(schema: Any) -> Any:
    """Return *schema* in other words: members and sets backwards, and what says nothing around."""
    if not isinstance(schema, dict):
        return schema
    turned: dict[str, Any] = {}
    for name in reversed(schema):
        told = schema[name]
        if name == "properties":
            told = {key: {"allOf": [respelt(told[key])]} for key in reversed(told)}
        elif name in COMBINED:
            told = [respelt(part) for part in reversed(told)]
        elif name in {"items", "additionalProperties"}:
            told = respelt(told)
        elif name in {"required", "enum", "type"} and isinstance(told, list):
            told = told[::-1]
        turned[name] = told
    if "const" in turned and "enum" not in turned:
        turned["enum"] = [turned.pop("const")]
    return {"anyOf": [{**turned, "description": "The same."}]}


def _nullable(keyword: str) -> Any:
    rule: Any = Draft4Validator.VALIDATORS[keyword]

    def judge(validator: Any, wanted: Any, value: object, schema: Any) -> Any:
        is_null = value is None and schema.get("nullable")
        return () if is_null else rule(validator, wanted, value, schema)

    return judge


PLAIN: Any = extend(Draft4Validator, {name: _nullable(name) for name in ("type", "enum")})  # type: ignore[no-untyped-call]
"""The validator of plain jsonschema for schemas of OpenAPI 3.0."""


def older(schema: Any) -> Any:
    """Return *schema* as OpenAPI 3.0 has it: one type, `nullable`, `enum`, flags for bounds."""
    if not isinstance(schema, dict):
        return schema
    found = dict(schema)
    told = found.get("type")
    kinds = [kind for kind in (told if isinstance(told, list) else [told]) if kind != "null"]
    if told is not None:
        found["type"] = kinds[0] if kinds else "string"
        found |= {"nullable": True} if len(kinds) == 0 or "null" in told else {}
    if "const" in found:
        found["enum"] = [found.pop("const")]
    for name, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if name in found:
            found[bound] = found.pop(name)
            found[name] = True
    for name in (*COMBINED, "properties", "items", "additionalProperties"):
        if name in found:
            found[name] = _older_below(found[name], is_map=name == "properties")
    # In 3.0 an array has items.
    return found | ({"items": {}} if found.get("type") == "array" and "items" not in found else {})


def _older_below(told: Any, *, is_map: bool) -> Any:
    if is_map:
        return {name: older(part) for name, part in told.items()}
    return [older(part) for part in told] if isinstance(told, list) else older(told)
