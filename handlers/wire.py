"""Domain values as the service's own JSON."""

from mock_server.orders import Order, Status
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
    members: dict[str, object] = {
        "id": str(order.id),
        "sendersReference": _none_if_blank(order.senders_reference),
        "requestedSendTime": format_timestamp(order.requested_send_time),
        "creator": order.creator,
        "created": format_timestamp(order.created),
        "notificationChannel": str(order.notification_channel),
        "ignoreReservation": order.ignore_reservation,
        "resourceId": order.resource_id,
        "resourceAction": order.resource_action,
        "processingStatus": {
            "status": write_status(order.status),
            "description": DESCRIPTIONS[order.status],
            "lastUpdate": format_timestamp(order.last_update),
        },
        "conditionEndpoint": order.condition_endpoint,
    }
    return {name: value for name, value in members.items() if value is not None}


def _none_if_blank(text: str | None) -> str | None:
    return text if text and text.strip() else None
