"""Load on two replicas whose Redis is stopped or killed, and started again, amid the work."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from time import perf_counter

import httpx

from prove.killing import Told, beside, wrong_or_lost
from tests.support.redis_server import RedisServer
from tests.support.replicas import CONTROL, client_of, replicas

POLL, MOST_POLLS = 0.01, 6000
"""Seconds between two looks at whether a replica is ready, or has refused; and how many looks."""


@dataclass
class Outages:
    """What clients were *told*, and how long each outage *lasted* once the store was back (s)."""

    told: Told = field(default_factory=Told)
    lasted: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        """Return the counts and times."""
        longest = max(self.lasted, default=0.0)
        return f"{self.told}; served again {longest:.2f} s after the store at most"


async def interrupt(
    store: RedisServer, times: int, seen: Outages, tell: Callable[[str], object] = str
) -> list[str]:
    """
    End *store* under load by SIGTERM and by SIGKILL in turn, *times* in all, and start it again.

    Return what was lost or answered wrong; *seen* grows, and *tell* is given the progress. What
    is acknowledged has to be on the disk: `--appendonly yes --appendfsync always`.
    """
    random = Random(0)  # noqa: S311 - to be repeated
    with replicas(store) as (one, other):
        urls = (one.url, other.url)
        for number in range(times):
            gate = asyncio.Event()
            by = (signal.SIGTERM, signal.SIGKILL)[number % 2]

            async def end(by: int = by, gate: asyncio.Event = gate) -> None:
                await _end(store, by, urls, seen)
                gate.set()

            await beside(end, seen.told, f"outage{number}", urls, random=random, gate=gate)
            tell(f"{number + 1} outages: {seen}")
        return await wrong_or_lost(one.url, seen.told)


async def _end(store: RedisServer, by: int, urls: tuple[str, str], seen: Outages) -> None:
    """End the store, start it once it was missed, and note when all replicas are ready again."""
    refused = seen.told.refused

    async def is_missed() -> bool:
        return seen.told.refused > refused

    await asyncio.to_thread(store.stop, by)
    await _until(is_missed)
    await asyncio.to_thread(store.start)
    begun = perf_counter()
    for url in urls:
        async with client_of(url, "none is needed") as client:

            async def is_ready(client: httpx.AsyncClient = client) -> bool:
                return (await client.get(f"{CONTROL}/ready")).is_success

            await _until(is_ready)
    seen.lasted.append(perf_counter() - begun)


async def _until(is_so: Callable[[], Awaitable[bool]]) -> None:
    """Return once *is_so*, or raise TimeoutError where it is not for long."""
    for _ in range(MOST_POLLS):
        if await is_so():
            return
        await asyncio.sleep(POLL)
    raise TimeoutError
