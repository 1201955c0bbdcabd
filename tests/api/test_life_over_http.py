"""The life of orders through the API alone: every state, every pace of time, many at once."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import cycle
from typing import Any

import pytest

from mock_server.testing.interface import AltinnNotifications
from tests.api.test_read_notifications import HOUR, MONDAY_NOON, order_an_hour_ahead, read
from tests.conftest import Client
from tests.support.create_bodies import EMAIL

MINUTE = timedelta(minutes=1)
CONDITION = "https://platform.altinn.no/notifications/api/v1/tests/sendcondition?conditionMet="
NOWHERE = "https://condition.example.com/"
"""Not called, so that it decides nothing."""
CLIENTS, ORDERS_EACH = 16, 63


def advance(minutes: int) -> Callable[[Client], Any]:
    """Return a function that moves the clock by *minutes* over HTTP."""
    return lambda api: api.control("POST", "/clock/advance", json={"duration": f"PT{minutes}M"})


@pytest.mark.parametrize(
    ("state", "members", "calls"),
    [
        ("Registered", {}, []),
        ("Cancelled", {}, [lambda api: api.cancel(api.order_id)]),
        ("Processing", {"conditionEndpoint": NOWHERE}, [advance(59)]),
        ("Processed", {}, [advance(59)]),
        ("Completed", {}, [advance(62)]),
        ("SendConditionNotMet", {"conditionEndpoint": f"{CONDITION}false"}, [advance(59)]),
    ],
)
def test_every_state_comes_about_by_itself(
    api: Any, state: str, members: dict[str, str], calls: list[Callable[[Client], Any]]
) -> None:
    api.order_id = order_an_hour_ahead(api, **members)
    for call in calls:
        assert call(api).status_code == 200

    assert api.control("GET", f"/orders/{api.order_id}").json()["status"] == state
    assert api.cancel(api.order_id).status_code == (
        200 if state in {"Registered", "Cancelled"} else 409
    )


def test_an_inconclusive_condition_is_asked_again_at_the_next_minute_and_then_counts_as_met(
    api: Client,
) -> None:
    order_id = order_an_hour_ahead(api, conditionEndpoint=NOWHERE)
    seen = []
    for minutes in (59, 60, 61):
        api.mock.clock.set(MONDAY_NOON + minutes * MINUTE)
        progress = read(api, order_id, "status")["processingStatus"]
        seen.append((progress["status"], progress["lastUpdate"][11:16]))

    assert seen == [("Processing", "11:00"), ("Completed", "12:00"), ("Completed", "12:00")]


EMAILS = ["kari", "bounced", "transient-error", "ttl", "new", "sending"]
MOBILES = ["+4799999999", "+4799900014", "+4799900008"]
ORDERS: list[dict[str, Any]] = [
    {"recipients": [{"emailAddress": f"{name}@example.com"} for name in EMAILS]},
    {"notificationChannel": "Sms", "recipients": [{"mobileNumber": item} for item in MOBILES]},
    {"notificationChannel": "SmsPreferred", "recipients": [{"organizationNumber": "123456789"}]},
    {"conditionEndpoint": f"{CONDITION}false"},
    {"conditionEndpoint": f"{CONDITION}true", "recipients": [{"emailAddress": "kari@example.com"}]},
    {"conditionEndpoint": NOWHERE, "recipients": [{"nationalIdentityNumber": "99999999901"}]},
]


def grown(world: AltinnNotifications, read_all: Callable[[str], Any], step: timedelta) -> list[Any]:
    """Store the orders in *world*, move it by two days in steps, and return every read."""
    world.clock.freeze(MONDAY_NOON)
    times = cycle([3 * HOUR + 17 * MINUTE, timedelta(seconds=90), 9 * HOUR])
    ids = [f"00000000-0000-4000-8000-00000000000{place}" for place in range(len(ORDERS))]
    for order_id, order, ahead in zip(ids, ORDERS, times, strict=False):
        sent = (MONDAY_NOON + ahead).isoformat()
        world.orders.create(id=order_id, requestedSendTime=sent, **order)
    for _each in range(2 * timedelta(days=1) // step):
        world.clock.advance(step)
    return [read_all(order_id) for order_id in ids]


def test_big_and_small_steps_of_the_clock_end_alike(api: Client) -> None:
    ends = []
    for name, step in (("one", 48 * HOUR), ("hours", HOUR), ("minutes", MINUTE)):
        world = api.mock.sandbox(f"{api.mock.url.rpartition('/')[2][:40]}-{name}")
        caller = Client(api.http, world)

        def read_all(order_id: str, caller: Client = caller) -> list[str]:
            parts = ("status", "notifications/email", "notifications/sms")
            answers = [caller.call("GET", f"/orders/{order_id}/{part}") for part in parts]
            assert {answer.status_code for answer in answers} == {200}
            return [answer.text.replace(caller.mock.base_url, "") for answer in answers]

        ends.append(grown(world, read_all, step))

    assert ends[0] == ends[1] == ends[2]
    assert "Failed_Bounced" in str(ends[0])
    assert "SendConditionNotMet" in str(ends[0])


def test_going_back_in_time_undoes_nothing(api: Client) -> None:
    order_id = order_an_hour_ahead(api)
    api.mock.clock.advance(2 * HOUR)
    api.mock.clock.advance(-365 * 24 * HOUR)
    before = [read(api, order_id, part) for part in ("status", "notifications/email")]
    api.mock.clock.advance(2 * 365 * 24 * HOUR)

    assert [read(api, order_id, part) for part in ("status", "notifications/email")] == before
    assert before[0]["processingStatus"]["status"] == "Completed"


@pytest.mark.slow
def test_many_create_and_cancel_while_the_clock_runs_ahead(api: Client) -> None:
    api.mock.clock.freeze(MONDAY_NOON)

    def live(_client: int) -> list[tuple[str, int]]:
        answers: list[tuple[str, int]] = []
        while len(answers) < ORDERS_EACH:
            due = api.mock.clock.now() + 9 * MINUTE
            body = EMAIL | {"requestedSendTime": due.isoformat()}
            created = api.call("POST", "/orders/email", json=body)
            if len(answers) % 3 == 0:
                advance(3)(api)
            if created.status_code == 400:  # the others have moved the clock beyond it
                continue
            order_id = created.json()["orderId"]
            answers.append((order_id, api.cancel(order_id).status_code))
        return answers

    with ThreadPoolExecutor(CLIENTS) as pool:
        cancelled = [pair for pairs in pool.map(live, range(CLIENTS)) for pair in pairs]
    api.mock.clock.advance(HOUR)

    orders = {order["id"]: order for order in api.mock.orders.list()}
    ends = Counter((status, orders[order_id]["status"]) for order_id, status in cancelled)
    assert len(dict(cancelled)) == CLIENTS * ORDERS_EACH
    assert set(ends) == {(200, "Cancelled"), (409, "Completed")}
    for order_id, status in cancelled:
        results = [item["result"] for item in orders[order_id]["notifications"]]
        assert results == ([] if status == 200 else ["Delivered"])
