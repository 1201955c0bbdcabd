"""What every store must do; one suite, run over each adapter."""

from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn
from uuid import UUID

import pytest

from mock_server.orders import Order, OrderExistsError, OrderNotFoundError, Status
from mock_server.store import Capacity, MemoryStore, Store, StoreFullError
from tests.builders import ORDER_ID, an_order

OTHER_ID = UUID(int=2)
LIMIT = 3


@pytest.fixture(params=[MemoryStore])
def store(request: pytest.FixtureRequest) -> Store:
    make: Callable[[Capacity], Store] = request.param
    return make(Capacity(LIMIT))


def test_an_added_order_is_found_by_id_and_creator(store: Store) -> None:
    store.add(an_order())

    assert store.get(ORDER_ID) == store.get(ORDER_ID, "ttd") == an_order()


@pytest.mark.parametrize("creator", ["digdir", "TTD", "tt", ""])
def test_an_order_of_another_creator_is_not_found(store: Store, creator: str) -> None:
    store.add(an_order())

    with pytest.raises(OrderNotFoundError):
        store.get(ORDER_ID, creator)
    with pytest.raises(OrderNotFoundError):
        store.update(ORDER_ID, lambda order: order, creator)


def test_an_unknown_order_is_not_found(store: Store) -> None:
    with pytest.raises(OrderNotFoundError):
        store.get(OTHER_ID)
    with pytest.raises(OrderNotFoundError):
        store.delete(OTHER_ID)


def test_an_id_that_is_taken_is_refused_and_the_order_stays(store: Store) -> None:
    store.add(an_order())

    with pytest.raises(OrderExistsError):
        store.add(an_order(creator="digdir"))

    assert store.get(ORDER_ID).creator == "ttd"


def test_an_update_stores_what_the_change_returns(store: Store) -> None:
    store.add(an_order())

    changed = store.update(ORDER_ID, lambda order: replace(order, status=Status.CANCELLED), "ttd")

    assert store.get(ORDER_ID) == changed == an_order(status=Status.CANCELLED)


def test_an_update_whose_change_fails_stores_nothing(store: Store) -> None:
    store.add(an_order())

    def fail(_order: Order) -> NoReturn:
        raise LookupError

    with pytest.raises(LookupError):
        store.update(ORDER_ID, fail)

    assert store.get(ORDER_ID) == an_order()


def test_a_deleted_order_is_gone(store: Store) -> None:
    store.add(an_order())

    store.delete(ORDER_ID)

    assert store.all() == []
    assert len(store) == 0


def test_orders_are_listed_in_the_order_in_which_they_came(store: Store) -> None:
    store.add(an_order(id=OTHER_ID))
    store.add(an_order())

    assert [order.id for order in store.all()] == [OTHER_ID, ORDER_ID]


def test_an_order_over_the_limit_is_refused_and_nothing_is_lost(store: Store) -> None:
    for number in range(LIMIT):
        store.add(an_order(id=UUID(int=number)))

    with pytest.raises(StoreFullError) as refusal:
        store.add(an_order())

    assert (refusal.value.limit, len(store)) == (LIMIT, LIMIT)


def test_deleting_and_clearing_make_room_again(store: Store) -> None:
    for number in range(LIMIT):
        store.add(an_order(id=UUID(int=number)))

    store.delete(UUID(int=0))
    store.add(an_order())
    store.clear([an_order(id=OTHER_ID)])
    for number in range(10, 10 + LIMIT):
        store.add(an_order(id=UUID(int=number)))

    assert len(store) == LIMIT + 1


def test_stores_with_one_capacity_share_its_limit() -> None:
    capacity = Capacity(1)
    first, second = MemoryStore(capacity), MemoryStore(capacity)
    first.add(an_order())

    with pytest.raises(StoreFullError):
        second.add(an_order())
