"""Upcoming events of an order: the next one that time alone brings it, and when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from mock_server.domain.cancellation import is_late
from mock_server.domain.lifecycle import next_result, wake
from mock_server.domain.notifications import EmailResult, Notification
from mock_server.domain.orders import Order, Status


class EventKind(StrEnum):
    """
    Kinds of events that time brings.

    Source: docs/control-plane.md.
    """

    CANCELLATION_END = "cancellationEnd"
    PICK_UP = "pickUp"
    CONDITION = "condition"
    RETRY = "retry"
    SEND = "send"
    REPORT = "report"
    GIVE_UP = "giveUp"
    FEED = "feed"


@dataclass(frozen=True, slots=True)
class Upcoming:
    """An event of one *kind* at a time, aware UTC."""

    kind: EventKind
    at: datetime


def upcoming(order: Order, now: datetime, window: timedelta) -> Upcoming | None:
    """
    Return the next event that time alone brings *order*, which is as of *now*; None: there is none.

    *window* is the one in which it can no longer be cancelled, zero for none.
    """
    events = [event for event in (_change(order), cancellation_end(order, now, window)) if event]
    return min(events, key=lambda event: event.at, default=None)


def cancellation_end(order: Order, now: datetime, window: timedelta) -> Upcoming | None:
    """Return when *order*, which can be cancelled at *now*, can be no longer; None: it cannot."""
    if not window or order.status is not Status.REGISTERED:
        return None
    if is_late(order, now, window):
        return None
    return Upcoming(EventKind.CANCELLATION_END, order.requested_send_time - window)


def _change(order: Order) -> Upcoming | None:
    """Return what changes *order* next."""
    at = wake(order)
    return None if at is None else Upcoming(kind_of(order), at)


def kind_of(order: Order) -> EventKind:
    """Return the kind of the event that changes *order* next; there is one."""
    if order.status is Status.REGISTERED:
        return EventKind.PICK_UP
    if order.status is Status.PROCESSING:
        return EventKind.CONDITION if order.condition_endpoint else EventKind.RETRY
    after = next_result(order)
    return EventKind.REPORT if after is None else _kind_of_result(after)


def _kind_of_result(after: Notification) -> EventKind:
    if after.result == EmailResult.SENDING:
        return EventKind.SEND
    return EventKind.GIVE_UP if after.result == EmailResult.TTL else EventKind.REPORT
