"""Faults of an order once it is cancelled: it must stay so, and cancelling again is 200."""

from collections.abc import Callable
from datetime import datetime, timedelta

from prove.wire.call import Call
from prove.wire.exchange import Answer
from prove.wire.fault import Handler, WireFault
from prove.wire.order_states import as_registered, is_cancelled, now_text
from prove.wire.tweaks import READS, Change, edited, lacking, member, problem, refused

FAMILY = "lifecycle: once cancelled"
Since = tuple[int, datetime]
Over = Callable[[Call, int, Since], bool]
"""Tells by the call, the number of requests so far, and when the order was cancelled."""


def _remembering(is_over: Over, change: Change | None = None) -> Handler:
    """Return how an order that was cancelled is changed in status reads once *is_over* says so."""

    def handle(call: Call) -> Answer:
        requests = call.memory.count()
        answer = call.forward()
        if call.is_for("cancelOrder") and answer.status == 200:
            if call.memory.known(call.order) is None:
                call.memory.keep(call.order, (requests, call.now()))
        elif call.is_for("getOrderStatus") and answer.status == 200:
            since = call.memory.known(call.order)
            if since and is_over(call, requests, since):
                return (change or edited(as_registered))(call, answer)
        return answer

    return handle


def _after_20(_call: Call, requests: int, since: Since) -> bool:
    return requests - since[0] > 20


def _after_an_hour(call: Call, _requests: int, since: Since) -> bool:
    return call.now() - since[1] > timedelta(hours=1)


def _after_the_first_read(call: Call, _requests: int, _since: Since) -> bool:
    return call.memory.count(("read", call.order)) > 1


def _in_the_first_read(call: Call, _requests: int, _since: Since) -> bool:
    return call.memory.count(("read", call.order)) == 1


def _always(_call: Call, _requests: int, _since: Since) -> bool:
    return True


def _on_repeat(change: Change, number: int = 2) -> Handler:
    """Return how the cancel of an order cancelled *number* - 1 times before is changed."""

    def handle(call: Call) -> Answer:
        was_cancelled = call.is_for("cancelOrder") and is_cancelled(call)
        answer = call.forward()
        if was_cancelled and answer.status == 200:
            times = call.memory.count(("again", call.order)) + 1
            return change(call, answer) if times >= number else answer
        return answer

    return handle


def _moved_on_repeat(call: Call) -> Answer:
    was_cancelled = call.is_for("cancelOrder") and is_cancelled(call)
    answer = call.forward()
    if was_cancelled and answer.status == 200:
        call.memory.keep(call.order, now_text(call))
    moved = call.memory.known(call.order)
    if moved and answer.status == 200 and call.is_for("cancelOrder", "getOrderStatus"):
        return member("processingStatus.lastUpdate", moved)(call, answer)
    return answer


def _toggled(call: Call) -> Answer:
    was_cancelled = call.is_for("cancelOrder") and is_cancelled(call)
    answer = call.forward()
    if was_cancelled and answer.status == 200:
        call.memory.count(call.order)
    if call.is_for("getOrderStatus") and call.memory.counted(call.order) % 2:
        return edited(as_registered)(call, answer)
    return answer


def _gone_once_cancelled(*operations: str) -> Handler:
    def handle(call: Call) -> Answer:
        if call.is_for(*operations) and is_cancelled(call):
            return problem(call, 404)
        return call.forward()

    return handle


def _none_listed(call: Call) -> Answer:
    """Leave cancelled orders out of lists."""
    answer = call.forward()
    if not call.is_for("listOrders") or answer.status != 200:
        return answer
    orders = [order for order in answer.json()["orders"] if _is_alive(call, order["id"])]
    return answer.with_json({"count": len(orders), "orders": orders})


def _is_alive(call: Call, order_id: str) -> bool:
    stored = call.stored(order_id)
    return stored is not None and stored["status"] != "Cancelled"


def _time_before_status(call: Call) -> Answer:
    """Refuse by the time rule before looking whether the order is cancelled already."""
    stored = call.stored() if call.is_for("cancelOrder") else None
    if stored is None or stored["status"] != "Cancelled":
        return call.forward()
    left = datetime.fromisoformat(stored["requestedSendTime"]) - call.now()
    answer = call.forward()
    is_late = left <= timedelta(minutes=5) and answer.status == 200
    return problem(call, 409) if is_late else answer


def _fault(name: str, sentence: str, handle: Handler) -> WireFault:
    return WireFault(name, FAMILY, sentence, handle)


FAULTS = (
    _fault(
        "reverts-after-20-requests",
        "A cancelled order is Registered again 20 requests later.",
        _remembering(_after_20),
    ),
    _fault(
        "reverts-after-an-hour",
        "A cancelled order is Registered again an hour later.",
        _remembering(_after_an_hour),
    ),
    _fault(
        "reverts-when-read",
        "The first status read tells the cancellation, later ones do not.",
        _remembering(_after_the_first_read),
    ),
    _fault(
        "status-late",
        "The first status read after a cancel still says Registered.",
        _remembering(_in_the_first_read),
    ),
    _fault(
        "status-never-tells",
        "Status reads go on saying Registered after a cancel.",
        _remembering(_always),
    ),
    _fault("cancel-toggles", "A second cancel registers the order again.", _toggled),
    _fault("second-cancel-409", "A second cancel is 409.", _on_repeat(refused(409))),
    _fault("second-cancel-404", "A second cancel is 404.", _on_repeat(refused(404))),
    _fault("third-cancel-409", "A third cancel is 409.", _on_repeat(refused(409), 3)),
    _fault("sixth-cancel-409", "A sixth cancel is 409.", _on_repeat(refused(409), 6)),
    _fault("second-cancel-moves", "A second cancel moves lastUpdate.", _moved_on_repeat),
    _fault(
        "second-cancel-thinner",
        "A second cancel leaves out sendersReference.",
        _on_repeat(lacking("sendersReference")),
    ),
    _fault(
        "second-cancel-by-time",
        "A second cancel is 409 once the send time is near: the rules are in the wrong order.",
        _time_before_status,
    ),
    _fault(
        "cancelled-not-found",
        "A cancelled order can be read no more.",
        _gone_once_cancelled("getOrder"),
    ),
    _fault(
        "cancelled-no-notifications",
        "The notifications of a cancelled order are 404.",
        _gone_once_cancelled(*READS[2:]),
    ),
    _fault("cancelled-not-listed", "A cancelled order is listed no more.", _none_listed),
)
