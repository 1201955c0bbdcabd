"""The three request bodies that create an order, read as the service's own types."""

from dataclasses import dataclass
from enum import Enum
from functools import cache

from mock_server.domain.orders import OrderTerms
from mock_server.domain.recipients import NotificationChannel, Recipient
from mock_server.domain.templates import EmailContentType
from mock_server.formats.instants import SentTime
from mock_server.formats.strict_json.shapes import (
    Listed,
    Member,
    Scalar,
    Shape,
    Structure,
)
from mock_server.order_requests.fields import Must, field
from mock_server.order_requests.scalars import (
    MODELS,
    NULLABLE_FLAG,
    TEXT,
    TIME,
    URL,
    choice,
    list_of,
)
from mock_server.records import members as forms
from mock_server.records.orders import OLDER_RECIPIENT, TERMS


class OrderKind(Enum):
    """Which of the three operations is called; the value is the service's parameter name."""

    ORDERS = "notificationOrderRequest"
    EMAIL = "emailNotificationOrderRequest"
    SMS = "smsNotificationOrderRequest"


@dataclass(frozen=True, slots=True)
class EmailTemplateBody:
    """An e-mail template as sent: None is an explicit null, which the service refuses."""

    from_address: str | None = ""
    subject: str | None = ""
    body: str | None = ""
    content_type: EmailContentType | int = EmailContentType.PLAIN


@dataclass(frozen=True, slots=True)
class SmsTemplateBody:
    """An SMS template as sent: None is an explicit null, which the service refuses."""

    sender_number: str | None = ""
    body: str | None = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderBody(OrderTerms):
    """
    A request body as sent, before any rule; the defaults are the service's for a missing member.

    The terms, the send time and the recipients are common to all kinds; the rest some kinds have.
    An integer stands for an enum value that has no name.
    """

    requested_send_time: SentTime | None = None
    recipients: tuple[Recipient | None, ...] | None = ()
    notification_channel: NotificationChannel | int | None = None
    email_template: EmailTemplateBody | None = None
    sms_template: SmsTemplateBody | None = None
    subject: str | None = ""
    body: str | None = ""
    content_type: EmailContentType | int | None = None
    sender_number: str | None = None


def _recipient(*, is_reserved: bool | None = None, **given: str | None) -> Recipient:
    del is_reserved  # Read for its type, then ignored, as the service does.
    return Recipient(**given)


@cache
def structure_of(kind: OrderKind) -> Structure:
    """Return the expected shape of a body of *kind*."""
    name, own = {
        OrderKind.ORDERS: (f"{MODELS}.NotificationOrderRequestExt", _orders_members),
        OrderKind.EMAIL: (f"{MODELS}.Email.EmailNotificationOrderRequestExt", _email_members),
        OrderKind.SMS: (f"{MODELS}.Sms.SmsNotificationOrderRequestExt", _sms_members),
    }[kind]
    return Structure(name, _common_members() | own(), OrderBody)


def _members(**shapes: Shape | tuple[Shape, Must]) -> dict[str, Member]:
    """Return members by attribute, each as its shape, or as that and what it must not be."""
    rows: dict[str, Member] = {}
    for attribute, shape in shapes.items():
        name = "".join(word.capitalize() for word in attribute.split("_"))
        kind, must = shape if isinstance(shape, tuple) else (shape, None)
        rows |= [field(name, attribute, kind, must=must)]
    return rows


_FILLED = (TEXT, Must.NOT_BE_BLANK)
_NO_NULL = (TEXT, Must.NOT_BE_NULL)
_SCALARS = {forms.TEXT: TEXT, forms.URL: URL, forms.FLAG: NULLABLE_FLAG}
"""The .NET type of a term, by the form that its row in the table has."""


def _common_members() -> dict[str, Member]:
    recipient = Structure(f"{MODELS}.RecipientExt", _recipient_members(), _recipient)
    return _members(
        **{row.attributes[0]: _SCALARS[row.form] for row in TERMS},
        requested_send_time=TIME,
        recipients=(Listed(list_of(recipient.type_name), recipient), Must.NOT_BE_NULL),
    )


def _recipient_members() -> dict[str, Member]:
    # Its members are not looked at one by one, as the rules of recipients depend on the channel.
    scalars = {row.attributes[0]: _SCALARS[row.form] for row in OLDER_RECIPIENT.members}
    scalars["is_reserved"] = NULLABLE_FLAG
    return {name.replace("_", ""): Member(name, scalar) for name, scalar in scalars.items()}


def _content_type(*, is_nullable: bool) -> Scalar:
    return choice(f"{MODELS}.EmailContentTypeExt", EmailContentType, is_nullable=is_nullable)


def _orders_members() -> dict[str, Member]:
    email_template = _members(
        from_address=_NO_NULL,
        subject=_NO_NULL,
        body=_NO_NULL,
        content_type=_content_type(is_nullable=False),
    )
    sms_template = _members(sender_number=_NO_NULL, body=_NO_NULL)
    return _members(
        notification_channel=choice(
            f"{MODELS}.NotificationChannelExt", NotificationChannel, is_nullable=True
        ),
        email_template=Structure(f"{MODELS}.EmailTemplateExt", email_template, EmailTemplateBody),
        sms_template=Structure(f"{MODELS}.SmsTemplateExt", sms_template, SmsTemplateBody),
    )


def _email_members() -> dict[str, Member]:
    return _members(subject=_FILLED, body=_FILLED, content_type=_content_type(is_nullable=True))


def _sms_members() -> dict[str, Member]:
    return _members(sender_number=TEXT, body=_FILLED)
