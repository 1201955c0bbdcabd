"""Races: whoever comes first, the answers make sense together."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from mock_server.orders import CancellationProhibitedError, Order, Status, cancel, pin
from mock_server.store import Capacity, MemoryStore
from tests.builders import NOW, ORDER_ID, an_order
from tests.conftest import TTD_ORDER, Client

ROUNDS = 1000
ROUNDS_OVER_HTTP = 40
PARALLEL = 50


def test_fifty_parallel_cancels_all_succeed_with_one_last_update(api: Client) -> None:
    with ThreadPoolExecutor(PARALLEL) as pool:
        answers = list(pool.map(lambda _: api.cancel(), range(PARALLEL)))

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["processingStatus"]["lastUpdate"] for answer in answers}) == 1


@pytest.mark.parametrize("status", [Status.PROCESSING, Status.REGISTERED])
def test_a_cancel_racing_a_status_change_never_gives_an_impossible_answer(
    status: Status,
) -> None:
    with ThreadPoolExecutor(2) as pool:
        for _ in range(ROUNDS):
            store = MemoryStore(Capacity(1), [an_order()])
            start = Barrier(2)
            outcome = pool.submit(_cancel, store, start)
            pool.submit(_pin, store, start, status).result()
            answer, final = outcome.result(), store.get(ORDER_ID)

            # The change by hand overrides a cancel before it, and refuses or precedes one after.
            if status is Status.PROCESSING:
                assert final.status is Status.PROCESSING
                assert answer in {"Cancelled", "refused"}
            else:
                assert final.status in {Status.CANCELLED, Status.REGISTERED}
                assert answer == "Cancelled"


def _cancel(store: MemoryStore, start: Barrier) -> str:
    start.wait()
    try:
        return str(store.update(ORDER_ID, lambda order: cancel(order, NOW)).status)
    except CancellationProhibitedError:
        return "refused"


def _pin(store: MemoryStore, start: Barrier, status: Status) -> Order:
    start.wait()
    return store.update(ORDER_ID, lambda order: pin(order, status, NOW))


def test_an_update_sees_what_the_one_before_it_stored() -> None:
    store = MemoryStore(Capacity(1), [an_order(senders_reference="")])
    start = Barrier(8)

    def count() -> None:
        start.wait()
        for _ in range(200):
            store.update(ORDER_ID, _one_more)

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(count) for _ in range(8)]:
            done.result()

    assert store.get(ORDER_ID).senders_reference == "x" * 1600


def _one_more(order: Order) -> Order:
    for _ in range(50):
        _ = an_order()
    return an_order(senders_reference=f"{order.senders_reference}x")


def test_cancels_racing_status_changes_over_http_agree_with_the_order(api: Client) -> None:
    with ThreadPoolExecutor(3) as pool:
        for _ in range(ROUNDS_OVER_HTTP):
            api.mock.reset()
            answers = [pool.submit(api.cancel) for _ in range(2)]
            moved = pool.submit(
                api.control, "PUT", f"/orders/{TTD_ORDER}/status", json={"status": "Processing"}
            )

            assert moved.result().status_code == 200
            assert {answer.result().status_code for answer in answers} <= {200, 409}
            assert api.mock.orders.get(TTD_ORDER)["status"] == "Processing"
