"""
Requests a second, side by side: this mock with its lane and without, the wire, and others.

    python benchmarks/throughput.py [--rounds N] [--seconds S] [--only NAME] [--peers FOLDER]

The server gets one core and the load another; rounds are interleaved, medians compared. Half of
each round is at half of what the first half reached. It needs `wrk`. What is not in FOLDER
(build/peers) is named and left out. Compare figures of one run alone: machines drift, and whatever
else runs on them counts.
"""

import argparse
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chart import draw
from machine import NoAnswerError, first_answer, free_port, processor_seconds, resident, serving
from machine import token as new_token
from peer import ROOT, Peer
from peers import peers
from report import arguments, publish, table
from wrk import CONNECTIONS, Load, load, paced, required, same_request

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

CHART = ROOT / "docs" / "throughput.svg"


@dataclass(frozen=True, slots=True)
class Round:
    """
    One round: cold start (s), memory at rest (MiB), the load at full and at half speed.

    *cost* is the processor's time for a request at full speed (microseconds), which depends least
    on what else the machine does.
    """

    start: float
    memory: float
    full: Load
    half: Load
    cost: float


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
            _measure(one, bearer, asked.seconds)
    way = f"{tool}, {CONNECTIONS} connections, {asked.rounds} rounds of {asked.seconds} s"
    figures = {"load": way, **_figures(measured)}
    publish("throughput", asked.into, figures, _text(figures))
    if not asked.only:
        asked.chart.write_text(draw(figures["results"]), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = arguments(__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5, help="of a round, at each speed")
    parser.add_argument("--peers", type=Path, default=ROOT / "build" / "peers")
    parser.add_argument("--chart", type=Path, default=CHART)
    parser.add_argument("--only", default="", help="a part of the names of what is measured")
    return parser.parse_args()


def _measure(one: Measured, bearer: str, seconds: int) -> None:
    if one.peer.command is None or one.problem:
        return
    port = free_port()
    url = f"http://127.0.0.1:{port}{one.peer.path}"
    begun = time.perf_counter()
    with serving(one.peer.command(port)) as process:
        try:
            first_answer(url, bearer, process)
        except NoAnswerError as error:
            one.problem = str(error)
            return
        start, memory = time.perf_counter() - begun, resident(process.pid)
        full, half, cost = _loads(url, same_request(bearer), seconds, process.pid)
    one.rounds.append(Round(start, memory, full, half, cost))
    if full.failed or half.failed:
        one.problem = f"{full.failed + half.failed} answers were no success"


def _loads(url: str, lines: str, seconds: int, pid: int) -> tuple[Load, Load, float]:
    _warm(url, lines, seconds)
    before = processor_seconds(pid)
    full = load(url, lines, seconds)
    cost = (processor_seconds(pid) - before) / full.requests * 1e6
    return full, paced(url, lines, seconds, full.rate / 2), cost


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
        "results": sorted(results, key=lambda result: -result["requestsPerSecond"]),
        "ratios": list(_ratios(results)),
        "missing": {
            one.peer.name: one.problem or one.peer.needs for one in measured if one not in good
        },
    }


def _compare(result: dict[str, Any], wire: dict[str, Any]) -> None:
    rates = result["requestsPerSecond"], wire["requestsPerSecond"]
    costs = wire["processorMicroseconds"], result["processorMicroseconds"]
    result["ofTheWire"] = round(rates[0] / rates[1], 3)
    result["ofTheWireByProcessor"] = round(costs[0] / costs[1], 3)


def _result(one: Measured) -> dict[str, Any]:
    full = [each.full for each in one.rounds]
    half = [each.half for each in one.rounds]
    return {
        "name": one.peer.name,
        "version": one.peer.version,
        "requestsPerSecond": round(statistics.median(each.rate for each in full)),
        "rounds": [round(each.rate) for each in full],
        "processorMicroseconds": round(one.median("cost"), 1),
        "p99Ms": round(statistics.median(each.p99 for each in full), 2),
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
                "requestsPerSecond": round(one["requestsPerSecond"] / two["requestsPerSecond"], 2),
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
        "requests/s": "requestsPerSecond",
        "of the wire": "ofTheWire",
        "processor µs": "processorMicroseconds",
        "of the wire by processor": "ofTheWireByProcessor",
        "p99 ms": "p99Ms",
        "half of that: requests/s": "halfRequestsPerSecond",
        "p99 ms at half": "p99AtHalfMs",
        "cold start s": "startSeconds",
        "at rest MiB": "restMiB",
    }
    rows = [[result.get(name, "") for name in heads.values()] for result in figures["results"]]
    ratios = table(
        ["", "requests/s", "requests per second of processor", "cold start", "memory at rest"],
        [ratio.values() for ratio in figures["ratios"]],
    )
    missing = [f"Not measured: {name} ({why})." for name, why in figures["missing"].items()]
    return "\n".join([table([*heads], rows), "", ratios, "", f"{figures['load']}.", *missing])


if __name__ == "__main__":
    main()
