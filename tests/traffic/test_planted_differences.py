"""Differences planted between a replay and the mock: each is one line of drift that names it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mock_server.check.outcome import Outcome
from mock_server.testing.mock_server import MockServer
from mock_server.traffic.replay.run import ReplayOptions, replay
from prove.wire.call import Call
from prove.wire.exchange import Answer
from prove.wire.fault import Handler, WireFault
from prove.wire.proxy import FaultProxy
from prove.wire.tweaks import after, bodied, edited, fielded, lacking, member, refused, resaid
from tests.support.journeys import Journey
from tests.support.recordings import recording

OTHER_ID = "12345678-1234-4234-8234-123456789012"


def items(
    name: str | None, change: Callable[[list[Any]], object]
) -> Callable[[Call, Answer], Answer]:
    """Return the change of a list: the one that the member *name* is, or the whole body."""

    def made(_call: Call, answer: Answer) -> Answer:
        document = answer.json()
        change(document if name is None else document[name])
        return answer.with_json(document)

    return made


def set_in(first: str, value: object) -> Callable[[list[Any]], object]:
    """Return the change of the member *first* in the first object of a list."""
    return lambda listed: listed[0].update({first: value})


def of_no_operation(status: int) -> Handler:
    """Return the fault that answers what no operation has the path of with *status*."""

    def handle(call: Call) -> Answer:
        answer = call.forward()
        return refused(status)(call, answer) if "/order/" in call.request.target else answer

    return handle


def later(text: str) -> str:
    """Return the time *text* a year later."""
    return str(int(text[:4]) + 1) + text[4:]


PLANTED: dict[str, tuple[Handler, str]] = {
    # statuses
    "cancel of what can be is a 409": (
        after(refused(409), "cancelOrder", status=200),
        "PUT /orders/{id}/cancel: recorded 200, replayed 409",
    ),
    "cancel of what cannot be is a 200": (
        after(lambda _c, a: a.with_status(200, "OK"), "cancelOrder", status=409),
        "PUT /orders/{id}/cancel: recorded 409, replayed 200",
    ),
    "a read is a 404": (
        after(refused(404), "getOrderStatus", status=200),
        "GET /orders/{id}/status: recorded 200, replayed 404",
    ),
    "no token is a 403": (
        after(refused(403), "getOrder", status=401),
        "GET /orders/{id}: recorded 401, replayed 403",
    ),
    "a bad id is a 404": (
        after(refused(404), "getOrder", status=400),
        "GET /orders/{id}: recorded 400, replayed 404",
    ),
    "a create is a 201": (
        after(lambda _c, a: a.with_status(201, "Created"), "createSmsOrder", status=202),
        "POST /orders/sms: recorded 202, replayed 201",
    ),
    "a bad media type is a 400": (
        after(refused(400), "createEmailOrder", status=415),
        "POST /orders/email: recorded 415, replayed 400",
    ),
    "a chain that is there is a 201": (
        after(lambda _c, a: a.with_status(201, "Created"), "createOrderChain", status=200),
        "POST /future/orders: recorded 200, replayed 201",
    ),
    "a path of none is a 405": (
        of_no_operation(405),
        "of no operation: recorded 404, replayed 405",
    ),
    "the feed is a 500": (
        after(refused(500), "getShipmentFeed"),
        "GET /future/shipment/feed: recorded 200, replayed 500",
    ),
    # header fields
    "no Location": (
        after(fielded("Location", None), "createSmsOrder", status=202),
        "header location: recorded http",
    ),
    "another Location": (
        after(fielded("Location", "http://elsewhere.example/x"), "createSmsOrder", status=202),
        "replayed http://elsewhere.example/x",
    ),
    "another media type": (
        after(fielded("Content-Type", "text/json"), "listOrders", status=200),
        "header content-type: recorded application/json; charset=utf-8, replayed text/json",
    ),
    "another charset": (
        after(fielded("Content-Type", "application/json; charset=latin-1"), "getShipment"),
        "replayed application/json; charset=latin-1",
    ),
    "no challenge": (
        after(fielded("WWW-Authenticate", None), "getOrder", status=401),
        "header www-authenticate: recorded Bearer",
    ),
    "other methods": (
        after(fielded("Allow", "GET, PUT"), status=405),
        "header allow: recorded GET, replayed GET, PUT",
    ),
    "a Retry-After": (
        after(fielded("Retry-After", "1"), "cancelOrder", status=409),
        "header retry-after: recorded missing, replayed 1",
    ),
    # bodies
    "an empty body": (
        after(bodied(b""), "getOrderStatus"),
        "the body: recorded a body, replayed an empty body",
    ),
    "no JSON": (
        after(bodied(b"oops"), "getOrderStatus"),
        "the body: recorded JSON, replayed no JSON",
    ),
    "a list in place of an object": (
        after(bodied(b"[]"), "getOrderStatus"),
        "the body: recorded {",
    ),
    # members
    "a member is missing": (
        after(lacking("sendersReference"), "getOrder", status=200),
        '/sendersReference: recorded "journey", replayed missing',
    ),
    "a member is missing below": (
        after(edited(lambda d: d["processingStatus"].pop("description")), "getOrderStatus"),
        "/processingStatus/description: recorded",
    ),
    "a member is new": (
        after(edited(lambda d: d.update(extra=1)), "getOrder", status=200),
        "/extra: recorded missing, replayed 1",
    ),
    "no detail": (after(lacking("detail"), "getOrder", status=404), "/detail: recorded"),
    "no traceId": (after(lacking("traceId"), "getOrder", status=404), "/traceId: recorded"),
    "an instance": (
        after(edited(lambda d: d.update(instance="/x")), "cancelOrder", status=409),
        "/instance: recorded missing",
    ),
    # types
    "a number as text": (
        after(member("count", str), "listOrders"),
        '/count: recorded 2, replayed "2"',
    ),
    "a text as null": (
        after(member("sendersReference", None), "getOrder", status=200),
        '/sendersReference: recorded "journey", replayed null',
    ),
    "a list as null": (after(member("orders", None), "listOrders"), "/orders: recorded ["),
    "a traceId that is none": (
        after(member("traceId", ""), "getOrder", status=404),
        "/traceId: recorded",
    ),
    # items
    "an order too few in a list": (
        after(items("orders", list.pop), "listOrders"),
        "/orders: recorded 2 items, replayed 1 items",
    ),
    "an entry too many in the feed": (
        after(items(None, lambda found: found.append(found[-1])), "getShipmentFeed"),
        "the body: recorded",
    ),
    # ids
    "another id": (after(member("id", OTHER_ID), "getOrder", status=200), '/id: recorded "'),
    "the shipment of another": (
        after(member("shipmentId", OTHER_ID), "getShipment"),
        "/shipmentId: recorded",
    ),
    "a link to another": (after(resaid('/status"', '/state"'), "getOrder", status=200), "/links/"),
    # times
    "another send time": (
        after(member("requestedSendTime", later), "getOrder", status=200),
        '/requestedSendTime: recorded "2031-03-03T12:00:00Z", replayed "2032',
    ),
    "another last update": (
        after(member("processingStatus.lastUpdate", later), "getOrderStatus"),
        "/processingStatus/lastUpdate: recorded",
    ),
    # texts, numbers and flags
    "another title": (
        after(member("title", "Missing"), "getOrder", status=404),
        '/title: recorded "Not Found", replayed "Missing"',
    ),
    "another description": (
        after(
            resaid("Order processing was stopped", "Order processing is stopped"), "getOrderStatus"
        ),
        "/processingStatus/description: recorded",
    ),
    "another result": (
        after(
            resaid('"status": "Failed_Bounced"', '"status": "Delivered"'), "getEmailNotifications"
        ),
        "/notifications/*/sendStatus/status: recorded",
    ),
    "another message of a 400": (
        after(member("detail", "No."), "createEmailOrder", status=400),
        '/detail: recorded "The order is not valid',
    ),
    "another count": (after(member("count", 3), "listOrders"), "/count: recorded 2, replayed 3"),
    "a flag": (
        after(items("notifications", set_in("succeeded", "?")), "getSmsNotifications"),
        "/notifications/*/succeeded: recorded",
    ),
}


@pytest.fixture(scope="module")
def journey(server: MockServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a recording of a journey through the API."""
    file = tmp_path_factory.mktemp("planted") / "journey.har"
    with recording(server.url, file) as recorded:
        Journey(server.sandbox("planted"), recorded.url).make()
    return file


