"""Generation of an order's notifications when it is picked up: one for each address."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid5

from mock_server.domain.magic_values import email_outcome, sms_outcome
from mock_server.domain.notifications import LIFETIME, Notification, Result, results_of
from mock_server.domain.orders import Order
from mock_server.domain.recipients import NotificationChannel, Recipient
from mock_server.domain.register import Contact
from mock_server.domain.schedule import daytime_expiry
from mock_server.domain.templates import SendingTimePolicy

EMAIL, SMS = NotificationChannel.EMAIL, NotificationChannel.SMS
Contacts = Callable[[Recipient], Contact | None]
"""What a register says of a recipient's number; None where there is no number to look up."""


@dataclass(frozen=True, slots=True)
class _Reached:
    """One *recipient* and where it is reached, empty where not; one *is_reserved* is nowhere."""

    recipient: Recipient
    email: str
    mobile: str
    is_reserved: bool = False

    def address(self, channel: NotificationChannel) -> str:
        return self.email if channel is EMAIL else self.mobile


def generate(order: Order, now: datetime, contacts: Contacts) -> tuple[Notification, ...]:
    """
    Return the notifications of *order*, generated at *now* (aware UTC).

    A recipient with an address is not looked up. One who is reserved, unless the order ignores
    that, or without any address gets a notification that has failed. Ids follow from the order's,
    so that equal orders have equal notifications.

    Source: docs/life.md; EmailOrderProcessingService, PreferredChannelProcessingService.
    """
    return tuple(
        _notification(order, now, channel, reached, place)
        for place, (channel, reached) in enumerate(_served(order, contacts))
    )


def _served(order: Order, contacts: Contacts) -> list[tuple[NotificationChannel, _Reached]]:
    channel = order.notification_channel
    if channel in (EMAIL, SMS):
        only = NotificationChannel(channel)
        return [(only, _reach(item, order, (only,), contacts)) for item in order.recipients]
    if channel == NotificationChannel.EMAIL_AND_SMS:
        reached = _once(_reach_each(order, contacts))
        return [(each, item) for each in (SMS, EMAIL) for item in reached]
    if channel == NotificationChannel.EMAIL_PREFERRED:
        return _preferred(_reach_each(order, contacts), EMAIL, SMS)
    if channel == NotificationChannel.SMS_PREFERRED:
        return _preferred(_reach_each(order, contacts), SMS, EMAIL)
    # A number without a name: the real service generates nothing for it either.
    return []


def _reach_each(order: Order, contacts: Contacts) -> list[_Reached]:
    return [_reach(item, order, (EMAIL, SMS), contacts) for item in order.recipients]


def _once(reached: Iterable[_Reached]) -> list[_Reached]:
    """Return *reached* with a number that is given twice once, as it is given last, as upstream."""
    found: dict[object, _Reached] = {}
    for place, item in enumerate(reached):
        recipient = item.recipient
        number = recipient.national_identity_number or recipient.organization_number or place
        found[number] = item
    return list(found.values())


def _reach(
    recipient: Recipient,
    order: Order,
    wanted: tuple[NotificationChannel, ...],
    contacts: Contacts,
) -> _Reached:
    own = _Reached(recipient, recipient.email_address or "", recipient.mobile_number or "")
    contact = None if any(own.address(channel) for channel in wanted) else contacts(recipient)
    if contact is None:
        return own
    if contact.is_reserved and not order.ignore_reservation:
        return _Reached(recipient, "", "", is_reserved=True)
    return _Reached(recipient, contact.email or "", contact.mobile or "")


def _preferred(
    reached: list[_Reached], preferred: NotificationChannel, other: NotificationChannel
) -> list[tuple[NotificationChannel, _Reached]]:
    # Once on each list, not in all: the second time it may have the other address.
    first = _once(item for item in reached if item.address(preferred) or not item.address(other))
    second = _once(item for item in reached if _is_on_second_list(item, preferred, other))
    return [(preferred, item) for item in first] + [(other, item) for item in second]


def _is_on_second_list(
    item: _Reached, preferred: NotificationChannel, other: NotificationChannel
) -> bool:
    """Tell whether *item* is served by the *other* channel; with both addresses given, by both."""
    is_given_both = bool(item.recipient.email_address and item.recipient.mobile_number)
    return is_given_both or bool(item.address(other) and not item.address(preferred))


def _notification(
    order: Order, now: datetime, channel: NotificationChannel, reached: _Reached, place: int
) -> Notification:
    results = results_of(channel)
    address = reached.address(channel)
    result, outcome = results.NEW, _outcome(channel, address)
    if reached.is_reserved:
        result = outcome = results.RECIPIENT_RESERVED
    elif not address:
        result = outcome = results.RECIPIENT_NOT_IDENTIFIED
    email, mobile = (address, None) if channel is EMAIL else (None, address)
    return Notification(
        id=uuid5(order.id, f"{channel}/{place}"),
        channel=channel,
        recipient=replace(reached.recipient, email_address=email, mobile_number=mobile),
        result=result,
        last_update=now,
        expires=_expiry(order, channel),
        outcome=outcome,
    )


def _expiry(order: Order, channel: NotificationChannel) -> datetime:
    if channel is SMS and order.sending_time_policy is SendingTimePolicy.DAYTIME:
        return daytime_expiry(order.requested_send_time)
    return order.requested_send_time + LIFETIME


def _outcome(channel: NotificationChannel, address: str) -> Result:
    return email_outcome(address) if channel is EMAIL else sms_outcome(address)
