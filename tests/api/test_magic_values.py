"""Addresses that say how their message ends, and results that are set by hand."""

from datetime import timedelta
from typing import Any

import pytest

from mock_server.domain.magic_values import EMAIL_OUTCOMES, SMS_OUTCOMES
from mock_server.domain.notifications import EmailResult, SmsResult
from tests.api.test_read_notifications import HOUR, order_an_hour_ahead, read
from tests.conftest import Client
from tests.support.problem_bodies import problem

DAY = timedelta(days=1)
UNKNOWN = "00000000-0000-4000-8000-000000000000"
NOT_FINAL = {"New", "Sending", "Succeeded", "Accepted"}
EMAILS = [(f"{local}@example.com", result) for local, result in EMAIL_OUTCOMES.items()]
EMAILS += [
    ("Bounced+17@example.com", EmailResult.BOUNCED),
    ("bounced.not@example.com", EmailResult.DELIVERED),
    ("kari@bounced.example.com", EmailResult.DELIVERED),
]
MOBILES = list(SMS_OUTCOMES.items())
MOBILES += [
    ("004799900008", SmsResult.BARRED_RECEIVER),
    ("+47 999 00 008", SmsResult.BARRED_RECEIVER),
    ("+47-999-00-008", SmsResult.BARRED_RECEIVER),
    ("+4799900000", SmsResult.DELIVERED),
    ("+4799900999", SmsResult.DELIVERED),
]


def sent(api: Client, path: str, recipient: dict[str, str]) -> str:
    """Create an order to one *recipient*, let two hours pass, and return its id."""
    order_id = order_an_hour_ahead(api, path, recipients=[recipient])
    api.mock.clock.advance(2 * HOUR)
    return order_id


def result_of(api: Client, order_id: str) -> Any:
    """Return the internal result of an order's only notification."""
    (notification,) = api.mock.orders.get(order_id)["notifications"]
    return notification["result"]


@pytest.mark.parametrize(("address", "result"), EMAILS)
def test_a_local_part_says_how_an_email_ends(api: Client, address: str, result: str) -> None:
    order_id = sent(api, "/orders/email", {"emailAddress": address})
    in_between = {"Failed_TTL": "Succeeded", "Failed_TransientError": "Sending"}

    assert result_of(api, order_id) == in_between.get(result, result)


@pytest.mark.parametrize(("number", "result"), MOBILES)
def test_a_number_says_how_an_sms_ends(api: Client, number: str, result: str) -> None:
    order_id = sent(api, "/orders/sms", {"mobileNumber": number})

    assert result_of(api, order_id) == ("Accepted" if result == SmsResult.TTL else result)


@pytest.mark.parametrize(
    ("path", "recipient"),
    [
        ("/orders/email", {"emailAddress": "ttl@example.com"}),
        ("/orders/email", {"emailAddress": "succeeded@example.com"}),
        ("/orders/sms", {"mobileNumber": "+4799900014"}),
        ("/orders/sms", {"mobileNumber": "+4799900003"}),
    ],
)
def test_what_is_never_reported_on_fails_two_days_after_the_send_time(
    api: Client, path: str, recipient: dict[str, str]
) -> None:
    order_id = sent(api, path, recipient)
    kind = path.rpartition("/")[2]
    waiting = read(api, order_id, "status")["processingStatus"]["description"]
    api.mock.clock.advance(2 * DAY - HOUR + timedelta(minutes=15))

    (notification,) = read(api, order_id, f"notifications/{kind}")["notifications"]
    assert result_of(api, order_id) == "Failed_TTL"
    assert notification["sendStatus"]["status"] == "Failed"
    assert "(TTL)" in notification["sendStatus"]["description"]
    assert notification["sendStatus"]["lastUpdate"] == "2031-03-05T12:15:00Z"
    assert "successfully generated" in waiting
    assert read(api, order_id, "status")["processingStatus"]["lastUpdate"] == "2031-03-05T12:15:00Z"


def test_a_transient_error_is_tried_again_until_it_is_too_late(api: Client) -> None:
    order_id = order_an_hour_ahead(
        api, recipients=[{"emailAddress": "transient-error@example.com"}]
    )
    seen = []
    for minutes in (59, 60, 61, 62, 48 * 60 + 59, 48 * 60 + 60, 99 * 60):
        api.mock.clock.set(
            api.mock.clock.now().replace(day=3, hour=11) + timedelta(minutes=minutes)
        )
        seen.append(result_of(api, order_id))
        api.mock.clock.set(api.mock.clock.now().replace(day=3, hour=11, minute=0))

    assert seen == ["New", "Sending", "New", "Sending", "New", "Sending", "Sending"]


@pytest.mark.parametrize("result", EmailResult)
def test_a_result_set_by_hand_stays(api: Client, result: str) -> None:
    order_id = order_an_hour_ahead(api)
    api.mock.clock.advance(HOUR)
    (notification,) = api.mock.orders.get(order_id)["notifications"]

    path = f"/orders/{order_id}/notifications/{notification['id']}"
    answer = api.control("PUT", path, json={"result": result})
    api.mock.clock.advance(9 * DAY)
    api.call("POST", "/trigger/sendemail", token=None)
    api.call("POST", "/trigger/terminateexpirednotifications", token=None)

    (shown,) = answer.json()["notifications"]
    assert shown == notification | {
        "result": result,
        "lastUpdate": "2031-03-03T12:00:00Z",
        "pinned": True,
    }
    assert api.mock.orders.get(order_id)["notifications"] == [shown]
    is_pending = result in NOT_FINAL
    assert answer.json()["status"] == ("Processed" if is_pending else "Completed")


def test_the_last_result_by_hand_completes_the_order(api: Client) -> None:
    recipients = [{"emailAddress": "sending@example.com"}, {"emailAddress": "new@example.com"}]
    order_id = order_an_hour_ahead(api, recipients=recipients)
    api.mock.clock.advance(2 * HOUR)
    ids = [item["id"] for item in api.mock.orders.get(order_id)["notifications"]]

    statuses = [api.mock.orders.set_result(order_id, id_, "Delivered")["status"] for id_ in ids]

    assert statuses == ["Processed", "Completed"]
    assert read(api, order_id, "status")["processingStatus"]["lastUpdate"] == "2031-03-03T13:00:00Z"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"result": "Accepted"}, "'Accepted' is not a result of Email; use New, Sending, "),
        ({"result": "delivered"}, "'delivered' is not a result of Email"),
        ({"result": 7}, "7 is not of type 'string'"),
        ({}, "'result' is a required property"),
        ({"result": "New", "status": "x"}, "'status' was unexpected"),
    ],
)
def test_a_result_that_there_is_not_is_refused(
    api: Client, body: dict[str, object], words: str
) -> None:
    order_id = sent(api, "/orders/email", {"emailAddress": "kari@example.com"})
    before = api.mock.orders.get(order_id)
    (notification,) = before["notifications"]

    path = f"/orders/{order_id}/notifications/{notification['id']}"
    answer = api.control("PUT", path, json=body)

    assert answer.status_code == 400
    assert words in problem(answer)["detail"]
    assert api.mock.orders.get(order_id) == before


def test_an_unknown_notification_or_order_is_not_found(api: Client) -> None:
    order_id = sent(api, "/orders/email", {"emailAddress": "kari@example.com"})

    for path in (
        f"/orders/{order_id}/notifications/{UNKNOWN}",
        f"/orders/{UNKNOWN}/notifications/{UNKNOWN}",
    ):
        answer = api.control("PUT", path, json={"result": "New"})
        assert answer.status_code == 404
        assert UNKNOWN in problem(answer)["detail"]
