"""Docstrings and comments name sources that a reader has: files, RFCs, pages of `docs/`."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_CODE = ("mock_server", "handlers", "prove", "tests", "benchmarks", "examples", "openapi.yaml")
_PAPERS = re.compile(
    r"fact[ ]sheet|real-clients[.]md|\bdesign[ ]section|\bquirk[ ]\d", re.IGNORECASE
)
_PAGE = re.compile(r"(?<![\w/.-])docs/[\w-]+\.md")


def _files() -> list[Path]:
    told = subprocess.run(  # noqa: S603 - the names are ours
        ["git", "ls-files", *_CODE],  # noqa: S607 - wherever it is
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [ROOT / name for name in told.stdout.split() if name.endswith((".py", ".yaml"))]


def _lines(pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    return [
        (f"{path.relative_to(ROOT)}:{number}", found)
        for path in _files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for found in pattern.findall(line)
    ]


def test_no_source_is_a_paper_that_the_repository_lacks() -> None:
    assert _lines(_PAPERS) == []


def test_every_page_that_is_named_is_there() -> None:
    assert [place for place, page in _lines(_PAGE) if not (ROOT / page).exists()] == []
