"""The docs pages in Chromium: dark and light, on a desktop and on a phone."""

from pathlib import Path

import pytest

from prove import docs_page

pytestmark = [pytest.mark.slow, pytest.mark.browser]


def test_the_docs_page_works_in_every_appearance(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = docs_page.main(tmp_path)

    assert status == 0, capsys.readouterr()
