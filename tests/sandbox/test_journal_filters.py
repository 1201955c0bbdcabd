"""Filters of requests that can never match are refused at once."""

import pytest

from tests.conftest import TTD_ORDER, Client
from tests.support.problem_bodies import problem

UNKNOWN = "operationId: there is no operation"


@pytest.mark.parametrize(
    "asked",
    [
        "/requests?operationId=cancelOrdr",
        "/requests?operationId=cancelOrdr&wait=PT1M",
        "/requests.har?operationId=cancelOrdr",
    ],
)
def test_an_operation_that_there_is_not_is_told_with_one_that_is_meant(
    api: Client, asked: str
) -> None:
    answer = api.control("GET", asked)

    body = problem(answer)
    assert body["status"] == 400
    assert list(body["errors"]) == ["operationId"]
    assert body["detail"] == f"{UNKNOWN} 'cancelOrdr'; use cancelOrder."


def test_an_operation_like_none_is_told_with_all(api: Client) -> None:
    body = problem(api.control("GET", "/requests?operationId=foo"))

    assert body["detail"].startswith(f"{UNKNOWN} 'foo'; use cancelOrder or createComposedEmail or ")


@pytest.mark.parametrize(
    ("query", "paths"),
    [
        ("limit=1", [f"/orders/{TTD_ORDER}"]),
        ("operationId=cancelOrder", [f"/orders/{TTD_ORDER}/cancel"]),
        ("method=put&status=200", [f"/orders/{TTD_ORDER}/cancel"]),
        ("path=/cancel&status=404", []),
        ("", [f"/orders/{TTD_ORDER}/cancel", f"/orders/{TTD_ORDER}"]),
    ],
)
def test_the_archive_takes_the_filters_of_the_list(
    api: Client, query: str, paths: list[str]
) -> None:
    api.cancel()
    api.call("GET", f"/orders/{TTD_ORDER}")

    log = api.control("GET", f"/requests.har?{query}").json()["log"]

    found = [entry["request"]["url"] for entry in log["entries"]]
    assert found == [f"{api.mock.base_url}{path}" for path in paths]


def test_a_bad_limit_of_the_archive_is_refused(api: Client) -> None:
    body = problem(api.control("GET", "/requests.har?limit=0"))

    assert (body["status"], list(body["errors"])) == (400, ["limit"])


def test_a_method_that_there_is_not_is_told_unless_somebody_sent_it(api: Client) -> None:
    body = problem(api.control("GET", "/requests?method=PTU"))
    api.call("PTU", f"/orders/{TTD_ORDER}")

    assert body["detail"] == "method: there is no method 'PTU'; use PUT."
    assert api.control("GET", "/requests?method=ptu").json()["count"] == 1
