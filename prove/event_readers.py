"""
Measure what readers of the event stream cost: throughput beside two, and memory after thousands.

`python -m prove.event_readers [ROUNDS [SECONDS]]` lets `wrk` cancel an order for SECONDS (3)
without readers and beside two, ROUNDS (5) times in turn, and prints the median of what they cost:
of the processor time that a request takes of the server, which is the inverse of its throughput at
full load, and changes least on a busy machine. Then 1,000 readers come and go 15 times, and it
prints what memory the last five rounds have added.
Exits 1 where two readers cost over 5 %, or the rounds over 2 MB; 2 without wrk or /proc.
"""

import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.support.eventually import eventually
from tests.support.processes import Served, run, serving

MOST_LOST, MOST_GROWN_MB = 0.05, 2.0
READERS, GONE_ROUNDS, LAST_ROUNDS = 1000, 15, 5
ORDER = "11111111-1111-4111-8111-111111111111"


def main(arguments: list[str]) -> int:
    """Measure, print, and return the exit status."""
    if shutil.which("wrk") is None or not Path("/proc/self/status").exists():
        print("there is no wrk, or no /proc", file=sys.stderr)
        return 2
    rounds, seconds = [*map(int, arguments), *(5, 3)[len(arguments) :]][:2]
    with serving() as served:
        lost = _lost(served, rounds, seconds)
    with serving() as served:
        grown = _grown(served)
    print(f"two readers cost {lost:.1%}; the last {LAST_ROUNDS} rounds added {grown:.1f} MB")
    return int(lost > MOST_LOST or grown > MOST_GROWN_MB)


def _lost(served: Served, rounds: int, seconds: int) -> float:
    """Return the median share of requests that two readers cost *served*."""
    lost = []
    for _ in range(rounds):
        alone = _load(served, seconds)
        with _two_readers(served):
            beside = _load(served, seconds)
        lost.append(1 - alone.microseconds / beside.microseconds)
        print(f"alone {alone}, beside two readers {beside}", flush=True)
    return statistics.median(lost)


@dataclass(frozen=True, slots=True)
class _Load:
    """What came of a load: requests a second, and what each took of the server's processor."""

    rate: float
    microseconds: float

    def __str__(self) -> str:
        return f"{self.rate:.0f}/s, {self.microseconds:.1f} µs each"


def _load(served: Served, seconds: int) -> _Load:
    token = run("token").stdout.strip()
    with tempfile.NamedTemporaryFile("w", suffix=".lua", encoding="utf-8") as file:
        file.write(f'wrk.method = "PUT"\nwrk.headers["Authorization"] = "Bearer {token}"\n')
        file.flush()
        url = f"{served.base_url}/orders/{ORDER}/cancel"
        command = ["wrk", "-t1", "-c16", f"-d{seconds}", "-s", file.name, url]
        before = _processor_seconds(served)
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own load
        spent = _processor_seconds(served) - before
    count = int(re.findall(r"(\d+) requests in", printed)[0])
    rate = float(re.findall(r"Requests/sec:\s*([\d.]+)", printed)[0])
    return _Load(rate, spent / count * 1e6)


def _processor_seconds(served: Served) -> float:
    told = Path(f"/proc/{served.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2]
    user, system = told.split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _two_readers(served: Served) -> Iterator[None]:
    """Let two processes follow the events of *served* in the block."""
    command = ["curl", "-sN", "-o", os.devnull, f"{served.url}/__mock/events"]
    with ExitStack() as following:
        for _ in range(2):
            reader = following.enter_context(subprocess.Popen(command))  # noqa: S603 - as above
            following.callback(reader.terminate)
        yield


def _grown(served: Served) -> float:
    """Return how many MB the last rounds of readers that come and go have added."""
    after = []
    for number in range(GONE_ROUNDS):
        _come_and_go(served)
        after.append(_memory_mb(served))
        print(f"{after[-1]:8.1f} MB after {(number + 1) * READERS} readers", flush=True)
    return after[-1] - after[-1 - LAST_ROUNDS]


def _come_and_go(served: Served) -> None:
    url = httpx.URL(served.url)
    address = (url.host, url.port or 80)
    with ExitStack() as stack:
        readers = [stack.enter_context(socket.create_connection(address)) for _ in range(READERS)]
        for reader in readers:
            reader.sendall(b"GET /__mock/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        for reader in readers:
            reader.recv(1)
    eventually(lambda: _open_files(served) < READERS / 10)


def _open_files(served: Served) -> int:
    return len([*Path(f"/proc/{served.process.pid}/fd").iterdir()])


def _memory_mb(served: Served) -> float:
    status = Path(f"/proc/{served.process.pid}/status").read_text(encoding="ascii")
    return int(re.findall(r"RssAnon:\s*(\d+) kB", status)[0]) / 1024


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
