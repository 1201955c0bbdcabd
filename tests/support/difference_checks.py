"""How each row of `differences.yaml` is brought about."""

from collections.abc import Callable, Iterator

import httpx

from mock_server.contract.differences import load_rows
from mock_server.gateway.errors import answer_to
from mock_server.gateway.exchange import Exchange, Request
from mock_server.http.headers import Headers
from mock_server.http.problems import Conflict
from tests.conftest import TTD_ORDER
from tests.support.difference_worlds import OPERATIONS, World, as_response, provoke
from tests.support.future_bodies import a_body
from tests.support.raw_http import exchange, request, target

ROWS = {row.name: row for row in load_rows()}
JSON = {"Content-Type": "application/json"}
ORDERS_API = [item for item in OPERATIONS if OPERATIONS[item].required_scopes]
CREATES = [item for item in OPERATIONS if item.startswith("create")]
BY_ID = [item for item in OPERATIONS if "{id}" in OPERATIONS[item].path]

Answers = Iterator[httpx.Response]


def each_pair(name: str) -> Callable[[World], Answers]:
    """Return a function that brings about each status of each operation of the row *name*."""
    row = ROWS[name]

    def answers(world: World) -> Answers:
        for operation in row.operations or ORDERS_API:
            for status in row.statuses:
                yield provoke(world, operation, status)

    return answers


def successes(world: World) -> Answers:
    """Call each operation that answers a document."""
    for operation in [*ORDERS_API, "getSendCondition"]:
        yield provoke(world, operation, 200)
    yield provoke(world, "listOrders", 200, params={"sendersReference": "none has it"})


def alias_with_another_method(world: World) -> Answers:
    """Read by the singular path."""
    yield world.api.call("GET", f"/order/{TTD_ORDER}/cancel")


def references(world: World) -> Answers:
    """List orders without a reference, in three ways."""
    for params in ({}, {"sendersReference": ""}, {"sendersReference": "  "}):
        yield provoke(world, "listOrders", 400, params=params)


def creates_with(content: bytes) -> Callable[[World], Answers]:
    """Return a function that sends *content* to each create."""

    def answers(world: World) -> Answers:
        for operation in CREATES:
            yield provoke(world, operation, 400, json=None, content=content, headers=JSON)

    return answers


def missing_members(world: World) -> Answers:
    """Send members that are null where that is an error."""
    for operation in CREATES:
        yield provoke(world, operation, 400, json={"recipients": None})


def what_fails(world: World) -> Answers:
    """Send requests that the real service fails on, and the mock refuses."""
    null = {**a_body("FO"), "reminders": [None]}
    relative = a_body("CE")
    relative["recipient"]["emailSettings"]["attachments"][0]["sasUrl"] = "files/a.pdf"
    yield provoke(world, "createOrderChain", 400, json=null)
    yield provoke(world, "createComposedEmail", 400, json=relative)


def without_register(world: World) -> Answers:
    """Ask a register that is down: the real service fails with another status."""
    world.api.mock.register.replace({"down": True})
    answer = provoke(world, "createOrderChain", 201, json=a_body("person"))
    if world.is_live:
        assert (answer.status_code, answer.content) == (500, b"")
        answer = provoke(world, "createSmsOrder", 503)
    yield answer


def bad_paths(world: World) -> Answers:
    """Send paths that cannot be read."""
    for end in ("%00", "%ff"):
        sent = request("GET", target(world.api.mock.base_url, f"/orders/{end}"))
        yield as_response(exchange(world.api.mock.url, sent))


def no_credentials(world: World) -> Answers:
    """Call each operation without a valid token."""
    for operation in ORDERS_API:
        for token in (None, "expired", "notYetValid", "badSignature", "unsigned"):
            yield provoke(world, operation, 401, token=token)


def not_allowed(world: World) -> Answers:
    """Call each operation with a valid token that does not suffice."""
    for operation in ORDERS_API:
        for token in ("wrongScope", "user", "noOrg"):
            yield provoke(world, operation, 403, token=token)


def unknown_paths(world: World) -> Answers:
    """Call paths that lead nowhere."""
    for path in ("", "/nowhere", f"/orders/{TTD_ORDER}/cancel/now", "/future/dashboard"):
        yield world.api.call("PUT", path)
    for token in ("valid", None):
        yield world.api.call("GET", "/future/shipment/no-guid", token=token)


def wrong_methods(world: World) -> Answers:
    """Call every path with a method that it does not have."""
    for operation in OPERATIONS:
        answer = provoke(world, operation, 405, token=None)
        assert OPERATIONS[operation].method in answer.headers["allow"].split(", ")
        yield answer


def missing_media_types(world: World) -> Answers:
    """Send a body of no type to each create."""
    for operation in CREATES:
        yield provoke(world, operation, 415, json=None, content=b"{}", headers={})


def large_heads(world: World) -> Answers:
    """Send a head that is too large."""
    yield provoke(world, "cancelOrder", 431)


def failures(world: World) -> Answers:
    """Call an operation that fails."""
    yield world.broken.call("GET", "/orders/no-guid")


def anything_else(world: World) -> Answers:
    """Build the answer to a refusal that no operation gives."""
    request = Request("POST", b"/", (), Headers([]), 0.0)
    asked = Exchange(request, dialect=world.dialect, operation_id="createOrder")
    answer = answer_to(Conflict("Something else."), asked)
    yield httpx.Response(answer.status, headers=answer.all_headers(), content=answer.body)


CHECKS: dict[str, Callable[[World], Answers]] = {
    "trigger done": each_pair("trigger done"),
    "singular path, granted": each_pair("singular path, granted"),
    "singular path, refused": each_pair("singular path, refused"),
    "singular path, another method": alias_with_another_method,
    "singular path, not found": each_pair("singular path, not found"),
    "success": successes,
    "bad id": each_pair("bad id"),
    "no reference": references,
    "bad query of the feed": each_pair("bad query of the feed"),
    "no body": creates_with(b""),
    "unreadable body": creates_with(b'{"recipients": 1}'),
    "members missing": missing_members,
    "rules broken": creates_with(b'{"subject": "a", "body": "b"}'),
    "what the real service fails on": what_fails,
    "bad condition": each_pair("bad condition"),
    "bad path": bad_paths,
    "no credential": no_credentials,
    "not allowed": not_allowed,
    "no order to cancel": each_pair("no order to cancel"),
    "no order to read": each_pair("no order to read"),
    "no shipment": each_pair("no shipment"),
    "unknown path": unknown_paths,
    "wrong method": wrong_methods,
    "slow body": each_pair("slow body"),
    "cancel refused": each_pair("cancel refused"),
    "large body": each_pair("large body"),
    "wrong media type": each_pair("wrong media type"),
    "no media type": missing_media_types,
    "large head": large_heads,
    "no contact": each_pair("no contact"),
    "carrier down": each_pair("carrier down"),
    "failure": failures,
    "limit of the mock": lambda world: iter([provoke(world, "createSmsOrder", 503)]),
    "register down": without_register,
    "anything else": anything_else,
}
"""Row by name to what brings it about, once or in several ways."""
