"""A bad line between a server and its store: some are told so, and nothing acknowledged is lost."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from mock_server import MockServer
from tests.support.eventually import eventually
from tests.support.redis_server import running_redis
from tests.support.tcp_proxy import proxy_to

pytestmark = pytest.mark.slow


def test_connections_that_are_delayed_and_cut_lose_nothing_that_was_acknowledged(
    tmp_path: Path,
) -> None:
    with (
        running_redis(tmp_path) as store,
        proxy_to(store.port) as proxy,
        MockServer(store=store.url.replace(str(store.port), str(proxy.port))) as mock,
        MockServer(store=store.url) as steady,
    ):
        headers = {"Authorization": f"Bearer {mock.token()}"}
        told: dict[str, str] = {}
        answers = Counter[int]()

        def use(_number: int) -> None:
            with httpx.Client(headers=headers, timeout=60) as client:
                made = client.post(f"{mock.control_url}/orders", json={})
                answers[made.status_code] += 1
                if made.status_code != 201:
                    return
                order_id = made.json()["id"]
                done = client.put(f"{mock.base_url}/orders/{order_id}/cancel")
                answers[done.status_code] += 1
                # Refused, it may be cancelled all the same: the answer of the store was lost.
                told[order_id] = "Cancelled" if done.status_code == 200 else "?"

        def used() -> bool:
            with ThreadPoolExecutor(4) as threads:
                list(threads.map(use, range(40)))
            return answers[200] > 20 and answers[503] > 0 and proxy.cuts > 3

        proxy.harm = 0.01
        eventually(used)
        proxy.harm = 0.0

        assert answers.keys() == {200, 201, 503}
        found = {order["id"]: order["status"] for order in steady.orders.list()}
        assert [one for one, status in told.items() if status not in ("?", found.get(one))] == []
        assert told.keys() <= found.keys()
