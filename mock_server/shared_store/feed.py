"""The status feed of a sandbox in the shared store."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from mock_server.domain.status_feed import FEED_DELAY, FeedEntry
from mock_server.sandbox.status_feed import (
    LEFT_OUT,
    MOST_CLEANED,
    MOST_ENTRIES,
    RETENTION,
    DroppedEntries,
    FeedState,
    Ranks,
)
from mock_server.shared_store.connection import Command
from mock_server.shared_store.keys import Keys
from mock_server.shared_store.records import dump, read_entry, write_entry
from mock_server.shared_store.world import Unit, World

_PAGE = 500
_WIDTH = 19


class SharedFeed:
    """
    The entries of one sandbox in Redis, each order at most once.

    As in memory an entry gets its number once the whole sandbox has been settled, and shows when
    it, and all before it, is older than the delay.
    """

    def __init__(
        self,
        world: World,
        delay: timedelta = FEED_DELAY,
        *,
        most: int = MOST_ENTRIES,
        dropped: DroppedEntries | None = None,
    ) -> None:
        """Keep *most* entries in *world* at most, withheld for *delay*; count *dropped* ones."""
        self._world = world
        self._keys = world.keys
        self._delay = delay
        self._most = most
        self._dropped = dropped or DroppedEntries()

    def add(self, entry: FeedEntry) -> None:
        """Keep *entry*, unless its order has one, as a part of the change being decided."""
        self._world.do(pending_entry(self._keys, entry))

    def number(self, ranks: Ranks) -> None:
        """Assign numbers to new entries: by the time of writing, then by creation."""
        call = self._world.connection.call
        while call("SCARD", self._keys.feed_pending):
            self._world.attempt(lambda unit: self._number(unit, ranks))

    def _number(self, unit: Unit, ranks: Ranks) -> None:
        bulk = self._world.connection.bulk
        names = bulk("SMEMBERS", self._keys.feed_pending)
        new = list(self._entries(names))
        tied = len({entry.written for entry in new}) < len(new)
        places = ranks({entry.shipment_id for entry in new}) if tied else {}
        last = max(places.values(), default=0) + 1
        new.sort(key=lambda item: (item.written, places.get(item.shipment_id, last)))
        given = unit.reading.given
        unit.expect(self._keys.world, "given", given)
        for entry in new[:_PAGE]:
            number = given + 1 + given // (LEFT_OUT - 1)
            given += 1
            unit.commands += numbered_entry(self._keys, replace(entry, number=number))
            unit.add("SREM", self._keys.feed_pending, str(entry.shipment_id))
        unit.add("HSET", self._keys.world, "given", given)
        over = self._over(len(new[:_PAGE]))
        if over:
            self._drop(unit, self._numbers(0, None, over))
            unit.done.append(lambda: self._dropped.add(over))

    def _over(self, more: int) -> int:
        """Return how many entries have to give way to so many *more*."""
        count = self._world.connection.call("ZCARD", self._keys.feed_numbers)
        return max(0, int(count) + more - self._most)

    def _drop(self, unit: Unit, entries: Iterable[FeedEntry]) -> None:
        for entry in entries:
            unit.add("HDEL", self._keys.feed, str(entry.shipment_id))
            unit.add("ZREM", self._keys.feed_numbers, number_member(entry))
            unit.add("ZREM", self._keys.feed_creators, creator_member(entry))

    def read(
        self, creator: str, now: datetime, *, after: int, size: int, newest_first: bool
    ) -> list[FeedEntry]:
        """Return at most *size* entries of *creator* that show by *now*, by their numbers."""
        shown, call = self._show(now), self._world.connection.call
        prefix = dump(creator)
        if newest_first:
            highest = shown if not after else min(shown, after - 1)
            bounds = (_to(prefix, highest), f"[{prefix}")
            found = call("ZREVRANGEBYLEX", self._keys.feed_creators, *bounds, "LIMIT", 0, size)
        else:
            bounds = (_above(prefix, after), _to(prefix, shown))
            found = call("ZRANGEBYLEX", self._keys.feed_creators, *bounds, "LIMIT", 0, size)
        return list(self._entries(item[-36:] for item in found))

    def _show(self, now: datetime) -> int:
        """Let show what is old enough by *now*, and return the highest number that does."""

        def decide(unit: Unit) -> int:
            shown = last = unit.reading.shown
            for entry in self._numbers(shown, None):
                if not self._is_old_enough(entry, now):
                    break
                last = entry.number
            if last != shown:
                unit.expect(self._keys.world, "shown", shown)
                unit.add("HSET", self._keys.world, "shown", last)
            return last

        return self._world.attempt(decide)

    def _is_old_enough(self, entry: FeedEntry, now: datetime) -> bool:
        return not self._delay or now - entry.written > self._delay

    def _numbers(
        self, after: int, until: int | None, most: int | None = None
    ) -> Iterator[FeedEntry]:
        """Yield the entries above the number *after*, by number; *most* of them."""
        left = most
        while left is None or left > 0:
            page = _PAGE if left is None else min(_PAGE, left)
            bounds = (_above("", after), "+" if until is None else _to("", until))
            names = self._world.connection.bulk(
                "ZRANGEBYLEX", self._keys.feed_numbers, *bounds, "LIMIT", 0, page
            )
            entries = list(self._entries(item[-36:] for item in names))
            yield from entries
            if len(names) < page or not entries:
                return
            after = entries[-1].number
            left = None if left is None else left - len(names)

    def _entries(self, names: Iterable[str]) -> Iterator[FeedEntry]:
        listed = list(names)
        for start in range(0, len(listed), _PAGE):
            page = listed[start : start + _PAGE]
            texts = self._world.connection.bulk("HMGET", self._keys.feed, *page)
            yield from (read_entry(text) for text in texts if text is not None)

    def next_showing(self, now: datetime) -> tuple[datetime, UUID] | None:
        """Return when the next entry shows that does not by *now*, and its order's id."""
        for entry in self._numbers(self._show(now), None, 1):
            return entry.written + self._delay + timedelta(microseconds=1), entry.shipment_id
        return None

    def turn_back(self, now: datetime) -> None:
        """Date withheld entries at *now* at the latest, after a move of the clock back to it."""

        def decide(unit: Unit) -> None:
            unit.expect(self._keys.world, "shown", unit.reading.shown)
            for entry in self._numbers(unit.reading.shown, None):
                if entry.written > now:
                    dated = write_entry(replace(entry, written=now))
                    unit.add("HSET", self._keys.feed, str(entry.shipment_id), dated)

        self._world.attempt(decide)

    def clean(self, now: datetime) -> None:
        """Remove entries that are 90 days old by *now*, some 10,000 of them at most."""
        shown = self._show(now)

        def decide(unit: Unit) -> None:
            old = (
                entry
                for entry in self._numbers(0, shown)
                if entry.number <= shown and now - entry.written >= RETENTION
            )
            self._drop(unit, (entry for entry, _ in zip(old, range(MOST_CLEANED), strict=False)))

        self._world.attempt(decide)

    def state(self) -> FeedState:
        """Return all that is remembered."""
        keys = self._keys
        given_shown, texts = self._world.connection.together(
            [("HMGET", keys.world, "given", "shown"), ("HVALS", keys.feed)]
        )
        return feed_state(texts, *(int(item or 0) for item in given_shown))

    def clear(self) -> None:
        """Forget everything; numbers begin anew."""
        keys = self._keys
        contents = (keys.feed, keys.feed_pending, keys.feed_numbers, keys.feed_creators)
        self._world.do(("UNLINK", *contents), ("HSET", keys.world, "given", 0, "shown", 0))


