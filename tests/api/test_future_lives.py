"""Orders of the modern creates in the course of their lives: whom they reach, and only once."""

from datetime import timedelta
from uuid import uuid4

import pytest

from mock_server.formats.timestamps import format_timestamp
from tests.conftest import Client
from tests.support.future_bodies import (
    BY_EMAIL,
    BY_SMS,
    EXTERNAL,
    PERSON,
    REMOVED,
    Change,
    a_body,
    put,
)
from tests.support.future_client import post, reminders_of, send, shipment_of
from tests.support.future_rows import NOW
from tests.support.shipment_life import feed, ship, trigger

IDENTITY = "urn:altinn:person:idporten-email:kari@example.com"
NOT_IDENTIFIED = "Email_Failed_RecipientNotIdentified"


@pytest.fixture
def api(by_triggers: Client) -> Client:
    """Return a client of a sandbox in which triggers alone move orders."""
    by_triggers.mock.clock.freeze(NOW)
    return by_triggers


def reached(api: Client, shipment_id: str) -> list[tuple[str, str]]:
    """Return the status and address of each recipient once the order is processed."""
    trigger(api, "pastdueorders")
    return [(one["status"], one["destination"]) for one in ship(api, shipment_id)["recipients"]]


def test_a_completed_order_is_not_begun_again_by_the_same_request(api: Client) -> None:
    body = a_body("reminder")
    first = post(api, "FO", body)
    trigger(api, "pastdueorders", "sendemail", "sendemail", "sendemail")
    before, entries = ship(api, shipment_of(first)), feed(api)
    assert (before["status"], len(entries)) == ("Order_Completed", 1)

    again = post(api, "FO", body)
    trigger(api, "pastdueorders", "sendemail", "sendemail", "sendemail")

    assert (again.status_code, again.json()) == (200, first.json())
    assert ship(api, shipment_of(first)) == before
    assert ship(api, reminders_of(first)[0])["status"] == "Order_Registered"
    assert feed(api) == entries
    assert len(api.mock.orders.list()) == 2


def test_a_resource_decides_nothing_about_a_person(api: Client) -> None:
    person = {**PERSON, "resourceId": "urn:altinn:resource:nobody-may", "resourceAction": "write"}

    made = send(api, "person", put("recipient.recipientPerson", person))

    assert reached(api, shipment_of(made)) == [("Email_New", "12345678901@example.com")]


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (
            [{"identity": IDENTITY.upper(), "email": "found@example.com"}],
            [("Email_New", "found@example.com")],
        ),
        ([], [("Email_New", "kari@example.com")]),
        ([{"identity": IDENTITY}], [(NOT_IDENTIFIED, "")]),
        ([{"identity": IDENTITY, "mobile": "+4799999999"}], [(NOT_IDENTIFIED, "")]),
    ],
)
def test_an_external_identity_is_looked_up_when_its_order_is_processed(
    api: Client, entries: list[dict[str, str]], expected: list[tuple[str, str]]
) -> None:
    identity = {**EXTERNAL, "externalIdentity": IDENTITY}
    made = send(api, "external", put("recipient.recipientExternalIdentity", identity))
    assert made.status_code == 201
    api.mock.register.replace({"externalIdentities": entries})

    assert reached(api, shipment_of(made)) == expected

    is_over = expected == [(NOT_IDENTIFIED, "")]
    status = ship(api, shipment_of(made))["status"]
    assert status == ("Order_Completed" if is_over else "Order_Processed")
    assert len(feed(api)) == is_over


@pytest.mark.parametrize(
    ("base", "down", "up"),
    [
        (
            "IS",
            put("recipientSms.phoneNumber", "+4799900503"),
            put("recipientSms.phoneNumber", "+4799999999"),
        ),
        (
            "IO",
            put("recipient.recipientSms.phoneNumber", "+4799900503"),
            put("recipient.recipientSms.phoneNumber", "+4799999999"),
        ),
        (
            "IM",
            put("recipientEmail.emailAddress", "carrier-down@example.com"),
            put("recipientEmail.emailAddress", "kari@example.com"),
        ),
    ],
)
def test_what_no_carrier_took_is_no_order_and_uses_no_id(
    api: Client, base: str, down: Change, up: Change
) -> None:
    name = put("idempotencyId", uuid4().hex)

    refused = send(api, base, down, name)
    assert (refused.status_code, refused.json()["code"]) == (503, "NOT-00004")
    assert (api.mock.orders.list(), feed(api)) == ([], [])
    accepted = send(api, base, up, name)

    assert accepted.status_code == 201
    assert ship(api, shipment_of(accepted))["status"] == "Order_Processed"


