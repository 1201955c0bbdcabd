"""All that is measured: this mock in two ways, the wire, and others where they are installed."""

import sys
from pathlib import Path

from frameworks import frameworks
from mocks import mocks
from peer import HERE, Peer, python_version


def peers(folder: Path) -> list[Peer]:
    """Return everything to measure; *folder* is where the others were installed."""
    folder.mkdir(parents=True, exist_ok=True)
    return [*_ours(), _bare(), *frameworks(folder), *mocks(folder)]


def our_command(port: int, *options: str) -> list[str]:
    """Return what serves this mock on *port* with *options*."""
    program = [sys.executable, "-c", "from mock_server.cli.main import main; main()", "serve"]
    return [*program, "--port", str(port), *options]


def _ours() -> list[Peer]:
    return [
        Peer("this mock, express lane", our_command, keeps_orders=True),
        Peer(
            "this mock, chain",
            lambda port: our_command(port, "--no-express"),
            keeps_orders=True,
        ),
    ]


def _bare() -> Peer:
    return Peer(
        "bare uvicorn",
        lambda port: [sys.executable, str(HERE / "bare.py"), str(port)],
        version=python_version("uvicorn"),
    )
