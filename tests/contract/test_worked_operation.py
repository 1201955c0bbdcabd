"""The operation that docs/designing.md adds file by file: done as told, it is served and green."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import indent

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "designing.md").read_text(encoding="utf-8")
WORKED = PAGE.partition("<!-- worked -->")[2].partition("<!-- /worked -->")[0]
INSERTED = re.findall(r"In `([^`]+)`, before `([^`]+)`.*\n\n```\w+\n((?:.*\n)*?)```", WORKED)
NEW = re.findall(r"New: `([^`]+)`.*\n\n```\w+\n((?:.*\n)*?)```", WORKED)
COMMANDS = re.findall(r"^\$ (.*)$", WORKED, re.MULTILINE)
COPIED = ["mock_server", "tests", "handlers", "prove", "docs"]
COPIED += ["openapi.yaml", "pyproject.toml", "README.md"]
PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not slow")
LINT = ("-c", "from mock_server.cli.main import main; main()", "lint", "openapi.yaml")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a copy of the checkout, whose packages are imported from there."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name)
        else:
            shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def run(checkout: Path, *arguments: str) -> None:
    """Run Python with *arguments* in *checkout*; it has to exit with 0."""
    done = subprocess.run(  # noqa: S603 - our own commands
        [sys.executable, *arguments],
        cwd=checkout,
        env=os.environ | {"PYTHONPATH": str(checkout)},
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def placed(text: str, line: str) -> str:
    """Return *text* as it stands before *line*: a method, which the page shows alone, indented."""
    is_method = text.startswith("def ")
    return f"{indent(text, line[: line.index('def')])}\n" if is_method else text


@pytest.mark.slow
def test_what_the_page_adds_is_served_and_green(checkout: Path) -> None:
    for name, line, text in INSERTED:
        before = (checkout / name).read_text(encoding="utf-8")
        assert before.count(f"\n{line}") == 1, f"{name} has another number of lines {line!r}"
        added = placed(text, line)
        (checkout / name).write_text(before.replace(f"\n{line}", f"\n{added}{line}"), "utf-8")
    for command in COMMANDS:
        subprocess.run(["bash", "-euc", command], cwd=checkout, check=True)  # noqa: S603, S607
    for name, text in NEW:
        (checkout / name).write_text(text, encoding="utf-8")
    (checkout / "handlers").rename(checkout / "mock_server" / "handlers")

    assert [len(INSERTED), len(COMMANDS), len(NEW)] == [5, 2, 1]
    run(checkout, *LINT)
    run(checkout, *PYTEST, *(name for name, _ in NEW), "tests/api/test_differences.py")
