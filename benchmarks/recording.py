"""
The cost of the recording proxy: requests a second, and how much later answers come.

    python benchmarks/recording.py [--rounds N] [--seconds S]

The status of one order is read from this mock, going direct, through a bare proxy that records
nothing, and through `record`, in turns; medians are compared. Each is asked as fast as it answers
on 16 connections, and then on one. The last way has the mock and the proxy on one core, as the
others have the mock alone. It needs `wrk`.
"""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from machine import first_answer, free_port, processor_seconds, resident, serving
from machine import token as new_token
from peer import ORDER, ORDERS_PATH
from report import arguments, publish, table
from wrk import CONNECTIONS, Load, load, required, same_request

DIRECT, BARE, RECORDED = "direct", "a proxy that records nothing", "record"
COMMAND = [sys.executable, "-c", "from mock_server.cli.main import main; main()"]
BARE_PROXY = """
import asyncio, sys
from mock_server.serving.listening import listen
from mock_server.traffic.proxy import Proxy
from mock_server.traffic.upstream import read_upstream
async def take(exchange):
    exchange.request_body.let_go()
    exchange.response_body.let_go()
proxy = Proxy(read_upstream(sys.argv[1], allow_production=False), take)
asyncio.run(proxy.serve(listen("127.0.0.1", int(sys.argv[2])), asyncio.Event()))
"""


@dataclass
class Way:
    """One way to the mock, at a *url*, by a process *pid*; its loads on many and on one line."""

    name: str
    url: str
    pid: int
    many: list[Load] = field(default_factory=list)
    one: list[Load] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    """Processor's time of the proxy (or the mock, going direct) for a request, in microseconds."""

    def median(self, loads: list[Load], name: str) -> float:
        """Return the median of what *loads* have as *name*."""
        return float(statistics.median(getattr(each, name) for each in loads))


def main() -> None:
    """Measure, and print a table."""
    asked = _arguments()
    tool, bearer = required(), new_token()
    with tempfile.TemporaryDirectory() as folder, _ways(Path(folder), bearer) as ways:
        for _ in range(asked.rounds):
            for way in ways:
                _measure(way, same_request(bearer, "GET"), asked.seconds)
        written = (Path(folder) / "bench.har").stat().st_size
        figures = {
            "load": f"{tool}, {asked.rounds} rounds of {asked.seconds} s each",
            "harMiB": round(written / 2**20, 1),
            "recorderMiB": round(resident(ways[2].pid)),
            "results": [_result(way, ways[0]) for way in ways],
        }
    publish("recording", asked.into, figures, _text(figures))


def _arguments() -> argparse.Namespace:
    parser = arguments(__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5, help="of each load")
    return parser.parse_args()


@contextmanager
def _ways(folder: Path, bearer: str) -> Iterator[list[Way]]:
    ports = [free_port() for _ in range(3)]
    urls = [f"http://127.0.0.1:{port}" for port in ports]
    commands = [
        [*COMMAND, "serve", "--port", str(ports[0])],
        [sys.executable, "-c", BARE_PROXY, urls[0], str(ports[1])],
        [*COMMAND, "record", urls[0], "--port", str(ports[2]), "--har", str(folder / "bench.har")],
    ]
    with ExitStack() as stack:
        ways = []
        for name, url, command in zip((DIRECT, BARE, RECORDED), urls, commands, strict=True):
            process = stack.enter_context(serving(command))
            target = f"{url}{ORDERS_PATH}/{ORDER}/status"
            first_answer(target, bearer, process, method="GET")
            ways.append(Way(name, target, process.pid))
        yield ways


def _measure(way: Way, lines: str, seconds: int) -> None:
    before = processor_seconds(way.pid)
    many = load(way.url, lines, seconds, CONNECTIONS)
    way.cost.append((processor_seconds(way.pid) - before) / many.requests * 1e6)
    way.many.append(many)
    way.one.append(load(way.url, lines, seconds, 1))


def _result(way: Way, direct: Way) -> dict[str, Any]:
    rate, base = way.median(way.many, "rate"), direct.median(direct.many, "rate")
    alone, fastest = way.median(way.one, "p50"), direct.median(direct.one, "p50")
    return {
        "name": way.name,
        "requestsPerSecond": round(rate),
        "ofDirect": round(rate / base, 3),
        "p99Ms": round(way.median(way.many, "p99"), 2),
        "processorMicroseconds": round(statistics.median(way.cost), 1),
        "medianAloneMs": round(alone, 3),
        "addedMs": round(alone - fastest, 3),
        "p99AloneMs": round(way.median(way.one, "p99"), 3),
        "failed": sum(each.failed + each.broken for each in (*way.many, *way.one)),
    }


def _text(figures: dict[str, Any]) -> str:
    heads = {
        "": "name",
        f"requests/s on {CONNECTIONS} connections": "requestsPerSecond",
        "of direct": "ofDirect",
        "p99 ms": "p99Ms",
        "processor µs of the process": "processorMicroseconds",
        "median ms on one connection": "medianAloneMs",
        "added ms": "addedMs",
        "p99 ms on one": "p99AloneMs",
        "failed": "failed",
    }
    rows = [[result[name] for name in heads.values()] for result in figures["results"]]
    told = "The recording came to {harMiB} MiB, the recorder to {recorderMiB} MiB; {load}."
    return "\n".join([table([*heads], rows), "", told.format(**figures)])


if __name__ == "__main__":
    main()