@pytest.mark.parametrize("base", ["IS", "IO", "IM"])
def test_one_id_is_good_for_a_message_and_for_a_chain(api: Client, base: str) -> None:
    name = put("idempotencyId", uuid4().hex)

    both = [send(api, each, name) for each in (base, "reminder")]

    assert [answer.status_code for answer in both] == [201, 201]
    kinds = [ship(api, shipment_of(answer))["type"] for answer in both]
    assert kinds == ["Instant", "Notification"]
    assert len(api.mock.orders.list()) == 3


@pytest.mark.parametrize("base", ["IS", "IO", "IM"])
def test_a_message_is_of_the_type_instant_by_each_of_its_paths(api: Client, base: str) -> None:
    shipment = ship(api, shipment_of(send(api, base)))

    assert (shipment["type"], shipment["status"]) == ("Instant", "Order_Processed")
    (recipient,) = shipment["recipients"]
    sent = ("Email", "ola@example.com") if base == "IM" else ("SMS", "+4799999999")
    assert (recipient["type"], recipient["destination"]) == sent
    assert recipient["status"] == f"{sent[0]}_Sending"
    assert recipient["lastUpdate"] == shipment["lastUpdate"]


def test_a_chain_that_waits_is_told_order_by_order(api: Client) -> None:
    reminders = [
        {"delayDays": 3, "recipient": BY_SMS},
        {"delayDays": 7, "recipient": BY_EMAIL, "sendersReference": "rem-2"},
    ]
    due = put("requestedSendTime", (NOW + timedelta(days=1)).isoformat())
    made = send(api, "FO", due, put("sendersReference", "main"), put("reminders", reminders))

    shown = [ship(api, each) for each in (shipment_of(made), *reminders_of(made))]

    created = format_timestamp(NOW)
    assert shown == [
        {
            "shipmentId": shipment_id,
            **({} if reference is None else {"sendersReference": reference}),
            "type": kind,
            "status": "Order_Registered",
            "lastUpdate": created,
            "recipients": [],
        }
        for shipment_id, kind, reference in zip(
            (shipment_of(made), *reminders_of(made)),
            ("Notification", "Reminder", "Reminder"),
            ("main", None, "rem-2"),
            strict=True,
        )
    ]
    statuses = [
        api.call("GET", f"/orders/{each}/status").json()
        for each in (shipment_of(made), *reminders_of(made))
    ]
    assert [one["requestedSendTime"] for one in statuses] == [
        format_timestamp(NOW + timedelta(days=days)) for days in (1, 4, 8)
    ]
    assert {one["created"] for one in statuses} == {created}


def test_one_channel_that_finds_nobody_does_not_hold_the_other_back(api: Client) -> None:
    api.mock.register.replace({"persons": [{"number": "12345678901", "email": "k@example.com"}]})
    made = send(api, "person", put("recipient.recipientPerson.channelSchema", "EmailAndSms"))
    nobody = ("SMS_Failed_RecipientNotIdentified", "")
    assert reached(api, shipment_of(made)) == [("Email_New", "k@example.com"), nobody]

    trigger(api, "sendemail", "sendemail", "sendemail")

    shipment = ship(api, shipment_of(made))
    assert shipment["status"] == "Order_Completed"
    (entry,) = feed(api)
    told = [(one["status"], one["destination"]) for one in entry["recipients"]]
    assert told == [("Email_Delivered", "k@example.com"), nobody]


def test_a_composed_e_mail_is_sent_by_the_trigger_of_all(api: Client) -> None:
    made = send(api, "CE", put("requestedSendTime", REMOVED))
    address = "recipient@altinnxyz.no"
    assert reached(api, shipment_of(made)) == [("Email_New", address)]

    trigger(api, "sendsmsanytime", "sendsmsdaytime", "sendemail")

    shipment = ship(api, shipment_of(made))
    assert (shipment["type"], shipment["status"]) == ("Composed", "Order_Processed")
    assert [one["status"] for one in shipment["recipients"]] == ["Email_Sending"]
