"""Contracts as other authors and tools write them are compared by what they allow."""

import pytest

from mock_server.diff.change import Change, Side
from mock_server.diff.contracts import compare_documents
from mock_server.diff.document import load_document

HEAD = "info: {title: T, version: 1.0.0}\npaths:\n  /t:\n    post:\n      operationId: t\n"
OK = "{'200': {description: ok}}"
PET = "Pet: {type: object, required: [t], properties: {t: {type: string}}, discriminator: "
PET += "{propertyName: t}}"
IS_PET = "{$ref: '#/components/schemas/Pet'}"


def _request(schema: str, version: str = "3.0.3") -> str:
    body = f"{{required: true, content: {{application/json: {{schema: {schema}}}}}}}"
    return f"openapi: {version}\n{HEAD}      requestBody: {body}\n      responses: {OK}\n"


def _answer(schema: str, media_type: str = "application/json") -> str:
    content = f"{{'{media_type}': {{schema: {schema}}}}}"
    told = f"{{'200': {{description: ok, content: {content}}}}}"
    return f"openapi: 3.0.3\n{HEAD}      responses: {told}\n"


def _parameter(parameter: str) -> str:
    return f"openapi: 3.0.3\n{HEAD}      parameters: [{parameter}]\n      responses: {OK}\n"


def _changes(old: str, new: str) -> tuple[Change, ...]:
    before = load_document(Side.OLD, "old", old.encode())
    return compare_documents(before, load_document(Side.NEW, "new", new.encode())).changes


def _worst(old: str, new: str) -> str:
    found = [str(change.finding.severity) for change in _changes(old, new)]
    return next((name for name in ("breaking", "risky", "harmless") if name in found), "none")


def _dog(more: str, kind: str = "string") -> str:
    own = f"{{type: object, {more} properties: {{d: {{type: {kind}}}}}}}"
    return f"Dog: {{allOf: [{IS_PET}, {own}]}}"


def _kinds(*schemas: str) -> str:
    return f"components: {{schemas: {{{', '.join(schemas)}}}}}\n"


@pytest.mark.parametrize("speaking", [_request, _answer])
def test_a_subtype_that_a_discriminator_leads_to_is_compared(speaking: object) -> None:
    assert callable(speaking)
    text = speaking(IS_PET)
    old, new = (text + _kinds(PET, _dog("", kind)) for kind in ("string", "integer"))

    assert (_worst(old, new), _worst(old, old)) == ("breaking", "none")
    assert "Dog.d: its type is integer, was string" in {
        change.finding.sentence for change in _changes(old, new)
    }


def test_a_subtype_of_requests_may_not_ask_for_more_nor_go() -> None:
    text = _request(IS_PET)
    old = text + _kinds(PET, _dog(""))

    assert _worst(old, text + _kinds(PET, _dog("required: [e],"))) == "breaking"
    assert _worst(old, text + _kinds(PET)) == "breaking"
    assert _worst(text + _kinds(PET), old) == "harmless"


def test_a_subtype_of_a_subtype_is_one_and_stands_for_itself_alone() -> None:
    pup = "Pup: {allOf: [{$ref: '#/components/schemas/Dog'}, {properties: {p: {type: %s}}}]}"
    old, new = (_kinds(PET, _dog(""), pup % kind) for kind in ("string", "integer"))

    assert _worst(_request(IS_PET) + old, _request(IS_PET) + new) == "breaking"
    dog = "{$ref: '#/components/schemas/Dog'}"
    assert _worst(_request(dog) + old, _request(dog) + new) == "none"


@pytest.mark.parametrize(("was", "severity"), [(", readOnly: true", "breaking"), ("", "none")])
def test_a_member_that_becomes_one_of_requests_and_is_required_breaks(
    was: str, severity: str
) -> None:
    schema = "{{type: object, required: [id], properties: {{id: {{type: string{}}}}}}}"

    assert _worst(_request(schema.format(was)), _request(schema.format(""))) == severity


