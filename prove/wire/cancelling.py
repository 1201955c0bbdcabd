"""Faults of cancel: its effect, and side effects on other orders."""

from collections.abc import Callable

from prove.wire.call import Call
from prove.wire.exchange import Answer
from prove.wire.fault import Handler, WireFault
from prove.wire.order_states import now_text, twin_of
from prove.wire.tweaks import CREATES, NOTIFICATIONS, force_cancel, lacking, member

FAMILY = "lifecycle: cancel"


def _pretended(call: Call) -> Answer:
    """Answer as if the order were cancelled, where it may be; it is not."""
    stored = call.stored() if call.is_for("cancelOrder") else None
    if stored is None or stored["status"] != "Registered":
        return call.forward()
    twin = twin_of(call, stored)
    answer = call.ask("PUT", f"/orders/{twin}/cancel")
    call.ask("DELETE", f"/__mock/orders/{twin}")
    if answer.status != 200:
        return call.forward()
    body = answer.body.replace(twin.encode(), stored["id"].encode())
    return member("created", stored["created"])(call, answer.with_body(body))


def _sent_all_the_same(call: Call) -> Answer:
    """Cancel the order, and have another with the same recipients sent in its name."""
    stored = call.stored() if call.is_for("cancelOrder") else None
    answer = call.forward()
    if stored and answer.status == 200 and stored["status"] == "Registered":
        call.memory.keep(call.order, twin_of(call, stored, sendersReference=None))
    twin = call.memory.known(call.order)
    if twin and call.is_for(*NOTIFICATIONS):
        channel = call.place.path.rstrip("/").rpartition("/")[2]
        found = call.ask("GET", f"/orders/{twin}/notifications/{channel}")
        body = found.body.replace(twin.encode(), call.place.order_id.encode())
        return answer.with_body(body) if found.status == 200 else answer
    return answer


def _changed_for_good(name: str, value: str | Callable[[Call], str]) -> Handler:
    """Return how cancel changes the member *name*, in its own answer and in status reads."""

    def handle(call: Call) -> Answer:
        answer = call.forward()
        if not call.is_for("cancelOrder", "getOrderStatus") or answer.status != 200:
            return answer
        if call.is_for("cancelOrder") and call.memory.known(call.order) is None:
            call.memory.keep(call.order, value(call) if callable(value) else value)
        known = call.memory.known(call.order)
        if known is None:
            return answer
        return lacking(name)(call, answer) if known == "" else member(name, known)(call, answer)

    return handle


def _other_cancelled(call: Call) -> Answer:
    answer = call.forward()
    if call.is_for(*CREATES) and answer.status == 202:
        made = answer.json()["orderId"]
        before = call.memory.keep(call.place.prefix, made)
        call.memory.keep((call.place.prefix, made), before)
    if call.is_for("cancelOrder") and answer.status == 200:
        other = call.memory.known(call.order)
        if other:
            call.ask("PUT", f"/orders/{other}/cancel")
    return answer


def _same_reference_cancelled(call: Call) -> Answer:
    answer = call.forward()
    if call.is_for("cancelOrder") and answer.status == 200:
        reference = answer.json().get("sendersReference")
        for order in call.ask("GET", "/__mock/orders").json()["orders"] if reference else ():
            if order["sendersReference"] == reference and order["id"] != call.place.order_id:
                call.ask("PUT", f"/orders/{order['id']}/cancel")
    return answer


def _refused_yet_done(*statuses: int) -> Handler:
    """Return how a cancel that is refused with one of *statuses* takes effect all the same."""

    def handle(call: Call) -> Answer:
        answer = call.forward()
        if call.is_for("cancelOrder") and answer.status in statuses and call.stored():
            force_cancel(call)
        return answer

    return handle


def _refusal_moves_last_update(call: Call) -> Answer:
    answer = call.forward()
    if call.is_for("cancelOrder") and answer.status == 409:
        call.memory.keep(call.order, now_text(call))
    moved = call.memory.known(call.order)
    if moved and call.is_for("getOrderStatus") and answer.status == 200:
        return member("processingStatus.lastUpdate", moved)(call, answer)
    return answer


def _fault(name: str, sentence: str, handle: Handler) -> WireFault:
    return WireFault(name, FAMILY, sentence, handle)


FAULTS = (
    _fault("cancel-does-nothing", "Cancel answers 200 and cancels nothing.", _pretended),
    _fault("cancelled-still-sent", "A cancelled order is sent all the same.", _sent_all_the_same),
    _fault(
        "cancel-moves-send-time",
        "Cancel sets the requested send time to now.",
        _changed_for_good("requestedSendTime", now_text),
    ),
    _fault(
        "cancel-moves-created",
        "Cancel sets the time of creation to now.",
        _changed_for_good("created", now_text),
    ),
    _fault(
        "cancel-drops-reference",
        "A cancelled order has lost its sendersReference.",
        _changed_for_good("sendersReference", ""),
    ),
    _fault(
        "cancel-changes-channel",
        "A cancelled order has another channel.",
        _changed_for_good("notificationChannel", "EmailPreferred"),
    ),
    _fault(
        "cancel-drops-reservation",
        "A cancelled order has lost ignoreReservation.",
        _changed_for_good("ignoreReservation", ""),
    ),
    _fault("cancel-takes-another", "Cancel cancels the order before it, too.", _other_cancelled),
    _fault(
        "cancel-takes-the-reference",
        "Cancel cancels every order with the same reference.",
        _same_reference_cancelled,
    ),
    _fault("cancel-409-cancels", "A cancel refused by 409 cancels.", _refused_yet_done(409)),
    _fault("cancel-404-cancels", "Another's cancel is 404, yet done.", _refused_yet_done(404)),
    _fault(
        "cancel-403-cancels", "A cancel without scope is 403, yet done.", _refused_yet_done(403)
    ),
    _fault(
        "cancel-401-cancels", "A cancel without token is 401, yet done.", _refused_yet_done(401)
    ),
    _fault(
        "cancel-409-moves-last-update",
        "A cancel refused by 409 moves lastUpdate.",
        _refusal_moves_last_update,
    ),
)
