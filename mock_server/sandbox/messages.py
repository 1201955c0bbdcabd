"""Messages of a sandbox: those of all its orders, newest last, and which of them are wanted."""

from collections.abc import Iterable
from dataclasses import dataclass
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
from mock_server.sandbox.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFilter:
    """
    Which messages are wanted; None: any.

    *recipient* is an address, a number or an identity, in any letter case. *all* adds those that
    nobody would ever get.
    """

    channel: str | None = None
    recipient: str | None = None
    subject: str | None = None
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
            and (self.subject is None or self.subject == message_of(order, notification).subject)
        )

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
