"""Sandboxes: worlds that never meet."""

import uuid
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from mock_server.sandbox.registry import SandboxNameError, TooManySandboxesError
from mock_server.testing.mock_server import MockServer
from tests.conftest import TTD_ORDER, Client
from tests.support.builders import MICROSECOND, Wall, an_order
from tests.support.problem_bodies import RFC, problem
from tests.support.worlds import names, sandboxes_of

IDLE = timedelta(minutes=10)


def test_sandboxes_share_neither_orders_nor_time(server: MockServer, http: httpx.Client) -> None:
    one, other = (Client(http, server.sandbox(uuid.uuid4().hex)) for _ in range(2))

    one.cancel()
    one.control("PUT", "/clock", json={"now": "2031-03-01T12:30:00Z", "frozen": True})
    created = one.control("POST", "/orders").json()["id"]

    assert other.control("GET", f"/orders/{TTD_ORDER}").json()["status"] == "Registered"
    assert other.control("GET", "/clock").json()["frozen"] is False
    assert other.control("GET", f"/orders/{created}").status_code == 404


def test_a_reset_leaves_other_sandboxes_alone(server: MockServer, http: httpx.Client) -> None:
    one, other = (Client(http, server.sandbox(uuid.uuid4().hex)) for _ in range(2))
    one.cancel()
    other.cancel()

    one.control("POST", "/reset")

    assert one.mock.orders.get(TTD_ORDER)["status"] == "Registered"
    assert other.mock.orders.get(TTD_ORDER)["status"] == "Cancelled"


def test_a_token_holds_in_every_sandbox(server: MockServer, api: Client) -> None:
    token = server.sandbox(uuid.uuid4().hex).token()

    assert api.cancel(headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_names_differ_by_letter_case_although_paths_do_not(
    server: MockServer, http: httpx.Client
) -> None:
    name = uuid.uuid4().hex
    server.sandbox(name.upper()).orders.delete(TTD_ORDER)

    lower = http.get(f"{server.url}/__sandbox/{name}/__MOCK/Orders/{TTD_ORDER}")
    upper = http.get(f"{server.url}/__sandbox/{name.upper()}/__mock/orders/{TTD_ORDER}")

    assert (lower.status_code, upper.status_code) == (200, 404)


@pytest.mark.parametrize("name", ["a b", "", "æ", "x" * 65, "a%2Fb", "~", "a%0A", "a+b"])
def test_a_bad_name_is_refused(server: MockServer, http: httpx.Client, name: str) -> None:
    answer = http.get(f"{server.url}/__sandbox/{name}/__mock/clock")

    body = problem(answer)
    assert (body["status"], body["type"]) == (400, f"{RFC}15.5.1")
    assert list(body["errors"]) == ["sandbox"]
    assert "use 1 to 64 of the characters A-Z a-z 0-9 . _ -" in body["detail"]


@pytest.mark.parametrize("name", ["x", "x" * 64, "A-Z._09", "...", ".x", "-"])
def test_a_good_name_makes_a_sandbox_on_first_use(
    server: MockServer, http: httpx.Client, name: str
) -> None:
    answer = http.get(f"{server.url}/__sandbox/{name}/__mock/clock")

    assert answer.status_code == 200
    assert name in names(http, server)


@pytest.mark.parametrize("name", [".", ".."])
def test_a_name_that_a_url_would_resolve_away_is_refused(server: MockServer, name: str) -> None:
    with pytest.raises(SandboxNameError):
        server.sandbox(name)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing", 404), ("POST", "/__mock/clock", 405), ("GET", "", 200)],
)
def test_a_request_that_leads_nowhere_makes_no_sandbox(
    server: MockServer, http: httpx.Client, method: str, path: str, status: int
) -> None:
    name = uuid.uuid4().hex

    answer = http.request(method, f"{server.url}/__sandbox/{name}{path}")

    assert answer.status_code == status
    assert name not in names(http, server)


def test_the_list_has_the_counts_of_each_sandbox(api: Client) -> None:
    name = api.mock.url.rpartition("/")[2]
    before = datetime.now(UTC)
    api.cancel(token=None)
    api.mock.orders.create()

    listed = api.control("GET", "/sandboxes").json()

    assert listed["count"] == len(listed["sandboxes"])
    (row,) = [row for row in listed["sandboxes"] if row["name"] == name]
    assert set(row) == {"name", "orders", "requests", "faults", "lastUsed"}
    assert (row["orders"], row["faults"]) == (14, 0)
    assert row["requests"] == 1
    assert datetime.fromisoformat(row["lastUsed"]) >= before


