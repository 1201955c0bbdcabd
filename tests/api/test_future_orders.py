"""What the modern creates register, later and at once."""

from typing import Any

import pytest

from tests.conftest import Client
from tests.support.future_bodies import (
    BY_EMAIL,
    BY_SMS,
    SMS_AT_ONCE,
    a_body,
    put,
)
from tests.support.future_client import (
    FIVE,
    order,
    post,
    reminders_of,
    send,
    shipment_of,
)

pytestmark = pytest.mark.usefixtures("at_now")


@pytest.mark.parametrize("base", FIVE)
def test_the_answer_has_the_ids_and_a_location(api: Client, base: str) -> None:
    answer = send(api, base)

    receipt = answer.json()
    assert (answer.status_code, set(receipt)) == (201, {"notificationOrderId", "notification"})
    assert set(receipt["notification"]) == {"shipmentId"}
    chain = receipt["notificationOrderId"]
    assert answer.headers["Location"] == f"{api.mock.base_url}/orders/chain/{chain}"
    assert api.get(answer.headers["Location"]).status_code == 404


@pytest.mark.parametrize("reference", ["r", "  ", ""])
def test_the_reference_is_answered_as_sent(api: Client, reference: str) -> None:
    answer = send(api, "FO", put("sendersReference", reference))

    status = api.call("GET", f"/orders/{shipment_of(answer)}/status").json()
    assert answer.json()["notification"]["sendersReference"] == reference
    assert status.get("sendersReference") == (reference.strip() or None)


def test_each_reminder_has_a_shipment_and_a_reference_of_its_own(api: Client) -> None:
    reminders = [
        {"delayDays": 3, "recipient": BY_SMS},
        {"delayDays": 5, "recipient": BY_EMAIL, "sendersReference": "second"},
    ]

    answer = send(api, "FO", put("reminders", reminders), put("sendersReference", "main"))

    first, second = answer.json()["notification"]["reminders"]
    ids = {answer.json()["notificationOrderId"], shipment_of(answer), *reminders_of(answer)}
    assert len(ids) == 4
    assert ("sendersReference" not in first, second["sendersReference"]) == (True, "second")
    assert next(iter(answer.json()["notification"])) == "reminders"


def test_reminders_inherit_neither_time_nor_condition_nor_reference(api: Client) -> None:
    reminders = [
        {"delayDays": 3, "recipient": BY_SMS},
        {"requestedSendTime": "2031-05-01T09:00:00+02:00", "recipient": BY_SMS},
    ]

    answer = send(
        api,
        "FO",
        put("requestedSendTime", "2031-04-01T07:00:00.1234567Z"),
        put("conditionEndpoint", "https://example.com/c"),
        put("sendersReference", "main"),
        put("reminders", reminders),
    )

    main, first, second = (
        order(api, shipment) for shipment in (shipment_of(answer), *reminders_of(answer))
    )
    assert first["requestedSendTime"] == "2031-04-04T07:00:00.1234567Z"
    assert second["requestedSendTime"] == "2031-05-01T07:00:00Z"
    assert {"conditionEndpoint", "sendersReference"} & set(first) == set()
    assert main["created"] == first["created"] == second["created"]


@pytest.mark.parametrize(
    ("subject", "shown"),
    [("This\nis\r\na\rtest", "This is a test"), ("a\n\rb", "a  b"), ("plain", "plain")],
)
def test_line_breaks_in_subjects_become_blanks_but_at_once(
    api: Client, subject: str, shown: str
) -> None:
    chain = send(api, "FO", put("recipient.recipientEmail.emailSettings.subject", subject))
    composed = send(api, "CE", put("recipient.emailSettings.subject", subject))
    at_once = send(api, "IM", put("recipientEmail.emailSettings.subject", subject))

    subjects = [
        order(api, shipment_of(made))["emailTemplate"]["subject"]
        for made in (chain, composed, at_once)
    ]
    assert subjects == [shown, shown, subject]


@pytest.mark.parametrize(
    ("sender", "chain", "at_once"),
    [
        (None, "Altinn", "Altinn"),
        ("", "Altinn", "Altinn"),
        ("  ", "Altinn", "Altinn"),
        ("  TE ", "TE", "  TE "),
    ],
)
def test_who_an_sms_is_from(api: Client, sender: object, chain: str, at_once: str) -> None:
    made = send(api, "SMS", put("recipient.recipientSms.smsSettings.sender", sender))
    sent = send(api, "IS", put("recipientSms.smsSettings", {"body": "B", "sender": sender}))

    assert order(api, shipment_of(made))["smsTemplate"]["senderNumber"] == chain
    assert order(api, shipment_of(sent))["smsTemplate"]["senderNumber"] == at_once


def test_who_an_e_mail_is_from(api: Client) -> None:
    path = "emailSettings.senderEmailAddress"
    chain = send(api, "FO", put(f"recipient.recipientEmail.{path}", " a@b.no "))
    at_once = send(api, "IM", put(f"recipientEmail.{path}", "   sender@altinn.no   "))
    plain = send(api, "IM", put(f"recipientEmail.{path}", None))

    senders = [
        order(api, shipment_of(made))["emailTemplate"]["fromAddress"]
        for made in (chain, at_once, plain)
    ]
    assert senders == ["a@b.no", "   sender@altinn.no   ", "noreply@altinn.cloud"]


