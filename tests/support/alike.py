"""Random requests to two mocks that differ in their stores alone, and what they answer."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from random import Random
from typing import Any

import httpx

from mock_server import MockServer
from mock_server.testing.interface import AltinnNotifications
from tests.support.create_bodies import CREATES
from tests.support.future_bodies import BASES

NOON = datetime(2031, 3, 1, 12, tzinfo=UTC)
AT_ONCE = 250
"""After how many requests state and journal are compared, and all begins anew."""

_API, _CONTROL = "/notifications/api/v1", "/__mock"
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TRIGGERS = (
    *("pastdueorders", "pastdueorders", "sendemail", "sendsms", "sendsmsdaytime"),
    *("sendsmsanytime", "terminateexpirednotifications", "deleteoldstatusfeedrecords"),
)
_FAULTS: tuple[dict[str, Any], ...] = (
    {"status": 503, "times": 2, "probability": 0.5, "seed": 3},
    {"status": 500, "probability": 0.1, "seed": 5, "match": {"operationId": "cancelOrder"}},
    {"status": 429, "times": 3, "match": {"sendersReference": "ref1"}},
    {"status": 418, "times": 1, "beforeAuth": True, "match": {"path": "/orders/*/status"}},
    {"connection": "reset", "times": 1, "match": {"method": "GET"}},
)
Step = tuple[str, str, Any]
"""Method, path below the sandbox and body; `{id}` in a path is for one of the known orders."""


def a_step(random: Random) -> Step:
    """Return a request."""
    kinds = (_at_control, _at_control, _at_order, _at_order, _at_order, _at_list, _at_creation)
    return random.choice(kinds)(random)


def _at_control(random: Random) -> Step:
    status = random.choice(["Processing", "Completed", "Cancelled", "Registered"])
    steps: list[Step] = [
        *[("POST", f"{_CONTROL}/orders", _control_order(random))] * 4,
        ("DELETE", f"{_CONTROL}/orders/{{id}}", None),
        ("PUT", f"{_CONTROL}/orders/{{id}}/status", {"status": status}),
        ("POST", f"{_CONTROL}/clock/advance", {"duration": f"PT{random.randrange(1, 9)}M"}),
        ("POST", f"{_CONTROL}/clock/next", None),
        ("POST", f"{_CONTROL}/faults", random.choice(_FAULTS)),
        ("PUT", f"{_CONTROL}/register", {"down": random.random() < 0.3}),
        *[("POST", f"{_API}/trigger/{random.choice(_TRIGGERS)}", None)] * 3,
    ]
    if random.random() < 0.03:
        return "DELETE", f"{_CONTROL}/faults", None
    return random.choice(steps)


def _control_order(random: Random) -> dict[str, Any]:
    return {
        "id": f"00000000-0000-4000-8000-{random.randrange(40):012}",
        "sendersReference": f"ref{random.randrange(4)}",
        "requestedSendTime": _send_time(random),
        "recipients": [{"emailAddress": random.choice(["kari", "bounced"]) + "@example.com"}],
    }


def _send_time(random: Random) -> str:
    return f"2031-03-01T1{random.randrange(2, 6)}:{random.randrange(60):02}:00Z"


def _at_order(random: Random) -> Step:
    steps = [
        *[("PUT", f"{_API}/orders/{{id}}/cancel")] * 4,
        *[("GET", f"{_API}/orders/{{id}}/status")] * 3,
        ("GET", f"{_API}/orders/{{id}}"),
        ("GET", f"{_API}/orders/{{id}}/notifications/{random.choice(['email', 'sms'])}"),
        ("GET", f"{_API}/future/shipment/{{id}}"),
        ("GET", f"{_CONTROL}/orders/{{id}}"),
    ]
    return (*random.choice(steps), None)


def _at_list(random: Random) -> Step:
    paths = [
        f"{_API}/orders?sendersReference=ref{random.randrange(4)}",
        f"{_API}/future/shipment/feed?seq={random.randrange(20)}",
        *(f"{_CONTROL}/{name}" for name in ("orders", "chains", "messages", "faults", "clock")),
    ]
    return "GET", random.choice(paths), None


def _at_creation(random: Random) -> Step:
    more: dict[str, Any] = {"sendersReference": f"ref{random.randrange(4)}"}
    if random.random() < 0.9:
        more["requestedSendTime"] = _send_time(random)
    if random.random() < 0.5:
        path, body = random.choice([*CREATES.items()])
        return "POST", f"{_API}{path}", {**body, **more}
    base = random.choice([*BASES])
    path, body = BASES[base]
    if base not in ("FO", "SMS", "person", "organisation"):
        more = {}
    return "POST", f"{_API}{path}", {**body, **more, "idempotencyId": f"i{random.randrange(60)}"}


class Twin:
    """One of two mocks that are asked the same; ids that it made up are told by their number."""

    def __init__(self, mock: AltinnNotifications, client: httpx.Client) -> None:
        """Ask the sandbox *mock* by *client*."""
        self._mock = mock
        self._client = client
        self._numbers: dict[str, str] = {}
        self._known: list[str] = []
        self._beginning: dict[str, Any] = {}
        self.tally = Counter[int | str]()
        """How often each status was answered."""

    def begin(self) -> None:
        """Begin (anew): at noon, without orders and faults, and with an empty journal."""
        self._mock.clock.freeze(NOON)
        if not self._beginning:
            self._beginning = {**self._mock.state(), "orders": [], "chains": [], "feed": []}
        self._mock.restore(self._beginning)
        self._mock.requests.clear()
        self._known = [f"00000000-0000-4000-8000-{number:012}" for number in range(40)]
        self._client.headers["Authorization"] = f"Bearer {self._mock.token()}"

    def answer(self, step: Step, choice: int) -> tuple[int | str, Any]:
        """Return status and body of the answer to *step*, for the order number *choice*."""
        method, path, body = step
        path = path.replace("{id}", self._known[choice % len(self._known)])
        given = {} if body is None else {"json": body}
        try:
            got = self._client.request(method, f"{self._mock.url}{path}", **given)
        except httpx.TransportError as error:
            self.tally["broken"] += 1
            return type(error).__name__, None
        self.tally[got.status_code] += 1
        told = got.json() if got.content else None
        if got.status_code in (200, 201, 202) and method == "POST":
            self._know(told)
        return got.status_code, self._alike(told)

    def _know(self, told: Any) -> None:
        """Remember the ids of the orders that were made."""
        if isinstance(told, dict):
            found = [told.get("orderId"), told.get("notificationOrderId")]
            found.append((told.get("notification") or {}).get("shipmentId"))
            self._known += [item for item in found if item and item not in self._known]

    def left(self) -> tuple[Any, Any]:
        """Return state and journal."""
        names = ("method", "path", "status", "operationId", "requestBody", "responseBody", "why")
        listed = self._mock.requests.list()
        rows = [{name: item.get(name) for name in names} for item in listed]
        return self._alike(self._mock.state()), self._alike(rows)

    def _alike(self, told: Any) -> Any:
        """Return *told* with a number for each id, relative links, and without trace ids."""
        text = json.dumps(told).replace(self._mock.url, "")
        text = _GUID.sub(lambda found: self._number(found[0]), text)
        text = re.sub(r'(\\*"traceId\\*": ?\\*")[0-9a-f-]+', r"\1", text)
        return json.loads(text)

    def _number(self, guid: str) -> str:
        return self._numbers.setdefault(guid, f"the id {len(self._numbers)}")


@contextmanager
def twins_of(one: MockServer, other: MockServer) -> Iterator[tuple[Twin, Twin]]:
    """Give a sandbox of *one* and of *other*, to be asked the same in the block."""
    with httpx.Client(timeout=60) as first, httpx.Client(timeout=60) as second:
        yield Twin(one.sandbox("one"), first), Twin(other.sandbox("one"), second)


def assert_alike(
    twins: tuple[Twin, Twin], seed: int, requests: int, tell: Callable[[int], object] = int
) -> None:
    """Ask both so many *requests*; raise AssertionError where they differ; *tell* how far it is."""
    random, (one, other) = Random(seed), twins  # noqa: S311 - to be repeated
    for number in range(requests):
        if number % AT_ONCE == 0:
            if number:
                _assert_same_left(one, other)
                tell(number)
            for twin in twins:
                twin.begin()
        step, choice = a_step(random), random.randrange(1000)
        first, second = one.answer(step, choice), other.answer(step, choice)
        assert first == second, f"request {number}: {step}: {[*_differences(first, second)][:9]}"
    _assert_same_left(one, other)


def _assert_same_left(one: Twin, other: Twin) -> None:
    differences = [*_differences(one.left(), other.left())]
    assert not differences, differences[:9]


def _differences(one: Any, other: Any, place: str = "") -> Iterator[str]:
    """Yield where two documents differ."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        for name, value in one.items():
            yield from _differences(value, other[name], f"{place}.{name}")
    elif (
        isinstance(one, list | tuple) and isinstance(other, list | tuple) and len(one) == len(other)
    ):
        for number, pair in enumerate(zip(one, other, strict=True)):
            yield from _differences(*pair, f"{place}[{number}]")
    elif one != other:
        yield f"{place}: {one} and {other}"
