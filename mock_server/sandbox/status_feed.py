"""The status feed of one sandbox: entries numbered, withheld for a while, paged and bounded."""

import threading
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from operator import attrgetter
from uuid import UUID

from mock_server.domain.status_feed import FEED_DELAY, FeedEntry

RETENTION = timedelta(days=90)
"""How old an entry has to be before the clean-up removes it, bound included."""

MOST_CLEANED = 10_000
"""How many entries one clean-up removes at most."""

MOST_ENTRIES = 1_000_000
"""How many entries a sandbox keeps; beyond that the oldest give way."""

LEFT_OUT = 7
"""Every such number is left out on purpose, since the numbers of the real feed have gaps."""

Ranks = Callable[[Collection[UUID]], Mapping[UUID, int]]
"""Which place the orders with these ids have among all, by creation."""

_NUMBER = attrgetter("number")


class DroppedEntries:
    """Counter of the entries that gave way, for all sandboxes. Safe for several threads."""

    def __init__(self) -> None:
        """Begin at 0."""
        self.count = 0
        self._lock = threading.Lock()

    def add(self, number: int) -> None:
        """Count *number* more."""
        with self._lock:
            self.count += number


@dataclass(frozen=True, slots=True)
class FeedState:
    """
    All that a feed remembers.

    *entries* are in order of their numbers, those that have none yet last. *given* is how many
    numbers were given out, *shown* the last number that has ever been shown.
    """

    entries: tuple[FeedEntry, ...] = ()
    given: int = 0
    shown: int = 0


