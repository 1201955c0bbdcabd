"""The three request bodies that create an order, read as the service's own types."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum

from mock_server.domain.orders import OrderTerms
from mock_server.domain.recipients import NotificationChannel, Recipient
from mock_server.domain.templates import EmailContentType
from mock_server.formats.instants import SentTime, parse_sent_time
from mock_server.formats.strict_json.shapes import (
    Listed,
    Member,
    MismatchError,
    Scalar,
    Structure,
    read_shape,
)
from mock_server.formats.text import WHITE_SPACE
from mock_server.records.members import FLAG, TEXT, URL
from mock_server.records.orders import OLDER_RECIPIENT, TERMS

_MODELS = "Altinn.Notifications.Models"
_INTEGER = re.compile(r"[+-]?[0-9]{1,10}")
_INT_32 = range(-(2**31), 2**31)


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


def read_order_body(kind: OrderKind, raw: bytes) -> OrderBody | None:
    """
    Return the body of *kind* that the JSON text *raw* holds, or None where it says null.

    Raises:
        JsonReadError: not JSON, or a member of the wrong type; the first such thing.

    Source: openapi.yaml, createOrder; Altinn/altinn-notifications Models.
    """
    return read_shape(raw, _shape_of(kind), OrderBody)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise MismatchError
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise MismatchError
    return value


def _time(value: object) -> SentTime:
    return parse_sent_time(_text(value))


def _choice(choices: type[StrEnum]) -> Callable[[object], StrEnum | int]:
    """Return a reader of *choices* by name in any case, or by number, also one without a name."""
    named = {choice.lower(): choice for choice in choices}
    numbered = list(choices)

    def read(value: object) -> StrEnum | int:
        text = str(value).strip(WHITE_SPACE) if isinstance(value, str) else None
        if text is not None and text.isascii() and text.lower() in named:
            return named[text.lower()]
        number = _integer(value if text is None else text)
        return numbered[number] if number in range(len(numbered)) else number

    return read


def _integer(value: object) -> int:
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or value not in _INT_32:
        raise MismatchError
    return value


def _recipient(*, is_reserved: bool | None = None, **given: str | None) -> Recipient:
    del is_reserved  # Read for its type, then ignored, as the service does.
    return Recipient(**given)


def _shape_of(kind: OrderKind) -> Structure:
    name, own = {
        OrderKind.ORDERS: (f"{_MODELS}.NotificationOrderRequestExt", _orders_members),
        OrderKind.EMAIL: (f"{_MODELS}.Email.EmailNotificationOrderRequestExt", _email_members),
        OrderKind.SMS: (f"{_MODELS}.Sms.SmsNotificationOrderRequestExt", _sms_members),
    }[kind]
    return Structure(name, _common_members() | own(), OrderBody)


def _members(**shapes: Scalar | Listed | Structure) -> dict[str, Member]:
    return {name.replace("_", ""): Member(name, shape) for name, shape in shapes.items()}


_TEXT = Scalar("System.String", _text)
_FLAG = Scalar("System.Nullable`1[System.Boolean]", _flag)
_SCALARS = {TEXT: _TEXT, URL: Scalar("System.Uri", _text), FLAG: _FLAG}
"""The .NET type of a term, by the form that its row in the table has."""


def _common_members() -> dict[str, Member]:
    recipient = Structure(f"{_MODELS}.RecipientExt", _recipient_members(), _recipient)
    return _members(
        **{row.attributes[0]: _SCALARS[row.form] for row in TERMS},
        requested_send_time=Scalar("System.DateTime", _time, is_nullable=False),
        recipients=Listed(f"System.Collections.Generic.List`1[{recipient.type_name}]", recipient),
    )


def _recipient_members() -> dict[str, Member]:
    return _members(
        **{row.attributes[0]: _SCALARS[row.form] for row in OLDER_RECIPIENT.members},
        is_reserved=_FLAG,
    )


def _content_type(*, is_nullable: bool) -> Scalar:
    name = f"{_MODELS}.EmailContentTypeExt"
    shown = f"System.Nullable`1[{name}]" if is_nullable else name
    return Scalar(shown, _choice(EmailContentType), is_nullable=is_nullable)


def _orders_members() -> dict[str, Member]:
    email_template = _members(
        from_address=_TEXT,
        subject=_TEXT,
        body=_TEXT,
        content_type=_content_type(is_nullable=False),
    )
    sms_template = _members(sender_number=_TEXT, body=_TEXT)
    return _members(
        notification_channel=Scalar(
            f"System.Nullable`1[{_MODELS}.NotificationChannelExt]", _choice(NotificationChannel)
        ),
        email_template=Structure(f"{_MODELS}.EmailTemplateExt", email_template, EmailTemplateBody),
        sms_template=Structure(f"{_MODELS}.SmsTemplateExt", sms_template, SmsTemplateBody),
    )


def _email_members() -> dict[str, Member]:
    return _members(subject=_TEXT, body=_TEXT, content_type=_content_type(is_nullable=True))


def _sms_members() -> dict[str, Member]:
    return _members(sender_number=_TEXT, body=_TEXT)
