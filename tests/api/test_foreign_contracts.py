"""Contracts of others are served as OpenAPI 3.0 means them, never with a 5xx of our own."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mock_server import MockServer

HEAD = "openapi: 3.0.3\ninfo: {title: T, version: 1.0.0}\n"
OK = '{"200": {description: ok, content: {application/json: {example: {a: 1}}}}}'
PARAMETERS = {
    "allOf": "{allOf: [{type: string, enum: [a, b]}]}",
    "choice": "{oneOf: [{type: string, enum: [a]}, {type: integer, minimum: 5}]}",
    "flag": "{anyOf: [{type: boolean}]}",
    "list": "{type: array, items: {allOf: [{type: integer, maximum: 3}]}}",
    "listed": "{enum: [1, 2]}",
    "referred": "{$ref: '#/components/schemas/Word'}",
    "date": "{type: string, format: date}",
    "moment": "{type: string, format: date-time}",
    "price": "{type: number, multipleOf: 0.01}",
    "digits": "{type: string, pattern: '^\\d{3}$'}",
}
BODIES = {
    "readOnly": "{type: object, required: [id, name], properties: "
    "{id: {type: integer, readOnly: true}, name: {type: string}}}",
    "tree": "{$ref: '#/components/schemas/Tree'}",
}
ANSWERS = {
    "choice": "{type: object, properties: {s: {oneOf: [{type: string, enum: [a, b]}]}}}",
    "above": "{type: integer, minimum: 0, exclusiveMinimum: true}",
    "between": "{type: number, minimum: 0, exclusiveMinimum: true, maximum: 1}",
    "below": "{type: integer, maximum: 0, exclusiveMaximum: true}",
    "multiple": "{type: integer, minimum: 4, multipleOf: 3}",
    "example": "{allOf: [{type: string, pattern: '^x', example: xyz}]}",
    "unknown": "{type: string, pattern: '^[a-z]{3}$'}",
}
COMPONENTS = """
components:
  schemas:
    Word: {allOf: [{type: string, maxLength: 2}]}
    Tree:
      type: object
      required: [v]
      properties: {v: {type: integer}, t: {$ref: '#/components/schemas/Tree'}}
"""


def _contract() -> str:
    lines = [f"{HEAD}paths:"]
    for name, schema in PARAMETERS.items():
        parameter = f"[{{name: q, in: query, schema: {schema}}}]"
        get = f"{{operationId: q{name}, parameters: {parameter}, responses: {OK}}}"
        lines.append(f"  /q/{name}: {{get: {get}}}")
    for name, schema in BODIES.items():
        body = f"{{required: true, content: {{application/json: {{schema: {schema}}}}}}}"
        post = f"{{operationId: b{name}, requestBody: {body}, responses: {OK}}}"
        lines.append(f"  /b/{name}: {{post: {post}}}")
    optional = "{content: {application/json: {schema: {type: object, required: [a]}}}}"
    post = f"{{operationId: optional, requestBody: {optional}, responses: {OK}}}"
    lines.append(f"  /b/optional: {{post: {post}}}")
    for name, schema in ANSWERS.items():
        error = "{description: e, content: {application/json: {schema: {required: [code]}}}}"
        content = f"{{application/json: {{schema: {schema}}}}}"
        told = f"{{'200': {{description: d, content: {content}}}, default: {error}}}"
        lines.append(f"  /a/{name}: {{get: {{operationId: a{name}, responses: {told}}}}}")
    data = "{properties: {a: {$ref: '#/$defs/a'}}}"
    told = f"{{'200': {{description: d, content: {{application/json: {{example: {data}}}}}}}}}"
    lines.append(f"  /a/data: {{get: {{operationId: aData, responses: {told}}}}}")
    return "\n".join(lines) + COMPONENTS


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    file = tmp_path_factory.mktemp("foreign") / "openapi.yaml"
    file.write_text(_contract(), encoding="utf-8")
    with (
        MockServer(port=0, spec=file, seed="none") as mock,
        httpx.Client(base_url=mock.base_url) as client,
    ):
        yield client


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("allOf", "a", 200),
        ("allOf", "c", 400),
        ("choice", "a", 200),
        ("choice", "5", 200),
        ("choice", "4", 400),
        ("flag", "true", 200),
        ("flag", "yes", 400),
        ("list", "3", 200),
        ("list", "3,4", 400),
        ("listed", "2", 200),
        ("listed", "3", 400),
        ("referred", "ab", 200),
        ("referred", "abc", 400),
        ("date", "2024-02-29", 200),
        ("date", "2024-02-30", 400),
        ("date", "20240229", 400),
        ("moment", "1990-12-31T23:59:60Z", 200),
        ("moment", "1990-12-31T23:58:60Z", 400),
        ("price", "19.99", 200),
        ("price", "19.995", 400),
        ("price", "NaN", 400),
        ("digits", "123", 200),
        ("digits", "\uff11\uff12\uff13", 400),
    ],
)
def test_a_parameter_is_judged_by_its_schema(
    foreign: httpx.Client, name: str, value: str, status: int
) -> None:
    answer = foreign.get(f"/q/{name}", params={"q": value})

    assert (answer.status_code, value) == (status, value), answer.text


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("readOnly", {"name": "a"}, 200),
        ("readOnly", {"id": 1}, 400),
        ("tree", {"v": 1, "t": {"v": 2}}, 200),
        ("tree", {"v": 1, "t": {"t": {"v": 1}}}, 400),
        ("optional", {"a": 1}, 200),
        ("optional", {}, 400),
    ],
)
def test_a_body_is_judged_by_its_schema(
    foreign: httpx.Client, name: str, body: Any, status: int
) -> None:
    answer = foreign.post(f"/b/{name}", json=body)

    assert answer.status_code == status, answer.text


def test_an_optional_body_need_not_be_sent(foreign: httpx.Client) -> None:
    assert foreign.post("/b/optional").status_code == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("choice", {"s": "a"}),
        ("above", 1),
        ("between", 0.5),
        ("below", -1),
        ("multiple", 6),
        ("example", "xyz"),
        ("data", {"properties": {"a": {"$ref": "#/$defs/a"}}}),
    ],
)
def test_an_answer_is_told_from_its_schema(foreign: httpx.Client, name: str, value: object) -> None:
    answer = foreign.get(f"/a/{name}")

    assert (answer.status_code, answer.json()) == (200, value)


def test_an_answer_that_is_not_told_is_501_whatever_the_contract_says_of_others(
    foreign: httpx.Client,
) -> None:
    answer = foreign.get("/a/unknown")

    assert answer.status_code == 501
    assert "Add an example" in answer.json()["detail"]