def test_a_dropped_sandbox_starts_anew(api: Client) -> None:
    api.cancel()

    dropped = api.control("DELETE", f"/sandboxes/{api.mock.url.rpartition('/')[2]}")

    assert (dropped.status_code, dropped.content) == (204, b"")
    fresh = api.control("GET", f"/orders/{TTD_ORDER}").json()
    assert fresh["status"] == "Registered"


def test_dropping_one_sandbox_leaves_others_alone(server: MockServer, api: Client) -> None:
    other = server.sandbox(uuid.uuid4().hex)
    api.cancel()

    answer = api.control("DELETE", f"/sandboxes/{other.url.rpartition('/')[2]}")

    assert answer.status_code == 204
    assert api.mock.orders.get(TTD_ORDER)["status"] == "Cancelled"


def test_the_default_sandbox_is_reset_when_dropped() -> None:
    with MockServer() as mock, httpx.Client() as http:
        mock.orders.delete(TTD_ORDER)
        mock.clock.advance(timedelta(days=1))

        answer = http.delete(f"{mock.url}/__mock/sandboxes/default")

        assert (answer.status_code, names(http, mock)) == (204, ["default"])
        assert mock.orders.get(TTD_ORDER)["status"] == "Registered"
        assert mock.clock.now() < datetime.now(UTC) + timedelta(hours=1)


def test_one_sandbox_too_many_is_refused_by_name_of_the_limit() -> None:
    with MockServer(max_sandboxes=2) as mock, httpx.Client() as http:
        first = http.get(f"{mock.url}/__sandbox/one/__mock/clock")
        second = http.get(f"{mock.url}/__sandbox/two/__mock/clock")

        assert (first.status_code, second.status_code) == (200, 503)
        assert problem(second)["type"] == f"{RFC}15.6.4"
        assert "holds 2 sandboxes" in second.json()["detail"]
        assert "--max-sandboxes" in second.json()["detail"]
        assert names(http, mock) == ["default", "one"]
        assert http.get(f"{mock.url}/__sandbox/one/__mock/clock").status_code == 200


def test_a_dropped_sandbox_makes_room_for_another() -> None:
    with MockServer(max_sandboxes=2) as mock, httpx.Client() as http:
        mock.sandbox("one")
        http.delete(f"{mock.url}/__mock/sandboxes/one")

        assert http.get(f"{mock.url}/__sandbox/two/__mock/clock").status_code == 200


def test_one_order_too_many_is_refused_by_name_of_the_limit() -> None:
    with MockServer(max_orders=1) as mock, httpx.Client() as http:
        first = http.post(f"{mock.url}/__mock/orders")
        second = http.post(f"{mock.url}/__sandbox/one/__mock/orders")

    assert (first.status_code, second.status_code) == (201, 503)
    assert "--max-orders" in second.json()["detail"]


def test_an_order_in_a_sandbox_that_was_dropped_meanwhile_takes_no_room() -> None:
    sandboxes = sandboxes_of(Wall(), limit=2, max_orders=1)
    late = sandboxes.enter("late")
    sandboxes.drop("late")

    late.store.add(an_order())

    sandboxes.enter("default").store.add(an_order())
    assert len(sandboxes.enter("default").store) == 1


@pytest.mark.parametrize(
    ("idle", "is_dropped"), [(IDLE - MICROSECOND, False), (IDLE, False), (IDLE + MICROSECOND, True)]
)
def test_only_a_sandbox_idle_for_over_ten_minutes_gives_way(
    idle: timedelta, *, is_dropped: bool
) -> None:
    wall = Wall()
    sandboxes = sandboxes_of(wall, limit=2)
    sandboxes.enter("old")
    wall.now += idle

    if is_dropped:
        sandboxes.enter("new")
        assert [sandbox.name for sandbox in sandboxes.all()] == ["default", "new"]
    else:
        with pytest.raises(TooManySandboxesError):
            sandboxes.enter("new")
        assert [sandbox.name for sandbox in sandboxes.all()] == ["default", "old"]


def test_who_is_not_let_in_makes_no_sandbox() -> None:
    cancel = f"notifications/api/v1/orders/{TTD_ORDER}/cancel"
    with MockServer(control_token="secret", max_sandboxes=3) as mock, httpx.Client() as http:
        token = {"Authorization": f"Bearer {mock.token()}"}
        for number in range(5):
            refused = http.put(f"{mock.url}/__sandbox/x{number}/{cancel}")
            assert refused.status_code == 401
            assert http.get(f"{mock.url}/__sandbox/x{number}/__mock/clock").status_code == 401
        control = {"X-Mock-Control-Token": "secret"}
        assert http.get(f"{mock.url}/__sandbox/a/__mock/clock", headers=control).is_success
        assert http.put(f"{mock.url}/__sandbox/b/{cancel}", headers=token).is_success
        assert http.put(f"{mock.url}/__sandbox/c/{cancel}", headers=token).status_code == 503
