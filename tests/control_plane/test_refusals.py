"""Refusals of control operations say in the words of JSON and HTTP what to send."""

import pytest

from tests.conftest import Client
from tests.support.problem_bodies import problem

LONG = "9" * 5000
LIMITS = "Send 'limit', from 1 to 1000, such as 50."


@pytest.mark.parametrize(
    ("method", "path", "body", "told"),
    [
        ("PUT", "/state", b"", "There is no body. Send a JSON document."),
        ("PUT", "/state", b"null", "null is not of type 'object'"),
        ("PUT", "/clock", b'{"now": true}', "true is not of type 'string'"),
        ("PUT", "/clock", b'{"frozen": %b}' % LONG.encode(), "more than 4300 digits"),
        ("POST", "/clock/advance", b'{"a": 1}', "there is duration"),
        (
            "POST",
            "/faults",
            b'{"status": 500, "match": {"method": "%b"}}' % (b"A" * 33),
            "is too long; send at most 32 characters",
        ),
        (
            "POST",
            "/faults",
            b'{"status": 500, "match": {"path": "/%b"}}' % (b"a" * 2000),
            "send at most 2000 characters",
        ),
        (
            "PUT",
            "/register",
            b'{"persons": [{"number": "16069412345", "name": "%b"}]}' % (b"x" * 201),
            "is too long; send at most 200 characters",
        ),
        ("GET", "/messages?limit=1001", b"", LIMITS),
        ("GET", "/orders?limit=0", b"", LIMITS),
        ("GET", "/messages?channel=Fax", b"", "Send 'channel', one of Email, Sms, such as Email."),
        ("GET", "/orders?orderBy=up", b"", "Send 'orderBy', one of asc, desc, such as desc."),
        (
            "GET",
            f"/messages?status={'x' * 65}",
            b"",
            "Send 'status', of 64 characters at most, such as Delivered.",
        ),
    ],
)
def test_what_is_wrong_is_told_with_what_to_send(
    api: Client, method: str, path: str, body: bytes, told: str
) -> None:
    answer = api.control(method, path, content=body, headers={"Content-Type": "application/json"})

    detail = problem(answer)["detail"]
    assert answer.status_code == 400
    assert told in detail
    assert "None" not in detail
    assert "sys." not in detail


def test_who_drops_a_sandbox_that_there_is_not_learns_where_they_are_listed(api: Client) -> None:
    answer = api.control("DELETE", "/sandboxes/no-such-one")

    assert answer.status_code == 404
    assert "GET /__mock/sandboxes" in problem(answer)["detail"]


def test_faults_that_are_used_up_are_counted_of_a_sandbox(api: Client) -> None:
    api.mock.faults.add(status=500, beforeAuth=True, times=1)
    assert api.cancel().status_code == 500

    listed = api.control("GET", "/sandboxes").json()["sandboxes"]

    assert api.control("GET", "/faults").json()["count"] == 1
    assert 1 in [sandbox["faults"] for sandbox in listed]


def test_the_oldest_delay_and_the_oldest_status_that_match_count_both(api: Client) -> None:
    for rule in ({"delayMs": 1}, {"status": 502}, {"delayMs": 600_000}, {"status": 500}):
        api.control("POST", "/faults", json=rule)

    assert api.cancel().status_code == 502
    assert [fault["matched"] for fault in api.mock.faults.list()] == [1, 1, 0, 0]
