"""Cancel of what the modern creates made: the body of each kind, its siblings, and repetition."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from mock_server.formats.timestamps import format_timestamp
from tests.conftest import Client
from tests.support.future_bodies import (
    BY_EMAIL,
    BY_SMS,
    EXTERNAL,
    ORGANIZATION,
    PERSON,
    REMOVED,
    Change,
    a_body,
    put,
)
from tests.support.future_client import post, reminders_of, send, shipment_of
from tests.support.future_rows import NOW

DUE = NOW + timedelta(days=1)
NO = "https://example.com/notifications/api/v1/tests/sendcondition?conditionMet=false"
YES = "https://example.com/notifications/api/v1/tests/sendcondition?conditionMet=true"
RESOURCE = "urn:altinn:resource:app_ttd_apps-test"

pytestmark = pytest.mark.usefixtures("at_now")


def due() -> Change:
    """Return the change that makes an order due in a day."""
    return put("requestedSendTime", DUE.isoformat())


def a_person(**members: object) -> Change:
    """Return the change to a person with *members*."""
    return put("recipient", {"recipientPerson": {**PERSON, "channelSchema": "Sms", **members}})


def a_unit(**members: object) -> Change:
    """Return the change to an organisation with *members*."""
    return put("recipient", {"recipientOrganization": {**ORGANIZATION, **members}})


IDENTITY = {**EXTERNAL, "channelSchema": "EmailAndSms", "smsSettings": {"body": "B"}}
IDENTITY["externalIdentity"] = "urn:altinn:person:legacy-selfidentified:kari"


@pytest.mark.parametrize(
    ("base", "change", "shown"),
    [
        ("FO", put("recipient", BY_EMAIL), {"notificationChannel": "Email"}),
        ("FO", put("recipient", BY_SMS), {"notificationChannel": "Sms"}),
        ("FO", a_person(), {"notificationChannel": "Sms", "ignoreReservation": False}),
        (
            "FO",
            a_person(ignoreReservation=False, channelSchema="EmailPreferred"),
            {"notificationChannel": "EmailPreferred", "ignoreReservation": False},
        ),
        (
            "FO",
            a_person(ignoreReservation=True, channelSchema="SmsPreferred"),
            {"notificationChannel": "SmsPreferred", "ignoreReservation": True},
        ),
        (
            "FO",
            a_unit(resourceId=RESOURCE, resourceAction="access"),
            {
                "notificationChannel": "Email",
                "resourceId": RESOURCE,
                "resourceAction": "access",
            },
        ),
        (
            "FO",
            put("recipient", {"recipientExternalIdentity": IDENTITY}),
            {"notificationChannel": "EmailAndSms"},
        ),
        ("CE", put("sendersReference", REMOVED), {"notificationChannel": "Email"}),
    ],
)
def test_the_body_has_what_its_recipient_was_sent_with_and_no_more(
    api: Client, base: str, change: Change, shown: dict[str, Any]
) -> None:
    if base == "CE":
        change = put("conditionEndpoint", None)
    made = send(api, base, due(), put("sendersReference", "main-1"), change)
    api.mock.clock.advance(timedelta(minutes=10))

    cancelled = api.cancel(shipment_of(made))

    assert cancelled.status_code == 200
    assert cancelled.json() == {
        "id": shipment_of(made),
        "sendersReference": "main-1",
        "requestedSendTime": format_timestamp(DUE),
        "creator": "ttd",
        "created": format_timestamp(NOW),
        **shown,
        "processingStatus": {
            "status": "Cancelled",
            "description": "Order processing was stopped due to order being cancelled.",
            "lastUpdate": format_timestamp(NOW + timedelta(minutes=10)),
        },
    }


def a_chain(api: Client, reminder: dict[str, Any], *changes: Change) -> tuple[str, str]:
    """Return the ids of an order that is due in a day and of its reminder, three days later."""
    reminders = [{"delayDays": 3, "recipient": BY_EMAIL, **reminder}]
    made = send(api, "FO", due(), put("reminders", reminders), *changes)
    return shipment_of(made), reminders_of(made)[0]


@pytest.mark.parametrize("reference", ["rem-1", None])
def test_the_body_of_a_reminder_is_its_own(api: Client, reference: str | None) -> None:
    person = {**PERSON, "channelSchema": "EmailAndSms", "resourceId": RESOURCE}
    reminder = {"sendersReference": reference, "recipient": {"recipientPerson": person}}
    _main, shipment_id = a_chain(api, reminder, put("sendersReference", "main-1"))

    body = api.cancel(shipment_id).json()

    assert body == {
        "id": shipment_id,
        **({} if reference is None else {"sendersReference": reference}),
        "requestedSendTime": format_timestamp(DUE + timedelta(hours=72)),
        "creator": "ttd",
        "created": format_timestamp(NOW),
        "notificationChannel": "EmailAndSms",
        "ignoreReservation": False,
        "resourceId": RESOURCE,
        "processingStatus": body["processingStatus"],
    }


def test_each_body_has_the_condition_of_its_own_order(api: Client) -> None:
    ids = a_chain(api, {"conditionEndpoint": NO}, put("conditionEndpoint", YES))

    bodies = [api.cancel(each).json() for each in ids]

    assert [body["conditionEndpoint"] for body in bodies] == [YES, NO]


def test_a_chain_that_is_cancelled_in_part_is_repeated_with_the_same_ids(api: Client) -> None:
    body = {**a_body("reminder"), "requestedSendTime": DUE.isoformat()}
    first = post(api, "FO", body)
    cancelled = api.cancel(shipment_of(first)).json()["processingStatus"]

    again = post(api, "FO", body)

    assert (again.status_code, again.json()) == (200, first.json())
    shipment = api.call("GET", f"/future/shipment/{shipment_of(first)}").json()
    assert (shipment["status"], shipment["lastUpdate"]) == (
        *("Order_Cancelled", cancelled["lastUpdate"]),
    )


def test_orders_of_one_reference_are_listed_cancelled_or_not(api: Client) -> None:
    main, reminder = a_chain(api, {"sendersReference": "shared"}, put("sendersReference", "shared"))
    assert api.cancel(main).status_code == 200

    listed = api.call("GET", "/orders?sendersReference=shared").json()

    assert listed["count"] == 2
    assert {order["id"] for order in listed["orders"]} == {main, reminder}


@pytest.mark.parametrize("which", [0, 1])
def test_who_cancels_at_the_same_time_is_told_the_same(api: Client, which: int) -> None:
    shipment_id = a_chain(api, {})[which]
    api.mock.clock.resume()

    with ThreadPoolExecutor(2) as pool:
        answers = [*pool.map(lambda _: api.cancel(shipment_id), range(2))]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content


@pytest.mark.parametrize(
    "passed", [timedelta(days=1) - timedelta(minutes=4), timedelta(days=1, minutes=10)]
)
def test_a_reminder_can_be_cancelled_when_its_order_no_longer_can(
    api: Client, passed: timedelta
) -> None:
    main, reminder = a_chain(api, {})

    api.mock.clock.advance(passed)

    assert [api.cancel(each).status_code for each in (main, reminder)] == [409, 200]


@pytest.mark.parametrize("base", ["FO", "SMS", "IS", "IM"])
def test_what_has_no_send_time_cannot_be_cancelled(api: Client, base: str) -> None:
    made = send(api, base)

    at_once = api.cancel(shipment_of(made))
    api.mock.clock.advance(timedelta(days=1))
    later = api.cancel(shipment_of(made))

    assert (at_once.status_code, later.status_code) == (409, 409)


@pytest.mark.parametrize("of_nobody", ["notificationOrderId", "nothing"])
def test_the_id_of_a_chain_and_one_of_zeros_are_no_orders(api: Client, of_nobody: str) -> None:
    made = send(api, "reminder", due()).json()
    shipment_id = made.get(of_nobody, "00000000-0000-0000-0000-000000000000")

    answer = api.cancel(shipment_id)

    assert (answer.status_code, answer.json()["title"]) == (404, "Not Found")
    assert "code" not in answer.json()
