"""
Requests a second, side by side: this mock with its lane and without, the wire, and others.

    python benchmarks/throughput.py [--orders N] [--rounds N] [--seconds S] [--only NAME]

Each request is about the next of N different orders: each is cancelled for the first time, then
the status of each is read, as tests do it. A server that is too slow for all of them stops after
S seconds. Last it is asked for half as many reads a second as it reached.

The server gets one core and the load another; rounds are interleaved, medians compared. It needs
`wrk`. What is not in FOLDER (--peers, build/peers) is named and left out. Compare figures of one
run alone: machines drift, and whatever else runs on them counts.
"""

import argparse
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from big_states import id_of, state_of_open_orders
from chart import draw
from client import CONTROL_PATH, Client
from machine import NoAnswerError, first_answer, free_port, processor_seconds, resident, serving
from machine import token as new_token
from peer import ORDER, ROOT, Peer
from peers import peers
from report import arguments, publish, table
from wrk import CONNECTIONS, Load, load, orders_in_turn, paced, required

WIRE = "bare uvicorn"
LANE, CHAIN = "this mock, express lane", "this mock, chain"
PAIRS = (
    (LANE, WIRE),
    (LANE, "WireMock, tuned"),
    (LANE, "Prism, silent"),
    (CHAIN, "Connexion's own mock"),
)
"""Which of ours is held against which of the others."""

MOST_WARMING = 15
"""How many rounds a server may take to get warm, at most."""

SEEDING_SECONDS = 300.0
"""How long a server may take to get its orders, at most."""

CHART = ROOT / "docs" / "throughput.svg"


@dataclass(frozen=True, slots=True)
class Round:
    """
    One round: cold start (s), memory at rest (MiB), first cancels, reads, reads at half speed.

    *cost* and *read_cost* are the processor's time for a first cancel and for a read at full speed
    (microseconds), which depends least on what else the machine does.
    """

    start: float
    memory: float
    cancels: Load
    cost: float
    reads: Load
    read_cost: float
    half: Load


@dataclass
class Measured:
    """The rounds of *peer*, or the *problem* that there was."""

    peer: Peer
    rounds: list[Round] = field(default_factory=list)
    problem: str = ""

    def median(self, name: str) -> float:
        """Return the median of what the rounds have as *name*."""
        return float(statistics.median(getattr(each, name) for each in self.rounds))