def test_a_parameter_that_is_written_as_json_is_another_one() -> None:
    plain = "{in: query, name: q, required: true, schema: {type: string}}"
    json = "{in: query, name: q, required: true, content: {application/json: "
    json += "{schema: {type: string}}}}"

    assert _worst(_parameter(plain), _parameter(json)) == "breaking"
    assert _worst(_parameter(json), _parameter(plain)) == "breaking"
    assert _worst(_parameter(json), _parameter(json)) == "none"


def test_a_parameter_may_hold_reserved_characters_unescaped() -> None:
    plain = "{in: query, name: q, schema: {type: string}}"
    reserved = "{in: query, name: q, allowReserved: true, schema: {type: string}}"

    assert _worst(_parameter(plain), _parameter(reserved)) == "harmless"
    assert _worst(_parameter(reserved), _parameter(plain)) == "breaking"


@pytest.mark.parametrize(("old", "new"), [("0.3", "0.1"), ("0.07", "0.01"), ("0.01", "0.001")])
def test_multiples_are_those_of_decimal_numbers(old: str, new: str) -> None:
    one, other = (_request(f"{{type: number, multipleOf: {step}}}") for step in (old, new))

    assert (_worst(one, other), _worst(other, one)) == ("harmless", "breaking")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("type: integer, format: int32, enum: [1, 2]", "type: integer, enum: [1, 2]"),
        ("type: integer, minimum: 0, maximum: 21600", "format: int32"),
        ("type: integer, minimum: 0, maximum: 2147483647", "format: int32"),
        ("type: string, enum: [ab, cd]", "maxLength: 2"),
        ("type: string, enum: [ab, cd]", "minLength: 2"),
        ("type: integer", "multipleOf: 1"),
        ("type: integer, enum: [2, 4]", "multipleOf: 2"),
        ("type: integer, enum: [2, 4]", "minimum: 2"),
        ("type: number, enum: [1.5, 2.5]", "maximum: 2.5"),
    ],
)
def test_a_bound_that_takes_nothing_away_is_no_change(one: str, other: str) -> None:
    old = _request(f"{{{one}}}")
    new = _request(f"{{{other if 'enum' in other else f'{one}, {other}'}}}")

    assert (_worst(old, new), _worst(new, old)) == ("none", "none")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("type: integer, minimum: 0, maximum: 2147483648", "format: int32"),
        ("type: string, enum: [ab, cde]", "maxLength: 2"),
        ("type: integer, enum: [2, 3]", "multipleOf: 2"),
        ("type: integer, enum: [2, 4]", "exclusiveMinimum: true, minimum: 2"),
        ("type: integer, enum: [1, 2147483648]", "format: int32"),
    ],
)
def test_a_bound_that_takes_a_value_away_breaks_requests(one: str, other: str) -> None:
    old, new = _request(f"{{{one}}}"), _request(f"{{{one}, {other}}}")

    assert _worst(old, new) == "breaking"
    assert _worst(new, old) != "breaking"


def test_values_that_are_named_one_by_one_are_an_enum() -> None:
    listed = _request("{type: integer, format: int32, enum: [1, 2]}", "3.1.0")
    single = "{type: integer, format: int32, oneOf: [{const: 1}, {const: 2}]}"
    text = _request("{type: string, format: x, oneOf: [{const: a}, {const: b}]}", "3.1.0")

    assert _worst(listed, _request(single, "3.1.0")) == "none"
    assert _worst(_request("{type: string, format: x, enum: [a, b]}", "3.1.0"), text) == "none"
    assert _worst(listed, _request(single.replace(", {const: 2}", ""), "3.1.0")) == "breaking"


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("format: byte", "contentEncoding: base64"),
        ("format: binary", "contentMediaType: application/octet-stream"),
    ],
)
def test_binary_is_written_in_two_ways(older: str, newer: str) -> None:
    old, new = (
        _request(f"{{type: string, {older}}}"),
        _request(f"{{type: string, {newer}}}", "3.1.0"),
    )

    assert (_worst(old, new), _worst(new, old)) == ("none", "none")


