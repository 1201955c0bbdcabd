"""Rules of a request to create an order: required members first, then all others."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from mock_server.domain.recipients import NotificationChannel
from mock_server.formats.instants import Instant
from mock_server.formats.text import is_blank
from mock_server.order_requests.addresses import is_condition_url
from mock_server.order_requests.bodies import (
    EmailTemplateBody,
    OrderBody,
    OrderKind,
    SmsTemplateBody,
)
from mock_server.order_requests.messages import Message
from mock_server.order_requests.recipient_rules import recipient_errors

GRACE = timedelta(minutes=5)
"""How far in the past a send time may lie, bound included."""

_EMAIL_CHANNELS = (
    NotificationChannel.EMAIL,
    NotificationChannel.EMAIL_PREFERRED,
    NotificationChannel.SMS_PREFERRED,
)
_SMS_CHANNELS = (
    NotificationChannel.SMS,
    NotificationChannel.SMS_PREFERRED,
    NotificationChannel.EMAIL_PREFERRED,
)


@dataclass(frozen=True, slots=True)
class RequiredMember:
    """The member under *key* that a body lacks where *is_missing*."""

    key: str
    is_missing: Callable[[OrderBody], bool]

    @property
    def message(self) -> str:
        """Its message in the `errors` of a 400."""
        return Message.REQUIRED.format(self.key.rpartition(".")[2])


@dataclass(frozen=True, slots=True)
class OrderRule:
    """The *message* to give under *key* where *is_broken*, at the time given."""

    key: str
    message: Message
    is_broken: Callable[[OrderBody, datetime], bool]


def missing_members(kind: OrderKind, body: OrderBody) -> Iterator[tuple[str, str]]:
    """
    Yield the key and message of each required member that *body* lacks.

    Source: openapi.yaml, createOrder.
    """
    for member in (*_REQUIRED[kind], *_REQUIRED_BY_ALL):
        if member.is_missing(body):
            yield member.key, member.message


def broken_rules(kind: OrderKind, body: OrderBody, now: datetime) -> Iterator[tuple[str, str]]:
    """
    Yield the key and message of each rule that *body* breaks at *now*, aware UTC.

    The body lacks no required member.

    Source: openapi.yaml, createOrder; Altinn/altinn-notifications Validators.
    """
    has_choice = kind is OrderKind.ORDERS
    for rule in (*_COMMON_RULES, *(_OWN_RULES if has_choice else ())):
        if rule.is_broken(body, now):
            yield rule.key, rule.message
    yield from recipient_errors(channel_of(kind, body), body.recipients or ())


def channel_of(kind: OrderKind, body: OrderBody) -> NotificationChannel | int | None:
    """Return the channel that *kind* means, or that *body* names."""
    if kind is OrderKind.ORDERS:
        return body.notification_channel
    return NotificationChannel.EMAIL if kind is OrderKind.EMAIL else NotificationChannel.SMS


def _email_template_lacks(attribute: str) -> Callable[[OrderBody], bool]:
    return lambda body: _is_null(body.email_template, attribute)


def _sms_template_lacks(attribute: str) -> Callable[[OrderBody], bool]:
    return lambda body: _is_null(body.sms_template, attribute)


def _is_null(template: EmailTemplateBody | SmsTemplateBody | None, attribute: str) -> bool:
    return template is not None and getattr(template, attribute) is None


_REQUIRED_BY_ALL = (RequiredMember("Recipients", lambda body: body.recipients is None),)
_BODY = RequiredMember("Body", lambda body: is_blank(body.body))
_REQUIRED = {
    OrderKind.EMAIL: (RequiredMember("Subject", lambda body: is_blank(body.subject)), _BODY),
    OrderKind.SMS: (_BODY,),
    OrderKind.ORDERS: (
        RequiredMember("EmailTemplate.Subject", _email_template_lacks("subject")),
        RequiredMember("EmailTemplate.Body", _email_template_lacks("body")),
        RequiredMember("EmailTemplate.FromAddress", _email_template_lacks("from_address")),
        RequiredMember("SmsTemplate.Body", _sms_template_lacks("body")),
        RequiredMember("SmsTemplate.SenderNumber", _sms_template_lacks("sender_number")),
    ),
}


def _has_no_zone(body: OrderBody, _now: datetime) -> bool:
    return body.requested_send_time is not None and not body.requested_send_time.has_zone


def _is_past(body: OrderBody, now: datetime) -> bool:
    sent = body.requested_send_time
    return sent is not None and sent.instant < Instant(now - GRACE)


def _has_bad_condition(body: OrderBody, _now: datetime) -> bool:
    return body.condition_endpoint is not None and not is_condition_url(body.condition_endpoint)


def _has_action_without_resource(body: OrderBody, _now: datetime) -> bool:
    return is_blank(body.resource_id) and bool(body.resource_action)


def _has_blank_action(body: OrderBody, _now: datetime) -> bool:
    is_given = not is_blank(body.resource_id) and bool(body.resource_action)
    return is_given and is_blank(body.resource_action)


def _has_no_channel(body: OrderBody, _now: datetime) -> bool:
    return body.notification_channel is None


def _lacks_email_template(body: OrderBody, _now: datetime) -> bool:
    return body.email_template is None and body.notification_channel in _EMAIL_CHANNELS


def _lacks_sms_template(body: OrderBody, _now: datetime) -> bool:
    return body.sms_template is None and body.notification_channel in _SMS_CHANNELS


def _has_empty_email_body(body: OrderBody, _now: datetime) -> bool:
    return body.email_template is not None and is_blank(body.email_template.body)


def _has_empty_email_subject(body: OrderBody, _now: datetime) -> bool:
    return body.email_template is not None and is_blank(body.email_template.subject)


def _has_empty_sms_body(body: OrderBody, _now: datetime) -> bool:
    return body.sms_template is not None and is_blank(body.sms_template.body)


_COMMON_RULES = (
    OrderRule("RequestedSendTime", Message.NO_ZONE, _has_no_zone),
    OrderRule("RequestedSendTime", Message.PAST, _is_past),
    OrderRule("ConditionEndpoint", Message.CONDITION_ENDPOINT, _has_bad_condition),
    OrderRule("ResourceAction", Message.ACTION_WITHOUT_RESOURCE, _has_action_without_resource),
    OrderRule("ResourceAction", Message.BLANK_ACTION, _has_blank_action),
)
_OWN_RULES = (
    OrderRule("NotificationChannel", Message.NO_CHANNEL, _has_no_channel),
    OrderRule("EmailTemplate", Message.NO_EMAIL_TEMPLATE, _lacks_email_template),
    OrderRule("EmailTemplate.Body", Message.EMPTY_EMAIL_BODY, _has_empty_email_body),
    OrderRule("EmailTemplate.Subject", Message.EMPTY_EMAIL_SUBJECT, _has_empty_email_subject),
    OrderRule("SmsTemplate", Message.NO_SMS_TEMPLATE, _lacks_sms_template),
    OrderRule("SmsTemplate.Body", Message.EMPTY_SMS_BODY, _has_empty_sms_body),
)
