"""Generation of an order's notifications when it is picked up: one for each address."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid5

from mock_server.domain.magic_values import email_outcome, instant_outcome, sms_outcome
from mock_server.domain.notifications import LIFETIME, Notification, Result, results_of
from mock_server.domain.orders import Order
from mock_server.domain.recipients import NotificationChannel, Recipient
from mock_server.domain.register import Contact, RegisteredUser
from mock_server.domain.schedule import daytime_expiry
from mock_server.domain.templates import SendingTimePolicy

EMAIL, SMS = NotificationChannel.EMAIL, NotificationChannel.SMS
Contacts = Callable[[Recipient], Contact | None]
"""A register's contact for a recipient's number or identity; None where there is none."""


@dataclass(frozen=True, slots=True)
class _Reached:
    """
    Where one *recipient* is reached, maybe nowhere; one who *is_reserved* gets nothing there.

    A recipient with users has a *block* 0 of its own addresses, and one more for each user.
    """

    recipient: Recipient
    emails: tuple[str, ...] = ()
    mobiles: tuple[str, ...] = ()
    is_reserved: bool = False
    block: int = 0

    def addresses(self, channel: NotificationChannel) -> tuple[str, ...]:
        return self.emails if channel is EMAIL else self.mobiles


@dataclass(frozen=True, slots=True)
class _Addressed:
    """A message by *channel* to one *address* of who is *reached*, empty where there is none."""

    channel: NotificationChannel
    reached: _Reached
    address: str


def generate(order: Order, now: datetime, contacts: Contacts) -> tuple[Notification, ...]:
    """
    Return the notifications of *order*, generated at *now* (aware UTC).

    A recipient with an address is not looked up. One who is reserved, unless the order ignores
    that, or without any address gets a notification that has failed. Ids follow from the order's,
    so that equal orders have equal notifications.

    Raises:
        RegisterDownError: somebody is to be looked up, and the register is down.

    Source: docs/life.md; EmailOrderProcessingService, PreferredChannelProcessingService.
    """
    addressed = (
        _Addressed(channel, reached, address)
        for channel, reached in _served(order, contacts)
        for address in (() if reached.is_reserved else reached.addresses(channel)) or ("",)
    )
    notifications = tuple(
        _notification(order, now, message, place) for place, message in enumerate(addressed)
    )
    return _named(notifications, contacts) if order.names_recipients else notifications


def _named(notifications: tuple[Notification, ...], contacts: Contacts) -> tuple[Notification, ...]:
    """Return *notifications* with the names that the register has of their recipients."""
    return tuple(
        replace(item, recipient_name=None if contact is None else contact.name)
        for item in notifications
        for contact in [contacts(item.recipient) if item.recipient.is_named else None]
    )


def send_at_once(order: Order) -> tuple[Notification, ...]:
    """
    Return the one notification of an instant *order*, which its carrier has taken on creation.

    Source: Altinn/altinn-notifications InstantOrderRequestService.
    """
    (recipient,) = order.recipients
    channel = SMS if recipient.mobile_number is not None else EMAIL
    seconds = order.time_to_live_in_seconds
    address = (recipient.mobile_number if channel is SMS else recipient.email_address) or ""
    notification = Notification(
        id=uuid5(order.id, f"{channel}/0"),
        channel=channel,
        recipient=recipient,
        result=results_of(channel).SENDING,
        last_update=order.created,
        expires=order.created + (LIFETIME if seconds is None else timedelta(seconds=seconds)),
        outcome=instant_outcome(channel, address),
    )
    return (notification,)


def _served(order: Order, contacts: Contacts) -> list[tuple[NotificationChannel, _Reached]]:
    channel = order.notification_channel
    if channel in (EMAIL, SMS):
        only = NotificationChannel(channel)
        return [(only, _whole(_reach(item, order, (only,), contacts))) for item in order.recipients]
    if channel == NotificationChannel.EMAIL_AND_SMS:
        reached = _once([_whole(blocks) for blocks in _reach_each(order, contacts)])
        return [(each, item) for each in (SMS, EMAIL) for item in reached]
    if channel == NotificationChannel.EMAIL_PREFERRED:
        return _preferred(_reach_each(order, contacts), EMAIL, SMS)
    if channel == NotificationChannel.SMS_PREFERRED:
        return _preferred(_reach_each(order, contacts), SMS, EMAIL)
    # A number without a name: the real service generates nothing for it either.
    return []


def _reach_each(order: Order, contacts: Contacts) -> list[list[_Reached]]:
    return [_reach(item, order, (EMAIL, SMS), contacts) for item in order.recipients]


def _whole(blocks: list[_Reached]) -> _Reached:
    """Return *blocks*, which are of one recipient, as one."""
    emails = tuple(address for block in blocks for address in block.emails)
    mobiles = tuple(address for block in blocks for address in block.mobiles)
    return replace(blocks[0], emails=emails, mobiles=mobiles)


def _once(reached: Iterable[_Reached]) -> list[_Reached]:
    """Return *reached* with a number that is given twice once, as it is given last, as upstream."""
    found: dict[object, _Reached] = {}
    for place, item in enumerate(reached):
        recipient = item.recipient
        number = recipient.national_identity_number or recipient.organization_number or place
        found[number, item.block] = item
    return list(found.values())


def _reach(
    recipient: Recipient,
    order: Order,
    wanted: tuple[NotificationChannel, ...],
    contacts: Contacts,
) -> list[_Reached]:
    """Return where *recipient* is reached: one block, or more where users are told too."""
    own = _Reached(
        recipient,
        (recipient.email_address,) if recipient.email_address else (),
        (recipient.mobile_number,) if recipient.mobile_number else (),
    )
    found = None if any(own.addresses(channel) for channel in wanted) else contacts(recipient)
    if found is None:
        return [own]
    contact = found.confirmed(allows_stale=order.use_stale_contact_information)
    is_reserved = contact.is_reserved and not order.ignore_reservation
    official = _Reached(
        recipient, _distinct(contact.emails), _distinct(contact.mobiles), is_reserved
    )
    told = [user for user in contact.users if user.is_told_of(order.resource_id)]
    return _with_users(official, told)


def _with_users(official: _Reached, users: Iterable[RegisteredUser]) -> list[_Reached]:
    """Return *official* and a block for each of *users*; who is told already is not told again."""
    seen = {address.lower() for address in (*official.emails, *official.mobiles)}

    def unseen(address: str | None) -> tuple[str, ...]:
        if address is None or address.lower() in seen:
            return ()
        seen.add(address.lower())
        return (address,)

    blocks = []
    for number, user in enumerate(users, start=1):
        block = _Reached(official.recipient, unseen(user.email), unseen(user.mobile), block=number)
        if block.emails or block.mobiles:
            blocks.append(block)
    return blocks if blocks and not (official.emails or official.mobiles) else [official, *blocks]


def _distinct(addresses: tuple[str, ...]) -> tuple[str, ...]:
    """Return *addresses* without those that differ in letter case alone."""
    return tuple({address.lower(): address for address in reversed(addresses)}.values())[::-1]


def _preferred(
    reached: list[list[_Reached]], preferred: NotificationChannel, other: NotificationChannel
) -> list[tuple[NotificationChannel, _Reached]]:
    blocks = [block for listed in reached for block in listed]
    # Once on each list, not in all: the second time it may have the other address.
    first = _once(item for item in blocks if item.addresses(preferred) or not item.addresses(other))
    second = _once(item for item in blocks if _is_on_second_list(item, preferred, other))
    return [(preferred, item) for item in first] + [(other, item) for item in second]


def _is_on_second_list(
    item: _Reached, preferred: NotificationChannel, other: NotificationChannel
) -> bool:
    """Tell whether *item* is served by the *other* channel; with both addresses given, by both."""
    is_given_both = bool(item.recipient.email_address and item.recipient.mobile_number)
    return is_given_both or bool(item.addresses(other) and not item.addresses(preferred))


def _notification(order: Order, now: datetime, message: _Addressed, place: int) -> Notification:
    channel, reached, address = message.channel, message.reached, message.address
    results = results_of(channel)
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
