"""Shipments, and entries of the status feed: what they show of an order."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mock_server.domain.notifications import EmailResult, Result, SmsResult
from mock_server.domain.orders import Order, Status
from mock_server.domain.recipients import NotificationChannel
from mock_server.domain.results import set_result
from mock_server.domain.shipments import (
    Delivery,
    ShipmentNotFoundError,
    deliveries,
    last_update,
    shipment_status,
    shown_reference,
)
from mock_server.domain.status_feed import FEED_DELAY, FeedEntry, entry_of
from tests.support.builders import NOW, ORDER_ID, SECOND, an_order
from tests.support.life_builders import (
    EMAIL,
    EVERYWHERE,
    MOBILE,
    NOWHERE,
    PICKED_UP,
    RESERVED,
    an_order_to,
    at,
    settled,
)

BLANK = [None, "", " ", "\t\n"]


def shown(order: Order) -> list[tuple[str, str, str]]:
    """Return the deliveries of *order*: type, destination, status."""
    return [(item.type, item.destination, item.status) for item in deliveries(order)]


def picked_up(*addresses: str, by: str = "Email") -> Order:
    """Return an order to *addresses* whose messages were generated just now."""
    order = an_order_to(*addresses, notification_channel=NotificationChannel(by))
    return settled(order, PICKED_UP)


def with_result(result: Result) -> Order:
    """Return an order of one message that has *result*."""
    order = picked_up(EMAIL) if isinstance(result, EmailResult) else picked_up(MOBILE, by="Sms")
    return set_result(order, order.notifications[0].id, result, at("13:30"))


def test_a_message_is_shown_with_its_address_and_when_its_result_came() -> None:
    assert deliveries(settled(picked_up(EMAIL), at("13:00"))) == (
        Delivery("Email", EMAIL, "Email_Sending", at("13:00")),
    )
    assert deliveries(picked_up(MOBILE, by="Sms")) == (
        Delivery("SMS", MOBILE, "SMS_New", PICKED_UP),
    )


def test_e_mails_come_before_sms_whichever_way_is_preferred() -> None:
    order = picked_up(EVERYWHERE, "ola@example.com", "+4741234567", by="EmailAndSms")

    assert [(kind, to) for kind, to, _ in shown(order)] == [
        ("Email", EMAIL),
        ("Email", "ola@example.com"),
        ("Email", ""),
        ("SMS", MOBILE),
        ("SMS", ""),
        ("SMS", "+4741234567"),
    ]


@pytest.mark.parametrize("result", EmailResult)
def test_results_of_an_e_mail_have_their_own_names_but_for_two(result: EmailResult) -> None:
    names = {
        "Failed_InvalidEmailFormat": "Failed_InvalidFormat",
        "Failed_SupressedRecipient": "Failed_SuppressedRecipient",
    }

    ((_, _, status),) = shown(with_result(result))

    assert status == f"Email_{names.get(result, result)}"


@pytest.mark.parametrize("result", SmsResult)
def test_results_of_an_sms_have_their_own_names(result: SmsResult) -> None:
    ((_, _, status),) = shown(with_result(result))

    assert status == f"SMS_{result}"


@pytest.mark.parametrize("result", [*EmailResult, *SmsResult])
def test_only_who_was_not_reached_at_all_has_no_destination(result: Result) -> None:
    ((kind, destination, _),) = shown(with_result(result))

    is_reached = result not in ("Failed_RecipientReserved", "Failed_RecipientNotIdentified")
    assert destination == {"Email": EMAIL, "SMS": MOBILE}[kind] * is_reached


@pytest.mark.parametrize("status", Status)
def test_the_status_of_a_shipment_is_that_of_its_order_with_a_prefix(status: Status) -> None:
    assert shipment_status(status) == f"Order_{status}"


@pytest.mark.parametrize(
    ("after", "shown"), [(-SECOND, timedelta(0)), (timedelta(0), timedelta(0)), (SECOND, SECOND)]
)
def test_a_shipment_was_last_updated_at_its_creation_or_later(
    after: timedelta, shown: timedelta
) -> None:
    assert last_update(an_order(created=NOW, last_update=NOW + after)) == NOW + shown


@pytest.mark.parametrize("reference", BLANK)
def test_a_blank_reference_is_shown_as_none(reference: str | None) -> None:
    assert shown_reference(an_order(senders_reference=reference)) is None


def test_any_other_reference_is_shown_as_it_is() -> None:
    assert shown_reference(an_order(senders_reference=" ref ")) == " ref "


@pytest.mark.parametrize("creator", ["ttd", None])
def test_a_shipment_that_is_not_there_is_named_with_its_creator(creator: str | None) -> None:
    error = ShipmentNotFoundError(ORDER_ID, creator)

    assert str(error) == f"no shipment '{ORDER_ID}' of '{creator}'"
    assert (error.order_id, error.creator) == (ORDER_ID, creator)


def test_an_entry_of_the_feed_is_the_order_as_it_was_and_shows_after_two_seconds() -> None:
    order = settled(an_order_to(EMAIL, senders_reference="ref"), at("13:30"))

    assert entry_of(order, NOW) == FeedEntry(
        shipment_id=order.id,
        creator="ttd",
        senders_reference="ref",
        type=order.type,
        status=Status.COMPLETED,
        last_update=at("13:02"),
        deliveries=(Delivery("Email", EMAIL, "Email_Delivered", at("13:02")),),
        written=NOW,
        number=0,
    )
    assert timedelta(seconds=2) == FEED_DELAY


@pytest.mark.parametrize("reference", BLANK)
@pytest.mark.parametrize(
    ("addresses", "is_sent"),
    [((NOWHERE,), False), ((RESERVED, NOWHERE), False), ((NOWHERE, EMAIL), True), ((), False)],
)
def test_a_blank_reference_is_in_the_feed_where_nothing_was_sent(
    addresses: tuple[str, ...], reference: str | None, *, is_sent: bool
) -> None:
    order = an_order_to(*addresses, senders_reference=reference)
    ended = settled(replace(order, notification_channel=NotificationChannel.EMAIL), at("13:30"))

    assert ended.status is Status.COMPLETED
    assert entry_of(ended, NOW).senders_reference == (None if is_sent else reference)
