"""The express lane: what it answers, what it leaves to the chain, and how to switch it off."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from mock_server.testing.mock_server import MockServer
from tests.conftest import TTD_ORDER
from tests.support.express_worlds import Server
from tests.support.processes import serving
from tests.support.raw_http import answers, request

PATH = f"/notifications/api/v1/orders/{TTD_ORDER}"
UNKNOWN = "00000000-0000-4000-8000-000000000000"
CONDITION = "http://127.0.0.1:9/condition"


@pytest.fixture
def own() -> Iterator[MockServer]:
    """Return a server of its own, since its answers are counted."""
    with MockServer() as mock:
        yield mock


def answered(url: str) -> dict[str, int]:
    """Return the counts of answered requests, by lane and chain."""
    health: dict[str, dict[str, int]] = httpx.get(f"{url}/__mock/health").json()
    return health["answered"]


def call(mock: MockServer, method: str, path: str, **headers: str) -> httpx.Response:
    """Send a request as ttd."""
    fields = {"Authorization": f"Bearer {mock.token()}", **headers}
    return httpx.request(method, f"{mock.url}{path}", headers=fields)


@pytest.mark.parametrize(
    ("method", "rest"),
    [
        ("PUT", "/cancel"),
        ("GET", ""),
        ("GET", "/status"),
        ("GET", "/notifications/email"),
        ("GET", "/notifications/sms"),
    ],
)
def test_a_plain_request_takes_the_lane(own: MockServer, method: str, rest: str) -> None:
    assert call(own, method, f"{PATH}{rest}").status_code == 200

    assert answered(own.url) == {"lane": 1, "chain": 0}


@pytest.mark.parametrize("status", [401, 404])
def test_a_refusal_takes_the_lane_too(own: MockServer, status: int) -> None:
    path = PATH if status == 401 else PATH.replace(TTD_ORDER, UNKNOWN)
    fields = {"Authorization": ""} if status == 401 else {}

    assert call(own, "GET", path, **fields).status_code == status
    assert answered(own.url) == {"lane": 1, "chain": 0}


def test_what_is_not_plain_takes_the_chain(own: MockServer) -> None:
    call(own, "GET", PATH, Prefer="code=404")
    call(own, "GET", PATH, Cookie="a=b")
    call(own, "GET", f"{PATH}?a=b")
    call(own, "HEAD", PATH)

    assert answered(own.url) == {"lane": 0, "chain": 4}


def test_an_armed_fault_closes_the_lane_until_it_is_gone(own: MockServer) -> None:
    own.faults.add(status=503, times=1)
    refused = call(own, "GET", PATH)
    own.faults.clear()

    assert [refused.status_code, call(own, "GET", PATH).status_code] == [503, 200]
    assert answered(own.url) == {"lane": 1, "chain": 1}


def test_an_order_with_a_send_condition_takes_the_chain_which_may_wait(own: MockServer) -> None:
    order = own.orders.create(conditionEndpoint=CONDITION)

    call(own, "GET", PATH.replace(TTD_ORDER, order["id"]))

    assert answered(own.url) == {"lane": 0, "chain": 1}


def test_an_order_with_many_recipients_takes_the_chain(own: MockServer) -> None:
    many = [{"emailAddress": f"a{number}@example.com"} for number in range(21)]
    order = own.orders.create(recipients=many)  # type: ignore[arg-type] # any text, as of a row

    call(own, "GET", PATH.replace(TTD_ORDER, order["id"]))

    assert answered(own.url) == {"lane": 0, "chain": 1}


def test_both_answer_on_one_connection(own: MockServer) -> None:
    token = f"Authorization: Bearer {own.token()}"
    plain, odd = request("GET", PATH, token), request("GET", PATH, token, "Cookie: a=b")

    bodies = {answer.body for answer in answers(own.url, odd + plain + odd + plain, 4)}

    assert len(bodies) == 1
    assert sum(answered(own.url).values()) == 4


async def _is_closed_in_the_end(*pieces: bytes) -> bool:
    server = Server(keep_alive=timedelta(milliseconds=50))
    for piece in pieces:
        assert b"(closed)" not in await server.ask((piece,))
    await asyncio.wait_for(server.closed(), 10)
    return True


def test_a_connection_that_the_lane_answered_is_closed_once_it_lies_idle() -> None:
    plain, odd = request("GET", PATH), request("GET", PATH, "Cookie: a=b")

    assert asyncio.run(_is_closed_in_the_end(plain))
    assert asyncio.run(_is_closed_in_the_end(plain, odd, plain))


@pytest.mark.parametrize("way", ["no_express", "spec"])
def test_it_can_be_switched_off_and_is_with_another_contract(tmp_path: Path, way: str) -> None:
    text = (Path(__file__).parents[2] / "openapi.yaml").read_text(encoding="utf-8")
    spec = tmp_path / "edited.yaml"
    spec.write_text(f"{text}\n# edited\n", encoding="utf-8")
    settings: dict[str, Any] = {"no_express": True} if way == "no_express" else {"spec": spec}

    with MockServer(**settings) as mock:
        assert call(mock, "GET", PATH).status_code == 200
        assert answered(mock.url) == {"lane": 0, "chain": 1}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "env", "lane"),
    [((), {}, 1), (("--no-express",), {}, 0), ((), {"MOCK_NO_EXPRESS": "1"}, 0)],
)
def test_the_command_can_switch_it_off(
    arguments: tuple[str, ...], env: dict[str, str], lane: int
) -> None:
    with serving(*arguments, env=env) as served:
        httpx.get(f"{served.url}{PATH}")

        assert answered(served.url) == {"lane": lane, "chain": 1 - lane}


def test_an_entry_reads_the_same_each_time(own: MockServer) -> None:
    call(own, "PUT", f"{PATH}/cancel")
    call(own, "PUT", f"{PATH}/cancel")

    first = own.requests.list()

    assert first == own.requests.list()
    assert [entry["why"] for entry in first] == [
        "200: it is cancelled now",
        "200: it was cancelled already; nothing is changed",
    ]
    assert len({entry["traceId"] for entry in first}) == 2
