"""A shipment: an order as the modern API shows it, and each address that it was sent to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mock_server.domain.notifications import EmailResult, Notification, Result, SmsResult
from mock_server.domain.orders import Order, Status
from mock_server.domain.recipients import NotificationChannel

_RENAMED: dict[Result, str] = {
    EmailResult.INVALID_EMAIL_FORMAT: "Failed_InvalidFormat",
    EmailResult.SUPPRESSED_RECIPIENT: "Failed_SuppressedRecipient",
}
EMAIL_STATUSES = {result: f"Email_{_RENAMED.get(result, result)}" for result in EmailResult}
"""Result of an e-mail to how the modern API spells it; two names differ from the older API."""

SMS_STATUSES = {result: f"SMS_{result}" for result in SmsResult}
"""Result of an SMS to how the modern API spells it."""

UNREACHED = frozenset({EmailResult.RECIPIENT_RESERVED, EmailResult.RECIPIENT_NOT_IDENTIFIED})
"""Results of who gets no message at all. They are spelled the same for SMS."""


class ShipmentNotFoundError(Exception):
    """No order has this id and this creator."""

    def __init__(self, shipment_id: UUID, creator: str | None) -> None:
        """Remember what was looked for."""
        self.order_id = shipment_id
        self.creator = creator
        super().__init__(f"no shipment '{shipment_id}' of '{creator}'")


@dataclass(frozen=True, slots=True)
class Delivery:
    """
    Delivery status of the message to one address.

    *type* is `Email` or `SMS`; *destination* is empty where nobody was reached; *status* is as
    the modern API spells it, such as `Email_Delivered`; *last_update* is aware UTC.
    """

    type: str
    destination: str
    status: str
    last_update: datetime


def shipment_status(status: Status) -> str:
    """
    Return *status* as the modern API shows it, unaltered but for its prefix.

    Source: Altinn/altinn-notifications ProcessingLifecycleMapper.
    """
    return f"Order_{status}"


def last_update(order: Order) -> datetime:
    """
    Return when the status of *order* last changed: its creation until it is processed.

    Source: Altinn/altinn-notifications get_shipment_tracking_v3.
    """
    return max(order.created, order.last_update)


def shown_reference(order: Order) -> str | None:
    """Return the sender's reference; a blank one is stored as none."""
    reference = order.senders_reference
    return None if reference is None or not reference.strip() else reference


def deliveries(order: Order) -> tuple[Delivery, ...]:
    """
    Return the deliveries of *order*, one for each message: e-mail, then SMS, on any channel.

    Source: Altinn/altinn-notifications get_shipment_tracking_v3, a union of the two.
    """
    emails = [item for item in order.notifications if item.channel is NotificationChannel.EMAIL]
    texts = [item for item in order.notifications if item.channel is NotificationChannel.SMS]
    return tuple(map(_delivery, (*emails, *texts)))


def _delivery(notification: Notification) -> Delivery:
    result, recipient = notification.result, notification.recipient
    if isinstance(result, EmailResult):
        kind, status, address = "Email", EMAIL_STATUSES[result], recipient.email_address
    else:
        kind, status, address = "SMS", SMS_STATUSES[result], recipient.mobile_number
    destination = "" if result in UNREACHED or address is None else address
    return Delivery(kind, destination, status, notification.last_update)
