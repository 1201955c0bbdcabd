"""Values that an accepted request is read into."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from mock_server.domain.recipients import NotificationChannel, Recipient
from mock_server.domain.templates import EmailContentType, EmailTemplate, SmsTemplate
from mock_server.formats.instants import Instant
from mock_server.order_requests.bodies import OrderKind
from mock_server.order_requests.requests import OrderRequest, read_order_request
from tests.order_requests.test_rules import NOW
from tests.support.order_rows import BODIES


def request_of(target: str, **changes: Any) -> OrderRequest:
    """Return the request that the valid body for *target* makes with *changes*."""
    kind, document = BODIES[target]
    return read_order_request(kind, json.dumps({**document, **changes}).encode(), NOW)


def test_an_email_order_is_filled_with_the_services_defaults() -> None:
    assert request_of("email") == OrderRequest(
        notification_channel=NotificationChannel.EMAIL,
        recipients=(Recipient(organization_number="123456789"),),
        email_template=EmailTemplate(
            from_address="noreply@altinn.cloud",
            subject="New invoice",
            body="Log in to read it.",
            content_type=EmailContentType.PLAIN,
        ),
    )


def test_an_sms_order_is_filled_with_the_services_defaults() -> None:
    assert request_of("sms") == OrderRequest(
        notification_channel=NotificationChannel.SMS,
        recipients=(Recipient(organization_number="123456789"),),
        sms_template=SmsTemplate(sender_number="Altinn", body="Log in to read it."),
    )


@pytest.mark.parametrize(
    "channel", ["Email", "Sms", "EmailPreferred", "SmsPreferred", "EmailAndSms"]
)
def test_the_template_that_a_channel_does_not_use_is_kept(channel: str) -> None:
    request = request_of(channel)

    assert request.email_template is not None
    assert request.sms_template is not None


@pytest.mark.parametrize("target", ["email", "Email"])
@pytest.mark.parametrize(
    ("subject", "stored"),
    [("a\r\nb", "a b"), ("a\rb", "a b"), ("a\nb", "a b"), ("a\n\rb", "a  b"), ("\n\na", "  a")],
)
def test_line_breaks_in_the_subject_become_spaces(target: str, subject: str, stored: str) -> None:
    template = {"subject": subject, "body": "b\r\nc"}

    request = request_of(target, emailTemplate=template, **template)

    assert request.email_template == EmailTemplate(subject=stored, body="b\r\nc")


@pytest.mark.parametrize("sender", ["", None])
def test_an_empty_sender_is_the_default(sender: str | None) -> None:
    given = {"body": "b"} if sender is None else {"senderNumber": sender, "body": "b"}

    assert request_of("Sms", smsTemplate=given).sms_template == SmsTemplate(body="b")
    assert request_of("sms", senderNumber=sender, body="b").sms_template == SmsTemplate(body="b")


def test_given_senders_are_kept() -> None:
    email = {"fromAddress": "ttd@example.com", "subject": "s", "body": "b", "contentType": "html"}
    sms = {"senderNumber": "ttd", "body": "b"}

    request = request_of("EmailPreferred", emailTemplate=email, smsTemplate=sms)

    assert request.sms_template == SmsTemplate(sender_number="ttd", body="b")
    assert request.email_template == EmailTemplate(
        from_address="ttd@example.com", subject="s", body="b", content_type=EmailContentType.HTML
    )


@pytest.mark.parametrize(
    ("given", "channel"),
    [
        ("email", NotificationChannel.EMAIL),
        ("SMS", NotificationChannel.SMS),
        (" emailPREFERRED ", NotificationChannel.EMAIL_PREFERRED),
        (0, NotificationChannel.EMAIL),
        (3, NotificationChannel.SMS_PREFERRED),
        ("4", NotificationChannel.EMAIL_AND_SMS),
        (99, 99),
        ("-1", -1),
    ],
)
def test_a_channel_is_given_by_name_in_any_case_or_by_number(
    given: object, channel: object
) -> None:
    assert request_of("EmailAndSms", notificationChannel=given).notification_channel == channel


@pytest.mark.parametrize("given", [True, False, None])
def test_ignore_reservation_is_kept_as_one_of_three(*, given: bool | None) -> None:
    assert request_of("email", ignoreReservation=given).ignore_reservation is given


def test_addresses_for_the_other_channel_are_not_stored() -> None:
    both = {"emailAddress": "kari@example.com", "mobileNumber": "+4799999999"}
    email, mobile = Recipient("kari@example.com"), Recipient(None, "+4799999999")

    assert {request_of(name, recipients=[both]).recipients for name in ("email", "Email")} == {
        (email,)
    }
    assert {request_of(name, recipients=[both]).recipients for name in ("sms", "Sms")} == {
        (mobile,)
    }


def test_a_recipient_is_stored_as_given_and_without_empty_texts() -> None:
    given = {"emailAddress": " kari@example.com ", "organizationNumber": "", "isReserved": True}

    request = request_of("email", recipients=[given])

    assert request.recipients == (Recipient(email_address=" kari@example.com "),)


def test_a_person_is_stored_by_number() -> None:
    request = request_of("sms", recipients=[{"nationalIdentityNumber": "14029112345"}])

    assert request.recipients == (Recipient(national_identity_number="14029112345"),)


def test_a_send_time_is_kept_in_utc_to_its_seventh_digit() -> None:
    request = request_of("email", requestedSendTime="2031-03-02T08:00:00.1234567+01:00")

    moment = datetime(2031, 3, 2, 7, 0, 0, 123456, tzinfo=UTC)
    assert request.requested_send_time == Instant(moment, 7)


def test_free_texts_are_kept_as_given() -> None:
    given = {"sendersReference": "  ", "resourceId": "r", "resourceAction": "a"}

    request = request_of("email", **given, conditionEndpoint="HTTPS://Example.COM/a?b=c#d")

    assert request.senders_reference == "  "
    assert (request.resource_id, request.resource_action) == ("r", "a")
    assert request.condition_endpoint == "HTTPS://Example.COM/a?b=c#d"


def test_null_reads_as_absent() -> None:
    nothing = dict.fromkeys(
        ("sendersReference", "conditionEndpoint", "resourceId", "resourceAction", "contentType")
    )
    recipient = {"organizationNumber": "123456789", "mobileNumber": None, "isReserved": None}

    assert request_of("email", **nothing, recipients=[recipient]) == request_of("email")


def test_names_match_in_any_case_unknown_ones_are_ignored_and_the_last_counts() -> None:
    raw = b"""{"SUBJECT": "first", "subject": "s", "BoDy": "b", "organisationNumber": [{}],
        "content-type": "Html", "RECIPIENTS": [{"ORGANIZATIONNUMBER": "123456789"}]}"""

    request = read_order_request(OrderKind.EMAIL, raw, NOW)

    assert request.email_template == EmailTemplate(subject="s", body="b")
    assert request.recipients == (Recipient(organization_number="123456789"),)
