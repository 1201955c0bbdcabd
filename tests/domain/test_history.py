"""Histories: each status of an order, and each result of a notification, with its time."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.domain.cancellation import cancel
from mock_server.domain.instant_sending import send_now
from mock_server.domain.lifecycle import answer, replay
from mock_server.domain.notifications import (
    MOST_STAGES,
    EmailResult,
    Notification,
    Stage,
)
from mock_server.domain.orders import (
    MOST_STEPS,
    Order,
    OrderType,
    Status,
    Step,
    history_of,
    pin,
    without_rounds,
)
from mock_server.domain.register import RegisterDownError
from mock_server.domain.results import report_result, set_result
from tests.support.builders import MICROSECOND, SECOND
from tests.support.life_builders import (
    CONDITION,
    EMAIL,
    MINUTE,
    MOBILE,
    NOWHERE,
    PICKED_UP,
    SEND_TIME,
    an_order_to,
    at,
    inquiry_of,
    notify,
    settled,
)

LATER = at("12:00", day=2)
TRANSIENT = "transient-error@example.com"


def told(order: Order) -> list[tuple[str, str, str]]:
    """Return the history of *order*: status, time of day, reason."""
    return [(str(step.status), step.at.strftime("%H:%M"), step.why) for step in history_of(order)]


def test_an_order_that_is_created_is_registered() -> None:
    assert told(an_order_to(EMAIL)) == [("Registered", "12:00", "it was created")]


def test_the_whole_life_is_told() -> None:
    assert told(settled(an_order_to(EMAIL, MOBILE), LATER)) == [
        ("Registered", "12:00", "it was created"),
        ("Processing", "12:59", "it was due within a minute"),
        ("Processed", "12:59", "its messages were generated"),
        ("Completed", "13:02", "every message has a final result"),
    ]


def test_one_who_reaches_nobody_is_completed_at_once() -> None:
    assert told(settled(an_order_to(NOWHERE), LATER))[-1] == (
        "Completed",
        "12:59",
        "it has no message to send",
    )


def test_a_cancelled_order_says_so() -> None:
    cancelled = cancel(an_order_to(EMAIL), at("12:10"))

    assert told(cancelled)[1:] == [("Cancelled", "12:10", "it was cancelled")]
    assert cancelled.history == ()


@pytest.mark.parametrize("is_met", [True, False, None])
def test_a_send_condition_tells_why(*, is_met: bool | None) -> None:
    asked = settled(an_order_to(EMAIL, condition_endpoint=CONDITION), PICKED_UP)
    order = answer(asked, inquiry_of(asked), notify, is_met=is_met)

    last = {
        True: ("Processed", "12:59", "its messages were generated"),
        False: ("SendConditionNotMet", "12:59", "its send condition answered false"),
        None: ("Processing", "12:59", "it was due within a minute"),
    }
    assert told(order)[-1] == last[is_met]


def test_an_instant_order_is_sent_from_the_start() -> None:
    order = send_now(an_order_to(EMAIL, type=OrderType.INSTANT))

    assert told(order) == [("Processed", "12:00", "it was sent when it was created")]
    assert told(settled(order, LATER))[1:] == [
        ("Completed", "12:02", "every message has a final result")
    ]


def test_what_is_set_by_hand_is_told_after_what_was_before() -> None:
    order = pin(cancel(an_order_to(EMAIL), at("12:10")), Status.REGISTERED, at("12:20"))
    order = pin(order, Status.COMPLETED, at("12:30"))

    assert told(order) == [
        ("Registered", "12:00", "it was created"),
        ("Cancelled", "12:10", "it was cancelled"),
        ("Registered", "12:20", "it was set by hand"),
        ("Completed", "12:30", "it was set by hand"),
    ]


@pytest.mark.parametrize("status", [status for status in Status if status != Status.REGISTERED])
def test_what_was_stored_with_a_status_began_with_it(status: Status) -> None:
    stored = an_order_to(EMAIL, status=status, is_pinned=True)

    assert told(stored) == [(str(status), "12:00", "it was stored with this status")]
    assert told(pin(stored, Status.PROCESSED, at("12:30"))) == [
        (str(status), "12:00", "it was stored with this status"),
        ("Processed", "12:30", "it was set by hand"),
    ]


def test_what_is_not_recorded_is_said_to_be_unknown() -> None:
    order = replace(settled(an_order_to(EMAIL), LATER), history=())

    assert told(order) == [
        ("Registered", "12:00", "it was created"),
        ("Completed", "13:02", "how it came about is not known"),
    ]


ROUND = ("it was due within a minute", "its recipients could not be looked up, twice")
HANDED_BACK, BY_HAND = ROUND[1], "it was set by hand"
NOT_MET = "its send condition answered false"


@pytest.mark.parametrize(
    ("reasons", "left"),
    [
        (3 * ROUND, 2 * ROUND),
        ((BY_HAND, *3 * ROUND), (BY_HAND, *2 * ROUND)),
        (2 * ROUND, 2 * ROUND),
        ((HANDED_BACK, *2 * ROUND), (HANDED_BACK, *2 * ROUND)),
        ((BY_HAND, BY_HAND, *2 * ROUND), (BY_HAND, BY_HAND, *2 * ROUND)),
        ((BY_HAND, NOT_MET, *2 * ROUND), (BY_HAND, NOT_MET, *2 * ROUND)),
        ((BY_HAND, BY_HAND, *3 * ROUND), (BY_HAND, BY_HAND, *2 * ROUND)),
        ((*ROUND, BY_HAND, BY_HAND, *ROUND), (*ROUND, BY_HAND, BY_HAND, *ROUND)),
        ((*2 * ROUND, BY_HAND, BY_HAND), (*2 * ROUND, BY_HAND, BY_HAND)),
    ],
)
def test_a_round_is_left_out_only_between_two_others(
    reasons: tuple[str, ...], left: tuple[str, ...]
) -> None:
    history = tuple(Step(Status.REGISTERED, at("12:00"), why) for why in reasons)

    assert tuple(step.why for step in without_rounds(history)) == left


def down(_order: Order, _now: datetime) -> tuple[Notification, ...]:
    """Fail as a register does that is down."""
    raise RegisterDownError


def in_steps(order: Order, until: datetime, span: timedelta, generate: Any = notify) -> Order:
    """Return *order* as of *until*, looked at each *span*."""
    moment = order.created
    while moment < until:
        order = replay(order, moment, generate)
        moment += span
    return replay(order, until, generate)


@pytest.mark.parametrize("minutes", [1, 2, 3, 4, 5, 6, 7, 100])
def test_of_rounds_of_being_handed_back_the_first_and_the_last_are_told(minutes: int) -> None:
    order = an_order_to(EMAIL)
    until = SEND_TIME + timedelta(minutes=minutes)

    small, big = in_steps(order, until, MINUTE, down), replay(order, until, down)

    assert history_of(small) == history_of(big)
    assert told(big)[:3] == [
        ("Registered", "12:00", "it was created"),
        ("Processing", "12:59", "it was due within a minute"),
        ("Registered", "13:00", "its recipients could not be looked up, twice"),
    ]
    assert len(history_of(big)) <= 6
    assert history_of(big)[-1].at == until


@pytest.mark.parametrize("day", [1, 2, 3, 9])
def test_of_rounds_of_being_tried_again_the_first_and_the_last_are_told(day: int) -> None:
    order, until = an_order_to(TRANSIENT), at("13:30", day=day)

    small, big = in_steps(order, until, MINUTE), settled(order, until)

    (one,), (other,) = small.notifications, big.notifications
    assert one.stages == other.stages
    assert [str(stage.result) for stage in one.history[:2]] == ["New", "Sending"]
    assert len(one.stages) <= 4
    assert one.stages[-1].at == one.last_update


ADDRESSES = st.sampled_from(
    [EMAIL, MOBILE, TRANSIENT, NOWHERE, "ttl@example.com", "new@example.com", "bounced@a.no"]
)


@settings(derandomize=True, deadline=None, database=None, max_examples=60)
@given(
    st.lists(ADDRESSES, min_size=1, max_size=3),
    st.sampled_from([MINUTE, 90 * SECOND, 7 * MINUTE, timedelta(hours=5), timedelta(days=1)]),
    st.sampled_from([OrderType.NOTIFICATION, OrderType.INSTANT]),
    st.sampled_from([notify, down]),
)
def test_big_and_small_steps_of_the_clock_leave_the_same_history(
    addresses: list[str], span: timedelta, kind: OrderType, generate: Any
) -> None:
    order = an_order_to(*addresses, type=kind)
    if kind is OrderType.INSTANT:
        order = send_now(an_order_to(addresses[0], type=kind))
    until = at("13:30", day=4)

    small, big = in_steps(order, until, span, generate), replay(order, until, generate)

    assert small == big
    assert history_of(small) == history_of(big)
    assert [item.stages for item in small.notifications] == [
        item.stages for item in big.notifications
    ]
    assert history_of(small)[-1].status is small.status


def test_a_state_without_histories_tries_again_alike_in_big_and_small_steps() -> None:
    order = settled(an_order_to(TRANSIENT), at("13:00"))
    bare = replace(order, history=(), notifications=tuple(_bare(order)))

    small, big = in_steps(bare, at("15:00"), MINUTE), settled(bare, at("15:00"))

    assert small.notifications[0].stages == big.notifications[0].stages


def _bare(order: Order) -> list[Notification]:
    return [replace(item, history=()) for item in order.notifications]


@pytest.mark.parametrize("change", [set_result, report_result])
def test_what_is_set_and_reported_over_and_over_is_bounded(change: Any) -> None:
    order = settled(an_order_to(EMAIL), PICKED_UP)
    (first,) = order.notifications
    for number in range(2 * MOST_STAGES):
        result = EmailResult.DELIVERED if number % 2 else EmailResult.BOUNCED
        order = change(order, first.id, result, PICKED_UP + number * MICROSECOND)

    (last,) = order.notifications
    assert len(last.stages) == 100  # as snapshots may have
    assert last.stages[0] == Stage(EmailResult.NEW, PICKED_UP)
    assert last.stages[-1].at == PICKED_UP + (2 * MOST_STAGES - 1) * MICROSECOND


def test_statuses_set_over_and_over_are_bounded() -> None:
    order = an_order_to(EMAIL)
    for number in range(2 * MOST_STEPS):
        order = pin(order, list(Status)[number % 6], PICKED_UP + number * MICROSECOND)

    steps = history_of(order)
    assert len(steps) == 100  # as snapshots may have
    assert steps[0].why == "it was created"
    assert steps[-1].at == PICKED_UP + (2 * MOST_STEPS - 1) * MICROSECOND


def test_two_orders_with_other_histories_are_equal() -> None:
    order = settled(an_order_to(EMAIL), LATER)

    assert replace(order, history=(), notifications=tuple(_bare(order))) == order
