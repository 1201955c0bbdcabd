"""The modern creates over HTTP, row for row: for what their bodies are refused, and taken."""

from typing import Any

import pytest

from tests.conftest import Client
from tests.support.future_bodies import BASES
from tests.support.future_client import COMPOSED, CREATE
from tests.support.future_rows import ANY, NOW, Row, every_row

SCOPES = f"{CREATE} {COMPOSED}"


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
    told = answer.json()["errors"]
    shown = {key: [ANY] if row.errors.get(key) == [ANY] else told[key] for key in told}
    assert shown == row.errors
