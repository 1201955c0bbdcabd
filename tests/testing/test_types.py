"""Types of the testing interface: all words that there are, and slips that a type checker tells."""

import os
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
import yaml

import mock_server
from mock_server.auth.tokens import Kind, Preset
from mock_server.documents.faults import PRESETS
from mock_server.domain.notifications import RESULTS
from mock_server.domain.orders import Status
from mock_server.testing import types

ROOT = Path(__file__).resolve().parents[2]
CONTROL = ROOT / "mock_server" / "control_plane" / "control.yaml"
GOOD = """
from mock_server import MockServer, NewOrder, StatusName

def drive(mock: MockServer, status: StatusName) -> None:
    members: NewOrder = {"creator": "ttd", "recipients": [{"emailAddress": "a@example.com"}]}
    order = mock.orders.create(**members)
    mock.orders.set_status(order["id"], status)
    mock.orders.set_result(order["id"], "x", "Failed_Bounced")
    mock.faults.add(preset="slow", match={"operationId": "cancelOrder"})
    mock.token("platform", preset="expired")
"""
SLIPS = (
    'mock.orders.create(sendersRef="a")',
    'mock.orders.create(status="Canceled")',
    'mock.orders.create(recipients=[{"email": "a@example.com"}])',
    'mock.orders.set_status("x", "Sent")',
    'mock.orders.set_result("x", "y", "Bounced")',
    'mock.orders.assert_notified("x", "Failed_SuppressedRecipient")',
    'mock.faults.add(preset="fast")',
    "mock.faults.add(delay=5)",
    'mock.token("cookie")',
    'mock.token(preset="old")',
)


def schema(name: str) -> dict[str, object]:
    """Return the properties of a schema of the control plane's contract."""
    document = yaml.safe_load(CONTROL.read_text(encoding="utf-8"))
    found: dict[str, object] = document["components"]["schemas"][name]["properties"]
    return found


def test_every_word_of_the_domain_is_typed() -> None:
    assert set(get_args(types.StatusName)) == {*map(str, Status)}
    assert set(get_args(types.ResultName)) == set(RESULTS)
    assert set(get_args(types.TokenKind)) == {*map(str, Kind)}
    assert set(get_args(types.TokenPreset)) == {*map(str, Preset)}
    assert set(get_args(types.FaultPreset)) == set(PRESETS)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("NewOrder", types.NewOrder),
        ("Recipient", types.RecipientMembers),
        ("Attachment", types.AttachmentMembers),
        ("NewFault", types.FaultMembers),
        ("Match", types.FaultMatch),
    ],
)
def test_every_member_of_the_contract_is_typed(name: str, typed: type) -> None:
    assert set(typed.__annotations__) == set(schema(name))


def test_the_package_lists_what_there_is() -> None:
    assert set(mock_server.__all__) <= set(dir(mock_server))
    assert all(getattr(mock_server, name) is not None for name in mock_server.__all__)


@pytest.mark.slow
def test_a_type_checker_takes_what_is_right_and_tells_each_slip(tmp_path: Path) -> None:
    (tmp_path / "good.py").write_text(GOOD)
    lines = [f"    {slip}" for slip in SLIPS]
    head = ["from mock_server import MockServer", "def drive(mock: MockServer) -> None:"]
    (tmp_path / "slips.py").write_text("\n".join([*head, *lines, ""]))

    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "good.py", "slips.py"],
        cwd=tmp_path,
        env=os.environ | {"MYPYPATH": str(ROOT)},
        check=False,
        capture_output=True,
        text=True,
    )

    told = [line for line in done.stdout.splitlines() if ": error:" in line]
    assert [line for line in told if line.startswith("good.py")] == []
    numbers = {int(line.split(":")[1]) for line in told if line.startswith("slips.py")}
    assert numbers == set(range(3, 3 + len(SLIPS)))
