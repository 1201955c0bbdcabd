"""Faults of whose an order is, and of how it is kept, listed and found."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from prove.wire.call import Call
from prove.wire.exchange import Answer, Request
from prove.wire.fault import Handler, WireFault
from prove.wire.tweaks import (
    CREATES,
    NOTIFICATIONS,
    READS,
    Tweak,
    after,
    edited,
    member,
    problem,
)

FAMILY = "lifecycle: keeping"


def _as_owner(*operations: str) -> Handler:
    """Return how *operations* serve any organisation's order to any other."""

    def handle(call: Call) -> Answer:
        answer = call.forward()
        stored = call.stored() if call.is_for(*operations) and answer.status == 404 else None
        if stored is None:
            return answer
        token = call.token(org=stored["creator"])
        bare = call.request.without_field("PlatformAccessToken").without_field("Authorization")
        return call.forward(bare.with_field("Authorization", f"Bearer {token}"))

    return handle


def _leaking_list(call: Call) -> Answer:
    answer = call.forward()
    if not call.is_for("listOrders") or answer.status != 200:
        return answer
    found: list[dict[str, Any]] = []
    for creator in sorted(
        {o["creator"] for o in call.ask("GET", "/__mock/orders").json()["orders"]}
    ):
        token = call.token(org=creator)
        found += call.ask("GET", f"/orders{call.place.query}", token=token).json()["orders"]
    return answer.with_json({"count": len(found), "orders": found})


