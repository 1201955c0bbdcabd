"""Cancellation of an order: its rule, and its refusal."""

from datetime import datetime, timedelta

from mock_server.domain.orders import Order, OrderError, Status, changed
from mock_server.formats.timestamps import format_timestamp

CANCELLATION_WINDOW = timedelta(minutes=5)
"""How long before its send time an order can no longer be cancelled, bound included."""


class CancellationProhibitedError(OrderError):
    """The order can no longer be cancelled."""

    def __init__(self, order: Order, reason: str, why: str) -> None:
        """Remember the *order* as it stays and the *reason*, a sentence; *why* has its times."""
        self.order = order
        self.why = why
        super().__init__(reason)


def cancel(order: Order, now: datetime, window: timedelta = CANCELLATION_WINDOW) -> Order:
    """
    Return *order* cancelled at *now*, or unchanged if it already is cancelled.

    *now* is aware UTC. Refused from *window* before the requested send time, bound included, and
    once processing has begun. A zero *window* switches the time rule off.

    Raises:
        CancellationProhibitedError: too late, or neither Registered nor Cancelled.

    Source: Altinn/altinn-notifications cancelorder_v2; openapi.yaml, cancelOrder.
    """
    if order.status is Status.CANCELLED:
        return order
    if order.status is not Status.REGISTERED:
        reason = f"The order is {order.status}; only an order that is Registered can be cancelled."
        raise CancellationProhibitedError(order, reason, f"the order is {order.status}")
    if is_late(order, now, window):
        reason = (
            f"The requested send time is not more than {_minutes(window)} ahead; "
            "cancel an order earlier than that."
        )
        sent, by = format_timestamp(order.requested_send_time), format_timestamp(now)
        why = f"send time {sent} is within {_minutes(window)} of {by}"
        raise CancellationProhibitedError(order, reason, why)
    return changed(order, status=Status.CANCELLED, last_update=now)


def is_late(order: Order, now: datetime, window: timedelta) -> bool:
    """Tell whether a cancel of *order* comes within *window* of its send time, bound included."""
    # Not the other way round: a send time may be in the year 1.
    return bool(window) and order.requested_send_time - now <= window


def _minutes(window: timedelta) -> str:
    minutes = window / timedelta(minutes=1)
    return "1 minute" if minutes == 1 else f"{minutes:g} minutes"
