"""Send conditions of chains: each order asks its own endpoint, and what is answered decides."""

from datetime import timedelta

import pytest

from tests.conftest import Client
from tests.support.condition_servers import (
    FALSE,
    TRUE,
    ConditionServer,
    Part,
    in_turn,
    reply,
    says,
)
from tests.support.future_bodies import BY_EMAIL, Change, put
from tests.support.future_client import reminders_of, send, shipment_of
from tests.support.future_rows import NOW
from tests.support.shipment_life import feed, seen, ship

BAD = says(status="500 Internal Server Error")
SENT = ["Order_Processed", "Email_New"]
WAITING = ["Order_Processing"]
STOPPED = ["Order_SendConditionNotMet"]


@pytest.fixture
def api(by_triggers: Client) -> Client:
    """Return a client of a sandbox in which triggers alone move orders."""
    by_triggers.mock.clock.freeze(NOW)
    return by_triggers


def process(api: Client) -> None:
    """Let all that is due be processed."""
    assert api.call("POST", "/trigger/pastdueorders", token=None).status_code == 200


def asking(url: str) -> Change:
    """Return the change that gives an order the condition *url*."""
    return put("conditionEndpoint", url)


@pytest.mark.parametrize(
    ("part", "first", "then"),
    [
        (says(TRUE), SENT, SENT),
        (says(FALSE), STOPPED, STOPPED),
        (says(TRUE, status="201 Created"), SENT, SENT),
        (in_turn(BAD, BAD), WAITING, SENT),
        (in_turn(BAD, says(FALSE)), WAITING, STOPPED),
        (in_turn(BAD, says(TRUE)), WAITING, SENT),
        (says(status="204 No Content"), WAITING, SENT),
        (says(b""), WAITING, SENT),
        (says(b"yes"), WAITING, SENT),
        (says(b"null"), WAITING, SENT),
        (says(b"{}"), WAITING, SENT),
        (says(b'{"SendNotification": false}'), WAITING, SENT),
        (says(b'{"sendNotification": "true"}'), WAITING, SENT),
        (lambda caller: caller.send(reply(TRUE, length=99)).hang(), WAITING, SENT),
    ],
)
def test_what_is_answered_decides_and_else_is_asked_again_after_a_minute(
    api: Client, part: Part, first: list[str], then: list[str]
) -> None:
    with ConditionServer(part) as endpoint:
        shipment_id = shipment_of(send(api, "FO", asking(endpoint.url)))
        created = ship(api, shipment_id)["lastUpdate"]
        api.mock.clock.advance(timedelta(seconds=5))
        process(api)
        assert seen(api, shipment_id) == first
        assert (ship(api, shipment_id)["lastUpdate"] == created) is (first == WAITING)
        api.mock.clock.advance(timedelta(seconds=60))
        process(api)

    assert seen(api, shipment_id) == then
    told = [(one["status"], one["recipients"]) for one in feed(api)]
    assert told == ([("Order_SendConditionNotMet", [])] if then == STOPPED else [])


@pytest.mark.parametrize("part", [says(TRUE), says(FALSE)])
def test_a_reminder_without_a_condition_asks_none_and_is_sent(api: Client, part: Part) -> None:
    reminders = [{"delayDays": 1, "recipient": BY_EMAIL}]
    with ConditionServer(part) as endpoint:
        made = send(api, "FO", asking(endpoint.url), put("reminders", reminders))
        assert endpoint.callers == 0
        process(api)
        assert endpoint.callers == 1
        api.mock.clock.advance(timedelta(days=1))
        process(api)

    assert endpoint.callers == 1
    assert seen(api, reminders_of(made)[0]) == SENT


def test_a_reminder_asks_its_own_condition_in_its_own_time(api: Client) -> None:
    with ConditionServer(says(TRUE)) as of_main, ConditionServer(says(FALSE)) as of_reminder:
        reminder = {"delayDays": 1, "recipient": BY_EMAIL, "conditionEndpoint": of_reminder.url}
        made = send(api, "FO", asking(of_main.url), put("reminders", [reminder]))
        process(api)
        assert (of_main.callers, of_reminder.callers) == (1, 0)
        api.mock.clock.advance(timedelta(days=1))
        process(api)
        assert (of_main.callers, of_reminder.callers) == (1, 1)

    assert seen(api, shipment_of(made)) == SENT
    assert seen(api, reminders_of(made)[0]) == STOPPED


def test_nobody_asks_the_condition_of_a_cancelled_order(api: Client) -> None:
    due = put("requestedSendTime", (NOW + timedelta(days=1)).isoformat())
    with ConditionServer(says(TRUE)) as endpoint:
        shipment_id = shipment_of(send(api, "FO", due, asking(endpoint.url)))
        assert api.cancel(shipment_id).status_code == 200
        api.mock.clock.advance(timedelta(days=1))
        process(api)
        api.mock.clock.advance(timedelta(minutes=2))
        process(api)

    assert endpoint.callers == 0
    assert seen(api, shipment_id) == ["Order_Cancelled"]
    assert feed(api) == []
