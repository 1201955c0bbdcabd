"""A fault's rule: which requests it is about, how often it takes effect, and what is refused."""

from typing import Any

import pytest

from mock_server.records.members import MemberError
from mock_server.sandbox.faults import Faults
from mock_server.testing.mock_server import SandboxControl
from tests.conftest import TTD_ORDER, Client
from tests.support.create_bodies import EMAIL
from tests.support.problem_bodies import problem

REFERENCE = "app-50001/ref 1"
ORDER = f"/orders/{TTD_ORDER}"
JSON = {"Content-Type": "application/json"}
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({}, "status"),
    ({"match": {"operationId": "cancelOrder"}}, "status"),
    ({"delayMs": 0}, "status"),
    ({"preset": "unheard-of"}, "preset"),
    ({"status": 199}, "status"),
    ({"status": 600}, "status"),
    ({"status": "503"}, "status"),
    ({"status": 503.5}, "status"),
    ({"status": True}, "status"),
    ({"status": 500, "headers": []}, "headers"),
    ({"status": 500, "headers": {"X-Number": 1}}, "headers"),
    ({"status": 500, "headers": {"": "x"}}, "headers"),
    ({"status": 500, "headers": {"X Y": "x"}}, "headers"),
    ({"status": 500, "headers": {"X-Ø": "x"}}, "headers"),
    ({"status": 500, "headers": {"X-Lines": "a\r\nb: c"}}, "headers"),
    ({"status": 500, "headers": {"X-Wide": "€"}}, "headers"),
    ({"status": 500, "headers": {"Content-Length": "5"}}, "headers"),
    ({"status": 500, "headers": {"transfer-encoding": "chunked"}}, "headers"),
    ({"status": 500, "headers": {"Connection": "close"}}, "headers"),
    ({"status": 204, "body": {}}, "body"),
    ({"status": 304, "body": "x"}, "body"),
    ({"delayMs": 1, "body": "x"}, "body"),
    ({"delayMs": 1, "body": ""}, "body"),
    ({"delayMs": 1, "body": False}, "body"),
    ({"delayMs": 1, "headers": {"X-A": "b"}}, "headers"),
    ({"delayMs": 1, "retryAfter": 0}, "retryAfter"),
    ({"delayMs": 1, "beforeAuth": True}, "beforeAuth"),
    ({"delayMs": -1}, "delayMs"),
    ({"status": 500, "match": {"path": "orders/*"}}, "match.path"),
    ({"status": 500, "match": {"path": "*orders"}}, "match.path"),
    ({"status": 500, "match": {"path": "http://a/notifications/api/v1/orders"}}, "match.path"),
    ({"status": 500, "match": {"method": "FOO"}}, "match.method"),
    ({"status": 500, "match": {"method": "PUT "}}, "match.method"),
    ({"status": 500, "match": {"method": ""}}, "match.method"),
    ({"delayMs": 600_001}, "delayMs"),
    ({"delayMs": "1"}, "delayMs"),
    ({"connection": "cut"}, "connection"),
    ({"connection": "reset", "status": 500}, "connection"),
    ({"connection": "hang", "status": 500}, "connection"),
    ({"status": 500, "times": 0}, "times"),
    ({"status": 500, "times": 1.5}, "times"),
    ({"status": 500, "probability": -0.1}, "probability"),
    ({"status": 500, "probability": 1.1}, "probability"),
    ({"status": 500, "probability": "1"}, "probability"),
    ({"status": 500, "seed": "x"}, "seed"),
    ({"status": 500, "beforeAuth": 1}, "beforeAuth"),
    ({"status": 503, "retryAfter": -1}, "retryAfter"),
    ({"status": 503, "retryAfter": 86_401}, "retryAfter"),
    ({"status": 503, "retryAfterForm": "date"}, "retryAfterForm"),
    ({"status": 503, "retryAfter": 1, "retryAfterForm": "hours"}, "retryAfterForm"),
    ({"status": 503, "match": []}, "match"),
    ({"status": 503, "match": {"operationId": "noSuch"}}, "match.operationId"),
    ({"status": 503, "match": {"method": 1}}, "match.method"),
    ({"status": 503, "match": {"path": "x" * 2001}}, "match.path"),
    ({"status": 503, "match": {"sendersReference": 1}}, "match.sendersReference"),
    ({"status": 503, "match": {"host": "x"}}, "host"),
    ({"status": 503, "retries": 1}, "retries"),
]


@pytest.mark.parametrize(("rule", "member"), REFUSED, ids=lambda value: str(value)[:60])
def test_a_bad_member_is_refused_by_name(api: Client, rule: dict[str, Any], member: str) -> None:
    answer = api.control("POST", "/faults", json=rule)

    body = problem(answer)
    assert body["status"] == 400
    assert member in str(body["errors"])
    assert api.mock.faults.list() == []


