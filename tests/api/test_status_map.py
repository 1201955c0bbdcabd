"""The checks of a run can fail."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.schemathesis.exchanges import Exchange, Promise, World, promises
from tests.schemathesis.lifecycle import broken_lifecycles
from tests.support.status_map import undocumented, unreached

ORDER = "11111111-1111-4111-8111-111111111111"
FOREIGN = "99999999-9999-4999-8999-999999999999"
NOW = "2031-03-01T12:30:00Z"
TRANSITIONS = {"Registered": ["Processing", "Cancelled"], "Processing": [], "Cancelled": []}
WORLD = World(
    datetime(2031, 3, 1, 12, 30, tzinfo=UTC),
    "ttd",
    {
        ORDER: {"creator": "ttd", "status": "Processing", "requestedSendTime": NOW},
        FOREIGN: {"creator": "skd", "status": "Registered", "requestedSendTime": NOW},
    },
)
PROCESSING = {"detail": "The order is Processing; only an order that is Registered can be."}


def an_exchange(status: int, *, path: str = f"/orders/{ORDER}/cancel", **more: Any) -> Exchange:
    """Return a recorded cancel, or another operation."""
    url = f"http://127.0.0.1:1/notifications/api/v1{path}"
    return Exchange(**{"operationId": "cancelOrder", "status": status, "url": url, **more})


def an_order(status: str = "Cancelled", at: str = NOW, creator: str = "ttd") -> dict[str, Any]:
    """Return the body of an order with its status."""
    progress = {"status": status, "description": "…", "lastUpdate": at}
    return {"id": ORDER, "creator": creator, "processingStatus": progress}


def a_promise(status: int, operation: str = "cancelOrder", **always: object) -> Promise:
    """Return one documented status of an operation with an id in its path."""
    return Promise(operation, status, always, frozenset({"path"}))


SUCCESS = an_exchange(200, body=an_order())
REFUSAL = an_exchange(409, body=PROCESSING)
FIRST, REPEATED = ("cancelOrder", 200, "first"), ("cancelOrder", 200, "repeated")
BEFORE = an_exchange(200, body=an_order(at="2031-03-01T11:30:00Z"))
EARLIER = replace(BEFORE, url=BEFORE.url.replace(ORDER, FOREIGN))


def test_what_is_reached_for_every_reason_lacks_nothing() -> None:
    assert unreached([SUCCESS, SUCCESS, BEFORE], [a_promise(200)], WORLD) == set()


@pytest.mark.parametrize(
    ("run", "missing"), [([SUCCESS, EARLIER], REPEATED), ([BEFORE, BEFORE], FIRST)]
)
def test_a_reason_without_its_exchange_is_told(
    run: list[Exchange], missing: tuple[str, int, str]
) -> None:
    assert unreached(run, [a_promise(200)], WORLD) == {missing}


def test_a_status_that_never_came_is_told_also_where_its_reasons_are_not_known() -> None:
    promised = [a_promise(418, "brewOrder")]

    assert unreached([], promised, WORLD) == {("brewOrder", 418, "as documented")}


@pytest.mark.parametrize(
    ("exchange", "reason"),
    [
        (an_exchange(401, credential="own"), "no token"),
        (an_exchange(401, credential="none", headers={"www-authenticate": "error="}), "no token"),
        (an_exchange(401, credential="expired"), "expired"),
        (an_exchange(403, credential="noOrg"), "no scope"),
        (an_exchange(404), "unknown"),
        (an_exchange(404, path=f"/orders/{ORDER}"), "another organisation's"),
        (an_exchange(409, body={"detail": "The requested send time is close."}), "too late"),
        (an_exchange(409, body={"detail": "No."}), "Processing"),
        (an_exchange(400, body={"errors": {"id": ["no"]}}), "no GUID"),
        (an_exchange(413, requestSize=30_000_000), "too large"),
        (an_exchange(415, requestType="application/json"), "no type"),
    ],
)
def test_a_status_for_another_reason_does_not_count(exchange: Exchange, reason: str) -> None:
    missing = unreached([exchange], [a_promise(exchange.status)], WORLD)

    assert ("cancelOrder", exchange.status, reason) in missing


def test_a_body_that_lacks_what_the_contract_always_says_does_not_count() -> None:
    promised = [a_promise(409, title="Conflict")]
    reason = ("cancelOrder", 409, "Processing")

    assert reason in unreached([REFUSAL], promised, WORLD)
    named = an_exchange(409, body=PROCESSING | {"title": "Conflict"})
    assert reason not in unreached([named], promised, WORLD)


@pytest.mark.parametrize("exchange", [an_exchange(500), an_exchange(200, isOwnMethod=False)])
def test_what_was_not_documented_is_told(exchange: Exchange) -> None:
    assert undocumented([exchange], [a_promise(200)]) == {("cancelOrder", exchange.status)}


@pytest.mark.parametrize("status", [405, 415, 431])
def test_what_the_gateway_answers_needs_no_documentation(status: int) -> None:
    assert undocumented([an_exchange(status, isOwnMethod=False)], [a_promise(200)]) == set()


def test_promises_come_from_the_contract_alone() -> None:
    operation = {"operationId": "readOrder", "responses": {"200": {}, "404": {}}}
    document = {"paths": {"/x/{id}": {"parameters": [{"in": "path"}], "get": operation}}}

    assert promises(document) == [
        Promise("readOrder", status, {}, frozenset({"path"})) for status in (200, 404)
    ]


@pytest.mark.parametrize(
    "run",
    [
        [SUCCESS, REFUSAL],
        [REFUSAL, SUCCESS],
        [SUCCESS, an_exchange(404)],
        [SUCCESS, an_exchange(200, body=an_order(at="2031-03-01T12:30:01Z"))],
        [SUCCESS, an_exchange(200, operationId="getOrderStatus", body=an_order("Registered"))],
        [an_exchange(200, body=an_order("Registered"))],
        [an_exchange(200, body=an_order(creator="skd"))],
        [an_exchange(200, body=an_order(), credential="expired")],
        [an_exchange(202, path="/orders", body={"orderId": ORDER})] * 2,
        [an_exchange(200, body={"id": ORDER, "links": {}, "a": number}) for number in (1, 2)],
    ],
)
def test_what_no_order_could_answer_is_told(run: list[Exchange]) -> None:
    assert len(broken_lifecycles(run, "ttd", TRANSITIONS)) == 1


def test_orders_of_two_sandboxes_are_two_orders() -> None:
    elsewhere = an_exchange(409, body=PROCESSING, url=f"http://h/__sandbox/b/x/orders/{ORDER}/c")

    assert broken_lifecycles([SUCCESS, elsewhere, SUCCESS], "ttd", TRANSITIONS) == []
