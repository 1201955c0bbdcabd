"""The modern creates at their limits: many reminders, large bodies, full mocks, armed codes."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mock_server.gateway.errors import Dialect
from mock_server.testing.mock_server import MockServer
from tests.conftest import Client
from tests.support.future_bodies import BASES, BY_SMS, a_body, put
from tests.support.future_client import COMPOSED, CREATE, post, reminders_of, send

LARGEST = 30_000_000
ROOM = 5
"""Orders that the narrow mock holds."""

CLOSED = (
    "The client disconnected or cancelled the request before the server could complete processing"
)
CODED = [
    ("FO", 422, "NOT-00001", "Missing contact information for recipient(s)"),
    *((base, 503, "NOT-00004", "A temporary network failure occurred") for base in ("IO", "IS")),
    ("IM", 503, "NOT-00004", "A temporary network failure occurred"),
    *(
        (
            base,
            499,
            "NOT-00002",
            CLOSED,
        )
        for base in ("FO", "IO", "IS", "IM", "CE")
    ),
]
"""Operation, status armed, code and title of its answer."""

DESCRIPTIONS = {
    422: "Unprocessable Entity",
    499: "Client Closed Request",
    503: "Service Unavailable",
}


@pytest.fixture(params=[str(dialect) for dialect in Dialect], scope="module")
def either(request: pytest.FixtureRequest) -> Iterator[Client]:
    """Return a client of a server that speaks each of the dialects."""
    with MockServer(dialect=request.param) as server, httpx.Client() as http:
        yield Client(http, server.sandbox("coded"))


@pytest.fixture
def narrow(http: httpx.Client) -> Iterator[Client]:
    """Return a client of a mock that holds few orders."""
    with MockServer(seed="none", max_orders=ROOM) as server:
        yield Client(http, server.sandbox("default"))


def chain_of(orders: int) -> dict[str, Any]:
    """Return a body that makes a main order and reminders, so many *orders* in all."""
    reminders = [{"delayDays": day, "recipient": BY_SMS} for day in range(1, orders)]
    return {**a_body("FO"), "reminders": reminders}


def test_ten_thousand_reminders_are_taken_and_each_is_an_order(api: Client) -> None:
    before = len(api.mock.orders.list())

    answer = send(api, "FO", put("reminders", [{"delayDays": 1, "recipient": BY_SMS}] * 10_000))

    assert answer.status_code == 201
    assert len(set(reminders_of(answer))) == 10_000
    assert len(api.mock.orders.list()) == before + 10_001


@pytest.mark.parametrize("base", ["FO", "IS", "CE"])
def test_a_body_over_thirty_million_bytes_is_413_and_leaves_the_id_free(
    api: Client, base: str
) -> None:
    raw = json.dumps(a_body(base)).encode()
    headers = {
        "Authorization": f"Bearer {api.mock.token(scope=f'{CREATE} {COMPOSED}')}",
        "Content-Type": "application/json",
    }

    statuses = [
        api.call("POST", BASES[base][0], content=raw.ljust(size), headers=headers).status_code
        for size in (LARGEST + 1, LARGEST, len(raw))
    ]

    assert statuses == [413, 201, 200]


@pytest.mark.parametrize(("base", "status", "code", "title"), CODED)
def test_a_fault_with_a_status_that_has_a_code_there_has_the_body_of_the_code(
    either: Client, base: str, status: int, code: str, title: str
) -> None:
    either.mock.reset()
    either.mock.faults.add(status=status, times=1)

    refused, accepted = send(either, base), send(either, base)

    told = refused.json()
    assert (refused.status_code, accepted.status_code) == (status, 201)
    assert (told["type"], told["title"]) == (f"urn:altinn:error:{code}", title)
    assert (told["status"], told["code"]) == (status, code)
    assert told["statusDescription"] == DESCRIPTIONS[status]
    assert "Retry-After" not in refused.headers


@pytest.mark.parametrize(("base", "status"), [(base, status) for base, status, *_ in CODED])
def test_a_retry_after_goes_with_a_code_where_it_is_given(
    api: Client, base: str, status: int
) -> None:
    api.mock.faults.add(status=status, retryAfter=7)

    assert send(api, base).headers["Retry-After"] == "7"


@pytest.mark.parametrize(("base", "status"), [("FO", 503), ("CE", 503), ("CE", 422), ("IS", 422)])
def test_a_fault_with_a_status_that_has_no_code_there_has_none(
    api: Client, base: str, status: int
) -> None:
    api.mock.faults.add(status=status)

    told = send(api, base).json()

    assert (told["status"], "code" in told, "statusDescription" in told) == (status, False, False)
    assert told["type"].startswith("https://tools.ietf.org/")


def test_a_chain_counts_as_all_of_its_orders_and_is_refused_whole(narrow: Client) -> None:
    first, late = chain_of(3), chain_of(3)

    made, refused = post(narrow, "FO", first), post(narrow, "FO", late)

    assert (made.status_code, refused.status_code) == (201, 503)
    assert "--max-orders" in refused.json()["detail"]
    assert len(narrow.mock.orders.list()) == 3
    assert len(narrow.control("GET", "/chains").json()["chains"]) == 1


def test_a_chain_that_just_fits_is_taken_with_the_id_of_one_that_did_not(narrow: Client) -> None:
    too_many, fits = chain_of(ROOM + 1), chain_of(ROOM)
    fits["idempotencyId"] = too_many["idempotencyId"]

    statuses = [
        post(narrow, base, body).status_code
        for base, body in (("FO", too_many), ("FO", fits), ("FO", fits), ("IS", a_body("IS")))
    ]

    assert statuses == [503, 201, 200, 503]
    assert len(narrow.mock.orders.list()) == ROOM
