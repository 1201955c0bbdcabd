"""The control plane's clock: set, freeze, resume, advance."""

import re
from datetime import datetime
from typing import Any

import httpx
import pytest

from tests.conftest import Client
from tests.support.builders import NOW
from tests.support.problem_bodies import problem

FIRST = "2000-01-01T00:00:00Z"
LAST = "9000-01-01T00:00:00Z"


def test_the_clock_is_set_frozen_and_resumed(api: Client) -> None:
    moment = "2031-03-01T12:30:00.000001Z"

    frozen = api.control("PUT", "/clock", json={"now": moment, "frozen": True})
    again = api.control("GET", "/clock")
    resumed = api.control("PUT", "/clock", json={"frozen": False})

    assert frozen.json() == again.json() == {"now": moment, "frozen": True}
    assert resumed.json() == {"now": moment, "frozen": False}
    assert datetime.fromisoformat(api.control("GET", "/clock").json()["now"]) > NOW


def test_a_clock_that_is_set_runs_on_and_a_frozen_one_stays_frozen(api: Client) -> None:
    running = api.control("PUT", "/clock", json={"now": "2031-03-01T12:30:00Z"})
    frozen = api.control("PUT", "/clock", json={"frozen": True})
    moved = api.control("PUT", "/clock", json={"now": "2032-03-01T12:30:00Z"})

    assert running.json() == {"now": "2031-03-01T12:30:00Z", "frozen": False}
    assert datetime.fromisoformat(frozen.json()["now"]) > NOW
    assert moved.json() == {"now": "2032-03-01T12:30:00Z", "frozen": True}


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("2031-03-01T13:30:00+01:00", "2031-03-01T12:30:00Z"),
        ("2031-03-01T12:30:00.100Z", "2031-03-01T12:30:00.1Z"),
        (FIRST, FIRST),
        (LAST, LAST),
    ],
)
def test_a_time_is_shown_in_utc(api: Client, sent: str, shown: str) -> None:
    answer = api.control("PUT", "/clock", json={"now": sent, "frozen": True})

    assert (answer.status_code, answer.json()["now"]) == (200, shown)


@pytest.mark.parametrize(
    ("duration", "now"),
    [
        ("PT10M", "2031-03-01T12:40:00Z"),
        ("-PT1M", "2031-03-01T12:29:00Z"),
        ("P1DT0.000001S", "2031-03-02T12:30:00.000001Z"),
        ("PT0S", "2031-03-01T12:30:00Z"),
    ],
)
def test_the_clock_advances_by_a_duration(api: Client, duration: str, now: str) -> None:
    api.mock.clock.freeze(NOW)

    answer = api.control("POST", "/clock/advance", json={"duration": duration})

    assert answer.json() == {"now": now, "frozen": True}


@pytest.mark.parametrize(
    ("start", "duration", "status"),
    [
        (FIRST, "-PT0.000001S", 400),
        (LAST, "PT0.000001S", 400),
        (FIRST, "P2556698D", 200),
        (FIRST, "P2556698DT0.000001S", 400),
        (LAST, "-P2556698D", 200),
        (FIRST, "P999999999D", 400),
        (LAST, "-P999999999D", 400),
    ],
)
def test_the_clock_never_leaves_its_range(
    api: Client, start: str, duration: str, status: int
) -> None:
    api.control("PUT", "/clock", json={"now": start, "frozen": True})

    answer = api.control("POST", "/clock/advance", json={"duration": duration})

    assert answer.status_code == status
    if status == 400:
        assert list(answer.json()["errors"]) == ["duration"]
        assert api.control("GET", "/clock").json() == {"now": start, "frozen": True}


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"now": "tomorrow"},
        {"now": "2031-03-01"},
        {"now": "2031-03-01T12:30:00"},
        {"now": 1_930_000_000},
        {"now": "2031-03-05T23:59:60Z"},
        {"now": "1999-12-31T23:59:59.999999Z"},
        {"now": "9000-01-01T00:00:00.000001Z"},
        {"now": "1999-12-31T23:59:59Z", "frozen": False},
        {"frozen": "yes"},
        {"frozen": 1},
        {"frozen": True, "speed": 2},
    ],
)
def test_a_bad_time_is_a_validation_problem_and_moves_nothing(api: Client, body: Any) -> None:
    api.mock.clock.freeze(NOW)

    answer = api.control("PUT", "/clock", json=body)

    assert problem(answer)["errors"]
    assert answer.status_code == 400
    assert api.control("GET", "/clock").json() == {"now": "2031-03-01T12:30:00Z", "frozen": True}


@pytest.mark.parametrize(
    "body",
    [
        {},
        "PT1M",
        {"seconds": 60},
        {"duration": 600},
        {"duration": ""},
        {"duration": "P1M"},
        {"duration": "10 minutes"},
        {"duration": "PT1M", "by": 2},
    ],
)
def test_a_bad_duration_is_a_validation_problem_and_moves_nothing(api: Client, body: Any) -> None:
    api.mock.clock.freeze(NOW)

    answer = api.control("POST", "/clock/advance", json=body)

    assert problem(answer)["errors"]
    assert answer.status_code == 400
    assert api.mock.clock.now() == NOW


@pytest.mark.parametrize(
    "text",
    [
        *("P2W", "+P1D", "-PT1M", "P1DT2H", "PT1H2M3S", "PT1H3S", "PT2M3.5S", "PT0.000001S"),
        *(
            "P",
            "PT",
            "P1",
            "P1DT",
            "PT1",
            "PT1S2",
            "P2DT85S7",
            "PT1S1M",
            "PT.5S",
            "PT1M1H",
            "P1W1D",
        ),
    ],
)
def test_the_contract_has_the_durations_that_are_read(text: str, api: Client) -> None:
    document = httpx.get(f"{api.mock.control_url}/openapi.json").json()
    operation = document["paths"]["/clock/advance"]["post"]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]

    answer = httpx.post(f"{api.mock.control_url}/clock/advance", json={"duration": text})

    is_allowed = re.fullmatch(schema["properties"]["duration"]["pattern"], text) is not None
    assert (answer.status_code == 200) == is_allowed
