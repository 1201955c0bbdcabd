"""Requirements on every store; one suite, run over each adapter."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import NoReturn
from uuid import UUID

import pytest

from mock_server.domain.orders import Order, OrderExistsError, OrderNotFoundError, Status
from mock_server.store.memory import MemoryStore
from mock_server.store.port import Capacity, Store, StoreFullError
from tests.support.builders import MICROSECOND, NOW, ORDER_ID, an_order
from tests.support.shared_worlds import shared_stores

OTHER_ID = UUID(int=99)
LIMIT = 3
SLOW = pytest.mark.slow


Make = Callable[[], Store]


def _in_memory(_request: pytest.FixtureRequest, limit: int) -> Make:
    return partial(MemoryStore, Capacity(limit))


def _shared(request: pytest.FixtureRequest, limit: int) -> Make:
    return shared_stores(request.getfixturevalue("redis_url"), limit)


ADAPTERS = [pytest.param(_in_memory, id="memory"), pytest.param(_shared, id="redis", marks=SLOW)]


@pytest.fixture(params=ADAPTERS)
def store(request: pytest.FixtureRequest) -> Store:
    make: Make = request.param(request, LIMIT)
    return make()


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


def test_an_update_whose_change_fails_stores_nothing_and_the_next_one_works(store: Store) -> None:
    store.add(an_order())

    def fail(_order: Order) -> NoReturn:
        raise LookupError

    with pytest.raises(LookupError):
        store.update(ORDER_ID, fail)
    assert store.get(ORDER_ID) == an_order()
    assert store.update(ORDER_ID, lambda order: order) == an_order()


def test_an_update_touches_no_other_order(store: Store) -> None:
    store.add(an_order())
    store.add(an_order(id=OTHER_ID))

    store.update(OTHER_ID, lambda order: replace(order, status=Status.CANCELLED))

    assert store.get(ORDER_ID) == an_order()
    assert [order.id for order in store.all()] == [ORDER_ID, OTHER_ID]


def test_orders_are_found_in_the_order_in_which_they_came_whatever_became_of_them(
    store: Store,
) -> None:
    for number in range(3):
        store.add(an_order(id=UUID(int=number), senders_reference="mine"))

    store.update(UUID(int=0), lambda order: replace(order, status=Status.CANCELLED))

    assert [order.id.int for order in store.find("ttd", "mine")] == [0, 1, 2]


def test_updates_from_many_threads_lose_nothing(store: Store) -> None:
    store.add(an_order(last_update=NOW))
    pause = threading.Event()

    def add_a_microsecond(order: Order) -> Order:
        pause.wait(0.0001)
        return replace(order, last_update=order.last_update + MICROSECOND)

    with ThreadPoolExecutor(8) as threads:
        updates = [threads.submit(store.update, ORDER_ID, add_a_microsecond) for _ in range(80)]
        moments = {update.result().last_update for update in updates}

    assert store.get(ORDER_ID).last_update == NOW + 80 * MICROSECOND
    assert moments == {NOW + number * MICROSECOND for number in range(1, 81)}


def test_a_deleted_order_is_gone(store: Store) -> None:
    store.add(an_order())

    store.delete(ORDER_ID)

    assert store.all() == []
    assert len(store) == 0


def test_orders_of_one_reference_are_found_oldest_first_until_each_is_deleted(
    store: Store,
) -> None:
    store.add(an_order(id=OTHER_ID, senders_reference="one"))
    store.add(an_order(senders_reference="one"))

    found = [order.id for order in store.find("ttd", "one")]
    store.delete(OTHER_ID)
    left = [order.id for order in store.find("ttd", "one")]
    store.delete(ORDER_ID)

    assert (found, left) == ([OTHER_ID, ORDER_ID], [ORDER_ID])
    assert store.find("ttd", "one") == []


def test_an_order_that_gets_another_reference_is_found_by_that_alone(store: Store) -> None:
    store.add(an_order(senders_reference=None))

    for reference in ("one", "two"):
        named = partial(replace, senders_reference=reference)
        store.update(ORDER_ID, named)

    assert store.find("ttd", "one") == store.find("digdir", "two") == []
    assert [order.id for order in store.find("ttd", "two")] == [ORDER_ID]


def test_orders_are_listed_in_the_order_in_which_they_came(store: Store) -> None:
    store.add(an_order(id=OTHER_ID))
    store.add(an_order())

    assert [order.id for order in store.all()] == [OTHER_ID, ORDER_ID]


def test_an_order_over_the_limit_is_refused_and_nothing_is_lost(store: Store) -> None:
    _fill(store)

    with pytest.raises(StoreFullError) as refusal:
        store.add(an_order())

    assert (refusal.value.limit, len(store)) == (LIMIT, LIMIT)


def test_an_order_that_is_refused_takes_no_room(store: Store) -> None:
    store.add(an_order())

    for _ in range(LIMIT):
        with pytest.raises(OrderExistsError):
            store.add(an_order())
    for number in range(1, LIMIT):
        store.add(an_order(id=UUID(int=number)))

    assert len(store) == LIMIT


def test_an_update_takes_no_room(store: Store) -> None:
    store.add(an_order())

    for _ in range(LIMIT + 1):
        store.update(ORDER_ID, lambda order: order)
    for number in range(1, LIMIT):
        store.add(an_order(id=UUID(int=number)))

    assert len(store) == LIMIT


def test_deleting_makes_room_for_one_more_and_no_more(store: Store) -> None:
    _fill(store)

    store.delete(UUID(int=0))
    store.add(an_order())

    with pytest.raises(StoreFullError):
        store.add(an_order(id=UUID(int=LIMIT)))


def test_clearing_leaves_the_given_orders_which_count_against_no_limit(store: Store) -> None:
    _fill(store)

    store.clear([an_order()])

    assert store.all() == [an_order()]
    _fill(store)
    assert len(store) == LIMIT + 1


def test_deleting_and_clearing_twice_makes_no_room_twice(store: Store) -> None:
    _fill(store)

    store.delete(UUID(int=0))
    store.clear()
    store.clear()
    _fill(store)

    with pytest.raises(StoreFullError):
        store.add(an_order())


def test_deleting_an_order_that_counted_against_no_limit_makes_no_room(store: Store) -> None:
    store.clear([an_order()])
    _fill(store)

    store.delete(ORDER_ID)

    with pytest.raises(StoreFullError):
        store.add(an_order())


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_stores_with_one_capacity_share_its_limit(
    adapter: Callable[[pytest.FixtureRequest, int], Make], request: pytest.FixtureRequest
) -> None:
    make = adapter(request, 1)
    first, second = make(), make()
    first.add(an_order())

    with pytest.raises(StoreFullError):
        second.add(an_order())

    first.clear()
    second.add(an_order())


def test_adding_from_many_threads_never_goes_past_the_limit(store: Store) -> None:
    def add(number: int) -> bool:
        try:
            store.add(an_order(id=UUID(int=number)))
        except StoreFullError:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        added = list(threads.map(add, range(100)))

    assert added.count(True) == len(store) == len(store.all()) == LIMIT


def _fill(store: Store) -> None:
    for number in range(LIMIT):
        store.add(an_order(id=UUID(int=number)))