class StatusFeed:
    """
    The entries of one sandbox, each order at most once. Safe to use from several threads.

    An entry gets its number only when the whole sandbox has been settled, so that numbers follow
    events whichever order was looked at first. What is numbered shows when it, and all before it,
    is older than the delay: a reader who pages by number loses nothing.

    Source: Altinn/altinn-notifications getstatusfeed_v2, deleteoldstatusfeedrecords.
    """

    def __init__(
        self,
        delay: timedelta = FEED_DELAY,
        *,
        most: int = MOST_ENTRIES,
        dropped: DroppedEntries | None = None,
        state: FeedState | None = None,
    ) -> None:
        """
        Withhold entries for *delay*, zero for not at all; keep at most *most* of them.

        Those that give way are counted in *dropped*. Begin with *state*.
        """
        self._delay = delay
        self._most = most
        self._dropped = dropped or DroppedEntries()
        self._numbering = threading.Lock()
        self._lock = threading.Lock()
        self._put(state or FeedState())

    def _put(self, state: FeedState) -> None:
        self._ids = {entry.shipment_id for entry in state.entries}
        self._pending = [entry for entry in state.entries if not entry.number]
        # All that have a number, and of them those that nobody has been shown yet.
        self._entries: deque[FeedEntry] = deque(item for item in state.entries if item.number)
        self._hidden = deque(item for item in self._entries if item.number > state.shown)
        self._shelves: dict[str, _Shelf] = {}
        for entry in self._entries:
            if entry.number <= state.shown:
                self._shelf(entry).put(entry)
        self._given, self._shown = state.given, state.shown

    def add(self, entry: FeedEntry) -> None:
        """Keep *entry*, unless its order has one already."""
        with self._lock:
            if entry.shipment_id not in self._ids:
                self._ids.add(entry.shipment_id)
                self._pending.append(entry)

    def number(self, ranks: Ranks) -> None:
        """
        Assign numbers to new entries: by the time of writing, then by creation as *ranks* tells.

        To be called when every order is as it is by now. *ranks* is asked only where times are
        equal, and outside the lock that `add` takes.
        """
        if not self._pending:
            return
        with self._numbering:
            with self._lock:
                new = list(self._pending)
            tied = len({entry.written for entry in new}) < len(new)
            places = ranks({entry.shipment_id for entry in new}) if tied else {}
            last = len(places)
            new.sort(key=lambda item: (item.written, places.get(item.shipment_id, last)))
            with self._lock:
                del self._pending[: len(new)]
                self._append(new)

    def _append(self, entries: Iterable[FeedEntry]) -> None:
        for entry in entries:
            number = self._given + 1 + self._given // (LEFT_OUT - 1)
            self._given += 1
            numbered = replace(entry, number=number)
            self._entries.append(numbered)
            self._hidden.append(numbered)
        over = max(0, len(self._entries) - self._most)
        for _ in range(over):
            self._drop_oldest()
        self._dropped.add(over)

    def _drop_oldest(self) -> None:
        oldest = self._entries.popleft()
        self._ids.discard(oldest.shipment_id)
        if self._hidden and self._hidden[0].number == oldest.number:
            self._hidden.popleft()
        else:
            self._shelf(oldest).drop_first()

    def read(
        self, creator: str, now: datetime, *, after: int, size: int, newest_first: bool
    ) -> list[FeedEntry]:
        """
        Return at most *size* entries of *creator* that show by *now*, in order of their numbers.

        They are those above the number *after*; or, with *newest_first*, those below it, from the
        highest down, *after* 0 being no bound.
        """
        with self._lock:
            self._show(now)
            shelf = self._shelves.get(creator)
            if shelf is None:
                return []
            return shelf.below(after, size) if newest_first else shelf.above(after, size)

    def _show(self, now: datetime) -> None:
        while self._hidden and self._is_old_enough(self._hidden[0], now):
            entry = self._hidden.popleft()
            self._shelf(entry).put(entry)
            self._shown = entry.number

    def _is_old_enough(self, entry: FeedEntry, now: datetime) -> bool:
        return not self._delay or now - entry.written > self._delay

    def _shelf(self, entry: FeedEntry) -> "_Shelf":
        return self._shelves.setdefault(entry.creator, _Shelf())

    def next_showing(self, now: datetime) -> tuple[datetime, UUID] | None:
        """
        Return when the next entry shows that does not by *now*, and the order that it is of.

        None where none is withheld.
        """
        with self._lock:
            self._show(now)
            if not self._hidden:
                return None
            entry = self._hidden[0]
            return entry.written + self._delay + timedelta(microseconds=1), entry.shipment_id

    def turn_back(self, now: datetime) -> None:
        """Date withheld entries at *now* at the latest, after a move of the clock back to it."""
        with self._lock:
            self._hidden = deque(
                replace(entry, written=min(entry.written, now)) for entry in self._hidden
            )
            shown = (entry for entry in self._entries if entry.number <= self._shown)
            self._entries = deque((*shown, *self._hidden))

    def clean(self, now: datetime) -> None:
        """Remove entries that are 90 days old by *now*, some 10,000 of them at most."""
        with self._lock:
            self._show(now)
            old = [entry for entry in self._entries if now - entry.written >= RETENTION]
            gone = {entry.number for entry in old[:MOST_CLEANED] if entry.number <= self._shown}
            if not gone:
                return
            kept = tuple(entry for entry in self._entries if entry.number not in gone)
            self._put(FeedState((*kept, *self._pending), self._given, self._shown))

    def state(self) -> FeedState:
        """Return all that is remembered."""
        with self._lock:
            return FeedState((*self._entries, *self._pending), self._given, self._shown)

    def clear(self) -> None:
        """Forget everything; numbers begin anew."""
        with self._numbering, self._lock:
            self._put(FeedState())


class _Shelf:
    """The entries of one creator that have been shown, by number."""

    def __init__(self) -> None:
        self._entries: list[FeedEntry] = []
        # Before this place nothing counts any longer; it is cut off now and then.
        self._start = 0

    def put(self, entry: FeedEntry) -> None:
        self._entries.append(entry)

    def drop_first(self) -> None:
        self._start += 1
        if self._start * 2 > len(self._entries):
            del self._entries[: self._start]
            self._start = 0

    def above(self, number: int, size: int) -> list[FeedEntry]:
        place = bisect_right(self._entries, number, lo=self._start, key=_NUMBER)
        return self._entries[place : place + size]

    def below(self, number: int, size: int) -> list[FeedEntry]:
        end = len(self._entries)
        if number:
            end = bisect_left(self._entries, number, lo=self._start, key=_NUMBER)
        return self._entries[max(self._start, end - size) : end][::-1]
