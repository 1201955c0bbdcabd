"""
How a good client fares beside bad ones: its latency alone, and with each of them.

    python benchmarks/hostile.py [--seconds S] [--rounds N]

Beside it are floods of refused requests as fast as they are answered (`wrk`), clients that send a
byte a second, and connections that say nothing. The good client asks for a status some two
hundred times a second. Being alone and beside each are measured in turns.
"""

import argparse
import contextlib
import resource
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from client import Client
from machine import first_answer, free_port, resident, serving
from machine import token as new_token
from peer import BASE_PATH, ORDER
from peers import our_command
from report import arguments, publish, table
from wrk import load, required, same_request

PAUSE_SECONDS = 0.005
SLOW, IDLE = 200, 2_000
UNKNOWN = "99999999-9999-4999-8999-999999999999"
ALONE = "alone"

Beside = Callable[[int, float], AbstractContextManager[dict[str, int]]]
"""What is beside the good client, given the port and the seconds; it tells what came of it."""


@dataclass
class Measured:
    """What the good client met beside *name*: latencies (s), other answers than 200, and more."""

    name: str
    beside: Beside
    latencies: list[float] = field(default_factory=list)
    refused: int = 0
    told: dict[str, int] = field(default_factory=dict)


def main() -> None:
    """Measure, and print a table."""
    asked = _arguments()
    tool, bearer, port = required(), new_token(), free_port()
    cases = [Measured(name, beside) for name, beside in _cases(bearer).items()]
    with serving(our_command(port)) as process:
        first_answer(
            f"http://127.0.0.1:{port}{BASE_PATH}/orders/{ORDER}", bearer, process, method="GET"
        )
        _allow_connections()
        for _ in range(asked.rounds):
            for case in cases:
                _measure(case, port, bearer, asked.seconds)
        memory = resident(process.pid)
    figures = {
        "load": f"{tool}, {asked.rounds} rounds of {asked.seconds} s",
        "residentMiB": round(memory),
        "results": [_result(case) for case in cases],
    }
    publish("hostile", asked.into, figures, _text(figures))


def _arguments() -> argparse.Namespace:
    parser = arguments(__doc__)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def _allow_connections() -> None:
    """Let this process hold enough connections; how many the server may is its own affair."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * (IDLE + SLOW)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(wanted, hard)), hard))


def _cases(bearer: str) -> dict[str, Beside]:
    cancel, unknown = f"/orders/{ORDER}/cancel", f"/orders/{UNKNOWN}/cancel"
    forged = f"{bearer[:-8]}AAAAAAAA"
    return {
        ALONE: lambda _port, _seconds: nullcontext({}),
        "a flood of 401, no token": partial(_flood, 'wrk.method = "PUT"\n', cancel),
        "a flood of 401, forged tokens": partial(_flood, same_request(forged), cancel),
        "a flood of 404, no such order": partial(_flood, same_request(bearer), unknown),
        "a flood of 404, no such path": partial(_flood, same_request(bearer), "/nowhere"),
        "a flood of 400, no GUID": partial(_flood, same_request(bearer), "/orders/1337/cancel"),
        "a flood of 400, bad bodies": partial(_flood, _bad_body(bearer), "/orders/email"),
        f"{SLOW} clients, a byte a second": partial(_slow, bearer),
        f"{IDLE:,} idle connections": _idle,
    }


def _bad_body(bearer: str) -> str:
    kind = 'wrk.headers["Content-Type"] = "application/json"\n'
    return f"{same_request(bearer, 'POST')}{kind}wrk.body = '{{\"recipients\": [{{}}]}}'\n"


def _measure(case: Measured, port: int, bearer: str, seconds: float) -> None:
    with case.beside(port, seconds) as told, Client(port, bearer) as client:
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            status, took = client.timed("GET", f"/orders/{ORDER}/status")
            case.latencies.append(took)
            case.refused += status != 200
            time.sleep(PAUSE_SECONDS)
    for name, number in told.items():
        case.told[name] = case.told.get(name, 0) + number


@contextmanager
def _flood(lines: str, path: str, port: int, seconds: float) -> Iterator[dict[str, int]]:
    told: dict[str, int] = {}
    url = f"http://127.0.0.1:{port}{BASE_PATH}{path}"
    with ThreadPoolExecutor(1) as pool:
        # It begins before the good client does, and ends after it.
        flood = pool.submit(load, url, lines, seconds + 2)
        time.sleep(1)
        yield told
        done = flood.result()
    told |= {"answers": done.requests, "refused": done.failed, "seconds": round(seconds + 2)}
    told["broken connections"] = done.broken


@contextmanager
def _slow(bearer: str, port: int, _seconds: float) -> Iterator[dict[str, int]]:
    """Let half of the clients drip a head, and half a body."""
    head = f"POST {BASE_PATH}/orders/email HTTP/1.1\r\nHost: slow\r\n"
    body = f"{head}Authorization: Bearer {bearer}\r\nContent-Type: application/json\r\n"
    begun = [head.encode(), f"{body}Content-Length: 5000\r\n\r\n".encode()]
    done = threading.Event()
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(_connected(port)) for _ in range(SLOW)]
        for place, client in enumerate(clients):
            client.sendall(begun[place % 2])
        told = {"connections": len(clients)}
        with ThreadPoolExecutor(1) as pool:
            pool.submit(_drip, clients, done)
            yield told
            done.set()


def _drip(clients: list[socket.socket], done: threading.Event) -> None:
    while not done.wait(1):
        for client in clients:
            with contextlib.suppress(OSError):  # the server may have had enough of it
                client.sendall(b"x")


@contextmanager
def _idle(port: int, _seconds: float) -> Iterator[dict[str, int]]:
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(_connected(port)) for _ in range(IDLE)]
        yield {"connections": len(clients)}


def _connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=30)


def _result(case: Measured) -> dict[str, Any]:
    hundredths = statistics.quantiles(case.latencies, n=100, method="inclusive")
    return {
        "beside": case.name,
        "requests": len(case.latencies),
        "notServed": case.refused,
        "medianMs": round(hundredths[49] * 1000, 2),
        "p99Ms": round(hundredths[98] * 1000, 2),
        "longestMs": round(max(case.latencies) * 1000, 1),
        "told": case.told,
    }


def _text(figures: dict[str, Any]) -> str:
    results = figures["results"]
    alone = next(result for result in results if result["beside"] == ALONE)
    heads = ["beside the good client", "its requests", "not served", "median ms", "of alone"]
    rows = [
        [*(result[name] for name in ("beside", "requests", "notServed", "medianMs"))]
        + [f"{result['medianMs'] / alone['medianMs']:.1f}"]
        + [result[name] for name in ("p99Ms", "longestMs")]
        + [_told(result["told"])]
        for result in results
    ]
    return "\n\n".join(
        [
            table([*heads, "p99 ms", "longest ms", "the others"], rows),
            f"{figures['load']}; the server occupies {figures['residentMiB']} MiB at the end.",
        ]
    )


def _told(told: dict[str, int]) -> str:
    if "seconds" in told:
        rate = told["refused"] / told["seconds"]
        return f"{rate:,.0f} refusals/s, {told['broken connections']} broken connections"
    return f"{told['connections']} connections" if told else ""


if __name__ == "__main__":
    main()
