"""The changelog and the pages under docs agree with the project."""

import re
import tomllib
from pathlib import Path

import pytest

from mock_server.domain.magic_values import EMAIL_OUTCOMES, SMS_OUTCOMES
from mock_server.version import __version__

ROOT = Path(__file__).resolve().parents[2]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
ORDER = ["Security", "Removed", "Deprecated", "Added", "Changed", "Fixed", "Dependencies"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DEPENDENCIES = [re.split(r"[^A-Za-z0-9_-]", text)[0] for text in PROJECT["dependencies"]]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
LINKS = [
    (page.relative_to(ROOT), link)
    for page in PAGES
    for link in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
]


def test_the_changelog_begins_with_this_version() -> None:
    versions = re.findall(r"^## (\S+)", CHANGELOG, re.MULTILINE)

    assert versions[0] == __version__


def test_the_changes_stand_in_the_usual_order() -> None:
    releases = re.split(r"^## ", CHANGELOG, flags=re.MULTILINE)[1:]

    for release in releases:
        kinds = re.findall(r"^### (\w+)", release, re.MULTILINE)
        assert kinds == [kind for kind in ORDER if kind in kinds]


@pytest.mark.parametrize("name", DEPENDENCIES)
def test_a_dependency_has_one_sentence_that_says_why(name: str) -> None:
    reasons = re.findall(rf"^- `{name}` .+\.$", CHANGELOG, re.MULTILINE | re.IGNORECASE)

    assert len(reasons) == 1


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
@pytest.mark.parametrize("name", DEPENDENCIES)
def test_a_dependency_is_locked(name: str, lock: str) -> None:
    locked = (ROOT / lock).read_text(encoding="utf-8")

    assert re.search(rf"^{name}==", locked, re.MULTILINE | re.IGNORECASE)


def test_a_difference_tells_what_both_do_and_why() -> None:
    table = (ROOT / "docs" / "differences.md").read_text(encoding="utf-8")

    rows = [line for line in table.splitlines() if re.match(r"\| \d", line)]

    assert rows
    assert [row for row in rows if not re.fullmatch(r"\| \d+ (\| [^|]*\S ){4}\|", row)] == []


@pytest.mark.parametrize(("page", "link"), LINKS)
def test_a_link_between_pages_leads_somewhere(page: Path, link: str) -> None:
    assert link.startswith("https://") or (ROOT / page.parent / link).exists()


MAGIC_ROW = r"^\| (.*) \| `(\w+)`(?:, read as `\w+`)? \|$"


def test_the_table_of_magic_values_is_that_of_the_code() -> None:
    page = (ROOT / "docs" / "magic-values.md").read_text(encoding="utf-8")
    told = [
        (value.removesuffix("@…"), result)
        for values, result in re.findall(MAGIC_ROW, page, re.MULTILINE)
        for value in re.findall(r"`(.*?)`", values)
    ]

    expected = {**EMAIL_OUTCOMES, **SMS_OUTCOMES}
    assert dict(told) == {value: str(result) for value, result in expected.items()}
    assert len(told) == len(expected)
