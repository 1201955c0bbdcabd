"""Load on two replicas over one Redis, one of which is killed; all that was told must be there."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx

from tests.support.processes import Served, serving
from tests.support.redis_server import RedisServer
from tests.support.replicas import API, CONTROL, client_of

CLIENTS, TURNS = 8, 12
TIMES = 3
"""How often each fault strikes."""

EVERY = 10
"""After how many kills progress is told."""

UNKNOWN = "?"
EMAIL = {
    "subject": "S",
    "body": "B",
    "recipients": [{"emailAddress": "kari@example.com"}],
    "requestedSendTime": "2090-01-01T12:00:00Z",
}


@dataclass
class Told:
    """
    What clients were told, and what was wrong with it.

    By sandbox: what has become of each order, `?` where no answer came or it was refused, and how
    often each fault has struck.
    """

    orders: dict[str, dict[str, str]] = field(default_factory=dict)
    armed: dict[str, dict[str, int]] = field(default_factory=dict)
    broken: int = 0
    refused: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def creates(self) -> int:
        """How many creates were acknowledged."""
        return sum(map(len, self.orders.values()))

    @property
    def cancels(self) -> int:
        """How many cancels were acknowledged."""
        return sum(Counter(of.values())["Cancelled"] for of in self.orders.values())

    @property
    def faults(self) -> int:
        """How many faults were acknowledged."""
        return sum(map(len, self.armed.values()))

    @property
    def strikes(self) -> int:
        """How often a fault has struck."""
        return sum(sum(of.values()) for of in self.armed.values())

    def __str__(self) -> str:
        """Return the counts."""
        return (
            f"acknowledged {self.creates} creates, {self.cancels} cancels, {self.faults} faults, "
            f"{self.strikes} strikes; {self.broken} connections broken, {self.refused} answers 503 "
            f"with Retry-After, {len(self.wrong)} wrong"
        )

    def is_one_of(self, answer: httpx.Response, *statuses: int) -> bool:
        """Tell whether *answer* has one of *statuses*; count an honest 503, and what is wrong."""
        if answer.status_code in statuses:
            return True
        if answer.status_code == 503 and "retry-after" in answer.headers:
            self.refused += 1
        else:
            asked = f"{answer.request.method} {answer.request.url.path}"
            self.wrong.append(f"{asked} is answered {answer.status_code}: {answer.text}")
        return False


async def kill(
    store: RedisServer, kills: int, told: Told, tell: Callable[[str], object] = str
) -> list[str]:
    """
    Kill one of two replicas under load, so often; return what was lost or answered wrong.

    Each time clients use a sandbox of its own; *told* grows, and *tell* is given the progress.
    """
    random = Random(0)  # noqa: S311 - to be repeated
    with serving("--store", store.url) as steady:
        for number in range(kills):
            with serving("--store", store.url) as victim:

                async def end(victim: Served = victim) -> None:
                    victim.process.send_signal(signal.SIGKILL)

                await beside(end, told, f"kill{number}", (steady.url, victim.url), random=random)
            if (number + 1) % EVERY == 0:
                tell(f"{number + 1} kills: {told}")
        return await wrong_or_lost(steady.url, told)


async def beside(
    act: Callable[[], Awaitable[None]],
    told: Told,
    sandbox: str,
    urls: tuple[str, str],
    *,
    random: Random,
    gate: asyncio.Event | None = None,
) -> None:
    """
    Do *act* while clients are at work in *sandbox* at both *urls*, and return once they are done.

    Where there is a *gate*, a client that was refused goes on once that is open.
    """
    async with client_of(urls[0]) as client:
        token = client.headers["Authorization"].partition(" ")[2]
    # Before as many were made as all would make: it is done amid the work.
    mark = Mark(random.randrange(CLIENTS // 2, CLIENTS * TURNS * 3 // 4))
    turns = (urls, urls[::-1])
    users = [
        User(told, sandbox, f"client{place}", turns[place % 2], mark=mark, gate=gate)
        for place in range(CLIENTS)
    ]
    load = asyncio.gather(*(user.use(token) for user in users))
    reached = asyncio.create_task(mark.reached.wait())
    first: list[asyncio.Future[Any]] = [load, reached]
    await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
    await act()
    await load
    reached.cancel()


async def wrong_or_lost(url: str, told: Told) -> list[str]:
    """Return what was answered wrong, and what the replica at *url* lacks of what was *told*."""
    async with client_of(url) as client:
        lost = [text for name in told.orders async for text in _lost(client, name, told)]
        return told.wrong + lost


class Mark:
    """A number of orders that is *reached* as they are made."""

    def __init__(self, number: int) -> None:
        """Wait for *number* orders."""
        self._number = number
        self.reached = asyncio.Event()

    def count(self) -> None:
        """Count one order."""
        self._number -= 1
        if self._number <= 0:
            self.reached.set()


class User:
    """A client that uses one replica and the other in turn; it alone has this *reference*."""

    def __init__(
        self,
        told: Told,
        sandbox: str,
        reference: str,
        urls: tuple[str, str],
        *,
        mark: Mark,
        gate: asyncio.Event | None,
    ) -> None:
        """Add to *told* what is answered, count orders for *mark*, and wait at *gate*."""
        self._told = told
        self._mark = mark
        self._gate = gate
        self._orders = told.orders.setdefault(sandbox, {})
        self._armed = told.armed.setdefault(sandbox, {})
        self._below = f"/__sandbox/{sandbox}"
        self._reference = reference
        self._urls = urls
        self._fault = ""
        self._met = 0
        self._open: str | None = None

    async def use(self, token: str) -> None:
        """Arm a fault in the first turn; in each create an order, and cancel one or be struck."""
        steps: list[Callable[[httpx.AsyncClient], Awaitable[None]]] = [self._arm]
        for turn in range(TURNS):
            steps += [self._create, (self._cancel, self._meet)[turn % 2]]
        async with client_of(self._urls[0], token) as one, client_of(self._urls[1], token) as other:
            for place, step in enumerate(steps):
                refused = self._told.refused
                try:
                    # By threes, so that each kind of step comes to either of them.
                    await step((one, other)[place // 3 % 2])
                except httpx.TransportError:
                    self._told.broken += 1
                if self._gate is not None and self._told.refused > refused:
                    await self._gate.wait()

    async def _arm(self, client: httpx.AsyncClient) -> None:
        match = {"sendersReference": self._reference}
        rule = {"status": 418, "times": TIMES, "match": match}
        answer = await client.post(f"{self._below}{CONTROL}/faults", json=rule)
        if self._told.is_one_of(answer, 201):
            self._fault = answer.json()["id"]
            self._armed[self._fault] = 0

    async def _create(self, client: httpx.AsyncClient) -> None:
        answer = await client.post(f"{self._below}{API}/orders/email", json=EMAIL)
        if self._told.is_one_of(answer, 202):
            self._orders[answer.json()["orderId"]] = "Registered"
            self._mark.count()

    async def _cancel(self, client: httpx.AsyncClient) -> None:
        """Cancel an order, first the one of which nothing was told the last time."""
        orders = self._orders
        order_id = self._open or next(
            (name for name in orders if orders[name] != "Cancelled"), None
        )
        if order_id is None:
            return
        self._open = order_id
        # Until it is told, it may be either.
        orders[order_id] = UNKNOWN
        answer = await client.put(f"{self._below}{API}/orders/{order_id}/cancel")
        if self._told.is_one_of(answer, 200):
            orders[order_id], self._open = "Cancelled", None

    async def _meet(self, client: httpx.AsyncClient) -> None:
        """Ask for what the fault strikes, so often as it may and then no more."""
        self._met += 1
        path = f"{self._below}{API}/orders?sendersReference={self._reference}"
        answer = await client.get(path)
        if not self._told.is_one_of(answer, 200, 418) or not self._fault:
            return
        self._armed[self._fault] += answer.status_code == 418
        if answer.status_code == 200 and self._met <= TIMES:
            self._told.wrong.append(f"{self._below}: the fault {self._fault} has not struck")


async def _lost(client: httpx.AsyncClient, sandbox: str, told: Told) -> AsyncIterator[str]:
    """Yield what is not as *told* of *sandbox*."""
    control = f"/__sandbox/{sandbox}{CONTROL}"
    listed = (await client.get(f"{control}/orders")).json()["orders"]
    there = {order["id"]: order["status"] for order in listed}
    for order_id, status in told.orders[sandbox].items():
        found = there.get(order_id)
        if found is None or status not in (UNKNOWN, found):
            yield f"{sandbox}: the order {order_id} was {status} and is {found}"
    faults = (await client.get(f"{control}/faults")).json()["faults"]
    struck = {item["id"]: item["matched"] for item in faults}
    for fault_id, often in told.armed[sandbox].items():
        if not often <= struck.get(fault_id, -1) <= TIMES:
            is_now = struck.get(fault_id, "lost")
            yield f"{sandbox}: the fault {fault_id} has struck {often} times and is {is_now}"
