"""An order as the control plane, the seed files and the Python interface write it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from mock_server.documents.members import MemberError
from mock_server.domain.notifications import (
    Notification,
    NotificationNotFoundError,
    Result,
    results_of,
)
from mock_server.domain.orders import Order, OrderType, Status
from mock_server.domain.recipients import NotificationChannel, Recipient
from mock_server.domain.templates import Attachment, SendingTimePolicy
from mock_server.formats.guids import parse_guid
from mock_server.formats.timestamps import format_timestamp, parse_timestamp

LONGEST_LIFE = 172_800
"""Seconds that the carrier of an instant SMS tries at most: two days."""

DEFAULT_CREATOR = "ttd"
DEFAULT_AHEAD = timedelta(days=1)
_RECIPIENT_MEMBERS = {
    "emailAddress": "email_address",
    "mobileNumber": "mobile_number",
    "organizationNumber": "organization_number",
    "nationalIdentityNumber": "national_identity_number",
    "externalIdentity": "external_identity",
}
_ATTACHMENT_MEMBERS = {"filename": "filename", "mimeType": "mime_type", "sasUrl": "sas_url"}
_MEMBERS = {
    *("id", "creator", "notificationChannel", "requestedSendTime", "status"),
    *("ignoreReservation", "recipients", "created", "lastUpdate"),
    *("sendersReference", "resourceId", "resourceAction", "conditionEndpoint"),
    *("type", "notificationOrderId", "sendingTimePolicy", "timeToLiveInSeconds"),
    *("attachments", "useStaleContactInformation"),
}


def read_order(members: Mapping[str, Any], now: datetime) -> Order:
    """
    Return the order that *members* (any subset, null as absent) describe, with defaults.

    Defaults: a new id, creator `ttd`, `Email`, *now* plus one day, `Registered`. Any status but
    `Registered` is pinned.

    Raises:
        MemberError: a member is unknown or has a bad value.

    Source: design section 4, `POST /__mock/orders`, and section 6, "Seed file".
    """
    given = {name: value for name, value in members.items() if value is not None}
    for name in given:
        if name not in _MEMBERS:
            raise MemberError(name, f"there is no such member; use {', '.join(sorted(_MEMBERS))}")
    created = _time(given, "created", now)
    status = Status(_choice(given, "status", Status, Status.REGISTERED))
    channel = _choice(given, "notificationChannel", NotificationChannel, NotificationChannel.EMAIL)
    return Order(
        id=_id(given),
        creator=_text(given, "creator") or DEFAULT_CREATOR,
        created=created,
        requested_send_time=_time(given, "requestedSendTime", now + DEFAULT_AHEAD),
        notification_channel=NotificationChannel(channel),
        status=status,
        last_update=_time(given, "lastUpdate", created),
        ignore_reservation=_boolean(given, "ignoreReservation"),
        recipients=_recipients(given.get("recipients", [])),
        is_pinned=status is not Status.REGISTERED,
        senders_reference=_text(given, "sendersReference"),
        resource_id=_text(given, "resourceId"),
        resource_action=_text(given, "resourceAction"),
        condition_endpoint=_text(given, "conditionEndpoint"),
        type=OrderType(_choice(given, "type", OrderType, OrderType.NOTIFICATION)),
        notification_order_id=_guid(given, "notificationOrderId"),
        sending_time_policy=_policy(given),
        time_to_live_in_seconds=_seconds(given, "timeToLiveInSeconds"),
        attachments=_attachments(given.get("attachments", [])),
        use_stale_contact_information=_boolean(given, "useStaleContactInformation") or False,
    )


def _id(given: Mapping[str, Any]) -> UUID:
    return _guid(given, "id") or uuid4()


def _guid(given: Mapping[str, Any], name: str) -> UUID | None:
    if name not in given:
        return None
    try:
        return parse_guid(str(given[name]))
    except ValueError as error:
        raise MemberError(name, f"{error}; send one such as {uuid4()}") from error


def _policy(given: Mapping[str, Any]) -> SendingTimePolicy | None:
    if "sendingTimePolicy" not in given:
        return None
    return SendingTimePolicy(_choice(given, "sendingTimePolicy", SendingTimePolicy, ""))


def _seconds(given: Mapping[str, Any], name: str) -> int | None:
    value = given.get(name)
    if value is None:
        return None
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if not is_number or not 1 <= value <= LONGEST_LIFE:
        message = f"{value!r} is not a whole number of seconds from 1 to {LONGEST_LIFE}"
        raise MemberError(name, message)
    return int(value)


def _text(given: Mapping[str, Any], name: str) -> str | None:
    value = given.get(name)
    if value is not None and not isinstance(value, str):
        raise MemberError(name, f"{value!r} is not text; send a string")
    return value


def _boolean(given: Mapping[str, Any], name: str) -> bool | None:
    value = given.get(name)
    if value is not None and not isinstance(value, bool):
        raise MemberError(name, f"{value!r} is not a boolean; send true or false")
    return value


def _choice(given: Mapping[str, Any], name: str, choices: Any, default: str) -> str:
    value = given.get(name, default)
    if value not in [str(choice) for choice in choices]:
        raise MemberError(name, f"{value!r} is not one of {', '.join(choices)}")
    return str(value)


def _time(given: Mapping[str, Any], name: str, default: datetime) -> datetime:
    if name not in given:
        return default
    try:
        return parse_timestamp(str(given[name]))
    except ValueError as error:
        raise MemberError(name, str(error)) from error


def _recipients(value: object) -> tuple[Recipient, ...]:
    if not isinstance(value, list):
        raise MemberError("recipients", "it is not a list; send a list of recipients")
    return tuple(_recipient(item, f"recipients[{index}]") for index, item in enumerate(value))


def _recipient(value: object, place: str) -> Recipient:
    return Recipient(**_texts(value, place, _RECIPIENT_MEMBERS, "a recipient"))


def _attachments(value: object) -> tuple[Attachment, ...]:
    if not isinstance(value, list):
        raise MemberError("attachments", "it is not a list; send a list of attachments")
    return tuple(_attachment(item, f"attachments[{index}]") for index, item in enumerate(value))


def _attachment(value: object, place: str) -> Attachment:
    texts = _texts(value, place, _ATTACHMENT_MEMBERS, "an attachment")
    for name, attribute in _ATTACHMENT_MEMBERS.items():
        if attribute not in texts:
            raise MemberError(f"{place}.{name}", "it is missing; an attachment has all three")
    return Attachment(**texts)


def _texts(value: object, place: str, known: Mapping[str, str], what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise MemberError(place, f"it is not an object; send {what} with its members")
    given = {name: item for name, item in value.items() if item is not None}
    for name in given:
        if name not in known:
            message = f"there is no such member; use {', '.join(known)}"
            raise MemberError(f"{place}.{name}", message)
    return {known[name]: _text(given, name) for name in given}


def read_status(text: object) -> Status:
    """Return the internal status that *text* names; MemberError if there is no such."""
    return Status(_choice({"status": text}, "status", Status, ""))


def read_result(order: Order, notification_id: UUID, text: object) -> Result:
    """
    Return the result that *text* names, of the channel that the notification has.

    Raises:
        MemberError: that channel has no such result.
        NotificationNotFoundError: *order* has no such notification.
    """
    for item in order.notifications:
        if item.id == notification_id:
            results = results_of(item.channel)
            if text not in list(results):
                message = f"{text!r} is not a result of {item.channel}; use {', '.join(results)}"
                raise MemberError("result", message)
            return results(str(text))
    raise NotificationNotFoundError(order.id, notification_id)


def write_order(order: Order) -> dict[str, object]:
    """
    Return *order* with all its internals; `status` is the internal one, null where not given.

    Source: design section 6, "Set statuses are pinned".
    """
    return {
        "id": str(order.id),
        "creator": order.creator,
        "sendersReference": order.senders_reference,
        "notificationChannel": str(order.notification_channel),
        "requestedSendTime": format_timestamp(order.requested_send_time),
        "status": str(order.status),
        "ignoreReservation": order.ignore_reservation,
        "resourceId": order.resource_id,
        "resourceAction": order.resource_action,
        "conditionEndpoint": order.condition_endpoint,
        "type": str(order.type),
        "notificationOrderId": order.notification_order_id and str(order.notification_order_id),
        "sendingTimePolicy": order.sending_time_policy and str(order.sending_time_policy),
        "timeToLiveInSeconds": order.time_to_live_in_seconds,
        "attachments": [_write(item, _ATTACHMENT_MEMBERS) for item in order.attachments],
        "useStaleContactInformation": order.use_stale_contact_information,
        "recipients": [_write_recipient(recipient) for recipient in order.recipients],
        "created": format_timestamp(order.created),
        "lastUpdate": format_timestamp(order.last_update),
        "pinned": order.is_pinned,
        "notifications": [_write_notification(item) for item in order.notifications],
    }


def _write_notification(notification: Notification) -> dict[str, object]:
    return {
        "id": str(notification.id),
        "channel": str(notification.channel),
        "recipient": _write_recipient(notification.recipient),
        "result": str(notification.result),
        "lastUpdate": format_timestamp(notification.last_update),
        "pinned": notification.is_pinned,
    }


def _write_recipient(recipient: Recipient) -> dict[str, str]:
    return _write(recipient, _RECIPIENT_MEMBERS)


def _write(value: Recipient | Attachment, known: Mapping[str, str]) -> dict[str, str]:
    members = {name: getattr(value, attribute) for name, attribute in known.items()}
    return {name: item for name, item in members.items() if item is not None}