def main() -> None:
    """Measure, print a table, and draw the chart."""
    asked = _arguments()
    tool, bearer = required(), new_token()
    measured = [Measured(peer) for peer in peers(asked.peers.resolve())]
    measured = [one for one in measured if asked.only in one.peer.name or one.peer.name == WIRE]
    for _ in range(asked.rounds):
        for one in measured:
            _measure(one, bearer, asked.orders, asked.seconds)
    way = (
        f"{tool}, {CONNECTIONS} connections, {asked.rounds} rounds of {asked.orders} orders in "
        f"turn or {asked.seconds} s"
    )
    figures = {"load": way, **_figures(measured)}
    publish("throughput", asked.into, figures, _text(figures))
    if not asked.only:
        asked.chart.write_text(draw(figures["results"]), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = arguments(__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--orders", type=int, default=10_000, help="each asked about in turn")
    parser.add_argument("--seconds", type=int, default=5, help="at most, for each kind of load")
    parser.add_argument("--peers", type=Path, default=ROOT / "build" / "peers")
    parser.add_argument("--chart", type=Path, default=CHART)
    parser.add_argument("--only", default="", help="a part of the names of what is measured")
    return parser.parse_args()


def _measure(one: Measured, bearer: str, orders: int, seconds: int) -> None:
    if one.peer.command is None or one.problem:
        return
    port = free_port()
    url = f"http://127.0.0.1:{port}{one.peer.path}"
    begun = time.perf_counter()
    with serving(one.peer.command(port)) as process:
        try:
            first_answer(f"{url}/{ORDER}/cancel", bearer, process)
        except NoAnswerError as error:
            one.problem = str(error)
            return
        start, memory = time.perf_counter() - begun, resident(process.pid)
        ids = [id_of(number) for number in range(orders)]
        if one.peer.keeps_orders:
            with Client(port, patience=SEEDING_SECONDS) as client:
                client.control("PUT", f"{CONTROL_PATH}/state", state_of_open_orders(orders))
        cancels = orders_in_turn(bearer, "PUT", "/cancel", ids)
        reads = orders_in_turn(bearer, "GET", "/status", ids)
        # Reads warm it for both: a first cancel comes but once.
        _warm(url, reads, seconds)
        done = Round(
            start,
            memory,
            *_load(url, cancels, seconds, process.pid),
            *(read := _load(url, reads, seconds, process.pid)),
            paced(url, reads, seconds, read[0].rate / 2),
        )
    one.rounds.append(done)
    failed = sum(each.failed for each in (done.cancels, done.reads, done.half))
    if failed:
        one.problem = f"{failed} answers were no success"


def _load(url: str, lines: str, seconds: int, pid: int) -> tuple[Load, float]:
    """Return what comes of a load, and the processor's time for a request of it."""
    before = processor_seconds(pid)
    done = load(url, lines, seconds)
    return done, (processor_seconds(pid) - before) / done.requests * 1e6


def _warm(url: str, lines: str, seconds: int) -> None:
    """Ask until it gets no faster, which takes a compiler at run time a minute on one core."""
    rate = 0.0
    for _ in range(MOST_WARMING):
        before, rate = rate, load(url, lines, seconds).rate
        if rate < before * 1.05:
            return


def _figures(measured: Sequence[Measured]) -> dict[str, Any]:
    good = [one for one in measured if one.rounds and not one.problem]
    results = [_result(one) for one in good]
    for wire in [result for result in results if result["name"] == WIRE]:
        for result in results:
            _compare(result, wire)
    return {
        "results": sorted(results, key=lambda result: -result["cancelsPerSecond"]),
        "ratios": list(_ratios(results)),
        "missing": {
            one.peer.name: one.problem or one.peer.needs for one in measured if one not in good
        },
    }


def _compare(result: dict[str, Any], wire: dict[str, Any]) -> None:
    for share, name in (
        ("ofTheWire", "cancelsPerSecond"),
        ("readsOfTheWire", "readsPerSecond"),
    ):
        result[share] = round(result[name] / wire[name], 3)
    for share, name in (
        ("ofTheWireByProcessor", "processorMicroseconds"),
        ("readsOfTheWireByProcessor", "readProcessorMicroseconds"),
    ):
        result[share] = round(wire[name] / result[name], 3)


def _result(one: Measured) -> dict[str, Any]:
    cancels = [each.cancels for each in one.rounds]
    reads = [each.reads for each in one.rounds]
    half = [each.half for each in one.rounds]
    return {
        "name": one.peer.name,
        "version": one.peer.version,
        "cancelsPerSecond": round(statistics.median(each.rate for each in cancels)),
        "rounds": [round(each.rate) for each in cancels],
        "processorMicroseconds": round(one.median("cost"), 1),
        "p99Ms": round(statistics.median(each.p99 for each in cancels), 2),
        "readsPerSecond": round(statistics.median(each.rate for each in reads)),
        "readRounds": [round(each.rate) for each in reads],
        "readProcessorMicroseconds": round(one.median("read_cost"), 1),
        "halfRequestsPerSecond": round(statistics.median(each.rate for each in half)),
        "p99AtHalfMs": round(statistics.median(each.p99 for each in half), 2),
        "startSeconds": round(one.median("start"), 2),
        "restMiB": round(one.median("memory")),
    }


def _ratios(results: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    named = {result["name"]: result for result in results}
    for ours, other in PAIRS:
        if ours in named and other in named:
            one, two = named[ours], named[other]
            yield {
                "pair": f"{ours} ÷ {other}",
                "cancelsPerSecond": round(one["cancelsPerSecond"] / two["cancelsPerSecond"], 2),
                "readsPerSecond": round(one["readsPerSecond"] / two["readsPerSecond"], 2),
                "perProcessorSecond": round(
                    two["processorMicroseconds"] / one["processorMicroseconds"], 2
                ),
                "startSeconds": round(one["startSeconds"] / two["startSeconds"], 2),
                "restMiB": round(one["restMiB"] / two["restMiB"], 2),
            }


def _text(figures: dict[str, Any]) -> str:
    heads = {
        "": "name",
        "version": "version",
        "first cancels/s": "cancelsPerSecond",
        "of the wire": "ofTheWire",
        "processor µs": "processorMicroseconds",
        "of the wire by processor": "ofTheWireByProcessor",
        "p99 ms": "p99Ms",
        "reads/s": "readsPerSecond",
        "reads of the wire": "readsOfTheWire",
        "read processor µs": "readProcessorMicroseconds",
        "reads of the wire by processor": "readsOfTheWireByProcessor",
        "half of that: reads/s": "halfRequestsPerSecond",
        "p99 ms at half": "p99AtHalfMs",
        "cold start s": "startSeconds",
        "at rest MiB": "restMiB",
    }
    rows = [[result.get(name, "") for name in heads.values()] for result in figures["results"]]
    ratios = table(
        [
            "",
            "first cancels/s",
            "reads/s",
            "cancels per second of processor",
            "cold start",
            "memory",
        ],
        [ratio.values() for ratio in figures["ratios"]],
    )
    missing = [f"Not measured: {name} ({why})." for name, why in figures["missing"].items()]
    return "\n".join([table([*heads], rows), "", ratios, "", f"{figures['load']}.", *missing])


if __name__ == "__main__":
    main()
