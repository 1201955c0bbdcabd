"""The life of shipments trigger by trigger, and when messages expire, as a client sees both."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from mock_server import MockServer
from tests.conftest import Client

NOON = datetime(2025, 8, 25, 10, tzinfo=UTC)
"""Noon in Oslo, of a Monday in summer."""

EMAIL: dict[str, Any] = {"recipients": [{"emailAddress": "kari@example.com"}]}
SMS: dict[str, Any] = {
    "recipients": [{"mobileNumber": "+4799999999"}],
    "notificationChannel": "Sms",
}
Row = tuple[str, str, str]


@pytest.fixture(scope="module")
def manual() -> Iterator[MockServer]:
    """Return a server on which triggers alone move orders."""
    with MockServer(progress="manual", seed="none") as running:
        yield running


@pytest.fixture
def api(manual: MockServer, http: httpx.Client) -> Client:
    """Return a client of a fresh sandbox, where it is noon."""
    client = Client(http, manual.sandbox(uuid4().hex))
    client.mock.clock.freeze(NOON)
    return client


def make(api: Client, due: datetime | None = None, **members: Any) -> str:
    """Return the id of an order that is due now, or *due* then."""
    sent = (due or api.mock.clock.now()).isoformat()
    order_id: str = api.mock.orders.create(requestedSendTime=sent, **members)["id"]
    return order_id


def trigger(api: Client, *names: str) -> None:
    """Call triggers, one after the other."""
    for name in names:
        answer = api.call("POST", f"/trigger/{name}", token=None)
        assert (answer.status_code, answer.content) == (200, b"")


def ship(api: Client, order_id: str) -> dict[str, Any]:
    """Return a shipment."""
    answer = api.call("GET", f"/future/shipment/{order_id}")
    assert answer.status_code == 200
    shipment: dict[str, Any] = answer.json()
    return shipment


def seen(api: Client, order_id: str) -> list[str]:
    """Return the status of a shipment, then those of its recipients."""
    shipment = ship(api, order_id)
    return [shipment["status"], *(item["status"] for item in shipment["recipients"])]


def feed(api: Client) -> list[dict[str, Any]]:
    """Return the feed of ttd, once all of it shows."""
    api.mock.clock.advance(timedelta(seconds=3))
    entries: list[dict[str, Any]] = api.call("GET", "/future/shipment/feed").json()
    return entries


def report(api: Client, order_id: str, result: str, place: int = 0) -> None:
    """Report the result of one message, as its carrier."""
    notification = api.mock.orders.get(order_id)["notifications"][place]["id"]
    path = f"/orders/{order_id}/notifications/{notification}"
    answer = api.control("PUT", path, json={"result": result, "as": "report"})
    assert answer.status_code == 200


def accepted(api: Client, **members: Any) -> str:
    """Return the id of an order whose messages are accepted."""
    order_id = make(api, **members)
    sends = "sendsms" if members.get("notificationChannel") == "Sms" else "sendemail"
    trigger(api, "pastdueorders", sends, sends)
    return order_id


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
    # Processed once more, at the time of the result.
    assert ship(api, order_id)["lastUpdate"] > before
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


def a_chain(api: Client, *days: int, **main: Any) -> list[str]:
    """Return the ids of a main order that is due at noon and of its reminders, *days* later."""
    ids = [make(api, NOON, sendersReference="main-1", **{**EMAIL, **main})]
    for day in days:
        due = NOON + timedelta(days=day)
        ids.append(make(api, due, type="Reminder", created=NOON.isoformat(), **EMAIL))
    return ids


def deliver(api: Client) -> None:
    """Call the triggers that take due e-mail all the way."""
    trigger(api, "pastdueorders", "sendemail", "sendemail", "sendemail")


def test_a_chain_enters_the_feed_one_order_at_a_time_with_its_types(api: Client) -> None:
    main, first, second = a_chain(api, 3, 7)

    deliver(api)
    assert [seen(api, each)[0] for each in (main, first, second)] == [
        *("Order_Completed", "Order_Registered", "Order_Registered"),
    ]
    api.mock.clock.set(NOON + timedelta(days=3))
    deliver(api)
    assert [seen(api, each)[0] for each in (first, second)] == [
        *("Order_Completed", "Order_Registered"),
    ]
    api.mock.clock.set(NOON + timedelta(days=7))
    deliver(api)

    entries = feed(api)
    assert [entry["shipmentId"] for entry in entries] == [main, first, second]
    assert [entry["shipmentType"] for entry in entries] == ["Notification", "Reminder", "Reminder"]
    assert [entry.get("sendersReference") for entry in entries] == ["main-1", None, None]


@pytest.mark.parametrize(
    ("main", "status"),
    [
        ({"recipients": [{"nationalIdentityNumber": "99999999901"}]}, "Order_Completed"),
        (
            {"conditionEndpoint": "https://example.com/notifications/api/v1/tests/sendcondition"},
            "Order_SendConditionNotMet",
        ),
    ],
)
def test_a_reminder_is_sent_whatever_became_of_its_main_order(
    api: Client, main: dict[str, Any], status: str
) -> None:
    first, reminder = a_chain(api, 3, **main)
    deliver(api)
    assert seen(api, first)[0] == status

    api.mock.clock.set(NOON + timedelta(days=3))
    deliver(api)

    assert seen(api, reminder) == ["Order_Completed", "Email_Delivered"]


def test_a_reminder_before_its_main_order_goes_first(api: Client) -> None:
    main = make(api, NOON + timedelta(hours=2), **EMAIL)
    reminder = make(api, NOON, type="Reminder", **EMAIL)

    trigger(api, "pastdueorders")

    assert seen(api, reminder)[0] == "Order_Processed"
    assert seen(api, main)[0] == "Order_Registered"


def test_cancelling_one_order_of_a_chain_leaves_the_others(api: Client) -> None:
    main = make(api, NOON + timedelta(days=1), sendersReference="main-1", **EMAIL)
    reminders = [
        make(api, NOON + timedelta(days=day), type="Reminder", sendersReference=name, **EMAIL)
        for day, name in ((2, "rem-1"), (3, None))
    ]

    cancelled = [api.cancel(each) for each in (main, reminders[0])]

    assert [answer.status_code for answer in cancelled] == [200, 200]
    assert [answer.json()["sendersReference"] for answer in cancelled] == ["main-1", "rem-1"]
    assert [seen(api, each)[0] for each in (main, *reminders)] == [
        *("Order_Cancelled", "Order_Cancelled", "Order_Registered"),
    ]
    api.mock.clock.set(NOON + timedelta(days=4))
    deliver(api)
    assert [entry["shipmentId"] for entry in feed(api)] == [reminders[1]]
    assert api.cancel(main).json() == cancelled[0].json()
    assert api.cancel(reminders[1]).status_code == 409


@pytest.mark.parametrize(
    ("left", "status"), [(300, 409), (300.001, 200), (299, 409), (240, 409), (86_400, 200)]
)
@pytest.mark.parametrize("kind", ["Notification", "Reminder", "Composed"])
def test_an_order_of_any_kind_is_cancelled_until_five_minutes_before_its_own_time(
    api: Client, kind: str, left: float, status: int
) -> None:
    order_id = make(api, NOON + timedelta(seconds=left), type=kind, **EMAIL)

    assert api.cancel(order_id).status_code == status


def test_an_undecided_condition_leaves_the_order_processing_until_it_is_asked_again(
    api: Client,
) -> None:
    order_id = make(api, conditionEndpoint="http://nobody.localhost:1/", **EMAIL)
    created = ship(api, order_id)["lastUpdate"]
    api.mock.clock.advance(timedelta(seconds=5))

    trigger(api, "pastdueorders")
    waiting = ship(api, order_id)
    assert (waiting["status"], waiting["lastUpdate"]) == ("Order_Processing", created)
    assert (waiting["recipients"], api.cancel(order_id).status_code) == ([], 409)
    api.mock.clock.advance(timedelta(seconds=60))
    trigger(api, "pastdueorders")

    assert seen(api, order_id) == ["Order_Processed", "Email_New"]


def set_register(api: Client, *, down: bool = False, **lists: Any) -> None:
    """Replace the register by one with *lists* of entries, which may be down."""
    register = {**api.control("GET", "/register").json(), **lists, "down": down}
    assert api.control("PUT", "/register", json=register).status_code in (200, 204)


def test_a_register_that_is_down_twice_makes_the_order_registered_again(api: Client) -> None:
    order_id = make(api, recipients=[{"nationalIdentityNumber": "12345678901"}])
    created = ship(api, order_id)["lastUpdate"]
    set_register(api, down=True)
    api.mock.clock.advance(timedelta(seconds=5))

    trigger(api, "pastdueorders")
    first = ship(api, order_id)
    api.mock.clock.advance(timedelta(seconds=59))
    trigger(api, "pastdueorders")
    assert ship(api, order_id) == first
    api.mock.clock.advance(timedelta(seconds=1))
    trigger(api, "pastdueorders")
    again = ship(api, order_id)

    assert (first["status"], first["lastUpdate"]) == ("Order_Processing", created)
    assert (again["status"], again["recipients"]) == ("Order_Registered", [])
    assert again["lastUpdate"] > created
    assert api.cancel(order_id).status_code == 409
    set_register(api)
    trigger(api, "pastdueorders")
    assert seen(api, order_id) == ["Order_Processed", "Email_New"]


def test_a_register_that_is_up_at_the_second_try_is_enough(api: Client) -> None:
    order_id = make(api, recipients=[{"nationalIdentityNumber": "12345678901"}])
    set_register(api, down=True)
    trigger(api, "pastdueorders")

    set_register(api)
    api.mock.clock.advance(timedelta(seconds=60))
    trigger(api, "pastdueorders")

    assert seen(api, order_id) == ["Order_Processed", "Email_New"]
    assert feed(api) == []


BOTH = {"number": "1", "emails": ["e@example.com"], "mobiles": ["99999999"]}
ONLY_EMAIL = {"number": "1", "emails": ["e@example.com"]}
ONLY_SMS = {"number": "1", "mobiles": ["+4799999999"]}
E, S = ("Email", "e@example.com"), ("SMS", "+4799999999")
NO_E, NO_S = ("Email_Failed_RecipientNotIdentified", ""), ("SMS_Failed_RecipientNotIdentified", "")
HELD_E, HELD_S = ("Email_Failed_RecipientReserved", ""), ("SMS_Failed_RecipientReserved", "")


@pytest.mark.parametrize(
    ("channel", "entry", "expected"),
    [
        ("Email", BOTH, [E]),
        ("Email", ONLY_SMS, [NO_E]),
        ("Sms", BOTH, [S]),
        ("Sms", ONLY_EMAIL, [NO_S]),
        ("Sms", {"number": "1", "mobiles": ["12345"]}, [NO_S]),
        ("EmailPreferred", BOTH, [E]),
        ("EmailPreferred", ONLY_EMAIL, [E]),
        ("EmailPreferred", ONLY_SMS, [S]),
        ("EmailPreferred", {"number": "1"}, [NO_E]),
        ("SmsPreferred", BOTH, [S]),
        ("SmsPreferred", ONLY_EMAIL, [E]),
        ("SmsPreferred", ONLY_SMS, [S]),
        ("SmsPreferred", {"number": "1"}, [NO_S]),
        ("EmailAndSms", BOTH, [E, S]),
        ("EmailAndSms", ONLY_EMAIL, [E, NO_S]),
        ("EmailAndSms", ONLY_SMS, [NO_E, S]),
        ("EmailAndSms", {"number": "1"}, [NO_E, NO_S]),
        ("Email", {**BOTH, "reserved": True}, [HELD_E]),
        ("Sms", {**BOTH, "reserved": True}, [HELD_S]),
        ("EmailAndSms", {**BOTH, "reserved": True}, [HELD_E, HELD_S]),
        ("EmailPreferred", {**BOTH, "reserved": True}, [HELD_E]),
        ("EmailPreferred", {"number": "1", "reserved": True}, [HELD_E]),
        ("EmailPreferred", {**ONLY_SMS, "reserved": True}, [HELD_S]),
        ("SmsPreferred", {**BOTH, "reserved": True}, [HELD_S]),
        ("SmsPreferred", {"number": "1", "reserved": True}, [HELD_S]),
        ("SmsPreferred", {**ONLY_EMAIL, "reserved": True}, [HELD_E]),
    ],
)
def test_a_channel_reaches_a_person_by_what_the_register_has(
    api: Client, channel: str, entry: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    set_register(api, persons=[{**entry, "number": "12345678901"}])
    order_id = make(
        api, notificationChannel=channel, recipients=[{"nationalIdentityNumber": "12345678901"}]
    )

    trigger(api, "pastdueorders")

    assert reached(api, order_id) == expected
    is_pending = any(destination for _status, destination in expected)
    assert seen(api, order_id)[0] == ("Order_Processed" if is_pending else "Order_Completed")
    assert len(feed(api)) == (not is_pending)


def reached(api: Client, order_id: str) -> list[tuple[str, str]]:
    """Return the channel of each new message, or its status where it failed, and its address."""
    return [
        (item["type"] if item["status"].endswith("_New") else item["status"], item["destination"])
        for item in ship(api, order_id)["recipients"]
    ]


def test_a_reservation_that_is_ignored_does_not_find_an_address(api: Client) -> None:
    for entry, expected in ((BOTH, [E]), ({"number": "1"}, [NO_E])):
        set_register(api, persons=[{**entry, "number": "12345678901", "reserved": True}])
        order_id = make(
            api, ignoreReservation=True, recipients=[{"nationalIdentityNumber": "12345678901"}]
        )
        trigger(api, "pastdueorders")

        assert reached(api, order_id) == expected


RESOURCE = "urn:altinn:resource:tax-return"
USER = {"email": "user@example.com", "mobile": "+4798765432", "resource": "tax-return"}


@pytest.mark.parametrize(
    ("channel", "entry", "resource", "expected"),
    [
        (
            "Email",
            {"emails": ["a@x.no", "b@x.no"]},
            None,
            [("Email", "a@x.no"), ("Email", "b@x.no")],
        ),
        ("Email", {"emails": ["a@x.no", "A@X.no"]}, None, [("Email", "a@x.no")]),
        ("Email", {"emails": ["a@x.no"], "users": [USER]}, None, [("Email", "a@x.no")]),
        (
            "Email",
            {"emails": ["a@x.no"], "users": [USER]},
            RESOURCE,
            [("Email", "a@x.no"), ("Email", "user@example.com")],
        ),
        ("Email", {"emails": ["a@x.no"], "users": [USER]}, f"{RESOURCE}-2", [("Email", "a@x.no")]),
        ("Email", {"users": [USER]}, f"{RESOURCE}-2", [NO_E]),
        ("Email", {"users": [USER]}, RESOURCE, [("Email", "user@example.com")]),
        (
            "EmailPreferred",
            {"emails": ["USER@example.com"], "users": [USER]},
            RESOURCE,
            [("Email", "USER@example.com"), ("SMS", "+4798765432")],
        ),
    ],
)
def test_an_organisation_is_reached_by_its_own_addresses_and_those_of_users_for_the_resource(
    api: Client,
    channel: str,
    entry: dict[str, Any],
    resource: str | None,
    expected: list[tuple[str, str]],
) -> None:
    set_register(api, organizations=[{**entry, "number": "910258028"}])
    order_id = make(
        api,
        notificationChannel=channel,
        resourceId=resource,
        recipients=[{"organizationNumber": "910258028"}],
    )

    trigger(api, "pastdueorders")

    assert reached(api, order_id) == expected


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
