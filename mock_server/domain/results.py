"""Results of the notifications of an order: as carriers report them, or as they are set by hand."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from mock_server.domain.notifications import (
    EmailResult,
    Notification,
    NotificationNotFoundError,
    Result,
    with_result,
)
from mock_server.domain.notifications import pin as pin_notification
from mock_server.domain.orders import Order, Status, complete


def report_result(order: Order, notification_id: UUID, result: Result, now: datetime) -> Order:
    """
    Return *order* with a *result* of one notification as its carrier reports it at *now*.

    It overwrites whatever is stored, final or not, while the notification has not expired; a
    transient error makes it new again. Unchanged where it has expired, or is set by hand. The
    status of an order that has ended stays.

    Raises:
        NotificationNotFoundError: the order has no such notification.

    Source: Altinn/altinn-notifications updateemailnotification_v4, updatesmsnotification.
    """
    found = _notification_of(order, notification_id)
    if now >= found.expires or found.is_pinned:
        return order
    stored = EmailResult.NEW if result == EmailResult.TRANSIENT_ERROR else result
    after = with_result(found, stored, now)
    return with_notifications(order, _replaced(order, found, after), result_at(found, after))


def set_result(order: Order, notification_id: UUID, result: Result, now: datetime) -> Order:
    """
    Return *order* with the *result* of one notification set by hand at *now*, where it stays.

    An order whose last pending notification thereby gets a final result is completed.

    Raises:
        NotificationNotFoundError: the order has no such notification.
    """
    found = _notification_of(order, notification_id)
    by_hand = pin_notification(found, result, now)
    return with_notifications(order, _replaced(order, found, by_hand), result_at(found, by_hand))


def _notification_of(order: Order, notification_id: UUID) -> Notification:
    """Return the notification of *order* with this id; NotificationNotFoundError if none has."""
    for item in order.notifications:
        if item.id == notification_id:
            return item
    raise NotificationNotFoundError(order.id, notification_id)


def _replaced(order: Order, before: Notification, after: Notification) -> tuple[Notification, ...]:
    return tuple(after if item is before else item for item in order.notifications)


def result_at(before: Notification, after: Notification) -> datetime | None:
    """Return when *after* got a result, which being sent or accepted is not; None: it did not."""
    is_on_its_way = after.is_accepted or after.result == EmailResult.SENDING
    return None if after is before or is_on_its_way else after.last_update


def with_notifications(
    order: Order, notifications: tuple[Notification, ...], result_at: datetime | None
) -> Order:
    """
    Return *order* with *notifications*, completed where none of them is pending any longer.

    Where some are, a result that arrived, at *result_at*, leaves the order as it is.

    Source: Altinn/altinn-notifications trymarkorderascompleted.
    """
    changed = replace(order, notifications=notifications)
    is_waiting = order.status is Status.PROCESSED and not order.is_pinned
    if not is_waiting or result_at is None or any(item.is_pending for item in notifications):
        return changed
    return complete(changed, result_at)