def replayed(server: MockServer, file: Path, handle: Handler) -> Outcome:
    """Return what differs where *file* is replayed to a server with a planted difference."""
    with FaultProxy(server.url, WireFault("planted", "planted", "planted", handle)) as proxy:
        outcome = replay(ReplayOptions(file=file, base_url=proxy.url), lambda _n, _t: None)
    assert not proxy.has_failed
    return outcome


def test_there_are_forty_of_them() -> None:
    assert len(PLANTED) >= 40


@pytest.mark.slow
@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_difference_is_one_line_that_names_it(
    server: MockServer, journey: Path, name: str
) -> None:
    handle, told = PLANTED[name]

    outcome = replayed(server, journey, handle)

    lines = [finding.title for finding in outcome.findings]
    assert len(lines) == 1, lines
    assert told in lines[0]


def test_what_follows_from_a_difference_stands_below_it(server: MockServer, journey: Path) -> None:
    def never(call: Call) -> Answer:
        return refused(500)(call, Answer()) if call.is_for("createSmsOrder") else call.forward()

    outcome = replayed(server, journey, never)

    (finding,) = outcome.findings
    assert finding.title == "POST /orders/sms: recorded 202, replayed 500"
    below = [follows.title for follows in finding.follows]
    assert "GET /orders/{id}/notifications/sms: recorded 200, replayed 404" in below
    assert "GET /future/shipment/feed 200, the body: recorded 11 items, replayed 10 items" in below
