"""A reset while orders are moved: what takes their place lives in the time that it is then."""

from dataclasses import replace
from datetime import datetime

from mock_server.domain.clock import Clock
from mock_server.domain.lifecycle import wake
from mock_server.domain.notifications import Notification
from mock_server.domain.orders import Order, Status
from mock_server.sandbox.progress import Progress
from mock_server.sandbox.status_feed import StatusFeed
from mock_server.sandbox.surroundings import Surroundings
from mock_server.store.memory import MemoryStore
from mock_server.store.port import Capacity
from tests.support.builders import NOW, ORDER_ID, Wall
from tests.support.life_builders import EMAIL, MINUTE, an_order_to, notify, undecided


def test_a_seeded_order_is_not_moved_at_the_time_before_a_reset() -> None:
    order = an_order_to(EMAIL)
    clock = Clock(Wall())
    store = MemoryStore(Capacity(10), [order], wake=wake)

    def with_reset(found: Order, now: datetime) -> tuple[Notification, ...]:
        if clock.now() > NOW:  # once: then it is NOW again
            clock.reset()
            store.clear([replace(order)])
        return notify(found, now)

    surroundings = Surroundings(lambda endpoint, _note: undecided(endpoint), notify=with_reset)
    progress = Progress(store, clock, surroundings, StatusFeed())
    clock.set(order.requested_send_time + 5 * MINUTE)
    progress.settle()

    assert clock.now() == NOW
    assert store.get(ORDER_ID).status is Status.REGISTERED
