"""
Race two replicas over one Redis, and kill one of them under load, again and again.

    python -m prove.sharing [--rounds N] [--kills N] [--outages N]

1,000 rounds of 50 parallel cancels over both, which race the clock and a trigger, 100 kills of a
replica, and 20 outages of the store.
Exits 1 where an answer is impossible, or something acknowledged is lost.
"""

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

import httpx

from prove.killing import Told, kill
from prove.outages import Outages, interrupt
from tests.support.redis_server import running_redis
from tests.support.replicas import API, CONTROL, client_of, replicas

ROUNDS, KILLS, OUTAGES, CLIENTS = 1000, 100, 20, 50
NOON = "2031-03-01T12:00:00Z"


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer to a cancel: when it was asked for and when it came, and what it says."""

    begun: float
    ended: float
    status: int
    body: Any


async def race(urls: list[str], rounds: int, tally: Counter[str]) -> list[str]:
    """Return what is impossible in *rounds* over the replicas at *urls*; *tally* how they end."""
    random, found = Random(0), list[str]()  # noqa: S311 - to be repeated
    async with client_of(urls[0]) as one, client_of(urls[1]) as other:
        for number in range(rounds):
            told = await _round([one, other], random, tally)
            found += [f"round {number}: {text}" for text in told]
    return found


async def _round(
    clients: list[httpx.AsyncClient], random: Random, tally: Counter[str]
) -> list[str]:
    one = clients[0]
    world = f"/__sandbox/race{random.randrange(10)}"
    await one.put(f"{world}{CONTROL}/clock", json={"now": NOON, "frozen": True})
    order = {
        "requestedSendTime": "2031-03-01T12:06:00Z",
        "recipients": [{"emailAddress": "kari@example.com"}],
    }
    made = (await one.post(f"{world}{CONTROL}/orders", json=order)).json()
    path = f"{world}{API}/orders/{made['id']}"

    # Either may come first, and by how much is left to chance.
    lead = random.uniform(-0.02, 0.04)

    async def cancel(number: int) -> Answered:
        await asyncio.sleep(max(lead, 0) + random.random() * 0.02)
        begun = perf_counter()
        answer = await clients[number % len(clients)].put(f"{path}/cancel")
        return Answered(begun, perf_counter(), answer.status_code, answer.json())

    async def move() -> None:
        await asyncio.sleep(max(-lead, 0))
        span = {"duration": random.choice(["PT30S", "PT2M", "PT6M", "PT10M"])}
        await clients[1].post(f"{world}{CONTROL}/clock/advance", json=span)
        await clients[0].post(f"{world}{API}/trigger/pastdueorders")

    *answers, _ = await asyncio.gather(*(cancel(number) for number in range(CLIENTS)), move())
    last = (await clients[1].get(f"{world}{CONTROL}/orders/{made['id']}")).json()
    tally[last["status"]] += 1
    told = [item for item in answers if item is not None]
    tally["answers 503"] += sum(item.status == 503 for item in told)
    return list(_impossible(told, last))


def _impossible(answers: list[Answered], last: dict[str, Any]) -> Iterator[str]:
    """Yield what cannot be of *answers* to cancels of the order that is *last* as it is now."""
    done = [item for item in answers if item.status == 200]
    for item in answers:
        # A store that is slow on a busy machine is told honestly, and the cancel may be done.
        if item.status not in {200, 409, 503}:
            yield f"a cancel is answered {item.status}: {item.body}"
    is_cancelled = last["status"] == "Cancelled"
    is_told = all(item.status != 503 for item in answers)
    if (done and not is_cancelled) or (is_told and is_cancelled and not done):
        yield f"{len(done)} cancels succeeded, and the order is {last['status']}"
    if is_cancelled and last["notifications"]:
        yield "a cancelled order has messages"
    times = {item.body["processingStatus"]["lastUpdate"] for item in done}
    if len(times) > 1:
        yield f"it was cancelled at {sorted(times)}"
    first = min((item.ended for item in done), default=None)
    for item in answers:
        if first is not None and item.begun > first and item.status == 409:
            yield "a cancel is refused that was asked for after another had succeeded"


def _since(begun: float) -> str:
    return f"{perf_counter() - begun:.0f} s"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m prove.sharing")
    for name, number in (("rounds", ROUNDS), ("kills", KILLS), ("outages", OUTAGES)):
        parser.add_argument(f"--{name}", type=int, default=number)
    return parser.parse_args()


def main(rounds: int, kills: int, outages: int) -> int:
    """Race, kill and interrupt so many times, and return the exit status."""
    options = ("--appendonly", "yes", "--appendfsync", "always")
    with tempfile.TemporaryDirectory() as folder, running_redis(Path(folder), *options) as store:
        begun, tally = perf_counter(), Counter[str]()
        with replicas(store) as served:
            found = asyncio.run(race([item.url for item in served], rounds, tally))
        print(f"{rounds} rounds ({dict(tally)}): {len(found)} impossible, {_since(begun)}")
        begun, told = perf_counter(), Told()
        lost = asyncio.run(kill(store, kills, told, lambda text: print(text, flush=True)))
        print(f"{kills} kills: {told}; {len(lost)} lost or wrong, {_since(begun)}")
        begun, seen = perf_counter(), Outages()
        lost += asyncio.run(interrupt(store, outages, seen, lambda text: print(text, flush=True)))
        print(f"{outages} outages: {seen}; {len(lost)} lost or wrong in all, {_since(begun)}")
        for text in (*found, *lost)[:20]:
            print(text)
    return 1 if found or lost else 0


if __name__ == "__main__":
    asked = _arguments()
    sys.exit(main(asked.rounds, asked.kills, asked.outages))
