"""The same requests over both stores: equal answers, journal and state."""

from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from mock_server import MockServer
from mock_server.testing.interface import AltinnNotifications

pytestmark = pytest.mark.slow

NOON = datetime(2031, 3, 1, 12, tzinfo=UTC)
Step = tuple[str, str, Any]


def a_step(random: Random) -> Step:
    """Return a request: method, path below the sandbox, and body."""
    api, control = "/notifications/api/v1", "/__mock"
    order_id = str(UUID(int=random.randrange(40) + 1))
    order = {
        "id": order_id,
        "sendersReference": f"ref{random.randrange(4)}",
        "requestedSendTime": f"2031-03-01T1{random.randrange(2, 5)}:{random.randrange(60):02}:00Z",
        "recipients": [{"emailAddress": random.choice(["kari", "bounced"]) + "@example.com"}],
    }
    steps: list[Step] = [
        *[("POST", f"{control}/orders", order)] * 4,
        *[("PUT", f"{api}/orders/{order_id}/cancel", None)] * 4,
        *[("GET", f"{api}/orders/{order_id}/status", None)] * 4,
        ("GET", f"{api}/orders?sendersReference=ref{random.randrange(4)}", None),
        ("GET", f"{api}/future/shipment/feed", None),
        ("GET", f"{api}/future/shipment/{order_id}", None),
        ("DELETE", f"{control}/orders/{order_id}", None),
        ("PUT", f"{control}/orders/{order_id}/status", {"status": "Processing"}),
        ("POST", f"{control}/clock/advance", {"duration": f"PT{random.randrange(1, 9)}M"}),
        ("POST", f"{control}/clock/next", None),
        ("POST", f"{control}/faults", {"status": 503, "times": 2, "probability": 0.5, "seed": 3}),
        ("POST", f"{api}/trigger/pastdueorders", None),
    ]
    return random.choice(steps)


def answer(mock: AltinnNotifications, step: Step) -> tuple[int, Any]:
    method, path, body = step
    headers = {"Authorization": f"Bearer {mock.token()}"}
    given = {} if body is None else {"json": body}
    got = httpx.request(method, f"{mock.url}{path}", headers=headers, timeout=60, **given)
    told = got.json() if got.content else None
    if isinstance(told, dict):
        told = {name: value for name, value in told.items() if name not in ("traceId", "detail")}
        if path.endswith("/faults"):
            told.pop("id", None)
    return got.status_code, without_root(told, mock.url)


def without_root(told: Any, root: str) -> Any:
    """Return *told* with its links relative."""
    if isinstance(told, dict):
        return {name: without_root(value, root) for name, value in told.items()}
    if isinstance(told, list):
        return [without_root(value, root) for value in told]
    return told.replace(root, "") if isinstance(told, str) else told


def test_random_requests_are_answered_alike_and_leave_the_same(redis_url: str) -> None:
    random = Random(7)  # noqa: S311 - to be repeated
    with MockServer() as memory, MockServer(store=redis_url, store_prefix=uuid4().hex) as shared:
        worlds: list[AltinnNotifications] = [memory.sandbox("one"), shared.sandbox("one")]
        for world in worlds:
            world.clock.freeze(NOON)
            world.restore(world.state() | {"orders": [], "chains": [], "feed": []})
        for _ in range(250):
            step = a_step(random)
            assert answer(worlds[0], step) == answer(worlds[1], step), step

        states = [world.state() for world in worlds]
        for state in states:
            for fault in state["faults"]:
                del fault["id"]
        assert states[0] == states[1]
        rows = [[(item["path"], item["status"]) for item in one.requests.list()] for one in worlds]
        assert rows[0] == rows[1]
