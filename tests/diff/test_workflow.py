"""The workflow that comments the changes of a contract on a pull request, step by step."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.contracts import calling

pytestmark = pytest.mark.slow

WORKFLOW = Path(__file__).resolve().parents[2] / "examples" / "contract-diff.yaml"
GH = """\
#!/bin/sh
echo "$@" >> calls
case "$*" in *--jq*) cat found ;; *) cp comment.md posted.md ;; esac
"""
COMMAND = f"""\
#!/bin/sh
exec "{sys.executable}" -c "from mock_server.cli.main import main; main()" "$@"
"""


def _job() -> dict[str, Any]:
    job: dict[str, Any] = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]["diff"]
    return job


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the current directory: a merge of a pull request that renames an operation."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    _git("init", "-q")
    for verb in ("make", "brew"):
        document = json.dumps(calling(f"operationId: {verb}Tea"))
        (tmp_path / "openapi.yaml").write_text(document, encoding="utf-8")
        _git("add", "openapi.yaml")
        _git("commit", "-q", "-m", f"api: {verb} tea")
    (tmp_path / "bin").mkdir()
    for name, script in (("gh", GH), ("altinn-notifications-mock", COMMAND)):
        (tmp_path / "bin" / name).write_text(script, encoding="utf-8")
        (tmp_path / "bin" / name).chmod(0o755)
    (tmp_path / "found").touch()
    return tmp_path


def _git(*arguments: str) -> None:
    who = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
    git = shutil.which("git") or "git"
    subprocess.run([git, *who, *arguments], check=True)  # noqa: S603 - in a directory of its own


def _run(step: str, checkout: Path) -> int:
    """Run the *step* as a runner does, and return its exit status."""
    script = next(item for item in _job()["steps"] if item.get("name") == step)["run"]
    given = {
        "PATH": f"{checkout / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "GITHUB_OUTPUT": "output",
        "GITHUB_STEP_SUMMARY": "summary.md",
        "GITHUB_REPOSITORY": "tea/house",
        "NUMBER": "7",
    }
    shell = [shutil.which("bash") or "bash", "-e", "-c", script]
    env = os.environ | _job()["env"] | given
    return subprocess.run(shell, check=False, env=env, timeout=120).returncode  # noqa: S603 - ours


def test_it_uses_actions_of_github_alone() -> None:
    used = [step["uses"] for step in _job()["steps"] if "uses" in step]

    assert used
    assert all(name.startswith("actions/") for name in used)


def test_a_breaking_change_is_commented_and_fails_the_job_afterwards(checkout: Path) -> None:
    assert _run("compare", checkout) == 0
    assert _run("comment", checkout) == 0

    assert (checkout / "output").read_text(encoding="utf-8") == "status=1\n"
    posted = (checkout / "posted.md").read_text(encoding="utf-8")
    assert posted.startswith("<!-- contract changes -->\n## Contract changes: 1 breaking")
    calls = (checkout / "calls").read_text(encoding="utf-8").splitlines()
    assert (
        calls[-1] == "api --method POST repos/tea/house/issues/7/comments --field body=@comment.md"
    )
    assert _run("fail if clients break", checkout) == 1


def test_a_second_run_writes_the_same_comment_anew(checkout: Path) -> None:
    (checkout / "found").write_text("4711\n4712\n", encoding="utf-8")

    assert _run("compare", checkout) == 0
    assert _run("comment", checkout) == 0

    calls = (checkout / "calls").read_text(encoding="utf-8").splitlines()
    assert calls[-1].startswith("api --method PATCH repos/tea/house/issues/comments/4711 ")


def test_what_cannot_be_compared_fails_at_once(checkout: Path) -> None:
    (checkout / "openapi.yaml").write_text("paths: [", encoding="utf-8")

    assert _run("compare", checkout) == 1
