"""The journal: what a sandbox was asked, what it answered, and why."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import pytest

from mock_server.formats.json_text import dump_json
from mock_server.sandbox import journal
from mock_server.sandbox.journal import MOST_BYTES, MOST_ENTRIES, Entry, Filter
from mock_server.sandbox.redaction import redact_body
from mock_server.testing.mock_server import MockServer
from tests.conftest import TTD_ORDER, Client
from tests.support.builders import NOW
from tests.support.create_bodies import EMAIL
from tests.support.eventually import eventually
from tests.support.raw_http import exchange, request, sized, target

UNKNOWN = "00000000-0000-4000-8000-000000000000"
JSON = {"Content-Type": "application/json"}


def entries(api: Client, **query: Any) -> list[dict[str, Any]]:
    """Return the control plane's list for *query*."""
    listed = api.control("GET", "/requests", params=query).json()
    requests: list[dict[str, Any]] = listed["requests"]
    assert listed["count"] == len(requests)
    return requests


def an_order(api: Client, **members: Any) -> str:
    """Store an order due in a day, with *members*, and return its id."""
    order_id: str = api.mock.orders.create(**members)["id"]
    return order_id


def test_an_entry_tells_all_of_a_request_and_its_answer(api: Client) -> None:
    api.mock.clock.freeze(NOW)
    body = EMAIL | {"requestedSendTime": "2031-03-02T07:00:00Z"}
    answer = api.call("POST", "/orders/email?a=b", json=body, headers={"X-A": "1"})

    entry = entries(api)[0]
    assert entry.pop("durationMs") >= 0
    headers = entry.pop("requestHeaders"), entry.pop("responseHeaders")
    assert [headers[0][name] for name in ("x-a", "authorization")] == ["1", "Bearer [redacted]"]
    assert headers[1]["location"] == answer.headers["location"]
    assert entry.pop("traceId").startswith("00-")
    assert entry == {
        "id": 1,
        "time": "2031-03-01T12:30:00Z",
        "method": "POST",
        "path": target(api.mock.base_url, "/orders/email?a=b"),
        "operationId": "createEmailOrder",
        "status": 202,
        "creator": "ttd",
        "requestBody": body,
        "responseBody": answer.json(),
        "why": "202: as the contract says",
    }


@pytest.mark.parametrize(
    ("cancel", "why"),
    [
        (lambda api: api.cancel(an_order(api)), "200: it is cancelled now"),
        (
            lambda api: api.cancel(an_order(api, status="Cancelled")),
            "200: it was cancelled already; nothing is changed",
        ),
        (lambda api: api.cancel("no-guid"), "400: The value 'no-guid' is not valid."),
        (lambda api: api.cancel(token=None), "401: No token was sent."),
        (lambda api: api.cancel(token="expired"), "401: The bearer token was refused: "),
        (lambda api: api.cancel(token="wrongScope"), "403: The bearer token lacks the scope"),
        (lambda api: api.cancel(token="noOrg"), "403: The token names no organisation"),
        (lambda api: api.cancel(UNKNOWN), f"404: No order has the id '{UNKNOWN}' with creator"),
        (
            lambda api: api.cancel(an_order(api, requestedSendTime="2031-03-01T12:34:00Z")),
            "409: send time 2031-03-01T12:34:00Z is within 5 minutes of 2031-03-01T12:30:00Z",
        ),
        (lambda api: api.cancel(an_order(api, status="Processing")), "409: "),
        (lambda api: api.cancel(headers={"Prefer": "code=409"}), "409: the request prefers code="),
    ],
)
def test_every_outcome_of_cancel_tells_why(
    api: Client, cancel: Callable[[Client], object], why: str
) -> None:
    api.mock.clock.freeze(NOW)

    cancel(api)

    entry = entries(api)[-1]
    assert entry["why"].startswith(why)
    assert (entry["operationId"], entry["status"]) == ("cancelOrder", int(why[:3]))


def test_a_fault_is_named_as_the_reason(api: Client) -> None:
    faults = [
        api.mock.faults.add(times=1, **rule) for rule in ({"status": 503}, {"connection": "reset"})
    ]

    with pytest.raises(httpx.TransportError):
        api.cancel()
    api.cancel()

    assert [(entry["status"], entry["why"]) for entry in entries(api)] == [
        (None, f"no answer: fault {faults[1]['id']}: reset"),
        (503, f"503: fault {faults[0]['id']}"),
    ]


