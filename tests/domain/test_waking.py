"""When time changes an order next, and which of its messages; and what triggers leave to it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mock_server.domain.clock import LATEST
from mock_server.domain.instant_sending import send_now
from mock_server.domain.lifecycle import (
    answer,
    give_up,
    is_put_off,
    next_result,
    replay,
    send_new,
    wake,
    wake_lost,
)
from mock_server.domain.notifications import EmailResult, Notification
from mock_server.domain.orders import Inquiry, Order, OrderType, Status, pin
from mock_server.domain.recipients import NotificationChannel
from mock_server.domain.register import RegisterDownError
from mock_server.domain.results import set_result
from mock_server.domain.templates import SendingTimePolicy
from tests.support.builders import MICROSECOND
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
    results,
    settled,
)

ANYTIME = SendingTimePolicy.ANYTIME
TRANSIENT, SILENT = "transient-error@example.com", "ttl@example.com"
CREATED = at("12:00")


def an_instant_order(address: str, created: datetime = CREATED, seconds: int = 60) -> Order:
    """Return an order that was sent to *address* when it was created, to live so many *seconds*."""
    order = an_order_to(address, created=created, last_update=created, type=OrderType.INSTANT)
    lives = seconds if address.startswith("+") else None
    return send_now(replace(order, requested_send_time=created, time_to_live_in_seconds=lives))


ASKED = settled(an_order_to(EMAIL, condition_endpoint=CONDITION), PICKED_UP)
WAITING = answer(ASKED, inquiry_of(ASKED), notify, is_met=None)
LOST = replace(ASKED, inquiry=replace(inquiry_of(ASKED), is_open=False, is_lost=True))
EVENING = an_order_to(MOBILE, requested_send_time=at("20:00"))
LIVES = {
    "by e-mail": (an_order_to(EMAIL), ["12:59", "13:00", "13:01", "13:02"]),
    "by SMS": (an_order_to(MOBILE), ["12:59", "13:00", "13:01", "13:02"]),
    "by SMS in the evening": (EVENING, ["19:59", "08:01", "08:02", "08:03"]),
    "by SMS at any time": (
        replace(EVENING, sending_time_policy=ANYTIME),
        ["19:59", "20:00", "20:01", "20:02"],
    ),
    "to nobody": (an_order_to(NOWHERE), ["12:59"]),
    "never reported on": (an_order_to(SILENT), ["12:59", "13:00", "13:01", "13:15"]),
    "to several": (an_order_to(SILENT, EMAIL), ["12:59", "13:00", "13:01", "13:02", "13:15"]),
    "asked about": (ASKED, []),
    "to be asked about again": (WAITING, ["13:00"]),
    "at once by e-mail": (an_instant_order(EMAIL), ["12:01", "12:02"]),
    "at once by SMS": (an_instant_order(MOBILE, seconds=600), ["12:01", "12:02"]),
}


def changes(order: Order) -> Iterator[tuple[datetime, Order]]:
    """Yield when time changes *order*, and what it is then, until it does no longer."""
    while (due := wake(order)) is not None:
        assert settled(order, due - MICROSECOND) is order
        order = settled(order, due)
        yield due, order
    assert settled(order, LATEST) is order


@pytest.mark.parametrize(("order", "times"), LIVES.values(), ids=LIVES)
def test_an_order_tells_when_it_changes_next(order: Order, times: list[str]) -> None:
    seen = list(changes(order))

    assert [f"{due:%H:%M}" for due, _ in seen] == times
    assert len({id(after) for _, after in seen} | {id(order)}) == len(times) + 1


def test_while_an_error_is_transient_an_order_changes_each_minute() -> None:
    order = settled(an_order_to(TRANSIENT), PICKED_UP)

    for minutes in range(1, 10):
        assert wake(order) == PICKED_UP + minutes * MINUTE
        order = settled(order, PICKED_UP + minutes * MINUTE)
        assert results(order) == ["Sending" if minutes % 2 else "New"]


def test_while_the_register_is_down_an_order_changes_each_minute() -> None:
    def down(_order: Order, _now: datetime) -> tuple[Notification, ...]:
        raise RegisterDownError

    order = an_order_to(NOWHERE)
    for minutes in range(10):
        now = PICKED_UP + minutes * MINUTE
        assert wake(order) == now
        order = replay(order, now, down)
        assert order.status is (Status.REGISTERED if minutes % 2 else Status.PROCESSING)
        assert order.inquiry == (None if minutes % 2 else Inquiry(1, now, is_open=False))


@pytest.mark.parametrize(
    ("send_time", "due"),
    [
        (LATEST, LATEST - MINUTE),
        (LATEST + MINUTE, LATEST),
        (LATEST + MINUTE + MICROSECOND, None),
    ],
)
def test_an_order_due_after_the_last_time_of_the_clock_never_changes(
    send_time: datetime, due: datetime | None
) -> None:
    assert wake(an_order_to(EMAIL, requested_send_time=send_time)) == due


@pytest.mark.parametrize(("order", "_times"), LIVES.values(), ids=LIVES)
def test_an_order_that_is_set_by_hand_never_changes(order: Order, _times: list[str]) -> None:
    pinned = pin(order, order.status, SEND_TIME)

    assert (wake(pinned), next_result(pinned)) == (None, None)
    assert wake_lost(pinned) is None


def test_an_order_whose_asker_was_lost_is_to_be_taken_up_at_once_even_by_triggers_alone() -> None:
    assert wake(LOST) == wake_lost(LOST) == datetime.min.replace(tzinfo=UTC)
    assert settled(LOST, datetime.min.replace(tzinfo=UTC)) == ASKED
    assert wake(replace(LOST, is_pinned=True)) is None


@pytest.mark.parametrize("order", [an_order_to(EMAIL), ASKED, WAITING, settled(EVENING, SEND_TIME)])
def test_no_other_order_is_taken_up_where_only_triggers_move_it(order: Order) -> None:
    assert wake_lost(order) is None


def test_the_next_result_is_the_first_of_all_messages_as_it_will_be() -> None:
    order = settled(an_order_to(SILENT, EMAIL, NOWHERE), at("13:01"))

    following = next_result(order)

    assert following is not None
    assert (following.result, following.last_update) == ("Delivered", at("13:02"))
    assert following == settled(order, at("13:02")).notifications[1]


@pytest.mark.parametrize("order", [an_order_to(EMAIL), ASKED, settled(EVENING, LATEST)])
def test_an_order_that_is_not_being_sent_has_no_next_result(order: Order) -> None:
    assert next_result(order) is None


def test_a_result_set_by_hand_does_not_change_while_others_do() -> None:
    order = settled(an_order_to(EMAIL, "ola@example.com"), at("13:00"))
    order = set_result(order, order.notifications[0].id, EmailResult.NEW, at("13:00"))

    assert [f"{due:%H:%M}" for due, _ in changes(order)] == ["13:01", "13:02"]
    assert results(settled(order, LATEST)) == ["New", "Delivered"]


@pytest.mark.parametrize(
    ("created", "seconds", "accepted", "delivered"),
    [
        ("12:00:30", 60, "12:01:00", "12:01:29"),
        ("12:00:00", 60, "12:00:59", "12:00:59"),
        ("12:00:00", 61, "12:01:00", "12:01:00"),
        ("12:00:00.500000", 60, "12:00:59.500000", "12:00:59.500000"),
        ("12:00:30", 91, "12:01:00", "12:02:00"),
        ("12:00:30", 90, "12:01:00", "12:01:59"),
        ("12:00:00", 3600, "12:01:00", "12:02:00"),
    ],
)
def test_an_instant_sms_has_its_last_report_a_second_before_it_expires(
    created: str, seconds: int, accepted: str, delivered: str
) -> None:
    order = settled(an_instant_order(MOBILE, at(created), seconds), at("13:00"))

    assert order.notifications[0].stages == (
        ("Sending", at(created)),
        ("Accepted", at(accepted)),
        ("Delivered", at(delivered)),
    )
    assert (order.status, order.last_update) == (Status.COMPLETED, at(delivered))


def test_a_trigger_reports_on_no_instant_order_but_sends_one_that_is_put_off() -> None:
    order = an_instant_order(TRANSIENT)
    assert send_new(order, NotificationChannel.EMAIL, at("12:05"), has_reports=True) is order

    put_off = settled(order, at("12:01"))

    assert results(put_off) == ["New"]
    again = send_new(put_off, NotificationChannel.EMAIL, at("12:05"), has_reports=True)
    assert (results(again), again.notifications[0].last_update) == (["Sending"], at("12:05"))


def test_a_trigger_that_may_not_send_reports_all_the_same() -> None:
    order = settled(an_order_to(EMAIL, "ola@example.com"), at("13:00"))
    first, other = order.notifications
    new = replace(other, result=EmailResult.NEW)
    order = replace(order, notifications=(first, new))

    def sent(*, may_send: bool) -> list[str]:
        email = NotificationChannel.EMAIL
        return results(send_new(order, email, SEND_TIME, has_reports=True, may_send=may_send))

    assert sent(may_send=False) == ["Succeeded", "New"]
    assert sent(may_send=True) == ["Succeeded", "Sending"]


def test_of_messages_that_have_no_report_those_are_given_up_that_are_named() -> None:
    order = settled(an_order_to(SILENT, SILENT), at("13:01"))
    end, (first, second) = at("14:00", day=3), order.notifications

    assert give_up(order, end, ()) is order
    some = give_up(order, end, {second.id})
    assert (results(some), some.status) == (["Succeeded", "Failed_TTL"], Status.PROCESSED)
    rest = give_up(some, end + MINUTE, {first.id})
    assert (results(rest), rest.last_update) == (["Failed_TTL", "Failed_TTL"], end + MINUTE)


def test_an_e_mail_is_put_off_where_it_is_new_once_more_by_a_transient_error() -> None:
    new, sent = (settled(an_order_to(TRANSIENT, EMAIL), at(time)) for time in ("12:59", "13:00"))
    again = settled(sent, at("13:01"))

    assert is_put_off(sent, again)
    assert not is_put_off(an_order_to(TRANSIENT, EMAIL), new)
    assert not is_put_off(new, sent)
    assert not is_put_off(again, again)
    assert not is_put_off(again, settled(again, at("13:02")))
    by_hand = set_result(sent, sent.notifications[0].id, EmailResult.NEW, at("13:01"))
    assert not is_put_off(sent, by_hand)


def test_results_of_messages_in_equal_states_are_told_of_one_of_them() -> None:
    order = settled(an_order_to(*(f"k{number}@example.com" for number in range(50))), SEND_TIME)

    assert wake(order) == SEND_TIME + MINUTE
    assert wake(settled(order, SEND_TIME + timedelta(hours=1))) is None
