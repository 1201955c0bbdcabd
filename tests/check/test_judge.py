"""What `check` holds of every answer: a good one passes, and each way to spoil it is found."""

import json
from copy import deepcopy
from typing import Any

import pytest

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
    return {finding.check for finding in record.findings()}


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
        (answer(200, CANCELLED, JSON, seconds=2.1), "latency"),
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

    assert [(one.check, one.count, one.rate) for one in record.findings()] == [
        ("trace-id-unique", 1, 0.5)
    ]