def test_the_trace_id_is_that_of_the_problem(api: Client) -> None:
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    answers = [api.cancel(UNKNOWN), api.cancel(UNKNOWN, headers={"traceparent": parent})]

    told = [answer.json()["traceId"] for answer in answers]
    assert [entry["traceId"] for entry in entries(api)] == told
    assert told[1][3:35] == parent[3:35]


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (b'{"a": [1, null, "\xc3\xb8"]}', {"a": [1, None, "ø"]}),
        (b"plain", "plain"),
        (b"\xff\x00", "\ufffd\0"),
        (b'{"a": NaN}', '{"a": NaN}'),
        (b"[1e999]", "[1e999]"),
        (b'"\\ud800"', "\ud800"),
        (b"9" * 5000, "9" * 5000),
        (b"0", 0),
        (b"", None),
    ],
)
def test_a_body_is_shown_as_json_or_text(api: Client, sent: bytes, shown: Any) -> None:
    api.call("POST", "/orders/email", content=sent, headers=JSON)

    answer = api.control("GET", "/requests")
    assert answer.status_code == 200
    assert (
        json.loads(answer.text, parse_constant=pytest.fail)["requests"][0]["requestBody"] == shown
    )


@pytest.mark.parametrize("depth", [100, 200, 300, 400, 600, 900, 5000])
def test_a_body_of_any_depth_is_shown(api: Client, depth: int) -> None:
    sent = "[" * depth + "]" * depth

    api.call("POST", "/orders/email", content=sent, headers=JSON)

    shown = entries(api)[0]["requestBody"]
    assert (shown if isinstance(shown, str) else json.dumps(shown)) == sent


def test_bodies_are_cut(api: Client) -> None:
    long = "x" * MOST_BYTES
    api.mock.faults.add(status=500, body=f"{long}y")
    api.call("POST", "/orders/email", json={"a": long})

    entry = entries(api)[0]

    assert (len(entry["requestBody"]), entry["responseBody"]) == (MOST_BYTES, long)


def test_the_last_thousand_are_kept_newest_last(api: Client) -> None:
    paths = [f"/nowhere/{number}" for number in range(MOST_ENTRIES + 5)]
    for path in paths:
        api.call("GET", path, token=None)

    kept = entries(api)

    assert len(kept) == MOST_ENTRIES
    assert [entry["id"] for entry in kept] == list(range(6, MOST_ENTRIES + 6))
    assert all(entry["path"].endswith(path) for entry, path in zip(kept, paths[5:], strict=True))


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({}, [1, 2, 3, 4]),
        ({"operationId": "cancelOrder"}, [1, 2]),
        ({"OPERATIONID": "getOrder"}, [3]),
        ({"method": "put"}, [1, 2]),
        ({"path": "/CANCEL"}, [1, 2]),
        ({"path": "sendersreference=a"}, [4]),
        ({"status": 404}, [2]),
        ({"status": 599}, []),
        ({"limit": 2}, [3, 4]),
        ({"method": "PUT", "limit": 1}, [2]),
        ({"operationId": "cancelOrder", "status": 200}, [1]),
        ({"operationId": "listOrders", "status": 404}, []),
    ],
)
def test_requests_are_found_by_what_they_are(
    api: Client, query: dict[str, Any], ids: list[int]
) -> None:
    api.cancel()
    api.cancel(UNKNOWN)
    api.call("GET", f"/orders/{TTD_ORDER}")
    api.call("GET", "/orders?sendersReference=A")

    assert [entry["id"] for entry in entries(api, **query)] == ids


@pytest.mark.parametrize(
    "query",
    [
        *({"limit": value} for value in (0, -1, 1001, "x", "1.5", "")),
        *({"status": value} for value in (99, 600, "ok")),
        *({"count": value} for value in (0, 1001, "x")),
        *({"wait": value} for value in ("5", "PT61S", "PT2M", "-PT1S", "PT0.0000001S", "PT", "")),
        {"wait": "PT1S\n"},
    ],
)
def test_a_bad_query_is_refused_by_name(api: Client, query: dict[str, Any]) -> None:
    answer = api.control("GET", "/requests", params=query)

    assert (answer.status_code, next(iter(query)) in answer.json()["errors"]) == (400, True)


def test_requests_are_forgotten_and_ids_go_on(api: Client) -> None:
    api.cancel()

    assert api.control("DELETE", "/requests").status_code == 204
    assert entries(api) == []
    api.cancel()
    assert [entry["id"] for entry in api.mock.requests.list()] == [2]
    api.mock.requests.clear()
    assert api.mock.requests.list() == []
    api.cancel()
    api.mock.reset()
    assert entries(api) == []


def test_sandboxes_have_journals_of_their_own(server: MockServer, api: Client) -> None:
    other = Client(api.http, server.sandbox(f"{api.mock.url.rpartition('/')[2]}-other"))
    other.call("GET", f"/orders/{TTD_ORDER}")
    api.cancel()

    assert [entry["operationId"] for entry in entries(api)] == ["cancelOrder"]
    assert [entry["operationId"] for entry in entries(other)] == ["getOrder"]