def feed_state(texts: Sequence[str], given: int, shown: int) -> FeedState:
    """Return the state with the entries in *texts*, by number, those without one last."""
    entries = sorted(
        map(read_entry, texts), key=lambda item: (not item.number, item.number, item.written)
    )
    return FeedState(tuple(entries), given, shown)


def pending_entry(keys: Keys, entry: FeedEntry) -> Command:
    """Return the command that keeps *entry*, which has no number, unless its order has one."""
    return "ENTRY", keys.feed, keys.feed_pending, str(entry.shipment_id), write_entry(entry)


def numbered_entry(keys: Keys, entry: FeedEntry) -> Iterator[Command]:
    """Yield the commands that keep *entry*, which has a number."""
    yield "HSET", keys.feed, str(entry.shipment_id), write_entry(entry)
    yield "ZADD", keys.feed_numbers, 0, number_member(entry)
    yield "ZADD", keys.feed_creators, 0, creator_member(entry)


def number_member(entry: FeedEntry) -> str:
    """Return *entry* as it stands among all numbers."""
    return f"{entry.number:0{_WIDTH}d}{entry.shipment_id}"


def creator_member(entry: FeedEntry) -> str:
    """Return *entry* as it stands among the numbers of its creator."""
    return f"{dump(entry.creator)}{number_member(entry)}"


def _above(prefix: str, number: int) -> str:
    """Return the lower bound of what has *prefix* and a number above this."""
    return f"[{prefix}{number + 1:0{_WIDTH}d}"


def _to(prefix: str, number: int) -> str:
    """Return the upper bound of what has *prefix* and a number up to this."""
    return f"({prefix}{number + 1:0{_WIDTH}d}"