@pytest.mark.parametrize("base", ["FO", "SMS"])
def test_addresses_are_kept_as_sent(api: Client, base: str) -> None:
    path, name, sent = {
        "FO": ("recipient.recipientEmail.emailAddress", "emailAddress", " ola@example.com "),
        "SMS": ("recipient.recipientSms.phoneNumber", "mobileNumber", "+47 99 99 99 99 "),
    }[base]

    made = send(api, base, put(path, sent))

    assert order(api, shipment_of(made))["recipients"] == [{name: sent}]


def test_texts_follow_the_settings_given_whatever_the_channel(api: Client) -> None:
    made = send(api, "person", put("recipient.recipientPerson.channelSchema", "Email"))

    shown = order(api, shipment_of(made))
    assert {"emailTemplate", "smsTemplate"} <= set(shown)
    assert (shown["notificationChannel"], shown["ignoreReservation"]) == ("Email", False)
    assert shown["recipients"] == [{"nationalIdentityNumber": "12345678901"}]


def test_an_order_by_both_channels_has_both_texts(api: Client) -> None:
    made = send(api, "person", put("recipient.recipientPerson.channelSchema", "EmailAndSms"))

    shown = order(api, shipment_of(made))
    assert shown["notificationChannel"] == "EmailAndSms"
    assert {"emailTemplate", "smsTemplate"} <= set(shown)


def test_what_the_older_api_shows_of_other_recipients(api: Client) -> None:
    unit, identity = send(api, "organisation"), send(api, "external")
    mail, composed = send(api, "FO"), send(api, "CE")

    assert "ignoreReservation" not in order(api, shipment_of(unit))
    assert order(api, shipment_of(identity))["recipients"] == [{}]
    assert order(api, shipment_of(mail))["recipients"] == [{"emailAddress": "ola@example.com"}]
    assert "attachments" not in order(api, shipment_of(composed))


def test_the_control_plane_shows_what_the_older_api_does_not(api: Client) -> None:
    composed, text = send(api, "CE"), send(api, "SMS")
    at_once = send(api, "IS", put("recipientSms.timeToLiveInSeconds", 60))

    shown = [api.mock.orders.get(shipment_of(made)) for made in (composed, text, at_once)]
    assert [each["type"] for each in shown] == ["Composed", "Notification", "Instant"]
    assert shown[0]["attachments"][0]["filename"] == "contract.pdf"
    assert [each["sendingTimePolicy"] for each in shown] == [None, "Daytime", "Anytime"]
    assert shown[2]["timeToLiveInSeconds"] == 60
    assert shown[0]["notificationOrderId"] == composed.json()["notificationOrderId"]


def test_a_dialog_is_kept_and_shown_to_the_control_plane_alone(api: Client) -> None:
    made = send(api, "FO", put("dialogportenAssociation", {"dialogId": "anything"}))

    (_, chain) = api.control("GET", "/chains").json()["chains"]
    assert chain["notificationOrderId"] == made.json()["notificationOrderId"]
    assert chain["dialogportenAssociation"] == {"dialogId": "anything"}
    assert chain["shipmentIds"] == [shipment_of(made)]


@pytest.mark.parametrize(
    ("base", "change"),
    [
        ("IS", put("recipientSms.phoneNumber", "+4799900503")),
        ("IO", put("recipient.recipientSms.phoneNumber", "004799900503")),
        ("IM", put("recipientEmail.emailAddress", "Carrier-Down+x@example.com")),
    ],
)
def test_a_carrier_that_is_down_is_503_and_leaves_the_id_free(
    api: Client, base: str, change: Any
) -> None:
    body = a_body(base)
    broken = a_body(base)
    change(broken)

    refused = post(api, base, {**broken, "idempotencyId": body["idempotencyId"]})
    accepted = post(api, base, body)

    problem = refused.json()
    assert (refused.status_code, accepted.status_code) == (503, 201)
    assert (problem["code"], problem["title"], problem["statusDescription"]) == (
        "NOT-00004",
        "A temporary network failure occurred",
        "Service Unavailable",
    )
    assert "Retry-After" not in refused.headers


def test_an_instant_sms_is_on_its_way_in_the_older_reads(api: Client) -> None:
    shipment = shipment_of(send(api, "IS"))

    status = api.call("GET", f"/orders/{shipment}/status").json()
    texts = api.call("GET", f"/orders/{shipment}/notifications/sms").json()
    mails = api.call("GET", f"/orders/{shipment}/notifications/email").json()
    assert status["processingStatus"]["status"] == "Completed"
    assert "successfully generated" in status["processingStatus"]["description"]
    assert status["notificationsStatusSummary"]["sms"]["generated"] == 1
    assert status["notificationsStatusSummary"]["sms"]["succeeded"] == 0
    (message,) = texts["notifications"]
    assert message["sendStatus"]["status"] == "Sending"
    assert message["recipient"] == {"mobileNumber": SMS_AT_ONCE["phoneNumber"]}
    assert (mails["generated"], mails["notifications"]) == (0, [])
