"""The wheel, installed away from the checkout: it serves, and declares its dependencies."""

import fcntl
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest

from tests.conftest import TTD_ORDER
from tests.support.processes import serving

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENT = re.compile(r"^(?P<name>[\w.-]+(?:\[[\w,]+\])?)(?:>=|==)(?P<least>[\w.]+)")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and return its file."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", str(folder)]
    (ROOT / "build").mkdir(exist_ok=True)
    # Two workers that build at once would take each other's files away.
    with (ROOT / "build" / "wheel.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _run([*command, str(ROOT)])
    return next(folder.glob("*.whl"))


def _run(command: Sequence[str]) -> None:
    """Run *command* to its end, which has to be a good one; tells what it printed."""
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - ours
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


def _installed(folder: Path, wheel: Path, *options: str) -> Path:
    """Install *wheel* into a new environment in *folder*; return its command."""
    _run([sys.executable, "-m", "venv", "--without-pip", str(folder)])
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(folder)]
    _run([*pip, "install", "--quiet", "--no-compile", *options, str(wheel)])
    return folder / "bin" / "altinn-notifications-mock"


def _assert_that_it_serves(command: Path) -> None:
    """Start *command* as its user does; cancel an order and read contract and docs."""
    bare = {"PYTHONPATH": "", "PYTHONHOME": ""}
    environment = os.environ | dict.fromkeys(bare, "")
    token = subprocess.run(  # noqa: S603 - our own command
        [command, "token"], check=True, capture_output=True, text=True, env=environment
    ).stdout.strip()
    with serving(command=[str(command)], env=bare) as served:
        url = served.base_url
        bearer = {"Authorization": f"Bearer {token}"}
        cancelled = httpx.put(f"{url}/orders/{TTD_ORDER}/cancel", headers=bearer, timeout=60)
        contract = httpx.get(f"{url}/openapi.yaml", timeout=60)
        page = httpx.get(f"{url}/ui/", timeout=60)

    assert cancelled.json()["processingStatus"]["status"] == "Cancelled"
    assert (contract.status_code, page.status_code) == (200, 200)


def test_the_wheel_holds_the_contract_byte_for_byte_and_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        names = set(opened.namelist())
        entries = next(name for name in names if name.endswith("/entry_points.txt"))
        plugins = opened.read(entries).decode().partition("[pytest11]\n")[2]
        contract = opened.read("mock_server/openapi.yaml")

    assert contract == (ROOT / "openapi.yaml").read_bytes()
    assert plugins.startswith("altinn_notifications = mock_server.pytest_plugin\n")
    for file in (ROOT / "mock_server" / "gateway" / "docs_files").iterdir():
        assert f"mock_server/gateway/docs_files/{file.name}" in names
    for file in (ROOT / "mock_server" / "workbench" / "files").iterdir():
        assert f"mock_server/workbench/files/{file.name}" in names
    assert not any(name.startswith(("handlers/", "tests/", "prove/")) for name in names)


def test_it_serves_from_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    locked = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    constraints = tmp_path / "constraints"  # the wheel itself has no hash there
    constraints.write_text("\n".join(re.findall(r"^[\w.-]+==[\w.+-]+", locked, re.MULTILINE)))
    command = _installed(tmp_path / "venv", wheel, "-c", str(constraints))

    _assert_that_it_serves(command)


def test_it_serves_with_the_lowest_versions_that_it_declares(wheel: Path, tmp_path: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    matched = [REQUIREMENT.match(line) for line in project["dependencies"]]
    lowest = [f"{match['name']}=={match['least']}" for match in matched if match]
    assert len(lowest) == len(matched)

    command = _installed(tmp_path / "venv", wheel, *lowest)

    _assert_that_it_serves(command)
