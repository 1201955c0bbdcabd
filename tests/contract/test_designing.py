"""The session in docs/designing.md, run again: each command prints what the page shows."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.eventually import eventually
from tests.support.processes import lines_of, serving
from tests.support.reloads import CONTRACT

pytestmark = pytest.mark.slow

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "designing.md").read_text("utf-8")
SESSION = PAGE.partition("<!-- session -->\n```console\n")[2].partition("```")[0]
STEPS = [step.partition("\n") for step in re.split(r"^\$ ", SESSION, flags=re.MULTILINE)[1:]]
NEW_OPERATION = PAGE.partition("## The new operation")[2].split("```")[1].removeprefix("yaml\n")


class Shell:
    """A bash that keeps its variables, in a folder of its own."""

    def __init__(self, folder: Path, api: str) -> None:
        """Work in *folder*; `API` is *api*."""
        self._folder = folder
        self._script = f"API={api}\n"

    def run(self, command: str) -> list[str]:
        """Return the lines that *command* prints."""
        local = command.replace(".venv/bin/", f"{Path(sys.executable).parent}/")
        done = subprocess.run(  # noqa: S603 - the page's own commands
            ["bash", "-euc", self._script + local],  # noqa: S607 - found on the path
            cwd=self._folder,
            env=os.environ,
            check=True,
            capture_output=True,
            text=True,
        )
        if re.match(r"[A-Z]+=", command):
            self._script += f"{local}\n"
        return done.stdout.splitlines()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that the page begins in."""
    (tmp_path / "my-openapi.yaml").write_text(CONTRACT, encoding="utf-8")
    (tmp_path / "templates.yaml").write_text(NEW_OPERATION, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_session_goes_as_it_is_shown(folder: Path) -> None:
    with serving("--reload", "--spec", "my-openapi.yaml") as served:
        told = lines_of(served)
        shell = Shell(folder, served.base_url)
        for command, _, shown in STEPS:
            begun = len(told)
            printed = shell.run(command)
            expected = shown.splitlines()
            if not printed and expected:
                eventually(lambda begun=begun: told[begun:])  # type: ignore[misc] # a default
                printed = told[begun:]

            assert printed == expected, command

    assert len(STEPS) == 10
