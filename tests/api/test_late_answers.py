"""Answers that come late, orders that are replaced meanwhile, and ticks that pass in between."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Event

import pytest

from mock_server.domain.generation import generate
from mock_server.domain.orders import OrderNotFoundError
from mock_server.domain.recipients import NotificationChannel, Recipient
from tests.support.builders import NOW, ORDER_ID, SECOND, Wall
from tests.support.life_builders import (
    CONDITION,
    EMAIL,
    MOBILE,
    ORGANIZATION,
    PATIENCE,
    PICKED_UP,
    REGISTER,
    World,
    an_order_to,
    at,
    saying,
)

WITH_CONDITION = an_order_to(EMAIL, condition_endpoint=CONDITION)
ACROSS_A_TICK = PICKED_UP - 0.1 * SECOND


class Ticking(Wall):
    """Real time that is a fifth of a second later whenever it is read, until it is set."""

    def __call__(self) -> datetime:
        """Return the time that it is."""
        self.now += timedelta(seconds=0.2)
        return self.now


class Caller:
    """A send condition that is asked once, and says *is_met* when it may."""

    def __init__(self, *, is_met: bool) -> None:
        """Wait to be asked."""
        self.is_asked, self.may_answer, self._is_met = Event(), Event(), is_met

    def __call__(self) -> bool:
        """Return the answer."""
        self.is_asked.set()
        assert self.may_answer.wait(PATIENCE)
        return self._is_met


def test_the_answer_for_an_order_that_was_reset_does_not_decide_its_successor() -> None:
    early, late = Caller(is_met=False), Caller(is_met=True)
    callers = iter([early, late])
    world = World(WITH_CONDITION, ask=lambda _endpoint: next(callers)())
    with ThreadPoolExecutor(2) as threads:
        reading = threads.submit(world.get, PICKED_UP)
        assert early.is_asked.wait(PATIENCE)
        world.store.clear([WITH_CONDITION])
        reading_again = threads.submit(world.get)
        assert late.is_asked.wait(PATIENCE)
        early.may_answer.set()
        first = reading.result(PATIENCE)
        late.may_answer.set()

    assert (first.status, reading_again.result().status) == ("Processing", "Processed")


def test_nobody_gets_the_order_of_another_that_has_taken_the_id_meanwhile() -> None:
    def ask(_endpoint: str) -> bool:
        world.store.clear([replace(WITH_CONDITION, creator="digdir")])
        return True

    world = World(WITH_CONDITION, ask=ask)
    world.wall.now = PICKED_UP

    with pytest.raises(OrderNotFoundError):
        world.progress.get(ORDER_ID, "ttd")


@pytest.mark.parametrize(("ahead", "asked"), [(0.2, 0), (0.1, 1), (0.0, 1)])
def test_a_change_about_a_tick_leaves_no_condition_unasked(ahead: float, asked: int) -> None:
    world = World(WITH_CONDITION, ask=saying([True]), wall=Ticking())
    world.wall.now = ACROSS_A_TICK - ahead * SECOND

    world.progress.update(ORDER_ID, lambda order, _now: order)

    assert world.asked == [CONDITION] * asked
    assert world.get(at("15:00")).status == "Completed"
    assert world.asked == [CONDITION]


def test_a_trigger_across_a_tick_finds_done_what_the_tick_does() -> None:
    world = World(an_order_to(EMAIL), wall=Ticking())
    world.wall.now = ACROSS_A_TICK - 0.2 * SECOND

    world.progress.claim_due_orders()

    (order,) = world.store.all()
    assert (order.status, order.last_update) == ("Processed", PICKED_UP)


@pytest.mark.parametrize(
    ("channel", "channels"),
    [("EmailPreferred", ["Email", "Sms"]), ("SmsPreferred", ["Sms", "Email"])],
)
def test_a_number_given_with_an_address_of_each_kind_is_served_by_both_channels(
    channel: str, channels: list[str]
) -> None:
    given = (
        Recipient(email_address=EMAIL, organization_number=ORGANIZATION),
        Recipient(mobile_number=MOBILE, organization_number=ORGANIZATION),
    )
    order = an_order_to(notification_channel=NotificationChannel(channel), recipients=given)

    assert [item.channel for item in generate(order, NOW, REGISTER.contact)] == channels
