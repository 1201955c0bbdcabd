"""Generation of notifications: recipients, channels, addresses, and recipients left out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mock_server.domain.generation import generate
from mock_server.domain.notifications import Notification
from mock_server.domain.orders import Order
from mock_server.domain.recipients import NotificationChannel, Recipient
from mock_server.domain.register import Contact
from tests.support.builders import MICROSECOND, NOW, an_order
from tests.support.life_builders import (
    BY_EMAIL,
    BY_MOBILE,
    EMAIL,
    EVERYWHERE,
    MOBILE,
    NOWHERE,
    ORGANIZATION,
    REGISTER,
    RESERVED,
    SEND_TIME,
    an_id,
    an_order_to,
    notify,
)

RECIPIENTS = {
    "address": Recipient(email_address=EMAIL),
    "mobile number": Recipient(mobile_number=MOBILE),
    "both addresses": Recipient(email_address=EMAIL, mobile_number=MOBILE),
    "person": Recipient(national_identity_number=EVERYWHERE),
    "person by email": Recipient(national_identity_number=BY_EMAIL),
    "person by mobile": Recipient(national_identity_number=BY_MOBILE),
    "person nowhere": Recipient(national_identity_number=NOWHERE),
    "reserved person": Recipient(national_identity_number=RESERVED),
    "organization": Recipient(organization_number=ORGANIZATION),
    "nothing": Recipient(),
    "person with address": Recipient(email_address=EMAIL, national_identity_number=NOWHERE),
    "reserved with address": Recipient(email_address=EMAIL, national_identity_number=RESERVED),
    "organization with mobile": Recipient(mobile_number=MOBILE, organization_number=ORGANIZATION),
}
# One notification each: e by e-mail, m by mobile; "?" for no address found, "!" for reserved.
TABLE = """
                         | Email | Sms | EmailPreferred | SmsPreferred | EmailAndSms
