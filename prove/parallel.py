"""
Run forty tests in parallel, on one shared server and with a server per worker, again and again.

Exits 1 at the first run in which a test met another. `python -m prove.parallel [RUNS]`, 20 of each.
"""

import subprocess
import sys
from pathlib import Path

from mock_server import MockServer

ROOT = Path(__file__).resolve().parent.parent
COMMAND = (sys.executable, "-m", "pytest", "-n", "4", "-p", "no:schemathesis")
RUNS = 20


def main(runs: int) -> int:
    """Run both ways so many times, and return the exit status."""
    with MockServer() as mock:
        for number in range(1, runs + 1):
            for way, options in (
                ("one shared server", ["--altinn-notifications-url", mock.url]),
                ("a server per worker", []),
            ):
                done = subprocess.run(  # noqa: S603 - our own command
                    [*COMMAND, "tests/support/forty_worlds.py", *options],
                    cwd=ROOT,
                    check=False,
                    capture_output=True,
                    text=True,
                )
                print(f"{number} of {runs}, {way}: {done.stdout.splitlines()[-1]}", flush=True)
                if done.returncode != 0:
                    print(done.stdout, done.stderr)
                    return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS))
