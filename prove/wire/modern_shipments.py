"""Faults of shipments: their status, their recipients, and whose they are."""

from collections.abc import Callable
from typing import Any

from prove.wire.call import Call
from prove.wire.exchange import Answer
from prove.wire.fault import Handler, WireFault
from prove.wire.modern import (
    SHIPMENT,
    Body,
    as_bearer,
    chain_of,
    is_type,
    remember_chain,
    unknown,
)
from prove.wire.order_states import now_text
from prove.wire.tweaks import Change, Tweak, after, edited, problem, refused, resaid

FAMILY = "modern API: shipments"


def _member(name: str, old: str, new: str) -> Tweak:
    """Return how the member *name* is *new* where it would be *old*."""

    def tweak(document: Body) -> None:
        if document.get(name) == old:
            document[name] = new

    return tweak


def _recipients(edit: Callable[[list[Body]], list[Body]]) -> Tweak:
    def tweak(document: Body) -> None:
        if document.get("recipients"):
            document["recipients"] = edit(document["recipients"])

    return tweak


def _each(edit: Callable[[Body], Any]) -> Tweak:
    """Return how *edit* changes every recipient."""

    def change(found: list[Body]) -> list[Body]:
        for one in found:
            edit(one)
        return found

    return _recipients(change)


def _no_destination(recipient: Body) -> None:
    if recipient["destination"] == "":
        del recipient["destination"]


def _null_destination(recipient: Body) -> None:
    recipient["destination"] = recipient["destination"] or None


def _masked(recipient: Body) -> None:
    recipient["destination"] = "***" if recipient["destination"] else ""


def _plain_failure(recipient: Body) -> None:
    kind, _, end = recipient["status"].partition("_")
    if end.startswith("Failed"):
        recipient["status"] = f"{kind}_Failed"


def _ended_as(old: str, new: str) -> Callable[[Body], None]:
    def edit(recipient: Body) -> None:
        kind, _, end = recipient["status"].partition("_")
        recipient["status"] = f"{kind}_{new}" if end == old else recipient["status"]

    return edit


def _no_reference(document: Body) -> None:
    document.pop("sendersReference", None)


def _any_reference(document: Body) -> None:
    document.setdefault("sendersReference", "none")


def _upper_id(document: Body) -> None:
    document["shipmentId"] = document["shipmentId"].upper()


def _updated_now(call: Call, answer: Answer) -> Answer:
    return answer.with_json({**answer.json(), "lastUpdate": now_text(call)})


def _updated_never(call: Call, answer: Answer) -> Answer:
    stored = call.stored()
    document = answer.json()
    return answer.with_json({**document, "lastUpdate": (stored or document).get("created", "")})


def _shown_early(call: Call, answer: Answer) -> Answer:
    """Tell who will get a message before it is made."""
    stored, document = call.stored(), answer.json()
    if stored is None or document["status"] != "Order_Registered":
        return answer
    addresses = [one["emailAddress"] for one in stored["recipients"] if "emailAddress" in one]
    told = {"type": "Email", "status": "Email_New", "lastUpdate": document["lastUpdate"]}
    document["recipients"] = [{**told, "destination": address} for address in addresses]
    return answer.with_json(document)


def _main_reference(call: Call) -> Answer:
    """Tell the reference of the main order for each of its reminders."""
    answer = call.forward()
    remember_chain(call, answer)
    ids = chain_of(call) if call.is_for(SHIPMENT) and answer.status == 200 else []
    main = call.stored(ids[0]) if ids[1:] else None
    if main is None or not main.get("sendersReference"):
        return answer
    return answer.with_json({**answer.json(), "sendersReference": main["sendersReference"]})


def _missing(when: Callable[[Call], bool]) -> Handler:
    """Return how a shipment is not found *when* that is so."""

    def handle(call: Call) -> Answer:
        is_meant = call.is_for(SHIPMENT) and call.place.order_id and when(call)
        answer = call.forward()
        remember_chain(call, answer)
        return unknown(call) if is_meant and answer.status == 200 else answer

    return handle


def _is_older(call: Call) -> bool:
    return not chain_of(call, call.place.order_id.lower()) and len(call.place.order_id) == 36


def _is_cancelled(call: Call) -> bool:
    stored = call.stored()
    return stored is not None and stored["status"] == "Cancelled"


def _is_spelt(call: Call) -> bool:
    return len(call.place.order_id) != 36 or call.place.order_id != call.place.order_id.lower()


def _of_anyone(call: Call) -> Answer:
    """Show any organisation's shipment to any other."""
    answer = call.forward()
    stored = call.stored() if call.is_for(SHIPMENT) and answer.status == 404 else None
    return answer if stored is None else as_bearer(call, org=stored["creator"])


def _to_others(status: int) -> Handler:
    """Return how others are told that a shipment exists."""

    def handle(call: Call) -> Answer:
        answer = call.forward()
        is_there = call.is_for(SHIPMENT) and answer.status == 404 and call.stored()
        return problem(call, status) if is_there else answer

    return handle


def _stale_status(document: Body) -> None:
    if document["processingStatus"]["status"] == "Cancelled":
        document["processingStatus"]["status"] = "Registered"


