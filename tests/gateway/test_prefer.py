"""`Prefer`: one answer of the contract's examples (RFC 7240, the Prism convention)."""

import time
from datetime import timedelta
from typing import Any

import pytest
from jsonschema import Draft4Validator

from mock_server.contract.contract import Contract, Operation, load_contract
from mock_server.gateway.prefer import Examples, Preference, read_preference
from mock_server.http.headers import Headers
from mock_server.http.problems import ValidationProblem
from tests.conftest import TTD_ORDER, Client
from tests.support.create_bodies import CREATES
from tests.support.problem_bodies import problem

CONTRACT = load_contract()
ANSWERS = [
    (operation, status)
    for operation in CONTRACT.operations()
    for status in CONTRACT.responses(operation)
]
NAMED = [
    (operation, status, name)
    for operation, status in ANSWERS
    for name in CONTRACT.responses(operation)[status]
    .get("content", {})
    .get("application/json", {})
    .get("examples", {})
]


def ask(api: Client, operation: Operation, prefer: str, **more: Any) -> Any:
    """Return the answer to a request for *operation* that prefers *prefer*."""
    path = operation.path.replace("{id}", TTD_ORDER)
    if operation.media_types:
        more["json"] = CREATES.get(path, {})
    headers = more.setdefault("headers", {})
    headers["Prefer"] = prefer
    if more.get("token", "valid") == "valid" and operation.required_scopes:
        scope = " ".join(sorted(operation.required_scopes))
        headers["Authorization"] = f"Bearer {api.mock.token(scope=scope)}"
    return api.call(operation.method, path, **more)


def errors(body: Any, response: dict[str, Any]) -> list[str]:
    """Return the errors of *body* by the schema of *response*."""
    schema = dict(response["content"]["application/json"]["schema"])
    whole = {**_nullable(schema), "components": _nullable(CONTRACT.document["components"])}
    return [error.message for error in Draft4Validator(whole).iter_errors(body)]


def _nullable(node: Any) -> Any:
    """Return *node* as JSON Schema says it: what is nullable may be null."""
    if isinstance(node, list):
        return [_nullable(item) for item in node]
    if not isinstance(node, dict):
        return node
    inner = {name: _nullable(value) for name, value in node.items()}
    return {"anyOf": [inner, {"type": "null"}]} if node.get("nullable") is True else inner


@pytest.mark.parametrize(
    ("operation", "status"),
    ANSWERS,
    ids=lambda value: getattr(value, "operation_id", value),
)
def test_every_documented_code_is_answered_as_its_schema_says(
    api: Client, operation: Operation, status: str
) -> None:
    answer = ask(api, operation, f"code={status}")

    response = CONTRACT.responses(operation)[status]
    assert answer.status_code == int(status)
    assert answer.headers["preference-applied"] == f"code={status}"
    if "content" in response:
        assert errors(answer.json(), response) == []
        assert answer.headers["content-type"] == "application/json; charset=utf-8"
    else:
        assert (answer.content, "content-type" in answer.headers) == (b"", False)
    needed = {name for name, header in response.get("headers", {}).items()}
    resolved = {name: CONTRACT.resolved(response["headers"][name]) for name in needed}
    needed = {name for name, header in resolved.items() if header.get("required")}
    assert {name.lower() for name in needed} <= {*answer.headers}


@pytest.mark.parametrize(
    ("operation", "status", "name"),
    NAMED,
    ids=lambda value: getattr(value, "operation_id", value),
)
def test_every_example_is_answered_by_its_name(
    api: Client, operation: Operation, status: str, name: str
) -> None:
    answers = [ask(api, operation, f"code={status}, example={name}")]
    if [item[2] for item in NAMED if item[0] == operation].count(name) == 1:
        answers.append(ask(api, operation, f'example="{name}"'))

    example = CONTRACT.responses(operation)[status]["content"]["application/json"]["examples"][name]
    for answer in answers:
        assert answer.status_code == int(status)
        assert answer.json() == CONTRACT.resolved(example)["value"]


def test_a_location_and_a_challenge_come_along(api: Client) -> None:
    created = api.call("POST", "/orders/email", json={}, headers={"Prefer": "code=202"})
    refused = api.cancel(headers={"Prefer": "code=401"})

    assert created.headers["location"].startswith("http")
    assert refused.headers["www-authenticate"].startswith("Bearer ")


def test_a_problem_has_the_media_type_that_accept_names(api: Client) -> None:
    wanted = {"Accept": "application/problem+json"}

    answers = [api.cancel(headers=wanted | {"Prefer": f"code={code}"}) for code in (409, 200)]

    types = [answer.headers["content-type"] for answer in answers]
    assert types == ["application/problem+json", "application/json; charset=utf-8"]


def test_what_is_preferred_changes_nothing_and_needs_no_valid_request(api: Client) -> None:
    before = api.mock.orders.list()

    api.cancel(headers={"Prefer": "code=200"})
    api.call("POST", "/orders/email", json={}, headers={"Prefer": "code=202"})
    invalid = api.cancel("no-guid", headers={"Prefer": "code=200"})

    assert invalid.status_code == 200
    assert api.mock.orders.list() == before


