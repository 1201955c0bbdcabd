"""Near misses: suggestions in the 404 of a request that leads nowhere."""

import time

import pytest

from mock_server.contract.contract import load_contract
from mock_server.gateway.router import LONGEST_COMPARED, near_misses
from mock_server.testing.mock_server import MockServer
from tests.conftest import TTD_ORDER, Client
from tests.support.problem_bodies import problem

BASE = "/notifications/api/v1"
TEMPLATES = [f"{BASE}{operation.path}" for operation in load_contract().operations()]


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        (f"{BASE}/order/{TTD_ORDER}", "/orders/{id}"),
        (f"{BASE}/order/{TTD_ORDER}/status", "/orders/{id}/status"),
        (f"{BASE}/order/{TTD_ORDER}/cancel", "/orders/{id}/cancel"),
        (f"{BASE}/orders/{TTD_ORDER}/cancle", "/orders/{id}/cancel"),
        (f"{BASE}/orders/{TTD_ORDER}/notification/email", "/orders/{id}/notifications/email"),
        (f"{BASE}/orders/{TTD_ORDER}/notifications/mail", "/orders/{id}/notifications/email"),
        (f"{BASE}/order", "/orders"),
        (f"//{BASE}/orders", "/orders"),
        (f"/orders/{TTD_ORDER}/cancel", "/orders/{id}/cancel"),
        ("/orders", "/orders"),
        ("/orders/email/", "/orders/email"),
        (f"/api/v1/orders/{TTD_ORDER}", "/orders/{id}"),
        (f"/notification/api/v1/orders/{TTD_ORDER}", "/orders/{id}"),
        (f"/notifications/api/v2/orders/{TTD_ORDER}/cancel", "/orders/{id}/cancel"),
    ],
)
def test_what_was_meant_is_named_first(path: str, meant: str) -> None:
    assert near_misses(path, TEMPLATES)[0] == f"{BASE}{meant}"


@pytest.mark.parametrize(
    "path", ["", "/", "//", "/x", "/a/b/c/d/e/f", "/" * 499, "/[" * 200, "/é/\n"]
)
def test_of_what_resembles_nothing_nothing_is_said(path: str) -> None:
    assert near_misses(path, TEMPLATES) == []


@pytest.mark.parametrize("size", [LONGEST_COMPARED, LONGEST_COMPARED + 1, 30_000])
def test_a_long_path_is_done_with_at_once(size: int) -> None:
    begun = time.thread_time()

    near_misses(f"{BASE}/orders/{'0' * size}/cancel"[:size], TEMPLATES * 5)

    assert time.thread_time() - begun < 5


@pytest.mark.parametrize("dialect", ["documented", "live"])
def test_the_journal_tells_what_was_meant_in_either_dialect(dialect: str, api: Client) -> None:
    with MockServer(dialect=dialect) as server:
        client = Client(api.http, server.sandbox("near"))
        answer = client.call("GET", f"/order/{TTD_ORDER}")
        entry = client.mock.requests.list()[-1]

    why = entry["why"]
    assert (answer.status_code, entry["status"], entry["operationId"]) == (404, 404, None)
    assert why.startswith("404: No operation has the path")
    assert f"did you mean {BASE}/orders/{{id}}" in why
    assert "order/{id}" not in why


def test_the_alias_that_the_live_service_lacks_is_told_of_in_the_journal(api: Client) -> None:
    with MockServer(dialect="live") as server:
        client = Client(api.http, server.sandbox("near"))
        client.call("PUT", f"/order/{TTD_ORDER}/cancel")

        assert f"did you mean {BASE}/orders/{{id}}/cancel" in client.mock.requests.list()[-1]["why"]


def test_the_problem_tells_of_a_wrong_base_path(api: Client) -> None:
    answer = api.http.put(f"{api.mock.url}/orders/{TTD_ORDER}/cancel")

    assert f"did you mean {BASE}/orders/{{id}}/cancel?" in problem(answer)["detail"]
    assert "/orders/" in api.mock.requests.list()[-1]["path"]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/x", f"GET {BASE}/openapi.yaml lists those that there are, {BASE}/ui/ shows them."),
        (f"{BASE}/docs", f"{BASE}/ui/ shows them."),
        (
            "/__mock/foo",
            "GET /__mock/openapi.yaml lists those that there are, /__mock/ui/ shows them.",
        ),
    ],
)
def test_a_path_that_leads_nowhere_is_told_where_the_paths_are(
    path: str, told: str, api: Client
) -> None:
    answer = api.http.get(f"{api.mock.url}{path}")

    assert answer.status_code == 404
    assert problem(answer)["detail"].endswith(told)


def test_the_control_plane_has_its_near_misses_too(api: Client) -> None:
    answer = api.control("GET", "/order")

    assert "did you mean /__mock/orders" in problem(answer)["detail"]
    assert api.mock.requests.list() == []
