"""`GET /orders/{id}/notifications/email` and `/sms`, and the summary, as a client sees them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.conftest import TTD_ORDER, Client
from tests.support.create_bodies import CREATES

MONDAY_NOON = datetime(2031, 3, 3, 11, 0, tzinfo=UTC)
"""Noon in Oslo, so that SMS are sent at once."""
HOUR = timedelta(hours=1)
KINDS = ("email", "sms")
UNKNOWN = "00000000-0000-4000-8000-000000000000"
OF_SKD = "99999999-9999-4999-8999-999999999999"


def order_an_hour_ahead(api: Client, path: str = "/orders/email", **members: Any) -> str:
    """Stop the clock at Monday noon and create an order an hour ahead; return its id."""
    api.mock.clock.freeze(MONDAY_NOON)
    sent = {"requestedSendTime": (MONDAY_NOON + HOUR).isoformat(), **members}
    order_id: str = api.call("POST", path, json=CREATES[path] | sent).json()["orderId"]
    return order_id


def read(api: Client, order_id: str, what: str) -> Any:
    """Return the body of one part of an order."""
    return api.call("GET", f"/orders/{order_id}/{what}").json()


def test_the_golden_email_notifications(api: Client) -> None:
    recipients = [{"emailAddress": "kari@example.com"}, {"organizationNumber": "999999999"}]
    order_id = order_an_hour_ahead(api, sendersReference="batch-17", recipients=recipients)
    api.mock.clock.advance(2 * HOUR)

    answer = api.call("GET", f"/orders/{order_id}/notifications/email")

    delivered, lost = answer.json()["notifications"]
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert list(answer.json().items()) == [
        ("orderId", order_id),
        ("sendersReference", "batch-17"),
        ("generated", 2),
        ("succeeded", 1),
        ("notifications", [delivered, lost]),
    ]
    assert list(delivered.items())[1:] == [
        ("succeeded", True),
        ("recipient", {"emailAddress": "kari@example.com"}),
        (
            "sendStatus",
            {
                "status": "Delivered",
                "description": (
                    "The email was delivered to the recipient. No errors reported, "
                    "making it likely it was received by the recipient."
                ),
                "lastUpdate": "2031-03-03T12:02:00Z",
            },
        ),
    ]
    assert lost["recipient"] == {"emailAddress": "", "organizationNumber": "999999999"}
    assert lost["sendStatus"]["lastUpdate"] == "2031-03-03T11:59:00Z"


def test_the_golden_sms_notifications(api: Client) -> None:
    order_id = order_an_hour_ahead(api, "/orders/sms")
    api.mock.clock.advance(HOUR + timedelta(minutes=1))

    body = read(api, order_id, "notifications/sms")

    (accepted,) = body["notifications"]
    assert list(body) == ["orderId", "generated", "succeeded", "notifications"]
    assert (body["generated"], body["succeeded"], accepted["succeeded"]) == (1, 1, True)
    assert accepted["recipient"] == {"mobileNumber": "+4799999999"}
    assert accepted["sendStatus"] == {
        "status": "Accepted",
        "description": "The SMS has been accepted by the gateway service and will be sent shortly.",
        "lastUpdate": "2031-03-03T12:01:00Z",
    }


@pytest.mark.parametrize(
    ("minutes", "told", "changed", "results"),
    [
        (58, "Registered: Order has been registered and is awaiting", "11:00", []),
        (59, "Completed: Order processing is done. Notifications have been", "11:59", ["New"]),
        (60, "Completed: Order processing is done. Notifications", "11:59", ["Sending"]),
        (61, "Completed: Order processing is done. Notifications", "11:59", ["Succeeded"]),
        (62, "Completed: Order processing is completed. All", "12:02", ["Delivered"]),
        (9999, "Completed: Order processing is completed. All", "12:02", ["Delivered"]),
    ],
)
def test_an_order_lives_by_the_minute(
    api: Client, minutes: int, told: str, changed: str, results: list[str]
) -> None:
    order_id = order_an_hour_ahead(api)
    api.mock.clock.advance(timedelta(minutes=minutes))

    progress = read(api, order_id, "status")["processingStatus"]
    listed = read(api, order_id, "notifications/email")["notifications"]

    assert f"{progress['status']}: {progress['description']}".startswith(told)
    assert progress["lastUpdate"] == f"2031-03-03T{changed}:00Z"
    assert [item["sendStatus"]["status"] for item in listed] == results


def test_there_is_no_summary_before_something_is_generated(api: Client) -> None:
    order_id = order_an_hour_ahead(api)
    api.mock.clock.advance(HOUR - timedelta(minutes=1, microseconds=1))

    assert "notificationsStatusSummary" not in read(api, order_id, "status")

    api.mock.clock.advance(timedelta(microseconds=1))

    assert "notificationsStatusSummary" in read(api, order_id, "status")


def test_a_delivered_sms_counts_where_notifications_are_read_and_not_in_the_summary(
    api: Client,
) -> None:
    order_id = order_an_hour_ahead(api, "/orders/sms")
    counts = []
    for _minute in range(2):
        api.mock.clock.set(MONDAY_NOON + HOUR + timedelta(minutes=1 + _minute))
        summary = read(api, order_id, "status")["notificationsStatusSummary"]
        counts.append(
            (summary["sms"]["succeeded"], read(api, order_id, "notifications/sms")["succeeded"])
        )

    assert counts == [(1, 1), (0, 1)]


def test_links_of_the_summary_lead_to_the_notifications_of_each_channel_used(api: Client) -> None:
    recipients = [{"emailAddress": "kari@example.com"}, {"mobileNumber": "+4799999999"}]
    order_id = order_an_hour_ahead(api, "/orders", recipients=recipients)
    api.mock.clock.advance(2 * HOUR)

    summary = read(api, order_id, "status")["notificationsStatusSummary"]

    assert list(summary) == ["email", "sms"]
    for kind, counted in summary.items():
        assert list(counted) == ["links", "generated", "succeeded"]
        link = counted["links"]["self"]
        assert link == f"{api.mock.base_url}/orders/{order_id}/notifications/{kind}"
        assert api.get(link).json()["generated"] == counted["generated"] == 1


@pytest.mark.parametrize("kind", KINDS)
def test_before_processing_and_on_the_other_channel_there_are_none(api: Client, kind: str) -> None:
    none = {"generated": 0, "succeeded": 0, "notifications": []}
    reference = {"orderId": TTD_ORDER, "sendersReference": "cancellable"}

    assert read(api, TTD_ORDER, f"notifications/{kind}") == reference | none


@pytest.mark.parametrize("kind", KINDS)
def test_a_cancelled_order_gets_no_notifications(api: Client, kind: str) -> None:
    order_id = order_an_hour_ahead(api)
    api.cancel(order_id)
    api.mock.clock.advance(100 * HOUR)

    assert read(api, order_id, f"notifications/{kind}")["generated"] == 0
    assert read(api, order_id, "status")["processingStatus"]["status"] == "Cancelled"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("order_id", "token", "status"),
    [
        (UNKNOWN, "valid", 404),
        (OF_SKD, "valid", 404),
        ("1337;1=1", "valid", 400),
        (TTD_ORDER, "wrongScope", 403),
        (TTD_ORDER, "noOrg", 403),
        (TTD_ORDER, "expired", 401),
        (TTD_ORDER, None, 401),
    ],
)
def test_notifications_are_refused_as_the_order_is(
    api: Client, kind: str, order_id: str, token: str | None, status: int
) -> None:
    answer = api.call("GET", f"/orders/{order_id}/notifications/{kind}", token=token)

    assert answer.status_code == answer.json()["status"] == status


@pytest.mark.parametrize(
    "path", ["/orders/{}/notifications/email/", "/ORDERS/{}/Notifications/SMS"]
)
def test_a_trailing_slash_and_letter_case_do_not_matter(api: Client, path: str) -> None:
    assert api.call("GET", path.format(TTD_ORDER)).json()["generated"] == 0


def test_what_was_registered_never_changes(api: Client) -> None:
    order_id = order_an_hour_ahead(api)
    before = api.call("GET", f"/orders/{order_id}").content
    api.mock.clock.advance(100 * HOUR)

    assert api.call("GET", f"/orders/{order_id}").content == before


def test_an_email_counts_from_when_it_is_accepted_wherever_it_is_counted(api: Client) -> None:
    order_id = order_an_hour_ahead(api)
    counts = []
    for minutes in (60, 61, 62):
        api.mock.clock.set(MONDAY_NOON + timedelta(minutes=minutes))
        summary = read(api, order_id, "status")["notificationsStatusSummary"]
        listed = read(api, order_id, "notifications/email")
        counts.append((summary["email"]["succeeded"], listed["succeeded"]))

    assert counts == [(0, 0), (1, 1), (1, 1)]
