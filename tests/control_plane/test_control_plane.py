"""The control plane: `/__mock` as a whole."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import yaml

from mock_server import __version__
from mock_server.testing.mock_server import MockServer
from tests.conftest import TTD_ORDER, Client
from tests.support.builders import NOW
from tests.support.problem_bodies import RFC, problem

UNKNOWN = "00000000-0000-4000-8000-000000000000"
EVERY_PATH = [
    ("POST", "/reset"),
    ("GET", "/clock"),
    ("PUT", "/clock"),
    ("POST", "/clock/advance"),
    ("POST", "/clock/next"),
    ("GET", "/messages"),
    ("GET", f"/messages/{TTD_ORDER}"),
    ("GET", f"/messages/{TTD_ORDER}/body"),
    ("GET", "/events"),
    ("GET", "/orders"),
    ("POST", "/orders"),
    ("GET", f"/orders/{TTD_ORDER}"),
    ("DELETE", f"/orders/{TTD_ORDER}"),
    ("PUT", f"/orders/{TTD_ORDER}/status"),
    ("POST", "/tokens"),
    ("GET", "/state"),
    ("PUT", "/state"),
    ("POST", "/state/save"),
    ("GET", "/sandboxes"),
    ("DELETE", "/sandboxes/default"),
]


@pytest.fixture(scope="module")
def guarded() -> Iterator[Client]:
    """Return a client of a server with a control token, which it does not send."""
    with MockServer(control_token="secret") as mock, httpx.Client() as http:
        yield Client(http, mock.sandbox("default"))


def test_health_tells_that_it_is_up(api: Client) -> None:
    health = api.control("GET", "/health").json()

    assert set(health.pop("answered")) == {"lane", "chain"}
    assert health.pop("feed") == {"dropped": 0}
    assert health == {"status": "ok", "version": __version__, "dialect": "documented"}


def test_health_of_the_service_itself_says_healthy(server: MockServer, http: httpx.Client) -> None:
    answer = http.get(f"{server.url}/health")

    assert (answer.status_code, answer.text) == (200, "Healthy")


def test_reset_returns_orders_and_clock_to_the_start(api: Client) -> None:
    start = {order["id"] for order in api.mock.orders.list()}
    api.cancel()
    api.mock.orders.create()
    api.control("PUT", "/clock", json={"now": "2031-03-01T12:30:00Z", "frozen": True})

    answer = api.control("POST", "/reset")

    assert (answer.status_code, answer.content) == (204, b"")
    assert api.control("GET", "/clock").json()["frozen"] is False
    assert api.mock.clock.now() < NOW
    assert {order["id"] for order in api.mock.orders.list()} == start
    assert api.mock.orders.get(TTD_ORDER)["status"] == "Registered"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", f"/orders/{UNKNOWN}", None),
        ("DELETE", f"/orders/{UNKNOWN}", None),
        ("PUT", f"/orders/{UNKNOWN}/status", {"status": "Processing"}),
        ("DELETE", "/sandboxes/unknown", None),
        ("GET", "/unknown", None),
    ],
)
def test_what_does_not_exist_is_not_found(api: Client, method: str, path: str, body: Any) -> None:
    answer = api.control(method, path, json=body)

    assert answer.status_code == 404
    assert problem(answer)["type"] == f"{RFC}15.5.5"


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("POST", "/health", "GET, HEAD"),
        ("POST", "/jwks", "GET"),
        ("GET", "/reset", "POST"),
        ("DELETE", "/clock", "GET, PUT"),
        ("GET", "/clock/advance", "POST"),
        ("PUT", "/orders", "GET, POST"),
        ("POST", f"/orders/{TTD_ORDER}", "DELETE, GET"),
        ("GET", f"/orders/{TTD_ORDER}/status", "PUT"),
        ("GET", "/tokens", "POST"),
        ("DELETE", "/state", "GET, PUT"),
        ("PUT", "/state/save", "POST"),
        ("POST", "/sandboxes", "GET"),
        ("GET", "/sandboxes/default", "DELETE"),
    ],
)
def test_a_wrong_method_is_not_allowed(api: Client, method: str, path: str, allow: str) -> None:
    answer = api.control(method, path)

    assert (answer.status_code, answer.headers["allow"]) == (405, allow)
    assert problem(answer)["type"] == f"{RFC}15.5.6"


@pytest.mark.parametrize(("method", "path"), [("POST", "/orders"), ("PUT", "/clock")])
def test_a_body_of_another_type_is_refused(api: Client, method: str, path: str) -> None:
    answer = api.control(method, path, data={"creator": "ttd"})

    body = problem(answer)
    assert (body["status"], body["type"]) == (415, f"{RFC}15.5.16")
    assert "send application/json" in body["detail"]


def test_paths_have_any_letter_case_and_one_trailing_slash(
    server: MockServer, http: httpx.Client
) -> None:
    assert http.get(f"{server.url}/__MOCK/Orders/").status_code == 200


@pytest.mark.parametrize(("method", "path"), EVERY_PATH)
@pytest.mark.parametrize("sent", [None, "", "Secret", "secre", "secrets", "secret, secret"])
def test_a_control_token_is_asked_for_where_it_is_set(
    guarded: Client, method: str, path: str, sent: str | None
) -> None:
    headers = {} if sent is None else {"X-Mock-Control-Token": sent}

    answer = guarded.control(method, path, headers=headers, json={})

    body = problem(answer)
    assert (body["status"], body["title"]) == (401, "Unauthorized")
    assert "X-Mock-Control-Token" in body["detail"]
    assert "X-Mock-Control-Token" in answer.headers["www-authenticate"]


def test_the_control_token_opens_the_control_plane(guarded: Client) -> None:
    opened = guarded.control("GET", "/clock", headers={"X-Mock-Control-Token": "secret"})

    assert opened.status_code == 200


def test_neither_health_nor_keys_nor_the_orders_api_ask_for_it(guarded: Client) -> None:
    free = [guarded.control("GET", path).status_code for path in ("/health", "/jwks")]

    assert free == [200, 200]
    assert guarded.cancel(UNKNOWN).status_code == 404


@pytest.mark.parametrize("name", ["openapi.json", "openapi.yaml"])
def test_the_contract_that_is_shown_tells_whether_a_token_is_asked_for(
    api: Client, guarded: Client, name: str
) -> None:
    shown = [
        yaml.safe_load(client.http.get(f"{client.mock.control_url}/{name}").text)["security"]
        for client in (api, guarded)
    ]

    assert shown == [[{"controlToken": []}, {}], [{"controlToken": []}]]


def test_a_control_token_may_have_any_letters() -> None:
    with MockServer(control_token="hemmelig-ø") as mock, httpx.Client() as http:
        headers = {b"X-Mock-Control-Token": "hemmelig-ø".encode()}

        assert http.get(f"{mock.url}/__mock/clock", headers=headers).status_code == 200


@pytest.mark.parametrize("base", ["base_url", "control_url"])
def test_documents_and_docs_are_served(server: MockServer, http: httpx.Client, base: str) -> None:
    url = getattr(server, base)

    assert http.get(f"{url}/openapi.yaml").text.startswith("openapi: 3.0.3\n")
    assert http.get(f"{url}/openapi.json").json()["openapi"] == "3.0.3"
    page = http.get(f"{url}/ui/")
    assert (page.status_code, "swagger-ui" in page.text) == (200, True)
    assert http.get(f"{url}/ui/swagger-ui-bundle.js").status_code == 200
    assert http.get(f"{url}/ui/none.js").json()["status"] == 404
