"""A snapshot put into a new process: the same answers to the same requests."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.processes import Served, run, serving

pytestmark = pytest.mark.slow

SETTINGS = ("--public-url", "https://mock.example")
"""What links in answers begin with, as the port is another in each process."""

CONDITION = "https://platform.altinn.no/notifications/api/v1/tests/sendcondition?conditionMet="
ADDRESSES = ["kari@example.com", "bounced@example.com", "ttl@example.com", "sending@example.com"]
ADDRESSES += ["transient-error@example.com", "99999999901"]
TIMES = ["2031-03-01T13:00:00.1234567Z", "2031-03-01T13:30:00Z", "2031-03-01T13:31:00Z"]
TIMES += ["2031-03-01T13:34:59.9999999Z", "2031-03-02T07:00:00Z"]

Request = tuple[str, str, Any]


class World:
    """One sandbox of a process, as a client sees it."""

    def __init__(self, served: Served, http: httpx.Client, token: str) -> None:
        """Call *served* through *http* with *token*."""
        self._root = f"{served.url}/__sandbox/world"
        self._http = http
        self._headers = {"Authorization": f"Bearer {token}"}

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Return status and body, without members that no two answers share."""
        url = f"{self._root}{path}"
        answer = self._http.request(method, url, json=body, headers=self._headers)
        told = answer.json() if answer.content else None
        return answer.status_code, {**told, "traceId": None} if told else None

    def orders(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Call the orders API."""
        return self.call(method, f"/notifications/api/v1{path}", body)


def live(world: World) -> None:
    """Let *world* have orders in every state, and a fault that strikes now and then."""
    world.call("PUT", "/__mock/clock", {"now": "2031-03-01T12:00:00Z", "frozen": True})
    for number in range(25):
        address = ADDRESSES[number % len(ADDRESSES)]
        member = "emailAddress" if "@" in address else "nationalIdentityNumber"
        condition = [None, None, f"{CONDITION}true", f"{CONDITION}false"][number % 4]
        body = {
            "requestedSendTime": TIMES[number % len(TIMES)],
            "sendersReference": f"reference-{number % 7}",
            "notificationChannel": ["Email", "SmsPreferred", "EmailAndSms", 7][number // 7],
            "conditionEndpoint": condition,
            "recipients": [{member: address}],
            "emailTemplate": {"subject": "Hello", "body": "Read me."},
            "smsTemplate": {"body": "Read me."},
        }
        assert world.orders("POST", "/orders", body)[0] == 202
    fault = {"match": {"operationId": "getOrder"}, "status": 503, "probability": 0.5, "seed": 3}
    world.call("POST", "/__mock/faults", fault)
    world.call("PUT", "/__mock/clock", {"now": "2031-03-01T13:30:30Z"})


def requests(ids: list[str]) -> Iterator[Request]:
    """Yield the requests to the world: reads, cancels, lists and, half-way, another time."""
    for number, order_id in enumerate(ids):
        path = f"/notifications/api/v1/orders/{order_id}"
        yield "GET", path, None
        yield "GET", f"{path}/status", None
        yield "GET", f"{path}/notifications/email", None
        yield "GET", f"{path}/notifications/sms", None
        yield "PUT", f"{path}/cancel", None
        reference = f"sendersReference=reference-{number}"
        yield "GET", f"/notifications/api/v1/orders?{reference}", None
        if number == len(ids) // 2:
            yield "POST", "/__mock/clock/advance", {"duration": "PT1M"}
    for path in ("clock", "orders", "faults", "state"):
        yield "GET", f"/__mock/{path}", None


def test_a_new_process_answers_200_requests_as_the_old_one_does() -> None:
    token = run("token").stdout.strip()
    with serving(*SETTINGS) as served, httpx.Client(timeout=60) as http:
        world = World(served, http, token)
        live(world)
        _, state = world.call("GET", "/__mock/state")
        asked = list(requests([order["id"] for order in state["orders"]]))
        answers = [world.call(*request) for request in asked]
    state.pop("traceId")

    with serving(*SETTINGS, "--seed", "none") as served, httpx.Client(timeout=60) as http:
        world = World(served, http, token)
        assert world.call("PUT", "/__mock/state", state)[0] == 204
        again = [world.call(*request) for request in asked]

    assert len(asked) >= 200
    assert {status for status, _ in answers} == {200, 404, 409, 503}
    assert again == answers
