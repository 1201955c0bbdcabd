"""Messages: the notifications of an order as their recipients get them."""

from dataclasses import replace
from typing import Any

import pytest

from mock_server.domain.generation import generate
from mock_server.domain.messages import Message, is_reached, is_sent, message_of
from mock_server.domain.notifications import EmailResult, results_of
from mock_server.domain.orders import Order, OrderType
from mock_server.domain.recipients import NotificationChannel, Recipient
from mock_server.domain.register import Contact, Register, RegisterDownError
from mock_server.domain.templates import (
    Attachment,
    EmailContentType,
    EmailTemplate,
    SmsTemplate,
)
from tests.support.life_builders import EMAIL, MOBILE, NOWHERE, PICKED_UP, an_order_to, settled

KARI, FIRM, NAMELESS = "10000000007", "100000007", "10000000008"
REGISTER = Register(
    {
        KARI: Contact((EMAIL,), (MOBILE,), name="Kari $recipientNumber$ <b>"),
        NAMELESS: Contact((EMAIL,), (MOBILE,)),
    },
    {FIRM: Contact((EMAIL,), (MOBILE,), name="Firm")},
)
TEXT = "Dear $recipientName$ ($recipientNumber$), $recipientname$ $recipientName"
EMAILS = EmailTemplate(from_address="a@b.no", subject="To $recipientName$", body=TEXT)
SMS = SmsTemplate(sender_number="Me", body=TEXT)


def messages(order: Order, register: Register = REGISTER) -> list[Message]:
    """Return the messages of *order* as *register* has its recipients."""
    notifications = generate(order, PICKED_UP, register.contact)
    made = replace(order, notifications=notifications)
    return [message_of(made, item) for item in notifications]


def an_order_for(**recipient: str) -> Order:
    """Return an order to one *recipient* with both texts."""
    to = Recipient(**recipient)
    return an_order_to(EMAIL, recipients=(to,), email_template=EMAILS, sms_template=SMS)


@pytest.mark.parametrize(
    ("recipient", "name", "number"),
    [
        ({"national_identity_number": KARI}, "Kari $recipientNumber$ <b>", ""),
        ({"national_identity_number": NAMELESS}, NAMELESS, ""),
        ({"national_identity_number": "10000000009"}, "10000000009", ""),
        ({"organization_number": FIRM}, "Firm", FIRM),
        ({"organization_number": "100000008"}, "100000008", "100000008"),
        ({"organization_number": FIRM, "email_address": "x@y.no"}, "Firm", FIRM),
        ({"national_identity_number": KARI, "email_address": "x@y.no"}, "Kari $r", ""),
    ],
)
def test_a_person_and_an_organisation_are_called_by_name_and_number(
    recipient: dict[str, str], name: str, number: str
) -> None:
    (message,) = messages(an_order_for(**recipient))

    if name == "Kari $r":
        name = "Kari $recipientNumber$ <b>"
    assert message.subject == f"To {name}"
    assert message.body == f"Dear {name} ({number}), $recipientname$ $recipientName"


@pytest.mark.parametrize(
    "recipient",
    [
        {"email_address": "x@y.no"},
        {"external_identity": "urn:altinn:person:idporten-email:a@b.no"},
        {"external_identity": "urn:altinn:party:username:kari"},
    ],
)
def test_to_all_others_a_text_goes_out_as_it_was_written(recipient: dict[str, str]) -> None:
    (message,) = messages(an_order_for(**recipient))

    assert (message.subject, message.body) == (EMAILS.subject, TEXT)


def test_each_recipient_has_a_text_of_its_own() -> None:
    channel = NotificationChannel.EMAIL_AND_SMS
    to = tuple(Recipient(national_identity_number=number) for number in (KARI, NAMELESS))
    order = replace(an_order_for(), recipients=to, notification_channel=channel)

    told = [(message.channel, message.body[5:9]) for message in messages(order)]

    assert told == [("Sms", "Kari"), ("Sms", "1000"), ("Email", "Kari"), ("Email", "1000")]