def test_python_reads_the_same(api: Client) -> None:
    api.cancel()
    api.cancel(UNKNOWN)

    assert api.mock.requests.list() == entries(api)
    assert [entry["id"] for entry in api.mock.requests.list(status=404, limit=1)] == [2]
    waited = api.mock.requests.list(wait=timedelta(milliseconds=100), count=3)
    assert len(waited) == 2


@pytest.mark.parametrize("body", [b'{"reason": "late"}', b"not JSON", b"x" * (MOST_BYTES + 1)])
def test_the_body_that_a_cancel_was_sent_with_is_kept(api: Client, body: bytes) -> None:
    where = target(api.mock.base_url, f"/orders/{TTD_ORDER}/cancel")
    token = f"Authorization: Bearer {api.mock.token()}"

    assert exchange(api.mock.url, sized("PUT", where, token, body=body)).status == 200

    shown = entries(api)[0]["requestBody"]
    text = shown if isinstance(shown, str) else json.dumps(shown)
    assert text == body[:MOST_BYTES].decode()


def test_a_cancel_waits_for_no_body(api: Client) -> None:
    where = target(api.mock.base_url, f"/orders/{TTD_ORDER}/cancel")
    token = f"Authorization: Bearer {api.mock.token()}"
    sent = request("PUT", where, token, "Content-Length: 9", body=b"some")

    assert exchange(api.mock.url, sent).status == 200
    assert entries(api)[0]["requestBody"] == "some"


def test_a_send_condition_that_is_not_called_is_told(api: Client) -> None:
    soon = api.mock.clock.freeze(NOW) + timedelta(seconds=30)
    endpoint = "http://conditions.example/?sig=s3cr3t"
    an_order(api, conditionEndpoint=endpoint, requestedSendTime=soon.isoformat())

    api.call("POST", "/trigger/pastdueorders")

    why = entries(api)[0]["why"]
    assert why.startswith("200: as the contract says; the send condition was not called: ")
    assert "--condition-calls any" in why
    assert "s3cr3t" not in why


def large(api: Client) -> list[str]:
    """Create orders with large bodies, one with a secret in it, and return their ids."""
    many = [{"emailAddress": f"user{number}@example.com"} for number in range(1000)]
    bodies = [EMAIL | {"recipients": many, "subject": f"{number}"} for number in range(20)]
    bodies[7]["body"] = "Bearer s3cr3t"
    return [api.call("POST", "/orders/email", json=body).json()["orderId"] for body in bodies]


def test_large_bodies_are_listed_piece_by_piece(api: Client) -> None:
    ids = large(api)

    answer = api.control("GET", "/requests")

    assert answer.headers["transfer-encoding"] == "chunked"
    listed = answer.json()
    assert [entry["responseBody"]["orderId"] for entry in listed["requests"]] == ids
    assert listed["requests"][7]["requestBody"]["body"] == "Bearer [redacted]"
    assert answer.content == dump_json(listed)
    archive = api.control("GET", "/requests.har")
    assert archive.content == dump_json(archive.json())
    assert len(archive.json()["log"]["entries"]) == 20


@pytest.mark.parametrize("path", ["/requests", "/requests.har"])
def test_few_entries_are_one_piece_with_its_length(api: Client, path: str) -> None:
    for number in range(3):
        answer = api.control("GET", path)

        assert len(answer.content) == int(answer.headers["content-length"])
        assert answer.content == dump_json(answer.json())
        listed = answer.json()
        assert len(listed.get("requests", listed.get("log", {}).get("entries"))) == number
        api.call("GET", "/orders?sendersReference=none")


def test_each_body_is_searched_for_secrets_once(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    large(api)
    searched: list[bytes] = []

    def search(body: bytes) -> bytes:
        searched.append(body)
        return redact_body(body)

    monkeypatch.setattr(journal, "redact_body", search)

    for path in ("/requests", "/requests", "/requests.har"):
        api.control("GET", path)

    assert len(searched) == 40


def test_who_waits_looks_at_new_entries_alone(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(50):
        api.call("GET", "/orders?sendersReference=none")
    seen: list[int] = []
    real = Filter.fits

    def fits(wanted: Filter, entry: Entry) -> bool:
        seen.append(entry.id)
        return real(wanted, entry)

    monkeypatch.setattr(Filter, "fits", fits)
    with ThreadPoolExecutor(1) as pool:
        wait = pool.submit(api.mock.requests.list, wait=timedelta(minutes=1), count=2, status=404)
        eventually(lambda: len(seen) >= 50)
        before = len(seen)
        for _ in range(2):
            api.call("GET", "/nowhere")
        assert len(wait.result(60)) == 2

    # Each once by who waits, and everything once more to be listed.
    assert len(seen) - before <= 2 + 52
