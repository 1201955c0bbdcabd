"""Main orders and reminders side by side: sent, cancelled, and held up, each by itself."""

from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import Client
from tests.support.shipment_life import (
    EMAIL,
    NOON,
    deliver,
    feed,
    make,
    seen,
    set_register,
    ship,
    trigger,
)


def a_chain(api: Client, *days: int, **main: Any) -> list[str]:
    """Return the ids of a main order that is due at noon and of its reminders, *days* later."""
    ids = [make(api, NOON, sendersReference="main-1", **{**EMAIL, **main})]
    for day in days:
        due = NOON + timedelta(days=day)
        ids.append(make(api, due, type="Reminder", created=NOON.isoformat(), **EMAIL))
    return ids


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
