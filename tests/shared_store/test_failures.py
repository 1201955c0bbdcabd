"""The store away, silent, full, and back again: told honestly, and mended by itself."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import redis

from mock_server import MockServer
from tests.support.eventually import eventually
from tests.support.redis_server import RedisServer, running_redis

pytestmark = pytest.mark.slow

SOON = 5.0
"""Seconds: a second is promised, and the machine may be busy."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    with running_redis(tmp_path, "--appendonly", "yes", "--appendfsync", "always") as server:
        yield server


@pytest.fixture
def mock(server: RedisServer) -> Iterator[MockServer]:
    with MockServer(store=server.url) as mock:
        yield mock


def cancel(mock: MockServer, order_id: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {mock.token()}"}
    return httpx.put(f"{mock.base_url}/orders/{order_id}/cancel", headers=headers, timeout=SOON)


def is_served(mock: MockServer, order_id: str) -> bool:
    return cancel(mock, order_id).status_code == 200


def assert_away(mock: MockServer, order_id: str) -> None:
    refused = cancel(mock, order_id)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert "shared store" in refused.json()["detail"]
    health = httpx.get(f"{mock.url}/__mock/health", timeout=SOON)
    assert (health.status_code, health.json()["status"]) == (200, "degraded")
    ready = httpx.get(f"{mock.url}/__mock/ready", timeout=SOON)
    assert (ready.status_code, ready.headers["retry-after"]) == (503, "1")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_store_that_ends_is_told_and_what_was_acknowledged_is_there_when_it_is_back(
    mock: MockServer, server: RedisServer, number: signal.Signals
) -> None:
    orders = [mock.orders.create()["id"] for _ in range(5)]
    mock.faults.add(status=418, times=1, match={"operationId": "getOrder"})
    assert cancel(mock, orders[0]).status_code == 200

    server.stop(number)
    assert_away(mock, orders[1])
    server.start()

    eventually(lambda: is_served(mock, orders[1]))
    assert [mock.orders.get(item)["status"] for item in orders] == [
        *("Cancelled", "Cancelled", "Registered", "Registered", "Registered"),
    ]
    assert len(mock.faults.list()) == 1
    assert httpx.get(f"{mock.url}/__mock/ready").status_code == 200


def test_a_store_that_is_silent_is_told_to_all_at_once(
    mock: MockServer, server: RedisServer
) -> None:
    order = mock.orders.create()["id"]

    server.send(signal.SIGSTOP)
    try:
        assert_away(mock, order)
        begun = time.perf_counter()
        answers = [cancel(mock, order).status_code for _ in range(20)]
        # One in a while tries again, and waits 0.7 s; were it each, that would be fourteen.
        assert time.perf_counter() - begun < 20 * 0.7
    finally:
        server.send(signal.SIGCONT)

    assert answers == [503] * 20
    eventually(lambda: is_served(mock, order))


def test_a_store_that_is_full_stores_nothing_and_still_answers_what_it_has(
    mock: MockServer, server: RedisServer
) -> None:
    order = mock.orders.create()["id"]
    headers = {"Authorization": f"Bearer {mock.token()}"}
    with redis.Redis.from_url(server.url) as client:
        client.config_set("maxmemory", 1)
        refused = cancel(mock, order)
        status = httpx.get(f"{mock.base_url}/orders/{order}/status", headers=headers)
        client.config_set("maxmemory", 0)

    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert status.json()["processingStatus"]["status"] == "Registered"
    assert is_served(mock, order)


def test_with_the_store_in_memory_it_is_always_ready() -> None:
    with MockServer() as mock:
        ready = httpx.get(f"{mock.url}/__mock/ready")
        health = httpx.get(f"{mock.url}/__mock/health").json()

    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})
    assert (health["status"], "degraded" in health) == ("ok", False)
