"""The proxy that plants faults: without one it changes nothing."""

import json
import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from mock_server.testing.mock_server import MockServer
from prove.wire.fault import WireFault
from prove.wire.faults import FAULTS
from prove.wire.proxy import FaultProxy
from tests.support.raw_http import answers, chunked, exchange, request, sized

TTD_ORDER = "11111111-1111-4111-8111-111111111111"
BASE = "/notifications/api/v1"
Requests = list[tuple[str, str, str | None, bytes | None]]
ORDER = {"subject": "s", "body": "æ😀", "recipients": [{"emailAddress": "a@example.com"}]}


@pytest.fixture(scope="module")
def sound(server: MockServer) -> Iterator[FaultProxy]:
    """Return a proxy without a fault before the session's server."""
    with FaultProxy(server.url) as proxy:
        yield proxy


def _mixed(token: str) -> Requests:
    """Return 200 requests: method, path, token and body."""
    create, bad = json.dumps(ORDER).encode(), b'{"subject": "\xff"'
    ids = (TTD_ORDER, TTD_ORDER.upper(), TTD_ORDER.replace("-", ""), "1337;1=1", "a%2Fb")
    rests = ("", "/status", "/cancel", "/notifications/email", "/notifications/sms/")
    reads: Requests = [
        (method, f"/orders/{order_id}{rest}", given, None)
        for order_id in ids
        for rest in rests
        for method in ("GET", "PUT", "HEAD")
        for given in (token, None)
    ]
    creates: Requests = [
        (method, path, given, body)
        for method in ("POST", "PATCH")
        for path in ("/orders/email", "/orders/sms", "/orders", "/orders/EMAIL/")
        for given in (token, None)
        for body in (create, bad, b"")
    ]
    lists: Requests = [
        ("GET", f"/orders{query}", token, None) for query in ("?sendersReference=completed", "")
    ]
    return reads + creates + lists


def _seen(answer: httpx.Response, url: str) -> tuple[int, dict[str, str], str]:
    """Return *answer* without what no two answers share."""
    headers = {name: _plain(value, url) for name, value in answer.headers.items()}
    return answer.status_code, headers | {"date": ""}, _plain(answer.text, url)


def _plain(text: str, url: str) -> str:
    text = re.sub(r'"traceId": "[^"]*"', "", text.replace(url, ""))
    return re.sub(r'("orderId": "|/orders/)[0-9a-f-]{36}', r"\1", text)


def _paths(server: MockServer, proxy: FaultProxy) -> tuple[str, str]:
    """Return the base URLs of one fresh sandbox: its own, and through *proxy*."""
    direct = server.sandbox(uuid.uuid4().hex).base_url
    return direct, direct.replace(server.url, proxy.url)


def test_two_hundred_requests_are_answered_as_without_the_proxy(
    server: MockServer, sound: FaultProxy, http: httpx.Client
) -> None:
    direct, through = _paths(server, sound)
    requests = _mixed(server.token())
    bearer = {"Authorization": f"Bearer {server.token()}"}
    http.put(f"{direct}/orders/{TTD_ORDER}/cancel", headers=bearer)

    for method, path, token, body in requests:
        headers = {"Content-Type": "application/json"} if body else {}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        first, second = (
            http.request(method, f"{base}{path}", headers=headers, content=body)
            for base in (direct, through)
        )
        assert _seen(first, server.url) == _seen(second, sound.url), f"{method} {path}"

    assert len(requests) == 200


def test_links_begin_with_the_proxy(sound: FaultProxy, server: MockServer) -> None:
    answer = _call(sound, server, "GET", f"/orders/{TTD_ORDER}")

    assert answer.json()["links"]["self"] == f"{sound.url}{BASE}/orders/{TTD_ORDER}"


@pytest.mark.parametrize("framed", [sized, chunked])
def test_a_body_goes_on_in_its_framing(
    sound: FaultProxy, server: MockServer, framed: Callable[..., bytes]
) -> None:
    body = json.dumps(ORDER).encode()
    fields = (f"Authorization: Bearer {server.token()}", "Content-Type: application/json")

    answer = exchange(sound.url, framed("POST", f"{BASE}/orders/email", *fields, body=body))

    assert answer.status == 202


def test_a_body_of_30_mb_goes_on_and_a_larger_one_is_refused(
    sound: FaultProxy, server: MockServer
) -> None:
    order = json.dumps(ORDER).encode()

    statuses = [
        _call(sound, server, "POST", "/orders/email", content=order.ljust(size)).status_code
        for size in (30_000_000, 30_000_001)
    ]

    assert statuses == [202, 413]


def test_requests_sent_at_once_are_answered_in_turn(sound: FaultProxy) -> None:
    sent = request("GET", f"{BASE}/orders/1") + request("GET", "/__mock/health")

    assert [answer.status for answer in answers(sound.url, sent, 2)] == [401, 200]


def test_what_is_not_http_is_left_to_the_server(sound: FaultProxy) -> None:
    assert exchange(sound.url, b"NONSENSE\r\n\r\n", half_close=True).status == 400


def test_a_chunk_without_a_size_is_left_to_the_server(sound: FaultProxy) -> None:
    cut = request("POST", f"{BASE}/orders/sms", "Transfer-Encoding: chunked", body=b"zz\r\n")

    assert exchange(sound.url, cut).status in {400, 415}


def test_the_control_plane_is_never_touched(server: MockServer) -> None:
    with FaultProxy(server.url, _fault("method-404")) as proxy:
        touched = httpx.delete(f"{proxy.url}{BASE}/orders")
        plain = httpx.delete(f"{proxy.url}/__mock/health")
        inside = httpx.delete(f"{proxy.url}/__sandbox/x/__mock/health")

    assert [touched.status_code, plain.status_code, inside.status_code] == [404, 405, 405]


def test_every_fault_has_a_name_of_its_own() -> None:
    assert len({fault.id for fault in FAULTS}) == len(FAULTS) >= 80
    assert all(fault.sentence.endswith(".") for fault in FAULTS)


def _fault(fault_id: str) -> WireFault:
    return next(fault for fault in FAULTS if fault.id == fault_id)


def _call(
    proxy: FaultProxy, server: MockServer, method: str, path: str, **more: Any
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {server.token()}", "Content-Type": "application/json"}
    return httpx.request(method, f"{proxy.url}{BASE}{path}", headers=headers, timeout=60, **more)
