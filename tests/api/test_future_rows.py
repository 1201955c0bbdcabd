"""The modern creates over HTTP, row for row: for what their bodies are refused, and taken."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mock_server.testing.mock_server import MockServer
from tests.conftest import Client
from tests.support.future_bodies import BASES
from tests.support.future_client import COMPOSED, CREATE
from tests.support.future_rows import NOW, Row, every_row
from tests.support.future_whole_bodies import MANY_RULES, MISSING_MEMBERS, WholeBody

SCOPES = f"{CREATE} {COMPOSED}"
IN_THE_TEXT = " | LineNumber:"
"""Where a message begins to tell the place in the text of the body, which rows do not."""


@pytest.fixture(scope="module")
def token(server: Any) -> str:
    return f"Bearer {server.token(scope=SCOPES)}"


@pytest.mark.parametrize("row", every_row(), ids=lambda row: f"R{row.number}-{row.base}")
def test_a_body_is_answered_as_its_row_says(api: Client, token: str, row: Row) -> None:
    api.mock.clock.freeze(NOW)

    answer = api.call("POST", BASES[row.base][0], json=row.body, headers={"Authorization": token})

    if row.errors is None:
        assert answer.status_code == 201, answer.text
        return
    assert answer.status_code == 400, answer.text
    shown = {
        key: [message.partition(IN_THE_TEXT)[0] for message in messages]
        for key, messages in answer.json()["errors"].items()
    }
    assert shown == row.errors


@pytest.fixture(scope="module")
def live(http: httpx.Client) -> Iterator[Client]:
    """Return a client of a server that is as terse as the deployed service."""
    with MockServer(dialect="live") as server:
        yield Client(http, server.sandbox("rows"))


@pytest.mark.parametrize("row", [MISSING_MEMBERS, MANY_RULES], ids=["R72", "R131"])
def test_a_refusal_is_as_the_service_writes_it_member_for_member(
    live: Client, row: WholeBody
) -> None:
    answer = live.call("POST", BASES["FO"][0], json=row.sent)

    told = answer.json()
    assert len(told.pop("traceId")) == 55
    assert answer.status_code == 400
    assert json.dumps(told) == json.dumps(row.answer)


@pytest.mark.parametrize("row", [MISSING_MEMBERS, MANY_RULES], ids=["R72", "R131"])
def test_the_documented_dialect_has_the_same_errors_in_the_same_order(
    api: Client, row: WholeBody
) -> None:
    told = api.call("POST", BASES["FO"][0], json=row.sent).json()

    assert json.dumps(told["errors"]) == json.dumps(row.answer["errors"])
    assert told["detail"]
