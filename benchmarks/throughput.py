"""
Requests a second, side by side: this mock with its lane and without, the wire, and other mocks.

The server gets one core and the load another; rounds are interleaved, medians compared. It needs
`wrk`. `python benchmarks/throughput.py [--rounds N] [--seconds S] [--peers FOLDER] [--json FILE]`;
FOLDER is where `npm install @stoplight/prism-cli wiremock` was run. Compare figures of one run
alone: machines drift, and whatever else runs on them counts.
"""

import argparse
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from mock_server.clock import wall_now
from mock_server.tokens import DevelopmentKey, TokenRequest

sys.path.insert(0, str(Path(__file__).resolve().parent))
from peers import ROOT, Peer, peers

FIRST_PORT = 7300
PATIENCE_SECONDS = 30
CONNECTIONS = 16
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass
class Measured:
    """
    What was measured of *peer*.

    By round: requests/s, p99 (ms), and the processor's time for a request (microseconds), which
    depends least on what else the machine does. Of the last round: start (s), memory (MiB).
    """

    peer: Peer
    rates: list[float] = field(default_factory=list)
    p99s: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    start: float = 0.0
    memory: float = 0.0
    problem: str = ""


def main() -> None:
    """Measure, and print a table."""
    asked = _arguments()
    if shutil.which("wrk") is None:
        sys.exit("Error: there is no wrk; install the package of that name")
    token = DevelopmentKey().mint(TokenRequest(expires_in=timedelta(days=1)), wall_now()).token
    script = _script(token)
    measured = [Measured(peer) for peer in peers(asked.peers.resolve())]
    measured = [one for one in measured if asked.only in one.peer.name or "bare" in one.peer.name]
    for number in range(asked.rounds):
        for place, one in enumerate(measured):
            if one.peer.command is not None and not one.problem:
                port = FIRST_PORT + number * len(measured) + place
                _measure(one, port, token, script, asked.seconds)
    document = _document(measured, asked)
    print(_table(document))
    if asked.json is not None:
        asked.json.write_text(json.dumps(document, indent=2), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--peers", type=Path, default=ROOT / "build" / "peers")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--only", default="", help="a part of the names of what is measured")
    return parser.parse_args()


def _script(token: str) -> Path:
    lines = f'wrk.method = "PUT"\nwrk.headers["Authorization"] = "Bearer {token}"\n'
    script = Path(tempfile.mkdtemp(prefix="bench-")) / "cancel.lua"
    script.write_text(lines, encoding="utf-8")
    return script


def _measure(one: Measured, port: int, token: str, script: Path, seconds: int) -> None:
    url = f"http://127.0.0.1:{port}{one.peer.path}"
    begun = time.perf_counter()
    with _serving(one.peer, port) as process:
        if not _first_answer(url, token, process):
            one.problem = "it gave no 200"
            return
        one.start = time.perf_counter() - begun
        one.memory = _resident(process.pid)
        _load(url, script, 1)
        before = _processor_seconds(process.pid)
        rate, p99, requests = _load(url, script, seconds)
        one.costs.append((_processor_seconds(process.pid) - before) / requests * 1e6)
        one.rates.append(rate)
        one.p99s.append(p99)


@contextmanager
def _serving(peer: Peer, port: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [] if peer.command is None else peer.command(port)
    with subprocess.Popen(  # noqa: S603 - what is measured
        [*_on_core(0), *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def _on_core(number: int) -> list[str]:
    several = shutil.which("taskset") is not None and (os.cpu_count() or 1) > 1
    return ["taskset", "-c", str(number)] if several else []


def _first_answer(url: str, token: str, process: subprocess.Popen[bytes]) -> bool:
    headers = {"Authorization": f"Bearer {token}"}
    until = time.perf_counter() + PATIENCE_SECONDS
    while process.poll() is None and time.perf_counter() < until:
        try:
            with urlopen(Request(url, method="PUT", headers=headers), timeout=5) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (URLError, OSError):
            time.sleep(0.02)
    return False


def _load(url: str, script: Path, seconds: int) -> tuple[float, float, int]:
    """Return requests/s, the milliseconds that 1 in 100 exceeds, and how many requests."""
    load = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}", "--latency", "-s", str(script), url]
    done = subprocess.run(  # noqa: S603 - our own command
        [*_on_core(1), *load], check=True, capture_output=True, text=True, timeout=seconds + 30
    )
    if "Non-2xx" in done.stdout:
        raise RuntimeError(done.stdout)
    rate = re.search(r"Requests/sec:\s*([\d.]+)", done.stdout)
    p99 = re.search(r"99%\s*([\d.]+)(us|ms|s)", done.stdout)
    requests = re.search(r"(\d+) requests in", done.stdout)
    if rate is None or p99 is None or requests is None:
        raise RuntimeError(done.stdout)
    return float(rate[1]), float(p99[1]) * _UNITS[p99[2]], int(requests[1])


def _processor_seconds(pid: int) -> float:
    """Return how long a process has had the processor, its kernel's part included."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return own + sum(map(_processor_seconds, _children(pid)))


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in listed.split()]


def _resident(pid: int) -> float:
    """Return the MiB that a process and its children occupy."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    own = next((line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")), "0")
    return int(own) / 1024 + sum(map(_resident, _children(pid)))


def _document(measured: list[Measured], asked: argparse.Namespace) -> dict[str, object]:
    costs = next(one.costs for one in measured if one.peer.name == "bare uvicorn")
    wire = statistics.median(costs or [0])
    cpus = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = next(
        (line.partition(": ")[2] for line in cpus.splitlines() if "model name" in line), ""
    )
    return {
        "machine": f"{model or platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "load": f"wrk, {CONNECTIONS} connections, {asked.rounds} rounds of {asked.seconds} s",
        "loadAverage": os.getloadavg()[0],
        "results": [_result(one, wire) for one in measured if one.rates],
        "missing": {
            one.peer.name: one.problem or one.peer.needs for one in measured if not one.rates
        },
    }


def _result(one: Measured, wire: float) -> dict[str, object]:
    rate, cost = statistics.median(one.rates), statistics.median(one.costs)
    return {
        "name": one.peer.name,
        "version": one.peer.version,
        "requestsPerSecond": round(rate),
        "processorMicroseconds": round(cost, 1),
        "rounds": [round(each) for each in one.rates],
        "ofTheWire": round(wire / cost, 2) if cost else None,
        "p99Ms": round(statistics.median(one.p99s), 1),
        "startSeconds": round(one.start, 2),
        "restMiB": round(one.memory),
    }


def _table(document: dict[str, object]) -> str:
    heads = {
        "": "name",
        "version": "version",
        "requests/s": "requestsPerSecond",
        "processor µs": "processorMicroseconds",
        "of the wire": "ofTheWire",
        "p99 ms": "p99Ms",
        "cold start s": "startSeconds",
        "at rest MiB": "restMiB",
    }
    results: list[dict[str, object]] = document["results"]  # type: ignore[assignment] # just made
    rows = [[str(result[name]) for name in heads.values()] for result in results]
    lines = [[*heads], ["---"] * len(heads), *rows]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    missing: dict[str, str] = document["missing"]  # type: ignore[assignment] # just made
    left_out = "".join(f"\nNot measured: {name} ({why})." for name, why in missing.items())
    where = "{machine}; Python {python}; {load}; load average {loadAverage:.1f}."
    return f"{table}\n\n{where.format(**document)}{left_out}"


if __name__ == "__main__":
    main()
