"""
Cold start to the first 200, memory at rest, and what the imports alone cost.

Run it with `make bench`. Figures of one run compare with each other, not with another machine's.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from mock_server.clock import wall_now
from mock_server.tokens import DevelopmentKey, TokenRequest

ROUNDS = 5
ORDER = "11111111-1111-4111-8111-111111111111"
STACK = "connexion, flask, uvicorn, jwt, cryptography, yaml"
COMMAND = [sys.executable, "-c", "from mock_server.cli import main; main()"]


def main() -> None:
    """Measure and print a table."""
    starts = [_start() for _ in range(ROUNDS)]
    imports = [_import() for _ in range(ROUNDS)]
    print(f"cold start to first 200  {statistics.median(seconds for seconds, _ in starts):.2f} s")
    print(f"importing the stack      {statistics.median(imports):.2f} s  ({STACK})")
    print(f"memory at rest           {statistics.median(size for _, size in starts):.0f} MiB")
    print(f"median of {ROUNDS} rounds on Python {sys.version.split()[0]}")


def _start() -> tuple[float, float]:
    """Return seconds from the launch to a first 200, and resident MiB after it."""
    token = DevelopmentKey().mint(TokenRequest(), wall_now()).token
    begun = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 - our own command
        [*COMMAND, "serve", "--port", "0"], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            if process.stdout is None:
                message = "the server has no standard output"
                raise RuntimeError(message)
            url = process.stdout.readline().split()[-1]
            request = Request(  # noqa: S310 - http on this machine
                f"{url}/orders/{ORDER}/cancel",
                method="PUT",
                headers={"Authorization": f"Bearer {token}"},
            )
            _first_answer(request)
            return time.perf_counter() - begun, _resident(process.pid)
        finally:
            process.terminate()


def _first_answer(request: Request) -> None:
    for _ in range(1000):
        try:
            with urlopen(request) as answer:  # noqa: S310 - http on this machine
                answer.read()
                return
        except URLError:
            time.sleep(0.01)
    message = "the server did not answer"
    raise TimeoutError(message)


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    kib = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return int(kib) / 1024


def _import() -> float:
    begun = time.perf_counter()
    subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-W", "ignore", "-c", f"import {STACK}"], check=True
    )
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
