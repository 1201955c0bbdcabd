"""An order as a snapshot has it: every field, so that it lives on exactly as it would have."""

from mock_server.documents.members import MemberError, Members, without_absent
from mock_server.documents.message_snapshots import (
    read_attachments,
    read_email,
    read_named,
    read_notifications,
    read_recipient,
    read_sms,
    write_attachments,
    write_email,
    write_named,
    write_notification,
    write_recipient,
    write_sms,
)
from mock_server.documents.orders import LONGEST_LIFE
from mock_server.domain.clock import LATEST
from mock_server.domain.orders import Inquiry, Order, OrderType, Status
from mock_server.domain.recipients import NotificationChannel
from mock_server.domain.templates import SendingTimePolicy
from mock_server.formats.instants import Instant, format_instant
from mock_server.formats.timestamps import format_timestamp

_ON_CONDITION = frozenset({Status.PROCESSING, Status.SEND_CONDITION_NOT_MET})
_WITHOUT_NOTIFICATIONS = frozenset(
    {Status.REGISTERED, Status.CANCELLED, Status.SEND_CONDITION_NOT_MET, Status.PROCESSING}
)


def write_order(order: Order) -> dict[str, object]:
    """Return *order* with all its fields; what it does not have is left out."""
    sent = Instant(order.requested_send_time, order.send_time_tenth)
    members: dict[str, object] = {
        "id": str(order.id),
        "creator": order.creator,
        "created": format_timestamp(order.created),
        "requestedSendTime": format_instant(sent),
        "notificationChannel": write_named(order.notification_channel),
        "status": str(order.status),
        "type": str(order.type),
        "notificationOrderId": order.notification_order_id and str(order.notification_order_id),
        "lastUpdate": format_timestamp(order.last_update),
        "sendersReference": order.senders_reference,
        "ignoreReservation": order.ignore_reservation,
        "resourceId": order.resource_id,
        "resourceAction": order.resource_action,
        "conditionEndpoint": order.condition_endpoint,
        "recipients": [write_recipient(recipient) for recipient in order.recipients],
        "emailTemplate": write_email(order.email_template),
        "smsTemplate": write_sms(order.sms_template),
        "attachments": write_attachments(order.attachments),
        "sendingTimePolicy": order.sending_time_policy and str(order.sending_time_policy),
        "timeToLiveInSeconds": order.time_to_live_in_seconds,
        "useStaleContactInformation": order.use_stale_contact_information or None,
        "pinned": order.is_pinned,
        "inquiry": _write_inquiry(order.inquiry),
        "notifications": [write_notification(item) for item in order.notifications],
    }
    return without_absent(members)


def _write_inquiry(inquiry: Inquiry | None) -> dict[str, object] | None:
    if inquiry is None:
        return None
    is_open = inquiry.is_open or inquiry.is_lost
    return {"attempt": inquiry.attempt, "at": format_timestamp(inquiry.at), "open": is_open}


def read_order(members: Members) -> Order:
    """
    Return the order that *members* hold.

    An inquiry that was open is lost, since nobody waits for its answer: it will be asked again.

    Raises:
        MemberError: a member is missing, unknown or bad, or no life leads to such an order.
    """
    sent = members.required("requestedSendTime", members.instant("requestedSendTime"))
    order = Order(
        id=members.required("id", members.guid("id")),
        creator=members.required("creator", members.text("creator")),
        created=members.required("created", members.time("created")),
        requested_send_time=sent.moment,
        send_time_tenth=sent.tenth,
        notification_channel=_read_channel(members),
        status=Status(members.required("status", members.choice("status", Status))),
        last_update=members.required("lastUpdate", members.time("lastUpdate")),
        senders_reference=members.text("sendersReference"),
        ignore_reservation=members.boolean("ignoreReservation"),
        resource_id=members.text("resourceId"),
        resource_action=members.text("resourceAction"),
        condition_endpoint=members.text("conditionEndpoint"),
        recipients=tuple(read_recipient(item) for item in members.children("recipients")),
        email_template=read_email(members.child("emailTemplate")),
        sms_template=read_sms(members.child("smsTemplate")),
        type=OrderType(members.choice("type", OrderType) or OrderType.NOTIFICATION),
        notification_order_id=members.guid("notificationOrderId"),
        attachments=read_attachments(members),
        sending_time_policy=_read_policy(members),
        time_to_live_in_seconds=members.integer("timeToLiveInSeconds", 1, LONGEST_LIFE),
        use_stale_contact_information=members.boolean("useStaleContactInformation") or False,
        is_pinned=members.required("pinned", members.boolean("pinned")),
        inquiry=_read_inquiry(members.child("inquiry")),
        notifications=read_notifications(members),
    )
    members.refuse_others()
    _refuse_impossible(order, members)
    return order


def _read_channel(members: Members) -> NotificationChannel | int:
    value = read_named(members, "notificationChannel", NotificationChannel)
    return value if isinstance(value, int) else NotificationChannel(value)


def _read_policy(members: Members) -> SendingTimePolicy | None:
    word = members.choice("sendingTimePolicy", SendingTimePolicy)
    return None if word is None else SendingTimePolicy(word)


def _read_inquiry(members: Members | None) -> Inquiry | None:
    if members is None:
        return None
    attempt = members.required("attempt", members.integer("attempt", 1, 2))
    at = members.required("at", members.time("at", LATEST))
    was_open = members.required("open", members.boolean("open"))
    members.refuse_others()
    if attempt > 1 and not was_open:
        message = "a second answer always decides; send 1, or true for open"
        raise MemberError(members.at("attempt"), message)
    return Inquiry(attempt, at, is_open=False, is_lost=was_open)


def _refuse_impossible(order: Order, members: Members) -> None:
    """Raise MemberError where neither time nor anybody's hand leads to such an *order*."""
    inquiry = order.inquiry
    if inquiry is not None and (order.is_pinned or order.status is not Status.PROCESSING):
        pinned = "pinned and " if order.is_pinned else ""
        message = (
            f"an order that is {pinned}{order.status} asks for no send condition; leave it out"
        )
        raise MemberError(members.at("inquiry"), message)
    if order.is_pinned:
        return
    if order.status is Status.PROCESSING and inquiry is None:
        message = "an order that is Processing, and not pinned, asks for its send condition"
        raise MemberError(members.at("inquiry"), message)
    if order.status in _ON_CONDITION and not order.condition_endpoint:
        message = f"an order that is {order.status}, and not pinned, has a send condition"
        raise MemberError(members.at("conditionEndpoint"), message)
    _refuse_impossible_notifications(order, members)


def _refuse_impossible_notifications(order: Order, members: Members) -> None:
    if order.status in _WITHOUT_NOTIFICATIONS and order.notifications:
        message = f"an order that is {order.status}, and not pinned, has none yet; send []"
        raise MemberError(members.at("notifications"), message)
    pending = [index for index, item in enumerate(order.notifications) if item.is_pending]
    if order.status is Status.PROCESSED and not pending:
        message = "without a notification that has no final result, it is Completed"
        raise MemberError(members.at("status"), message)
    if order.status is Status.COMPLETED:
        for index in pending:
            if not order.notifications[index].is_pinned:
                message = "it is not final, and not pinned, so the order is not Completed"
                raise MemberError(members.at(f"notifications[{index}].result"), message)
