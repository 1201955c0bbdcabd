"""
What a request costs with a thousand orders in one store, and with a million.

    python benchmarks/scale.py [--orders N] [--rounds N]

Two servers run side by side, each started with a state file, and are asked in turns for orders at
random: status, a cancel, a cancel repeated, a list by reference. The ratios are of the
processor's time, which depends least on what else the machine does. Half of the orders are
cancelled beforehand.
"""

import argparse
import gc
import json
import os
import random
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from big_states import FEW, id_of, reference_of, sample, write_state_file
from client import CONTROL_PATH, Client
from machine import first_answer, free_port, processor_seconds, resident, serving
from machine import token as new_token
from peer import BASE_PATH
from peers import our_command
from report import arguments, publish, table

from mock_server.testing.mock_server import MockServer

REQUESTS = FEW // 2
SAMPLE = 100_000
PATIENCE_SECONDS = 1200
OPERATIONS = {
    "status": ("GET", "/orders/{}/status"),
    "cancel": ("PUT", "/orders/{}/cancel"),
    "cancel, repeated": ("PUT", "/orders/{}/cancel"),
    "list by reference": ("GET", "/orders?sendersReference={}"),
}


@dataclass
class World:
    """
    A running server with so many *orders*, and what was measured of it.

    By operation and round: the processor's and the client's time for a request (microseconds).
    """

    orders: int
    client: Client
    process: subprocess.Popen[bytes]
    chance: random.Random = field(default_factory=random.Random)
    fresh: list[int] = field(default_factory=list)
    state: bytes = b""
    processor: dict[str, list[float]] = field(default_factory=dict)
    waiting: dict[str, list[float]] = field(default_factory=dict)
    seeded: float = 0.0


def main() -> None:
    """Measure, and print a table."""
    asked = _arguments()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        worlds = [stack.enter_context(_world(folder, orders)) for orders in (FEW, asked.orders)]
        for _ in range(asked.rounds):
            for name in OPERATIONS:
                for world in worlds:
                    _measure(world, name)
        figures = _figures(*worlds)
    figures["inProcess"] = _in_process()
    publish("scale", asked.into, figures, _text(figures))


def _arguments() -> argparse.Namespace:
    parser = arguments(__doc__)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=20)
    return parser.parse_args()


@contextmanager
def _world(folder: Path, orders: int) -> Iterator[World]:
    file = folder / f"{orders}.json"
    write_state_file(file, orders)
    port, bearer = free_port(), new_token()
    begun = time.perf_counter()
    with serving(our_command(port, "--seed", "none", "--state", str(file))) as process:
        url = f"http://127.0.0.1:{port}{BASE_PATH}/orders/{id_of(0)}"
        first_answer(url, bearer, process, method="GET", patience=PATIENCE_SECONDS)
        seeded = time.perf_counter() - begun
        with Client(port, bearer, PATIENCE_SECONDS) as client:
            yield World(orders, client, process, seeded=seeded)
        process.kill()  # a clean stop would save everything first


def _measure(world: World, name: str) -> None:
    method, path = OPERATIONS[name]
    requests = [(method, path.format(place)) for place in _places(world, name)]
    world.client.connect()
    before = processor_seconds(world.process.pid)
    answers = [world.client.timed(*request) for request in requests]
    cost = processor_seconds(world.process.pid) - before
    if any(status != 200 for status, _ in answers):
        raise RuntimeError(f"{name}: {[status for status, _ in answers if status != 200][:3]}")
    world.processor.setdefault(name, []).append(cost / REQUESTS * 1e6)
    world.waiting.setdefault(name, []).extend(seconds * 1e6 for _, seconds in answers)


def _places(world: World, name: str) -> list[str]:
    """Return what the paths of a round are about, at random."""
    if name == "cancel":
        return [id_of(number) for number in _fresh(world)]
    if name == "cancel, repeated":
        return [
            id_of(number) for number in world.chance.choices(range(1, world.orders, 2), k=REQUESTS)
        ]
    numbers = world.chance.choices(range(world.orders), k=REQUESTS)
    return [reference_of(each) if "list" in name else id_of(each) for each in numbers]


