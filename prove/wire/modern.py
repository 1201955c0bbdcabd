"""Faults of the modern API: idempotency, the shipments of a chain, the feed, and its codes."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from prove.wire.call import Call
from prove.wire.exchange import Answer
from prove.wire.fault import Handler, WireFault
from prove.wire.tweaks import after, edited, member, problem, statused

FAMILY = "modern API"
_CHAIN, _SHIPMENT, _FEED = "createOrderChain", "getShipment", "getShipmentFeed"
_COMPOSED = "createComposedEmail"

Entries = list[dict[str, Any]]


def _feed(change: Callable[[Entries], Entries]) -> Handler:
    """Return a handler that makes *change* of the entries of each page that has any."""

    def changed(_call: Call, answer: Answer) -> Answer:
        entries = answer.json()
        return answer.with_json(change(entries)) if entries else answer

    return after(changed, _FEED, status=200)


def _other_ids(_call: Call, answer: Answer) -> Answer:
    document = answer.json()
    document["notification"]["shipmentId"] = str(uuid4())
    return answer.with_json(document)


def _to_reminders(call: Call) -> Answer:
    """Remember the chains that were made, and cancel with an order what reminds of it."""
    answer = call.forward()
    if call.is_for(_CHAIN) and answer.status == 201:
        found = answer.json()["notification"]
        for reminder in found.get("reminders", ()):
            call.memory.keep((call.place.prefix, found["shipmentId"]), reminder["shipmentId"])
    if call.is_for("cancelOrder") and answer.status == 200:
        reminder = call.memory.known(call.order)
        if reminder is not None:
            call.ask("PUT", f"/orders/{reminder}/cancel")
    return answer


def _to_main(call: Call) -> Answer:
    """Remember the chains that were made, and cancel with a reminder its order."""
    answer = call.forward()
    if call.is_for(_CHAIN) and answer.status == 201:
        found = answer.json()["notification"]
        for reminder in found.get("reminders", ()):
            call.memory.keep((call.place.prefix, reminder["shipmentId"]), found["shipmentId"])
    if call.is_for("cancelOrder") and answer.status == 200:
        main = call.memory.known(call.order)
        if main is not None:
            call.ask("PUT", f"/orders/{main}/cancel")
    return answer


def _scope_ignored(call: Call) -> Answer:
    """Take any token of an organisation for composed e-mails."""
    answer = call.forward()
    org = call.claims().get("urn:altinn:org")
    if not call.is_for(_COMPOSED) or answer.status != 403 or not org:
        return answer
    scope = "altinn:serviceowner/notifications.composedemail.create"
    token = call.token(org=org, scope=scope)
    return call.forward(call.request.with_field("Authorization", f"Bearer {token}"))


def _reminder_409(call: Call) -> Answer:
    """Refuse to cancel every reminder."""
    stored = call.stored() if call.is_for("cancelOrder") else None
    answer = call.forward()
    is_reminder = stored is not None and stored.get("type") == "Reminder"
    return problem(call, 409) if is_reminder and answer.status == 200 else answer


def _stale(document: dict[str, Any]) -> None:
    if document.get("status") == "Order_Cancelled":
        document["status"] = "Order_Registered"


def _as_reminder(document: dict[str, Any]) -> None:
    if document.get("type") == "Reminder":
        document["type"] = "Notification"


FAULTS = (
    WireFault(
        "replay-201",
        FAMILY,
        "A repeated idempotencyId is answered 201.",
        after(statused(201), _CHAIN, status=200),
    ),
    WireFault(
        "replay-other-ids",
        FAMILY,
        "A repeated idempotencyId is told another shipmentId.",
        after(_other_ids, _CHAIN, status=200),
    ),
    WireFault(
        "cancel-to-reminders",
        FAMILY,
        "Cancel of an order cancels its reminders, too.",
        _to_reminders,
    ),
    WireFault("cancel-to-main", FAMILY, "Cancel of a reminder cancels its order, too.", _to_main),
    WireFault("reminder-409", FAMILY, "A reminder cannot be cancelled.", _reminder_409),
    WireFault(
        "shipment-stale",
        FAMILY,
        "A cancelled shipment is told as registered.",
        after(edited(_stale), _SHIPMENT, status=200),
    ),
    WireFault(
        "shipment-type",
        FAMILY,
        "A reminder is told as a notification.",
        after(edited(_as_reminder), _SHIPMENT, status=200),
    ),
    WireFault(
        "shipment-other-code",
        FAMILY,
        "The code of a missing shipment is that of another problem.",
        after(member("code", "NOT-00001"), _SHIPMENT, status=404),
    ),
    WireFault("composed-any-scope", FAMILY, "Any scope sends composed e-mails.", _scope_ignored),
    WireFault(
        "feed-twice",
        FAMILY,
        "The feed has its last entry twice.",
        _feed(lambda entries: [*entries, entries[-1]]),
    ),
    WireFault(
        "feed-backwards",
        FAMILY,
        "The feed is the newest first, whatever was asked for.",
        _feed(lambda entries: entries[::-1]),
    ),
    WireFault(
        "feed-lacks-first", FAMILY, "The feed lacks its first entry.", _feed(lambda some: some[1:])
    ),
    WireFault(
        "feed-other-status",
        FAMILY,
        "The feed tells that no condition was met.",
        _feed(lambda some: [{**one, "status": "Order_SendConditionNotMet"} for one in some]),
    ),
)
