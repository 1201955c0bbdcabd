"""The event log: the last events of one sandbox, kept while somebody follows them."""

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from mock_server.domain.notifications import Notification
from mock_server.domain.orders import Order
from mock_server.sandbox.changes import ChangeKind, Changes

MOST_EVENTS = 1000
"""How many events are kept; older ones give way."""

MOST_IN_FULL = 25
"""How many events since the last look are told one by one; beyond that they are counted."""

LINGER = timedelta(minutes=1)
"""How long events are kept for one who lost the connection and will be back."""

MOST_HEARD = 64
"""How many changes wait at most to become events, which they do when somebody looks."""

MOST_SHARED = 4 * MOST_IN_FULL
"""How many events are shared by those who follow at the same time."""

_REQUEST, _ORDER, _MESSAGE = ChangeKind.REQUEST, ChangeKind.ORDER, ChangeKind.MESSAGE
_CLOSED = ChangeKind.CLOSED


@dataclass(slots=True, eq=False)
class Event:
    """
    One event: *what* there is now, and *before*, by the *kind* of change.

    *at* is the sandbox's time, aware UTC; None: what there is now tells it. A *count* stands for
    that many events, the last of which has the *id*. *written* is kept for the next who follows.
    """

    id: int
    kind: str
    what: Any = None
    before: Any = None
    at: datetime | None = None
    count: int = 0
    written: bytes | None = None


_Told = tuple[str, Any, Any, datetime | None, int]
"""The members of an event but for its id; it is made of them once somebody reads it."""

_Kept = tuple[int, _Told]


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

    Whoever makes a change only leaves it here; it becomes an event when somebody looks.

    Source: docs/messages.md, "Events".
    """

    def __init__(self, seconds: Callable[[], float] = time.perf_counter) -> None:
        """Record nothing yet; *seconds* tells how long the last follower is gone."""
        self._changes = Changes()
        self._seconds = seconds
        self._lock = threading.Lock()
        self._heard: deque[tuple[ChangeKind, Any, Any, datetime | None]] = deque()
        self._ring: deque[_Kept] = deque(maxlen=MOST_EVENTS)
        self._shared: dict[int, Event] = {}
        self._last = 0
        self._totals: defaultdict[str, int] = defaultdict(int)
        self._latest: dict[str, _Kept] = {}
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
            self._take_down()
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
        self._heard.clear()
        self._ring.clear()
        self._is_recording = True
        self._changes.add(self._hear)

    def _mark(self) -> Mark:
        return Mark(self._last, dict(self._totals))

    def _hear(self, kind: ChangeKind, what: Any, before: Any) -> None:
        if not self._followers and self._seconds() - self._left_at > LINGER.total_seconds():
            with self._lock:
                self._is_recording = False
                self._changes.remove(self._hear)
            return
        # A request has its time with it, and an order, unless it was deleted; an end needs none.
        has_time = kind is _CLOSED or (what is not None and (kind is _REQUEST or kind is _ORDER))
        self._heard.append((kind, what, before, None if has_time else self._changes.now()))
        if len(self._heard) >= MOST_HEARD:
            with self._lock:
                self._take_down()

    def _take_down(self) -> None:
        """Make events of what was heard."""
        heard, keep = self._heard, self._keep
        while heard:
            kind, what, before, at = heard.popleft()
            if kind is not _ORDER:
                if kind is not _CLOSED:
                    keep((kind, what, before, at, 0))
            elif what is None or before is None or what.notifications is not before.notifications:
                for change in _of_order(before, what):
                    keep((*change[:3], at, change[3]))
            elif _has_moved(before, what):
                keep((kind, what, None, at, 0))

    def _keep(self, told: _Told) -> None:
        self._last += 1
        self._ring.append((self._last, told))
        kind, count = told[0], told[4]
        self._totals[kind] += count or 1
        self._latest[kind] = self._last, told

    def resumed(self, last: int) -> tuple[list[Event], Mark]:
        """
        Return every event after the one with the id *last*, and how far that is.

        Where not all of them are kept, or there never was such an event, a gap comes first and
        alone: everything is to be read anew.
        """
        with self._lock:
            self._take_down()
            first = self._last - len(self._ring)
            if first <= last <= self._last:
                return self._after(last), self._mark()
            return [Event(self._last, GAP, at=self._changes.now())], self._mark()

    def since(self, mark: Mark) -> tuple[list[Event], Mark]:
        """Return the events since *mark*, or, where they are many, how many; and the new mark."""
        with self._lock:
            self._take_down()
            if mark.last == self._last:
                return [], mark
            if self._last - mark.last <= min(MOST_IN_FULL, len(self._ring)):
                return self._after(mark.last), self._mark()
            return list(self._counted(mark)), self._mark()

    def _after(self, last: int) -> list[Event]:
        kept = list(islice(reversed(self._ring), self._last - last))[::-1]
        return [self._event(item) for item in kept]

    def _event(self, kept: _Kept) -> Event:
        """Return the event of *kept*, the same one to all who read it by and by."""
        id_, told = kept
        event = self._shared.get(id_)
        if event is None:
            if len(self._shared) >= MOST_SHARED:
                self._shared.clear()
            event = self._shared[id_] = Event(id_, *told)
        return event

    def _counted(self, mark: Mark) -> Iterator[Event]:
        for id_, told in sorted(self._latest.values(), key=lambda kept: kept[0]):
            count = self._totals[told[0]] - mark.totals.get(told[0], 0)
            if count == 1 and id_ > mark.last:
                yield self._event((id_, told))
            elif count:
                yield Event(id_, *told[:4], count)


def _has_moved(before: Order, after: Order) -> bool:
    return (
        after.status is not before.status
        or after.last_update != before.last_update
        or after.inquiry is not before.inquiry
    )


def _of_order(before: Order | None, after: Order | None) -> Iterator[tuple[str, Any, Any, int]]:
    """Yield what an order becoming *after* is told as: itself, and its messages that changed."""
    if after is None or before is None:
        yield _ORDER, after, before, 0
    elif _has_moved(before, after):
        yield _ORDER, after, None, 0
    known = () if before is None else before.notifications
    if after is not None and after.notifications is not known:
        yield from _of_messages(after, known)


def _of_messages(
    after: Order, known: tuple[Notification, ...]
) -> Iterator[tuple[str, Any, Any, int]]:
    changed = [
        item
        for place, item in enumerate(after.notifications)
        if place >= len(known) or known[place] is not item
    ]
    if len(changed) > MOST_IN_FULL:
        yield _MESSAGE, (after, changed[-1]), None, len(changed)
        return
    for item in changed:
        yield _MESSAGE, (after, item), None, 0
