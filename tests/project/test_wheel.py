"""The wheel, installed where nothing of the checkout is."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import mock_server, sys
from mock_server.contract.contract import load_contract
from mock_server.handlers.orders import OrdersHandler
assert mock_server.__file__.startswith(sys.argv[1]), mock_server.__file__
sys.stdout.buffer.write(load_contract().authored)
"""


def test_the_wheel_serves_the_same_contract_byte_for_byte(tmp_path: Path) -> None:
    subprocess.run(  # noqa: S603 - our own build
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", tmp_path, ROOT],
        check=True,
        capture_output=True,
    )
    site = tmp_path / "site"
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
        entries = next(name for name in names if name.endswith("/entry_points.txt"))
        plugins = wheel.read(entries).decode().partition("[pytest11]\n")[2]
        wheel.extractall(site)

    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", SCRIPT, str(site)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(site)},
        check=True,
        capture_output=True,
    )

    assert done.stdout == (ROOT / "openapi.yaml").read_bytes()
    assert plugins.startswith("altinn_notifications = mock_server.pytest_plugin\n")
    for file in (ROOT / "mock_server" / "gateway" / "docs_files").iterdir():
        assert f"mock_server/gateway/docs_files/{file.name}" in names
    assert not any(name.startswith(("handlers/", "tests/", "prove/")) for name in names)
