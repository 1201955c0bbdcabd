"""Values are judged as plain jsonschema judges them, in the dialects of OpenAPI."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from mock_server.contract.judge import Judge
from mock_server.contract.keywords import Dialect, pattern_fault
from mock_server.contract.schemas import answers_of, errors_in, message_of, place_of, requests
from tests.support.schemas import PLAIN

WORDS = st.sampled_from(["", "a", "ab\n", "2030-01-01T00:00:00Z", "2030-01-01", "é"])
SCALARS = st.none() | st.booleans() | st.integers(-2, 3) | st.sampled_from([0.0, 1.0, 1.5]) | WORDS
NAMES = st.sampled_from(["one", "two", "nullable"])
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)
TYPES = ["array", "boolean", "integer", "null", "number", "object", "string"]


def _keywords(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Return schemas of any keywords, those within them of *inner*."""
    several = st.lists(inner, min_size=1, max_size=3)
    members = st.dictionaries(NAMES, inner, max_size=3)
    return st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(TYPES) | st.lists(st.sampled_from(TYPES), min_size=1),
            "nullable": st.booleans(),
            "enum": st.lists(SCALARS, min_size=1, max_size=3),
            "pattern": st.sampled_from(["^a", "b", r"a\$", "."]),
            "minLength": st.integers(0, 2),
            "maxLength": st.integers(0, 2),
            "minimum": st.integers(0, 2),
            "maximum": st.integers(0, 2),
            "multipleOf": st.integers(1, 2),
            "required": st.lists(NAMES, min_size=1, max_size=2, unique=True),
            "minProperties": st.integers(0, 2),
            "properties": members,
            "additionalProperties": st.booleans() | inner,
            "items": inner,
            "minItems": st.integers(0, 2),
            "uniqueItems": st.booleans(),
            "allOf": several,
            "anyOf": several,
            "oneOf": several,
            "not": inner,
            "description": WORDS,
            "example": DOCUMENTS,
        },
    )


SCHEMAS = st.recursive(_keywords(st.just({})), _keywords, max_leaves=4)


@given(SCHEMAS, DOCUMENTS)
@settings(deadline=None)
def test_a_value_is_valid_where_plain_jsonschema_says_so(
    schema: dict[str, Any], document: object
) -> None:
    errors = list(PLAIN(schema).iter_errors(document))

    found = requests().faults(schema, document)
    assert bool(found) == bool(errors)
    assert {place_of(fault) for fault in found} == {error.json_path for error in errors}


SAMPLES: list[tuple[dict[str, Any], object]] = [
    ({"required": ["a"]}, {}),
    ({"type": ["string", "array"]}, 5),
    ({"enum": ["a", 1]}, "x"),
    ({"minimum": 2}, 1),
    ({"minimum": 2, "exclusiveMinimum": True}, 2),
    ({"maximum": 2}, 3),
    ({"maximum": 2, "exclusiveMaximum": True}, 2),
    ({"multipleOf": 2}, 3),
    ({"minLength": 1}, ""),
    ({"minLength": 2}, "a"),
    ({"maxLength": 1}, "ab"),
    ({"minItems": 1}, []),
    ({"maxItems": 0}, [1]),
    ({"uniqueItems": True}, [1, 1]),
    ({"pattern": "^a"}, "b"),
    ({"minProperties": 1}, {}),
    ({"minProperties": 2}, {"a": 1}),
    ({"maxProperties": 0}, {"a": 1}),
    ({"additionalProperties": False}, {"b": 1, "a": 2}),
    ({"properties": {"a": {"items": {"type": "string"}}}}, {"a": ["x", 1, None]}),
    ({"anyOf": [{"type": "string"}, {"type": "boolean"}]}, 4),
    ({"oneOf": [{"type": "string"}, {"type": "boolean"}]}, 4),
    ({"properties": {"b": {"type": "string"}, "a": {"type": "string"}}}, {"a": 1, "b": 2}),
]


@pytest.mark.parametrize(("schema", "value"), SAMPLES, ids=lambda value: str(value)[:40])
def test_a_breach_is_told_in_the_words_of_jsonschema(schema: dict[str, Any], value: object) -> None:
    told = [(place_of(it), message_of(it)) for it in requests().faults(schema, value)]

    assert told == [(it.json_path, it.message) for it in Draft4Validator(schema).iter_errors(value)]


def test_a_value_of_more_than_one_alternative_is_told() -> None:
    told = errors_in("a", {"oneOf": [{"type": "string"}, {"maxLength": 3}]})

    assert told == {"$": ["'a' is valid under more than one of the given schemas."]}


