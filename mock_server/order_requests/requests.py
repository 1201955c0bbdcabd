"""A valid request to create an order, made from the bytes of a request body."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from mock_server.domain.orders import Order, OrderTerms, OrderType
from mock_server.domain.recipients import NotificationChannel, Recipient
from mock_server.domain.templates import (
    DEFAULT_FROM_ADDRESS,
    DEFAULT_SENDER_NUMBER,
    Attachment,
    EmailContentType,
    EmailTemplate,
    SendingTimePolicy,
    SmsTemplate,
)
from mock_server.formats.instants import Instant
from mock_server.order_requests.bodies import (
    EmailTemplateBody,
    OrderBody,
    OrderKind,
    SmsTemplateBody,
    structure_of,
)
from mock_server.order_requests.rules import broken_order_rules, channel_of
from mock_server.order_requests.stages import read_body

_LINE_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRequest(OrderTerms):
    """
    A request to create an order that breaks no rule, with the service's defaults filled in.

    *notification_channel* is an integer where the request gives a number that has no name.
    *requested_send_time* is None for now; *senders_reference* may be blank (docs/differences.md).

    Source: openapi.yaml, createOrder.
    """

    notification_channel: NotificationChannel | int
    type: OrderType = OrderType.NOTIFICATION
    requested_send_time: Instant | None = None
    recipients: tuple[Recipient, ...] = ()
    email_template: EmailTemplate | None = None
    sms_template: SmsTemplate | None = None
    attachments: tuple[Attachment, ...] = ()
    sending_time_policy: SendingTimePolicy | None = None
    time_to_live_in_seconds: int | None = None
    use_stale_contact_information: bool = False

    def order(
        self, order_id: UUID, creator: str, now: datetime, chain_id: UUID | None = None
    ) -> Order:
        """Return the order that is registered for it at *now*, aware UTC, in the chain given."""
        sent = self.requested_send_time or Instant(now)
        return Order(
            id=order_id,
            notification_order_id=chain_id,
            creator=creator,
            created=now,
            requested_send_time=sent.moment,
            send_time_tenth=sent.tenth,
            last_update=now,
            **{field.name: getattr(self, field.name) for field in _SHARED},
        )


_SHARED = [field for field in fields(OrderRequest) if field.name != "requested_send_time"]
"""What an order has as its request does."""


def read_order_request(kind: OrderKind, raw: bytes, now: datetime) -> OrderRequest:
    """
    Return the request to create an order of *kind* that the body *raw* makes at *now*, aware UTC.

    What is wrong with the JSON, its types or its required members is reported alone; only a body
    without such errors is held against the rules, and then all that it breaks are reported.

    Raises:
        RequestInvalid: as told above.

    Source: docs/differences.md; openapi.yaml, createOrder.
    """

    def judge(body: OrderBody) -> Iterator[tuple[str, str]]:
        return broken_order_rules(kind, body, now)

    structure = structure_of(kind)
    return _request(kind, read_body(raw, structure, OrderBody, kind.value, judge))


def _request(kind: OrderKind, body: OrderBody) -> OrderRequest:
    channel = channel_of(kind, body) or 0  # None is refused by the rules.
    email, sms = _templates(kind, body)
    sent = body.requested_send_time
    return OrderRequest(
        **body.terms(),
        notification_channel=channel,
        requested_send_time=sent.instant if sent is not None else None,
        recipients=_recipients(channel, body.recipients or ()),
        # Also the template that the channel does not use (OrderMapper.cs keeps and shows both).
        email_template=_email_template(email),
        sms_template=_sms_template(sms),
    )


def _templates(
    kind: OrderKind, body: OrderBody
) -> tuple[EmailTemplateBody | None, SmsTemplateBody | None]:
    if kind is OrderKind.EMAIL:
        content_type = EmailContentType.PLAIN if body.content_type is None else body.content_type
        template = EmailTemplateBody(None, body.subject, body.body, content_type)
        return template, None
    if kind is OrderKind.SMS:
        return None, SmsTemplateBody(body.sender_number, body.body)
    return body.email_template, body.sms_template


def _email_template(template: EmailTemplateBody | None) -> EmailTemplate | None:
    if template is None:
        return None
    return EmailTemplate(
        from_address=template.from_address or DEFAULT_FROM_ADDRESS,
        subject=on_one_line(template.subject or ""),
        body=template.body or "",
        content_type=template.content_type,
    )


def on_one_line(text: str) -> str:
    """Return *text* with a blank in place of each line break."""
    return _LINE_BREAK.sub(" ", text)


def _sms_template(template: SmsTemplateBody | None) -> SmsTemplate | None:
    if template is None:
        return None
    return SmsTemplate(
        sender_number=template.sender_number or DEFAULT_SENDER_NUMBER, body=template.body or ""
    )


def _recipients(
    channel: NotificationChannel | int, recipients: tuple[Recipient | None, ...]
) -> tuple[Recipient, ...]:
    """Return *recipients* with only what the *channel* reaches them by; empty texts are None."""
    is_email = channel is not NotificationChannel.SMS
    is_sms = channel is not NotificationChannel.EMAIL
    return tuple(
        Recipient(
            email_address=(recipient.email_address or None) if is_email else None,
            mobile_number=(recipient.mobile_number or None) if is_sms else None,
            organization_number=recipient.organization_number or None,
            national_identity_number=recipient.national_identity_number or None,
        )
        for recipient in recipients
        if recipient is not None
    )
