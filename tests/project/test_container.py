"""The Dockerfile's own steps, run where nothing is installed, since no test can count on Docker."""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import venv
from pathlib import Path

import httpx
import pytest
import yaml

from tests.support.eventually import eventually

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
STEPS = re.findall(r"^([A-Z]+) (.+)$", DOCKERFILE, re.MULTILINE)


def free_port() -> int:
    """Return a free port."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port: int = reserved.getsockname()[1]
        return port


def arguments(instruction: str) -> list[str]:
    """Return the argument of each step of this *instruction*."""
    return [argument for name, argument in STEPS if name == instruction]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy and install as the Dockerfile says, into an environment of its own."""
    folder = tmp_path_factory.mktemp("image")
    venv.create(folder / "venv", with_pip=True)
    app = folder / "app"
    app.mkdir()
    for step in arguments("COPY"):
        *sources, target = step.split()
        for source in sources:
            _copy(ROOT / source, app / target)
    for step in [step for step in arguments("RUN") if step.startswith("python -m pip")]:
        command = [str(folder / "venv" / "bin" / "python"), *shlex.split(step)[1:]]
        command += ["--no-compile"]  # which takes longer than the little that is run here
        subprocess.run(command, cwd=app, check=True, capture_output=True)  # noqa: S603 - as above
    return folder


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "handlers"))
    else:
        shutil.copy(source, target / source.name if target.is_dir() else target)


def start(image: Path, **surroundings: str) -> subprocess.Popen[str]:
    """Start the image's command, with its environment and *surroundings*."""
    entrypoint = json.loads(arguments("ENTRYPOINT")[0]) + json.loads(arguments("CMD")[0])
    known = dict(step.split("=", 1) for step in arguments("ENV"))
    return subprocess.Popen(  # noqa: S603 - our own command
        [image / "venv" / "bin" / entrypoint[0], *entrypoint[1:]],
        cwd=image,
        env={"PATH": os.environ["PATH"], **known, **surroundings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_it_starts_answers_is_healthy_and_stops(image: Path) -> None:
    port = str(free_port())
    check = json.loads(arguments("HEALTHCHECK")[0].partition("CMD ")[2])
    command = [str(image / "venv" / "bin" / check[0]), *check[1:]]
    environment = {"PATH": os.environ["PATH"], "MOCK_PORT": port}

    with start(image, MOCK_HOST="127.0.0.1", MOCK_PORT=port) as process:

        def is_healthy() -> bool:
            done = subprocess.run(command, env=environment, check=False, capture_output=True)  # noqa: S603
            return done.returncode == 0

        eventually(is_healthy)
        contract = httpx.get(f"http://127.0.0.1:{port}/notifications/api/v1/openapi.yaml").content
        process.terminate()
        assert process.wait(120) == 0

    assert contract == (ROOT / "openapi.yaml").read_bytes()
    assert not is_healthy()


def test_it_asks_for_a_control_token_since_others_reach_it(image: Path) -> None:
    with start(image) as process:
        _out, told = process.communicate(timeout=120)

    assert process.returncode == 2
    assert "--control-token" in told


def test_it_runs_as_nobody_in_particular_and_in_exec_form() -> None:
    forms = [arguments(name)[0] for name in ("ENTRYPOINT", "CMD")]

    assert arguments("USER") == ["mock"]
    assert all(isinstance(json.loads(form), list) for form in forms)
    assert arguments("FROM") == ["$BASE"]
    assert arguments("ARG")[0].endswith("-slim")


def test_compose_builds_it_and_sets_a_control_token() -> None:
    service = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]

    assert service["notifications"]["build"] == "."
    assert "MOCK_CONTROL_TOKEN" in service["notifications"]["environment"]


def test_links_are_as_they_were_called_by_the_services_beside_it() -> None:
    service = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]

    assert "MOCK_PUBLIC_URL" not in service["notifications"]["environment"]


def test_dependencies_are_installed_before_what_changes_more_often_is_copied() -> None:
    steps = [f"{name} {argument}" for name, argument in STEPS]
    installed = next(number for number, step in enumerate(steps) if "-r requirements.lock" in step)
    copied = [step for step in steps[:installed] if step.startswith("COPY")]

    assert copied == ["COPY requirements.lock ./"]
    assert "--require-hashes" in steps[installed]


def test_every_locked_dependency_has_hashes() -> None:
    locked = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[\w.-]+==)", locked, flags=re.MULTILINE)[1:]

    assert len(blocks) > 20
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert "://" not in locked
