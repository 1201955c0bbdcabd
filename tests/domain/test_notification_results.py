"""The results of one notification: what moves it on and when, and those set by hand."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from mock_server.domain.lifecycle import give_up, send_new
from mock_server.domain.notifications import (
    EmailResult,
    Notification,
    NotificationNotFoundError,
    Result,
    SmsResult,
    expire,
    pin,
    report,
    results_of,
    send,
)
from mock_server.domain.orders import Order, Status
from mock_server.domain.orders import pin as pin_order
from mock_server.domain.recipients import NotificationChannel, Recipient
from mock_server.domain.results import set_result
from tests.support.builders import MICROSECOND, NOW, ORDER_ID
from tests.support.life_builders import EMAIL, MINUTE, PICKED_UP, an_order_to, at, settled

EXPIRES = NOW + timedelta(hours=48)
GRACE = timedelta(seconds=300)
RESULTS: list[Result] = [*EmailResult, *SmsResult]
PENDING = {"New", "Sending", "Succeeded", "Accepted"}
Move = Callable[[Notification, datetime], Notification]


def a_notification(result: Result, outcome: Result | None = None) -> Notification:
    """Return a notification with this *result*, to be delivered unless *outcome* differs."""
    is_email = isinstance(result, EmailResult)
    channel = NotificationChannel.EMAIL if is_email else NotificationChannel.SMS
    delivered = results_of(channel).DELIVERED
    return Notification(ORDER_ID, channel, Recipient(), result, NOW, EXPIRES, outcome or delivered)


def test_emails_and_sms_have_results_of_their_own() -> None:
    assert results_of(NotificationChannel.EMAIL) is EmailResult
    assert results_of(NotificationChannel.SMS) is SmsResult


@pytest.mark.parametrize("result", RESULTS)
def test_only_new_sending_and_accepted_are_pending(result: Result) -> None:
    notification = a_notification(result)

    assert notification.is_pending is (result in PENDING)
    assert notification.is_accepted is (result in {"Succeeded", "Accepted"})
    assert notification.is_success is (result in {"Succeeded", "Accepted", "Delivered"})


@pytest.mark.parametrize("result", RESULTS)
@pytest.mark.parametrize("now", [NOW, EXPIRES - MICROSECOND, EXPIRES])
def test_only_new_ones_are_sent_until_their_lifetime_ends(result: Result, now: datetime) -> None:
    notification = a_notification(result)

    sent = send(notification, now)

    if result == "New":
        assert (sent.result, sent.last_update) == ("Sending", now)
    else:
        assert sent is notification


@pytest.mark.parametrize("result", [EmailResult.NEW, SmsResult.NEW])
def test_nothing_is_sent_after_its_lifetime_nor_with_the_outcome_new(result: Result) -> None:
    for notification in (a_notification(result, result), a_notification(result)):
        assert send(notification, EXPIRES + MICROSECOND) is notification
    assert send(a_notification(result, result), NOW).result == "New"


@pytest.mark.parametrize("now", [NOW, EXPIRES - MICROSECOND])
@pytest.mark.parametrize(
    ("result", "outcome", "reported"),
    [
        (EmailResult.SENDING, EmailResult.BOUNCED, EmailResult.SUCCEEDED),
        (EmailResult.SENDING, EmailResult.TRANSIENT_ERROR, EmailResult.NEW),
        (EmailResult.SUCCEEDED, EmailResult.BOUNCED, EmailResult.BOUNCED),
        (SmsResult.SENDING, SmsResult.REJECTED, SmsResult.ACCEPTED),
        (SmsResult.ACCEPTED, SmsResult.REJECTED, SmsResult.REJECTED),
    ],
)
def test_a_report_moves_what_was_sent_one_step_on(
    result: Result, outcome: Result, reported: Result, now: datetime
) -> None:
    after = report(a_notification(result, outcome), now)

    assert (after.result, after.last_update) == (reported, now)
    assert type(after.result) is type(reported)


@pytest.mark.parametrize("now", [EXPIRES, EXPIRES + MICROSECOND])
@pytest.mark.parametrize("result", RESULTS)
def test_no_report_counts_from_the_end_of_the_lifetime(result: Result, now: datetime) -> None:
    notification = a_notification(result)

    assert report(notification, now) is notification


@pytest.mark.parametrize("result", [item for item in RESULTS if item not in PENDING])
def test_nothing_moves_a_final_result(result: Result) -> None:
    notification = a_notification(result)

    for moved in (send(notification, NOW), report(notification, NOW)):
        assert moved is notification
    assert expire(notification, EXPIRES + timedelta(days=1)) is notification


@pytest.mark.parametrize("result", RESULTS)
def test_a_sweep_gives_up_what_was_accepted_once_the_grace_is_over(result: Result) -> None:
    notification = a_notification(result)

    for early in (EXPIRES, EXPIRES + GRACE - MICROSECOND, EXPIRES + GRACE):
        assert expire(notification, early) is notification
    swept = expire(notification, EXPIRES + GRACE + MICROSECOND)
    assert swept.result == ("Failed_TTL" if notification.is_accepted else result)
    assert (swept is notification) is not notification.is_accepted


@pytest.mark.parametrize(
    ("move", "result", "now"),
    [
        (send, EmailResult.NEW, NOW),
        (report, EmailResult.SENDING, NOW),
        (report, SmsResult.ACCEPTED, NOW),
        (expire, SmsResult.ACCEPTED, EXPIRES + timedelta(days=1)),
    ],
)
def test_nothing_moves_a_pinned_one(move: Move, result: Result, now: datetime) -> None:
    pinned = replace(a_notification(result), is_pinned=True)

    assert move(pinned, now) is pinned


@pytest.mark.parametrize("result", EmailResult)
def test_any_result_can_be_set_by_hand_over_any_other(result: EmailResult) -> None:
    for before in EmailResult:
        after = pin(a_notification(before), result, NOW + MINUTE)

        assert (after.result, after.last_update) == (result, NOW + MINUTE)
        assert after.is_pinned


def test_a_notification_that_is_not_there_is_named() -> None:
    error = NotificationNotFoundError(ORDER_ID, UUID(int=1))

    assert (error.order_id, error.notification_id) == (ORDER_ID, UUID(int=1))
    assert str(ORDER_ID) in str(error)
    assert str(UUID(int=1)) in str(error)


def set_by_hand(order: Order, number: int, result: EmailResult, now: datetime) -> Order:
    """Return *order* with the *result* of its notification *number* set at *now*."""
    return set_result(order, order.notifications[number].id, result, now)


HELD_UP = settled(an_order_to("sending@example.com", EMAIL), at("13:00"))
"""Two e-mails that are being sent; one of them goes no further by itself."""


@pytest.mark.parametrize("result", EmailResult)
def test_the_last_pending_message_set_to_a_final_result_completes_its_order(
    result: EmailResult,
) -> None:
    now = at("13:07:01.000001")
    order = settled(HELD_UP, at("13:05"))

    after = set_by_hand(order, 0, result, now)

    assert (after.notifications[0].result, after.notifications[0].last_update) == (result, now)
    assert after.notifications[1] is order.notifications[1]
    is_waiting = result in PENDING
    assert after.status is (Status.PROCESSED if is_waiting else Status.COMPLETED)
    # The other one was delivered at 13:02, which left the order as it was.
    assert after.last_update == (HELD_UP.last_update if is_waiting else now)


@pytest.mark.parametrize("result", EmailResult)
@pytest.mark.parametrize("number", [0, 1])
def test_a_result_set_while_others_are_pending_leaves_the_order_as_it_was(
    number: int, result: EmailResult
) -> None:
    now = at("13:00:30")
    after = set_by_hand(HELD_UP, number, result, now)

    assert after.status is Status.PROCESSED
    assert after.last_update == HELD_UP.last_update
    assert after.notifications[1 - number] is HELD_UP.notifications[1 - number]


@pytest.mark.parametrize("result", EmailResult)
def test_a_result_set_by_hand_stays_whatever_the_time_and_the_triggers(result: EmailResult) -> None:
    order = set_by_hand(HELD_UP, 1, result, at("13:00:30"))

    for now in (at("13:01"), at("00:00", day=9)):
        for moved in (
            settled(order, now),
            give_up(order, now),
            send_new(order, NotificationChannel.EMAIL, now, has_reports=True),
        ):
            assert moved.notifications[1] is order.notifications[1]


def test_an_order_is_completed_by_time_when_only_those_set_by_hand_have_gone_before() -> None:
    order = settled(an_order_to(EMAIL, EMAIL), at("13:01"))

    after = settled(set_by_hand(order, 0, EmailResult.BOUNCED, at("13:01:59")), at("14:00"))

    assert [item.result for item in after.notifications] == ["Failed_Bounced", "Delivered"]
    assert (after.status, after.last_update) == (Status.COMPLETED, at("13:02"))


@pytest.mark.parametrize("status", Status)
def test_a_result_set_by_hand_does_not_move_an_order_that_was_set_by_hand(status: Status) -> None:
    order = pin_order(settled(an_order_to(EMAIL), PICKED_UP), status, at("12:59:30"))

    after = set_by_hand(order, 0, EmailResult.FAILED, at("13:00"))

    assert (after.status, after.last_update) == (status, at("12:59:30"))
    assert after.notifications[0].result == "Failed"


@pytest.mark.parametrize("result", EmailResult)
def test_a_completed_order_stays_so_whatever_is_set_by_hand(result: EmailResult) -> None:
    order = settled(an_order_to(EMAIL), at("13:02"))

    after = set_by_hand(order, 0, result, at("13:05"))

    assert (after.status, after.last_update) == (Status.COMPLETED, at("13:02"))
    assert after.notifications[0].result == result


def test_a_result_cannot_be_set_where_the_order_has_no_such_notification() -> None:
    with pytest.raises(NotificationNotFoundError) as error:
        set_result(HELD_UP, UUID(int=1), EmailResult.FAILED, NOW)

    assert (error.value.order_id, error.value.notification_id) == (HELD_UP.id, UUID(int=1))
