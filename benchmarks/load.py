"""
Minutes of mixed load with the journal on and faults armed: throughput and memory, part by part.

    python benchmarks/load.py [--minutes M]

`wrk` sends a mix (mixed.lua) to two sandboxes, of which one has faults: statuses, delays and
reset connections. A 5xx that no fault asked for counts as unexpected. What the load creates is
forgotten between the parts of the run, so that memory should not grow.
"""

import argparse
import re
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from client import CONTROL_PATH, Client
from machine import first_answer, free_port, resident, serving
from machine import token as new_token
from peer import BASE_PATH, HERE, ORDER
from peers import our_command
from report import arguments, publish, table
from wrk import CONNECTIONS, Load, load, required

SHAKY = f"/__sandbox/shaky{CONTROL_PATH}"
FAULTS = (
    b'{"status": 503, "headers": {"X-Planned": "yes"}, "probability": 0.02, "seed": 1}',
    b'{"delayMs": 20, "probability": 0.02, "seed": 2}',
    b'{"connection": "reset", "probability": 0.005, "seed": 3}',
)
PARTS = 10
SECONDS_BETWEEN_LOOKS = 1.0


@dataclass(frozen=True, slots=True)
class Part:
    """A tenth of the run, or a minute where that is less: its load, and the memory in it (MiB)."""

    load: Load
    statuses: Counter[int]
    planned: int
    unexpected: int
    highest: float
    after: float


def main() -> None:
    """Measure, and print a table."""
    asked = _arguments()
    tool, bearer, port = required(), new_token(), free_port()
    lines = (HERE / "mixed.lua").read_text(encoding="utf-8").replace("@BEARER@", bearer)
    number = max(PARTS, round(asked.minutes))
    with serving(our_command(port)) as process:
        url = f"http://127.0.0.1:{port}"
        order = f"{url}{BASE_PATH}/orders/{ORDER}"
        first_answer(order, bearer, process, method="GET")
        rest = resident(process.pid)
        seconds = asked.minutes * 60 / number
        parts = [_part(process, port, lines, seconds) for _ in range(number)]
        figures = _figures(parts, rest, port)
    figures["load"] = f"{tool}, {CONNECTIONS} connections, {asked.minutes:g} minutes"
    publish("load", asked.into, figures, _text(figures))


def _arguments() -> argparse.Namespace:
    parser = arguments(__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    return parser.parse_args()


def _part(process: subprocess.Popen[bytes], port: int, lines: str, seconds: float) -> Part:
    with Client(port) as client:
        client.control("POST", f"{CONTROL_PATH}/reset")
        client.control("POST", f"{SHAKY}/reset")
        for fault in FAULTS:
            client.control("POST", f"{SHAKY}/faults", fault)
    with _looking(process.pid) as looks:
        done = load(f"http://127.0.0.1:{port}", lines, seconds)
    told = dict(re.findall(r"^(\w+): (\d+)$", done.printed, re.MULTILINE))
    found = re.findall(r"^status (\d+): (\d+)$", done.printed, re.MULTILINE)
    statuses = Counter({int(status): int(count) for status, count in found})
    planned, unexpected = int(told["planned"]), int(told["unexpected"])
    return Part(done, statuses, planned, unexpected, max(looks), resident(process.pid))


@contextmanager
def _looking(pid: int) -> Iterator[list[float]]:
    """Yield what memory is occupied, looked at again and again until the block ends."""
    looks, done = [resident(pid)], threading.Event()

    def look() -> None:
        while not done.wait(SECONDS_BETWEEN_LOOKS):
            looks.append(resident(pid))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield looks
    finally:
        done.set()
        thread.join()


def _figures(parts: list[Part], rest: float, port: int) -> dict[str, Any]:
    with Client(port) as client:
        health = client.control("GET", f"{CONTROL_PATH}/health")
        journal = len(client.control("GET", f"{SHAKY}/requests")["requests"])
    statuses = sum((part.statuses for part in parts), Counter())
    return {
        "restMiB": round(rest, 1),
        "requests": sum(part.load.requests for part in parts),
        "requestsPerSecond": [round(part.load.rate) for part in parts],
        "p99Ms": [round(part.load.p99, 2) for part in parts],
        "highestMiB": [round(part.highest, 1) for part in parts],
        "afterMiB": [round(part.after, 1) for part in parts],
        "lastOfFirst": round(parts[-1].load.rate / parts[0].load.rate, 3),
        "statuses": {str(status): statuses[status] for status in sorted(statuses)},
        "planned5xx": sum(part.planned for part in parts),
        "unexpected5xx": sum(part.unexpected for part in parts),
        "brokenConnections": sum(part.load.broken for part in parts),
        "journalEntries": journal,
        "health": health,
    }


def _text(figures: dict[str, Any]) -> str:
    columns = [figures[name] for name in ("requestsPerSecond", "p99Ms", "highestMiB", "afterMiB")]
    heads = ["part", "requests/s", "p99 ms", "memory at most MiB", "memory after MiB"]
    rows = [[place, *row] for place, row in enumerate(zip(*columns, strict=True), 1)]
    statuses = ", ".join(f"{status}: {count:,}" for status, count in figures["statuses"].items())
    told = (
        f"{figures['load']}. {figures['requests']:,} requests; the last part is "
        f"{figures['lastOfFirst']} of the first. {figures['unexpected5xx']} unexpected 5xx, "
        f"{figures['planned5xx']:,} that faults asked for; {figures['brokenConnections']:,} "
        f"connections broke, as faults had it. At rest {figures['restMiB']} MiB; the journal has "
        f"{figures['journalEntries']:,} entries. Statuses: {statuses}."
    )
    return f"{table(heads, rows)}\n\n{told}"


if __name__ == "__main__":
    main()
