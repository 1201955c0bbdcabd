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
from mock_server.domain.orders import Order, Status
from mock_server.domain.recipients import NotificationChannel, Recipient
from mock_server.formats.guids import parse_guid
from mock_server.formats.timestamps import format_timestamp, parse_timestamp

DEFAULT_CREATOR = "ttd"
DEFAULT_AHEAD = timedelta(days=1)
_RECIPIENT_MEMBERS = {
    "emailAddress": "email_address",
    "mobileNumber": "mobile_number",
    "organizationNumber": "organization_number",
    "nationalIdentityNumber": "national_identity_number",
}
_MEMBERS = {
    *("id", "creator", "notificationChannel", "requestedSendTime", "status"),
    *("ignoreReservation", "recipients", "created", "lastUpdate"),
    *("sendersReference", "resourceId", "resourceAction", "conditionEndpoint"),
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
    )


def _id(given: Mapping[str, Any]) -> UUID:
    if "id" not in given:
        return uuid4()
    try:
        return parse_guid(str(given["id"]))
    except ValueError as error:
        raise MemberError("id", f"{error}; send one such as {uuid4()}") from error


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
    if not isinstance(value, dict):
        raise MemberError(place, "it is not an object; send a recipient with its members")
    given = {name: item for name, item in value.items() if item is not None}
    for name in given:
        if name not in _RECIPIENT_MEMBERS:
            known = ", ".join(_RECIPIENT_MEMBERS)
            raise MemberError(f"{place}.{name}", f"there is no such member; use {known}")
    return Recipient(**{_RECIPIENT_MEMBERS[name]: _text(given, name) for name in given})


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
    members = {name: getattr(recipient, field) for name, field in _RECIPIENT_MEMBERS.items()}
    return {name: value for name, value in members.items() if value is not None}
