"""The curl of a finding reproduces it, long after the orders of the run are gone."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mock_server import MockServer
from mock_server.check.findings import Finding
from mock_server.check.run import Wanted, check

pytestmark = pytest.mark.slow

NAME = "altinn-notifications-mock"


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    """Return a server whose cancel is always refused with 403."""
    with MockServer() as running:
        fault = {"match": {"operationId": "cancelOrder"}, "status": 403, "times": 1_000_000}
        running.faults.add(fault)
        yield running


@pytest.fixture(scope="module")
def findings(mock: MockServer) -> list[Finding]:
    """Return the findings of a check of that server."""
    wanted = Wanted(base_url=mock.base_url, seed=1, max_examples=0)
    return list(check(wanted, lambda *_: None).findings)


def replayed(curl: str, folder: Path) -> str:
    """Return the output of *curl* in a shell that has the command."""
    command = folder / NAME
    program = "from mock_server.cli.main import main; main()"
    command.write_text(f"#!/bin/sh\nexec {sys.executable} -c '{program}' \"$@\"\n")
    command.chmod(0o755)
    path = {"PATH": f"{folder}:{os.environ['PATH']}"}
    done = subprocess.run(  # noqa: S603 - what a user would do
        ["/bin/bash", "-c", curl], check=True, capture_output=True, text=True, env=os.environ | path
    )
    return done.stdout


@pytest.mark.parametrize(
    "expected",
    ["200: the order is far ahead", "409: the order is Processed", "409: the send time is 2"],
)
def test_the_order_is_made_again(
    mock: MockServer, findings: list[Finding], tmp_path: Path, expected: str
) -> None:
    finding = next(one for one in findings if one.expected.startswith(expected))
    before = len(mock.orders.list())

    told = replayed(finding.curl, tmp_path)

    assert re.match(r"HTTP/1.1 403 ", told)
    assert len(mock.orders.list()) == before + 1


def test_what_is_about_no_order_is_one_request(findings: list[Finding]) -> None:
    finding = next(one for one in findings if one.expected == "404: no order has this id")

    assert finding.curl.startswith("curl -i ")
