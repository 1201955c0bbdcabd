"""What one server to measure is, and what is asked of all of them."""

import importlib.metadata
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
CONTRACT = ROOT / "openapi.yaml"
BASE_PATH = "/notifications/api/v1"
ORDER = "22222222-2222-4222-8222-222222222222"
ORDERS_PATH = f"{BASE_PATH}/orders"
BODY = {"id": "0" * 400}
"""What those answer that have no orders: as many bytes as a cancelled one has."""


@dataclass(frozen=True, slots=True)
class Peer:
    """
    Something to measure: the *command* that serves on a port, None where it is not installed.

    *path* is where its orders are. *needs* says how to get it, *version* which one it is. One that
    *keeps_orders* has to have those that it is asked about.
    """

    name: str
    command: Callable[[int], list[str]] | None
    path: str = ORDERS_PATH
    needs: str = ""
    version: str = ""
    keeps_orders: bool = False


def python_version(package: str) -> str:
    """Return which *package* this Python has; empty: none."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def npm_version(folder: Path, package: str) -> str:
    """Return which *package* npm put into *folder*; empty: none."""
    file = folder / "node_modules" / package / "package.json"
    return str(json.loads(file.read_text(encoding="utf-8"))["version"]) if file.exists() else ""
