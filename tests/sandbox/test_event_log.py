"""The event log: what is kept, what is counted, and who is told of a gap."""

from datetime import timedelta

import pytest

from mock_server.domain.cancellation import cancel
from mock_server.domain.orders import Order, Status, pin
from mock_server.sandbox.changes import ChangeKind, Changes
from mock_server.sandbox.event_log import (
    GAP,
    LINGER,
    MOST_EVENTS,
    MOST_IN_FULL,
    EventLog,
)
from tests.support.builders import NOW
from tests.support.life_builders import EMAIL, PICKED_UP, an_order_to, settled

FIRST = 1000


class Seconds:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        """Begin at 0."""
        self.now = 0.0

    def __call__(self) -> float:
        """Return how many have passed."""
        return self.now


def a_log(seconds: Seconds | None = None) -> tuple[EventLog, Changes]:
    """Return a log and the changes that it will record."""
    changes = Changes()
    changes.now = lambda: NOW
    return EventLog(seconds or Seconds()), changes


def tell(changes: Changes, number: int, kind: ChangeKind = ChangeKind.CLOCK) -> None:
    """Tell of a *number* of changes of a *kind*."""
    for _ in range(number):
        changes.tell(kind, (NOW, False))


def test_nothing_is_recorded_while_nobody_follows() -> None:
    log, changes = a_log()
    tell(changes, 3)

    assert not changes.is_heard
    with log.joined(changes, FIRST) as mark:
        assert log.since(mark) == ([], mark)


@pytest.mark.parametrize("number", [1, MOST_IN_FULL - 1, MOST_IN_FULL])
def test_a_few_are_told_one_by_one(number: int) -> None:
    log, changes = a_log()
    with log.joined(changes, FIRST) as mark:
        tell(changes, number)
        events, later = log.since(mark)

    assert [event.id for event in events] == list(range(mark.last + 1, mark.last + number + 1))
    assert {event.count for event in events} == {0}
    assert later.last == mark.last + number


@pytest.mark.parametrize("number", [MOST_IN_FULL, MOST_EVENTS, 3 * MOST_EVENTS])
def test_many_are_counted_by_their_kinds(number: int) -> None:
    log, changes = a_log()
    with log.joined(changes, FIRST) as mark:
        tell(changes, number)
        tell(changes, number + 1, ChangeKind.REGISTER)
        tell(changes, 1, ChangeKind.RESET)
        events, later = log.since(mark)
        again, _ = log.since(later)

    assert [(event.kind, event.count) for event in events] == [
        ("clock", number),
        ("register", number + 1),
        ("reset", 0),
    ]
    assert events[-1].id == later.last == mark.last + 2 * number + 2
    assert again == []


def test_two_are_each_told_what_they_have_not_seen() -> None:
    log, changes = a_log()
    with log.joined(changes, FIRST) as one:
        tell(changes, 1)
        with log.joined(changes, FIRST) as two:
            tell(changes, 1)
            assert [event.id - one.last for event in log.since(one)[0]] == [1, 2]
            assert [event.id - one.last for event in log.since(two)[0]] == [2]


@pytest.mark.parametrize("number", [0, 1, MOST_EVENTS])
def test_one_who_comes_back_is_told_all_that_is_kept(number: int) -> None:
    log, changes = a_log()
    with log.joined(changes, FIRST) as mark:
        pass
    tell(changes, number)
    with log.joined(changes, FIRST):
        events, later = log.resumed(mark.last)

    assert [event.id for event in events] == list(range(mark.last + 1, mark.last + number + 1))
    assert later.last == mark.last + number


def test_what_gave_way_is_a_gap() -> None:
    log, changes = a_log()
    with log.joined(changes, FIRST) as mark:
        tell(changes, MOST_EVENTS + 1)
        events, later = log.resumed(mark.last)

    assert [(event.kind, event.id) for event in events] == [(GAP, later.last)]


@pytest.mark.parametrize("shift", [-1, 1, 10**15])
def test_an_id_that_was_never_given_out_is_a_gap(shift: int) -> None:
    log, changes = a_log()
    with log.joined(changes, FIRST) as mark:
        events, _ = log.resumed(mark.last + shift)

    assert [event.kind for event in events] == [GAP]


@pytest.mark.parametrize(("away", "is_gap"), [(0, False), (1, True)])
def test_it_records_for_a_minute_after_the_last_has_left(away: int, *, is_gap: bool) -> None:
    seconds = Seconds()
    log, changes = a_log(seconds)
    with log.joined(changes, FIRST) as mark:
        pass
    seconds.now = LINGER.total_seconds() + away
    tell(changes, 2)

    assert changes.is_heard is not is_gap
    with log.joined(changes, FIRST):
        events, _ = log.resumed(mark.last)
        assert [event.kind for event in events] == ([GAP] if is_gap else ["clock", "clock"])


def test_one_minute_begins_when_the_last_of_several_leaves() -> None:
    seconds = Seconds()
    log, changes = a_log(seconds)
    log.join(changes, FIRST)
    with log.joined(changes, FIRST):
        pass
    seconds.now = 10 * LINGER.total_seconds()
    tell(changes, 1)

    assert (changes.is_heard, log.followers) == (True, 1)


def told(before: Order | None, after: Order | None) -> list[tuple[str, int]]:
    """Return the kind and the count of each event that a change of an order is."""
    log, changes = a_log()
    with log.joined(changes, FIRST) as mark:
        changes.order(before, after)
        return [(event.kind, event.count) for event in log.since(mark)[0]]


def test_a_change_of_an_order_is_told_with_its_messages() -> None:
    order = an_order_to(EMAIL, "ola@example.com")
    processed = settled(order, PICKED_UP)
    sent = settled(processed, PICKED_UP + timedelta(minutes=1))

    assert told(None, order) == told(order, cancel(order, NOW)) == [("order", 0)]
    assert told(order, processed) == [("order", 0), ("message", 0), ("message", 0)]
    # Nothing of the order itself is another one.
    assert told(processed, sent) == [("message", 0), ("message", 0)]
    assert told(sent, None) == [("order", 0)]
    assert told(sent, pin(sent, Status.CANCELLED, NOW)) == [("order", 0)]


def test_many_messages_of_one_order_are_one_event() -> None:
    order = an_order_to(*(f"{number}@example.com" for number in range(MOST_IN_FULL + 1)))

    assert told(order, settled(order, PICKED_UP)) == [("order", 0), ("message", MOST_IN_FULL + 1)]


def test_the_end_of_a_sandbox_is_no_event() -> None:
    log, changes = a_log()
    with log.joined(changes, FIRST) as mark:
        changes.close()

        assert log.since(mark)[0] == []
        assert changes.is_closed
