"""The status feed of a sandbox: numbers, what shows when, pages, bounds and clean-up."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Thread
from uuid import UUID

import pytest

from mock_server.domain.orders import OrderType, Status
from mock_server.domain.status_feed import FeedEntry
from mock_server.sandbox.status_feed import (
    MOST_CLEANED,
    MOST_ENTRIES,
    RETENTION,
    DroppedEntries,
    FeedState,
    StatusFeed,
)
from tests.support.builders import MICROSECOND, NOW

SECOND = timedelta(seconds=1)
LATER = NOW + timedelta(hours=1)


def an_entry(number: int, written: datetime = NOW, creator: str = "ttd") -> FeedEntry:
    """Return an entry of the order with the id *number*."""
    return FeedEntry(
        shipment_id=UUID(int=number),
        creator=creator,
        senders_reference=None,
        type=OrderType.NOTIFICATION,
        status=Status.COMPLETED,
        last_update=written,
        deliveries=(),
        written=written,
    )


def by_id(ids: object) -> dict[UUID, int]:
    """Return the places of orders that were created in the order of their ids."""
    return {item: item.int for item in ids}  # type: ignore[attr-defined] # ids of a feed


def a_feed(*entries: FeedEntry, **more: object) -> StatusFeed:
    """Return a feed with *entries*, numbered."""
    feed = StatusFeed(**more)  # type: ignore[arg-type] # as given
    for entry in entries:
        feed.add(entry)
    feed.number(by_id)
    return feed


def read(  # what a reader may ask for
    feed: StatusFeed,
    now: datetime = LATER,
    *,
    after: int = 0,
    size: int = 500,
    newest_first: bool = False,
    creator: str = "ttd",
) -> list[tuple[int, int]]:
    """Return the number and the order of each entry that is read."""
    entries = feed.read(creator, now, after=after, size=size, newest_first=newest_first)
    return [(entry.number, entry.shipment_id.int) for entry in entries]


def test_numbers_rise_from_1_and_every_seventh_is_left_out() -> None:
    feed = a_feed(*map(an_entry, range(20)))

    numbers = [number for number, _ in read(feed)]

    assert numbers == [number for number in range(1, 24) if number % 7]


def test_numbers_follow_the_time_of_writing_then_creation_however_they_came() -> None:
    feed = a_feed(an_entry(3), an_entry(1, NOW + SECOND), an_entry(2), an_entry(4, NOW - SECOND))

    assert [order for _, order in read(feed)] == [4, 2, 3, 1]


def test_an_order_has_one_entry_whoever_adds_it_again() -> None:
    feed = a_feed(an_entry(1), an_entry(1, NOW + SECOND))

    feed.add(an_entry(1))
    feed.number(by_id)

    assert read(feed) == [(1, 1)]


@pytest.mark.parametrize(
    ("age", "shows"),
    [(timedelta(0), False), (2 * SECOND, False), (2 * SECOND + MICROSECOND, True)],
)
def test_an_entry_shows_when_it_is_older_than_two_seconds(age: timedelta, *, shows: bool) -> None:
    assert read(a_feed(an_entry(1)), NOW + age) == [(1, 1)] * shows


def test_without_a_delay_an_entry_shows_at_once() -> None:
    assert read(a_feed(an_entry(1), delay=timedelta(0)), NOW) == [(1, 1)]


def test_none_shows_before_one_with_a_lower_number_so_that_no_reader_loses_any() -> None:
    feed = a_feed(an_entry(1, NOW))
    feed.add(an_entry(2, NOW - timedelta(hours=1)))
    feed.number(by_id)

    assert read(feed, NOW + SECOND) == []
    assert read(feed, NOW + 3 * SECOND) == [(1, 1), (2, 2)]


def test_what_has_shown_stays_so_when_the_clock_goes_back_and_the_rest_counts_from_there() -> None:
    feed = a_feed(an_entry(1), an_entry(2), an_entry(3, NOW + 5 * SECOND))
    assert read(feed, NOW + 6 * SECOND) == [(1, 1), (2, 2)]

    feed.turn_back(NOW - timedelta(days=1))

    assert read(feed, NOW - timedelta(days=1)) == [(1, 1), (2, 2)]
    assert [entry.number for entry in feed.state().entries] == [1, 2, 3]
    assert read(feed, NOW - timedelta(days=1) + 3 * SECOND) == [(1, 1), (2, 2), (3, 3)]


@pytest.mark.parametrize("delay", [2 * SECOND, SECOND / 2])
def test_a_feed_tells_when_the_next_entry_shows_and_of_which_order(delay: timedelta) -> None:
    feed = a_feed(an_entry(1), an_entry(2, NOW + SECOND), delay=delay)

    for order, written in ((1, NOW), (2, NOW + SECOND)):
        shows = written + delay + MICROSECOND
        assert feed.next_showing(shows - MICROSECOND) == (shows, UUID(int=order))
        assert [each for _, each in read(feed, shows - MICROSECOND)] == list(range(1, order))
        assert [each for _, each in read(feed, shows)] == list(range(1, order + 1))
    assert feed.next_showing(shows) is None


def test_where_none_is_withheld_none_is_to_show() -> None:
    assert a_feed().next_showing(NOW) is None
    assert a_feed(an_entry(1), delay=timedelta(0)).next_showing(NOW) is None


def test_each_creator_has_entries_of_its_own_and_sees_gaps() -> None:
    feed = a_feed(an_entry(1), an_entry(2, creator="skd"), an_entry(3))

    assert read(feed) == [(1, 1), (3, 3)]
    assert read(feed, creator="skd") == [(2, 2)]
    assert read(feed, creator="TTD") == []


@pytest.mark.parametrize(
    ("asked", "orders"),
    [
        ({}, [1, 2, 3]),
        ({"after": 2}, [3]),
        ({"after": 3}, []),
        ({"after": 2**63 - 1}, []),
        ({"size": 2}, [1, 2]),
        ({"newest_first": True}, [3, 2, 1]),
        ({"newest_first": True, "after": 3}, [2, 1]),
        ({"newest_first": True, "after": 1}, []),
        ({"newest_first": True, "after": 2**63 - 1, "size": 2}, [3, 2]),
    ],
)
def test_a_page_begins_after_a_number_in_either_direction(
    asked: dict[str, int], orders: list[int]
) -> None:
    feed = a_feed(*map(an_entry, (1, 2, 3)))

    assert [order for _, order in read(feed, **asked)] == orders  # type: ignore[arg-type] # as asked


def test_beyond_its_bound_the_oldest_give_way_and_are_counted() -> None:
    dropped = DroppedEntries()
    feed = a_feed(*map(an_entry, range(1, 8)), most=8, dropped=dropped)
    assert dropped.count == 0

    for number in range(8, 11):
        feed.add(an_entry(number))
    feed.number(by_id)
    for number in range(11, 31):
        read(feed)
        feed.add(an_entry(number))
        feed.number(by_id)

    assert [order for _, order in read(feed)] == list(range(23, 31))
    assert dropped.count == 22


def test_the_bounds_are_those_of_the_page_on_the_life_of_an_order() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "life.md").read_text(encoding="utf-8")

    assert timedelta(days=90) == RETENTION
    assert f"what is 90 days old, {MOST_CLEANED:,} at a time" in page
    assert f"A sandbox keeps {MOST_ENTRIES:,} entries" in page


def test_the_clean_up_removes_what_is_ninety_days_old() -> None:
    ninety = timedelta(days=90)
    feed = a_feed(an_entry(1, NOW - ninety), an_entry(2, NOW - ninety + MICROSECOND), an_entry(3))

    feed.clean(NOW)

    assert [order for _, order in read(feed)] == [2, 3]


def test_the_clean_up_removes_the_last_that_has_shown_and_none_that_has_not() -> None:
    feed = a_feed(an_entry(1), delay=timedelta(days=100))

    feed.clean(NOW + timedelta(days=99))
    assert read(feed, NOW + timedelta(days=101)) == [(1, 1)]
    feed.clean(NOW + timedelta(days=101))

    assert read(feed, NOW + timedelta(days=101)) == []


def test_the_clean_up_removes_ten_thousand_at_most_and_numbers_go_on() -> None:
    feed = a_feed(*map(an_entry, range(1, MOST_CLEANED + 2)))

    feed.clean(NOW + timedelta(days=91))
    feed.add(an_entry(0, NOW + timedelta(days=91)))
    feed.number(by_id)

    left = read(feed, NOW + timedelta(days=92))
    assert [order for _, order in left] == [MOST_CLEANED + 1, 0]
    assert left[0][0] < left[1][0]


def test_what_a_feed_remembers_makes_one_that_goes_on_as_it_would() -> None:
    feed = a_feed(an_entry(0), an_entry(1), an_entry(2, NOW + timedelta(days=1)))
    read(feed, NOW + 3 * SECOND)
    feed.add(an_entry(3, NOW + timedelta(hours=2)))

    again = StatusFeed(state=feed.state())

    for each in (feed, again):
        each.add(an_entry(4, NOW + timedelta(hours=1)))
        each.number(by_id)
        each.turn_back(NOW)
    end = NOW + timedelta(days=2)
    assert again.state() == feed.state()
    assert read(again, end) == read(feed, end) == [(1, 0), (2, 1), (3, 2), (4, 4), (5, 3)]


def test_a_feed_that_is_cleared_begins_anew() -> None:
    feed = a_feed(an_entry(1), an_entry(2))

    feed.clear()

    assert feed.state() == FeedState(entries=(), given=0, shown=0)
    feed.add(an_entry(2))
    feed.number(by_id)
    assert read(feed) == [(1, 2)]


def pages(feed: StatusFeed, *, until: int) -> Iterator[int]:
    """Yield the orders of page after page, until so many have come."""
    after = found = 0
    while found < until:
        feed.number(by_id)
        entries = feed.read("ttd", LATER, after=after, size=500, newest_first=False)
        for entry in entries:
            yield entry.shipment_id.int
            after = entry.number
        found += len(entries)


def test_who_pages_through_50_000_entries_while_they_are_written_loses_none() -> None:
    feed, numbers = StatusFeed(), count()

    def write() -> None:
        for number in numbers:
            if number >= 50_000:
                return
            feed.add(an_entry(number))

    writers = [Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    found = list(pages(feed, until=50_000))
    for writer in writers:
        writer.join()

    assert sorted(found) == list(range(50_000))
