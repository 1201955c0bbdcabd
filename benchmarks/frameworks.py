"""Frameworks with a few lines by hand, each in a Python environment of its own."""

from functools import partial
from pathlib import Path

from peer import HERE, Peer

NEEDS = "python3 -m venv FOLDER/python; FOLDER/python/bin/pip install fastapi 'uvicorn[standard]'"


def frameworks(folder: Path) -> list[Peer]:
    """Return what is measured of the environment `python` in *folder*."""
    return [
        _framework(folder, "Starlette by hand", "starlette"),
        _framework(folder, "FastAPI", "fastapi"),
    ]


def _framework(folder: Path, name: str, package: str) -> Peer:
    python = folder / "python" / "bin" / "python"
    version = _version(folder, package)
    if not version or not python.exists():
        return Peer(name, None, needs=NEEDS)
    script = HERE / f"with_{package}.py"
    return Peer(name, partial(_command, python, script), version=version)


def _command(python: Path, script: Path, port: int) -> list[str]:
    return [str(python), str(script), str(port)]


def _version(folder: Path, package: str) -> str:
    """Return which *package* is there, as its folder of metadata is named; empty: none."""
    pattern = f"python/lib/python3*/site-packages/{package}-*.dist-info"
    found = next(folder.glob(pattern), None)
    return "" if found is None else found.name.removesuffix(".dist-info").partition("-")[2]
