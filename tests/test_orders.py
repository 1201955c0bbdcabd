"""The state machine: the cancel rule, and every other transition."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from mock_server.orders import (
    TRANSITIONS,
    CancellationProhibitedError,
    Order,
    Status,
    TransitionProhibitedError,
    cancel,
    claim,
    complete,
    generate,
    hand_back,
    pin,
    stop_on_condition,
)
from tests.builders import MICROSECOND, NOW, WINDOW, an_order

REFUSING = (
    Status.PROCESSING,
    Status.PROCESSED,
    Status.COMPLETED,
    Status.SEND_CONDITION_NOT_MET,
)
MINUTE = timedelta(minutes=1)


def test_cancel_sets_the_status_and_last_update_and_nothing_else() -> None:
    order = an_order(senders_reference="ref", ignore_reservation=False)

    cancelled = cancel(order, NOW)

    expected = an_order(
        senders_reference="ref",
        ignore_reservation=False,
        status=Status.CANCELLED,
        last_update=NOW,
    )
    assert cancelled == expected


@pytest.mark.parametrize("ahead", [WINDOW, WINDOW - MICROSECOND, timedelta(0), -MINUTE])
def test_cancel_five_minutes_or_less_before_send_time_is_refused(ahead: timedelta) -> None:
    order = an_order(requested_send_time=NOW + ahead)

    with pytest.raises(CancellationProhibitedError, match="not more than 5 minutes ahead"):
        cancel(order, NOW)


def test_cancel_a_microsecond_more_than_five_minutes_before_send_time_is_allowed() -> None:
    order = an_order(requested_send_time=NOW + WINDOW + MICROSECOND)

    assert cancel(order, NOW).status is Status.CANCELLED


@pytest.mark.parametrize("status", REFUSING)
def test_cancel_of_an_order_that_is_not_registered_is_refused(status: Status) -> None:
    with pytest.raises(CancellationProhibitedError, match=f"The order is {status};") as refusal:
        cancel(an_order(status=status), NOW)

    assert refusal.value.order.status is status


@pytest.mark.parametrize("ahead", [timedelta(days=1), WINDOW, -timedelta(days=365)])
def test_cancel_of_a_cancelled_order_returns_it_unchanged_at_any_time(ahead: timedelta) -> None:
    order = an_order(status=Status.CANCELLED, requested_send_time=NOW + ahead)

    assert cancel(order, NOW) is order


def test_cancel_without_a_window_is_allowed_even_after_the_send_time() -> None:
    order = an_order(requested_send_time=NOW - MINUTE)

    assert cancel(order, NOW, timedelta(0)).status is Status.CANCELLED


@pytest.mark.parametrize("status", REFUSING)
def test_cancel_without_a_window_still_refuses_other_statuses(status: Status) -> None:
    with pytest.raises(CancellationProhibitedError):
        cancel(an_order(status=status), NOW, timedelta(0))


def test_cancel_respects_a_window_of_another_length() -> None:
    window = timedelta(minutes=10)
    order = an_order(requested_send_time=NOW + window + MICROSECOND)

    assert cancel(order, NOW, window).status is Status.CANCELLED
    with pytest.raises(CancellationProhibitedError, match="10 minutes"):
        cancel(order, NOW + MICROSECOND, window)


@pytest.mark.parametrize(("over", "is_claimed"), [(-1, True), (0, True), (1, False)])
def test_an_order_is_claimed_from_a_minute_before_its_send_time(
    over: int, *, is_claimed: bool
) -> None:
    order = an_order(requested_send_time=NOW + MINUTE + over * MICROSECOND)

    if is_claimed:
        assert claim(order, NOW).status is Status.PROCESSING
    else:
        with pytest.raises(TransitionProhibitedError):
            claim(order, NOW)


def test_a_claim_leaves_last_update_as_it_was() -> None:
    order = an_order(requested_send_time=NOW)

    assert claim(order, NOW).last_update == order.last_update


MOVES: dict[str, tuple[Callable[[Order], Order], Status]] = {
    "claim": (lambda order: claim(order, NOW), Status.PROCESSING),
    "hand back": (lambda order: hand_back(order, NOW), Status.REGISTERED),
    "stop": (lambda order: stop_on_condition(order, NOW), Status.SEND_CONDITION_NOT_MET),
    "generate": (lambda order: generate(order, NOW, has_pending=True), Status.PROCESSED),
    "generate none": (lambda order: generate(order, NOW, has_pending=False), Status.COMPLETED),
    "complete": (lambda order: complete(order, NOW), Status.COMPLETED),
}


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("status", Status)
def test_each_move_is_possible_exactly_where_the_table_says(move: str, status: Status) -> None:
    change, target = MOVES[move]
    order = an_order(status=status, requested_send_time=NOW)

    if target in TRANSITIONS[status]:
        assert change(order).status is target
    else:
        with pytest.raises(TransitionProhibitedError, match=f"is {status} cannot become"):
            change(order)


@pytest.mark.parametrize("move", [move for move in MOVES if move != "claim"])
def test_each_move_but_a_claim_sets_last_update(move: str) -> None:
    change, _target = MOVES[move]

    assert change(an_order(status=Status.PROCESSING)).last_update == NOW


def test_the_transition_table_is_the_one_of_the_real_service() -> None:
    arrows = {(str(source), str(target)) for source in Status for target in TRANSITIONS[source]}

    assert arrows == {
        ("Registered", "Cancelled"),
        ("Registered", "Processing"),
        ("Processing", "Registered"),
        ("Processing", "SendConditionNotMet"),
        ("Processing", "Processed"),
        ("Processing", "Completed"),
        ("Processed", "Completed"),
    }


@pytest.mark.parametrize("source", Status)
@pytest.mark.parametrize("target", Status)
def test_a_status_set_by_hand_may_be_any_and_is_pinned(source: Status, target: Status) -> None:
    pinned = pin(an_order(status=source), target, NOW)

    assert (pinned.status, pinned.last_update, pinned.is_pinned) == (target, NOW, True)
