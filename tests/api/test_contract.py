"""The contract, proven by Schemathesis on a server that runs as a process of its own."""

import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from mock_server.contract.contract import load_contract
from mock_server.order_requests.messages import Message
from tests.conftest import STATUSES
from tests.schemathesis import runs
from tests.schemathesis.exchanges import Exchange, World, promises
from tests.schemathesis.lifecycle import broken_lifecycles
from tests.support.status_map import as_table, status_map, undocumented, unreached

pytestmark = pytest.mark.slow

Record = Callable[[str, object], None]
CONTRACT = load_contract()
DOCUMENT = CONTRACT.document
PROMISES = promises(DOCUMENT)
MODERN = {item.operation_id for item in CONTRACT.operations() if item.path.startswith("/future/")}
"""Operations whose statuses `check` reaches for their reasons; here they are only documented."""
OLDER = [promise for promise in PROMISES if promise.operation_id not in MODERN]
TRANSITIONS = DOCUMENT["components"]["schemas"]["OrderStatus"]["x-transitions"]
OPEN_TO_ALL = frozenset(
    operation["operationId"]
    for item in DOCUMENT["paths"].values()
    for operation in item.values()
    if operation.get("security") == []
)
SAID_BY_THE_SCHEMA = {Message.NO_BODY, Message.NO_RECIPIENT, Message.NULL_RECIPIENT}
BEYOND_THE_SCHEMA = {str(message) for message in Message if message not in SAID_BY_THE_SCHEMA}
POSTS = {item.operation_id for item in CONTRACT.operations() if item.method == "POST"} - MODERN


ODD_ZONE = re.compile(r"[+-](14:(?!00)|1[5-9]:|2[0-3]:)\d*$")
"""Zones of more than 14 hours, which .NET refuses and the format `date-time` allows."""


def has_odd_zone(exchange: Exchange) -> bool:
    """Tell whether the send time that was asked for has such a zone."""
    body = exchange.requestBody
    sent = body.get("requestedSendTime") if isinstance(body, dict) else None
    return isinstance(sent, str) and ODD_ZONE.search(sent) is not None


def refused_in_vain(exchanges: list[Exchange]) -> set[str]:
    """Return why requests that the schema allows were refused, but for rules it cannot say."""
    return {
        message
        for exchange in exchanges
        if exchange.isPositive
        and exchange.status == 400
        and exchange.operationId in POSTS
        and not has_odd_zone(exchange)
        for messages in exchange.body["errors"].values()
        for message in messages
        if message not in BEYOND_THE_SCHEMA
    }


@pytest.mark.parametrize("kind", runs.SCHEMES)
def test_every_documented_status_is_reached_and_no_other(
    kind: str, tmp_path: Path, record_property: Record
) -> None:
    with runs.serving("--seed", str(runs.seed_file(tmp_path))) as url:
        httpx.put(f"{url}/__mock/clock", json={"now": "2031-03-01T12:30:00Z", "frozen": True})
        own, *others = runs.credentials(url, kind)
        settings = runs.contract_settings(kind, own)
        document = f"{url}/notifications/api/v1/openapi.json"
        exchanges = runs.run(tmp_path, document, settings, [own, *others])
        exchanges += runs.by_hand(url, CONTRACT, [own, *others])
        orders = httpx.get(f"{url}/__mock/orders").json()["orders"]

    record_property(f"{STATUSES}{kind}", as_table(status_map(exchanges)))
    world = World(runs.NOW, "ttd", {order["id"]: order for order in orders})
    assert unreached(exchanges, OLDER, world) == set()
    assert undocumented(exchanges, PROMISES) == set()
    older = [exchange for exchange in exchanges if exchange.operationId not in MODERN]
    assert broken_lifecycles(older, "ttd", TRANSITIONS, OPEN_TO_ALL) == []
    assert refused_in_vain(exchanges) == set()


def test_the_control_plane_honours_its_own_contract(
    tmp_path: Path, record_property: Record
) -> None:
    own = runs.Credential("own", {"X-Mock-Control-Token": "secret"})
    with runs.serving("--control-token", "secret") as url:
        settings = (runs.HERE / "control.toml").read_text(encoding="utf-8")
        exchanges = runs.run(tmp_path, f"{url}/__mock/openapi.json", settings, [own])

    record_property(f"{STATUSES}control plane", as_table(status_map(exchanges)))
    assert {exchange.status for exchange in exchanges} >= {200, 201, 204, 400, 401, 404, 405, 409}
    assert not (tmp_path / ".schemathesis").exists()
