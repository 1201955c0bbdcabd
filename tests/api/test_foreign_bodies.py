"""Bodies of contracts of others: media types, ranges and encodings, sent and answered."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mock_server.contract.changes import slips_between
from mock_server.contract.contract import load_contract
from tests.conftest import Client
from tests.support.foreign import contract, operation, served, with_body
from tests.support.processes import lines_of, serving

OBJECT = "{type: object}"
BODIES = {
    "any": {"*/*": OBJECT},
    "application": {"application/*": OBJECT},
    "suffixes": {"application/*+json": OBJECT},
    "charset": {"application/json; charset=utf-8": OBJECT},
    "capitals": {"Application/JSON": OBJECT},
    "patch": {"application/merge-patch+json": OBJECT},
    "json": {"application/json": OBJECT},
    "two": {"application/json": OBJECT, "text/plain": "{type: string}"},
    "versions": {
        "application/json; v=1": "{type: object}",
        "application/json; v=2": "{type: array}",
    },
}
JSON = "application/json"
MERGE = "application/merge-patch+json"
HIDDEN = "allOf: [{$ref: '#/components/schemas/Base'}, {type: object, required: [id, name]}]"
COMPONENTS = """
components:
  schemas:
    Id: {type: integer, readOnly: true}
    Base: {type: object, properties: {id: {$ref: '#/components/schemas/Id'}, name: {}}}
    Named: {type: object, properties: {$ref: {type: integer}}, required: [$ref]}
    Text: {description: of an answer, type: string}
  responses:
    default: {description: d, content: {application/json: {schema: {type: integer, example: 7}}}}
  securitySchemes:
    user: {type: http, scheme: basic}
