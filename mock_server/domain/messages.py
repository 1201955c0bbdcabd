"""Messages: the notifications of an order as their recipients get them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mock_server.domain.notifications import EmailResult, Notification, Result, Stage
from mock_server.domain.orders import Order, OrderType
from mock_server.domain.recipients import NotificationChannel, Recipient
from mock_server.domain.templates import (
    DEFAULT_FROM_ADDRESS,
    DEFAULT_SENDER_NUMBER,
    RECIPIENT_NAME,
    RECIPIENT_NUMBER,
    EmailContentType,
    EmailTemplate,
    SmsTemplate,
)
from mock_server.formats.sms_segments import segments_of

_KEYWORD = re.compile("|".join(map(re.escape, (RECIPIENT_NAME, RECIPIENT_NUMBER))))


class MessageNotFoundError(Exception):
    """No message has this id."""

    def __init__(self, message_id: UUID) -> None:
        """Remember the id that was looked for."""
        self.message_id = message_id
        super().__init__(f"no message '{message_id}'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """
    One message as its recipient gets it. Times are aware UTC.

    *to* is None where nobody was reached. *subject* and *content_type* are those of an e-mail,
    None for an SMS; *segments* are those of an SMS. *attachments* are names of files. *history*
    ends with the present *status*.
    """

    id: UUID
    order_id: UUID
    order_type: OrderType
    channel: NotificationChannel
    to: str | None
    sender: str
    subject: str | None
    body: str
    content_type: EmailContentType | int | None
    attachments: tuple[str, ...]
    segments: int | None
    status: Result
    created: datetime
    updated: datetime
    history: tuple[Stage, ...]


def is_reached(notification: Notification) -> bool:
    """Tell whether there is an address to send *notification* to."""
    return address_of(notification) is not None


def is_sent(notification: Notification) -> bool:
    """Tell whether *notification* has an address, and has left `New`."""
    return notification.result != EmailResult.NEW and is_reached(notification)


def address_of(notification: Notification) -> str | None:
    """Return the address or mobile number of *notification*; None where there was none."""
    recipient = notification.recipient
    is_email = notification.channel is NotificationChannel.EMAIL
    return (recipient.email_address if is_email else recipient.mobile_number) or None


def names_of(recipient: Recipient) -> Iterator[str]:
    """Yield the addresses, numbers and identity that *recipient* goes by, in lower case."""
    for name in (
        recipient.email_address,
        recipient.mobile_number,
        recipient.organization_number,
        recipient.national_identity_number,
        recipient.external_identity,
    ):
        if name:
            yield name.lower()


def created_at(notification: Notification) -> datetime:
    """Return when *notification* was generated, as far as is known."""
    return notification.history[0][1] if notification.history else notification.last_update


def message_of(order: Order, notification: Notification) -> Message:
    """
    Return *notification* of *order* as its recipient gets it, keywords replaced.

    An order that was stored without a text has an empty one.
    """
    is_email = notification.channel is NotificationChannel.EMAIL
    email = order.email_template or EmailTemplate(subject="", body="")
    sms = order.sms_template or SmsTemplate(body="")
    history = notification.stages
    body = in_person(email.body if is_email else sms.body, notification)
    return Message(
        id=notification.id,
        order_id=order.id,
        order_type=order.type,
        channel=notification.channel,
        to=address_of(notification),
        sender=_sender(email, sms, is_email=is_email),
        subject=in_person(email.subject, notification) if is_email else None,
        body=body,
        content_type=email.content_type if is_email else None,
        attachments=tuple(item.filename for item in order.attachments) if is_email else (),
        segments=None if is_email else segments_of(body),
        status=notification.result,
        created=history[0][1],
        updated=notification.last_update,
        history=history,
    )


def in_person(text: str, notification: Notification) -> str:
    """
    Return *text* as the recipient of *notification* gets it, keywords replaced.

    Those of a person or an organisation are: by its name, its number where the register has no
    name, and by the number of an organisation, which a person does not have. To all others the
    text goes out as it was written.

    Source: docs/messages.md; Altinn/altinn-notifications KeywordsService.
    """
    recipient = notification.recipient
    if not recipient.is_named:
        return text
    number = recipient.organization_number or ""
    name = notification.recipient_name or number or recipient.national_identity_number or ""
    values = {RECIPIENT_NAME: name, RECIPIENT_NUMBER: number}
    return _KEYWORD.sub(lambda match: values[match[0]], text)


def _sender(email: EmailTemplate, sms: SmsTemplate, *, is_email: bool) -> str:
    if is_email:
        return email.from_address or DEFAULT_FROM_ADDRESS
    return sms.sender_number or DEFAULT_SENDER_NUMBER
