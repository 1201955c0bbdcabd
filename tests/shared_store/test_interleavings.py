"""Every order in which the steps of two processes can meet in the store, one after another."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from mock_server.domain.cancellation import CancellationProhibitedError, cancel
from mock_server.domain.orders import Order, Status
from mock_server.domain.recipients import Recipient
from mock_server.sandbox.registry import DEFAULT
from mock_server.sandbox.sandbox import Sandbox
from mock_server.sandbox.surroundings import ProgressMode, Surroundings
from mock_server.shared_store.connection import Command, Connection
from mock_server.shared_store.registry import SharedSandboxes
from tests.support.builders import ORDER_ID, an_order

pytestmark = pytest.mark.slow

SENT = datetime(2031, 3, 1, 12, tzinfo=UTC)
Act = Callable[[Sandbox], object]


class Schedule:
    """Lets one of several threads take a step at a time: as *choices* say, then the first."""

    def __init__(self, choices: Sequence[int], actors: int) -> None:
        """Begin with so many *actors*."""
        self.choices = choices
        self.taken: list[tuple[int, list[int]]] = []
        self._change = threading.Condition()
        self._waiting: set[int] = set()
        self._living = set(range(actors))
        self._turn: int | None = None
        self._actor = threading.local()

    def step(self) -> None:
        """Wait for the turn of this thread, where it is an actor."""
        actor = getattr(self._actor, "number", None)
        if actor is None:
            return
        with self._change:
            self._waiting.add(actor)
            self._choose()
            self._change.wait_for(lambda: self._turn == actor)
            self._turn = None
            self._waiting.discard(actor)

    def _choose(self) -> None:
        if self._turn is None and self._living and self._waiting == self._living:
            able = sorted(self._living)
            place = len(self.taken)
            turn = self.choices[place] if place < len(self.choices) else able[0]
            self.taken.append((turn, able))
            self._turn = turn
            self._change.notify_all()

    def run(self, acts: Sequence[Callable[[], object]]) -> None:
        """Do *acts*, each in a thread of its own, to their end."""
        threads = [threading.Thread(target=self._act, args=item) for item in enumerate(acts)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)

    def _act(self, number: int, act: Callable[[], object]) -> None:
        self._actor.number = number
        try:
            act()
        finally:
            with self._change:
                self._living.discard(number)
                self._choose()


class Stepping(Connection):
    """A connection each use of which is a step of a schedule."""

    schedule = Schedule((), 0)

    def call(self, *command: str | float) -> Any:
        """Take a step."""
        self.schedule.step()
        return super().call(*command)

    def bulk(self, *command: str | float) -> Any:
        """Take a step."""
        self.schedule.step()
        return super().bulk(*command)

    def script(self, text: str, keys: Sequence[str], arguments: Sequence[str | int | float]) -> Any:
        """Take a step."""
        self.schedule.step()
        return super().script(text, keys, arguments)

    def together(self, commands: Sequence[Command]) -> list[Any]:
        """Take a step."""
        self.schedule.step()
        return super().together(commands)


def a_process(connection: Stepping, prefix: str, mode: ProgressMode) -> Sandbox:
    """Return the default sandbox as a process of its own has it."""
    sandboxes = SharedSandboxes(
        connection,
        prefix=prefix,
        pool=None,  # type: ignore[arg-type] # it is for event loops
        operation_ids=(),
        limit=10,
        max_orders=10,
        seeds=lambda _now: (),
        surroundings=Surroundings(ask=lambda _endpoint, _note: None, mode=mode),
    )
    return sandboxes.enter(DEFAULT)


def explored(url: str, begin: Act, acts: Sequence[Act], mode: ProgressMode) -> Iterator[Sandbox]:
    """Yield the sandbox after *begin* and *acts*, in each order of the steps of the latter."""
    connections = [Stepping(url) for _ in acts]
    left: list[list[int]] = [[]]
    while left:
        schedule = Schedule(left.pop(), len(acts))
        prefix = uuid4().hex
        processes = [a_process(connection, prefix, mode) for connection in connections]
        begin(processes[0])
        for connection in connections:
            connection.schedule = schedule
        schedule.run([partial(act, own) for act, own in zip(acts, processes, strict=True)])
        for place in range(len(schedule.choices), len(schedule.taken)):
            before = [turn for turn, _ in schedule.taken[:place]]
            turn, able = schedule.taken[place]
            left += [[*before, other] for other in able if other != turn]
        for connection in connections:
            connection.schedule = Schedule((), 0)
        yield processes[0]


def store_order(sandbox: Sandbox, now: datetime) -> None:
    sandbox.set_clock(now, frozen=True)
    sandbox.progress.add(
        an_order(
            created=now,
            last_update=now,
            requested_send_time=SENT,
            recipients=(Recipient(email_address="kari@example.com"),),
        )
    )


def cancel_order(sandbox: Sandbox, told: list[str], window: timedelta) -> None:
    def change(order: Order, now: datetime) -> Order:
        return cancel(order, now, window)

    try:
        sandbox.progress.update(ORDER_ID, change)
        told.append("cancelled")
    except CancellationProhibitedError:
        told.append("refused")


def test_a_cancel_and_a_claim_that_meet_end_as_one_after_the_other(redis_url: str) -> None:
    told: list[str] = []
    ends: dict[tuple[str, Status], int] = {}
    acts: list[Act] = [
        lambda sandbox: cancel_order(sandbox, told, timedelta(0)),
        lambda sandbox: sandbox.progress.claim_due_orders(),
    ]
    begin = partial(store_order, now=SENT - timedelta(seconds=30))

    for sandbox in explored(redis_url, begin, acts, ProgressMode.MANUAL):
        order = sandbox.store.get(ORDER_ID)
        end = (told.pop(), order.status)
        ends[end] = ends.get(end, 0) + 1
        assert bool(order.notifications) is (order.status is Status.PROCESSED)

    assert set(ends) == {("cancelled", Status.CANCELLED), ("refused", Status.PROCESSED)}
    assert sum(ends.values()) > 10


def test_a_cancel_and_a_move_of_the_clock_end_as_one_after_the_other(redis_url: str) -> None:
    told: list[str] = []
    ends = set()
    acts: list[Act] = [
        lambda sandbox: cancel_order(sandbox, told, timedelta(minutes=5)),
        lambda sandbox: sandbox.clock.advance(timedelta(minutes=7)),
    ]
    begin = partial(store_order, now=SENT - timedelta(minutes=6))

    for sandbox in explored(redis_url, begin, acts, ProgressMode.AUTOMATIC):
        with suppress(IndexError):
            ends.add((told.pop(), sandbox.progress.get(ORDER_ID).status))

    assert ends == {("cancelled", Status.CANCELLED), ("refused", Status.PROCESSED)}


def test_two_cancels_that_meet_are_one_cancel(redis_url: str) -> None:
    told: list[str] = []
    act = partial(cancel_order, told=told, window=timedelta(minutes=5))
    begin = partial(store_order, now=SENT - timedelta(hours=1))

    for number, sandbox in enumerate(
        explored(redis_url, begin, [act, act, act], ProgressMode.AUTOMATIC), 1
    ):
        assert told == ["cancelled"] * 3 * number
        assert sandbox.store.get(ORDER_ID).status is Status.CANCELLED
    assert number > 10