def test_a_schema_within_itself_is_judged_all_the_way_down() -> None:
    schema: dict[str, Any] = {"type": "array"}
    schema["items"] = schema

    assert requests().holds(schema, [[], [[]]])
    assert not requests().holds(schema, [[], [[1]]])


def test_a_schema_that_is_shared_without_measure_is_read_once() -> None:
    schema: dict[str, Any] = {"type": "object", "required": ["x"], "properties": {}}
    for _ in range(64):
        schema = {"properties": {"a": schema, "b": schema}}

    assert requests().holds(schema, {"a": {"b": {}}})


def test_half_a_pair_of_surrogates_is_a_character() -> None:
    assert requests().holds({"type": "string", "maxLength": 1}, "\ud800")
    assert not requests().holds({"maxLength": 1}, "\ud800a")


def test_a_member_that_only_requests_have_is_not_in_an_answer() -> None:
    schema = {"properties": {"secret": {"type": "string", "writeOnly": True}}}

    assert answers_of({}).holds(schema, {})
    assert not answers_of({}).holds(schema, {"secret": "a"})


@pytest.mark.parametrize("word", ["\uff11\uff12\uff13", "12", "123\n"])
def test_digits_are_those_of_ecma_262(word: str) -> None:
    assert not requests().holds({"pattern": r"^\d{3}$"}, word)
    assert requests().holds({"pattern": r"^\d{3}$"}, "123")


@pytest.mark.parametrize(("pattern", "is_good"), [(r"^(?<y>\d)$", True), (r"a\Z", False)])
def test_a_pattern_is_one_of_ecma_262(pattern: str, is_good: bool) -> None:  # noqa: FBT001
    assert (pattern_fault(pattern) is None) is is_good


@pytest.mark.parametrize(("number", "is_good"), [(19.99, True), (19.995, False), (1e22, True)])
def test_multiples_are_those_of_decimal_numbers(number: float, is_good: bool) -> None:  # noqa: FBT001
    assert requests().holds({"multipleOf": 0.01}, number) is is_good


def test_references_lead_into_the_document_wherever_the_schema_stands() -> None:
    schemas = {"A": {"properties": {"a": {"$ref": "#/components/schemas/A"}}, "required": ["b"]}}
    judge = Judge(Dialect({}), {"components": {"schemas": schemas}})

    told = judge.faults({"$ref": "#/components/schemas/A"}, {"b": 1, "a": {}})

    assert [(place_of(it), message_of(it)) for it in told] == [
        ("$.a", "'b' is a required property")
    ]


def test_a_reference_to_a_path_with_braces_is_followed() -> None:
    schema = {"type": "string", "enum": ["a"]}
    judge = Judge(Dialect({}), {"paths": {"/a/{id}": {"schema": schema}}})

    told = judge.faults({"$ref": "#/paths/~1a~1%7Bid%7D/schema"}, 1)

    assert [message_of(it) for it in told] == ["1 is not of type 'string'", "1 is not one of ['a']"]


def test_a_value_is_told_with_its_members_as_they_were_sent() -> None:
    schema = {"type": "object", "properties": {"list": {"items": {"type": "string"}}}}

    told = errors_in({"list": ["a", {"z": 1, "b": 2}]}, schema)

    assert told == {"$.list[1]": ["{'z': 1, 'b': 2} is not of type 'string'."]}


def _nested(levels: int, inner: object) -> object:
    for _ in range(levels):
        inner = {"a": inner, "b": None}
    return inner


@pytest.mark.parametrize("keyword", ["anyOf", pytest.param("oneOf", marks=pytest.mark.slow)])
def test_alternatives_within_themselves_are_judged_within_bounds(keyword: str) -> None:
    below = {"a": {"$ref": "#/components/schemas/Node"}}
    kinds = [{"type": "object", "properties": {**below, "b": {"type": kind}}} for kind in TYPES[:2]]
    node = {keyword: [*kinds, {"type": "integer"}]}
    document = {"components": {"schemas": {"Node": node}}}
    judge = Judge(Dialect({}), document)

    (fault,) = judge.faults(node, _nested(60, 1))
    assert (
        message_of(fault) == "the value has alternatives within alternatives, too deep to be judged"
    )
    assert [it.keyword for it in judge.faults(node, _nested(3, 1))] == [keyword]
    assert judge.holds(node, {"a": {"a": 1, "b": True}, "b": []})


def test_a_long_list_of_alternatives_is_no_deep_one() -> None:
    schema = {"items": {"anyOf": [{"type": "string"}, {"type": "integer"}]}}
    many = [1] * 20_000

    assert requests().holds(schema, many)
    assert [fault.place for fault in requests().faults(schema, [*many, None])] == [(20_000,)]
