"""A valid request of the modern creates, made from the bytes of a request body."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mock_server.domain.order_chains import ChainKind, DialogportenAssociation
from mock_server.domain.orders import OrderType
from mock_server.domain.recipients import NotificationChannel, Recipient
from mock_server.domain.templates import (
    DEFAULT_FROM_ADDRESS,
    DEFAULT_SENDER_NUMBER,
    Attachment,
    EmailTemplate,
    SendingTimePolicy,
    SmsTemplate,
)
from mock_server.formats.instants import Instant
from mock_server.formats.text import WHITE_SPACE, is_blank
from mock_server.order_requests.fields import Context, broken_rules, texts
from mock_server.order_requests.future.bodies import (
    ChainBody,
    ChainRequestKind,
    ComposedBody,
    ComposedSettingsBody,
    EmailContentBody,
    InstantBody,
    InstantEmailBody,
    InstantSmsBody,
    RecipientBody,
    RegisteredRecipientBody,
    ReminderBody,
    RequestBody,
    SmsContentBody,
    SmsSettingsBody,
)
from mock_server.order_requests.future.rules import FUTURE_RULES, days_after
from mock_server.order_requests.future.shapes import PARAMETERS, structure_of
from mock_server.order_requests.messages import Message
from mock_server.order_requests.requests import OrderRequest, on_one_line
from mock_server.order_requests.stages import read_body

EMAIL, SMS = NotificationChannel.EMAIL, NotificationChannel.SMS
_NUL = "\0"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainRequest:
    """
    A request to create a chain of orders that breaks no rule: a main one, and its reminders.

    An instant or composed order is a chain of one.
    """

    idempotency_id: str
    kind: ChainKind
    main: OrderRequest
    reminders: tuple[OrderRequest, ...] = ()
    dialogporten: DialogportenAssociation | None = None


def read_chain_request(kind: ChainRequestKind, raw: bytes, now: datetime) -> ChainRequest:
    """
    Return the request of *kind* that the body *raw* makes at *now*, aware UTC.

    Raises:
        RequestInvalid: as `stages.read_body`.

    Source: Altinn/altinn-notifications NotificationOrderChainMapper and its like.
    """
    structure = structure_of(kind)
    has_escaped_nul = b"\\u0000" in raw

    def judge(body: RequestBody) -> Iterator[tuple[str, str]]:
        if has_escaped_nul:
            held = (key for key, text in texts(structure, body) if _NUL in text)
            yield from ((key, str(Message.NUL)) for key in held)
        yield from broken_rules(structure, body, FUTURE_RULES, Context(now, _sent(body, now)))

    bodies, request = _KINDS[kind]
    return request(read_body(raw, structure, bodies, PARAMETERS[kind], judge), now)


def _sent(body: RequestBody, now: datetime) -> Instant:
    return Instant(now) if body.requested_send_time is None else body.requested_send_time.instant


def _chain_request(body: ChainBody, now: datetime) -> ChainRequest:
    main = _order_request(
        body.recipient or RecipientBody(), **_delivery(body), type=OrderType.NOTIFICATION
    )
    sent = _sent(body, now)
    reminders = [
        _reminder(reminder, sent) for reminder in body.reminders or () if reminder is not None
    ]
    return ChainRequest(
        **_request(body, ChainKind.NOTIFICATION), main=main, reminders=tuple(reminders)
    )


def _reminder(reminder: ReminderBody, sent: Instant) -> OrderRequest:
    time = None if reminder.requested_send_time is None else reminder.requested_send_time.instant
    return _order_request(
        reminder.recipient or RecipientBody(),
        type=OrderType.REMINDER,
        senders_reference=reminder.senders_reference,
        condition_endpoint=reminder.condition_endpoint,
        requested_send_time=time or days_after(sent, reminder.delay_days or 0),
    )


def _instant_request(body: InstantBody, _now: datetime) -> ChainRequest:
    sms = body.sms if body.recipient is None else body.recipient.sms
    common: dict[str, Any] = {
        "type": OrderType.INSTANT,
        "senders_reference": body.senders_reference,
    }
    main = _instant_email(body.email, common) if sms is None else _instant_sms(sms, common)
    return ChainRequest(**_request(body, ChainKind.INSTANT), main=main)


def _instant_sms(sms: InstantSmsBody, common: dict[str, Any]) -> OrderRequest:
    content = sms.settings or SmsContentBody()
    # Unlike in a chain, the sender is not trimmed.
    sender = DEFAULT_SENDER_NUMBER if is_blank(content.sender) else content.sender
    return OrderRequest(
        **common,
        notification_channel=SMS,
        recipients=(Recipient(mobile_number=sms.number),),
        sms_template=SmsTemplate(sender_number=sender or "", body=content.body or ""),
        sending_time_policy=SendingTimePolicy.ANYTIME,
        time_to_live_in_seconds=sms.time_to_live_in_seconds,
    )


def _instant_email(email: InstantEmailBody | None, common: dict[str, Any]) -> OrderRequest:
    content = (email and email.settings) or EmailContentBody()
    template = EmailTemplate(
        from_address=DEFAULT_FROM_ADDRESS if content.sender is None else content.sender,
        subject=content.subject or "",
        body=content.body or "",
        content_type=content.content_type,
    )
    return OrderRequest(
        **common,
        notification_channel=EMAIL,
        recipients=(Recipient(email_address=email.address if email else None),),
        email_template=template,
        sending_time_policy=SendingTimePolicy.ANYTIME,
    )


def _composed_request(body: ComposedBody, _now: datetime) -> ChainRequest:
    recipient = body.recipient
    settings = recipient.settings if recipient else None
    attached = settings.attachments if isinstance(settings, ComposedSettingsBody) else None
    main = OrderRequest(
        **_delivery(body),
        type=OrderType.COMPOSED,
        notification_channel=EMAIL,
        recipients=(Recipient(email_address=recipient.address if recipient else None),),
        email_template=_email_template(settings),
        attachments=tuple(
            Attachment(item.filename or "", item.mime_type or "", item.sas_url or "")
            for item in attached or ()
            if item is not None
        ),
    )
    return ChainRequest(**_request(body, ChainKind.COMPOSED), main=main)


_KINDS: dict[ChainRequestKind, tuple[type[Any], Callable[[Any, datetime], ChainRequest]]] = {
    ChainRequestKind.CHAIN: (ChainBody, _chain_request),
    ChainRequestKind.INSTANT: (InstantBody, _instant_request),
    ChainRequestKind.INSTANT_SMS: (InstantBody, _instant_request),
    ChainRequestKind.INSTANT_EMAIL: (InstantBody, _instant_request),
    ChainRequestKind.COMPOSED: (ComposedBody, _composed_request),
}


def _request(body: RequestBody, kind: ChainKind) -> dict[str, Any]:
    dialog = body.dialogporten
    return {
        "idempotency_id": body.idempotency_id,
        "kind": kind,
        "dialogporten": dialog
        and DialogportenAssociation(dialog.dialog_id, dialog.transmission_id),
    }


def _delivery(body: RequestBody) -> dict[str, Any]:
    sent = body.requested_send_time
    return {
        "senders_reference": body.senders_reference,
        "condition_endpoint": body.condition_endpoint,
        "requested_send_time": None if sent is None else sent.instant,
    }


def _order_request(recipient: RecipientBody, **members: Any) -> OrderRequest:
    """Return the order to *recipient*; *members* are those that do not depend on whom."""
    if recipient.email is not None:
        return OrderRequest(
            **members,
            notification_channel=EMAIL,
            recipients=(Recipient(email_address=recipient.email.address),),
            email_template=_email_template(recipient.email.settings),
        )
    if recipient.sms is not None:
        return OrderRequest(
            **members,
            notification_channel=SMS,
            recipients=(Recipient(mobile_number=recipient.sms.number),),
            **_sms(recipient.sms.settings),
        )
    return _registered(recipient, members)


def _registered(recipient: RecipientBody, members: dict[str, Any]) -> OrderRequest:
    person = recipient.person
    if person is not None:
        return OrderRequest(
            **members,
            **_looked_up(person),
            recipients=(Recipient(national_identity_number=person.number),),
            ignore_reservation=person.ignore_reservation,
            use_stale_contact_information=person.use_stale_contact_information,
        )
    organization = recipient.organization
    if organization is not None:
        whom = Recipient(organization_number=organization.number)
        return OrderRequest(**members, **_looked_up(organization), recipients=(whom,))
    external = recipient.external_identity or RegisteredRecipientBody()
    whom = Recipient(external_identity=external.number)
    return OrderRequest(**members, **_looked_up(external), recipients=(whom,))


def _looked_up(recipient: RegisteredRecipientBody) -> dict[str, Any]:
    """Return what an order to somebody to look up has: the texts follow the settings given."""
    email = recipient.email_settings
    return {
        "notification_channel": recipient.channel,
        "resource_id": recipient.resource_id,
        "resource_action": recipient.resource_action,
        "email_template": None if email is None else _email_template(email),
        **({} if recipient.sms_settings is None else _sms(recipient.sms_settings)),
    }


def _email_template(settings: EmailContentBody | None) -> EmailTemplate:
    content = settings or EmailContentBody()
    sender = content.sender
    return EmailTemplate(
        from_address=DEFAULT_FROM_ADDRESS if sender is None else sender.strip(WHITE_SPACE),
        subject=on_one_line(content.subject or ""),
        body=content.body or "",
        content_type=content.content_type,
    )


def _sms(settings: SmsContentBody | None) -> dict[str, Any]:
    content = settings if isinstance(settings, SmsSettingsBody) else SmsSettingsBody()
    sender = (content.sender or "").strip(WHITE_SPACE)
    return {
        "sms_template": SmsTemplate(
            sender_number=sender or DEFAULT_SENDER_NUMBER, body=content.body or ""
        ),
        "sending_time_policy": content.policy,
    }
