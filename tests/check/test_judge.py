"""Judge of every answer in `check`: a good one passes, and each way to spoil it is found."""

import json
from copy import deepcopy
from typing import Any

import pytest

from mock_server.check.causes import causes
from mock_server.check.exchanges import Answer, Request
from mock_server.check.findings import Record
from mock_server.check.judge import Judge
from mock_server.check.promises import Promises
from mock_server.contract.contract import load_contract
from mock_server.contract.dialects import in_dialect

URL = "http://127.0.0.1:5090/notifications/api/v1/orders"
ID = "f1a1cc30-197f-4f34-8304-006ce4945fd1"
TRACE = "5249d76c03c137205ad8976fd9cd2e64"
JSON = ("Content-Type", "application/json; charset=utf-8")
CHALLENGE = ("WWW-Authenticate", 'Bearer realm="altinn-notifications"')
CANCELLED = {
    "id": ID,
    "sendersReference": "ref-2023-12-01",
    "requestedSendTime": "2031-03-31T07:00:00Z",
    "creator": "digdir",
    "created": "2031-03-01T07:00:00.25Z",
    "notificationChannel": "Email",
    "processingStatus": {
        "status": "Cancelled",
        "description": "Order processing was stopped due to order being cancelled.",
        "lastUpdate": "2031-03-01T07:12:30.25Z",
    },
}
TRACEBACK = 'Traceback (most recent call last):\n  File "/srv/app.py", line 7, in cancel'
STACK = "System.NullReferenceException: null at Orders.Cancel(Guid id) in /src/Orders.cs:line 12"
STACKS = (
    TRACEBACK,
    STACK,
    "app/models/order.rb:12:in `cancel': undefined method 'id' for nil",
    "Uncaught Error: Call to a member function id() in /srv/Orders.php:12",
)
REFUSED = {
    "type": "https://tools.ietf.org/html/rfc9110#section-15.5.2",
    "title": "Unauthorized",
    "status": 401,
    "detail": "No token was sent.",
    "traceId": f"00-{TRACE}-4d97ca7aea3f7489-01",
}


def judged(dialect: str, answer: Answer, operation_id: str = "cancelOrder", **how: Any) -> set[str]:
    """Return the checks that find something in *answer*."""
    record = Record()
    promises = Promises(in_dialect(load_contract(), dialect))
    Judge(promises, dialect, record, 2.0).judge(operation_id, answer, **how)
    return {breach.key[0] for breach in record.breaches()}


def answer(status: int, document: Any = None, *headers: tuple[str, str], **more: Any) -> Answer:
    """Return an answer to a cancel."""
    sent = more.pop("sent", {})
    method = more.pop("method", "PUT")
    request = Request(
        operation_id="cancelOrder", method=method, url=f"{URL}/{ID}/cancel", headers=sent
    )
    body = b"" if document is None else json.dumps(document).encode()
    return Answer(request=request, status=status, headers=headers, **{"body": body, **more})


def changed(document: dict[str, Any], place: str, value: Any) -> dict[str, Any]:
    """Return *document* with *value* at *place*, a path of members; None takes it out."""
    result = deepcopy(document)
    *above, name = place.split("/")
    inner = result
    for part in above:
        inner = inner[part]
    inner[name] = value
    if value is None:
        del inner[name]
    return result


def test_good_answers_pass_in_the_documented_dialect() -> None:
    assert judged("documented", answer(200, CANCELLED, JSON)) == set()
    assert judged("documented", answer(401, REFUSED, JSON, CHALLENGE)) == set()


def test_good_answers_pass_in_the_live_dialect() -> None:
    assert judged("live", answer(200, CANCELLED, JSON)) == set()
    assert judged("live", answer(401)) == set()


@pytest.mark.parametrize(
    ("place", "value", "check"),
    [
        ("id", ID.upper(), "body"),
        ("id", None, "body"),
        ("created", "2031-03-01T07:00:00+00:00", "body"),
        ("created", "2031-03-01T07:00:00.250Z", "body"),
        ("created", "2031-03-01 07:00:00Z", "body"),
        ("created", "2031-03-02T07:00:00Z", "values"),
        ("creator", None, "body"),
        ("creator", 5, "body"),
        ("extra", 1, "body"),
        ("recipients", [], "body"),
        ("processingStatus/extra", 1, "body"),
        ("processingStatus/status", "cancelled", "body"),
        ("processingStatus/status", "Canceled", "body"),
        ("processingStatus/status", "Registered", "values"),
        ("processingStatus/description", "It is cancelled.", "body"),
        ("ignoreReservation", "false", "body"),
    ],
)
def test_a_wrong_member_of_a_success_is_found(place: str, value: Any, check: str) -> None:
    assert check in judged("documented", answer(200, changed(CANCELLED, place, value), JSON))


@pytest.mark.parametrize(
    ("place", "value", "check"),
    [
        ("type", "about:blank", "problem-members"),
        ("title", "unauthorized", "problem-members"),
        ("status", 403, "problem-members"),
        ("status", "401", "problem-members"),
        ("detail", None, "problem-detail"),
        ("detail", "", "problem-detail"),
        ("traceId", None, "trace-id"),
        ("traceId", TRACE, "trace-id"),
        ("stack", "at line 1", "body"),
    ],
)
def test_a_wrong_member_of_a_problem_is_found(place: str, value: Any, check: str) -> None:
    document = changed(REFUSED, place, value)

    assert check in judged("documented", answer(401, document, JSON, CHALLENGE))