def _listed(change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Handler:
    """Return how *change* is made of the orders in a list, and the count goes along."""

    def tweak(document: dict[str, Any]) -> None:
        document["orders"] = change(document["orders"])
        document["count"] = len(document["orders"])

    return after(edited(tweak), "listOrders", status=200)


def _listed_by(is_meant: Callable[[str, str], bool]) -> Handler:
    """Return how a list holds the orders whose reference and the one sought *is_meant* joins."""

    def handle(call: Call) -> Answer:
        answer = call.forward()
        if not call.is_for("listOrders") or answer.status != 200:
            return answer
        query = parse_qs(call.place.query.removeprefix("?").lower())
        sought = query.get("sendersreference", [""])[0]
        stored = call.ask("GET", "/__mock/orders").json()["orders"]
        ids = [o["id"] for o in stored if is_meant((o["sendersReference"] or ""), sought)]
        reads = [call.ask("GET", f"/orders/{order_id}") for order_id in ids]
        orders = [read.json() for read in reads if read.status == 200]
        return answer.with_json({"count": len(orders), "orders": orders})

    return handle


def _created(change: Callable[[dict[str, Any]], None]) -> Handler:
    """Return how *change* is made of what creates store."""

    def handle(call: Call) -> Answer:
        document = _document(call.request) if call.is_for(*CREATES) else None
        if document is None:
            return call.forward()
        change(document)
        return call.forward(call.request.with_json(document))

    return handle


def _document(request: Request) -> dict[str, Any] | None:
    found = request.json()
    return found if isinstance(found, dict) and not request.is_chunked else None


def _without(name: str) -> Tweak:
    def tweak(document: dict[str, Any]) -> None:
        document.pop(name, None)

    return tweak


def _no_resource(document: dict[str, Any]) -> None:
    document.pop("resourceId", None)
    document.pop("resourceAction", None)


def _one_recipient(document: dict[str, Any]) -> None:
    if isinstance(document.get("recipients"), list):
        document["recipients"] = document["recipients"][:1]


def _no_offset(document: dict[str, Any]) -> None:
    moment = document.get("requestedSendTime")
    if isinstance(moment, str) and "T" in moment and moment[-6:-5] in {"+", "-"}:
        document["requestedSendTime"] = moment[:-6] + "Z"


def _whole_seconds(document: dict[str, Any]) -> None:
    moment = document.get("requestedSendTime")
    if isinstance(moment, str) and "." in moment and moment.endswith("Z"):
        document["requestedSendTime"] = moment.partition(".")[0] + "Z"


def _upper_reference(document: dict[str, Any]) -> None:
    if isinstance(document.get("sendersReference"), str):
        document["sendersReference"] = document["sendersReference"].lower()


def _same_id_twice(call: Call) -> Answer:
    """Give every fourth order the id of the one before, and store nothing."""
    answer = call.forward()
    if not call.is_for(*CREATES) or answer.status != 202:
        return answer
    made = answer.json()["orderId"]
    if call.memory.count("created") % 4:
        call.memory.keep("last", made)
        return answer
    last = str(call.memory.known("last"))
    location = (answer.field("Location") or "").replace(made, last)
    return member("orderId", last)(call, answer).with_field("Location", location)


def _not_stored(call: Call) -> Answer:
    answer = call.forward()
    if call.is_for(*CREATES) and answer.status == 202:
        call.ask("DELETE", f"/__mock/orders/{answer.json()['orderId']}")
    return answer


def _found_late(call: Call) -> Answer:
    """Find a new order only the second time that it is asked for."""
    answer = call.forward()
    if call.is_for(*CREATES) and answer.status == 202:
        call.memory.keep((call.place.prefix, answer.json()["orderId"]), "new")
    is_new = call.is_for(*READS) and call.memory.keep(call.order, None) == "new"
    return problem(call, 404) if is_new and answer.status == 200 else answer


def _read_of_another(call: Call) -> Answer:
    """Answer reads made at the same time with one and the same order."""
    answer = call.forward()
    if not call.is_for("getOrderStatus") or answer.status != 200:
        return answer
    last = call.memory.keep("last", answer.body)
    return answer.with_body(last) if last and call.memory.is_busy else answer


def _drained(document: dict[str, Any]) -> None:
    document["notifications"] = document["notifications"][:1]


def _fault(name: str, sentence: str, handle: Handler) -> WireFault:
    return WireFault(name, FAMILY, sentence, handle)


FAULTS = (
    _fault("others-cancel", "Any organisation can cancel any order.", _as_owner("cancelOrder")),
    _fault("others-read", "Any organisation can read any order.", _as_owner("getOrder")),
    _fault("others-read-status", "Any organisation reads any status.", _as_owner("getOrderStatus")),
    _fault("others-read-sent", "Any organisation reads who got what.", _as_owner(*NOTIFICATIONS)),
    _fault("list-leaks", "Lists show other organisations' orders.", _leaking_list),
    _fault("list-misses-newest", "Lists miss the newest order.", _listed(lambda found: found[:-1])),
    _fault("list-one", "Lists show one order of several.", _listed(lambda found: found[:1])),
    _fault("list-duplicates", "Lists show each order twice.", _listed(lambda found: found * 2)),
    _fault("list-of-ten", "Lists end after ten orders.", _listed(lambda found: found[:10])),
    _fault("list-any-case", "Lists ignore letter case.", _listed_by(lambda a, b: a.lower() == b)),
    _fault(
        "list-by-prefix",
        "Lists show references that begin so.",
        _listed_by(lambda a, b: a.lower().startswith(b)),
    ),
    _fault("list-everything", "Lists ignore the reference.", _listed_by(lambda _a, _b: True)),
    _fault("list-nothing", "Lists are always empty.", _listed(lambda _found: [])),
    _fault(
        "create-loses-reference",
        "Creates lose the reference.",
        _created(_without("sendersReference")),
    ),
    _fault(
        "create-lower-reference",
        "Creates store references in lower case.",
        _created(_upper_reference),
    ),
    _fault(
        "create-loses-reservation",
        "Creates lose ignoreReservation.",
        _created(_without("ignoreReservation")),
    ),
    _fault(
        "create-loses-condition",
        "Creates lose conditionEndpoint.",
        _created(_without("conditionEndpoint")),
    ),
    _fault(
        "create-loses-resource",
        "Creates lose resourceId.",
        _created(_no_resource),
    ),
    _fault(
        "create-loses-send-time",
        "Creates send at once, whatever is asked.",
        _created(_without("requestedSendTime")),
    ),
    _fault(
        "create-one-recipient", "Creates keep the first recipient alone.", _created(_one_recipient)
    ),
    _fault("create-ignores-offset", "Creates read any time as UTC.", _created(_no_offset)),
    _fault(
        "create-whole-seconds", "Creates cut the send time to seconds.", _created(_whole_seconds)
    ),
    _fault("create-same-id", "Every fourth order has the id of the one before.", _same_id_twice),
    _fault("create-not-stored", "Creates answer 202 and store nothing.", _not_stored),
    _fault("create-found-late", "A new order is not found the first time.", _found_late),
    _fault("parallel-mixed-up", "Reads at one time get one another's order.", _read_of_another),
    _fault(
        "notifications-first-only",
        "Only the first notification is shown.",
        after(edited(_drained), *NOTIFICATIONS, status=200),
    ),
)
