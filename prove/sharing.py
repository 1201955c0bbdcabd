"""
Race two replicas over one Redis, and kill one of them under load, again and again.

    python -m prove.sharing [ROUNDS [KILLS]]

1,000 rounds of 50 parallel cancels over both, which race the clock and a trigger, and 100 kills.
Exits 1 where an answer is impossible, or something acknowledged is lost.
"""

import asyncio
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

import httpx

from tests.support.processes import Served, serving
from tests.support.redis_server import RedisServer, running_redis

ROUNDS, KILLS, CLIENTS = 1000, 100, 50
API, CONTROL = "/notifications/api/v1", "/__mock"
NOON = "2031-03-01T12:00:00Z"


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer to a cancel: when it was asked for and when it came, and what it says."""

    begun: float
    ended: float
    status: int
    body: Any


@dataclass
class Told:
    """What clients were told: orders by what has become of each, faults; and wrong answers."""

    orders: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    broken: int = 0
    wrong: list[str] = field(default_factory=list)


@contextmanager
def replicas(store: RedisServer, number: int = 2) -> Iterator[list[Served]]:
    """Serve *number* replicas over *store*, each as a process, for the length of the block."""
    with ExitStack() as stack:
        yield [stack.enter_context(serving("--store", store.url)) for _ in range(number)]


@asynccontextmanager
async def _client(url: str) -> AsyncIterator[httpx.AsyncClient]:
    # The server closes what is idle for five seconds, and nobody is to meet that.
    limits = httpx.Limits(max_connections=100, keepalive_expiry=2)
    async with httpx.AsyncClient(base_url=url, timeout=60, limits=limits, verify=False) as client:  # noqa: S501 - plain HTTP
        token = (await client.post(f"{CONTROL}/tokens", json={})).json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


async def race(urls: list[str], rounds: int, tally: Counter[str]) -> list[str]:
    """Return what is impossible in *rounds* over the replicas at *urls*; *tally* how they end."""
    random, found = Random(0), list[str]()  # noqa: S311 - to be repeated
    async with _client(urls[0]) as one, _client(urls[1]) as other:
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


async def kill(store: RedisServer, kills: int) -> list[str]:
    """Kill one of two replicas under load, so often; return what was lost or answered wrong."""
    random, told = Random(0), Told()  # noqa: S311 - to be repeated
    with serving("--store", store.url) as steady:
        for number in range(kills):
            with serving("--store", store.url) as victim:
                urls = [steady.url, victim.url]
                load = [asyncio.create_task(_load(urls, told, number)) for _ in range(8)]
                await asyncio.sleep(0.2 + random.random() * 0.5)
                victim.process.send_signal(signal.SIGKILL)
                await asyncio.gather(*load)
        async with _client(steady.url) as client:
            return told.wrong + [item async for item in _lost(client, told)]


async def _load(urls: list[str], told: Told, number: int) -> None:
    try:
        await _use(urls, told, number)
    except httpx.TransportError:  # it was killed before there was a token
        told.broken += 1


async def _use(urls: list[str], told: Told, number: int) -> None:
    """Create orders, cancel some, and arm a fault, at one replica and the other in turn."""
    async with _client(urls[0]) as steady, _client(urls[1]) as victim:
        for turn in range(12):
            client = (steady, victim)[turn % 2]
            try:
                made = await client.post(f"{CONTROL}/orders", json={})
                if made.status_code != 201:
                    told.wrong.append(f"a create is answered {made.status_code}: {made.text}")
                    continue
                order_id = made.json()["id"]
                told.orders[order_id] = "Registered"
                if turn % 3 == 0:
                    # Until it is told, it may be either.
                    told.orders[order_id] = "?"
                    done = await client.put(f"{API}/orders/{order_id}/cancel")
                    if done.status_code == 200:
                        told.orders[order_id] = "Cancelled"
                    else:
                        told.wrong.append(f"a cancel is answered {done.status_code}: {done.text}")
                if turn == 5 and number % 4 == 0:
                    rule = {"status": 418, "match": {"sendersReference": f"{number}"}}
                    armed = await client.post(f"{CONTROL}/faults", json=rule)
                    if armed.status_code == 201:
                        told.faults.append(armed.json()["id"])
            except httpx.TransportError:
                told.broken += 1


async def _lost(client: httpx.AsyncClient, told: Told) -> AsyncIterator[str]:
    listed = (await client.get(f"{CONTROL}/orders")).json()["orders"]
    there = {order["id"]: order["status"] for order in listed}
    for order_id, status in told.orders.items():
        found = there.get(order_id)
        if found is None or status not in ("?", found):
            yield f"the order {order_id} was {status} and is {found}"
    faults = {item["id"] for item in (await client.get(f"{CONTROL}/faults")).json()["faults"]}
    for fault_id in told.faults:
        if fault_id not in faults:
            yield f"the fault {fault_id} is lost"


def _since(begun: float) -> str:
    return f"{perf_counter() - begun:.0f} s"


def main(rounds: int, kills: int) -> int:
    """Race and kill so many times, and return the exit status."""
    options = ("--appendonly", "yes")
    with tempfile.TemporaryDirectory() as folder, running_redis(Path(folder), *options) as store:
        begun, tally = perf_counter(), Counter[str]()
        with replicas(store) as served:
            found = asyncio.run(race([item.url for item in served], rounds, tally))
        print(f"{rounds} rounds ({dict(tally)}): {len(found)} impossible, {_since(begun)}")
        lost = asyncio.run(kill(store, kills))
        print(f"{kills} kills: {len(lost)} lost or wrong, {_since(begun)}")
        for text in (*found, *lost)[:20]:
            print(text)
    return 1 if found or lost else 0


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:3]]
    sys.exit(main(*(given + [ROUNDS, KILLS][len(given) :])))
