"""Shipments of instant orders: on their way at once, reported on until they expire."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from mock_server import MockServer
from tests.conftest import Client
from tests.support.shipment_life import (
    NOON,
    feed,
    report,
    seen,
    ship,
    trigger,
)


def at_once(api: Client, kind: str = "sms", seconds: int = 60, **members: str) -> str:
    """Return the id of an instant order that was just made."""
    sent: dict[str, Any] = {"idempotencyId": uuid4().hex}
    if kind == "sms":
        number = members.get("to", "+4799999999")
        sent["recipientSms"] = {
            "phoneNumber": number,
            "timeToLiveInSeconds": seconds,
            "smsSettings": {"body": "B"},
        }
    else:
        address = members.get("to", "kari@example.com")
        sent["recipientEmail"] = {
            "emailAddress": address,
            "emailSettings": {"subject": "S", "body": "B"},
        }
    answer = api.call("POST", f"/future/orders/instant/{kind}", json=sent)
    assert answer.status_code == 201
    order_id: str = answer.json()["notification"]["shipmentId"]
    return order_id


@pytest.mark.parametrize(("kind", "shown"), [("sms", "SMS_Sending"), ("email", "Email_Sending")])
def test_an_instant_order_is_on_its_way_at_once_and_no_trigger_moves_it(
    api: Client, kind: str, shown: str
) -> None:
    order_id = at_once(api, kind)
    shipment = ship(api, order_id)

    trigger(api, "pastdueorders", "sendsmsanytime", "sendsmsdaytime", "sendemail", "sendemail")

    assert ship(api, order_id) == shipment
    assert (shipment["type"], seen(api, order_id)) == ("Instant", ["Order_Processed", shown])
    status = api.call("GET", f"/orders/{order_id}/status").json()
    assert shipment["lastUpdate"] == status["created"]
    assert status["processingStatus"]["status"] == "Completed"
    assert "successfully generated" in status["processingStatus"]["description"]
    assert api.cancel(order_id).status_code == 409


def test_an_instant_sms_is_reported_on_until_it_expires_and_then_swept(api: Client) -> None:
    order_id = at_once(api)
    report(api, order_id, "Accepted")

    for seconds in (61, 359):
        api.mock.clock.set(NOON + timedelta(seconds=seconds))
        report(api, order_id, "Delivered")
        trigger(api, "terminateexpirednotifications")
        assert seen(api, order_id) == ["Order_Processed", "SMS_Accepted"]
    api.mock.clock.set(NOON + timedelta(seconds=361))
    trigger(api, "terminateexpirednotifications")

    assert seen(api, order_id) == ["Order_Completed", "SMS_Failed_TTL"]
    assert [entry["shipmentType"] for entry in feed(api)] == ["Instant"]


def test_an_instant_e_mail_with_a_transient_error_waits_for_the_trigger_of_all(api: Client) -> None:
    order_id = at_once(api, "email")

    report(api, order_id, "Failed_TransientError")
    trigger(api, "sendemail")
    assert seen(api, order_id) == ["Order_Processed", "Email_New"]
    api.mock.clock.advance(timedelta(seconds=60))
    trigger(api, "sendemail")

    assert seen(api, order_id) == ["Order_Processed", "Email_Sending"]


def test_an_instant_message_that_the_carrier_delivers_completes_its_order(api: Client) -> None:
    order_id = at_once(api, "email")

    report(api, order_id, "Delivered")

    assert seen(api, order_id) == ["Order_Completed", "Email_Delivered"]
    assert api.cancel(order_id).status_code == 409
    assert [entry["shipmentType"] for entry in feed(api)] == ["Instant"]


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "SMS_Sending"),
        (29, "SMS_Sending"),
        (30, "SMS_Accepted"),
        (58, "SMS_Accepted"),
        (59, "SMS_Delivered"),
        (600, "SMS_Delivered"),
    ],
)
def test_by_the_clock_an_instant_sms_is_final_a_second_before_it_expires(
    server: MockServer, http: httpx.Client, seconds: int, shown: str
) -> None:
    api = Client(http, server.sandbox(uuid4().hex))
    api.mock.clock.freeze(NOON + timedelta(seconds=30))
    order_id = at_once(api)

    api.mock.clock.advance(timedelta(seconds=seconds))

    ended = "Order_Completed" if shown == "SMS_Delivered" else "Order_Processed"
    assert seen(api, order_id) == [ended, shown]


def test_by_the_clock_a_long_instant_sms_is_reported_on_by_ticks(
    server: MockServer, http: httpx.Client
) -> None:
    api = Client(http, server.sandbox(uuid4().hex))
    api.mock.clock.freeze(NOON)
    order_id = at_once(api, seconds=3600)

    for minutes, shown in ((1, "SMS_Accepted"), (1, "SMS_Delivered")):
        api.mock.clock.advance(timedelta(minutes=minutes))
        assert seen(api, order_id)[1] == shown
    silent = at_once(api, to="+4799900014")
    api.mock.clock.advance(timedelta(minutes=30))

    assert seen(api, silent) == ["Order_Completed", "SMS_Failed_TTL"]
