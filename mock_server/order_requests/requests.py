"""A valid request to create an order, made from the bytes of a request body."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mock_server.domain.orders import Order, OrderTerms
from mock_server.domain.recipients import NotificationChannel, Recipient
from mock_server.domain.templates import (
    DEFAULT_FROM_ADDRESS,
    DEFAULT_SENDER_NUMBER,
    EmailContentType,
    EmailTemplate,
    SmsTemplate,
)
from mock_server.formats.instants import Instant
from mock_server.formats.strict_json.cursor import JsonReadError
from mock_server.order_requests.bodies import (
    EmailTemplateBody,
    OrderBody,
    OrderKind,
    SmsTemplateBody,
    read_order_body,
)
from mock_server.order_requests.messages import Message
from mock_server.order_requests.rules import broken_rules, channel_of, missing_members

_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_KEY_STEP = re.compile(r"[.\[]")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRequest(OrderTerms):
    """
    A request to create an order that breaks no rule, with the service's defaults filled in.

    *notification_channel* is an integer where the request gives a number that has no name.
    *requested_send_time* is None for now; *senders_reference* may be blank (docs/differences.md).

    Source: openapi.yaml, createOrder.
    """

    notification_channel: NotificationChannel | int
    requested_send_time: Instant | None = None
    recipients: tuple[Recipient, ...] = ()
    email_template: EmailTemplate | None = None
    sms_template: SmsTemplate | None = None

    def order(self, order_id: UUID, creator: str, now: datetime) -> Order:
        """Return the order that is registered for it at *now*, aware UTC."""
        sent = self.requested_send_time or Instant(now)
        return Order(
            **self.terms(),
            id=order_id,
            creator=creator,
            created=now,
            requested_send_time=sent.moment,
            send_time_tenth=sent.tenth,
            notification_channel=self.notification_channel,
            last_update=now,
            recipients=self.recipients,
            email_template=self.email_template,
            sms_template=self.sms_template,
        )


class RequestInvalid(Exception):  # noqa: N818 # the service's word: one or more validation errors
    """
    A request body that no order can be made of: *errors* are messages by key.

    Keys are in the service's order: step by step as a tree, each step by its upper-case text.
    """

    def __init__(self, errors: Iterable[tuple[str, str]]) -> None:
        """Gather the *errors*, pairs of key and message; messages stay in order."""
        gathered: dict[str, list[str]] = {}
        for key, message in errors:
            gathered.setdefault(key, []).append(str(message))
        self.errors = {key: gathered[key] for key in sorted(gathered, key=_place_in_tree)}
        super().__init__("One or more validation errors occurred.")


def _place_in_tree(key: str) -> list[str]:
    return _KEY_STEP.split(key.upper())


def read_order_request(kind: OrderKind, raw: bytes, now: datetime) -> OrderRequest:
    """
    Return the request to create an order of *kind* that the body *raw* makes at *now*, aware UTC.

    What is wrong with the JSON, its types or its required members is reported alone; only a body
    without such errors is held against the rules, and then all that it breaks are reported.

    Raises:
        RequestInvalid: as told above.

    Source: docs/differences.md; openapi.yaml, createOrder.
    """
    body = _read(kind, raw)
    for errors in (missing_members(kind, body), broken_rules(kind, body, now)):
        found = list(errors)
        if found:
            raise RequestInvalid(found)
    return _request(kind, body)


def _read(kind: OrderKind, raw: bytes) -> OrderBody:
    no_parameter = (kind.value, Message.REQUIRED.format(kind.value))
    try:
        body = read_order_body(kind, raw) if raw else None
    except JsonReadError as error:
        raise RequestInvalid([(error.path, error.message), no_parameter]) from error
    if body is None:
        raise RequestInvalid([("", Message.NO_BODY), no_parameter])
    return body


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
        subject=_LINE_BREAK.sub(" ", template.subject or ""),
        body=template.body or "",
        content_type=template.content_type,
    )


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
