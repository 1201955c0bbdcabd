"""The first journey of docs/future-orders.md, run as it stands there."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from mock_server.testing.mock_server import MockServer

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "future-orders.md").read_text(encoding="utf-8")

pytestmark = pytest.mark.slow


def test_a_chain_is_cancelled_shipment_by_shipment(tmp_path: Path, server: MockServer) -> None:
    (script,) = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
    told = script.replace("http://localhost:5090", server.url)
    told = told.replace("$(altinn-notifications-mock token)", server.token())
    told = re.sub(r"^curl -s (?!-X POST)(.*)$", r"curl -s \1; echo ,", told, flags=re.MULTILINE)

    run = subprocess.run(  # noqa: S603 - our own page
        ["/bin/sh", "-ec", told],
        cwd=tmp_path,
        env={**os.environ, "no_proxy": "*"},
        capture_output=True,
        text=True,
        check=True,
    )

    answers = json.loads(f"[{run.stdout.strip().rstrip(',')}]")
    statuses = [answer["processingStatus"]["status"] for answer in answers]
    assert statuses == ["Registered", "Cancelled", "Registered", "Cancelled"]
    assert answers[0]["id"] == answers[3]["id"]
