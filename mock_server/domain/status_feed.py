"""An entry of the status feed: an order as it was at the moment when it ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from mock_server.domain.orders import Order, OrderType, Status
from mock_server.domain.shipments import (
    UNREACHED,
    Delivery,
    deliveries,
    last_update,
    shown_reference,
)

FEED_DELAY = timedelta(seconds=2)
"""How old an entry has to be before it shows, bound excluded."""

ENDED = frozenset({Status.COMPLETED, Status.SEND_CONDITION_NOT_MET})
"""The statuses that bring an order into the feed; a cancelled one never comes there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """
    One order as it was when it ended. Times are aware UTC.

    *written* is when that was; *last_update* is the order's own. *number* is the sequence number,
    0 until the entry has one.
    """

    shipment_id: UUID
    creator: str
    senders_reference: str | None = None
    type: OrderType
    status: Status
    last_update: datetime
    deliveries: tuple[Delivery, ...]
    written: datetime
    number: int = 0


def entry_of(order: Order, written: datetime) -> FeedEntry:
    """
    Return the entry of *order*, which has ended, *written* at that time.

    A blank reference is shown where the order ended without anything being sent, as upstream,
    which takes it from memory then and from the database later.

    Source: Altinn/altinn-notifications insertstatusfeed_v2, StatusFeedRepository.
    """
    nothing_sent = all(item.result in UNREACHED for item in order.notifications)
    return FeedEntry(
        shipment_id=order.id,
        creator=order.creator,
        senders_reference=order.senders_reference if nothing_sent else shown_reference(order),
        type=order.type,
        status=order.status,
        last_update=last_update(order),
        deliveries=deliveries(order),
        written=written,
    )