@pytest.mark.parametrize(("rule", "member"), REFUSED, ids=lambda value: str(value)[:60])
def test_python_refuses_the_same(api: Client, rule: dict[str, Any], member: str) -> None:
    with pytest.raises(MemberError, match=member.rpartition(".")[2]):
        api.mock.faults.add(rule)

    assert api.mock.faults.list() == []


@pytest.mark.parametrize(
    ("match", "told"),
    [
        (
            {"path": "orders/*"},
            "match.path: 'orders/*' matches no path, as each begins with a slash; send '/orders/*'",
        ),
        (
            {"method": "FOO"},
            "match.method: 'FOO' is no method; send one of GET, HEAD, POST, PUT, PATCH, DELETE, ",
        ),
    ],
)
def test_a_pattern_that_can_match_nothing_is_told_what_to_send(
    api: Client, match: dict[str, Any], told: str
) -> None:
    answer = api.control("POST", "/faults", json={"status": 503, "match": match})

    assert problem(answer)["detail"].startswith(told)


@pytest.mark.parametrize("path", ["*", "/*/*/cancel", "*/orders/*/CANCEL", "**/orders/*/cancel/"])
def test_a_path_may_begin_with_stars(api: Client, path: str) -> None:
    answer = api.control("POST", "/faults", json={"status": 503, "match": {"path": path}})

    assert answer.status_code == 201
    assert api.cancel().status_code == (200 if path == "*" else 503)


@pytest.mark.parametrize("raw", ["", "[]", "null", "{", '{"status": NaN}'])
def test_what_is_no_rule_is_refused(api: Client, raw: str) -> None:
    assert api.control("POST", "/faults", content=raw, headers=JSON).status_code == 400


def test_a_refusal_lists_the_words_that_there_are_without_null(api: Client) -> None:
    refused = problem(api.control("POST", "/faults", json={"preset": "unheard-of"}))

    assert refused["errors"]["$.preset"][0].endswith("'truncate-once', 'hang-once'].")


def test_a_refusal_of_the_python_interface_begins_with_a_place(api: Client) -> None:
    with pytest.raises(MemberError, match=r"^\$: .*'retry_after' was unexpected\); use retryAfter"):
        api.mock.faults.add(status=503, retry_after=3)  # type: ignore[call-arg] # any text, as of a row


def test_null_reads_as_absent_in_every_member(api: Client) -> None:
    members = dict.fromkeys(api.mock.faults.add(status=500), None) | dict.fromkeys(
        ("preset", "headers", "body", "delayMs", "connection", "times", "retryAfter")
    )
    del members["id"], members["matched"]
    match = dict.fromkeys(("operationId", "method", "path", "sendersReference"))

    answer = api.control("POST", "/faults", json=members | {"status": 503, "match": match})

    assert answer.status_code == 201
    assert answer.json()["match"] == {}


def test_a_fault_is_listed_as_it_was_armed_with_its_count(api: Client) -> None:
    match = {"operationId": "cancelOrder", "method": "PUT", "path": "/orders/*/cancel"}
    rule = {"match": match, "status": 503, "headers": {"X-A": "b"}, "body": {"a": 1}, "times": 2}
    rule |= {"retryAfter": 1, "retryAfterForm": "date", "probability": 0.5, "seed": 1}
    rule |= {"beforeAuth": True, "delayMs": 1}

    armed = api.control("POST", "/faults", json=rule).json()

    assert armed == {"id": armed["id"], **rule, "matched": 0}
    assert api.control("GET", "/faults").json() == {"count": 1, "faults": [armed]}


@pytest.mark.parametrize(
    ("match", "fits"),
    [
        ({}, True),
        ({"operationId": "cancelOrder"}, True),
        ({"operationId": "getOrder"}, False),
        ({"method": "put"}, True),
        ({"method": "GET"}, False),
        ({"path": "/orders/*/cancel"}, True),
        ({"path": "/ORDERS/*/Cancel/"}, True),
        ({"path": f"/orders/{TTD_ORDER.upper()}/cancel"}, True),
        ({"path": "/orders/1*-*1/c*l"}, True),
        ({"path": "/*/*/*"}, True),
        ({"path": "/orders/*"}, False),
        ({"path": "/orders/**"}, False),
        ({"path": "/orders/1*9*1/cancel"}, False),
        ({"path": "/orders/.*/cancel"}, False),
        ({"path": "*"}, False),
        ({"operationId": "cancelOrder", "method": "GET"}, False),
    ],
)
def test_a_fault_is_about_what_it_matches(
    api: Client, match: dict[str, str], *, fits: bool
) -> None:
    api.mock.faults.add(match=match, status=500)  # type: ignore[arg-type] # any text, as of a row

    assert api.cancel().status_code == (500 if fits else 200)
    assert api.mock.faults.list()[0]["matched"] == fits


