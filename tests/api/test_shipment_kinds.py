"""Shipments of chains and composed e-mail as their creates make them: each by its own rules."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.conftest import Client

NO = "https://example.com/notifications/api/v1/tests/sendcondition?conditionMet=false"
TEXT = {"subject": "S", "body": "B"}
BY_EMAIL = {"recipientEmail": {"emailAddress": "kari@example.com", "emailSettings": TEXT}}
BY_SMS = {
    "recipientSms": {
        "phoneNumber": "004799999999",
        "smsSettings": {"body": "B", "sendingTimePolicy": "Anytime"},
    }
}
COMPOSED_SCOPE = "altinn:serviceowner/notifications.composedemail.create"


def chain(api: Client, reminder: dict[str, Any], **main: Any) -> tuple[str, str, str]:
    """Return the ids of a chain, of its main order and of its reminder, both soon due."""
    due = (api.mock.clock.now() + timedelta(minutes=30)).isoformat()
    body = {
        "idempotencyId": uuid4().hex,
        "requestedSendTime": due,
        "recipient": BY_EMAIL,
        **main,
        "reminders": [{"delayDays": 1, "recipient": BY_EMAIL, **reminder}],
    }
    answer = api.call("POST", "/future/orders", json=body).json()
    made = answer["notification"]
    return answer["notificationOrderId"], made["shipmentId"], made["reminders"][0]["shipmentId"]


def ship(api: Client, shipment_id: str) -> dict[str, Any]:
    """Return a shipment."""
    shipment: dict[str, Any] = api.call("GET", f"/future/shipment/{shipment_id}").json()
    return shipment


def test_the_id_of_a_chain_is_neither_a_shipment_nor_to_be_cancelled(api: Client) -> None:
    chain_id, main, _reminder = chain(api, {})

    assert ship(api, chain_id)["code"] == "NOT-00003"
    assert api.cancel(chain_id).status_code == 404
    assert ship(api, main)["status"] == "Order_Registered"


def test_a_reminder_has_its_own_recipient_and_channel(api: Client) -> None:
    _chain, main, reminder = chain(api, {"recipient": BY_SMS})

    api.mock.clock.advance(timedelta(days=2))

    (of_main,), (of_reminder,) = (ship(api, each)["recipients"] for each in (main, reminder))
    assert (of_main["type"], of_main["destination"]) == ("Email", "kari@example.com")
    assert (of_reminder["status"], of_reminder["destination"]) == (
        *("SMS_Delivered", "004799999999"),
    )


@pytest.mark.parametrize("which", ["main", "reminder"])
def test_a_condition_stops_its_own_order_alone(api: Client, which: str) -> None:
    stopping = {"conditionEndpoint": NO}
    _chain, *ids = chain(api, stopping) if which == "reminder" else chain(api, {}, **stopping)

    api.mock.clock.advance(timedelta(days=2))

    statuses = [ship(api, each)["status"] for each in ids]
    expected = ["Order_SendConditionNotMet", "Order_Completed"]
    assert statuses == (expected if which == "main" else expected[::-1])


@pytest.mark.parametrize(
    ("address", "condition", "seen"),
    [
        ("kari@example.com", None, ["Order_Completed", "Email_Delivered"]),
        ("kari@example.com", NO, ["Order_SendConditionNotMet"]),
        ("invalid-sas-url@example.com", None, ["Order_Completed", "Email_Failed_InvalidSasUrl"]),
        (
            "payload-too-large@example.com",
            None,
            ["Order_Completed", "Email_Failed_PayloadTooLarge"],
        ),
    ],
)
def test_a_composed_e_mail_lives_as_any_other(
    api: Client, address: str, condition: str | None, seen: list[str]
) -> None:
    body = {
        "idempotencyId": uuid4().hex,
        "conditionEndpoint": condition,
        "recipient": {"emailAddress": address, "emailSettings": TEXT},
    }
    headers = {"Authorization": f"Bearer {api.mock.token(scope=COMPOSED_SCOPE)}"}
    made = api.call("POST", "/future/orders/composed-email", json=body, headers=headers).json()
    shipment_id = made["notification"]["shipmentId"]

    api.mock.clock.advance(timedelta(minutes=10))

    shipment = ship(api, shipment_id)
    assert shipment["type"] == "Composed"
    statuses = [item["status"] for item in shipment["recipients"]]
    assert [shipment["status"], *statuses] == seen
    for method, path in (
        ("PUT", f"/orders/{shipment_id}/cancel"),
        ("GET", f"/future/shipment/{shipment_id}"),
    ):
        assert api.call(method, path, headers=headers).status_code == 403
