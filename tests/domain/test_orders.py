"""The state machine: the cancel rule, and every other transition."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from datetime import timedelta

import pytest

from mock_server.documents.orders import read_order
from mock_server.domain.cancellation import CancellationProhibitedError, cancel
from mock_server.domain.orders import (
    TRANSITIONS,
    Inquiry,
    Order,
    OrderExistsError,
    OrderNotFoundError,
    Status,
    TransitionProhibitedError,
    claim,
    complete,
    generate,
    pin,
    stop_on_condition,
)
from mock_server.domain.recipients import NotificationChannel
from mock_server.domain.templates import EmailTemplate, SmsTemplate
from tests.support.builders import MICROSECOND, NOW, ORDER_ID, WINDOW, an_order

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
OTHERS = [status for status in Status if status not in {Status.REGISTERED, Status.CANCELLED}]
TOO_LATE = [WINDOW, WINDOW - MICROSECOND, timedelta(0), -MICROSECOND, -DAY]
EARLY_ENOUGH = [WINDOW + MICROSECOND, DAY]


def test_a_new_order_was_last_updated_when_it_was_created() -> None:
    order = read_order({}, NOW)

    assert (order.status, order.created, order.last_update) == (Status.REGISTERED, NOW, NOW)


def test_an_order_of_nothing_but_what_it_must_have_is_an_e_mail_that_time_moves() -> None:
    order = an_order()

    assert order.notification_channel is NotificationChannel.EMAIL
    assert (order.send_time_tenth, order.is_pinned, order.inquiry) == (0, False, None)
    assert not order.use_stale_contact_information
    with pytest.raises(FrozenInstanceError):
        order.is_pinned = True  # type: ignore[misc]


@pytest.mark.parametrize(("creator", "owner"), [(None, ""), ("ttd", " with creator 'ttd'")])
def test_an_order_that_is_not_there_is_named_with_its_creator(
    creator: str | None, owner: str
) -> None:
    assert str(OrderNotFoundError(ORDER_ID, creator)) == f"no order '{ORDER_ID}'{owner}"


def test_an_order_that_is_there_already_is_named() -> None:
    error = OrderExistsError(ORDER_ID)

    assert (str(error), error.order_id) == (f"an order '{ORDER_ID}' exists already", ORDER_ID)


@pytest.mark.parametrize(
    ("is_open", "is_lost", "is_unanswered"),
    [(True, False, True), (False, True, True), (False, False, False)],
)
def test_a_send_condition_is_unanswered_while_it_is_asked_for_or_lost(
    *, is_open: bool, is_lost: bool, is_unanswered: bool
) -> None:
    assert Inquiry(1, NOW, is_open, is_lost).is_unanswered is is_unanswered


@pytest.mark.parametrize(
    ("subject", "body", "sms", "is_named"),
    [
        ("Hello", "there", "you", False),
        ("Hello $recipientName$", "there", "you", True),
        ("Hello", "$recipientName$!", "you", True),
        ("Hello", "there", "$recipientName$", True),
        (None, None, "$recipientName$", True),
        (None, None, "you", False),
        ("$recipientName$", "there", None, True),
        ("Hello", "there", None, False),
        (None, None, None, False),
    ],
)
def test_an_order_names_its_recipients_where_one_of_its_texts_does(
    subject: str | None, body: str | None, sms: str | None, *, is_named: bool
) -> None:
    email = EmailTemplate(subject=subject, body=body or "") if subject is not None else None
    text = SmsTemplate(body=sms) if sms is not None else None

    assert an_order(email_template=email, sms_template=text).names_recipients is is_named


def test_cancel_sets_the_status_and_last_update_and_nothing_else() -> None:
    order = an_order(senders_reference="ref", ignore_reservation=False, resource_id="resource")

    cancelled = cancel(order, NOW)

    assert cancelled == replace(order, status=Status.CANCELLED, last_update=NOW)


@pytest.mark.parametrize("ahead", TOO_LATE)
def test_cancel_five_minutes_or_less_before_send_time_is_refused(ahead: timedelta) -> None:
    order = an_order(requested_send_time=NOW + ahead)

    with pytest.raises(CancellationProhibitedError, match="not more than 5 minutes ahead") as error:
        cancel(order, NOW)

    assert error.value.order is order


@pytest.mark.parametrize("ahead", EARLY_ENOUGH)
def test_cancel_more_than_five_minutes_before_send_time_is_allowed(ahead: timedelta) -> None:
    order = an_order(requested_send_time=NOW + ahead)

    assert cancel(order, NOW).status is Status.CANCELLED


@pytest.mark.parametrize("ahead", TOO_LATE + EARLY_ENOUGH)
@pytest.mark.parametrize("status", OTHERS)
def test_cancel_of_an_order_in_another_state_is_refused_at_any_time(
    status: Status, ahead: timedelta
) -> None:
    order = an_order(status=status, requested_send_time=NOW + ahead)

    with pytest.raises(CancellationProhibitedError, match=f"The order is {status};") as error:
        cancel(order, NOW)

    assert error.value.order is order


@pytest.mark.parametrize("window", [WINDOW, timedelta(0)])
@pytest.mark.parametrize("ahead", TOO_LATE + EARLY_ENOUGH)
def test_cancel_of_a_cancelled_order_returns_it_unchanged_at_any_time(
    ahead: timedelta, window: timedelta
) -> None:
    order = an_order(status=Status.CANCELLED, requested_send_time=NOW + ahead)

    assert cancel(order, NOW, window) is order


@pytest.mark.parametrize("ahead", [-DAY, -MICROSECOND, timedelta(0), MICROSECOND])
def test_cancel_without_a_window_is_allowed_at_any_time(ahead: timedelta) -> None:
    order = an_order(requested_send_time=NOW + ahead)

    assert cancel(order, NOW, timedelta(0)).status is Status.CANCELLED


@pytest.mark.parametrize("status", OTHERS)
def test_cancel_without_a_window_still_refuses_other_states(status: Status) -> None:
    with pytest.raises(CancellationProhibitedError):
        cancel(an_order(status=status), NOW, timedelta(0))


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [(0.5, "0.5 minutes ahead"), (1, "1 minute ahead"), (10, "10 minutes ahead")],
)
def test_cancel_respects_a_window_of_another_length(minutes: float, shown: str) -> None:
    window = timedelta(minutes=minutes)
    order = an_order(requested_send_time=NOW + window + MICROSECOND)

    assert cancel(order, NOW, window).status is Status.CANCELLED
    with pytest.raises(CancellationProhibitedError, match=shown):
        cancel(order, NOW + MICROSECOND, window)


@pytest.mark.parametrize("ahead", [MINUTE, MINUTE - MICROSECOND, timedelta(0), -DAY])
def test_an_order_is_claimed_from_a_minute_before_its_send_time(ahead: timedelta) -> None:
    order = an_order(requested_send_time=NOW + ahead)

    assert claim(order, NOW).status is Status.PROCESSING


def test_an_order_is_not_claimed_a_microsecond_more_than_a_minute_ahead() -> None:
    order = an_order(requested_send_time=NOW + MINUTE + MICROSECOND)

    with pytest.raises(TransitionProhibitedError, match="Registered cannot become Processing"):
        claim(order, NOW)


def test_a_claim_leaves_last_update_as_it_was() -> None:
    order = an_order(requested_send_time=NOW)

    assert claim(order, NOW) == replace(order, status=Status.PROCESSING)


MOVES: dict[str, Callable[[Order], Order]] = {
    "claim": lambda order: claim(order, NOW),
    "stop": lambda order: stop_on_condition(order, NOW),
    "generate some": lambda order: generate(order, NOW, has_pending=True),
    "generate none": lambda order: generate(order, NOW, has_pending=False),
    "complete": lambda order: complete(order, NOW),
}
ARROWS = {
    ("claim", Status.REGISTERED): Status.PROCESSING,
    ("stop", Status.PROCESSING): Status.SEND_CONDITION_NOT_MET,
    ("generate some", Status.PROCESSING): Status.PROCESSED,
    ("generate none", Status.PROCESSING): Status.COMPLETED,
    ("complete", Status.PROCESSING): Status.COMPLETED,
    ("complete", Status.PROCESSED): Status.COMPLETED,
}
REFUSED = [(move, status) for move in MOVES for status in Status if (move, status) not in ARROWS]


@pytest.mark.parametrize(("move", "status"), ARROWS)
def test_a_move_leads_where_the_table_says(move: str, status: Status) -> None:
    order = an_order(status=status, requested_send_time=NOW)

    assert MOVES[move](order).status is ARROWS[move, status]


@pytest.mark.parametrize(("move", "status"), REFUSED)
def test_a_move_that_is_not_in_the_table_is_refused(move: str, status: Status) -> None:
    order = an_order(status=status, requested_send_time=NOW)

    with pytest.raises(TransitionProhibitedError, match=f"is {status} cannot become") as error:
        MOVES[move](order)

    assert error.value.order is order


@pytest.mark.parametrize(("move", "status"), [arrow for arrow in ARROWS if arrow[0] != "claim"])
def test_each_move_but_a_claim_sets_the_status_and_last_update_alone(
    move: str, status: Status
) -> None:
    order = an_order(status=status, senders_reference="ref")

    moved = MOVES[move](order)

    assert moved == replace(order, status=ARROWS[move, status], last_update=NOW)


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
    order = an_order(status=source)

    pinned = pin(order, target, NOW)

    assert pinned == replace(order, status=target, last_update=NOW, is_pinned=True)


def test_cancel_applies_its_rules_to_a_pinned_order() -> None:
    pinned = pin(an_order(), Status.REGISTERED, NOW)

    assert cancel(pinned, NOW).status is Status.CANCELLED
    with pytest.raises(CancellationProhibitedError):
        cancel(pin(an_order(), Status.PROCESSING, NOW), NOW)