def test_an_answer_may_come_in_fewer_media_types() -> None:
    every, one = _answer("{type: string}", "*/*"), _answer("{type: string}")

    assert _worst(every, one) == "harmless"
    assert _worst(every, _answer("{type: integer}")) == "breaking"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("type: integer, format: int32, minimum: 0, maximum: 9", "type: integer, format: int32"),
        ("type: integer, format: int32, enum: [1, 2]", "type: integer, format: int32"),
        ("type: string, minLength: 1, enum: [a, b]", "type: string, minLength: 1"),
        ("type: integer, minimum: 1, enum: [1, 2]", "type: integer, minimum: 1"),
        ("type: number, multipleOf: 0.5, enum: [1, 2.5]", "type: number, multipleOf: 0.5"),
    ],
)
def test_what_allows_more_takes_nothing_away_by_what_was_idle_before(old: str, new: str) -> None:
    assert _worst(_request(f"{{{old}}}"), _request(f"{{{new}}}")) == "harmless"
    assert _worst(_request(f"{{{new}}}"), _request(f"{{{old}}}")) == "breaking"


def test_an_object_that_could_not_be_is_no_promise() -> None:
    schema = "{{type: object, required: [a], properties: {{a: {}}}}}"
    old, new = (_request(schema.format(kind), "3.1.0") for kind in ("false", "{type: string}"))

    assert _worst(old, new) == "harmless"


OVERLAPPING = "oneOf: [{type: object, required: [foo]}, {type: object, required: [bar]}]"
APART = "oneOf: [{type: object, required: [k], properties: {k: {enum: [a]}}}, "
APART += "{type: object, required: [k], properties: {k: {enum: [b]}}}]"


@pytest.mark.parametrize(
    ("old", "new", "severity"),
    [
        ("type: object, required: [foo, bar]", OVERLAPPING, "breaking"),
        (OVERLAPPING.replace("oneOf", "anyOf"), OVERLAPPING, "breaking"),
        (OVERLAPPING, OVERLAPPING.replace("oneOf", "anyOf"), "none"),
        (OVERLAPPING, OVERLAPPING, "none"),
        (APART.replace("oneOf", "anyOf"), APART, "none"),
        ("type: string", "oneOf: [{type: string}, {type: integer}]", "harmless"),
        ("type: number", "oneOf: [{type: number}, {type: integer}]", "breaking"),
    ],
)
def test_requests_that_meet_two_alternatives_are_refused(old: str, new: str, severity: str) -> None:
    before, after = (_request(f"{{{schema}}}", "3.1.0") for schema in (old, new))

    assert _worst(before, after) == severity


def test_answers_that_met_two_alternatives_may_come_now() -> None:
    old, new = (_answer(f"{{{OVERLAPPING.replace('oneOf', word)}}}") for word in ("oneOf", "anyOf"))

    told = [change.finding.sentence for change in _changes(old, new)]
    assert (_worst(old, new), _worst(new, old)) == ("breaking", "none")
    assert "it may break" in told[0]


def test_a_member_that_could_not_be_and_now_can_is_new_in_answers() -> None:
    schema = "{{type: object, properties: {{a: {{type: string, allOf: [{}]}}}}}}"
    old, new = (_answer(schema.format(part)) for part in ("{type: integer}", "{}"))

    assert _worst(old, new) == "risky"


def test_a_member_that_cannot_be_and_is_required_now_refuses_all() -> None:
    schema = "{{type: object, {} properties: {{a: {{type: string, allOf: [{{type: integer}}]}}}}}}"
    old, new = (_request(schema.format(part)) for part in ("", "required: [a],"))

    assert _worst(old, new) == "breaking"
