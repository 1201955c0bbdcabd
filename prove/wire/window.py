"""Faults of when, and in which status, an order may be cancelled."""

from collections.abc import Callable
from datetime import datetime, timedelta

from prove.wire.call import Call
from prove.wire.exchange import Answer
from prove.wire.fault import Handler, WireFault
from prove.wire.order_states import now_text
from prove.wire.tweaks import force_cancel, member, order_path, problem

FAMILY = "lifecycle: when"
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
WINDOW = 5 * MINUTE


def _ruled(may_cancel: Callable[[timedelta], bool]) -> Handler:
    """Return how Registered orders are cancelled by another rule on the time that is left."""

    def handle(call: Call) -> Answer:
        stored = call.stored() if call.is_for("cancelOrder") else None
        if stored is None or stored["status"] != "Registered":
            return call.forward()
        left = datetime.fromisoformat(stored["requestedSendTime"]) - call.now()
        if left > WINDOW and not may_cancel(left):
            allowed = call.ask("GET", order_path(call)).status == 200
            return problem(call, 409) if allowed else call.forward()
        answer = call.forward()
        return force_cancel(call) if answer.status == 409 and may_cancel(left) else answer

    return handle


def _allowed_in(*statuses: str) -> Handler:
    """Return how orders in *statuses* are cancelled, too."""

    def handle(call: Call) -> Answer:
        answer = call.forward()
        if call.is_for("cancelOrder") and answer.status == 409:
            stored = call.stored()
            if stored and stored["status"] in statuses:
                return force_cancel(call)
        return answer

    return handle


def _unchanged_200_in(*statuses: str) -> Handler:
    """Return how cancel says 200 and shows the order, unchanged, in *statuses*."""

    def handle(call: Call) -> Answer:
        answer = call.forward()
        if call.is_for("cancelOrder") and answer.status == 409:
            stored = call.stored()
            if stored and stored["status"] in statuses:
                return call.ask("GET", order_path(call, "/status"))
        return answer

    return handle


def _404_in(*statuses: str) -> Handler:
    """Return how cancel does not find orders in *statuses*."""

    def handle(call: Call) -> Answer:
        answer = call.forward()
        if call.is_for("cancelOrder") and answer.status == 409:
            stored = call.stored()
            if stored and stored["status"] in statuses:
                return problem(call, 404)
        return answer

    return handle


def _by_creation(call: Call) -> Answer:
    """Refuse orders five minutes after their creation, however far the send time is."""
    stored = call.stored() if call.is_for("cancelOrder") else None
    answer = call.forward()
    if stored and answer.status == 200 and stored["status"] == "Registered":
        age = call.now() - datetime.fromisoformat(stored["created"])
        return problem(call, 409) if age > WINDOW else answer
    return answer


def _claimed_shows(call: Call) -> Answer:
    """Move lastUpdate when the order is claimed."""
    answer = call.forward()
    is_read = call.is_for("getOrderStatus") and answer.status == 200
    if is_read and b'"status": "Processing"' in answer.body:
        return member("processingStatus.lastUpdate", now_text(call))(call, answer)
    return answer


def _fault(name: str, sentence: str, handle: Handler) -> WireFault:
    return WireFault(name, FAMILY, sentence, handle)


FAULTS = (
    _fault(
        "window-none",
        "Orders can be cancelled until they are processed.",
        _ruled(lambda left: left > timedelta()),
    ),
    _fault("window-4-minutes", "The window is 4 minutes.", _ruled(lambda left: left > 4 * MINUTE)),
    _fault(
        "window-299-seconds",
        "The window is a second too short.",
        _ruled(lambda left: left > WINDOW - SECOND),
    ),
    _fault(
        "window-301-seconds",
        "The window is a second too long.",
        _ruled(lambda left: left > WINDOW + SECOND),
    ),
    _fault(
        "window-exclusive",
        "Five minutes to the microsecond is still allowed.",
        _ruled(lambda left: left >= WINDOW),
    ),
    _fault("window-6-minutes", "The window is 6 minutes.", _ruled(lambda left: left > 6 * MINUTE)),
    _fault(
        "window-10-minutes", "The window is 10 minutes.", _ruled(lambda left: left > 2 * WINDOW)
    ),
    _fault(
        "window-whole-minutes",
        "Minutes are counted whole, so 5 min 59 s is refused.",
        _ruled(lambda left: left // MINUTE > 5),
    ),
    _fault(
        "window-an-hour",
        "The window is an hour, as of a wrong time zone.",
        _ruled(lambda left: left > timedelta(hours=1)),
    ),
    _fault("window-by-creation", "Orders older than 5 minutes are refused.", _by_creation),
    _fault(
        "processing-cancelled", "A Processing order can be cancelled.", _allowed_in("Processing")
    ),
    _fault("processed-cancelled", "A Processed order can be cancelled.", _allowed_in("Processed")),
    _fault("completed-cancelled", "A Completed order can be cancelled.", _allowed_in("Completed")),
    _fault(
        "condition-cancelled",
        "An order whose send condition was not met can be cancelled.",
        _allowed_in("SendConditionNotMet"),
    ),
    _fault(
        "completed-200",
        "Cancel shows a Completed order, unchanged, with 200.",
        _unchanged_200_in("Completed", "Processed"),
    ),
    _fault("completed-404", "Cancel does not find a Completed order.", _404_in("Completed")),
    _fault("claim-moves-last-update", "Being claimed moves lastUpdate.", _claimed_shows),
)
