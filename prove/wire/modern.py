"""What faults of the modern API share: its operations, its chains, and how bodies are changed."""

from collections.abc import Callable
from typing import Any

from prove.wire.call import Call
from prove.wire.exchange import Answer
from prove.wire.fault import Handler
from prove.wire.tweaks import after, edited

CHAIN, COMPOSED = "createOrderChain", "createComposedEmail"
INSTANTS = ("createInstantOrder", "createInstantSms", "createInstantEmail")
CREATES = (CHAIN, *INSTANTS, COMPOSED)
SHIPMENT, FEED = "getShipment", "getShipmentFeed"
COMPOSED_SCOPE = "altinn:serviceowner/notifications.composedemail.create"
SCOPE = "altinn:serviceowner/notifications.create"

Body = dict[str, Any]
Edit = Callable[[Call, Body], None]


def sent(edit: Edit, *operations: str) -> Handler:
    """Return how *edit* changes bodies of *operations*, in place, before the server reads them."""

    def handle(call: Call) -> Answer:
        document = call.request.json() if call.is_for(*operations) else None
        if not isinstance(document, dict) or call.request.is_chunked:
            return call.forward()
        changed = call.request.json()
        edit(call, changed)
        return call.forward(None if changed == document else call.request.with_json(changed))

    return handle


def renamed(name: str, change: Callable[[Any], Any], *, within: str = "") -> Edit:
    """Return the edit of every member *name*, however deep, below the member *within* if given."""

    def edit(_call: Call, document: Body) -> None:
        outer = document.get(within) if within else document
        _change(outer, name, change)

    return edit


def _change(value: Any, name: str, change: Callable[[Any], Any]) -> None:
    if isinstance(value, list):
        for one in value:
            _change(one, name, change)
    elif isinstance(value, dict):
        if name in value:
            value[name] = change(value[name])
        for one in value.values():
            _change(one, name, change)


def reminders_of(document: Body) -> list[Body]:
    """Return the reminders of a body that is sent; none where it has none."""
    found = document.get("reminders")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def receipt(edit: Callable[[Body], None], *operations: str, status: int = 201) -> Handler:
    """Return how *edit* changes the part `notification` of receipts."""

    def tweak(document: Body) -> None:
        if isinstance(document.get("notification"), dict):
            edit(document["notification"])

    return after(edited(tweak), *operations, status=status)


def remember_chain(call: Call, answer: Answer) -> None:
    """Remember, by the id of each order of a chain that is made, the ids of all of them."""
    if not call.is_for(*CREATES) or answer.status != 201:
        return
    document = answer.json()
    found = document["notification"]
    ids = [found["shipmentId"], *(one["shipmentId"] for one in found.get("reminders", ()))]
    for order_id in ids:
        call.memory.keep(("chain", call.place.prefix, order_id), ids)
    name = document["notificationOrderId"]
    call.memory.keep(("name", call.place.prefix, name), ids[0])


def chain_of(call: Call, order_id: str = "") -> list[str]:
    """Return the ids of the chain that an order is of, the main one first; none where of none."""
    known = call.memory.known(("chain", call.place.prefix, (order_id or call.place.order_id)))
    return list(known or ())


def main_named(call: Call) -> str | None:
    """Return the main order of the chain whose own id the path has; None where it is no chain's."""
    found = call.memory.known(("name", call.place.prefix, call.place.order_id))
    return None if found is None else str(found)


def is_type(call: Call, *types: str) -> bool:
    """Tell whether the order in the path is of one of *types*."""
    stored = call.stored() if call.place.order_id else None
    return stored is not None and stored.get("type") in types


def unknown(call: Call) -> Answer:
    """Return how the server answers the request for an order that does not exist."""
    target = call.request.target.replace(
        call.place.order_id, "00000000-0000-4000-8000-000000000000"
    )
    return call.forward(call.request.with_target(target))


def as_bearer(call: Call, **wanted: object) -> Answer:
    """Let the request be answered as if it had a fresh bearer token with *wanted* claims."""
    bare = call.request.without_field("PlatformAccessToken").without_field("Authorization")
    return call.forward(bare.with_field("Authorization", f"Bearer {call.token(**wanted)}"))
