"""The one table of an order's members, behind the control plane, seeds, snapshots and creates."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from mock_server.domain.notifications import Notification, Stage, results_of
from mock_server.domain.orders import Inquiry, Order, OrderTerms, OrderType, Status, Step
from mock_server.domain.recipients import NotificationChannel, Recipient
from mock_server.domain.templates import (
    Attachment,
    EmailContentType,
    EmailTemplate,
    SendingTimePolicy,
    SmsTemplate,
)
from mock_server.formats.instants import Instant, format_instant
from mock_server.formats.timestamps import format_timestamp
from mock_server.records.members import (
    FLAG,
    GUID,
    NAME,
    TEXT,
    TIME,
    URL,
    Form,
    Member,
    Table,
    choice_of,
    list_of,
    member,
    named,
    number_of,
    one_of,
    place_of,
    read_choice,
    table,
    unless_empty,
)

VERSION = 2
"""The version in which records are written."""

READ_VERSIONS = (1, 2)
"""The versions that are read: what came since the first has its default there."""

LONGEST_LIFE = 172_800
"""Seconds that the carrier of an instant SMS tries at most: two days."""

OLDER_RECIPIENT = table(
    Recipient,
    member("emailAddress", "email_address", TEXT),
    member("mobileNumber", "mobile_number", TEXT),
    member("organizationNumber", "organization_number", TEXT),
    member("nationalIdentityNumber", "national_identity_number", TEXT),
)
"""A recipient as the older operations, `/orders`, take and show it."""

RECIPIENT = table(
    Recipient,
    *OLDER_RECIPIENT.members,
    member("externalIdentity", "external_identity", TEXT),
)
ATTACHMENT = table(
    Attachment,
    member("filename", "filename", TEXT, is_required=True),
    member("mimeType", "mime_type", TEXT, is_required=True),
    member("sasUrl", "sas_url", TEXT, is_required=True),
)
EMAIL_TEMPLATE = table(
    EmailTemplate,
    member("fromAddress", "from_address", TEXT, is_required=True),
    member("subject", "subject", TEXT, is_required=True),
    member("body", "body", TEXT, is_required=True),
    member("contentType", "content_type", named(EmailContentType), is_required=True),
)
SMS_TEMPLATE = table(
    SmsTemplate,
    member("senderNumber", "sender_number", TEXT, is_required=True),
    member("body", "body", TEXT, is_required=True),
)

_GIVEN_EMAIL = table(
    EmailTemplate,
    member("fromAddress", "from_address", TEXT),
    member("subject", "subject", TEXT, is_required=True),
    member("body", "body", TEXT, is_required=True),
    member("contentType", "content_type", choice_of(EmailContentType)),
)
_GIVEN_SMS = table(
    SmsTemplate,
    member("senderNumber", "sender_number", TEXT),
    member("body", "body", TEXT, is_required=True),
)


_RESULT = Form(TEXT.read, str)
"""A result, whose words depend on the channel."""

STAGE = table(
    Stage,
    member("result", "result", _RESULT, is_required=True),
    member("at", "at", TIME, is_required=True),
)


def _notification(attributes: dict[str, Any], place: str) -> Notification:
    results = results_of(attributes["channel"])
    for name in ("result", "outcome"):
        attributes[name] = read_choice(results, attributes[name], place_of(place, name))
    attributes["history"] = tuple(
        Stage(
            read_choice(results, stage.result, place_of(place, f"history[{index}].result")),
            stage.at,
        )
        for index, stage in enumerate(attributes.get("history", ()))
    )
    return Notification(**attributes)


NOTIFICATION = Table(
    _notification,
    (
        member("id", "id", GUID, is_required=True),
        member("channel", "channel", choice_of(NotificationChannel), is_required=True),
        member("recipient", "recipient", one_of(RECIPIENT), is_required=True),
        member("result", "result", _RESULT, is_required=True),
        member("lastUpdate", "last_update", TIME, is_required=True),
        member("expires", "expires", TIME, is_required=True),
        member("outcome", "outcome", _RESULT, is_required=True),
        member("pinned", "is_pinned", FLAG, is_required=True),
        member("recipientName", "recipient_name", NAME),
        member("history", "history", unless_empty(list_of(STAGE, "results"))),
    ),
)


_AHEAD_OR_BEHIND = ("expires", "outcome", "recipientName", "history")


def _show_notification(notification: Notification) -> dict[str, object]:
    """Return what the control plane tells of *notification* in its order: what it is now."""
    written = NOTIFICATION.write(notification)
    for name in _AHEAD_OR_BEHIND:
        written.pop(name, None)
    return written


STEP = table(
    Step,
    member("status", "status", choice_of(Status), is_required=True),
    member("at", "at", TIME, is_required=True),
    member("why", "why", TEXT, is_required=True),
)


def _inquiry(attempt: int, at: datetime, *, is_unanswered: bool) -> Inquiry:
    # Nobody waits for the answer to an inquiry that was open: it will be asked again.
    return Inquiry(attempt, at, is_open=False, is_lost=is_unanswered)


INQUIRY = table(
    _inquiry,
    member("attempt", "attempt", number_of("attempts", 1, 2), is_required=True),
    member("at", "at", TIME, is_required=True),
    member("open", "is_unanswered", FLAG, is_required=True),
)


def _read_send_time(value: object, place: str) -> tuple[datetime, int]:
    moment = TIME.read(value, place)
    tenth = str(value).partition(".")[2][6:7]
    return moment, int(tenth) if tenth.isdecimal() else 0


_SEND_TIME = Form(_read_send_time, lambda sent: format_instant(Instant(*sent)))


_LIFE = number_of("seconds", 1, LONGEST_LIFE)


@dataclass(frozen=True, kw_only=True)
class OrderMember(Member):
    """
    One member of an order.

    *given* is its form where a user makes an order, in a request or a seed file, None where that
    cannot be given. *shown* writes it where the control plane tells of an order, None where it
    does not tell.
    """

    given: Form | None
    shown: Callable[[Any], object] | None


def _member(name: str, attribute: str, form: Form, *, is_required: bool = False) -> OrderMember:
    """Return the row of a member that reads alike everywhere."""
    return OrderMember(
        name=name,
        attributes=(attribute,),
        form=form,
        is_required=is_required,
        given=form,
        shown=form.write,
    )


def _sparse(name: str, attribute: str, form: Form) -> OrderMember:
    """Return the row of a member that a record leaves out where it is empty or false."""
    return OrderMember(
        name=name,
        attributes=(attribute,),
        form=unless_empty(form),
        given=form,
        shown=form.write,
    )


def _inner(
    name: str,
    attribute: str,
    form: Form,
    shown: Callable[[Any], object] | None = None,
    *,
    is_required: bool = False,
) -> OrderMember:
    """Return the row of a member that no user gives."""
    return OrderMember(
        name=name,
        attributes=(attribute,),
        form=form,
        is_required=is_required,
        given=None,
        shown=shown,
    )


def _text(name: str, attribute: str, inner: Table[Any], given: Table[Any]) -> OrderMember:
    """Return the row of a text, which is shown in messages alone; *given* has its defaults."""
    return OrderMember(
        name=name,
        attributes=(attribute,),
        form=one_of(inner),
        given=one_of(given),
        shown=None,
    )


ORDER_MEMBERS = (
    _member("id", "id", GUID, is_required=True),
    _member("creator", "creator", TEXT, is_required=True),
    _member("sendersReference", "senders_reference", TEXT),
    OrderMember(
        name="notificationChannel",
        attributes=("notification_channel",),
        form=named(NotificationChannel),
        is_required=True,
        given=choice_of(NotificationChannel),
        shown=str,
    ),
    OrderMember(
        name="requestedSendTime",
        attributes=("requested_send_time", "send_time_tenth"),
        form=_SEND_TIME,
        is_required=True,
        given=_SEND_TIME,
        shown=lambda sent: format_timestamp(sent[0]),
    ),
    _member("status", "status", choice_of(Status), is_required=True),
    _member("ignoreReservation", "ignore_reservation", FLAG),
    _member("resourceId", "resource_id", TEXT),
    _member("resourceAction", "resource_action", TEXT),
    _member("conditionEndpoint", "condition_endpoint", URL),
    _member("type", "type", choice_of(OrderType)),
    _member("notificationOrderId", "notification_order_id", GUID),
    _member("sendingTimePolicy", "sending_time_policy", choice_of(SendingTimePolicy)),
    _member("timeToLiveInSeconds", "time_to_live_in_seconds", _LIFE),
    _sparse("attachments", "attachments", list_of(ATTACHMENT, "attachments")),
    _sparse("useStaleContactInformation", "use_stale_contact_information", FLAG),
    _member("recipients", "recipients", list_of(RECIPIENT, "recipients"), is_required=True),
    _member("created", "created", TIME, is_required=True),
    _member("lastUpdate", "last_update", TIME, is_required=True),
    _text("emailTemplate", "email_template", EMAIL_TEMPLATE, _GIVEN_EMAIL),
    _text("smsTemplate", "sms_template", SMS_TEMPLATE, _GIVEN_SMS),
    _inner("pinned", "is_pinned", FLAG, FLAG.write, is_required=True),
    _inner("inquiry", "inquiry", one_of(INQUIRY)),
    _inner(
        "notifications",
        "notifications",
        list_of(NOTIFICATION, "notifications"),
        lambda items: [_show_notification(item) for item in items],
        is_required=True,
    ),
    _inner("history", "history", unless_empty(list_of(STEP, "steps"))),
)
"""Every member of an order. A new one is one row here; the contracts tell of it."""

ORDER = table(Order, *ORDER_MEMBERS)
"""An order with all that it remembers, as a snapshot or a store keeps it."""

_TERMS = {field.name for field in fields(OrderTerms)}
TERMS = tuple(row for row in ORDER_MEMBERS if row.attributes[0] in _TERMS)
"""The members that stay as the creator of an order sent them."""

_SHOWN = tuple((row.name, row.of, row.shown) for row in ORDER_MEMBERS if row.shown is not None)


def show_order(order: Order) -> dict[str, object]:
    """
    Return *order* as the control plane tells of it: its internal status, null where not given.

    Source: docs/control-plane.md.
    """
    return {
        name: None if (value := of(order)) is None else show(value) for name, of, show in _SHOWN
    }
