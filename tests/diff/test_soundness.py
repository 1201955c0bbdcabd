"""What is called harmless is so: random schemas, judged by a validator over sample values."""

import copy
import random
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mock_server.diff.change import Severity
from tests.support.contracts import calling, changes

VALUES: list[Any] = [None, True, False, 0, 1, 2, 3, -1, 1.5, 4, "", "a", "ab", "abc", "b"]
VALUES += [[], ["a"], [1], ["a", "a"], [1, 2], ["a", 1], {}, {"a": "a"}, {"a": 1}, {"b": "abc"}]
VALUES += [{"a": "a", "b": 1}, {"a": None}, {"a": "ab", "c": 1}, {"a": ["a"]}, {"a": {"a": "b"}}]
TYPES = ["string", "integer", "number", "boolean", "array", "object", "object"]
KEYWORDS: dict[str, list[Any]] = {
    "minLength": [1, 2],
    "maxLength": [1, 2, 3],
    "pattern": ["^a", "b$"],
    "minimum": [0, 1, 2],
    "exclusiveMaximum": [2, 3],
    "multipleOf": [1, 2, 4],
    "minItems": [0, 1, 2],
    "maxItems": [1, 2],
    "uniqueItems": [True, False],
    "required": [["a"], ["b"], ["a", "b"]],
    "additionalProperties": [True, False, {"type": "string"}],
    "maxProperties": [1, 2],
}


def _schema(source: random.Random, depth: int) -> dict[str, Any]:
    if depth and source.random() < 0.3:
        return {"anyOf": [_schema(source, depth - 1) for _branch in range(2)]}
    if source.random() < 0.2:
        return {"enum": source.sample(["a", "b", 1, 2, True, None], 3)}
    below = {name: _schema(source, depth - 1) if depth else {} for name in ("a", "b")}
    types = source.choice([*TYPES, ["string", "null"], ["integer", "string"]])
    return {"type": types, "properties": below, "items": below["a"]} | _keywords(source)


def _keywords(source: random.Random) -> dict[str, Any]:
    return {name: source.choice(KEYWORDS[name]) for name in source.sample(list(KEYWORDS), 3)}


def _mutated(source: random.Random, schema: dict[str, Any]) -> dict[str, Any]:
    changed = copy.deepcopy(schema)
    spots = [changed, *changed.get("properties", {}).values(), *changed.get("anyOf", ())]
    source.choice([spot for spot in spots if spot]).update(_keywords(source))
    return changed


def _met(schema: dict[str, Any]) -> set[int]:
    validator = Draft202012Validator(schema)
    return {at for at, value in enumerate(VALUES) if validator.is_valid(value)}


def _contract(direction: str, schema: dict[str, Any]) -> dict[str, Any]:
    body = {"content": {"a/b": {"schema": schema}}}
    answer = {"responses": {"200": {"description": "d", **body}}}
    operation = answer if direction == "response" else {"requestBody": body}
    return calling("", "3.1.0", paths={"/a": {"post": operation}})


def _is_harmless(direction: str, old: dict[str, Any], new: dict[str, Any]) -> bool:
    found = changes(_contract(direction, old), _contract(direction, new))
    return all(change.finding.severity is Severity.HARMLESS for change in found)


@pytest.mark.parametrize("seed", range(20))
def test_what_is_harmless_refuses_no_request_and_adds_no_response(seed: int) -> None:
    source = random.Random(seed)  # noqa: S311 - no secret

    for _pair in range(25):
        old = _schema(source, 2)
        new = _mutated(source, old) if source.random() < 0.8 else _schema(source, 2)
        before, after = _met(old), _met(new)

        assert before <= after or not _is_harmless("request", old, new), (old, new)
        assert after <= before or not _is_harmless("response", old, new), (old, new)
