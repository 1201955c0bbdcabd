"""
Plant every fault, one by one, in a scratch copy, and see its test file fail.

Three faults, drawn by the seed that is printed, must also fail the whole of `make test`. Exits 1
if a fault goes unnoticed or can no longer be planted. `python -m prove NAME…` takes only faults
whose name has one of the words.
"""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from prove import cancelling, creating, helping, living, notifying
from prove.fault import Fault

FAULTS = (
    *(*cancelling.FAULTS, *creating.FAULTS, *living.FAULTS, *notifying.FAULTS, *helping.FAULTS),
)
ROOT = Path(__file__).resolve().parent.parent
WHOLE_RUNS = 3
TIMEOUT_SECONDS = 600


def main(words: Sequence[str]) -> int:
    """Prove the faults whose name has one of *words* (or all), and return the exit status."""
    faults = [fault for fault in FAULTS if not words or any(word in fault.name for word in words)]
    seed = int(os.environ.get("PROVE_SEED", time.time_ns() % 100_000))
    drawn = random.Random(seed).sample(faults, min(WHOLE_RUNS, len(faults)))  # noqa: S311
    print(f"{len(faults)} faults; PROVE_SEED={seed}")
    with tempfile.TemporaryDirectory(prefix="prove-") as folder:
        scratch = _copy(Path(folder) / "scratch")
        if not _run(scratch, "-m", "pytest", *sorted({fault.tests for fault in faults})):
            print("the tests fail without any fault: nothing can be proven")
            return 1
        failures = [fault for fault in faults if not _is_caught(scratch, fault, whole=False)]
        failures += [fault for fault in drawn if not _is_caught(scratch, fault, whole=True)]
    print(f"{len(faults) - len(set(failures))} of {len(faults)} caught")
    return 1 if failures else 0


def _copy(scratch: Path) -> Path:
    """Copy the checkout with its times, so that make finds nothing to install."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            target = scratch / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target)
    (scratch / "mock_server" / "handlers").symlink_to("../handlers")
    (scratch / ".venv").symlink_to(ROOT / ".venv")
    return scratch


def _is_caught(scratch: Path, fault: Fault, *, whole: bool) -> bool:
    file = scratch / fault.file
    sound = file.read_text(encoding="utf-8")
    if sound.count(fault.old) != 1:
        print(f"CANNOT BE PLANTED  {fault.name}: its place in {fault.file} has changed")
        return False
    file.write_text(sound.replace(fault.old, fault.new), encoding="utf-8")
    try:
        if whole:
            noticed = not _run_command(scratch, ["make", "test"])
        else:
            noticed = not _run(scratch, "-m", "pytest", "-x", fault.tests)
    finally:
        file.write_text(sound, encoding="utf-8")
    where = "make test" if whole else fault.tests
    print(f"{'caught' if noticed else 'UNNOTICED'}  {fault.name}  ({where})", flush=True)
    return noticed


def _run(scratch: Path, *arguments: str) -> bool:
    return _run_command(scratch, [sys.executable, *arguments])


def _run_command(scratch: Path, command: list[str]) -> bool:
    """Run *command* with the scratch copy's code and tell whether it succeeded."""
    environment = os.environ | {
        "PYTHONPATH": str(scratch),
        "PYTHONDONTWRITEBYTECODE": "1",
        # It sees every fault, as one that can no longer be planted.
        "PYTEST_ADDOPTS": "--ignore=tests/project/test_planted_faults.py",
    }
    done = subprocess.run(  # noqa: S603 - our own commands
        command,
        cwd=scratch,
        env=environment,
        check=False,
        timeout=TIMEOUT_SECONDS,
        capture_output=True,
    )
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
