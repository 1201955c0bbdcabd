"""
Cold start to the first 200, memory at rest, and what the imports alone cost.

    python benchmarks/start.py [--rounds N]

Figures of one run compare with each other, not with another machine's. Other servers' are in what
`throughput.py` measures.
"""

import argparse
import statistics
import subprocess
import sys
import time
from typing import Any

from machine import first_answer, free_port, resident, serving
from machine import token as new_token
from peer import ORDER, ORDERS_PATH
from peers import our_command
from report import arguments, publish, table

from mock_server.testing.mock_server import MockServer

STACK = "connexion, flask, uvicorn, jwt, cryptography, yaml"


def main() -> None:
    """Measure and print a table."""
    asked = _arguments()
    bearer = new_token()
    starts = [_start(bearer) for _ in range(asked.rounds)]
    figures: dict[str, Any] = {
        "rounds": asked.rounds,
        "startSeconds": round(statistics.median(seconds for seconds, _ in starts), 2),
        "importSeconds": round(statistics.median(_import() for _ in range(asked.rounds)), 2),
        "restMiB": round(statistics.median(size for _, size in starts)),
        "anotherServerMs": round(statistics.median(_another() for _ in range(asked.rounds)), 1),
    }
    publish("start", asked.into, figures, _text(figures))


def _arguments() -> argparse.Namespace:
    parser = arguments(__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


def _start(bearer: str) -> tuple[float, float]:
    """Return seconds from the launch to a first 200, and resident MiB after it."""
    port = free_port()
    begun = time.perf_counter()
    with serving(our_command(port)) as process:
        first_answer(f"http://127.0.0.1:{port}{ORDERS_PATH}/{ORDER}/cancel", bearer, process)
        return time.perf_counter() - begun, resident(process.pid)


def _import() -> float:
    begun = time.perf_counter()
    subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-W", "ignore", "-c", f"import {STACK}"], check=True
    )
    return time.perf_counter() - begun


def _another() -> float:
    """Return the milliseconds that a second `MockServer` in one process takes to start."""
    with MockServer():
        begun = time.perf_counter()
        with MockServer():
            return (time.perf_counter() - begun) * 1000


def _text(figures: dict[str, Any]) -> str:
    rows = [
        ("cold start to the first 200, s", figures["startSeconds"]),
        (f"of that, importing {STACK}, s", figures["importSeconds"]),
        ("memory at rest, MiB", figures["restMiB"]),
        ("a second `MockServer` in a process, ms", figures["anotherServerMs"]),
    ]
    return f"{table(('', 'median'), rows)}\n\n{figures['rounds']} rounds."


if __name__ == "__main__":
    main()
