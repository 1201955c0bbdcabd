"""Sandboxes: worlds that never meet."""

from datetime import timedelta

import httpx
import pytest

from mock_server.sandboxes import Sandboxes, TooManySandboxesError
from mock_server.server import MockServer
from tests.builders import SECOND, Wall
from tests.conftest import TTD_ORDER, Client


def test_sandboxes_share_neither_orders_nor_time(server: MockServer, http: httpx.Client) -> None:
    one, other = (Client(http, server.sandbox(name)) for name in ("left", "right"))

    one.cancel()
    one.control("PUT", "/clock", json={"now": "2031-03-01T12:30:00Z", "frozen": True})

    assert other.control("GET", f"/orders/{TTD_ORDER}").json()["status"] == "Registered"
    assert other.control("GET", "/clock").json()["frozen"] is False


def test_names_differ_by_letter_case_although_paths_do_not(
    server: MockServer, http: httpx.Client
) -> None:
    server.sandbox("Case").orders.delete(TTD_ORDER)

    answer = http.get(f"{server.url}/__sandbox/case/__MOCK/Orders/{TTD_ORDER}")

    assert answer.status_code == 200


@pytest.mark.parametrize("name", ["a b", "", "æ", "x" * 65, "a%2Fb", "~"])
def test_a_bad_name_is_refused(server: MockServer, http: httpx.Client, name: str) -> None:
    answer = http.get(f"{server.url}/__sandbox/{name}/__mock/clock")

    assert answer.status_code == 400
    assert "sandbox" in answer.json()["errors"]


@pytest.mark.parametrize("name", ["x", "x" * 64, "A-Z._09"])
def test_a_good_name_makes_a_sandbox_on_first_use(
    server: MockServer, http: httpx.Client, name: str
) -> None:
    answer = http.get(f"{server.url}/__sandbox/{name}/__mock/clock")

    listed = http.get(f"{server.url}/__mock/sandboxes").json()
    assert answer.status_code == 200
    assert listed["count"] == len(listed["sandboxes"])
    assert name in [sandbox["name"] for sandbox in listed["sandboxes"]]


def test_a_dropped_sandbox_starts_anew(api: Client) -> None:
    api.cancel()

    dropped = api.control("DELETE", f"/sandboxes/{api.mock.url.rpartition('/')[2]}")

    assert dropped.status_code == 204
    fresh = api.control("GET", f"/orders/{TTD_ORDER}").json()
    assert fresh["status"] == "Registered"


def test_the_default_sandbox_is_reset_when_dropped() -> None:
    with MockServer() as mock, httpx.Client() as http:
        mock.orders.delete(TTD_ORDER)

        answer = http.delete(f"{mock.url}/__mock/sandboxes/default")

        assert answer.status_code == 204
        assert mock.orders.get(TTD_ORDER)["status"] == "Registered"


def test_one_sandbox_too_many_is_refused_by_name_of_the_limit() -> None:
    with MockServer(max_sandboxes=2) as mock, httpx.Client() as http:
        first = http.get(f"{mock.url}/__sandbox/one/__mock/clock")
        second = http.get(f"{mock.url}/__sandbox/two/__mock/clock")

        assert (first.status_code, second.status_code) == (200, 503)
        assert "--max-sandboxes" in second.json()["detail"]
        assert http.get(f"{mock.url}/__mock/clock").status_code == 200


def test_one_order_too_many_is_refused_by_name_of_the_limit() -> None:
    with MockServer(max_orders=1) as mock, httpx.Client() as http:
        first = http.post(f"{mock.url}/__mock/orders")
        second = http.post(f"{mock.url}/__sandbox/one/__mock/orders")

    assert (first.status_code, second.status_code) == (201, 503)
    assert "--max-orders" in second.json()["detail"]


@pytest.mark.parametrize(
    ("idle", "is_dropped"),
    [(timedelta(minutes=10), False), (timedelta(minutes=10) + SECOND, True)],
)
def test_only_a_sandbox_idle_for_over_ten_minutes_gives_way(
    idle: timedelta, *, is_dropped: bool
) -> None:
    wall = Wall()
    sandboxes = Sandboxes(limit=2, max_orders=1, seeds=lambda _now: (), wall=wall)
    sandboxes.enter("old")
    wall.now += idle

    if is_dropped:
        sandboxes.enter("new")
        assert [sandbox.name for sandbox in sandboxes.all()] == ["default", "new"]
    else:
        with pytest.raises(TooManySandboxesError):
            sandboxes.enter("new")
