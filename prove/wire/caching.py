"""Faults of a cache in between that keeps answers wrongly."""

from prove.wire.call import Call
from prove.wire.exchange import Answer
from prove.wire.fault import Handler, WireFault
from prove.wire.tweaks import READS, resaid, trace_id

FAMILY = "lifecycle: caching"
TRACE = "00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]"


def _shared(*statuses: int) -> Handler:
    """Return how a good read is kept by its path, and told where *statuses* are due."""

    def handle(call: Call) -> Answer:
        answer = call.forward()
        key = (call.place.prefix, call.place.path.lower(), call.place.query)
        if call.is_for(*READS) and answer.status == 200:
            call.memory.keep(key, answer)
        kept: Answer | None = call.memory.known(key)
        return kept if kept and answer.status in statuses else answer

    return handle


def _stale(times: int, *operations: str) -> Handler:
    """Return how a good answer is told *times* more before it is asked for anew."""

    def handle(call: Call) -> Answer:
        answer = call.forward()
        if not call.is_for(*operations) or answer.status != 200:
            return answer
        sent = call.request.field("Authorization"), call.request.field("PlatformAccessToken")
        key = (call.place.prefix, call.place.path.lower(), call.place.query, sent)
        number = call.memory.count(key) - 1
        if number % (times + 1) == 0:
            call.memory.keep(key, answer)
            return answer
        kept: Answer = call.memory.known(key)
        return kept

    return handle


def _cancel_cached(call: Call) -> Answer:
    """Tell a cancel that was refused once what it was told then."""
    key = (call.order, call.request.field("Authorization"))
    kept: Answer | None = call.memory.known(key) if call.is_for("cancelOrder") else None
    if kept is not None:
        return resaid(TRACE, trace_id(call))(call, kept)
    answer = call.forward()
    if call.is_for("cancelOrder") and answer.status in {404, 409}:
        call.memory.keep(key, answer)
    return answer


def _fault(name: str, sentence: str, handle: Handler) -> WireFault:
    return WireFault(name, FAMILY, sentence, handle)


FAULTS = (
    _fault("cache-for-others", "What one organisation read another is told.", _shared(404)),
    _fault("cache-for-anyone", "What was read once needs no token.", _shared(401, 403)),
    _fault("cache-of-status", "A status is told twice more.", _stale(2, "getOrderStatus")),
    _fault("cache-of-lists", "A list is told three times more.", _stale(3, "listOrders")),
    _fault("cache-of-refusals", "A refused cancel is told the same for good.", _cancel_cached),
)
