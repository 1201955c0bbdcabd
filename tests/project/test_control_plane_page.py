"""`docs/control-plane.md`: every command runs, every operation has one, every member is told."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from mock_server import MockServer
from mock_server.control_plane.operations import load_control_contract

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "control-plane.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```bash\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
FAILING = "curl --fail-with-body "
SPEC = (ROOT / "openapi.yaml").read_text(encoding="utf-8")
CREATE = set(
    yaml.safe_load(SPEC)["components"]["schemas"]["NotificationOrderRequest"]["properties"]
)
"""Members that a create of the API takes; an order stored by hand has them in the same words."""


@pytest.fixture(scope="module")
def mock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MockServer]:
    """Return a server that can save its state."""
    with MockServer(state=tmp_path_factory.mktemp("state") / "saved.json") as running:
        yield running


def schema(name: str) -> dict[str, Any]:
    """Return a schema of the control plane's contract."""
    found: dict[str, Any] = load_control_contract().document["components"]["schemas"][name]
    return found


@pytest.mark.parametrize("block", BLOCKS)
def test_every_command_is_answered(mock: MockServer, block: str, tmp_path: Path) -> None:
    script = block.replace("http://localhost:5090", mock.url).replace("curl ", FAILING)

    done = subprocess.run(  # noqa: S603 - the page's own commands
        ["bash", "-euo", "pipefail", "-c", script],  # noqa: S607 - found on the path
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_operation_has_a_command() -> None:
    commands = [line for block in BLOCKS for line in block.splitlines() if "curl " in line]
    missing = [
        f"{method.upper()} {path}"
        for path, item in load_control_contract().document["paths"].items()
        for method in ("get", "put", "post", "delete")
        if method in item and not any(_calls(line, method, path) for line in commands)
    ]

    assert missing == []


def _calls(line: str, method: str, path: str) -> bool:
    asked = re.search(r"curl -sS (?:-X (\w+) )?\"?http://localhost:5090(\S+?)[\"?)\s]", f"{line} ")
    if asked is None or (asked[1] or "GET").lower() != method:
        return False
    pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(f"/__mock{path}"))
    return re.fullmatch(pattern, asked[2]) is not None


@pytest.mark.parametrize(
    "name", ["NewOrder", "Order", "Notification", "Request", "Recipient", "Message"]
)
def test_every_member_is_told(name: str) -> None:
    told_together = CREATE if name in {"NewOrder", "Order"} else set()
    members = set(schema(name)["properties"]) - told_together

    assert [one for one in members if f"`{one}`" not in PAGE] == []