"""
CSV = "{example: 'a,b'}"
ANSWERS = {
    "csv": f"{{text/csv: {CSV}, application/json: {{example: [1]}}}}",
    "range": "{'*/*': {example: {a: 1}}}",
    "text-range": "{'*/*': {example: plain}}",
    "charset": "{'application/json; charset=utf-8': {schema: {type: object}, example: {a: 1}}}",
    "suffix": "{application/hal+json: {schema: {type: object}, example: {a: 1}}}",
    "bad-suffix": "{application/hal+json: {schema: {type: object}, example: []}}",
    "xml": "{application/xml: {schema: {type: object}, example: {a: 1}}}",
    "xml-first": "{application/xml: {schema: {type: object}}, application/json: {schema: {}}}",
}


def _contract() -> str:
    paths: dict[str, dict[str, str]] = {
        f"/b/{name}": {"post": operation(f"b-{name}", more=with_body(content))}
        for name, content in BODIES.items()
    }
    for name, content in ANSWERS.items():
        told = f"{{'200': {{description: d, content: {content}}}}}"
        paths[f"/a/{name}"] = {"get": operation(f"a-{name}", responses=told)}
    for name, schema in {"hidden": f"{{{HIDDEN}}}", "named": "Named"}.items():
        told = schema if name == "hidden" else "{$ref: '#/components/schemas/Named'}"
        paths[f"/b/{name}"] = {"post": operation(name, more=with_body({JSON: told}))}
    default = "{default: {$ref: '#/components/responses/default'}, x-told: nothing}"
    paths["/a/default"] = {"get": operation("default", responses=default)}
    paths["/range"] = {"get": operation("statuses", responses=default.replace("default:", "2XX:"))}
    paths["/guarded"] = {
        "get": operation("guarded", more="security: [{user: []}],"),
        "put": operation("guardedToo", more="security: [{user: []}],"),
    }
    return contract(paths, COMPONENTS)


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with served(tmp_path_factory.mktemp("bodies"), _contract()) as client:
        yield client


@pytest.mark.parametrize(
    ("name", "media_type", "body", "status"),
    [
        ("any", JSON, "{}", 200),
        ("any", JSON, "[]", 400),
        ("any", "text/plain", "[]", 200),
        ("any", MERGE, "[]", 400),
        ("application", JSON, "{}", 200),
        ("application", JSON, "[]", 400),
        ("application", "text/plain", "{}", 415),
        ("suffixes", MERGE, "[]", 400),
        ("suffixes", JSON, "{}", 415),
        ("charset", "application/json; charset=utf-8", "{}", 200),
        ("charset", "application/json;charset=UTF-8", "[]", 400),
        ("charset", JSON, "{}", 200),
        ("capitals", JSON, "{}", 200),
        ("capitals", JSON, "[]", 400),
        ("patch", MERGE, "{}", 200),
        ("patch", MERGE, "[]", 400),
        ("patch", JSON, "{}", 415),
        ("json", "application/json; odata=verbose", "{}", 200),
        ("json", "application/json; odata=verbose", "[]", 400),
        ("json", "application/json; charset=iso-8859-1", "{}", 415),
        ("json", "text/json", "{}", 415),
        ("two", "text/plain; charset=utf-8", "{}", 200),
        ("two", "APPLICATION/json", "[]", 400),
        ("versions", "application/json; v=1", "{}", 200),
        ("versions", "application/json;v=2", "[]", 200),
        ("versions", "application/json; v=2", "{}", 400),
        ("hidden", JSON, '{"name": 1}', 200),
        ("hidden", JSON, '{"id": 1}', 400),
        ("named", JSON, '{"$ref": 1}', 200),
        ("named", JSON, '{"$ref": "a"}', 400),
        ("named", JSON, "{}", 400),
    ],
)
def test_a_body_is_read_as_the_contract_says_of_its_type(
    foreign: httpx.Client, name: str, media_type: str, body: str, status: int
) -> None:
    answer = foreign.post(f"/b/{name}", content=body, headers={"Content-Type": media_type})

    assert answer.status_code == status, answer.text


def test_a_body_that_is_required_is_missed_whatever_its_type(tmp_path: Path) -> None:
    bodies = [[JSON], ["text/csv", JSON], ["application/octet-stream"], ["multipart/form-data"]]
    paths = {
        f"/t{at}": {"post": operation(f"t{at}", more=with_body(dict.fromkeys(types, OBJECT)))}
        for at, types in enumerate(bodies)
    }
    with served(tmp_path, contract(paths)) as client:
        answers = [client.post(f"t{at}") for at in range(len(bodies))]

    assert [(answer.status_code, answer.json()["detail"]) for answer in answers] == [
        (400, f"There is no body, and the contract requires one; send {' or '.join(types)}.")
        for types in bodies
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_body_may_be_in_utf_16(foreign: httpx.Client, encoding: str) -> None:
    headers = {"Content-Type": "application/json; charset=utf-16"}
    sent = [text.encode(encoding) for text in ('{"ø": 1}', "[]", "{")]

    statuses = [foreign.post("/b/json", content=raw, headers=headers).status_code for raw in sent]

    # Without a mark it is little-endian, as .NET has it.
    assert statuses == ([400, 400, 400] if encoding == "utf-16-be" else [200, 400, 400])


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("application/json", "application/json; charset=utf-8"),
        ("text/*;q=0.1, application/*", "application/json; charset=utf-8"),
        ("application/json;q=0, */*", "text/csv"),
        ("*/*", "text/csv"),
        ("image/png", "text/csv"),
    ],
)
def test_the_client_chooses_among_the_types_of_an_answer(
    foreign: httpx.Client, accept: str, content_type: str
) -> None:
    answer = foreign.get("/a/csv", headers={"Accept": accept})

    assert answer.headers["content-type"] == content_type
    assert answer.text == "a,b" if content_type == "text/csv" else answer.json() == [1]


@pytest.mark.parametrize("preference", ["code=200", "delay=1"])
def test_so_it_does_where_it_prefers_an_answer(foreign: httpx.Client, preference: str) -> None:
    headers = {"Accept": JSON, "Prefer": preference}

    assert foreign.get("/a/csv", headers=headers).json() == [1]


@pytest.mark.parametrize(
    ("name", "status", "content_type", "body"),
    [
        ("range", 200, "application/json; charset=utf-8", {"a": 1}),
        ("text-range", 200, "text/plain", "plain"),
        ("charset", 200, "application/json; charset=utf-8", {"a": 1}),
        ("suffix", 200, "application/hal+json", {"a": 1}),
        ("bad-suffix", 200, "application/hal+json", []),
        ("xml", 501, "application/json; charset=utf-8", None),
        ("xml-first", 200, "application/json; charset=utf-8", {}),
        ("default", 200, "application/json; charset=utf-8", 7),
    ],
)
def test_an_answer_is_of_a_type_that_the_contract_has(
    foreign: httpx.Client, name: str, status: int, content_type: str, body: Any
) -> None:
    answer = foreign.get(f"/a/{name}")

    assert (answer.status_code, answer.headers["content-type"]) == (status, content_type)
    assert body is None or body == (
        json.loads(answer.content) if "json" in content_type else answer.text
    )


def test_an_answer_of_a_range_of_statuses_is_judged_by_it(foreign: httpx.Client) -> None:
    assert foreign.get("/range").json() == 7


@pytest.mark.parametrize(
    ("media_type", "encoding", "status"),
    [
        ("application/json; odata=verbose", "utf-8", 202),
        ("application/json; charset=utf-16", "utf-16-le", 202),
        ("application/json; charset=latin1", "utf-8", 415),
        ("application/xml", "utf-8", 415),
    ],
)
def test_a_create_takes_json_of_any_parameters(
    api: Client, media_type: str, encoding: str, status: int
) -> None:
    body = '{"recipients":[{"emailAddress":"a@b.no"}],"subject":"ø","body":"b"}'.encode(encoding)
    headers = {"Content-Type": media_type, "Authorization": f"Bearer {api.mock.token()}"}

    answer = api.http.post(f"{api.mock.base_url}/orders/email", content=body, headers=headers)

    assert answer.status_code == status, answer.text


def test_the_control_plane_takes_json_of_any_parameters(api: Client) -> None:
    headers = {"Content-Type": "application/json; v=1"}
    url = f"{api.mock.control_url}/clock/advance"

    assert api.http.post(url, content=b'{"duration": "PT1M"}', headers=headers).status_code == 200


def test_a_scheme_that_nobody_gets_in_by_is_told_once(
    foreign: httpx.Client, tmp_path: Path
) -> None:
    file = tmp_path / "openapi.yaml"
    file.write_text(_contract(), encoding="utf-8")

    told = slips_between(load_contract(None), load_contract(file))

    scheme = "the security scheme user (http basic), for which 2 operations ask"
    line = f"nobody gets in by {scheme}; the mock knows tokens and API keys"
    assert [text for text in told if "gets in" in text] == [line]
    assert foreign.get("/guarded", auth=("a", "b")).status_code == 401


@pytest.mark.slow
def test_nothing_else_is_said_of_a_contract_of_others(tmp_path: Path) -> None:
    file = tmp_path / "openapi.yaml"
    file.write_text(_contract(), encoding="utf-8")

    with serving("--spec", str(file)) as server:
        later = lines_of(server)
        headers = {"Content-Type": JSON}
        httpx.post(f"{server.base_url}/b/two", content=b"{}", headers=headers)

    assert sum("gets in by" in line for line in (*server.printed, *later)) == 1
    assert not any("missing" in line or "multiple" in line for line in (*server.printed, *later))
