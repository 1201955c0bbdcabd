"""Clients that others' generators make of the contract: they are typed, and they work."""

import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.generators.installed import HERE, HOME, NODE, PYTHON, SCRIPTS, call, install
from tests.support.processes import Served, run, serving

pytestmark = pytest.mark.slow

CONTRACT = HERE.parents[1] / "openapi.yaml"
PROCESSING = "55555555-5555-4555-8555-555555555555"
TOLD = {
    "chain": [201, 200],
    "same": True,
    "older": 202,
    "cancelled": [["Email", "Cancelled"], ["Email", "Cancelled"], ["Sms", "Cancelled"]],
    "conflict": [409, "Conflict", 55],
    "invalid": [400, ["Recipient"]],
    "unreachable": [422, "NOT-00001", "Missing contact information for recipient(s)"],
}
"""What every journey tells: statuses, typed members of answers, and typed problems."""


@pytest.fixture
def workshop(tmp_path: Path) -> Path:
    """Return a folder with the journeys, where the generators can be called."""
    install()
    shutil.copytree(HERE / "clients", tmp_path, dirs_exist_ok=True)
    (tmp_path / "node_modules").symlink_to(HOME / "node_modules")
    return tmp_path


@pytest.fixture
def served() -> Iterator[Served]:
    """Return a running server."""
    with serving() as running:
        yield running


@pytest.fixture
def journey(served: Served) -> Callable[..., Any]:
    """Return a call of a program in a folder against the server; it returns what that tells."""

    def go(folder: Path, *command: str | Path) -> Any:
        token = run("token").stdout.strip()
        said = call(folder, *command, BASE=served.base_url, TOKEN=token, TOO_LATE=PROCESSING)
        return json.loads(said)

    return go


def typescript(folder: Path, program: str) -> Path:
    """Check the types of *program* and all that it imports, strictly; return it as JavaScript."""
    settings = json.loads((folder / "tsconfig.json").read_text(encoding="utf-8"))
    settings["files"] = [f"{program}.ts"]
    (folder / "tsconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    call(folder, SCRIPTS / "tsc", "--project", "tsconfig.json")
    return folder / "compiled" / f"{program}.js"


def mypy(folder: Path, *files: str) -> None:
    """Check the types of *files*, strictly, with the packages of the generators."""
    options = ("--strict", "--python-executable", PYTHON / "python", "--cache-dir", HOME / "mypy")
    call(folder, sys.executable, "-m", "mypy", *options, *files)


def test_openapi_typescript_and_openapi_fetch_create_replay_and_cancel(
    workshop: Path, journey: Callable[..., Any]
) -> None:
    call(workshop, SCRIPTS / "openapi-typescript", CONTRACT, "-o", "openapi_typescript.d.ts")

    program = typescript(workshop, "journey_openapi_fetch")

    assert journey(workshop, NODE / "node", program) == TOLD


def test_hey_api_creates_replays_and_cancels(workshop: Path, journey: Callable[..., Any]) -> None:
    options = ("-i", CONTRACT, "-o", "hey_api", "-c", "@hey-api/client-fetch")
    call(workshop, SCRIPTS / "openapi-ts", *options)

    program = typescript(workshop, "journey_hey_api")

    assert journey(workshop, NODE / "node", program) == TOLD


def test_openapi_python_client_creates_replays_and_cancels(
    workshop: Path, journey: Callable[..., Any]
) -> None:
    # Its hook of ruff would rewrite the code that it generates, by the rules of the day.
    (workshop / "hooks.json").write_text('{"post_hooks": []}', encoding="utf-8")
    options = ("--path", CONTRACT, "--output-path", "orders_client", "--meta", "none")
    generate = ("generate", "--fail-on-warning", "--config", "hooks.json", *options)
    call(workshop, PYTHON / "openapi-python-client", *generate)
    mypy(workshop, "orders_client", "journey_openapi_python_client.py")

    told = journey(workshop, PYTHON / "python", "journey_openapi_python_client.py")

    assert told == TOLD


def test_datamodel_code_generator_creates_replays_and_cancels(
    workshop: Path, journey: Callable[..., Any]
) -> None:
    kind = ("--input-file-type", "openapi", "--output-model-type", "pydantic_v2.BaseModel")
    style = ("--use-annotated", "--formatters", "builtin", "--target-python-version", "3.11")
    files = ("--input", CONTRACT, "--output", "orders_models.py")
    call(workshop, PYTHON / "datamodel-codegen", *kind, *style, *files)
    mypy(workshop, "orders_models.py", "journey_datamodel_codegen.py")

    told = journey(workshop, PYTHON / "python", "journey_datamodel_codegen.py")
    source = (workshop / "orders_models.py").read_text(encoding="utf-8")

    assert told == TOLD
    assert re.findall(r"^class \w+\d\b", source, re.MULTILINE) == []
