"""The life of an order as a function of time: the rules alone, nobody asking and no locks."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from mock_server.domain.lifecycle import (
    RETRY_AFTER,
    answer,
    claim_if_due,
    give_up,
    replay,
    send_new,
    take_up,
)
from mock_server.domain.magic_values import EMAIL_OUTCOMES
from mock_server.domain.notifications import Notification
from mock_server.domain.orders import Inquiry, Order, Status, pin
from mock_server.domain.recipients import NotificationChannel
from mock_server.domain.register import RegisterDownError
from tests.support.builders import MICROSECOND
from tests.support.life_builders import (
    CONDITION,
    EMAIL,
    MINUTE,
    MOBILE,
    NOWHERE,
    PICKED_UP,
    RESERVED,
    SEND_TIME,
    an_order_to,
    at,
    inquiry_of,
    notify,
    results,
    settled,
    stages,
)

FINALLY = at("00:00", day=9)
CHANNEL = NotificationChannel.EMAIL
OF_EVERY_KIND = an_order_to(
    *(f"{local}@example.com" for local in EMAIL_OUTCOMES), RESERVED, NOWHERE
)
WITH_CONDITION = an_order_to(EMAIL, condition_endpoint=CONDITION)
ASKED = settled(WITH_CONDITION, PICKED_UP)
WAITING = answer(ASKED, inquiry_of(ASKED), notify, is_met=None)
ASKED_AGAIN = settled(WAITING, SEND_TIME)
FIRST, AGAIN = inquiry_of(ASKED), inquiry_of(ASKED_AGAIN)


def firsts(order: Order, until: datetime) -> list[Notification]:
    """Return the first notification of *order* after every change until then."""
    return [stage.notifications[0] for stage in stages(order, until)]


@pytest.mark.parametrize(
    ("created", "send_time", "tick"),
    [
        ("12:00", "13:00", "12:59"),
        ("12:00", "12:59:59.999999", "12:59"),
        ("12:00", "13:00:00.000001", "13:00"),
        ("12:00", "12:00", "12:00"),
        ("12:58:59.999999", "13:00", "12:59"),
        ("12:59", "13:00", "12:59"),
        ("12:59:00.000001", "13:00", "13:00"),
        ("13:00", "13:00", "13:00"),
        ("13:00:00.000001", "12:55", "13:01"),
    ],
)
def test_an_order_is_picked_up_at_the_first_tick_from_a_minute_before_its_send_time(
    created: str, send_time: str, tick: str
) -> None:
    order = an_order_to(EMAIL, created=at(created), requested_send_time=at(send_time))

    assert settled(order, at(tick) - MICROSECOND) is order
    for now in (at(tick), at(tick) + MICROSECOND, at(tick) + MINUTE - MICROSECOND):
        picked_up = settled(order, now)
        assert (picked_up.status, picked_up.last_update) == (Status.PROCESSED, at(tick))
        assert [item.result for item in picked_up.notifications] == ["New"]


@pytest.mark.parametrize("addresses", [(), (RESERVED,), (NOWHERE,), (RESERVED, NOWHERE)])
@pytest.mark.parametrize("channel", NotificationChannel)
def test_an_order_with_nothing_to_send_is_completed_at_once(
    addresses: tuple[str, ...], channel: NotificationChannel
) -> None:
    order = settled(an_order_to(*addresses, notification_channel=channel), FINALLY)

    assert (order.status, order.last_update) == (Status.COMPLETED, PICKED_UP)
    assert {item.last_update for item in order.notifications} <= {PICKED_UP}


def test_an_order_is_completed_when_its_last_pending_message_has_a_final_result() -> None:
    order, last = an_order_to("ttl@example.com", EMAIL, RESERVED), at("13:15", day=3)

    before = settled(order, last - MICROSECOND)

    # Of its two last results one arrived while the other was outstanding, which moves no order.
    assert (before.status, before.last_update) == (Status.PROCESSED, PICKED_UP)
    assert [item.is_pending for item in before.notifications] == [True, False, False]
    for now in (last, last + MICROSECOND, FINALLY):
        assert (settled(order, now).status, settled(order, now).last_update) == ("Completed", last)


@pytest.mark.parametrize(
    ("send_time", "sent"),
    [
        ("05:00", at("08:01")),
        ("08:00", at("08:01")),
        ("15:59", at("15:59")),
        ("16:00", at("08:01", day=2)),
    ],
)
def test_sms_wait_for_daytime_and_their_reports_do_not(send_time: str, sent: datetime) -> None:
    start = at("00:00")
    order = an_order_to(MOBILE, created=start, last_update=start, requested_send_time=at(send_time))

    assert [(item.result, item.last_update) for item in firsts(order, at("09:00", day=2))] == [
        ("New", at(send_time) - MINUTE),
        ("Sending", sent),
        ("Accepted", sent + MINUTE),
        ("Delivered", sent + 2 * MINUTE),
    ]


def test_one_big_step_of_the_clock_ends_as_any_two_do() -> None:
    spans = (0, 58, 59, 59.5, 60, 61, 62, 90, 2880, 2939, 2940, 2941, 2945, 2955, 9999)
    moments = [OF_EVERY_KIND.created + minutes * MINUTE for minutes in spans]

    for number, first in enumerate(moments):
        between = settled(OF_EVERY_KIND, first)
        for second in moments[number:]:
            assert settled(between, second) == settled(OF_EVERY_KIND, second)


@pytest.mark.parametrize("order", [OF_EVERY_KIND, WITH_CONDITION, an_order_to(MOBILE)])
def test_where_nothing_is_due_it_stays_the_same_object(order: Order) -> None:
    for now in (at("12:00"), at("12:58"), PICKED_UP, at("13:05"), FINALLY):
        once = settled(order, now)

        assert settled(once, now) is once
        assert settled(once, at("00:00")) is once


def test_an_order_with_a_condition_is_claimed_and_asked_about_without_a_new_last_update() -> None:
    assert (ASKED.status, ASKED.notifications) == (Status.PROCESSING, ())
    assert ASKED.inquiry == Inquiry(1, PICKED_UP, is_open=True)
    assert ASKED.last_update == WITH_CONDITION.created
    assert settled(ASKED, FINALLY) is ASKED
    assert claim_if_due(ASKED, FINALLY, notify) is ASKED


@pytest.mark.parametrize(
    ("order", "asked"), [(ASKED, FIRST), (ASKED_AGAIN, AGAIN)], ids=["first", "retry"]
)
@pytest.mark.parametrize(
    ("is_met", "status"), [(True, "Processed"), (False, "SendConditionNotMet")]
)
def test_a_decisive_answer_counts_as_of_when_it_was_asked_for(
    order: Order, asked: Inquiry, *, is_met: bool, status: str
) -> None:
    after = answer(order, asked, notify, is_met=is_met)

    assert (after.status, after.last_update, after.inquiry) == (status, asked.at, None)
    assert [item.last_update for item in after.notifications] == [asked.at] * is_met


def test_after_an_inconclusive_answer_it_is_asked_again_at_the_next_tick() -> None:
    assert (WAITING.status, WAITING.last_update) == (Status.PROCESSING, WITH_CONDITION.created)
    assert settled(WAITING, SEND_TIME - MICROSECOND) is WAITING
    for now in (SEND_TIME, SEND_TIME + MICROSECOND, FINALLY):
        again = Inquiry(2, SEND_TIME, is_open=True)
        assert settled(WAITING, now) == replace(WAITING, inquiry=again)


@pytest.mark.parametrize("seconds", [0.0, 0.5, 30.0])
def test_a_trigger_asks_again_no_sooner_than_after_sixty_seconds(seconds: float) -> None:
    first = at("12:59") + timedelta(seconds=seconds)
    asked = claim_if_due(WITH_CONDITION, first, notify)
    waiting = answer(asked, inquiry_of(asked), notify, is_met=None)

    assert claim_if_due(waiting, first + timedelta(seconds=60) - MICROSECOND, notify) is waiting
    for now in (first + timedelta(seconds=60), first + RETRY_AFTER + MICROSECOND):
        again = claim_if_due(waiting, now, notify)
        assert again == replace(waiting, inquiry=Inquiry(2, now, is_open=True))


def test_an_inquiry_whose_asker_was_lost_is_open_again() -> None:
    lost = replace(ASKED, inquiry=replace(inquiry_of(ASKED), is_open=False, is_lost=True))

    assert take_up(lost) == ASKED
    assert take_up(WAITING) is WAITING
    assert take_up(WITH_CONDITION) is WITH_CONDITION


def test_an_inconclusive_answer_to_the_retry_counts_as_met() -> None:
    assert answer(ASKED_AGAIN, AGAIN, notify, is_met=None) == answer(
        ASKED_AGAIN, AGAIN, notify, is_met=True
    )


@pytest.mark.parametrize("is_met", [True, False, None])
@pytest.mark.parametrize(
    "order",
    [WITH_CONDITION, WAITING, ASKED_AGAIN, pin(ASKED, Status.PROCESSING, SEND_TIME)],
    ids=["new again", "answered", "asked again", "pinned"],
)
def test_a_late_answer_changes_nothing(order: Order, *, is_met: bool | None) -> None:
    assert answer(order, FIRST, notify, is_met=is_met) is order


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("order", [OF_EVERY_KIND, ASKED, settled(OF_EVERY_KIND, PICKED_UP)])
def test_time_and_triggers_leave_a_pinned_order_alone(order: Order, status: Status) -> None:
    pinned = pin(order, status, SEND_TIME)

    for now in (SEND_TIME, FINALLY):
        assert settled(pinned, now) is pinned
        assert claim_if_due(pinned, now, notify) is pinned
        assert give_up(pinned, now) is pinned
        assert send_new(pinned, CHANNEL, now, has_reports=True) is pinned


@pytest.mark.parametrize(
    ("now", "is_claimed"),
    [("12:59:29.999999", False), ("12:59:30", True), ("12:59:30.000001", True), ("14:00", True)],
)
def test_a_trigger_claims_from_a_minute_before_the_send_time(now: str, *, is_claimed: bool) -> None:
    order = an_order_to(EMAIL, requested_send_time=at("13:00:30"))

    after = claim_if_due(order, at(now), notify)

    assert (after is not order) is is_claimed
    assert (after.status, after.last_update) == (
        ("Processed", at(now)) if is_claimed else ("Registered", order.last_update)
    )


def test_a_trigger_sends_by_one_channel_and_gives_reports_only_where_it_is_to() -> None:
    new = settled(an_order_to(EMAIL), PICKED_UP)
    sent = send_new(new, CHANNEL, SEND_TIME, has_reports=True)

    assert results(sent) == ["Sending"]
    assert send_new(sent, CHANNEL, SEND_TIME, has_reports=False) is sent
    assert results(send_new(sent, CHANNEL, SEND_TIME, has_reports=True)) == ["Succeeded"]
    assert send_new(new, NotificationChannel.SMS, SEND_TIME, has_reports=True) is new


def test_a_trigger_gives_up_what_has_no_report_after_lifetime_and_grace() -> None:
    order, end = settled(an_order_to("ttl@example.com"), at("13:01")), at("13:05", day=3)

    assert give_up(order, end) is order
    given_up = give_up(order, end + MICROSECOND)
    assert (given_up.status, given_up.last_update) == ("Completed", end + MICROSECOND)
    assert results(given_up) == ["Failed_TTL"]


@pytest.mark.parametrize("ups", [1, 2, 3, 4, 5, 50])
def test_a_register_that_is_down_is_tried_twice_in_a_row_until_it_is_up(ups: int) -> None:
    up_at = PICKED_UP + ups * MINUTE

    def notify_later(order: Order, now: datetime) -> tuple[Notification, ...]:
        if now < up_at:
            raise RegisterDownError
        return notify(order, now)

    order, seen = an_order_to(RESERVED), []
    for minutes in range(ups):
        order = replay(order, PICKED_UP + minutes * MINUTE, notify_later)
        seen.append(str(order.status))

    assert seen == (["Processing", "Registered"] * ups)[:ups]
    end = replay(order, up_at, notify_later)
    assert (end.status, end.last_update) == (Status.COMPLETED, up_at)


def test_a_register_that_is_down_for_long_is_the_same_in_one_step_as_in_many() -> None:
    def notify_never(_order: Order, _now: datetime) -> tuple[Notification, ...]:
        raise RegisterDownError

    order = small = an_order_to(EMAIL)
    for minutes in range(200):
        now = PICKED_UP + minutes * MINUTE
        small = replay(small, now, notify_never)

        assert replay(order, now, notify_never) == small
