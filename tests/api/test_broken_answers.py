"""Answers that break the contract become a 500 that names the place."""

import logging
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from mock_server.testing.mock_server import MockServer
from tests.conftest import Client

CONTRACT = Path(__file__).resolve().parents[2] / "openapi.yaml"


def test_an_edited_contract_that_the_answer_breaks_is_told_by_name(
    http: httpx.Client, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    edited = tmp_path / "openapi.yaml"
    text = CONTRACT.read_text(encoding="utf-8")
    edited.write_text(text.replace("enum: [Registered,", "enum: [Received,"), encoding="utf-8")
    with MockServer(spec=edited) as mock:
        answer = Client(http, mock.sandbox("default")).call(
            "GET", "/orders/11111111-1111-4111-8111-111111111111/status"
        )

    assert answer.status_code == 500
    place = "the 200 of getOrderStatus, at $.processingStatus.status: 'Registered' is not one of ["
    assert answer.json()["detail"].startswith(f"The answer breaks the contract: {place}")
    assert answer.json()["detail"].endswith(". With --spec, check what was edited.")
    told = [record.message for record in caplog.records if record.levelno >= logging.WARNING]
    assert [line[:79] for line in told] == [f"the answer breaks the contract: {place}"[:79]]


@pytest.mark.parametrize("number", [1, 1000], ids=["small", "large"])
def test_a_large_answer_is_checked_as_a_small_one_is(
    http: httpx.Client, tmp_path: Path, number: int
) -> None:
    edited = tmp_path / "openapi.yaml"
    text = CONTRACT.read_text(encoding="utf-8")
    edited.write_text(text.replace("        - New\n", "        - Old\n"), encoding="utf-8")
    recipients = [{"emailAddress": "new@example.com"}] * number
    with MockServer(spec=edited) as mock:
        order = mock.orders.create(recipients=recipients)  # type: ignore[arg-type] # any text, as of a row
        mock.clock.advance(timedelta(days=2))
        path = f"/orders/{order['id']}/notifications/email"
        answer = Client(http, mock.sandbox("default")).call("GET", path)

    assert answer.status_code == 500
    assert "'New' is not one of" in answer.json()["detail"]


def test_the_journal_tells_why_the_answer_was_broken_not_what_was_cancelled(
    http: httpx.Client, tmp_path: Path
) -> None:
    edited = tmp_path / "openapi.yaml"
    text = CONTRACT.read_text(encoding="utf-8")
    edited.write_text(text.replace("SendConditionNotMet, Cancelled]", "Stopped]"), encoding="utf-8")
    with MockServer(spec=edited) as mock:
        answer = Client(http, mock.sandbox("default")).cancel()
        why = mock.requests.list()[-1]["why"]

    assert answer.status_code == 500
    assert why.startswith("500: The answer breaks the contract: the 200 of cancelOrder, at $.")