@pytest.mark.parametrize("token", [None, "expired"])
def test_authentication_comes_first(api: Client, token: str | None) -> None:
    answer = api.cancel(token=token, headers={"Prefer": "code=200"})

    assert (answer.status_code, answer.headers.get("preference-applied")) == (401, None)


def test_a_delay_alone_delays_the_usual_answer(api: Client) -> None:
    answer = api.cancel(headers={"Prefer": "delay=250"})

    assert answer.headers["preference-applied"] == "delay=250"
    assert answer.elapsed >= timedelta(milliseconds=250)
    assert api.mock.orders.get(TTD_ORDER)["status"] == "Cancelled"


def test_all_preferences_go_together_in_one_header_or_several(api: Client) -> None:
    name = next(name for item, _, name in NAMED if item.operation_id == "cancelOrder")
    parts = [("Prefer", "delay=100"), ("Prefer", f'code="200"; x=y , example={name}')]
    token = [("Authorization", f"Bearer {api.mock.token()}")]
    url = f"{api.mock.base_url}/orders/{TTD_ORDER}/cancel"

    answer = api.http.put(url, headers=parts + token)

    assert answer.headers["preference-applied"] == f"code=200, example={name}, delay=100"
    assert answer.elapsed >= timedelta(milliseconds=100)


@pytest.mark.parametrize(
    ("prefer", "words"),
    [
        ("code=418", "200, 400, 401, 403, 404, 409"),
        ("code=099", "200, 400"),
        ("code=", "200, 400, 401, 403, 404, 409"),
        ("code", "200, 400, 401, 403, 404, 409"),
        ("code=4xx", "code '4xx'; use 200, 400, 401, 403, 404, 409"),
        ("code=503", "409. A fault (POST /__mock/faults) answers with any"),
        ("code=600", "200, 400, 401, 403, 404, 409"),
        ("code=-1", "200, 400, 401, 403, 404, 409"),
        ("example=None", "OrderCancelled"),
        ("example=", "OrderCancelled"),
        ("code=404, example=OrderCancelled", "there is"),
        ("delay=60001", "60000"),
        ("delay=-1", "delay=-1"),
        ("delay=1.5", "delay=1.5"),
        ("delay=99999999999999999999", "60000"),
        ("code=418, delay=1", "200, 400"),
    ],
)
def test_what_there_is_not_is_refused_and_not_claimed(api: Client, prefer: str, words: str) -> None:
    answer = api.cancel(headers={"Prefer": prefer})

    assert words in problem(answer)["errors"]["Prefer"][0]
    assert (answer.status_code, answer.headers.get("preference-applied")) == (400, None)
    assert api.mock.orders.get(TTD_ORDER)["status"] == "Registered"


@pytest.mark.parametrize(
    "prefer", ["", ",", "return=minimal", "respond-async, wait=10", "x-code=409", 'a="code=409"']
)
def test_other_preferences_are_ignored(api: Client, prefer: str) -> None:
    answer = api.cancel(headers={"Prefer": prefer})

    assert (answer.status_code, answer.headers.get("preference-applied")) == (200, None)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("code=409", Preference(code="409")),
        ("CODE=409", Preference(code="409")),
        (' code = "409" ', Preference(code="409")),
        ("code=409, code=200", Preference(code="409")),
        ("code=409;foo=bar", Preference(code="409")),
        ('a="x, code=200", code=409', Preference(code="409")),
        ('a="x;y, code=200";b="z,", code=409', Preference(code="409")),
        ("example=A_b-1", Preference(example="A_b-1")),
        ('example="A b"', Preference(example="A b")),
        ("delay=0", Preference(delay=timedelta(0))),
        ('"', Preference()),
    ],
)
def test_a_header_is_read_as_rfc_7240_says(value: str, read: Preference) -> None:
    assert read_preference(Headers([(b"prefer", value.encode())])) == read


@pytest.mark.parametrize("piece", ["a", "a=", '"', "=", ",", " ", ";", "\\", 'a="b', "code=1,"])
def test_a_hostile_header_is_read_at_once(piece: str) -> None:
    text = piece * (32_000 // len(piece)) + '"x,y"'
    begun = time.thread_time()

    read_preference(Headers([(b"prefer", text.encode())]))

    assert time.thread_time() - begun < 5


def test_a_contract_without_examples_is_answered_without_a_body() -> None:
    document: Any = {"paths": {"/a": {"get": {"operationId": "getA", "responses": {}}}}}
    responses = document["paths"]["/a"]["get"]["responses"]
    content = {"application/json": {"examples": {"A": {"value": 1}}}}
    responses.update({"200": {"description": ""}, "default": {"content": content}})
    examples = Examples(Contract(b"", document))

    assert examples.answer("getA", Preference(code="200"), "").body == b""
    with pytest.raises(ValidationProblem, match="use 200"):
        examples.answer("getA", Preference(code="404"), "")
    with pytest.raises(ValidationProblem, match="there is none"):
        examples.answer("getA", Preference(example="A"), "")