def test_a_name_is_looked_up_only_where_a_text_asks_for_it() -> None:
    down = replace(REGISTER, is_down=True)
    given = {"national_identity_number": KARI, "email_address": "x@y.no"}
    plain = replace(EMAILS, subject="S", body="$recipientNumber$")

    with pytest.raises(RegisterDownError):
        messages(an_order_for(**given), down)
    order = replace(an_order_for(**given), email_template=plain, sms_template=None)
    assert messages(order, down)[0].body == ""


def test_a_name_stays_as_it_was_when_the_message_was_made() -> None:
    order = an_order_for(organization_number=FIRM)
    made = replace(order, notifications=generate(order, PICKED_UP, REGISTER.contact))

    assert message_of(made, made.notifications[0]).subject == "To Firm"
    assert made.notifications[0].recipient_name == "Firm"


def test_an_email_has_all_of_its_template_and_its_attachments_by_name() -> None:
    html = EmailTemplate(
        from_address="a@b.no", subject="S", body="<p>", content_type=EmailContentType.HTML
    )
    order = an_order_to(
        EMAIL,
        email_template=html,
        sms_template=SMS,
        type=OrderType.COMPOSED,
        attachments=(Attachment("a.pdf", "application/pdf", "https://x"),),
    )

    (message,) = messages(order)

    assert (message.channel, message.to, message.sender) == ("Email", EMAIL, "a@b.no")
    assert (message.subject, message.body, message.content_type) == ("S", "<p>", "Html")
    assert (message.attachments, message.segments) == (("a.pdf",), None)
    assert (message.order_id, message.order_type) == (order.id, "Composed")


def test_an_sms_has_segments_and_neither_subject_nor_attachments() -> None:
    order = an_order_to(MOBILE, sms_template=SmsTemplate(body="x" * 161), email_template=EMAILS)

    (message,) = messages(order)

    assert (message.to, message.sender, message.segments) == (MOBILE, "Altinn", 2)
    assert (message.subject, message.content_type, message.attachments) == (None, None, ())


@pytest.mark.parametrize("to", [EMAIL, MOBILE])
def test_an_order_without_a_text_has_an_empty_one(to: str) -> None:
    (message,) = messages(an_order_to(to))

    assert (message.body, message.subject) == ("", "" if to == EMAIL else None)
    assert message.sender in {"noreply@altinn.cloud", "Altinn"}


def test_each_step_is_remembered() -> None:
    order = settled(an_order_to("bounced@example.com"), PICKED_UP.replace(day=2))

    message = message_of(order, order.notifications[0])

    told = [(str(stage.result), stage.at.strftime("%H:%M")) for stage in message.history]
    assert told == [
        ("New", "12:59"),
        ("Sending", "13:00"),
        ("Succeeded", "13:01"),
        ("Failed_Bounced", "13:02"),
    ]
    assert (message.created, message.updated) == (message.history[0].at, message.history[-1].at)
    assert message.status == "Failed_Bounced"


@pytest.mark.parametrize(
    ("to", "reached"), [(EMAIL, True), (NOWHERE, False), ("recipient-reserved@a.no", True)]
)
def test_one_who_cannot_be_reached_is_sent_nothing(to: str, *, reached: bool) -> None:
    order = settled(an_order_to(to), PICKED_UP)
    (notification,) = order.notifications

    assert is_reached(notification) is reached
    assert is_sent(notification) is False
    assert is_sent(settled(order, PICKED_UP.replace(day=2)).notifications[0]) is reached


@pytest.mark.parametrize("result", [*results_of(NotificationChannel.EMAIL)])
def test_what_has_left_new_is_sent(result: Any) -> None:
    order = settled(an_order_to(EMAIL), PICKED_UP)

    assert is_sent(replace(order.notifications[0], result=result)) is (result != EmailResult.NEW)
