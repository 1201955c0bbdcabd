"""The agenda of a shared store: who is due, and when, as in memory."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mock_server.domain.lifecycle import wake
from mock_server.domain.orders import Inquiry, Order, Status
from mock_server.store.memory import MemoryStore
from mock_server.store.port import Capacity, Store
from tests.support.builders import MICROSECOND, NOW, ORDER_ID, an_order
from tests.support.life_builders import an_id
from tests.support.shared_worlds import shared_stores

pytestmark = pytest.mark.slow


@pytest.fixture
def stores(redis_url: str) -> tuple[Store, Store]:
    return MemoryStore(Capacity(10), wake=wake), shared_stores(redis_url, 10, wake)()


def test_who_is_due_and_when_is_as_in_memory(stores: tuple[Store, Store]) -> None:
    for number, ahead in enumerate((30, 5, 5, 90)):
        order = an_order(
            id=an_id(number),
            created=NOW,
            last_update=NOW,
            requested_send_time=NOW + timedelta(minutes=ahead),
        )
        for store in stores:
            store.add(order)

    for store in stores:
        first = NOW + timedelta(minutes=4)
        assert store.next_due() == first
        assert store.due(first - MICROSECOND) == []
        assert [order.id for order in store.due(first)] == [an_id(1), an_id(2)]
        assert [order.id for order in store.due(NOW + timedelta(hours=1))] == [
            *(an_id(1), an_id(2), an_id(0)),
        ]
        for number in (1, 2):
            store.update(an_id(number), lambda order: replace(order, status=Status.CANCELLED))
        assert store.next_due() == NOW + timedelta(minutes=29)
        store.clear()
        assert store.next_due() is None


def test_an_order_whose_condition_is_asked_is_the_same_object_for_who_asks(redis_url: str) -> None:
    store = shared_stores(redis_url, 10, wake)()
    store.add(an_order())
    asking = Inquiry(1, NOW, is_open=True)
    found: list[Order] = []

    def ask(order: Order) -> Order:
        return replace(order, status=Status.PROCESSING, inquiry=asking)

    def look(order: Order) -> Order:
        found.append(order)
        return order

    asked = store.update(ORDER_ID, ask)
    store.update(ORDER_ID, look)

    assert found[0] is asked
    # Nobody is to ask again for as long as somebody may be waiting.
    assert store.due(NOW) == []
