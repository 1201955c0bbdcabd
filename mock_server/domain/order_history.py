"""History of an order: each status that it has had, when, and why."""

from dataclasses import dataclass
from datetime import datetime

from mock_server.domain.orders import Order, OrderType, Status

CREATED = "it was created"
SENT_AT_ONCE = "it was sent when it was created"
STORED = "it was stored so, or set by hand"
CANCELLED = "it was cancelled"
UNRECORDED = "how it came about is not known"


@dataclass(frozen=True, slots=True)
class Step:
    """A *status*, since when, aware UTC, and *why*, in words."""

    status: Status
    at: datetime
    why: str


def history_of(order: Order) -> tuple[Step, ...]:
    """Return each status that *order* has had, the present one last."""
    present = order.status
    if order.is_pinned:
        return (Step(present, order.last_update, STORED),)
    if order.type is OrderType.INSTANT and present is not Status.REGISTERED:
        first = Step(Status.PROCESSED, order.created, SENT_AT_ONCE)
    else:
        first = Step(Status.REGISTERED, order.created, CREATED)
    if present is first.status:
        return (first,)
    why = CANCELLED if present is Status.CANCELLED else UNRECORDED
    return first, Step(present, order.last_update, why)
