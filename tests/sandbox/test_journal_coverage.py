"""Which requests are in the journal, and waiting for them."""

import itertools
import socket
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import httpx
import pytest

from mock_server.connexion_app.wiring import WORKERS
from mock_server.testing.mock_server import MockServer
from tests.conftest import TTD_ORDER, Client
from tests.support.create_bodies import EMAIL
from tests.support.eventually import eventually
from tests.support.raw_http import exchange, request, sized, target

ORDER = f"/orders/{TTD_ORDER}"
TYPE = "Content-Type: application/json"


@pytest.fixture(scope="module")
def narrow() -> Iterator[MockServer]:
    """Return a server with small limits."""
    limits: dict[str, Any] = {"max_body": 1000, "max_head": 2000}
    with MockServer(body_timeout=timedelta(milliseconds=200), **limits) as mock:
        yield mock


@pytest.mark.parametrize("name", ["default", "refused"])
@pytest.mark.parametrize(
    ("status", "sent"),
    [
        (400, ("GET", "/orders/%00", [], b"")),
        (400, ("GET", "/orders/%ff", [], b"")),
        (400, ("POST", "/orders/email", [TYPE, "Content-Length: 1"], b"{")),
        (401, ("GET", ORDER, ["No: token"], b"")),
        (404, ("GET", "/nowhere", [], b"")),
        (404, ("GET", "/order/x", [], b"")),
        (405, ("PATCH", ORDER, [], b"")),
        (408, ("POST", "/orders/email", [TYPE, "Content-Length: 5"], b"{")),
        (413, ("POST", "/orders/email", [TYPE, "Content-Length: 1001"], b"")),
        (415, ("POST", "/orders/email", ["Content-Type: text/plain", "Content-Length: 1"], b"{")),
        (431, ("GET", ORDER, ["X-Long: " + "x" * 2000], b"")),
    ],
)
def test_a_refusal_is_in_the_journal(
    narrow: MockServer, name: str, status: int, sent: tuple[str, str, list[str], bytes]
) -> None:
    method, path, fields, body = sent
    mock = narrow.sandbox(name)
    mock.requests.clear()
    credentials = [] if status == 401 else [f"Authorization: Bearer {mock.token()}"]
    where = target(mock.base_url, path)

    answer = exchange(narrow.url, request(method, where, *fields, *credentials, body=body))

    entry = mock.requests.list()[0]
    assert (answer.status, entry["status"]) == (status, status)
    assert entry["traceId"] == answer.problem()["traceId"]
    assert entry["why"].startswith(f"{status}: ")


