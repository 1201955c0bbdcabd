"""Domain values as the service's own JSON."""

from mock_server.instants import Instant, format_instant
from mock_server.orders import Order, Recipient, Status
from mock_server.register import Lookup
from mock_server.templates import EmailTemplate, SmsTemplate
from mock_server.times import format_timestamp

DESCRIPTIONS: dict[Status, str] = {
    Status.REGISTERED: (
        "Order has been registered and is awaiting requested send time before processing."
    ),
    Status.PROCESSING: "Order processing is ongoing. Notifications are being generated.",
    Status.PROCESSED: ("Order processing is done. Notifications have been successfully generated."),
    Status.COMPLETED: "Order processing is completed. All notifications have a final status.",
    Status.SEND_CONDITION_NOT_MET: (
        "Order processing was stopped due to send condition not being met."
    ),
    Status.CANCELLED: "Order processing was stopped due to order being cancelled.",
}
"""Internal state to `description` (fact sheet section 3.1)."""


def write_status(status: Status) -> str:
    """Return *status* as the orders API shows it: Processed reads Completed (section 3.1)."""
    return str(Status.COMPLETED if status is Status.PROCESSED else status)


def write_order_with_status(order: Order) -> dict[str, object]:
    """
    Return *order* as a `NotificationOrderWithStatus`: members in order, None left out.

    Source: fact sheet section 2.2.
    """
    blank = order.senders_reference is None or not order.senders_reference.strip()
    return _given(
        id=str(order.id),
        sendersReference=None if blank else order.senders_reference,
        requestedSendTime=format_timestamp(order.requested_send_time),
        **_common(order),
        processingStatus={
            "status": write_status(order.status),
            "description": DESCRIPTIONS[order.status],
            "lastUpdate": format_timestamp(order.last_update),
        },
        conditionEndpoint=order.condition_endpoint,
    )


def write_order(order: Order, base_url: str) -> dict[str, object]:
    """
    Return *order* as it was registered, a `NotificationOrder`; links begin with *base_url*.

    Nothing in it changes with the order's status. A blank reference is shown, and seven digits of
    the send time (fact sheet section 7.1, quirks 28 and 29).
    """
    sent = Instant(order.requested_send_time, order.send_time_tenth)
    return _given(
        id=str(order.id),
        sendersReference=order.senders_reference,
        requestedSendTime=format_instant(sent),
        **_common(order),
        recipients=[_write_recipient(recipient) for recipient in order.recipients],
        conditionEndpoint=order.condition_endpoint,
        emailTemplate=_write_email(order.email_template),
        smsTemplate=_write_sms(order.sms_template),
        links={
            "self": f"{base_url}/orders/{order.id}",
            "status": f"{base_url}/orders/{order.id}/status",
        },
    )


def write_acceptance(order: Order, lookup: Lookup | None) -> dict[str, object]:
    """Return the answer to a create (fact sheet section 6.7)."""
    body: dict[str, object] = {"orderId": str(order.id)}
    if lookup is not None:
        body["recipientLookup"] = {
            "status": lookup.status,
            "isReserved": list(lookup.reserved),
            "missingContact": list(lookup.missing),
        }
    return body


def _common(order: Order) -> dict[str, object]:
    """Return the members that both shapes have in the middle."""
    channel = order.notification_channel
    return {
        "creator": order.creator,
        "created": format_timestamp(order.created),
        "notificationChannel": str(channel) if isinstance(channel, str) else channel,
        "ignoreReservation": order.ignore_reservation,
        "resourceId": order.resource_id,
        "resourceAction": order.resource_action,
    }


def _write_recipient(recipient: Recipient) -> dict[str, object]:
    return _given(
        emailAddress=recipient.email_address,
        mobileNumber=recipient.mobile_number,
        organizationNumber=recipient.organization_number,
        nationalIdentityNumber=recipient.national_identity_number,
    )


def _write_email(template: EmailTemplate | None) -> dict[str, object] | None:
    if template is None:
        return None
    kind = template.content_type
    return {
        "fromAddress": template.from_address,
        "subject": template.subject,
        "body": template.body,
        "contentType": str(kind) if isinstance(kind, str) else kind,
    }


def _write_sms(template: SmsTemplate | None) -> dict[str, object] | None:
    if template is None:
        return None
    return {"senderNumber": template.sender_number, "body": template.body}


def _given(**members: object) -> dict[str, object]:
    """Return *members* without those that are None, as the service leaves nulls out."""
    return {name: value for name, value in members.items() if value is not None}
