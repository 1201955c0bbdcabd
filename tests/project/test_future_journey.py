"""The journeys of docs/future-orders.md, run as they stand there."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from mock_server.testing.mock_server import MockServer

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "future-orders.md").read_text(encoding="utf-8")
CANCELLED, FOLLOWED = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)

pytestmark = pytest.mark.slow


def answers_to(script: str, folder: Path, server: MockServer) -> list[Any]:
    """Return what the calls of *script* answer, but for those whose answer goes to a file."""
    told = script.replace("http://localhost:5090", server.url)
    for org in ("ttd", "nav"):
        option = "" if org == "ttd" else f" --org {org}"
        told = told.replace(f"$(altinn-notifications-mock token{option})", server.token(org=org))
    printing = r"^curl -s ((?:-X PUT|-X POST \$WORLD|\$).*)$"
    told = re.sub(printing, r"curl -s \1; echo ,", told, flags=re.MULTILINE)
    run = subprocess.run(  # noqa: S603 - our own page
        ["/bin/sh", "-ec", told],
        cwd=folder,
        env={**os.environ, "no_proxy": "*"},
        capture_output=True,
        text=True,
        check=True,
    )
    answers: list[Any] = json.loads(f"[{run.stdout.strip().rstrip(',')}]")
    return answers


def test_a_chain_is_cancelled_shipment_by_shipment(tmp_path: Path, server: MockServer) -> None:
    answers = answers_to(CANCELLED, tmp_path, server)

    statuses = [answer["processingStatus"]["status"] for answer in answers]
    assert statuses == ["Registered", "Cancelled", "Registered", "Cancelled"]
    assert answers[0]["id"] == answers[3]["id"]


def test_a_chain_is_followed_to_its_end(tmp_path: Path, server: MockServer) -> None:
    answers = answers_to(FOLLOWED, tmp_path, server)

    _set, moved, main, feed, cancelled, _moved, later, reminder = answers
    assert moved == {"now": "2031-05-01T07:05:00Z", "frozen": True}
    assert main["status"] == "Order_Completed"
    assert [one["status"] for one in main["recipients"]] == ["Email_Delivered"]
    assert [entry["shipmentId"] for entry in feed] == [main["shipmentId"]]
    assert cancelled["processingStatus"]["status"] == "Cancelled"
    assert later == feed
    assert (reminder["shipmentId"], reminder["status"]) == (cancelled["id"], "Order_Cancelled")
