"""Operations without a handler are answered from the contract's examples."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from mock_server import MockServer
from mock_server.app import Mock
from mock_server.contract.contract import ContractError
from mock_server.settings import Settings
from tests.support.processes import serving
from tests.support.reloads import CONTRACT

TEAPOT = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}
LOOP = {
    "type": "object",
    "required": ["in"],
    "properties": {"in": {"$ref": "#/components/schemas/Loop"}},
}
SELF = {"$ref": "#/components/schemas/Wide"}
WIDE = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "string"}} | {f"{index}": SELF for index in range(1001)},
}


def json_body(**media: object) -> dict[str, object]:
    """Return a response whose body is JSON of *media*."""
    return {"description": "Tea.", "content": {"application/json": media}}


NAMED = json_body(schema=TEAPOT, examples={"Big": {"value": {"name": "big"}}, "Two": {"value": 2}})
SCHEMA = {**TEAPOT, "properties": {"name": {"type": "string", "example": "of its schema"}}}
HEADER = {"required": True, "schema": {"type": "integer"}, "example": 7}
PATTERN_SCHEMA = {"type": "string", "pattern": "^T[0-9]$"}
PATTERN = json_body(schema=PATTERN_SCHEMA)
CODED = {**TEAPOT, "properties": {"name": {"type": "string"}, "code": PATTERN_SCHEMA}}
CODE = {"required": True, "schema": PATTERN_SCHEMA, "example": "T1"}
CSV = {"description": "Tea.", "content": {"text/csv": {"example": "a,b\r\n"}}}
BROKEN = {"Bad": {"value": {"name": 7}}, "Good": {"value": {"name": "good"}}}
BROKEN_ALL = {
    **json_body(schema=TEAPOT, example={"nam\né": 1}),
    "headers": {"X-Left": HEADER},
}
ANSWERS: dict[str, tuple[dict[str, Any], int, object]] = {
    "first-success": ({"404": NAMED, "202": NAMED, "200": CSV}, 202, {"name": "big"}),
    "one-example": (
        {"200": json_body(schema=TEAPOT, example={"name": "one"})},
        200,
        {"name": "one"},
    ),
    "by-schema": ({"200": json_body(schema=SCHEMA)}, 200, {"name": "of its schema"}),
    "no-example": ({"201": json_body(schema=TEAPOT)}, 201, {"name": ""}),
    "no-content": ({"204": {"description": "Gone."}}, 204, None),
    "range": ({"2XX": json_body(schema={"type": "array"})}, 200, [{}]),
    "default": ({"default": json_body(schema={"type": "integer", "minimum": 3})}, 200, 3),
    "header": ({"200": {**NAMED, "headers": {"X-Left": HEADER}}}, 200, {"name": "big"}),
    "not-json": ({"200": CSV}, 200, "a,b\r\n"),
    "pattern": ({"200": PATTERN}, 501, "/pattern → get → responses → 200 → content"),
    "optional-pattern": ({"200": json_body(schema=CODED)}, 200, {"name": ""}),
    "header-pattern": ({"200": {**NAMED, "headers": {"X-Code": CODE}}}, 200, {"name": "big"}),
    "loop": ({"200": json_body(schema={"$ref": "#/components/schemas/Loop"})}, 501, "an example"),
    "no-success": ({"404": NAMED}, 501, "a response such as '200'"),
    "wide": ({"200": json_body(schema={"$ref": "#/components/schemas/Wide"})}, 200, {"id": ""}),
    "long": ({"200": json_body(schema={"type": "string", "minLength": 10**9})}, 501, "an example"),
    "broken-example": ({"200": json_body(schema=TEAPOT, example=[])}, 200, []),
    "broken-first": ({"200": json_body(schema=TEAPOT, examples=BROKEN)}, 200, {"name": "good"}),
    "broken-all": ({"200": BROKEN_ALL}, 200, {"nam\né": 1}),
}
WARNINGS = {
    "broken-example": "example; it breaks its schema, at $: [] is not of type 'object'",
    "broken-all": "example; it breaks its schema, at $: 'name' is a required property",
}
GUARDED = {"guarded": {"get": {"operationId": "getGuarded", "responses": {"200": NAMED}}}}
BREW = {
    "operationId": "brew",
    "security": [],
    "parameters": [{"name": "cups", "in": "query", "schema": {"type": "integer", "maximum": 9}}],
    "requestBody": {"content": {"application/json": {"schema": TEAPOT}}},
    "responses": {"200": NAMED},
}


def contract() -> str:
    """Return the contract with all these operations in it."""
    document = yaml.safe_load(CONTRACT)
    for name, (responses, _status, _body) in ANSWERS.items():
        operation = {"operationId": f"get-{name}", "security": [], "responses": responses}
        document["paths"][f"/{name}"] = {"get": operation}
    document["paths"]["/guarded"] = GUARDED["guarded"]
    document["paths"]["/brew"] = {"post": BREW}
    document["components"]["schemas"] |= {"Loop": LOOP, "Wide": WIDE}
    return json.dumps(document, indent=1)


@pytest.fixture(scope="module")
def mock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MockServer]:
    """Return a server of that contract."""
    file = tmp_path_factory.mktemp("unwritten") / "openapi.yaml"
    file.write_text(contract(), encoding="utf-8")
    with MockServer(spec=file) as made:
        yield made


@pytest.mark.parametrize("name", ANSWERS)
def test_an_operation_is_answered_by_what_the_contract_says(mock: MockServer, name: str) -> None:
    _responses, status, body = ANSWERS[name]

    answer = httpx.get(f"{mock.base_url}/{name}")

    assert answer.status_code == status
    if status >= 500:
        assert str(body) in answer.json()["detail"]
    elif body is not None:
        assert body == (answer.text if isinstance(body, str) else answer.json())
    assert answer.headers.get("X-Mock-Notice") == WARNINGS.get(name, "example")
    assert answer.headers.get("X-Left") == ("7" if name in {"header", "broken-all"} else None)


@pytest.mark.parametrize("count", [1, 3, 4])
def test_answers_that_break_their_schemas_are_told_when_they_are_served(
    tmp_path: Path, count: int
) -> None:
    document = yaml.safe_load(CONTRACT)
    for name in "abcd"[:count]:
        operation = {"operationId": f"get-{name}", "responses": ANSWERS["broken-example"][0]}
        document["paths"][f"/{name}"] = {"get": operation}
    file = tmp_path / "openapi.yaml"
    file.write_text(json.dumps(document, indent=1), encoding="utf-8")

    told = Mock(Settings(spec=file)).slips()

    each = "is answered with an example that breaks its schema, at $: [] is not of type 'object'"
    many = "4 operations are answered with examples that break their schemas"
    if count == 4:
        assert told == [f"{many} (get-a, get-b, get-c and so on); `lint` names the places"]
    else:
        assert told == [f"get-{name} {each}" for name in "abc"[:count]]


def test_its_security_is_honoured(mock: MockServer) -> None:
    url = f"{mock.base_url}/guarded"

    statuses = [
        httpx.get(url, headers={"Authorization": f"Bearer {token}"}).status_code
        for token in (mock.token(), mock.token(preset="expired"), "x")
    ]

    assert [*statuses, httpx.get(url).status_code] == [200, 401, 401, 401]


@pytest.mark.parametrize(
    ("query", "body", "status", "place"),
    [
        ("", '{"name": "Earl Grey"}', 200, None),
        ("?cups=9", '{"name": "Earl Grey"}', 200, None),
        ("?cups=10", '{"name": "Earl Grey"}', 400, "cups"),
        ("", '{"name": 7}', 400, "$.name"),
        ("", "{", 400, "$"),
    ],
)
def test_requests_are_checked_by_their_schema(
    mock: MockServer, query: str, body: str, status: int, place: str | None
) -> None:
    headers = {"Content-Type": "application/json"}

    answer = httpx.post(f"{mock.base_url}/brew{query}", content=body, headers=headers)

    assert answer.status_code == status
    assert place is None or list(answer.json()["errors"]) == [place]


def test_a_body_of_another_type_is_refused(mock: MockServer) -> None:
    answer = httpx.post(f"{mock.base_url}/brew", data={"name": "Earl Grey"})

    assert answer.status_code == 415


@pytest.mark.slow
def test_the_command_serves_it_as_well(tmp_path: Path) -> None:
    file = tmp_path / "openapi.yaml"
    file.write_text(contract(), encoding="utf-8")

    with serving("--spec", str(file), "--dialect", "live") as served:
        assert httpx.get(f"{served.base_url}/one-example").json() == {"name": "one"}


@pytest.mark.parametrize(
    ("old", "new", "saying"),
    [
        ("/orders/{id}/cancel:\n    put:", "/orders/{id}/cancel:\n    get:", None),
        ("name: id\n      in: path", "name: key\n      in: path", "describes '{id}'"),
        ("sendersReference\n      in: query", "ref\n      in: query", "no parameter 'senders"),
    ],
)
def test_an_operation_that_code_cannot_do_without_is_refused(
    tmp_path: Path, old: str, new: str, saying: str | None
) -> None:
    file = tmp_path / "openapi.yaml"
    assert old in CONTRACT
    file.write_text(CONTRACT.replace(old, new), encoding="utf-8")

    if saying is None:
        MockServer(spec=file)
    else:
        with pytest.raises(ContractError, match=saying):
            MockServer(spec=file)
