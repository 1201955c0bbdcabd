"""The event log: the last events of one sandbox, kept while somebody follows them."""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from mock_server.domain.orders import Order
from mock_server.sandbox.changes import ChangeKind, Changes

MOST_EVENTS = 1000
"""How many events are kept; older ones give way."""

MOST_IN_FULL = 25
"""How many events since the last look are told one by one; beyond that they are counted."""

LINGER = timedelta(minutes=1)
"""How long events are kept for one who lost the connection and will be back."""


@dataclass(slots=True, eq=False)
class Event:
    """
    One event: *what* there is now, and *before*, by the *kind* of change.

    *at* is the sandbox's time, aware UTC. A *count* stands for that many events, the last of which
    has the *id* and the time. *written* is kept for the next who follows.
    """

    id: int
    at: datetime
    kind: str
    what: Any = None
    before: Any = None
    count: int = 0
    written: bytes | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """How far somebody has followed: to the event *last*, and how many of each kind there were."""

    last: int
    totals: dict[str, int] = field(default_factory=dict)


GAP = "gap"
"""The kind of the event that tells that events are lost."""


class EventLog:
    """
    The last 1,000 events of a sandbox. Safe to use from several threads.

    It records from when somebody first follows it until a minute after the last one has left; who
    asks for what came in between is told of a gap.

    Source: docs/messages.md, "Events".
    """

    def __init__(self, seconds: Callable[[], float] = time.perf_counter) -> None:
        """Record nothing yet; *seconds* tells how long the last follower is gone."""
        self._changes = Changes()
        self._seconds = seconds
        self._lock = threading.Lock()
        self._ring: deque[Event] = deque(maxlen=MOST_EVENTS)
        self._last = 0
        self._totals: Counter[str] = Counter()
        self._latest: dict[str, Event] = {}
        self._followers = 0
        self._left_at = 0.0
        self._is_recording = False

    @property
    def followers(self) -> int:
        """How many follow just now."""
        return self._followers

    def join(self, changes: Changes, first: int) -> Mark:
        """
        Follow *changes* from now on, and return how far the log is; `leave` ends it.

        Ids begin above *first*, which is higher than those of any log that was here before; each
        is one higher than that of the event before it.
        """
        with self._lock:
            self._changes = changes
            self._last = self._last or first
            self._followers += 1
            if not self._is_recording:
                self._begin()
            return self._mark()

    def leave(self) -> None:
        """Follow no longer."""
        with self._lock:
            self._followers -= 1
            self._left_at = self._seconds()

    @contextmanager
    def joined(self, changes: Changes, first: int) -> Iterator[Mark]:
        """Follow in the block, as `join`."""
        mark = self.join(changes, first)
        try:
            yield mark
        finally:
            self.leave()

    def _begin(self) -> None:
        # Whatever happened in between has no events: one number for all of it.
        self._last += 1
        self._ring.clear()
        self._is_recording = True
        self._changes.add(self._hear)

    def _mark(self) -> Mark:
        return Mark(self._last, dict(self._totals))

    def _hear(self, kind: ChangeKind, what: Any, before: Any) -> None:
        with self._lock:
            if not self._followers and self._seconds() - self._left_at > LINGER.total_seconds():
                self._is_recording = False
                self._changes.remove(self._hear)
                return
            at = self._changes.now()
            if kind is ChangeKind.ORDER:
                for change in _of_order(before, what):
                    self._add(at, *change)
            elif kind is not ChangeKind.CLOSED:
                self._add(at, kind, what, before)

    def _add(self, at: datetime, kind: str, what: Any, before: Any = None, count: int = 0) -> None:
        self._last += 1
        event = Event(self._last, at, kind, what, before, count)
        self._ring.append(event)
        self._totals[kind] += count or 1
        self._latest[kind] = event

    def resumed(self, last: int) -> tuple[list[Event], Mark]:
        """
        Return every event after the one with the id *last*, and how far that is.

        Where not all of them are kept, or there never was such an event, a gap comes first and
        alone: everything is to be read anew.
        """
        with self._lock:
            first = self._last - len(self._ring)
            if first <= last <= self._last:
                return self._after(last), self._mark()
            return [Event(self._last, self._changes.now(), GAP)], self._mark()

    def since(self, mark: Mark) -> tuple[list[Event], Mark]:
        """Return the events since *mark*, or, where they are many, how many; and the new mark."""
        with self._lock:
            if mark.last == self._last:
                return [], mark
            if self._last - mark.last <= min(MOST_IN_FULL, len(self._ring)):
                return self._after(mark.last), self._mark()
            return list(self._counted(mark)), self._mark()

    def _after(self, last: int) -> list[Event]:
        number = self._last - last
        return list(islice(reversed(self._ring), number))[::-1]

    def _counted(self, mark: Mark) -> Iterator[Event]:
        for event in sorted(self._latest.values(), key=lambda event: event.id):
            count = self._totals[event.kind] - mark.totals.get(event.kind, 0)
            if count == 1 and event.id > mark.last:
                yield event
            elif count:
                yield Event(event.id, event.at, event.kind, count=count)


def _of_order(before: Order | None, after: Order | None) -> Iterator[tuple[str, Any, Any, int]]:
    """Yield what an order becoming *after* is told as: itself, and its messages that changed."""
    if after is None:
        yield ChangeKind.ORDER, None, before, 0
        return
    told = (after.status, after.last_update, after.inquiry)
    if before is None or told != (before.status, before.last_update, before.inquiry):
        yield ChangeKind.ORDER, after, None, 0
    known = () if before is None else before.notifications
    if after.notifications is known:
        return
    changed = [
        item
        for place, item in enumerate(after.notifications)
        if place >= len(known) or known[place] is not item
    ]
    if len(changed) > MOST_IN_FULL:
        yield ChangeKind.MESSAGE, None, None, len(changed)
        return
    for item in changed:
        yield ChangeKind.MESSAGE, (after, item), None, 0
