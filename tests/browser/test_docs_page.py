"""The docs pages in Chromium: dark and light, on a desktop and on a phone."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.browser]

ROOT = Path(__file__).resolve().parents[2]


def test_the_docs_page_works_in_every_appearance(tmp_path: Path) -> None:
    # A process of its own, since Playwright runs once in each.
    command = [sys.executable, "-m", "prove.docs_page", str(tmp_path)]
    done = subprocess.run(  # noqa: S603 - our own
        command, cwd=ROOT, check=False, capture_output=True, text=True
    )

    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
