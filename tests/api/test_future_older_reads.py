"""What the older endpoints show of modern orders, and cancel."""

from datetime import datetime, timedelta

import pytest

from tests.conftest import Client
from tests.support.future_bodies import (
    BY_SMS,
    REMOVED,
    a_body,
    put,
)
from tests.support.future_client import (
    COMPOSED,
    LATER,
    post,
    reminders_of,
    send,
    shipment_of,
)
from tests.support.future_rows import NOW

pytestmark = pytest.mark.usefixtures("at_now")


def test_a_fresh_chain_is_registered_and_has_no_messages(api: Client) -> None:
    api.mock.clock.freeze(NOW + timedelta(seconds=1))
    made = send(api, "reminder", put("sendersReference", "shared"))
    shipment = shipment_of(made)

    status = api.call("GET", f"/orders/{shipment}/status").json()
    for name in ("email", "sms"):
        summary = api.call("GET", f"/orders/{shipment}/notifications/{name}").json()
        assert (summary["generated"], summary["notifications"]) == (0, [])
    assert status["processingStatus"]["status"] == "Registered"
    assert status["processingStatus"]["lastUpdate"] == status["created"]


def test_a_reference_finds_main_orders_and_reminders_alike(api: Client) -> None:
    reminders = [{"delayDays": 1, "recipient": BY_SMS, "sendersReference": "shared"}]

    send(api, "FO", put("reminders", reminders), put("sendersReference", "shared"))

    found = api.call("GET", "/orders?sendersReference=shared").json()
    assert found["count"] == 2


def test_the_id_of_the_whole_is_no_order(api: Client) -> None:
    chain = send(api, "FO").json()["notificationOrderId"]

    assert api.call("GET", f"/orders/{chain}").status_code == 404
    assert api.cancel(chain).status_code == 404


def test_main_order_and_reminder_are_cancelled_each_for_itself(api: Client) -> None:
    far = put("requestedSendTime", LATER)
    first, second = send(api, "reminder", far), send(api, "reminder", far)

    assert api.cancel(shipment_of(first)).status_code == 200
    assert api.cancel(reminders_of(second)[0]).status_code == 200

    left = [reminders_of(first)[0], shipment_of(second)]
    assert {api.mock.orders.get(each)["status"] for each in left} == {"Registered"}


def test_what_cannot_be_cancelled(api: Client) -> None:
    now = send(api, "reminder", put("reminders.0.delayDays", 1))
    at_once, composed = send(api, "IS"), send(api, "CE", put("requestedSendTime", LATER))
    only_composed = api.mock.token(scope=COMPOSED)

    assert api.cancel(shipment_of(now)).status_code == 409
    assert api.cancel(reminders_of(now)[0]).status_code == 200
    assert api.cancel(shipment_of(at_once)).status_code == 409
    headers = {"Authorization": f"Bearer {only_composed}"}
    assert api.cancel(shipment_of(composed), headers=headers).status_code == 403
    assert api.cancel(shipment_of(composed)).status_code == 200


@pytest.mark.parametrize(("before", "status"), [(1, 200), (0, 409), (-1, 409)])
def test_each_shipment_can_be_cancelled_until_five_minutes_before_its_own_time(
    api: Client, before: int, status: int
) -> None:
    made = send(api, "reminder", put("requestedSendTime", LATER))

    for shipment in (shipment_of(made), *reminders_of(made)):
        sent = api.mock.orders.get(shipment)["requestedSendTime"]
        span = timedelta(minutes=5, microseconds=before)
        api.mock.clock.freeze(datetime.fromisoformat(sent) - span)
        assert api.cancel(shipment).status_code == status


@pytest.mark.parametrize("days", [1, 365])
def test_a_thousand_reminders_are_taken(api: Client, days: int) -> None:
    reminders = [{"delayDays": days, "recipient": BY_SMS}] * 1000

    answer = send(api, "FO", put("reminders", reminders))

    assert len(reminders_of(answer)) == 1000


def test_a_text_with_nul_or_a_long_id_is_refused(api: Client) -> None:
    nul = send(api, "FO", put("sendersReference", "a\0b"))
    fits = send(api, "FO", put("idempotencyId", "æ" * 1300))
    long = send(api, "FO", put("idempotencyId", "æ" * 1300 + "x"))

    assert (nul.status_code, fits.status_code, long.status_code) == (400, 201, 400)
    assert list(nul.json()["errors"]) == ["SendersReference"]
    assert "2601 bytes" in long.json()["errors"]["IdempotencyId"][0]


def test_a_body_without_its_recipient_leaves_the_id_free(api: Client) -> None:
    body = a_body("FO")
    change = put("recipient", REMOVED)
    broken = dict(body)
    change(broken)

    assert post(api, "FO", broken).status_code == 400
    assert post(api, "FO", body).status_code == 201
