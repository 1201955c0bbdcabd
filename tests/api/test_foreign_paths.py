"""Paths and methods of contracts of others: each that a contract has can be called."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from mock_server import MockServer
from mock_server.contract.contract import ContractError
from tests.support.foreign import contract, in_path, operation, parameters, served

NONE = "{'204': {description: d}}"
PATHS = {
    "/": {"get": operation("root")},
    "/tail/": {"get": operation("tail")},
    "/files/{id}.pdf": {
        "get": operation("file", more=parameters(in_path("id", "{type: integer}")))
    },
    "/Users({id})": {"get": operation("user", more=parameters(in_path("id")))},
    "/q/{a}-{b}": {"get": operation("pair", more=parameters(in_path("a"), in_path("b")))},
    "/c/{order-id}": {"get": operation("order-id", more=parameters(in_path("order-id")))},
    "/d/{$filter}": {"get": operation("filter", more=parameters(in_path("$filter")))},
    "/e/{class}": {"get": operation("class", more=parameters(in_path("class")))},
    "/n/{n}": {"get": operation("integer", more=parameters(in_path("n", "{type: integer}")))},
    "/x/{n}": {"get": operation("number", more=parameters(in_path("n", "{type: number}")))},
    "/l/{n}": {
        "get": operation(
            "list", more=parameters(in_path("n", "{type: array, items: {type: integer}}"))
        )
    },
    "/m/{n}": {
        "get": operation(
            "matrix", more=parameters(in_path("n", "{type: integer}", ", style: matrix"))
        )
    },
    "/both": {
        "get": operation("a.b"),
        "options": operation("a_b", responses=NONE),
        "head": operation("a-b", responses=NONE),
        "trace": operation("a/b", responses=NONE),
    },
    "/own/{n}": {
        "parameters": f"[{in_path('n', '{type: integer}')}]",
        "get": operation("own", more=parameters(in_path("n"))),
    },
}


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with served(tmp_path_factory.mktemp("paths"), contract(PATHS)) as client:
        yield client


@pytest.mark.parametrize(
    "path",
    [
        *("/", "", "/tail/", "/tail", "/files/7.pdf", "/FILES/7.PDF", "/Users(7)", "/users('a')"),
        *("/q/1-2", "/c/abc", "/d/a%20b", "/e/x", "/n/-3", "/x/3.5e2", "/l/1,2", "/m/;n=3"),
        "/own/x",
    ],
)
def test_a_path_that_the_contract_has_is_answered(foreign: httpx.Client, path: str) -> None:
    answer = foreign.get(f"{str(foreign.base_url).rstrip('/')}{path}")

    assert (answer.status_code, answer.json()) == (200, {"a": 1}), answer.text


@pytest.mark.parametrize(
    ("path", "name"),
    [
        *(("/n/x", "n"), ("/n/1.5", "n"), ("/x/NaN", "n"), ("/files/x.pdf", "id")),
        *(("/l/1,x", "n"), ("/m/3", "n"), ("/m/;k=3", "n")),
    ],
)
def test_a_path_whose_value_its_schema_refuses_is_a_400(
    foreign: httpx.Client, path: str, name: str
) -> None:
    answer = foreign.get(path)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [name])


@pytest.mark.parametrize("path", ["/files/7.doc", "/q/1", "/Users(7", "/tail//"])
def test_any_other_path_is_a_404(foreign: httpx.Client, path: str) -> None:
    assert foreign.get(path).status_code == 404


@pytest.mark.parametrize(
    ("method", "status"),
    [("GET", 200), ("OPTIONS", 204), ("HEAD", 204), ("TRACE", 204), ("POST", 405)],
)
def test_each_method_is_the_one_that_the_contract_has(
    foreign: httpx.Client, method: str, status: int
) -> None:
    answer = foreign.request(method, "/both")

    assert answer.status_code == status
    if status == 405:
        assert answer.headers["allow"] == "GET, HEAD, OPTIONS, TRACE"


def test_a_parameter_twice_in_a_path_is_refused_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "openapi.yaml"
    item = {"get": operation("u", more=parameters(in_path("id")))}
    file.write_text(contract({"/u/{id}/r/{id}": item}), encoding="utf-8")

    with pytest.raises(ContractError, match=r"yaml:4: the path has the parameter '\{id\}' twice"):
        MockServer(spec=file)


@pytest.mark.parametrize("method", ["HEAD", "GET", "POST", "OPTIONS"])
def test_the_health_of_the_service_is_told_whatever_the_method(
    foreign: httpx.Client, method: str
) -> None:
    assert foreign.request(method, foreign.base_url.join("/health")).status_code == 200


@pytest.mark.parametrize(
    "path", ["/__mock/health", "/notifications/api/v1/openapi.yaml", "/__mock/openapi.json"]
)
def test_pages_and_health_have_a_head(foreign: httpx.Client, path: str) -> None:
    url = foreign.base_url.join(path)
    head, got = foreign.head(url), foreign.get(url)

    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers["content-type"] == got.headers["content-type"]


def test_a_preflight_allows_any_method_that_a_contract_may_have(tmp_path: Path) -> None:
    paths = {"/h": {"patch": operation("h")}}
    asked = {"Origin": "https://example.com", "Access-Control-Request-Method": "PATCH"}
    with served(tmp_path, contract(paths), cors=True) as client:
        answer = client.options("/h", headers=asked)

    assert "PATCH" in answer.headers["access-control-allow-methods"].split(", ")
