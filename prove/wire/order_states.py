"""Reads and changes of orders by a fault, behind the client's back."""

from datetime import UTC
from typing import Any

from prove.wire.call import Call

REGISTERED = "Order has been registered and is awaiting requested send time before processing."
KEPT: tuple[str, ...] = ("creator", "sendersReference", "notificationChannel", "requestedSendTime")
KEPT += ("ignoreReservation", "resourceId", "resourceAction", "conditionEndpoint", "recipients")


def now_text(call: Call) -> str:
    """Return the sandbox's time as the service writes it."""
    return call.now().astimezone(UTC).isoformat().replace("+00:00", "Z")


def as_registered(document: dict[str, Any]) -> None:
    """Make a status read tell that the order was never cancelled."""
    document["processingStatus"] = {
        "status": "Registered",
        "description": REGISTERED,
        "lastUpdate": document["created"],
    }


def is_cancelled(call: Call) -> bool:
    """Tell whether the order is cancelled before the call."""
    found = call.stored()
    return found is not None and found["status"] == "Cancelled"


def twin_of(call: Call, stored: dict[str, Any], **changes: object) -> str:
    """Store an order like *stored* but for its id and *changes*, and return the id."""
    members = {name: stored[name] for name in KEPT if stored[name] is not None}
    made = call.ask("POST", "/__mock/orders", {**members, **changes})
    return str(made.json()["id"])
