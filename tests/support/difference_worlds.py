"""Two servers, one for each dialect, and how to make an operation answer any of its statuses."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from mock_server.contract.contract import load_contract
from mock_server.contract.differences import Body, Form
from mock_server.testing.mock_server import MockServer
from tests.conftest import TTD_ORDER, Client
from tests.support.create_bodies import CREATES
from tests.support.future_bodies import BASES, a_body
from tests.support.future_client import COMPOSED, CREATE
from tests.support.raw_http import RawAnswer, exchange, request, target

UNKNOWN = "00000000-0000-4000-8000-000000000000"
TOO_LATE = "33333333-3333-4333-8333-333333333333"
DIALECTS = ("documented", "live")
OPERATIONS = {item.operation_id: item for item in load_contract().operations()}
ALIAS_PATH = "/order/{id}/cancel"
CONTRACT = Path(__file__).resolve().parents[2] / "openapi.yaml"
TIGHT = {"max_body": 2000, "max_orders": 1, "body_timeout": timedelta(milliseconds=300)}


@dataclass(frozen=True)
class World:
    """One dialect: an *api* with the usual bounds, a *tight* one, and a *broken* one."""

    dialect: str
    api: Client
    tight: Client
    broken: Client

    @property
    def is_live(self) -> bool:
        """Whether the servers speak the live dialect."""
        return self.dialect == "live"


@contextmanager
def running(folder: Path) -> Iterator[Callable[[str, str], World]]:
    """Run the servers of both dialects; the returned function makes a world by dialect and name."""
    text = CONTRACT.read_text(encoding="utf-8")
    before, place, after = text.partition("    OrderId:\n")
    # An operation that is called with an id which is no GUID fails, where the contract lets it by.
    spec = folder / "broken.yaml"
    after = after.replace("        format: uuid\n", "", 1)
    spec.write_text(f"{before}{place}{after}", encoding="utf-8")
    with ExitStack() as stack:
        servers = {
            (dialect, name): stack.enter_context(MockServer(dialect=dialect, **settings))
            for dialect in DIALECTS
            for name, settings in _settings(spec).items()
        }
        http = stack.enter_context(httpx.Client(timeout=60))

        def world(dialect: str, sandbox: str) -> World:
            names = _settings(spec)
            of = {name: servers[dialect, name].sandbox(sandbox) for name in names}
            return World(dialect, **{name: Client(http, mock) for name, mock in of.items()})

        yield world


def _settings(spec: Path) -> dict[str, dict[str, Any]]:
    return {"api": {}, "tight": {"seed": "none", **TIGHT}, "broken": {"spec": spec}}


def shows(answer: httpx.Response, form: Form | None) -> None:
    """Check that *answer* has the *form*."""
    assert form is not None
    assert {name.lower() for name in form.dropped}.isdisjoint(answer.headers)
    content_type = answer.headers.get("content-type", "").partition(";")[0] or None
    assert content_type == form.media_type
    if form.body is Body.EMPTY:
        assert (answer.content, answer.headers["content-length"]) == (b"", "0")
    elif form.body is Body.ANSWER:
        assert "traceId" not in answer.json()
    else:
        assert answer.json()["status"] == answer.status_code
        assert ("detail" in answer.json()) == (form.body is Body.PROBLEM)


def provoke(world: World, operation: str, status: int, **more: Any) -> httpx.Response:
    """Return the answer to a call of *operation* that is to have *status*; *more* as `call`."""
    if operation == "alias":
        method, path = "PUT", ALIAS_PATH
    else:
        method, path = OPERATIONS[operation].method, OPERATIONS[operation].path
    sent: dict[str, Any] = {"token": "valid", "order": TTD_ORDER, **_usual(path, method)}
    if operation in FUTURE and status in {422, 503}:
        return _modern(world, operation, status)
    sent |= _WRONG.get(status, {}) | (_bad(operation, sent) if status == 400 else {}) | more
    if status == 405:
        method = "DELETE"
    path = path.replace("{id}", sent.pop("order"))
    if status == 408:
        return _late(world.tight, path)
    if operation == "createComposedEmail" and sent["token"] == "valid":
        token = world.api.mock.token(scope=f"{CREATE} {COMPOSED}")
        sent["headers"] = {**sent.get("headers", {}), "Authorization": f"Bearer {token}"}
    client = world.tight if status in {413, 503} else world.api
    if status == 503:
        client.call(method, path, **sent)
    return client.call(method, path, **sent)


_WRONG: dict[int, dict[str, Any]] = {
    401: {"token": None},
    403: {"token": "wrongScope"},
    404: {"order": UNKNOWN},
    409: {"order": TOO_LATE},
    413: {"content": b" " * 3000, "headers": {"Content-Type": "application/json"}},
    415: {"content": b"{}", "headers": {"Content-Type": "text/plain"}},
    431: {"headers": {"X-Long": "a" * 40_000}},
}


FUTURE = {
    "createOrderChain": "FO",
    "createInstantOrder": "IO",
    "createInstantSms": "IS",
    "createInstantEmail": "IM",
    "createComposedEmail": "CE",
}
"""The modern creates by operationId, as their bodies name them."""


def _modern(world: World, operation: str, status: int) -> httpx.Response:
    """Send a modern create to somebody without contact, or with a carrier that is down."""
    base = FUTURE[operation]
    body = a_body("person" if status == 422 else base)
    if status == 422:
        body["recipient"]["recipientPerson"]["nationalIdentityNumber"] = "88888888801"
    elif base == "IM":
        body["recipientEmail"]["emailAddress"] = "carrier-down@example.com"
    else:
        holder = body["recipient"] if base == "IO" else body
        holder["recipientSms"]["phoneNumber"] = "+4799900503"
    return world.api.call("POST", OPERATIONS[operation].path, json=body)


def _usual(path: str, method: str) -> dict[str, Any]:
    modern = [base for base in FUTURE.values() if BASES[base][0] == path]
    if modern:
        return {"json": a_body(modern[0])}
    if method == "POST" and path in CREATES:
        return {"json": CREATES[path]}
    return {"params": {"sendersReference": "cancellable"}} if path == "/orders" else {}


def _bad(operation: str, sent: dict[str, Any]) -> dict[str, Any]:
    if "json" in sent:
        return {"json": {}}
    if operation == "getShipmentFeed":
        return {"params": {"seq": "abc"}}
    if operation == "getSendCondition":
        return {"params": {"conditionMet": "maybe"}}
    return {"params": {}} if operation == "listOrders" else {"order": "1337"}


def _late(client: Client, path: str) -> httpx.Response:
    token = f"Authorization: Bearer {client.mock.token()}"
    length = ("Content-Type: application/json", "Content-Length: 10")
    where = target(client.mock.base_url, path)
    return as_response(exchange(client.mock.url, request("POST", where, token, *length, body=b"{")))


def as_response(answer: RawAnswer) -> httpx.Response:
    """Return *answer* as httpx would."""
    return httpx.Response(answer.status, headers=answer.headers, content=answer.body)