@pytest.mark.parametrize(
    ("given", "check"),
    [
        (answer(500, REFUSED, JSON), "no-server-error"),
        (answer(0, trouble="no answer in time"), "connection"),
        (answer(401, None, CHALLENGE), "body-presence"),
        (answer(401, REFUSED, JSON), "headers"),
        (answer(401, REFUSED, JSON, ("WWW-Authenticate", "Basic realm=x")), "headers"),
        (answer(401, REFUSED, ("Content-Type", "text/json"), CHALLENGE), "media-type"),
        (
            answer(401, REFUSED, ("Content-Type", "application/problem+json"), CHALLENGE),
            "media-type",
        ),
        (answer(200, CANCELLED, ("Content-Type", "text/html")), "media-type"),
        (answer(200, None, JSON, body=b"{"), "body"),
        (
            answer(200, CANCELLED, ("Content-Type", "application/json; charset=utf-16")),
            "media-type",
        ),
        (answer(200, None, JSON, body=json.dumps(CANCELLED).encode("utf-16")), "body"),
        (answer(200, None, JSON, body=b"\xef\xbb\xbf" + json.dumps(CANCELLED).encode()), "body"),
        *(
            (answer(401, {**REFUSED, "detail": stack}, JSON, CHALLENGE), "problem-detail")
            for stack in STACKS
        ),
        (
            answer(401, {**REFUSED, "title": f"Unauthorized {STACK}"}, JSON, CHALLENGE),
            "problem-detail",
        ),
        (
            answer(
                401, REFUSED, JSON, CHALLENGE, sent={"traceparent": f"00-{'1' * 32}-{'2' * 16}-01"}
            ),
            "trace-continued",
        ),
    ],
)
def test_a_wrong_answer_is_found(given: Answer, check: str) -> None:
    assert check in judged("documented", given)


@pytest.mark.parametrize(
    ("given", "check"),
    [
        (answer(401, REFUSED, JSON, CHALLENGE), "body-presence"),
        (answer(404, {**REFUSED, "status": 404}, JSON), "problem-detail"),
    ],
)
def test_what_the_deployed_service_does_not_send_is_found(given: Answer, check: str) -> None:
    assert check in judged("live", given)


@pytest.mark.parametrize(("allow", "found"), [("PUT", False), (None, True), ("PUT, GET", True)])
def test_allow_names_the_methods_and_not_the_one_that_was_refused(
    *, allow: str | None, found: bool
) -> None:
    document = {
        **REFUSED,
        "type": "https://tools.ietf.org/html/rfc9110#section-15.5.6",
        "title": "Method Not Allowed",
        "status": 405,
    }
    headers = [JSON] if allow is None else [JSON, ("Allow", allow)]

    checks = judged("documented", answer(405, document, *headers, method="GET"), is_other=True)

    assert checks == ({"allow-header"} if found else set())


def test_a_trace_id_that_comes_twice_is_found() -> None:
    record = Record()
    promises = Promises(in_dialect(load_contract(), "documented"))
    judge = Judge(promises, "documented", record, 2.0)

    for _ in range(2):
        judge.judge("cancelOrder", answer(401, REFUSED, JSON, CHALLENGE))

    assert [(one.check, one.count, one.rate) for one in causes(record)] == [
        ("trace-id-unique", 1, 0.5)
    ]


def timed(*seconds: float, method: str = "GET", urls: int = 1) -> list[tuple[str, int]]:
    """Return the findings of answers that took so long, to requests of so many URLs in turn."""
    record = Record()
    judge = Judge(Promises(load_contract()), "documented", record, 2.0)
    for number, took in enumerate(seconds):
        request = Request(operation_id="cancelOrder", method=method, url=f"{URL}/{number % urls}")
        body = json.dumps(CANCELLED).encode()
        found = Answer(request=request, status=200, headers=(JSON,), body=body, seconds=took)
        judge.judge("cancelOrder", found)
    judge.end()
    return [(one.check, one.count) for one in causes(record)]


def test_a_slow_answer_in_a_hundred_is_the_machines() -> None:
    assert timed(2.1, *[0.1] * 99, urls=100) == []


def test_two_slow_answers_in_a_hundred_are_a_finding() -> None:
    assert timed(2.1, 2.1, *[0.1] * 98, urls=100) == [("latency", 2)]


def test_slow_answers_among_less_than_a_hundred_are_the_machines() -> None:
    assert timed(2.1, 2.1, *[0.1] * 97, urls=100) == []


def test_the_same_request_slow_three_times_in_a_row_is_a_finding() -> None:
    assert timed(2.1, 2.1, 2.1) == [("latency", 3)]


def test_the_same_request_slow_twice_and_then_not_is_no_finding() -> None:
    assert timed(2.1, 2.1, 2.0, 2.1, 2.1) == []


def test_options_that_a_framework_tells_are_not_judged_as_the_operation() -> None:
    given = answer(200, None, ("Allow", "PUT, OPTIONS"), method="OPTIONS", body=b"ok")

    assert judged("documented", given, is_other=True) == set()


@pytest.mark.parametrize(("detail", "told"), [(None, "no detail"), (5, "the detail 5")])
def test_a_detail_that_is_missing_or_none_is_told_as_that(detail: object, told: str) -> None:
    record = Record()
    document = changed(REFUSED, "detail", detail)

    Judge(Promises(load_contract()), "documented", record, 2.0).judge(
        "cancelOrder", answer(401, document, JSON, CHALLENGE)
    )

    assert told in {one.key[3] for one in record.breaches() if one.key[0] == "problem-detail"}


def test_a_header_that_is_wrong_is_named() -> None:
    record = Record()

    Judge(Promises(load_contract()), "documented", record, 2.0).judge(
        "cancelOrder", answer(401, REFUSED, JSON, ("WWW-Authenticate", "Basic realm=x"))
    )

    assert [one.key[3][:16] for one in record.breaches()] == ["WWW-Authenticate"]
