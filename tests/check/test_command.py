"""The command `check` as CI runs it: its words, its files, its exit status."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from mock_server import MockServer
from mock_server.check.checks import CHECKS, renew
from tests.support.processes import run

pytestmark = pytest.mark.slow

PAGE = Path(__file__).resolve().parents[2] / "docs" / "check.md"
FILES = ("check.json", "check.xml", "check.html", "check.md", "check.log")


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    """Return a server that fails one cancel in twenty."""
    with MockServer() as running:
        fault = {"match": {"operationId": "cancelOrder"}, "status": 503, "times": 1_000_000}
        running.faults.add({**fault, "probability": 0.05})
        yield running


@pytest.fixture(scope="module")
def reports(mock: MockServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the reports on that server, with the command's output."""
    folder = tmp_path_factory.mktemp("reports")
    files = [str(folder / name) for name in FILES]
    options = zip(
        ("--json", "--junit", "--html", "--markdown", "--annotations"), files, strict=True
    )
    done = check(mock, *(word for option in options for word in option))
    (folder / "printed").write_text(f"{done.returncode}\n{done.stdout}{done.stderr}")
    return folder


def check(mock: MockServer, *options: str) -> Any:
    """Run `check` on *mock*, a short one."""
    return run("check", mock.base_url, "--max-examples", "0", "--seed", "1", *options)


def read(reports: Path) -> dict[str, Any]:
    """Return the JSON report."""
    found: dict[str, Any] = json.loads((reports / "check.json").read_bytes())
    return found


def test_each_finding_is_an_error_at_its_line_of_the_contract(reports: Path) -> None:
    lines = (reports / "check.log").read_text(encoding="utf-8").splitlines()
    errors = [line for line in lines if line.startswith("::error ")]

    assert len(errors) == len(read(reports)["findings"])
    assert re.match(
        r"::error file=openapi\.yaml,line=[1-9]\d+,title=no-server-error::.*cancelOrder", errors[0]
    )


def test_a_fault_now_and_then_is_found_with_its_rate(reports: Path) -> None:
    report = read(reports)

    found = [one for one in report["findings"] if one["check"] == "no-server-error"]

    assert report["verdict"] == "fail"
    assert found[0]["operationId"] == "cancelOrder"
    assert 0 < found[0]["rate"] < 0.5
    assert found[0]["count"] > 1


def test_what_is_printed_says_what_why_where_and_how(reports: Path) -> None:
    printed = (reports / "printed").read_text()

    assert printed.startswith("1\n")
    assert "expected  no status from 500 on" in printed
    assert "got       status 503" in printed
    assert "of those looked at" in printed
    assert "contract  openapi.yaml:" in printed
    assert "again     ID=$(curl -s -X POST" in printed
    assert " && curl -i -X PUT" in printed


def test_no_report_has_a_token_in_it(reports: Path) -> None:
    for file in reports.iterdir():
        assert "eyJ" not in file.read_text()


def test_the_members_of_the_report_are_as_promised(reports: Path) -> None:
    report = read(reports)

    members = {"check", "operationId", "expected", "got", "curl", "count", "rate"}
    assert {"verdict", "dialect", "seed", "findings", "reached", "notJudged"} <= set(report)
    assert all(members <= set(finding) for finding in report["findings"])
    assert (report["dialect"], report["seed"]) == ("documented", 1)
    assert report["reached"]["cancelOrder"]["200"] > 1


def test_junit_counts_what_it_has(reports: Path) -> None:
    suite = ET.parse(reports / "check.xml").getroot().find("testsuite")  # noqa: S314 - our own
    assert suite is not None

    cases = suite.findall("testcase")
    failed = [case for case in cases if case.find("failure") is not None]

    assert suite.get("tests") == str(len(cases))
    assert suite.get("failures") == str(len(failed))
    assert len(failed) == len(read(reports)["findings"])
    assert ["no-server-error", "cancelOrder"] in [
        [case.get("classname"), str(case.get("name"))[:11]] for case in failed
    ]


def test_every_report_counts_the_same(reports: Path) -> None:
    count = len(read(reports)["findings"])

    printed = (reports / "printed").read_text()
    page = (reports / "check.html").read_text()
    added = (reports / "check.md").read_text()

    assert f"fail: {count} finding" in printed
    assert f"<h2>Findings: {count}</h2>" in page
    assert page.count('<article class="new"') == count
    assert f"### fail: {count} finding" in added


def test_the_page_needs_nothing_from_elsewhere(reports: Path) -> None:
    page = (reports / "check.html").read_text()

    assert "no status from 500 on" in page
    assert "<script" not in page
    assert "src=" not in page
    assert "<link" not in page


def test_a_baseline_accepts_what_is_known(mock: MockServer, reports: Path) -> None:
    known = check(mock, "--baseline", str(reports / "check.json"))

    report = read(reports)
    report["findings"] = [
        finding for finding in report["findings"] if finding["check"] != "no-server-error"
    ]
    (reports / "less.json").write_text(json.dumps(report))
    less = check(mock, "--baseline", str(reports / "less.json"))

    assert "accepted" in known.stdout
    assert less.returncode == 1
    assert "no status from 500 on" in less.stdout


def test_the_page_on_check_has_every_check() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert page == renew(page)
    assert all(f"`{name}`" in page for name in CHECKS)
