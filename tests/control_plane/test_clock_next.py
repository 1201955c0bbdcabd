"""The clock moved to the next event: each thing that would change an answer, one after another."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server import MockServer
from mock_server.sandbox.next_event import NothingDueError
from mock_server.testing.mock_server import SandboxControl
from mock_server.testing.types import RecipientMembers
from tests.conftest import Client
from tests.support.builders import MICROSECOND, NOW
from tests.support.condition_servers import ConditionServer, says
from tests.support.problem_bodies import problem

MINUTE = timedelta(minutes=1)
KARI: RecipientMembers = {"emailAddress": "kari@example.com"}
EMPTY = {
    "version": 2,
    "clock": {"now": "2031-03-01T12:30:00Z", "frozen": True},
    "orders": [],
    "faults": [],
}


@pytest.fixture
def api(api: Client) -> Client:
    """Return a client of a sandbox without orders, whose clock stands still at NOW."""
    api.mock.restore(EMPTY)
    return api


def events(mock: Any) -> list[tuple[str, str]]:
    """Move from event to event until nothing is due; return the kind and time of each."""
    seen: list[tuple[str, str]] = []
    while True:
        try:
            moved = mock.clock.next()
        except NothingDueError:
            return seen
        seen.append((moved["event"]["kind"], moved["event"]["at"][8:].replace("T", " ")))


def order_at(api: Client, clock: str, day: int = 1, **members: Any) -> str:
    """Store an order to Kari that is due at that time, and return its id."""
    order: str = api.mock.orders.create(
        requestedSendTime=f"2031-03-{day:02}T{clock}:00Z", **{"recipients": [KARI], **members}
    )["id"]
    return order


def test_every_event_of_an_email_comes_in_turn(anywhere: Client) -> None:
    anywhere.mock.restore(EMPTY)
    order_at(anywhere, "13:00")

    assert events(anywhere.mock) == [
        ("cancellationEnd", "01 12:55:00Z"),
        ("pickUp", "01 12:59:00Z"),
        ("send", "01 13:00:00Z"),
        ("report", "01 13:01:00Z"),
        ("report", "01 13:02:00Z"),
        ("feed", "01 13:02:02.000001Z"),
    ]


def test_the_answer_tells_the_time_and_the_event(api: Client) -> None:
    order = order_at(api, "13:00")

    assert api.control("POST", "/clock/next").json() == {
        "now": "2031-03-01T12:55:00Z",
        "frozen": True,
        "event": {"kind": "cancellationEnd", "orderId": order, "at": "2031-03-01T12:55:00Z"},
    }
    api.mock.clock.resume()
    moved = api.control("POST", "/clock/next").json()
    assert (moved["now"], moved["frozen"]) == ("2031-03-01T12:59:00Z", False)
    assert api.mock.clock.now() > datetime(2031, 3, 1, 12, 59, tzinfo=UTC)


def test_each_event_changes_an_answer(api: Client) -> None:
    order = order_at(api, "13:00")
    mine = {"Authorization": f"Bearer {api.mock.token()}"}
    feed = f"{api.mock.base_url}/future/shipment/feed"

    def answers() -> tuple[Any, ...]:
        state = api.mock.state()
        cancelled = api.cancel(order).status_code
        api.mock.restore(state)
        return (
            cancelled,
            api.call("GET", f"/orders/{order}/status").text,
            api.call("GET", f"/orders/{order}/notifications/email").text,
            httpx.get(feed, headers=mine).text,
        )

    seen = [answers()]
    for _ in range(6):
        moment = api.mock.clock.now()
        at = datetime.fromisoformat(api.control("POST", "/clock/next").json()["event"]["at"])
        api.mock.restore({**api.mock.state()})
        seen.append(answers())
        assert moment < at
    assert all(one != other for one, other in pairwise(seen))


def test_nothing_changes_in_between(api: Client) -> None:
    order_at(api, "13:00")
    api.mock.clock.next()
    before = api.mock.orders.list()
    at = datetime.fromisoformat(api.mock.orders.get(before[0]["id"])["next"]["at"])

    api.mock.clock.set(at - MICROSECOND)
    assert api.mock.orders.list() == before
    assert api.mock.clock.next()["event"]["kind"] == "pickUp"
    assert api.mock.orders.list() != before


def test_an_sms_waits_for_daytime(api: Client) -> None:
    order_at(
        api,
        "20:00",
        notificationChannel="Sms",
        sendingTimePolicy="Daytime",
        recipients=[{"mobileNumber": "+4799999999"}],
    )

    assert events(api.mock)[:3] == [
        ("cancellationEnd", "01 19:55:00Z"),
        ("pickUp", "01 19:59:00Z"),
        ("send", "02 08:01:00Z"),
    ]


def test_what_is_never_reported_on_is_given_up(api: Client) -> None:
    order_at(api, "13:00", recipients=[{"emailAddress": "ttl@example.com"}])

    assert events(api.mock)[-2:] == [
        ("giveUp", "03 13:15:00Z"),
        ("feed", "03 13:15:02.000001Z"),
    ]


def test_a_condition_is_asked_again(api: Client) -> None:
    with ConditionServer(says(b"no JSON")) as endpoint:
        order_at(api, "13:00", conditionEndpoint=f"http://127.0.0.1:{endpoint.port}/")
        seen = events(api.mock)

    assert seen[:4] == [
        ("cancellationEnd", "01 12:55:00Z"),
        ("pickUp", "01 12:59:00Z"),
        ("condition", "01 13:00:00Z"),
        ("send", "01 13:01:00Z"),
    ]


def test_processing_is_tried_again_while_the_register_is_down(api: Client) -> None:
    order_at(api, "13:00", recipients=[{"nationalIdentityNumber": "12345678901"}])
    api.mock.register.replace({"down": True})

    kinds = [api.mock.clock.next()["event"]["kind"] for _ in range(5)]

    assert kinds == ["cancellationEnd", "pickUp", "retry", "pickUp", "retry"]


def test_of_several_at_one_time_the_first_order_is_told_and_all_happen(api: Client) -> None:
    first, second = order_at(api, "13:00"), order_at(api, "13:00")
    api.mock.clock.next()

    moved = api.mock.clock.next()["event"]

    assert (moved["kind"], moved["orderId"]) == ("pickUp", first)
    assert {api.mock.orders.get(one)["status"] for one in (first, second)} == {"Processed"}


@pytest.mark.parametrize("status", ["Processing", "Completed", "Cancelled"])
def test_what_is_set_by_hand_has_no_next_but_its_entry_in_the_feed(
    api: Client, status: str
) -> None:
    order = order_at(api, "13:00", status=status)

    assert api.mock.orders.get(order)["next"] is None
    expected = [("feed", "01 12:30:02.000001Z")] if status == "Completed" else []
    assert events(api.mock) == expected


def test_a_registered_order_set_by_hand_can_be_cancelled_only_so_long(api: Client) -> None:
    order = order_at(api, "13:00")
    api.mock.orders.set_status(order, "Registered")

    assert events(api.mock) == [("cancellationEnd", "01 12:55:00Z")]
    assert api.mock.orders.get(order)["next"] is None


@pytest.mark.parametrize(
    ("window", "first"), [("PT0S", "pickUp"), ("PT10M", "cancellationEnd"), ("PT1M", "pickUp")]
)
def test_the_window_of_cancellation_is_that_of_the_server(window: str, first: str) -> None:
    from mock_server.formats.timestamps import parse_duration  # noqa: PLC0415 - for this alone

    with MockServer(seed="none", cancellation_window=parse_duration(window)) as mock:
        mock.clock.freeze(NOW)
        order = mock.orders.create(requestedSendTime="2031-03-01T13:00:00Z")

        assert mock.orders.get(order["id"])["next"]["event"] == first
        assert mock.clock.next()["event"]["kind"] == first


def test_a_feed_without_delay_shows_at_once() -> None:
    with MockServer(seed="none", feed_delay=timedelta(0)) as mock:
        mock.clock.freeze(NOW)
        mock.orders.create(requestedSendTime="2031-03-01T13:00:00Z", recipients=[KARI])

        assert events(mock)[-1] == ("report", "01 13:02:00Z")


def test_nothing_due_is_a_conflict(api: Client) -> None:
    answer = api.control("POST", "/clock/next")

    assert answer.status_code == 409
    assert "create an order" in problem(answer)["detail"]
    assert api.mock.clock.now() == NOW


def test_an_order_beyond_the_clock_is_not_due(api: Client) -> None:
    api.mock.orders.create(requestedSendTime="9999-12-31T23:59:59Z")

    assert api.control("POST", "/clock/next").status_code == 409


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("2031-02-28T12:31:00Z", [("send", "01 12:31:00Z"), ("report", "01 12:32:00Z")]),
        # Two days late, a message is not sent any longer.
        ("2031-02-27T12:30:00Z", []),
        ("0001-01-01T00:00:00Z", []),
    ],
)
def test_what_was_due_long_ago_is_picked_up_before(
    api: Client, sent: str, expected: list[tuple[str, str]]
) -> None:
    order = api.mock.orders.create(requestedSendTime=sent, recipients=[KARI])["id"]

    assert events(api.mock)[:2] == expected
    assert api.mock.orders.get(order)["history"][1]["status"] == "Processing"


def test_by_triggers_alone_there_is_no_next() -> None:
    with MockServer(seed="none", progress="manual") as mock:
        order = mock.orders.create(requestedSendTime="2031-03-01T13:00:00Z")

        with pytest.raises(NothingDueError, match="--progress manual"):
            mock.clock.next()
        assert mock.orders.get(order["id"])["next"] is None
        answer = httpx.post(f"{mock.control_url}/clock/next")
        assert (answer.status_code, "trigger" in answer.json()["detail"]) == (409, True)


def test_a_body_or_a_query_is_not_asked_for(api: Client) -> None:
    order_at(api, "13:00")

    assert api.control("POST", "/clock/next", json={}).status_code == 200
    assert api.control("POST", "/clock/next?to=feed").status_code == 400
    assert api.control("GET", "/clock/next").headers["allow"] == "POST"


PEOPLE = st.sampled_from(
    ["kari@example.com", "bounced@a.no", "ttl@a.no", "new@a.no", "transient-error@a.no"]
)
PLANS = st.lists(
    st.tuples(st.lists(PEOPLE, max_size=2), st.integers(-5, 40), st.booleans()),
    min_size=1,
    max_size=4,
)


@pytest.mark.slow
@settings(derandomize=True, deadline=None, database=None, max_examples=25)
@given(PLANS)
def test_next_after_next_visits_what_minute_after_minute_does(
    server: MockServer, plans: list[tuple[list[str], int, bool]]
) -> None:
    one, other = server.sandbox("next-after-next"), server.sandbox("minute-after-minute")
    for world in (one, other):
        world.restore(EMPTY)
        for number, plan in enumerate(plans):
            _make(world, number, *plan)
    end = NOW + timedelta(hours=2)

    visited = [_shown(one)]
    while True:
        try:
            moved = one.clock.next()
        except NothingDueError:
            break
        if one.clock.now() > end:
            break
        assert moved["event"]["at"] == moved["now"]
        visited.append(_shown(one))
    walked = [_shown(other)]
    while other.clock.now() < end:
        other.clock.advance(MINUTE)
        walked.append(_shown(other))

    assert _changes(visited) == _changes(walked)


def _make(world: SandboxControl, number: int, to: list[str], minutes: int, is_sms: bool) -> None:  # noqa: FBT001 - as Hypothesis draws it
    members: dict[str, Any] = {"recipients": [{"emailAddress": one} for one in to]}
    if is_sms:
        number_ = {"mobileNumber": "+4799900003"}
        members = {"notificationChannel": "Sms", "recipients": [number_]}
    world.orders.create(
        id=f"00000000-0000-4000-8000-{number:012}",
        requestedSendTime=(NOW + minutes * MINUTE).isoformat(),
        **members,
    )


def _shown(world: SandboxControl) -> Any:
    """Return the orders of *world*, without what differs by the second in which one looks."""
    return [
        (one["status"], one["lastUpdate"], [item["result"] for item in one["notifications"]])
        for one in world.orders.list()
    ]


def _changes(shown: list[Any]) -> list[Any]:
    return [one for place, one in enumerate(shown) if not place or shown[place - 1] != one]
