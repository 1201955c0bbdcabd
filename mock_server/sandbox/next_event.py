"""The next event of a sandbox: the first thing, of any order, that would change an answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from mock_server.domain.clock import LATEST
from mock_server.domain.upcoming import EventKind, cancellation_end, kind_of
from mock_server.sandbox.sandbox import Sandbox


class NothingDueError(Exception):
    """There is no event to come; the message says why."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event in the life of an order, at a time, aware UTC."""

    kind: EventKind
    order_id: UUID
    at: datetime


def advance_to_next(sandbox: Sandbox, window: timedelta) -> tuple[datetime, Event]:
    """
    Move the clock of *sandbox* to its next event, which happens, and return the time and the event.

    Of several at one time the event of the order that was made first is returned. *window* is the
    one in which orders can no longer be cancelled.

    Raises:
        NothingDueError: nothing is due, or triggers alone move orders.
    """
    if not sandbox.progress.is_automatic:
        message = "With --progress manual time changes nothing: call a trigger, or set a status."
        raise NothingDueError(message)
    sandbox.progress.settle()
    event = next_event(sandbox, window)
    if event is None or event.at > LATEST:
        message = "Nothing is due: create an order that is to be sent."
        raise NothingDueError(message)
    if event.at > sandbox.clock.now():
        return sandbox.set_clock(event.at), event
    # A running clock has got there by itself, and is not turned back.
    sandbox.progress.settle()
    return sandbox.clock.now(), event


def next_event(sandbox: Sandbox, window: timedelta) -> Event | None:
    """Return the next event of *sandbox*, whose orders are as of now; None: there is none."""
    events = [*_changes(sandbox), *_cancellation_ends(sandbox, window), *_showings(sandbox)]
    first = min((event.at for event in events), default=None)
    events = [event for event in events if event.at == first]
    ranks = sandbox.store.ranks({event.order_id for event in events})
    return min(events, key=lambda event: ranks.get(event.order_id, len(ranks)), default=None)


def _changes(sandbox: Sandbox) -> Iterator[Event]:
    at = sandbox.store.next_due()
    if at is not None:
        for order in sandbox.store.due(at):
            yield Event(kind_of(order), order.id, at)


def _cancellation_ends(sandbox: Sandbox, window: timedelta) -> Iterator[Event]:
    now = sandbox.clock.now()
    for order in sandbox.store.all():
        end = cancellation_end(order, now, window)
        if end is not None:
            yield Event(end.kind, order.id, end.at)


def _showings(sandbox: Sandbox) -> Iterator[Event]:
    showing = sandbox.feed.next_showing(sandbox.clock.now())
    if showing is not None:
        yield Event(EventKind.FEED, showing[1], showing[0])
