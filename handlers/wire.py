"""Domain values as the service's own JSON."""

from collections.abc import Sequence

from mock_server.domain.notifications import EmailResult, Notification, SmsResult
from mock_server.domain.order_chains import OrderChain
from mock_server.domain.orders import Order, Status
from mock_server.domain.recipients import NotificationChannel
from mock_server.domain.register import Lookup
from mock_server.domain.status_texts import STATUSES, describe
from mock_server.formats.guids import format_guid
from mock_server.formats.instants import Instant, format_instant
from mock_server.formats.timestamps import format_timestamp
from mock_server.records.members import present
from mock_server.records.orders import EMAIL_TEMPLATE, OLDER_RECIPIENT, SMS_TEMPLATE, TERMS


def write_status(status: Status) -> str:
    """Return *status* as the orders API shows it: Processed reads Completed (docs/life.md)."""
    return str(Status.COMPLETED if status is Status.PROCESSED else status)


def write_order_with_status(order: Order, base_url: str) -> dict[str, object]:
    """
    Return *order* as a `NotificationOrderWithStatus`: members in order, None left out.

    Links begin with *base_url*.

    Source: openapi.yaml, NotificationOrderWithStatus.
    """
    send_time = format_timestamp(order.requested_send_time)
    body = _begin(order, _shown_reference(order), send_time)
    body["processingStatus"] = {
        "status": write_status(order.status),
        "description": STATUSES[order.status],
        "lastUpdate": format_timestamp(order.last_update),
    }
    if order.condition_endpoint is not None:
        body["conditionEndpoint"] = order.condition_endpoint
    if order.notifications:
        body["notificationsStatusSummary"] = _write_status_summary(order, base_url)
    return body


def _write_status_summary(order: Order, base_url: str) -> dict[str, object]:
    """
    Return the counts by channel, each channel only where something was generated.

    A delivered SMS does not count as succeeded here.

    Source: openapi.yaml, getOrderStatus.
    """
    email = notifications_by(order, NotificationChannel.EMAIL)
    sms = notifications_by(order, NotificationChannel.SMS)
    succeeded = {
        "email": sum(item.is_success for item in email),
        "sms": sum(item.result == SmsResult.ACCEPTED for item in sms),
    }
    return {
        name: {
            "links": {"self": f"{base_url}/orders/{order.id}/notifications/{name}"},
            "generated": len(items),
            "succeeded": succeeded[name],
        }
        for name, items in (("email", email), ("sms", sms))
        if items
    }


def notifications_by(order: Order, channel: NotificationChannel) -> list[Notification]:
    """Return the notifications of *order* by *channel*, `Email` or `Sms`."""
    return [item for item in order.notifications if item.channel is channel]


def write_notifications(order: Order, notifications: Sequence[Notification]) -> dict[str, object]:
    """
    Return *notifications* of *order* as a `NotificationSummary`.

    Source: openapi.yaml, getEmailNotifications; openapi.yaml, getSmsNotifications.
    """
    return present(
        {
            "orderId": str(order.id),
            "sendersReference": _shown_reference(order),
            "generated": len(notifications),
            "succeeded": sum(item.is_success for item in notifications),
            "notifications": [_write_notification(item) for item in notifications],
        }
    )


def _write_notification(notification: Notification) -> dict[str, object]:
    result = str(notification.result)
    return {
        "id": str(notification.id),
        "succeeded": notification.is_success,
        "recipient": OLDER_RECIPIENT.write(notification.recipient),
        "sendStatus": {
            # Only its description tells that the time to live has run out (docs/magic-values.md).
            "status": str(EmailResult.FAILED if result == EmailResult.TTL else result),
            "description": describe(notification),
            "lastUpdate": format_timestamp(notification.last_update),
        },
    }


def _shown_reference(order: Order) -> str | None:
    """Return the reference as the status shows it: a blank one is stored as none."""
    reference = order.senders_reference
    return None if reference is None or not reference.strip() else reference


def write_order(order: Order, base_url: str) -> dict[str, object]:
    """
    Return *order* as it was registered, a `NotificationOrder`; links begin with *base_url*.

    Nothing in it changes with the order's status. A blank reference is shown, and seven digits of
    the send time (openapi.yaml, getOrder; docs/differences.md).
    """
    sent = Instant(order.requested_send_time, order.send_time_tenth)
    body = _begin(order, order.senders_reference, format_instant(sent))
    body["recipients"] = [OLDER_RECIPIENT.write(recipient) for recipient in order.recipients]
    if order.condition_endpoint is not None:
        body["conditionEndpoint"] = order.condition_endpoint
    if order.email_template is not None:
        body["emailTemplate"] = EMAIL_TEMPLATE.write(order.email_template)
    if order.sms_template is not None:
        body["smsTemplate"] = SMS_TEMPLATE.write(order.sms_template)
    body["links"] = {
        "self": f"{base_url}/orders/{body['id']}",
        "status": f"{base_url}/orders/{body['id']}/status",
    }
    return body


def write_acceptance(order: Order, lookup: Lookup | None) -> dict[str, object]:
    """Return the answer to a create (openapi.yaml, createOrder)."""
    body: dict[str, object] = {"orderId": str(order.id)}
    if lookup is not None:
        body["recipientLookup"] = {
            "status": lookup.status,
            "isReserved": list(lookup.reserved),
            "missingContact": list(lookup.missing),
        }
    return body


_COMMON_TERMS = [
    (row.name, row.of) for row in TERMS if row.name not in {"sendersReference", "conditionEndpoint"}
]
"""The terms that both shapes have in the middle; the other two stand elsewhere in each."""


def _begin(order: Order, reference: str | None, send_time: str) -> dict[str, object]:
    """Return the members that both shapes of *order* begin with."""
    body: dict[str, object] = {"id": format_guid(order.id)}
    if reference is not None:
        body["sendersReference"] = reference
    body["requestedSendTime"] = send_time
    body["creator"] = order.creator
    body["created"] = format_timestamp(order.created)
    channel = order.notification_channel
    body["notificationChannel"] = str(channel) if isinstance(channel, str) else channel
    for name, of in _COMMON_TERMS:
        value = of(order)
        if value is not None:
            body[name] = value
    return body


def write_chain_receipt(chain: OrderChain) -> dict[str, object]:
    """
    Return *chain* as the answer to its creation; absent values are left out.

    Source: Altinn/altinn-notifications NotificationOrderChainResponseExt.
    """
    main, *reminders = (
        present(
            {
                "shipmentId": str(receipt.shipment_id),
                "sendersReference": receipt.senders_reference,
            }
        )
        for receipt in chain.receipts
    )
    listed = {"reminders": reminders} if reminders else {}
    return {"notificationOrderId": str(chain.id), "notification": {**listed, **main}}
