"""Null reads as left out in the bodies of control operations."""

from typing import Any

import pytest

from tests.conftest import Client
from tests.support.problem_bodies import problem

NOW = "2031-03-01T12:30:00Z"
ORDER = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"


def test_what_is_null_of_the_clock_stays_as_it_is(api: Client) -> None:
    moved = api.control("PUT", "/clock", json={"now": NOW, "frozen": True})
    same = api.control("PUT", "/clock", json={"now": NOW, "frozen": None})
    still = api.control("PUT", "/clock", json={"now": None, "frozen": True})
    nothing = api.control("PUT", "/clock", json={"now": None, "frozen": None})

    assert moved.json() == same.json() == still.json()
    assert "send now, frozen or both" in problem(nothing)["detail"]


def test_a_result_that_is_not_said_to_be_a_report_is_set_by_hand(api: Client) -> None:
    (first, *_) = api.control("GET", f"/orders/{ORDER}").json()["notifications"]
    path = f"/orders/{ORDER}/notifications/{first['id']}"

    changed = api.control("PUT", path, json={"result": "Failed_Bounced", "as": None}).json()

    assert changed["notifications"][0]["pinned"] is True


def test_a_chain_has_its_operation_and_creator_by_default(api: Client) -> None:
    content = {"emailAddress": "a@example.com", "emailSettings": {"subject": "s", "body": "b"}}
    body: dict[str, Any] = {"recipient": {"recipientEmail": content}}

    made = api.control("POST", "/chains", json={"operationId": None, "creator": None, "body": body})

    assert made.json()["orders"][0]["creator"] == "ttd"


@pytest.mark.parametrize(
    ("method", "path", "document"),
    [
        ("PUT", f"/orders/{ORDER}/status", {"status": None}),
        ("POST", "/clock/advance", {"duration": None}),
        ("POST", "/chains", {"body": None}),
    ],
)
def test_what_must_be_there_is_not_null(
    api: Client, method: str, path: str, document: dict[str, Any]
) -> None:
    answer = api.control(method, path, json=document)

    (name,) = document
    assert (answer.status_code, list(problem(answer)["errors"])) == (400, [f"$.{name}"])