@pytest.mark.parametrize(
    "path",
    [
        *("/__mock/clock", "/__mock/requests", "/__mock/nowhere", "/__mock/orders/%00", "/health"),
        *("/notifications/api/v1/ui/", "/notifications/api/v1/openapi.json", "/__mock/ui/"),
        *("/notifications/api/v1/ui/%00", "/HEALTH/"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "PATCH"])
@pytest.mark.parametrize("size", [1, 2000])
def test_the_mock_s_own_requests_are_not(
    narrow: MockServer, method: str, path: str, size: int
) -> None:
    narrow.requests.clear()

    exchange(narrow.url, request(method, path, f"X-Long: {'x' * size}"))

    assert narrow.requests.list() == []


def test_a_request_that_meets_no_operation_makes_no_sandbox(
    server: MockServer, http: httpx.Client
) -> None:
    for path in ("/notifications/api/v1/nowhere", "/nowhere", "/notifications/api/v1/orders/%00"):
        http.get(f"{server.url}/__sandbox/never-entered{path}")

    listed = http.get(f"{server.url}/__mock/sandboxes").json()["sandboxes"]
    assert "never-entered" not in [sandbox["name"] for sandbox in listed]


def test_a_client_that_goes_away_is_in_it(api: Client) -> None:
    path = target(api.mock.base_url, "/orders/email")

    with pytest.raises(IndexError):
        exchange(api.mock.url, request("POST", path, TYPE, "Content-Length: 5"), half_close=True)

    entry = eventually(api.mock.requests.list)[0]
    assert (entry["status"], entry["why"]) == (None, "no answer: the client closed the connection")


def test_what_a_create_is_sent_early_is_read_once(api: Client) -> None:
    api.mock.faults.add(match={"sendersReference": "none"}, status=500)
    path = target(api.mock.base_url, "/orders/email")
    token = f"Authorization: Bearer {api.mock.token()}"

    answer = exchange(api.mock.url, sized("POST", path, TYPE, token, body=b""))

    assert answer.status == 400


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """Return threads, to wait in."""
    with ThreadPoolExecutor(4) as threads:
        yield threads


def waiting(pool: ThreadPoolExecutor, api: Client, **query: Any) -> "Future[Any]":
    """Begin to wait for requests through the control plane, with a client of its own."""
    url = f"{api.mock.control_url}/requests"
    return pool.submit(httpx.get, url, params={"wait": "PT30S", **query}, timeout=90)


def test_a_wait_ends_once_enough_requests_fit(api: Client, pool: ThreadPoolExecutor) -> None:
    future = waiting(pool, api, count=2, operationId="cancelOrder")
    api.call("GET", ORDER)
    api.cancel()
    assert not future.done()

    api.cancel()

    assert [entry["id"] for entry in future.result(60).json()["requests"]] == [2, 3]


def test_what_is_there_already_counts(api: Client) -> None:
    api.cancel()

    answer = api.control("GET", "/requests", params={"wait": "PT30S"})

    assert (answer.json()["count"], answer.elapsed < timedelta(seconds=30)) == (1, True)


def test_a_wait_that_is_over_tells_what_there_is(api: Client) -> None:
    api.cancel()

    answer = api.control("GET", "/requests", params={"wait": "PT0.3S", "count": 2})

    assert (answer.json()["count"], answer.elapsed >= timedelta(milliseconds=300)) == (1, True)


def test_a_wait_holds_up_nobody(api: Client, pool: ThreadPoolExecutor) -> None:
    waits = [waiting(pool, api, path="/nowhere") for _ in range(3)]

    assert api.cancel().status_code == 200
    api.call("GET", "/nowhere")

    assert [wait.result(60).json()["count"] for wait in waits] == [1, 1, 1]


def test_a_wait_ends_when_its_sandbox_is_dropped(
    server: MockServer, api: Client, pool: ThreadPoolExecutor
) -> None:
    name = api.mock.url.rpartition("/")[2]
    future = waiting(pool, api)
    drops = itertools.repeat(f"{server.url}/__mock/sandboxes/{name}")

    eventually(lambda: api.http.delete(next(drops)) and future.done())

    assert future.result().json() == {"count": 0, "requests": []}


def test_a_wait_ends_when_the_server_stops_and_works_once_it_starts_again(
    http: httpx.Client, pool: ThreadPoolExecutor
) -> None:
    with MockServer() as mock:
        future = waiting(pool, Client(http, mock.sandbox("default")))
        eventually(lambda: http.get(f"{mock.url}/health").is_success)
    ended = future.exception(60) or future.result()
    assert isinstance(ended, httpx.Response | httpx.TransportError)

    with mock:
        api = Client(http, mock.sandbox("default"))
        answer = api.control("GET", "/requests", params={"wait": "PT0.3S"})

    assert answer.elapsed >= timedelta(milliseconds=300)


def test_python_waits_too(api: Client, pool: ThreadPoolExecutor) -> None:
    future = pool.submit(api.mock.requests.list, wait=timedelta(seconds=30), count=1)

    api.call("POST", "/orders/email", json=EMAIL)

    assert future.result(60)[0]["operationId"] == "createEmailOrder"


def test_clients_that_wait_hold_nobody_up(api: Client) -> None:
    where = target(api.mock.control_url, "/requests?wait=PT1M&operationId=cancelOrder")
    asked = request("GET", where)
    address = httpx.URL(api.mock.url)
    with ExitStack() as opened:
        for _ in range(WORKERS + 10):
            line = socket.create_connection((address.host, address.port or 0), timeout=60)
            opened.enter_context(line).sendall(asked)

        assert api.control("GET", "/clock", timeout=50).status_code == 200
        assert api.cancel(timeout=50).status_code == 200
        assert line.recv(12) == b"HTTP/1.1 200"