def _fresh(world: World) -> list[int]:
    """Return orders that nobody has cancelled yet, where all are cancelled after a restore."""
    if len(world.fresh) < REQUESTS:
        world.fresh = world.chance.sample(range(0, world.orders, 2), world.orders // 2)
        if world.orders == FEW:
            _put_back(world)
    taken, world.fresh = world.fresh[:REQUESTS], world.fresh[REQUESTS:]
    return taken


def _put_back(world: World) -> None:
    """Put back the orders as they were the first time."""
    world.client.connect()
    path = f"{CONTROL_PATH}/state"
    if not world.state:
        world.state = json.dumps(world.client.control("GET", path)).encode()
    world.client.control("PUT", path, world.state)


def _figures(few: World, many: World) -> dict[str, Any]:
    operations = {}
    for name in OPERATIONS:
        costs = [statistics.median(world.processor[name]) for world in (few, many)]
        waits = [statistics.median(world.waiting[name]) for world in (few, many)]
        operations[name] = {
            "processorMicroseconds": [round(cost, 1) for cost in costs],
            "ratio": round(costs[1] / costs[0], 3),
            "clientMicroseconds": [round(wait, 1) for wait in waits],
            "clientRatio": round(waits[1] / waits[0], 3),
            "longestMs": [round(max(world.waiting[name]) / 1000, 1) for world in (few, many)],
        }
    used = [resident(world.process.pid) for world in (few, many)]
    return {
        "orders": [few.orders, many.orders],
        "operations": operations,
        "bytesPerOrder": round((used[1] - used[0]) * 2**20 / (many.orders - few.orders)),
        "residentMiB": [round(each) for each in used],
        "peakMiB": round(resident(many.process.pid, "VmHWM")),
        "secondsToSeed": round(many.seeded - few.seeded, 1),
        "postedPerSecond": _posted(many),
    }


def _posted(world: World) -> int:
    """Return how many orders a second the control plane creates, one after the other."""
    world.client.connect()
    numbers = range(world.orders, world.orders + FEW)
    begun = time.perf_counter()
    for number in numbers:
        order = json.dumps(sample(number)).encode()
        world.client.control("POST", f"{CONTROL_PATH}/orders", order)
    return round(FEW / (time.perf_counter() - begun))


def _in_process() -> dict[str, Any]:
    """Return what it takes to create orders in a server within this process."""
    with MockServer(seed="none") as mock:
        gc.collect()
        before, begun = resident(os.getpid()), time.perf_counter()
        for number in range(SAMPLE):
            mock.orders.create(**sample(number))  # type: ignore[arg-type] # any text, as of a row
        seconds = time.perf_counter() - begun
        return {
            "ordersPerSecond": round(SAMPLE / seconds),
            "bytesPerOrder": round((resident(os.getpid()) - before) * 2**20 / SAMPLE),
        }


def _text(figures: dict[str, Any]) -> str:
    few, many = (f"{orders:,}" for orders in figures["orders"])
    heads = ["", f"µs, {few}", f"µs, {many}", "ratio", "ratio for the client", "longest, ms"]
    rows = [
        [
            name,
            *each["processorMicroseconds"],
            each["ratio"],
            each["clientRatio"],
            " / ".join(map(str, each["longestMs"])),
        ]
        for name, each in figures["operations"].items()
    ]
    within = figures["inProcess"]
    size = (
        f"{figures['bytesPerOrder']} bytes per order after loading a state file, "
        f"{figures['residentMiB'][1]} MiB in all and {figures['peakMiB']} at most while loading; "
        f"{within['bytesPerOrder']} bytes after creating them one by one."
    )
    seeding = (
        f"{many} orders are loaded from a state file in {figures['secondsToSeed']} s; "
        f"`mock.orders.create` makes {within['ordersPerSecond']:,} a second, "
        f"`POST /__mock/orders` {figures['postedPerSecond']:,}."
    )
    return "\n\n".join([table(heads, rows), size, seeding])


if __name__ == "__main__":
    main()
