"""
How one client fares in a crowd, and what a journal of large bodies costs to read.

    python benchmarks/crowds.py [--seconds S] [--rounds N] [--requests N]

- A newcomer connects and asks for a status while so many clients create orders (`wrk`).
- A cancel while so many others wait for requests (`GET /__mock/requests?wait=…`).
- The journal of so many creates of 62 KB, read whole, and as an HTTP Archive.
"""

import argparse
import json
import resource
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.request import urlopen

from client import CONTROL_PATH, Client
from machine import first_answer, free_port, processor_seconds, resident, serving
from machine import token as new_token
from peer import BASE_PATH, ORDER
from peers import our_command
from report import arguments, publish, table
from wrk import load, required, same_request

CREATING = (64, 128, 200)
WAITING = (0, 10, 100, 500)
CANCELS = 200
PATIENCE = 120.0
RECIPIENTS = 1_400
"""So many make a body of 62 KB."""
WAIT = f"GET {CONTROL_PATH}/requests?wait=PT60S&status=599 HTTP/1.1\r\nHost: localhost\r\n\r\n"


def main() -> None:
    """Measure, and print a table."""
    asked = _arguments()
    tool, bearer = required(), new_token()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(4_096, hard)), hard))
    newcomers: dict[int, list[float]] = {number: [] for number in CREATING}
    cancels: dict[int, list[float]] = {number: [] for number in WAITING}
    for _ in range(asked.rounds):
        with _served(bearer) as (port, _process):
            for number, waits in newcomers.items():
                waits.extend(_newcomers(port, bearer, number, asked.seconds))
        with _served(bearer) as (port, _process):
            _fill(port, bearer, "{}", 1_000)
            for number, took in cancels.items():
                took.append(statistics.median(_cancels(port, bearer, number)))
    with _served(bearer) as (port, process):
        journal = _journal(port, bearer, process.pid, asked.requests)
    figures = {
        "load": f"{tool}, {asked.rounds} rounds of {asked.seconds} s",
        "newcomerSeconds": {number: _told(waits) for number, waits in newcomers.items()},
        "cancelMs": {number: statistics.median(it) * 1000 for number, it in cancels.items()},
        "journal": journal,
    }
    publish("crowds", asked.into, figures, _text(figures))


def _arguments() -> argparse.Namespace:
    parser = arguments(__doc__)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--requests", type=int, default=1_000)
    return parser.parse_args()


@contextmanager
def _served(bearer: str) -> Iterator[tuple[int, Any]]:
    port = free_port()
    with serving(our_command(port)) as process:
        url = f"http://127.0.0.1:{port}{BASE_PATH}/orders/{ORDER}"
        first_answer(url, bearer, process, method="GET")
        yield port, process


def _create(bearer: str) -> str:
    order = {"subject": "s", "body": "b", "recipients": [{"emailAddress": "a@example.com"}]}
    kind = 'wrk.headers["Content-Type"] = "application/json"\n'
    return f"{same_request(bearer, 'POST')}{kind}wrk.body = '{json.dumps(order)}'\n"


def _newcomers(port: int, bearer: str, number: int, seconds: float) -> list[float]:
    """Return how long each of many newcomers waits (s), the first one 0.3 s after the burst."""
    url = f"http://127.0.0.1:{port}{BASE_PATH}/orders/email"
    crowd = threading.Thread(target=load, args=(url, _create(bearer), seconds, number))
    crowd.start()
    time.sleep(0.3)
    waits = []
    until = time.perf_counter() + seconds - 1
    while time.perf_counter() < until:
        begun = time.perf_counter()
        with Client(port, bearer, PATIENCE) as client:
            client.timed("GET", f"/orders/{ORDER}/status")
        waits.append(time.perf_counter() - begun)
        time.sleep(0.05)
    crowd.join()
    return waits


def _cancels(port: int, bearer: str, number: int) -> list[float]:
    """Return how long cancels take (s) while *number* clients wait for requests."""
    with ExitStack() as held, Client(port, bearer, PATIENCE) as client:
        for _ in range(number):
            held.enter_context(Client(port)).send(WAIT.encode())
        time.sleep(1)
        return [client.timed("PUT", f"/orders/{ORDER}/cancel")[1] for _ in range(CANCELS)]


def _fill(port: int, bearer: str, body: str, number: int) -> None:
    with Client(port, bearer, PATIENCE) as client:
        for _ in range(number):
            client.posted("/orders/email", body.encode())  # whatever the answer, it is kept


def _journal(port: int, bearer: str, pid: int, number: int) -> dict[str, float]:
    """Return what it costs to read the journal of *number* large creates: seconds, and MiB."""
    recipients = [{"emailAddress": f"user{index:05}@example.com"} for index in range(RECIPIENTS)]
    _fill(port, bearer, json.dumps({"subject": "s", "body": "b", "recipients": recipients}), number)
    figures = {"before": resident(pid)}
    for name, path in (("read", "requests"), ("again", "requests"), ("archive", "requests.har")):
        begun, spent = time.perf_counter(), processor_seconds(pid)
        url = f"http://127.0.0.1:{port}{CONTROL_PATH}/{path}"
        with urlopen(url, timeout=PATIENCE) as answer:
            size = len(answer.read())
        figures |= {name: time.perf_counter() - begun, f"{name}Megabytes": size / 1e6}
        figures[f"{name}Processor"] = processor_seconds(pid) - spent
    return figures | {"after": resident(pid)}


def _told(waits: list[float]) -> dict[str, float]:
    ordered = sorted(waits)
    p99 = ordered[max(len(ordered) * 99 // 100 - 1, 0)]
    return {"median": statistics.median(ordered), "p99": p99, "worst": ordered[-1]}


def _text(figures: dict[str, Any]) -> str:
    newcomers = table(
        ["creating", "newcomer waits, median (s)", "p99", "worst"],
        (
            [number, *(f"{told[name]:.3f}" for name in ("median", "p99", "worst"))]
            for number, told in figures["newcomerSeconds"].items()
        ),
    )
    cancels = table(
        ["waiting", "a cancel, p50 (ms)"],
        ([number, f"{took:.2f}"] for number, took in figures["cancelMs"].items()),
    )
    journal = figures["journal"]
    read = table(
        ["journal", "seconds", "of the processor", "MB"],
        (
            [
                name,
                f"{journal[name]:.2f}",
                f"{journal[f'{name}Processor']:.2f}",
                f"{journal[f'{name}Megabytes']:.0f}",
            ]
            for name in ("read", "again", "archive")
        ),
    )
    memory = f"Resident {journal['before']:.0f} MiB before, {journal['after']:.0f} after."
    return f"{newcomers}\n\n{cancels}\n\n{read}\n\n{memory}"


if __name__ == "__main__":
    main()
