"""The feed in snapshots: it goes on where it was, and an impossible one is refused whole."""

from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import Client
from tests.support.problem_bodies import problem


def with_a_feed(api: Client) -> dict[str, Any]:
    """Return a snapshot with two entries that have numbers, and one that has none yet."""
    api.mock.clock.freeze()
    for _ in range(2):
        api.mock.orders.create(creator="nav", status="Completed")
    due = api.mock.clock.now().isoformat()
    order = api.mock.orders.create(
        creator="nav", requestedSendTime=due, recipients=[{"nationalIdentityNumber": "88888888801"}]
    )
    api.mock.clock.freeze(api.mock.clock.now() + timedelta(minutes=1))
    api.mock.orders.get(order["id"])
    document: dict[str, Any] = api.control("GET", "/state").json()
    return document


def numbers(api: Client) -> list[int]:
    """Return the numbers that nav's feed shows."""
    headers = {"Authorization": f"Bearer {api.mock.token(org='nav')}"}
    entries = api.call("GET", "/future/shipment/feed", headers=headers).json()
    return [entry["sequenceNumber"] for entry in entries]


def test_a_feed_goes_on_where_it_was(api: Client) -> None:
    document = with_a_feed(api)
    shown = numbers(api)

    api.mock.reset()
    assert api.control("PUT", "/state", json=document).status_code == 204

    assert numbers(api) == shown
    api.mock.orders.create(creator="nav", status="SendConditionNotMet")
    api.mock.clock.advance(timedelta(seconds=3))
    after = numbers(api)
    assert after[: len(shown)] == shown
    assert after == sorted(set(after))
    assert len(after) == 4


@pytest.mark.parametrize(
    ("place", "member", "value"),
    [
        ("feed[0].status", "status", "Registered"),
        ("feed[0].type", "type", "Letter"),
        ("feed[0].creator", "creator", None),
        ("feed[0]", "colour", "blue"),
        ("feed[0].sequenceNumber", "sequenceNumber", 0),
        ("feed[0].sequenceNumber", "sequenceNumber", 2**63),
        ("feed", "sequenceNumber", 1_000_000),
        ("feed[0].written", "written", "yesterday"),
        ("feed[0].written", "written", "9000-01-01T00:00:00.000001Z"),
        ("feed[0].recipients", "recipients", None),
        (
            "feed[0].recipients[0].status",
            "recipients",
            [
                {
                    "type": "SMS",
                    "destination": "",
                    "status": "SMS_Lost",
                    "lastUpdate": "2031-03-01T12:30:00Z",
                }
            ],
        ),
    ],
)
def test_a_bad_entry_is_refused_with_its_place(
    api: Client, place: str, member: str, value: object
) -> None:
    document = with_a_feed(api)
    numbers(api)
    document = api.control("GET", "/state").json()
    document["feed"][0][member] = value

    answer = api.control("PUT", "/state", json=document)

    (told,) = problem(answer)["errors"]
    assert (answer.status_code, told.removeprefix("$.")) == (400, place)


def test_an_order_is_in_the_feed_once(api: Client) -> None:
    document = with_a_feed(api)
    document["feed"] = [document["feed"][-1]] * 2
    for entry in document["feed"]:
        entry.pop("sequenceNumber", None)

    answer = api.control("PUT", "/state", json=document)

    assert list(problem(answer)["errors"]) == ["feed[1].shipmentId"]


@pytest.mark.parametrize(
    ("place", "given", "shown"),
    [
        ("feedNumbers.given", 0, 0),
        ("feedNumbers.given", 7 * 10**18 + 1, 0),
        ("feedNumbers.given", -1, 0),
        ("feedNumbers.shown", 12, 15),
        ("feedNumbers.shown", 12, 2**63 - 1),
    ],
)
def test_numbers_that_no_feed_comes_to_are_refused(
    api: Client, place: str, given: int, shown: int
) -> None:
    with_a_feed(api)
    numbers(api)
    document = api.control("GET", "/state").json()
    document["feedNumbers"] = {"given": given, "shown": shown}

    answer = api.control("PUT", "/state", json=document)

    (told,) = problem(answer)["errors"]
    assert (answer.status_code, told.removeprefix("$.")) == (400, place)


def test_a_feed_goes_on_after_the_highest_number_that_is_taken(api: Client) -> None:
    document = with_a_feed(api)
    document["feedNumbers"] = {"given": 7 * 10**18 - 9, "shown": 0}
    document["noEmailUntil"] = "9000-01-01T00:01:00Z"
    assert api.control("PUT", "/state", json=document).status_code == 204

    api.mock.orders.create(creator="nav", status="Completed")
    api.mock.clock.advance(timedelta(seconds=3))

    assert numbers(api)[-1] > 8 * 10**18
    assert api.control("PUT", "/state", json=api.control("GET", "/state").json()).is_success


def test_no_pause_is_longer_than_the_clock_goes(api: Client) -> None:
    document = api.control("GET", "/state").json()
    document["noEmailUntil"] = "9000-01-01T00:01:00.000001Z"

    answer = api.control("PUT", "/state", json=document)

    assert list(problem(answer)["errors"]) == ["noEmailUntil"]
