"""Two servers over one store are one mock."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest

from mock_server import MockServer
from mock_server.testing.interface import AltinnNotifications
from tests.support.eventually import eventually
from tests.support.future_bodies import a_body

pytestmark = pytest.mark.slow

Pair = tuple[AltinnNotifications, AltinnNotifications]
NOW = datetime(2031, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def servers(redis_url: str) -> Iterator[tuple[MockServer, MockServer]]:
    prefix = uuid4().hex
    with (
        MockServer(store=redis_url, store_prefix=prefix) as one,
        MockServer(store=redis_url, store_prefix=prefix) as other,
    ):
        yield one, other


@pytest.fixture
def pair(servers: tuple[MockServer, MockServer]) -> Pair:
    name = uuid4().hex
    return servers[0].sandbox(name), servers[1].sandbox(name)


def call(mock: AltinnNotifications, method: str, path: str, **more: object) -> httpx.Response:
    headers = {"Authorization": f"Bearer {mock.token()}"}
    return httpx.request(method, f"{mock.base_url}{path}", headers=headers, **more)  # type: ignore[arg-type] # as httpx takes it


def test_what_one_stores_the_other_cancels(pair: Pair) -> None:
    one, other = pair
    order = one.orders.create(sendersReference="shared")

    cancelled = call(other, "PUT", f"/orders/{order['id']}/cancel")

    assert cancelled.status_code == 200
    assert one.orders.get(order["id"])["status"] == "Cancelled"
    assert call(one, "GET", "/orders?sendersReference=shared").json()["count"] == 1


def test_the_clock_of_a_sandbox_is_one_clock(pair: Pair) -> None:
    one, other = pair
    one.clock.freeze(NOW)

    other.clock.advance(timedelta(minutes=10))

    assert one.clock.now() == NOW + timedelta(minutes=10)


def test_advances_from_both_are_all_counted(pair: Pair) -> None:
    pair[0].clock.freeze(NOW)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: pair[n % 2].clock.advance(timedelta(seconds=1)), range(40)))

    assert pair[0].clock.now() == pair[1].clock.now() == NOW + timedelta(seconds=40)


def test_time_moves_the_orders_for_both(pair: Pair) -> None:
    one, other = pair
    order = one.orders.create(recipients=[{"emailAddress": "kari@example.com"}])

    other.clock.advance(timedelta(days=2))

    assert one.orders.get(order["id"])["status"] == "Completed"


def test_a_fault_strikes_as_often_as_it_may_whoever_is_asked(pair: Pair) -> None:
    pair[0].faults.add(status=503, times=7)

    def status(number: int) -> int:
        return call(pair[number % 2], "GET", "/orders?sendersReference=x").status_code

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(status, range(40)))

    assert answers.count(503) == 7
    assert pair[1].faults.list()[0]["matched"] == 7


def test_a_probable_fault_draws_the_same_numbers_as_in_memory(pair: Pair) -> None:
    with MockServer() as memory:
        worlds: list[AltinnNotifications] = [memory.sandbox("default"), pair[0]]
        for world in worlds:
            world.faults.add(status=503, probability=0.4, seed=7)
        struck = [
            [call(world, "GET", "/orders?sendersReference=x").status_code for _ in range(30)]
            for world in worlds
        ]

    assert struck[0] == struck[1]
    assert 503 in struck[0]


def test_an_idempotency_id_makes_one_chain_whoever_is_asked(pair: Pair) -> None:
    body = {**a_body("FO"), "idempotencyId": "the same"}

    with ThreadPoolExecutor(8) as threads:
        answers = list(
            threads.map(
                lambda number: call(pair[number % 2], "POST", "/future/orders", json=body),
                range(16),
            )
        )

    assert sorted(answer.status_code for answer in answers) == [200] * 15 + [201]
    assert len({answer.json()["notificationOrderId"] for answer in answers}) == 1


def test_one_who_waits_at_one_is_woken_by_a_request_to_the_other(pair: Pair) -> None:
    one, other = pair
    found: list[int] = []

    def wait() -> None:
        listed = one.requests.list(operation_id="listOrders", wait=timedelta(minutes=1))
        found.append(len(listed))

    waiting = threading.Thread(target=wait)
    waiting.start()
    call(other, "GET", "/orders?sendersReference=x")
    waiting.join(60)

    assert found == [1]


def test_the_journal_has_no_secret_even_in_the_store(pair: Pair, redis_url: str) -> None:
    import redis  # noqa: PLC0415 - the extra

    token = pair[0].token()
    headers = {"Authorization": f"Bearer {token}"}
    httpx.get(f"{pair[0].base_url}/orders?sendersReference=x", headers=headers)

    (entry,) = pair[1].requests.list()
    assert entry["requestHeaders"]["authorization"] == "Bearer [redacted]"
    with redis.Redis.from_url(redis_url) as client:
        name = pair[0].url.rpartition("/")[2].encode()
        (key,) = [key for key in client.scan_iter(count=1000) if name in key and b"journal" in key]
        assert token.encode() not in repr(client.xrange(key)).encode()


def test_what_a_refused_cancel_has_found_to_have_happened_stays(pair: Pair) -> None:
    one, other = pair
    one.clock.freeze(NOW)
    made = call(one, "POST", "/future/orders", json=a_body("person")).json()
    order_id = made["notification"]["shipmentId"]
    one.register.replace({"down": True})

    assert call(other, "PUT", f"/orders/{order_id}/cancel").status_code == 409
    one.register.replace({"down": False})

    # It was picked up while the register was down, and is tried again later.
    assert one.orders.get(order_id)["status"] == "Processing"


def test_register_reset_and_restore_are_for_both(pair: Pair) -> None:
    one, other = pair
    before = one.state()
    one.register.replace({"down": True})
    assert other.register.get()["down"] is True
    order = one.orders.create()

    other.restore(before)
    assert order["id"] not in [item["id"] for item in one.orders.list()]
    assert one.register.get()["down"] is False
    assert len(one.orders.list()) == len(before["orders"])
    other.reset()
    assert one.requests.list() == []


def test_a_dropped_sandbox_starts_anew_for_both(pair: Pair) -> None:
    one, other = pair
    order = one.orders.create()

    other.drop()

    assert order["id"] not in [item["id"] for item in one.orders.list()]


def test_one_who_waits_in_a_sandbox_that_the_other_drops_is_let_go(pair: Pair) -> None:
    one, other = pair
    done = threading.Event()

    def wait() -> None:
        one.requests.list(operation_id="cancelOrder", wait=timedelta(minutes=1))
        done.set()

    threading.Thread(target=wait, daemon=True).start()

    def dropped() -> bool:
        other.drop()
        return done.wait(0.2)

    eventually(dropped)


def test_one_who_waits_for_a_message_at_one_is_woken_by_an_order_of_the_other(pair: Pair) -> None:
    one, other = pair
    found: list[int] = []

    def wait() -> None:
        url = f"{one.control_url}/messages?wait=PT1M&recipient=kari@example.com"
        found.append(httpx.get(url, timeout=90).json()["count"])

    waiting = threading.Thread(target=wait)
    waiting.start()
    order = other.orders.create(recipients=[{"emailAddress": "kari@example.com"}])
    other.clock.advance(timedelta(days=2))
    waiting.join(60)

    assert found == [1]
    assert one.orders.get(order["id"])["status"] == "Completed"


def test_one_who_follows_events_at_one_is_told_what_happens_at_the_other(pair: Pair) -> None:
    one, other = pair
    told: list[str] = []
    order = other.orders.create()

    def follow() -> None:
        with httpx.stream("GET", f"{one.control_url}/events", timeout=60) as answer:
            for line in answer.iter_lines():
                told.append(line)
                if '"reset"' in line:
                    return

    following = threading.Thread(target=follow)
    following.start()
    eventually(lambda: told)
    call(other, "PUT", f"/orders/{order['id']}/cancel")
    other.faults.add(status=503)
    other.register.replace({"down": True})
    other.clock.freeze(NOW)
    other.reset()
    following.join(60)

    kinds = [line.partition('"type":"')[2].partition('"')[0] for line in told if "data:" in line]
    # Orders are moved along with the clock.
    assert kinds[:4] == ["order", "request", "fault", "register"]
    assert "clock" in kinds
    assert kinds[-1] == "reset"
    assert any('"status":"Cancelled"' in line for line in told)
