"""What a release is made of: notes, hashes, a bill of materials, and a wheel of the same bytes."""

import json
from pathlib import Path

import pytest
import yaml

from mock_server.version import __version__
from prove.release import LOCK, ROOT, ReleaseError, missing_from, notes_of, wheel_of, without_hash

CHANGELOG = """# Changelog

## 0.2.0 - 2031-03-02

- Newer.

## 0.1.0 - unreleased

- Older.
"""
WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/release.yaml").read_text("utf-8"))


def test_the_notes_are_the_section_of_the_version() -> None:
    assert notes_of(CHANGELOG, "0.2.0", is_tagged=True) == "- Newer.\n"
    assert notes_of(CHANGELOG, "0.1.0", is_tagged=False) == "- Older.\n"


@pytest.mark.parametrize(
    ("version", "why"), [("0.3.0", "no section"), ("0.1.0", "give it its day")]
)
def test_a_release_without_its_section_or_day_is_refused(version: str, why: str) -> None:
    with pytest.raises(ReleaseError, match=why):
        notes_of(CHANGELOG, version, is_tagged=True)


def test_the_changelog_has_a_section_of_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")

    assert notes_of(changelog, __version__, is_tagged=False).startswith("### ")


def test_a_requirement_without_a_hash_is_named() -> None:
    lock = "# told\nidna==3.10 \\\n    --hash=sha256:00\nclick==8.3.0\n"

    assert without_hash(lock) == ["click==8.3.0"]
    assert without_hash(LOCK.read_text("utf-8")) == []


def test_what_a_bill_of_materials_lacks_is_named() -> None:
    sbom = json.dumps({"components": [{"name": "PyYAML", "version": "6.0"}]})

    assert missing_from(sbom, ["pyyaml==6.0"]) == []
    assert missing_from(sbom, ["PyYAML==6.1", "zope.interface==1"]) == [
        "pyyaml==6.1",
        "zope-interface==1",
    ]


@pytest.mark.slow
def test_a_wheel_has_the_same_bytes_whenever_it_is_built(tmp_path: Path) -> None:
    built = [wheel_of(ROOT, tmp_path / number).read_bytes() for number in ("1", "2")]

    assert built[0] == built[1]


def test_the_workflow_calls_what_there_is() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    lines = [
        step["run"] for job in WORKFLOW["jobs"].values() for step in job["steps"] if "run" in step
    ]

    assert any(line.startswith("make release-check TAG=") for line in lines)
    assert any(".ci/run" in line for line in lines)
    assert "\nrelease-check:" in makefile
    assert WORKFLOW["permissions"] == {"contents": "read"}
