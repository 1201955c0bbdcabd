"""Messages of a sandbox: those of all its orders, newest last, and which of them are wanted."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from mock_server.domain.messages import (
    Message,
    MessageNotFoundError,
    created_at,
    is_reached,
    is_sent,
    message_of,
    names_of,
)
from mock_server.domain.notifications import Notification
from mock_server.domain.orders import Order
from mock_server.sandbox.changes import ChangeKind
from mock_server.sandbox.progress import Progress
from mock_server.sandbox.sandbox import Sandbox


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFilter:
    """
    Which messages are wanted; None: any.

    *recipient* is an address, a number or an identity, in any letter case; *body* a part of the
    text. *all* adds those that nobody would ever get.
    """

    channel: str | None = None
    recipient: str | None = None
    subject: str | None = None
    body: str | None = None
    order_id: UUID | None = None
    status: str | None = None
    sent: bool | None = None
    all: bool = False

    def fits(self, order: Order, notification: Notification) -> bool:
        """Tell whether the message that *notification* of *order* is is wanted."""
        return (
            (self.all or is_reached(notification))
            and self.order_id in (None, order.id)
            and self.channel in (None, notification.channel)
            and self.status in (None, notification.result)
            and self.sent in (None, is_sent(notification))
            and (
                self.recipient is None or self.recipient.lower() in names_of(notification.recipient)
            )
            and self._fits_text(order, notification)
        )

    def _fits_text(self, order: Order, notification: Notification) -> bool:
        if self.subject is None and self.body is None:
            return True
        message = message_of(order, notification)
        return self.subject in (None, message.subject) and (self.body or "") in message.body

    def count(self, order: Order) -> int:
        """Return how many messages of *order* are wanted."""
        return sum(self.fits(order, item) for item in order.notifications)


Found = tuple[Order, Notification]
"""A message that is not written yet: its order, and the notification that it is."""


def every_message(progress: Progress) -> list[Found]:
    """Return every message of the orders of *progress* as of now, by creation, newest last."""
    return _in_order(progress.all())


def _in_order(orders: Iterable[Order]) -> list[Found]:
    found = [(order, item) for order in orders for item in order.notifications]
    # Messages of one moment stay as their orders were made.
    found.sort(key=lambda pair: created_at(pair[1]))
    return found


def find_message(progress: Progress, message_id: UUID) -> Message:
    """Return the message with this id as of now; MessageNotFoundError if there is none."""
    for order in progress.all():
        for item in order.notifications:
            if item.id == message_id:
                return message_of(order, item)
    raise MessageNotFoundError(message_id)


class MessageCount:
    """
    Counts the messages that are wanted, for a caller that waits for so many.

    It listens to the changes of a sandbox, and looks at the orders that changed alone.
    """

    def __init__(self, wanted: MessageFilter, wake: Callable[[], object] | None = None) -> None:
        """Count those *wanted*; *wake* is called when there is something new to count."""
        self._wanted = wanted
        self._wake = wake
        self._news: deque[tuple[ChangeKind, Any, Any]] = deque()
        self._counts: dict[UUID, int] = {}

    def hear(self, kind: ChangeKind, what: Any, before: Any) -> None:
        """Listen, as `Changes` tells."""
        if kind not in _OF_MESSAGES:
            return
        self._news.append((kind, what, before))
        if self._wake is not None:
            self._wake()

    def begin(self, progress: Progress) -> None:
        """Count the messages that there are, as of now."""
        self._counts.clear()
        for order in progress.all():
            self._count(order)

    def reached(self, number: int, progress: Progress) -> bool:
        """Tell whether there are so many by now, of the orders of *progress*."""
        while self._news:
            kind, order, before = self._news.popleft()
            if kind is ChangeKind.RESET:
                self.begin(progress)
            elif kind is ChangeKind.ORDER and order is not None:
                self._count(order)
            elif kind is ChangeKind.ORDER and before is not None:
                self._counts.pop(before.id, None)
        return sum(self._counts.values()) >= number

    def _count(self, order: Order) -> None:
        self._counts[order.id] = self._wanted.count(order)


_LEAST_NAP = timedelta(milliseconds=20)
_OF_MESSAGES = frozenset({ChangeKind.ORDER, ChangeKind.CLOCK, ChangeKind.RESET, ChangeKind.CLOSED})


def wait_for_messages(
    enter: Callable[[], Sandbox], wanted: MessageFilter, count: int, patience: timedelta
) -> None:
    """
    Return once *count* messages of the sandbox that *enter* returns are *wanted*, or too late.

    That is after *patience* in real time, or when the sandbox is gone. What time brings in between
    happens at its time.
    """
    has_news, end = threading.Event(), time.perf_counter() + patience.total_seconds()
    counted = MessageCount(wanted, has_news.set)
    changes = enter().changes
    with changes.heard_by(counted.hear):
        changes.wait_for_others()
        counted.begin(enter().progress)
        while not (counted.reached(count, enter().progress) or changes.is_closed):
            left = end - time.perf_counter()
            if left <= 0:
                return
            nap = enter().unchanged_for()
            # What is due and stays so, somebody else is at: the condition of an order is asked.
            has_news.wait(left if nap is None else min(left, max(nap, _LEAST_NAP).total_seconds()))
            has_news.clear()
            enter().progress.settle()
