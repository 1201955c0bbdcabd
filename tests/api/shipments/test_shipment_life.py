"""The life of shipments trigger by trigger, and when messages expire, as a client sees both."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.conftest import Client
from tests.support.shipment_life import (
    EMAIL,
    NOON,
    SMS,
    accepted,
    feed,
    make,
    report,
    seen,
    ship,
    trigger,
)


def test_an_e_mail_goes_from_new_to_delivered_and_enters_the_feed_once(api: Client) -> None:
    order_id = make(api, **EMAIL)
    seconds = timedelta(seconds=1)

    registered = ship(api, order_id)
    api.mock.clock.advance(seconds)
    trigger(api, "pastdueorders")
    processed = ship(api, order_id)
    api.mock.clock.advance(seconds)
    trigger(api, "sendemail")
    sending = ship(api, order_id)
    api.mock.clock.advance(seconds)
    trigger(api, "sendemail")
    succeeded = ship(api, order_id)
    assert feed(api) == []
    trigger(api, "sendemail")
    delivered = ship(api, order_id)

    statuses = [registered, processed, sending, succeeded, delivered]
    assert [item["status"] for item in statuses] == [
        *("Order_Registered", "Order_Processed", "Order_Processed", "Order_Processed"),
        "Order_Completed",
    ]
    assert [item["recipients"][0]["status"] for item in statuses[1:]] == [
        *("Email_New", "Email_Sending", "Email_Succeeded", "Email_Delivered"),
    ]
    assert processed["lastUpdate"] > registered["lastUpdate"]
    assert sending["lastUpdate"] == succeeded["lastUpdate"] == processed["lastUpdate"]
    assert sending["recipients"][0]["lastUpdate"] > processed["recipients"][0]["lastUpdate"]
    (entry,) = feed(api)
    assert (entry["shipmentId"], entry["lastUpdate"]) == (order_id, delivered["lastUpdate"])


@pytest.mark.parametrize(
    ("result", "shown", "older"),
    [
        ("Failed_Bounced", "Email_Failed_Bounced", "Failed_Bounced"),
        ("Failed_FilteredSpam", "Email_Failed_FilteredSpam", "Failed_FilteredSpam"),
        ("Failed_Quarantined", "Email_Failed_Quarantined", "Failed_Quarantined"),
        ("Failed", "Email_Failed", "Failed"),
        (
            "Failed_SupressedRecipient",
            "Email_Failed_SuppressedRecipient",
            "Failed_SupressedRecipient",
        ),
        ("Failed_InvalidEmailFormat", "Email_Failed_InvalidFormat", "Failed_InvalidEmailFormat"),
        ("Failed_InvalidSasUrl", "Email_Failed_InvalidSasUrl", "Failed_InvalidSasUrl"),
        ("Failed_PayloadTooLarge", "Email_Failed_PayloadTooLarge", "Failed_PayloadTooLarge"),
    ],
)
def test_a_final_report_of_an_e_mail_completes_its_order(
    api: Client, result: str, shown: str, older: str
) -> None:
    order_id = accepted(api, **EMAIL)

    report(api, order_id, result)

    assert seen(api, order_id) == ["Order_Completed", shown]
    read = api.call("GET", f"/orders/{order_id}/notifications/email").json()
    assert read["notifications"][0]["sendStatus"]["status"] == older
    assert len(feed(api)) == 1


@pytest.mark.parametrize(
    "result",
    [
        *("Delivered", "Failed", "Failed_InvalidRecipient", "Failed_BarredReceiver"),
        *("Failed_Deleted", "Failed_Expired", "Failed_Undelivered", "Failed_Rejected"),
    ],
)
def test_a_final_report_of_an_sms_completes_its_order(api: Client, result: str) -> None:
    order_id = accepted(api, **SMS)
    assert seen(api, order_id) == ["Order_Processed", "SMS_Accepted"]
    assert feed(api) == []

    report(api, order_id, result)

    assert seen(api, order_id) == ["Order_Completed", f"SMS_{result}"]
    assert len(feed(api)) == 1


def test_after_a_transient_error_no_e_mail_is_sent_for_a_minute(api: Client) -> None:
    failing = make(api, recipients=[{"emailAddress": "transient-error@example.com"}])
    trigger(api, "pastdueorders", "sendemail", "sendemail")
    other = make(api, **EMAIL)
    trigger(api, "pastdueorders")

    for seconds in (0, 59):
        api.mock.clock.set(NOON + timedelta(seconds=seconds))
        trigger(api, "sendemail")
        assert seen(api, failing) == seen(api, other) == ["Order_Processed", "Email_New"]
    assert feed(api) == []
    api.mock.clock.set(NOON + timedelta(seconds=60))
    trigger(api, "sendemail")

    assert seen(api, failing) == seen(api, other) == ["Order_Processed", "Email_Sending"]


def test_an_order_ends_with_its_last_message_and_has_one_entry_with_all(api: Client) -> None:
    addresses = [{"emailAddress": f"{name}@example.com"} for name in ("a", "b", "c")]
    order_id = accepted(api, recipients=addresses)

    before = ship(api, order_id)["lastUpdate"]
    for place in (0, 1):
        api.mock.clock.advance(timedelta(seconds=1))
        report(api, order_id, "Delivered", place)
    # Its status has not changed, so neither has the time of that.
    assert ship(api, order_id)["lastUpdate"] == before
    assert seen(api, order_id)[0] == "Order_Processed"
    assert feed(api) == []
    report(api, order_id, "Delivered", 2)

    assert seen(api, order_id)[0] == "Order_Completed"
    (entry,) = feed(api)
    assert len(entry["recipients"]) == 3


def oslo(day: int, clock: str) -> datetime:
    """Return a time in Oslo, where it is two hours later than UTC, on a *day* of August 2025."""
    return datetime.fromisoformat(f"2025-08-{day}T{clock}+02:00")


@pytest.mark.parametrize(
    ("policy", "now", "by", "status"),
    [
        (None, oslo(25, "22:00:00"), "sendsmsdaytime", "SMS_New"),
        (None, oslo(25, "22:00:00"), "sendsmsanytime", "SMS_New"),
        ("Daytime", oslo(25, "22:00:00"), "sendsmsdaytime", "SMS_New"),
        ("Daytime", oslo(25, "12:00:00"), "sendsmsanytime", "SMS_New"),
        ("Daytime", oslo(26, "09:00:00"), "sendsmsdaytime", "SMS_New"),
        ("Daytime", oslo(26, "09:00:01"), "sendsmsdaytime", "SMS_Sending"),
        ("Daytime", oslo(25, "17:00:00"), "sendsmsdaytime", "SMS_New"),
        ("Daytime", oslo(25, "16:59:59"), "sendsmsdaytime", "SMS_Sending"),
        ("Daytime", oslo(24, "12:00:00"), "sendsmsdaytime", "SMS_Sending"),
        ("Daytime", oslo(25, "12:00:00"), "sendsms", "SMS_Sending"),
        (None, oslo(25, "12:00:00"), "sendsmsdaytime", "SMS_Sending"),
        ("Anytime", oslo(25, "22:00:00"), "sendsmsanytime", "SMS_Sending"),
        ("Anytime", oslo(25, "12:00:00"), "sendsmsanytime", "SMS_Sending"),
        ("Anytime", oslo(25, "12:00:00"), "sendsmsdaytime", "SMS_New"),
        ("Anytime", oslo(25, "12:00:00"), "sendsms", "SMS_New"),
    ],
)
def test_an_sms_is_sent_by_the_trigger_of_its_policy_in_its_hours(
    api: Client, policy: str | None, now: datetime, by: str, status: str
) -> None:
    api.mock.clock.set(now)
    order_id = make(api, sendingTimePolicy=policy, **SMS)
    trigger(api, "pastdueorders")
    assert seen(api, order_id) == ["Order_Processed", "SMS_New"]

    trigger(api, by)

    assert seen(api, order_id) == ["Order_Processed", status]


HOURS_48 = timedelta(hours=48)


@pytest.mark.parametrize(
    ("members", "due", "expires"),
    [
        (EMAIL, "2025-08-25T20:00:00", "2025-08-27T20:00:00"),
        (SMS, "2025-08-25T20:00:00", "2025-08-27T20:00:00"),
        ({**SMS, "sendingTimePolicy": "Anytime"}, "2025-08-25T20:00:00", "2025-08-27T20:00:00"),
        ({**SMS, "sendingTimePolicy": "Daytime"}, "2025-08-25T10:00:00", "2025-08-27T10:00:00"),
        ({**SMS, "sendingTimePolicy": "Daytime"}, "2025-08-25T20:00:00", "2025-08-28T07:00:00"),
        ({**SMS, "sendingTimePolicy": "Daytime"}, "2025-08-25T05:00:00", "2025-08-27T07:00:00"),
        ({**SMS, "sendingTimePolicy": "Daytime"}, "2025-08-25T07:00:00", "2025-08-28T07:00:00"),
        ({**SMS, "sendingTimePolicy": "Daytime"}, "2025-08-25T07:00:01", "2025-08-27T07:00:01"),
        ({**SMS, "sendingTimePolicy": "Daytime"}, "2025-08-25T15:00:00", "2025-08-28T07:00:00"),
        ({**SMS, "sendingTimePolicy": "Daytime"}, "2025-08-25T14:59:59", "2025-08-27T14:59:59"),
        # Clocks went back on the 26th of October: two days of the calendar are 49 hours.
        ({**SMS, "sendingTimePolicy": "Daytime"}, "2025-10-25T05:00:00", "2025-10-27T08:00:00"),
    ],
)
def test_what_is_never_reported_on_is_given_up_five_minutes_after_it_expired(
    api: Client, members: dict[str, Any], due: str, expires: str
) -> None:
    send_time = datetime.fromisoformat(f"{due}+00:00")
    api.mock.clock.set(send_time)
    order_id = make(api, **members)
    trigger(api, "pastdueorders")
    report(api, order_id, "Accepted" if "notificationChannel" in members else "Succeeded")
    end = datetime.fromisoformat(f"{expires}+00:00") + timedelta(seconds=300)

    for late in (-290, 0):
        api.mock.clock.set(end + timedelta(seconds=late))
        trigger(api, "terminateexpirednotifications")
        assert seen(api, order_id)[0] == "Order_Processed"
    api.mock.clock.set(end + timedelta(microseconds=1))
    trigger(api, "terminateexpirednotifications")

    kind = "SMS" if "notificationChannel" in members else "Email"
    assert seen(api, order_id) == ["Order_Completed", f"{kind}_Failed_TTL"]
    path = f"/orders/{order_id}/notifications/{kind.lower()}"
    older = api.call("GET", path).json()["notifications"][0]["sendStatus"]["status"]
    assert older == "Failed"
    assert len(feed(api)) == 1


@pytest.mark.parametrize("result", ["Delivered", "Failed_Bounced"])
def test_a_report_counts_until_the_message_expires(api: Client, result: str) -> None:
    order_id = accepted(api, **EMAIL)

    api.mock.clock.set(NOON + HOURS_48)
    report(api, order_id, result)
    assert seen(api, order_id) == ["Order_Processed", "Email_Succeeded"]
    api.mock.clock.set(NOON + HOURS_48 - timedelta(microseconds=1))
    report(api, order_id, result)

    assert seen(api, order_id) == ["Order_Completed", f"Email_{result}"]


def test_what_is_new_or_being_sent_when_it_expires_stays_so(api: Client) -> None:
    new, sending = make(api, **EMAIL), make(api, **SMS)
    trigger(api, "pastdueorders", "sendsms")

    api.mock.clock.set(NOON + HOURS_48 + timedelta(seconds=1))
    trigger(api, "sendemail")
    api.mock.clock.advance(timedelta(days=1))
    trigger(api, "terminateexpirednotifications")

    assert seen(api, new) == ["Order_Processed", "Email_New"]
    assert seen(api, sending) == ["Order_Processed", "SMS_Sending"]


def test_a_sweep_gives_up_a_hundred_those_that_expired_first(api: Client) -> None:
    many = [{"emailAddress": f"succeeded+{number}@example.com"} for number in range(100)]
    late = accepted(api, recipients=many)
    early = accepted(api, due=NOON - timedelta(hours=1), **EMAIL)
    api.mock.clock.set(NOON + timedelta(days=3))

    trigger(api, "terminateexpirednotifications")

    assert seen(api, early) == ["Order_Completed", "Email_Failed_TTL"]
    statuses = seen(api, late)
    assert (statuses[0], statuses.count("Email_Failed_TTL")) == ("Order_Processed", 99)
    trigger(api, "terminateexpirednotifications")
    assert seen(api, late)[0] == "Order_Completed"


@pytest.mark.parametrize(("ahead", "status"), [(60, "Order_Processed"), (61, "Order_Registered")])
def test_an_order_is_claimed_from_a_minute_before_its_time(
    api: Client, ahead: int, status: str
) -> None:
    order_id = make(api, NOON + timedelta(seconds=ahead), **EMAIL)

    trigger(api, "pastdueorders")

    assert seen(api, order_id)[0] == status


def test_all_that_are_due_are_claimed_at_once(api: Client) -> None:
    ids = [make(api, **EMAIL) for _ in range(120)]

    trigger(api, "pastdueorders")

    assert {seen(api, order_id)[0] for order_id in ids} == {"Order_Processed"}
