"""The command `replay`, as a process: exit status, reports, and no secret in any of them."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from mock_server.testing.mock_server import MockServer
from tests.support.commands import run_here
from tests.support.journeys import Journey
from tests.support.processes import run
from tests.support.recordings import recording

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def journey(server: MockServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a recording of a journey through the API."""
    file = tmp_path_factory.mktemp("command") / "journey.har"
    with recording(server.url, file) as recorded:
        Journey(server.sandbox("command"), recorded.url).make()
    return file


def drifted(journey: Path, folder: Path) -> Path:
    """Return a copy of *journey* of which one answer was another."""
    document = json.loads(journey.read_text())
    for entry in document["log"]["entries"]:
        if entry["request"]["url"].endswith("/cancel") and entry["response"]["status"] == 409:
            entry["response"]["status"] = 200
    file = folder / "drifted.har"
    file.write_text(json.dumps(document))
    return file


def test_no_drift_is_exit_status_0(journey: Path) -> None:
    done = run("replay", str(journey))

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("  pass: no findings\n")


def test_drift_is_exit_status_1_and_in_every_report(
    server: MockServer, journey: Path, tmp_path: Path
) -> None:
    files = {name: tmp_path / f"drift.{name}" for name in ("html", "json", "junit")}
    options = [part for name, file in files.items() for part in (f"--{name}", str(file))]

    done = run("replay", str(drifted(journey, tmp_path)), server.base_url, *options)

    told = "PUT /orders/{id}/cancel: recorded 200, replayed 409"
    assert done.returncode == 1
    assert told in done.stdout
    assert "openapi.yaml:" in done.stdout
    assert told in files["html"].read_text()
    assert "replay of http://" in files["html"].read_text()
    assert [one["cause"] for one in json.loads(files["json"].read_bytes())["findings"]] == [told]
    suite = ET.parse(files["junit"]).getroot()[0]  # noqa: S314 - our own report
    assert (suite.get("name"), suite.get("failures")) == ("altinn-notifications-mock replay", "1")
    written = done.stdout + "".join(file.read_text() for file in files.values())
    assert re.findall(r"eyJ[\w-]{10,}", written) == []


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("/nowhere.har",), "cannot read the recording /nowhere.har: No such file or directory"),
        (("FILE", "http://127.0.0.1:1"), "no control plane at http://127.0.0.1:1"),
        (("FILE", "http://me:secret@127.0.0.1:1"), "BASE_URL has a user name or a password"),
        (("FILE", "--rules", "/nowhere.yaml"), "cannot read the rules /nowhere.yaml"),
        (("FILE", "--spec", "/nowhere.yaml"), "cannot read the contract /nowhere.yaml"),
        (("FILE", "--json", "/nowhere/x.json"), "cannot write the report /nowhere/x.json"),
    ],
)
def test_what_cannot_be_replayed_is_told_on_one_line(
    journey: Path, options: tuple[str, ...], told: str
) -> None:
    done = run_here("replay", *(str(journey) if option == "FILE" else option for option in options))

    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert told in done.stderr
    assert "secret" not in done.stderr