def _reminder_stale(call: Call) -> Answer:
    """Tell a cancelled reminder as registered, in its older status alone."""
    is_meant = call.is_for("getOrderStatus") and is_type(call, "Reminder")
    answer = call.forward()
    return edited(_stale_status)(call, answer) if is_meant and answer.status == 200 else answer


def _fault(name: str, sentence: str, change: Change | Tweak, *, is_tweak: bool = True) -> WireFault:
    made: Any = edited(change) if is_tweak else change  # type: ignore[arg-type] # as it says
    return WireFault(name, FAMILY, sentence, after(made, SHIPMENT, status=200))


def _whole(name: str, sentence: str, handle: Handler) -> WireFault:
    return WireFault(name, FAMILY, sentence, handle)


_CANCELLED, _REGISTERED = "Order_Cancelled", "Order_Registered"
_STATUSES = (
    _fault(
        "shipment-stale",
        "A cancelled one is registered.",
        _member("status", _CANCELLED, _REGISTERED),
    ),
    _fault(
        "shipment-spelt", "Cancelled is Canceled.", _member("status", _CANCELLED, "Order_Canceled")
    ),
    _fault(
        "shipment-bare-status",
        "The status lacks its prefix.",
        resaid('"Order_', '"'),
        is_tweak=False,
    ),
    _fault(
        "shipment-soon-completed",
        "Processed is told as completed.",
        _member("status", "Order_Processed", "Order_Completed"),
    ),
    _fault(
        "shipment-never-completed",
        "Completed is told as processed.",
        _member("status", "Order_Completed", "Order_Processed"),
    ),
    _fault(
        "shipment-unmet-completed",
        "A condition not met is told as completed.",
        _member("status", "Order_SendConditionNotMet", "Order_Completed"),
    ),
    _fault("shipment-updated-now", "The last update is now.", _updated_now, is_tweak=False),
    _fault(
        "shipment-updated-never", "The last update is the first.", _updated_never, is_tweak=False
    ),
    _whole("reminder-status-stale", "A cancelled reminder is registered.", _reminder_stale),
)
_TYPES = (
    _fault(
        "shipment-type",
        "A reminder is a notification.",
        _member("type", "Reminder", "Notification"),
    ),
    _fault(
        "shipment-instant", "Instant is a notification.", _member("type", "Instant", "Notification")
    ),
    _fault(
        "shipment-composed",
        "Composed is a notification.",
        _member("type", "Composed", "Notification"),
    ),
    _fault("shipment-no-reference", "The reference is not told.", _no_reference),
    _fault("shipment-any-reference", "There is always a reference.", _any_reference),
    _whole("shipment-main-reference", "A reminder has its order's reference.", _main_reference),
    _fault("shipment-upper-id", "The id is in capitals.", _upper_id),
)
_TO = (
    _fault("shipment-shown-early", "Recipients are told ahead.", _shown_early, is_tweak=False),
    _fault("shipment-none", "No recipients are told.", _recipients(lambda _found: [])),
    _fault(
        "shipment-first", "The first recipient alone is told.", _recipients(lambda found: found[:1])
    ),
    _fault(
        "shipment-sms-first", "SMS comes before e-mail.", _recipients(lambda found: found[::-1])
    ),
    _fault("shipment-no-destination", "An empty address is left out.", _each(_no_destination)),
    _fault("shipment-null-destination", "An empty address is null.", _each(_null_destination)),
    _fault("shipment-masked", "Addresses are hidden.", _each(_masked)),
    _fault("shipment-plain-failures", "A failure is told without why.", _each(_plain_failure)),
    _fault(
        "shipment-succeeded", "Delivered is Succeeded.", _each(_ended_as("Delivered", "Succeeded"))
    ),
    _fault(
        "shipment-sent-at-once", "Sending is Delivered.", _each(_ended_as("Sending", "Delivered"))
    ),
    _fault("shipment-sms-spelt", "SMS is Sms.", resaid('"SMS(_|")', r'"Sms\1'), is_tweak=False),
    _fault(
        "shipment-supressed",
        "Suppressed is spelt as in the older API.",
        resaid("Email_Failed_SuppressedRecipient", "Email_Failed_SupressedRecipient"),
        is_tweak=False,
    ),
    _fault(
        "shipment-reserved",
        "Who is reserved is not identified.",
        _each(_ended_as("Failed_RecipientReserved", "Failed_RecipientNotIdentified")),
    ),
)
_FOUND = (
    _whole("shipment-no-older", "Older orders are no shipments.", _missing(_is_older)),
    _whole(
        "shipment-no-reminder",
        "Reminders are none.",
        _missing(lambda call: is_type(call, "Reminder")),
    ),
    _whole(
        "shipment-no-instant", "Messages are none.", _missing(lambda call: is_type(call, "Instant"))
    ),
    _whole("shipment-no-cancelled", "Cancelled orders are none.", _missing(_is_cancelled)),
    _whole("shipment-one-spelling", "Ids have one spelling.", _missing(_is_spelt)),
    _whole("shipment-of-anyone", "Any organisation reads any shipment.", _of_anyone),
    _whole("shipment-403-others", "Others are told 403.", _to_others(403)),
    _whole(
        "shipment-400-no-guid",
        "A shipment that is not there is 400.",
        after(refused(400), "getShipment", status=404),
    ),
)
FAULTS = (*_STATUSES, *_TYPES, *_TO, *_FOUND)
