"""Faults of an order's other members: right in shape, wrong in value."""

from typing import Any

from prove.wire.call import Call
from prove.wire.exchange import Answer
from prove.wire.fault import Handler, WireFault
from prove.wire.tweaks import WITH_STATUS, Change, after, edited, member, resaid

FAMILY = "values: order"


def _added(name: str, value: object) -> Change:
    def tweak(document: dict[str, Any]) -> None:
        document.setdefault(name, value)

    return edited(tweak)


def _with_recipients(call: Call, answer: Answer) -> Answer:
    order = call.ask("GET", f"/orders/{call.place.order_id}").json() or {}
    return _added("recipients", order.get("recipients", []))(call, answer)


def _with_links(call: Call, answer: Answer) -> Answer:
    order = call.ask("GET", f"/orders/{call.place.order_id}").json() or {}
    return _added("links", order.get("links", {}))(call, answer)


def _nulls(_call: Call, answer: Answer) -> Answer:
    names = ("sendersReference", "ignoreReservation", "resourceId", "conditionEndpoint")

    def tweak(document: dict[str, Any]) -> None:
        for name in names:
            document.setdefault(name, None)

    return edited(tweak)(_call, answer)


def _echoed(call: Call, answer: Answer) -> Answer:
    """Say the id as the caller spelt it."""
    return member("id", call.place.order_id)(call, answer)


def _as_registered(call: Call, answer: Answer) -> Answer:
    """Answer a cancel with the order as it was registered."""
    order = call.ask("GET", f"/orders/{call.place.order_id}").json()
    return answer.with_json(order)


def _with_status(call: Call, answer: Answer) -> Answer:
    shown = call.ask("GET", f"/orders/{call.place.order_id}/status").json() or {}
    return _added("processingStatus", shown.get("processingStatus"))(call, answer)


def _reversed(document: dict[str, Any]) -> None:
    document["recipients"] = document["recipients"][::-1]


def _shown(change: Change) -> Handler:
    return after(change, *WITH_STATUS, status=200)


def _fault(name: str, sentence: str, handle: Handler) -> WireFault:
    return WireFault(name, FAMILY, sentence, handle)


FAULTS = (
    _fault("id-echoed", "Ids are spelt as they were sent.", _shown(_echoed)),
    _fault(
        "cancel-as-registered",
        "Cancel answers the order without its status.",
        after(_as_registered, "cancelOrder", status=200),
    ),
    _fault(
        "get-with-status",
        "The order as registered has a status.",
        after(_with_status, "getOrder", status=200),
    ),
    _fault(
        "recipients-reversed",
        "Recipients come in another order.",
        after(edited(_reversed), "getOrder", status=200),
    ),
    _fault("id-upper-case", "Ids are in upper case.", after(member("id", str.upper), status=200)),
    _fault(
        "id-braced",
        "Ids are in braces.",
        after(member("id", lambda text: f"{{{text}}}"), status=200),
    ),
    _fault(
        "id-without-hyphens",
        "Ids have no hyphens.",
        after(member("id", lambda text: text.replace("-", "")), status=200),
    ),
    _fault(
        "id-of-another",
        "The id is another order's.",
        after(member("id", "11111111-2222-4333-8444-555555555555"), status=200),
    ),
    _fault(
        "creator-upper-case",
        "The creator is in upper case.",
        after(member("creator", str.upper), status=200),
    ),
    _fault(
        "creator-number",
        "The creator is a number.",
        after(member("creator", "991825827"), status=200),
    ),
    _fault(
        "channel-lower-case",
        "Channels are in lower case.",
        after(member("notificationChannel", str.lower), status=200),
    ),
    _fault(
        "channel-number",
        "Channels are numbers.",
        after(member("notificationChannel", 0), status=200),
    ),
    _fault(
        "cancel-with-recipients",
        "Cancel shows the recipients.",
        after(_with_recipients, "cancelOrder", status=200),
    ),
    _fault(
        "status-with-links",
        "Status reads have links.",
        after(_with_links, "getOrderStatus", status=200),
    ),
    _fault(
        "extra-member",
        "Orders have an undocumented member.",
        after(_added("shipmentId", "x"), *WITH_STATUS, "getOrder", status=200),
    ),
    _fault("null-members", "Absent members are null.", _shown(_nulls)),
    _fault(
        "summary-empty",
        "The summary is there when nothing is generated.",
        _shown(_added("notificationsStatusSummary", {})),
    ),
    _fault(
        "reservation-default",
        "ignoreReservation is false unless given.",
        _shown(_added("ignoreReservation", value=False)),
    ),
    _fault(
        "reservation-text",
        "ignoreReservation is a string.",
        after(resaid(r'"ignoreReservation": (\w+)', r'"ignoreReservation": "\1"'), status=200),
    ),
    _fault(
        "reference-default",
        "sendersReference is empty unless given.",
        _shown(_added("sendersReference", "")),
    ),
    _fault(
        "summary-singular",
        "The summary is called notificationStatusSummary.",
        _shown(resaid("notificationsStatusSummary", "notificationStatusSummary")),
    ),
)
