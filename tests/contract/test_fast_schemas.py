"""What is told to be surely valid is valid by jsonschema too, whatever the schema and document."""

from typing import Any

import pytest
from connexion.json_schema import Draft4ResponseValidator
from hypothesis import given
from hypothesis import strategies as st

from mock_server.connexion_app.specifications import specification_of
from mock_server.connexion_app.validators import sure_answers
from mock_server.contract.contract import load_contract
from mock_server.contract.schemas import sure_checks, validator_of

WORDS = st.sampled_from(["", "a", "ab\n", "2030-01-01T00:00:00Z", "2030-01-01", "é"])
SCALARS = st.none() | st.booleans() | st.integers(-2, 3) | st.sampled_from([0.0, 1.0, 1.5]) | WORDS
NAMES = st.sampled_from(["one", "two", "nullable"])
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)
TYPES = ["array", "boolean", "integer", "null", "number", "object", "string"]


def keywords(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Return schemas of any keywords, those within them of *inner*."""
    several = st.lists(inner, min_size=1, max_size=3)
    members = st.dictionaries(NAMES, inner, max_size=3)
    return st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(TYPES) | st.lists(st.sampled_from(TYPES), min_size=1),
            "nullable": st.booleans(),
            "x-nullable": st.booleans(),
            "enum": st.lists(SCALARS, min_size=1, max_size=3),
            "pattern": st.sampled_from(["^a", "b$", r"a\$", "."]),
            "format": st.sampled_from(["uuid", "date-time", "duration", "email", "none"]),
            "minLength": st.integers(0, 2),
            "maxLength": st.integers(0, 2),
            "minimum": st.integers(0, 2),
            "exclusiveMinimum": st.booleans(),
            "maximum": st.integers(0, 2),
            "exclusiveMaximum": st.booleans(),
            "required": st.lists(NAMES, min_size=1, max_size=2, unique=True),
            "minProperties": st.integers(0, 2),
            "properties": members,
            "additionalProperties": st.booleans() | inner,
            "items": inner | several,
            "uniqueItems": st.booleans(),
            "allOf": several,
            "anyOf": several,
            "oneOf": several,
            "not": inner,
            "writeOnly": st.booleans(),
            "description": WORDS,
            "example": DOCUMENTS,
        },
    )


SCHEMAS = st.recursive(keywords(st.just({})), keywords, max_leaves=4)


@given(SCHEMAS, DOCUMENTS)
def test_what_is_sure_is_no_error_of_an_answer(schema: dict[str, Any], document: object) -> None:
    checker = Draft4ResponseValidator.FORMAT_CHECKER
    validator = Draft4ResponseValidator(schema, format_checker=checker)

    assert validator.is_valid(document) or not sure_answers().holds(schema, document)


@given(SCHEMAS, DOCUMENTS)
def test_what_is_sure_is_no_error_of_a_request(schema: dict[str, Any], document: object) -> None:
    assert validator_of(schema).is_valid(document) or not sure_checks().holds(schema, document)


@pytest.mark.parametrize(
    ("schema", "document"),
    [
        ({}, {"any": ["thing"]}),
        ({"type": "string", "nullable": True, "enum": ["a", "b"]}, None),
        ({"type": "string", "format": "date-time"}, "2030-01-01T00:00:00Z"),
        ({"properties": {"a": {"items": {"type": "integer"}}}, "required": ["a"]}, {"a": [1, 2]}),
        ({"additionalProperties": False, "properties": {"a": {}, "b": {}}}, {"b": 1}),
        ({"anyOf": [{"type": "string"}, {"allOf": [{"type": "integer"}]}]}, 7),
        ({"properties": {"a": {"not": {}}}}, {"b": 1}),
    ],
)
def test_what_is_plainly_valid_is_sure(schema: dict[str, Any], document: object) -> None:
    assert sure_answers().holds(schema, document)


def test_a_schema_within_itself_is_left_to_jsonschema() -> None:
    schema: dict[str, Any] = {"type": "array"}
    schema["items"] = schema

    assert not sure_answers().holds(schema, [[]])


def test_what_the_contract_shows_of_answers_is_sure() -> None:
    unsure = []
    sure = sure_answers()
    for path, item in specification_of(load_contract(None))["paths"].items():
        for method, operation in item.items():
            for status, response in operation.get("responses", {}).items():
                if status >= "3":
                    continue  # problems are written by the gateway
                content = response.get("content", {}).get("application/json", {})
                named = content.get("examples", {}).values()
                shown = [example["value"] for example in named]
                shown += [content["example"]] if "example" in content else []
                unsure += [
                    f"{method} {path} {status}: {example}"
                    for example in shown
                    if not sure.holds(content["schema"], example)
                ]

    assert unsure == []
