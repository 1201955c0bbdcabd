"""Faults of the connection and of time: dropped, cut, slow, and only now and then."""

from collections.abc import Callable
from dataclasses import replace

from prove.wire.call import Call
from prove.wire.exchange import Answer
from prove.wire.fault import Handler, WireFault
from prove.wire.tweaks import CREATES, READS, Change, after, bodied, problem, refused, statused

FAMILY = "robustness: connection"
SLOW = 3.0
HANG = 600.0
Sometimes = Callable[[Call], bool]


def _dropped(_call: Call, answer: Answer) -> Answer:
    return replace(answer, is_dropped=True)


def _cut(_call: Call, answer: Answer) -> Answer:
    return replace(answer, sent=len(answer.body) // 2)


def _slow(_call: Call, answer: Answer) -> Answer:
    return replace(answer, delay=SLOW)


def _hanging(_call: Call, answer: Answer) -> Answer:
    return replace(answer, delay=HANG, is_dropped=True)


def _too_long(_call: Call, answer: Answer) -> Answer:
    """Announce ten bytes more than there are, and end."""
    longer = answer.with_field("Content-Length", str(len(answer.body) + 10))
    return replace(longer, sent=len(answer.body))


def _too_short(_call: Call, answer: Answer) -> Answer:
    """Announce ten bytes less than there are."""
    return answer.with_field("Content-Length", str(max(len(answer.body) - 10, 0)))


def _every(number: int, change: Change, *operations: str, status: int = 0) -> Handler:
    """Return how every *number*-th answer, of those with *status*, is changed."""

    def made(call: Call, answer: Answer) -> Answer:
        return change(call, answer) if call.memory.count("every") % number == 0 else answer

    return after(made, *operations, status=status or ())


def _after_many(number: int, change: Change, *operations: str) -> Handler:
    """Return how answers are changed for good once there were *number*."""

    def made(call: Call, answer: Answer) -> Answer:
        return change(call, answer) if call.memory.count("many") > number else answer

    return after(made, *operations)


def _if(is_meant: Sometimes, change: Change, *operations: str) -> Handler:
    def made(call: Call, answer: Answer) -> Answer:
        return change(call, answer) if is_meant(call) else answer

    return after(made, *operations)


def _of_another(call: Call, answer: Answer) -> Answer:
    """Answer with what the last such call was answered."""
    last = call.memory.keep(("last", call.place.operation), answer.body)
    is_time = call.memory.count("another") % 20 == 0
    return answer.with_body(last) if last and is_time else answer


def _parallel(change: Change, *operations: str) -> Handler:
    """Return how calls that come while others are answered are changed."""

    def handle(call: Call) -> Answer:
        was_busy = call.memory.is_busy
        answer = call.forward()
        is_meant = call.is_for(*operations) and (was_busy or call.memory.is_busy)
        return change(call, answer) if is_meant else answer

    return handle


def _cancel_lost(call: Call) -> Answer:
    """Let one of two cancels at the same time fail."""
    if not call.is_for("cancelOrder"):
        return call.forward()
    call.memory.count(call.order)
    answer = call.forward()
    is_raced = call.memory.is_busy and call.memory.counted(call.order) > 1
    return problem(call, 500) if is_raced and answer.status == 200 else answer


def _is_second(call: Call) -> bool:
    return call.number > 0


def _is_chunked(call: Call) -> bool:
    return call.request.is_chunked


def _has_accept(call: Call) -> bool:
    return call.request.field("Accept") not in {None, "*/*"}


def _is_closing(call: Call) -> bool:
    return (call.request.field("Connection") or "").lower() == "close"


def _expects(call: Call) -> bool:
    return call.request.field("Expect") is not None


def _is_head(call: Call) -> bool:
    return call.request.method == "HEAD"


def _is_large(call: Call) -> bool:
    return len(call.request.body) > 1_000_000


def _is_bare_put(call: Call) -> bool:
    return call.is_for("cancelOrder") and not call.request.body


def _moved(call: Call, answer: Answer) -> Answer:
    """Redirect a trailing slash."""
    if not call.place.path.endswith("/"):
        return answer
    moved = answer.with_status(301, "Moved Permanently").with_body(b"")
    return moved.with_field("Location", call.request.target.rstrip("/"))


def _too_many(call: Call, _answer: Answer) -> Answer:
    return problem(call, 503).with_status(429, "Too Many Requests")


def _fault(name: str, sentence: str, handle: Handler) -> WireFault:
    return WireFault(name, FAMILY, sentence, handle)


CANCEL = "cancelOrder"
FAULTS = (
    _fault("cancel-dropped", "Cancel drops the connection.", after(_dropped, CANCEL, status=200)),
    _fault(
        "409-dropped", "A refused cancel drops the connection.", after(_dropped, CANCEL, status=409)
    ),
    _fault(
        "bare-put-dropped", "A PUT without body drops the connection.", _if(_is_bare_put, _dropped)
    ),
    _fault("cancel-cut", "The answer of cancel is cut in half.", after(_cut, CANCEL, status=200)),
    _fault("list-cut", "Lists are cut in half.", after(_cut, "listOrders", status=200)),
    _fault(
        "length-too-long", "Content-Length is too long.", after(_too_long, "getOrder", status=200)
    ),
    _fault(
        "length-too-short", "Content-Length is too short.", after(_too_short, CANCEL, status=200)
    ),
    _fault("cancel-slow", "Cancel takes 3 s.", after(_slow, CANCEL, status=200)),
    _fault("409-slow", "A refused cancel takes 3 s.", after(_slow, CANCEL, status=409)),
    _fault("slow-each-10th", "Every 10th answer takes 3 s.", _every(10, _slow)),
    _fault("cancel-hangs", "Cancel hangs.", after(_hanging, CANCEL, status=200)),
    _fault("head-hangs", "HEAD hangs.", _if(_is_head, _hanging)),
    _fault("list-hangs", "Lists hang.", after(_hanging, "listOrders", status=200)),
    _fault("500-each-20th", "Every 20th answer is 500.", _every(20, refused(500))),
    _fault("503-each-20th", "Every 20th answer is 503.", _every(20, refused(503))),
    _fault("drop-each-20th", "Every 20th connection is dropped.", _every(20, _dropped)),
    _fault("empty-each-20th", "Every 20th body is empty.", _every(20, bodied(b""))),
    _fault(
        "409-each-20th",
        "Every 20th good cancel is 409.",
        _every(20, refused(409), CANCEL, status=200),
    ),
    _fault(
        "409-each-5th", "Every 5th good cancel is 409.", _every(5, refused(409), CANCEL, status=200)
    ),
    _fault(
        "404-each-20th",
        "Every 20th good read is 404.",
        _every(20, refused(404), *READS, status=200),
    ),
    _fault("401-each-20th", "Every 20th good answer is 401.", _every(20, refused(401), status=200)),
    _fault(
        "500-each-7th-create",
        "Every 7th create is 500.",
        _every(7, refused(500), *CREATES, status=202),
    ),
    _fault("cut-each-20th", "Every 20th good answer is cut.", _every(20, _cut, status=200)),
    _fault(
        "another-each-20th",
        "Every 20th status is of another order.",
        after(_of_another, "getOrderStatus", status=200),
    ),
    _fault("500-after-100", "After 100 requests all is 500.", _after_many(100, refused(500))),
    _fault("429-after-100", "After 100 requests all is 429.", _after_many(100, _too_many)),
    _fault(
        "cancel-500-after-15",
        "After 15 cancels cancel is 500.",
        _after_many(15, refused(500), CANCEL),
    ),
    _fault("chunked-500", "A chunked body is 500.", _if(_is_chunked, refused(500))),
    _fault("chunked-400", "A chunked body is 400.", _if(_is_chunked, refused(400))),
    _fault("chunked-dropped", "A chunked body drops the connection.", _if(_is_chunked, _dropped)),
    _fault("large-dropped", "A body over 1 MB drops the connection.", _if(_is_large, _dropped)),
    _fault(
        "second-dropped",
        "The second request of a connection is dropped.",
        _if(_is_second, _dropped),
    ),
    _fault(
        "second-500", "The second request of a connection is 500.", _if(_is_second, refused(500))
    ),
    _fault("closing-500", "Connection: close is 500.", _if(_is_closing, refused(500))),
    _fault("accept-500", "Any Accept but */* is 500.", _if(_has_accept, refused(500))),
    _fault("expect-dropped", "Expect: 100-continue is dropped.", _if(_expects, _dropped)),
    _fault("parallel-500", "Requests at the same time are 500.", _parallel(refused(500))),
    _fault(
        "parallel-cancel-409", "Cancels at the same time are 409.", _parallel(refused(409), CANCEL)
    ),
    _fault("parallel-same-order", "One of two cancels of one order is 500.", _cancel_lost),
    _fault("slash-301", "A trailing slash is a redirect.", after(_moved)),
    _fault("read-206", "Good reads are 206.", after(statused(206), "getOrder", status=200)),
)
