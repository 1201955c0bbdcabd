"""Orders of a snapshot: those that neither time nor anybody's hand leads to are refused."""

from datetime import datetime, timedelta

from mock_server.domain.clock import LATEST
from mock_server.domain.notifications import Notification
from mock_server.domain.orders import Order, Status
from mock_server.domain.recipients import NotificationChannel
from mock_server.formats.timestamps import format_timestamp
from mock_server.records.members import WHOLE, MemberError, place_of
from mock_server.records.orders import ORDER

LAST_EXPIRY = LATEST + timedelta(days=3, hours=1)
"""Later than any notification expires: an order is picked up as long as the clock goes."""

_WITHOUT_NOTIFICATIONS = frozenset(
    {Status.REGISTERED, Status.CANCELLED, Status.SEND_CONDITION_NOT_MET, Status.PROCESSING}
)


def read_order(document: object, place: str) -> Order:
    """
    Return the order that *document*, at *place* of a snapshot, holds; its schema holds already.

    An inquiry that was open is lost, since nobody waits for its answer: it will be asked again.

    Raises:
        MemberError: a member goes with no other one, or no life leads to such an order.
    """
    order = ORDER.read(document, place)
    _refuse_late_inquiry(order, place)
    _refuse_bad_notifications(order, place)
    _refuse_impossible(order, place)
    return order


def refuse_late(moment: datetime, place: str, latest: datetime = LATEST) -> None:
    """Raise MemberError where *moment* is later than *latest*, as a rule the clock's last."""
    if moment > latest:
        message = f"'{format_timestamp(moment)}' is later than the clock goes"
        raise MemberError(place, message)


def _refuse_late_inquiry(order: Order, place: str) -> None:
    inquiry = order.inquiry
    if inquiry is None:
        return
    refuse_late(inquiry.at, place_of(place, "inquiry.at"))
    if inquiry.attempt > 1 and not inquiry.is_lost:
        message = "a second answer always decides; send 1, or true for open"
        raise MemberError(place_of(place, "inquiry.attempt"), message)


def _refuse_bad_notifications(order: Order, place: str) -> None:
    seen = set()
    for index, item in enumerate(order.notifications):
        where = place_of(place, f"notifications[{index}]")
        _refuse_bad_notification(item, where)
        if item.id in seen:
            message = f"the order has two notifications '{item.id}'"
            raise MemberError(place_of(where, "id"), message)
        seen.add(item.id)


def _refuse_bad_notification(item: Notification, place: str) -> None:
    is_email = item.channel is NotificationChannel.EMAIL
    address = item.recipient.email_address if is_email else item.recipient.mobile_number
    if address is None:
        name = "emailAddress" if is_email else "mobileNumber"
        raise MemberError(place_of(place, f"recipient.{name}"), WHOLE)
    refuse_late(item.last_update, place_of(place, "lastUpdate"))
    refuse_late(item.expires, place_of(place, "expires"), LAST_EXPIRY)


def _refuse_impossible(order: Order, place: str) -> None:
    """Raise MemberError where neither time nor anybody's hand leads to such an *order*."""
    inquiry = order.inquiry
    if inquiry is not None and (order.is_pinned or order.status is not Status.PROCESSING):
        pinned = "pinned and " if order.is_pinned else ""
        message = (
            f"an order that is {pinned}{order.status} asks for no send condition; leave it out"
        )
        raise MemberError(place_of(place, "inquiry"), message)
    if order.is_pinned:
        return
    if order.status is Status.PROCESSING and inquiry is None:
        message = "an order that is Processing, and not pinned, is to be tried again"
        raise MemberError(place_of(place, "inquiry"), message)
    if order.status is Status.SEND_CONDITION_NOT_MET and not order.condition_endpoint:
        message = f"an order that is {order.status}, and not pinned, has a send condition"
        raise MemberError(place_of(place, "conditionEndpoint"), message)
    _refuse_impossible_notifications(order, place)


def _refuse_impossible_notifications(order: Order, place: str) -> None:
    if order.status in _WITHOUT_NOTIFICATIONS and order.notifications:
        message = f"an order that is {order.status}, and not pinned, has none yet; send []"
        raise MemberError(place_of(place, "notifications"), message)
    pending = [index for index, item in enumerate(order.notifications) if item.is_pending]
    if order.status is Status.PROCESSED and not pending:
        message = "without a notification that has no final result, it is Completed"
        raise MemberError(place_of(place, "status"), message)
    if order.status is Status.COMPLETED:
        for index in pending:
            if not order.notifications[index].is_pinned:
                message = "it is not final, and not pinned, so the order is not Completed"
                raise MemberError(place_of(place, f"notifications[{index}].result"), message)