address                  | e     | m?  | e              | e            | m? e
mobile number            | e?    | m   | m              | m            | m e?
both addresses           | e     | m   | e m            | m e          | m e
person                   | e     | m   | e              | m            | m e
person by email          | e     | m?  | e              | e            | m? e
person by mobile         | e?    | m   | m              | m            | m e?
person nowhere           | e?    | m?  | e?             | m?           | m? e?
reserved person          | e!    | m!  | e!             | m!           | m! e!
organization             | e     | m   | e              | m            | m e
nothing                  | e?    | m?  | e?             | m?           | m? e?
person with address      | e     | m?  | e              | e            | m? e
reserved with address    | e     | m!  | e              | e            | m? e
organization with mobile | e     | m   | m              | m            | m e?
"""
_HEADER, *_ROWS = [
    [cell.strip() for cell in line.split("|")] for line in TABLE.strip("\n").splitlines()
]
CELLS = [
    (channel, row[0], cell)
    for row in _ROWS
    for channel, cell in zip(_HEADER[1:], row[1:], strict=True)
]
SIGNS = {
    ("Email", "New", EMAIL): "e",
    ("Email", "Failed_RecipientNotIdentified", ""): "e?",
    ("Email", "Failed_RecipientReserved", ""): "e!",
    ("Sms", "New", MOBILE): "m",
    ("Sms", "Failed_RecipientNotIdentified", ""): "m?",
    ("Sms", "Failed_RecipientReserved", ""): "m!",
}


def address_of(notification: Notification) -> str | None:
    """Return where *notification* goes, checking that it has no address of the other kind."""
    email, mobile = notification.recipient.email_address, notification.recipient.mobile_number
    used, other = (email, mobile) if notification.channel == "Email" else (mobile, email)
    assert other is None
    return used


def signs_of(order: Order) -> str:
    """Return the signs of the notifications generated for *order*, in its order."""
    made = notify(order, NOW)
    return " ".join(SIGNS[item.channel, item.result, address_of(item) or ""] for item in made)


def an_order_by(channel: str, *recipients: Recipient, ignores: bool | None = None) -> Order:
    """Return an order to *recipients* by *channel*; *ignores* reservations, does not, or is mum."""
    return an_order(
        notification_channel=NotificationChannel(channel),
        recipients=recipients,
        ignore_reservation=ignores,
    )


def test_the_table_has_every_recipient_and_channel() -> None:
    assert [row[0] for row in _ROWS] == list(RECIPIENTS)
    assert _HEADER[1:] == list(NotificationChannel)


@pytest.mark.parametrize(("channel", "recipient", "signs"), CELLS)
def test_a_recipient_gets_what_the_table_says(channel: str, recipient: str, signs: str) -> None:
    assert signs_of(an_order_by(channel, RECIPIENTS[recipient])) == signs


@pytest.mark.parametrize("channel", NotificationChannel)
def test_only_an_order_that_ignores_reservations_reaches_the_reserved(channel: str) -> None:
    reserved = RECIPIENTS["reserved person"]

    ignoring = signs_of(an_order_by(channel, reserved, ignores=True))
    heeding = signs_of(an_order_by(channel, reserved, ignores=False))

    assert ignoring == signs_of(an_order_by(channel, RECIPIENTS["person"]))
    assert heeding == signs_of(an_order_by(channel, reserved))


def test_the_reserved_without_any_address_are_reserved_or_if_that_is_ignored_not_found() -> None:
    order = an_order_to(RESERVED)

    def generated(order: Order) -> str:
        return generate(order, NOW, lambda _: Contact(is_reserved=True))[0].result

    assert generated(order) == "Failed_RecipientReserved"
    ignoring = replace(order, ignore_reservation=True)
    assert generated(ignoring) == "Failed_RecipientNotIdentified"


@pytest.mark.parametrize(
    ("channel", "signs"),
    [
        ("Email", "e e? e!"),
        ("Sms", "m? m m!"),
        ("EmailPreferred", "e e! m"),
        ("SmsPreferred", "m m! e"),
        ("EmailAndSms", "m? m m! e e? e!"),
    ],
)
def test_several_recipients_come_in_the_order_given_by_channel(channel: str, signs: str) -> None:
    names = ("address", "mobile number", "reserved person")

    assert signs_of(an_order_by(channel, *(RECIPIENTS[name] for name in names))) == signs


@pytest.mark.parametrize(
    ("channel", "signs"),
    [
        ("Email", "e e e"),
        ("Sms", "m m m"),
        ("EmailPreferred", "e e"),
        ("SmsPreferred", "m m"),
        ("EmailAndSms", "m m e e"),
    ],
)
def test_a_number_given_twice_is_served_once_unless_there_is_one_channel(
    channel: str, signs: str
) -> None:
    twice, other = RECIPIENTS["person"], RECIPIENTS["organization"]

    assert signs_of(an_order_by(channel, twice, other, twice)) == signs


def test_an_address_given_twice_gets_two_messages_by_every_channel() -> None:
    address = RECIPIENTS["both addresses"]

    counts = [
        len(notify(an_order_by(channel, address, address), NOW)) for channel in NotificationChannel
    ]

    assert counts == [2, 2, 4, 4, 4]


@pytest.mark.parametrize("channel", [5, -1, 2**31 - 1])
def test_an_integer_for_a_channel_generates_nothing(channel: int) -> None:
    order = an_order(notification_channel=channel, recipients=tuple(RECIPIENTS.values()))

    assert notify(order, NOW) == ()


@pytest.mark.parametrize("channel", NotificationChannel)
def test_an_order_without_recipients_generates_nothing(channel: str) -> None:
    assert notify(an_order_by(channel), NOW) == ()


@pytest.mark.parametrize(
    ("channel", "names"),
    [
        ("Email", {"mobile number", "person", "nothing"}),
        ("Sms", {"address", "person", "nothing"}),
        ("EmailPreferred", {"person", "nothing"}),
        ("SmsPreferred", {"person", "nothing"}),
        ("EmailAndSms", {"person", "nothing"}),
    ],
)
def test_only_those_without_a_usable_address_are_looked_up(channel: str, names: set[str]) -> None:
    asked = ("address", "mobile number", "both addresses", "person", "nothing")
    looked_up: list[Recipient] = []

    def contacts(recipient: Recipient) -> Contact | None:
        looked_up.append(recipient)
        return REGISTER.contact(recipient)

    generate(an_order_by(channel, *(RECIPIENTS[name] for name in asked)), NOW, contacts)

    assert looked_up == [RECIPIENTS[name] for name in asked if name in names]


@pytest.mark.parametrize("channel", NotificationChannel)
def test_a_notification_keeps_the_number_that_it_was_looked_up_by(channel: str) -> None:
    order = an_order_by(channel, RECIPIENTS["person"], RECIPIENTS["organization"])

    found = {
        (item.recipient.national_identity_number, item.recipient.organization_number)
        for item in notify(order, NOW)
    }

    assert found == {(EVERYWHERE, None), (None, ORGANIZATION)}


def test_a_notification_begins_when_generated_and_lives_two_days_from_the_send_time() -> None:
    (notification,) = notify(an_order_to("bounced@example.com"), NOW + MICROSECOND)

    assert notification.last_update == NOW + MICROSECOND
    assert notification.expires == SEND_TIME + timedelta(hours=48)
    assert notification.outcome == "Failed_Bounced"
    assert not notification.is_pinned


@pytest.mark.parametrize("channel", NotificationChannel)
def test_equal_orders_have_equal_notifications_with_an_id_each(channel: str) -> None:
    order = an_order_by(channel, *RECIPIENTS.values())
    ids = [item.id for item in notify(order, NOW)]

    assert notify(replace(order), NOW) == notify(order, NOW)
    assert len(set(ids)) == len(ids) > 1
    others = [item.id for item in notify(replace(order, id=an_id(1)), NOW)]
    assert not set(ids) & set(others)
