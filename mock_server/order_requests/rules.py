"""Rules of the older creates: one row for each, beside those about recipients."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from mock_server.domain.recipients import NotificationChannel
from mock_server.formats.instants import Instant
from mock_server.formats.text import is_blank
from mock_server.order_requests.addresses import is_condition_url
from mock_server.order_requests.bodies import OrderBody, OrderKind, structure_of
from mock_server.order_requests.fields import Context, Rule, Rules, broken_rules
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


def broken_order_rules(
    kind: OrderKind, body: OrderBody, now: datetime
) -> Iterator[tuple[str, str]]:
    """
    Yield the key and message of each rule that *body* breaks at *now*, aware UTC.

    The body lacks no required member.

    Source: openapi.yaml, createOrder; Altinn/altinn-notifications Validators.
    """
    has_choice = kind is OrderKind.ORDERS
    rules: Rules = {OrderBody: (*_COMMON_RULES, *(_OWN_RULES if has_choice else ()))}
    context = Context(now, Instant(now))
    yield from broken_rules(structure_of(kind), body, rules, context)
    yield from recipient_errors(channel_of(kind, body), body.recipients or ())


def channel_of(kind: OrderKind, body: OrderBody) -> NotificationChannel | int | None:
    """Return the channel that *kind* means, or that *body* names."""
    if kind is OrderKind.ORDERS:
        return body.notification_channel
    return NotificationChannel.EMAIL if kind is OrderKind.EMAIL else NotificationChannel.SMS


def has_no_zone(body: Any, _: Context) -> bool:
    """Tell whether *body* has a send time without a zone."""
    return body.requested_send_time is not None and not body.requested_send_time.has_zone


def is_past(grace: timedelta) -> Callable[[Any, Context], bool]:
    """Return a predicate of bodies: the send time is further back than *grace*."""

    def is_broken(body: Any, context: Context) -> bool:
        sent = body.requested_send_time
        return sent is not None and sent.instant < Instant(context.now - grace)

    return is_broken


def _has_bad_condition(body: OrderBody, _: Context) -> bool:
    return body.condition_endpoint is not None and not is_condition_url(body.condition_endpoint)


def has_action_without_resource(body: Any, _: Context) -> bool:
    """Tell whether *body* names an action without a resource."""
    return is_blank(body.resource_id) and bool(body.resource_action)


def has_blank_action(body: Any, _: Context) -> bool:
    """Tell whether *body* names an action that is all white space."""
    is_given = not is_blank(body.resource_id) and bool(body.resource_action)
    return is_given and is_blank(body.resource_action)


def _has_no_channel(body: OrderBody, _: Context) -> bool:
    return body.notification_channel is None


def _lacks_email_template(body: OrderBody, _: Context) -> bool:
    return body.email_template is None and body.notification_channel in _EMAIL_CHANNELS


def _lacks_sms_template(body: OrderBody, _: Context) -> bool:
    return body.sms_template is None and body.notification_channel in _SMS_CHANNELS


def _has_empty_email_body(body: OrderBody, _: Context) -> bool:
    return body.email_template is not None and is_blank(body.email_template.body)


def _has_empty_email_subject(body: OrderBody, _: Context) -> bool:
    return body.email_template is not None and is_blank(body.email_template.subject)


def _has_empty_sms_body(body: OrderBody, _: Context) -> bool:
    return body.sms_template is not None and is_blank(body.sms_template.body)


_COMMON_RULES = (
    Rule("RequestedSendTime", Message.NO_ZONE, has_no_zone),
    Rule("RequestedSendTime", Message.PAST, is_past(GRACE)),
    Rule("ConditionEndpoint", Message.CONDITION_ENDPOINT, _has_bad_condition),
    Rule("ResourceAction", Message.ACTION_WITHOUT_RESOURCE, has_action_without_resource),
    Rule("ResourceAction", Message.BLANK_ACTION, has_blank_action),
)
_OWN_RULES = (
    Rule("NotificationChannel", Message.NO_CHANNEL, _has_no_channel),
    Rule("EmailTemplate", Message.NO_EMAIL_TEMPLATE, _lacks_email_template),
    Rule("EmailTemplate.Body", Message.EMPTY_EMAIL_BODY, _has_empty_email_body),
    Rule("EmailTemplate.Subject", Message.EMPTY_EMAIL_SUBJECT, _has_empty_email_subject),
    Rule("SmsTemplate", Message.NO_SMS_TEMPLATE, _lacks_sms_template),
    Rule("SmsTemplate.Body", Message.EMPTY_SMS_BODY, _has_empty_sms_body),
)