def test_a_path_of_many_stars_is_matched_at_once(api: Client) -> None:
    api.mock.faults.add(match={"path": "/orders/" + "*1" * 900}, status=500)
    api.mock.faults.add(match={"path": "/orders/" + "*" * 1900 + "x"}, status=500)

    answer = api.call("GET", f"/orders/{'1' * 2000}0")

    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ORDER), ("GET", f"{ORDER}/status"), ("GET", f"{ORDER}/notifications/email")],
)
def test_the_stored_order_tells_the_reference(api: Client, method: str, path: str) -> None:
    reference = api.mock.orders.get(TTD_ORDER)["sendersReference"]
    api.mock.faults.add(match={"sendersReference": reference}, status=500)

    assert api.call(method, path).status_code == 500
    assert api.call(method, path.replace(TTD_ORDER, TTD_ORDER.replace("1", "2"))).is_success


def test_the_query_tells_the_reference(api: Client) -> None:
    api.mock.faults.add(match={"sendersReference": REFERENCE}, status=500)

    asked = [
        api.call("GET", "/orders", params={name: value}).status_code
        for name, value in (("sendersReference", REFERENCE), ("SENDERSREFERENCE", "other"))
    ]

    assert asked == [500, 200]


@pytest.mark.parametrize("is_chunked", [False, True])
def test_the_body_of_a_create_tells_the_reference(api: Client, *, is_chunked: bool) -> None:
    api.mock.faults.add(match={"sendersReference": REFERENCE}, status=500)

    def send(reference: str) -> int:
        content = api.http.build_request("POST", "/", json=EMAIL | {"SendersReference": reference})
        body: Any = iter([content.content[:9], content.content[9:]])
        sent = body if is_chunked else content.content
        return api.call("POST", "/orders/email", content=sent, headers=JSON).status_code

    assert (send(REFERENCE), send("other")) == (500, 202)


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '{"sendersReference": 1}', "[" * 5000])
def test_a_body_without_a_reference_is_refused_as_ever(api: Client, body: str) -> None:
    api.mock.faults.add(match={"sendersReference": REFERENCE}, status=500)

    answer = api.call("POST", "/orders/email", content=body, headers=JSON)

    assert answer.status_code == 400


def test_a_fault_takes_effect_so_many_times_and_the_next_takes_over(api: Client) -> None:
    for status in (500, 502):
        api.mock.faults.add(status=status, times=2)

    statuses = [api.cancel().status_code for _ in range(5)]

    assert statuses == [500, 500, 502, 502, 200]
    assert [fault["matched"] for fault in api.mock.faults.list()] == [2, 2]


def test_probability_is_repeatable_by_its_seed(api: Client) -> None:
    def drawn(**rule: Any) -> list[int]:
        api.mock.faults.clear()
        api.mock.faults.add(status=500, **rule)
        return [api.cancel().status_code for _ in range(30)]

    first, again = drawn(probability=0.5, seed=7), drawn(probability=0.5, seed=7)

    assert first == again
    assert {*first} == {200, 500}
    assert drawn(probability=0.5, seed=8) != first
    assert ({*drawn(probability=0)}, {*drawn(probability=1)}) == ({200}, {500})


def test_a_thousand_faults_are_the_limit(api: Client) -> None:
    for _ in range(Faults.MOST):
        api.mock.faults.add(status=500, match={"path": "/nowhere"})

    answer = api.control("POST", "/faults", json={"status": 500})

    assert "1,000" in problem(answer)["detail"]
    assert (answer.status_code, api.cancel().status_code) == (409, 200)


def test_an_unknown_fault_is_not_found(api: Client) -> None:
    assert api.control("DELETE", f"/faults/{TTD_ORDER}").status_code == 404
    assert api.control("DELETE", "/faults/x").status_code == 400


@pytest.mark.parametrize("value", [float("inf"), float("nan"), b"x", {1}, "\ud800"])
def test_a_body_that_json_cannot_have_is_refused(mock: SandboxControl, value: object) -> None:
    with pytest.raises(MemberError, match="not JSON"):
        mock.faults.add(status=503, body=value)


def test_a_number_that_json_cannot_give_back_is_refused(api: Client) -> None:
    answer = api.control("POST", "/faults", content='{"status": 503, "body": 1e999}', headers=JSON)

    assert "1e999 is larger" in problem(answer)["errors"]["$"][0]
    assert api.mock.faults.list() == []


@pytest.mark.parametrize("before", ["", "/notifications/api/v1", "/Notifications/API/V1"])
@pytest.mark.parametrize("query", ["", "?sendersReference=a"])
def test_a_pattern_is_taken_as_the_journal_writes_a_path(
    api: Client, before: str, query: str
) -> None:
    path = f"{before}/orders/{TTD_ORDER}/cancel{query}"
    armed = api.mock.faults.add({"match": {"path": path}, "status": 503})

    assert armed["match"]["path"] == f"/orders/{TTD_ORDER}/cancel"
    assert api.cancel().status_code == 503


def test_the_journal_s_own_path_arms_a_fault_in_a_named_sandbox(api: Client) -> None:
    api.cancel(token=None)
    path = api.mock.requests.list()[-1]["path"]

    api.mock.faults.add({"match": {"path": path}, "status": 503})

    assert api.cancel().status_code == 503
