"""Faults that only some ids, queries, header fields and methods bring out, and a body of cancel."""

import re
from urllib.parse import unquote

from prove.wire.call import Call
from prove.wire.exchange import Answer
from prove.wire.failing import failing, failing_for
from prove.wire.fault import Handler, WireFault
from prove.wire.tweaks import WITH_ID, order_path

FAMILY = "robustness: input"
ENCODED = re.compile("%2[56B]", re.IGNORECASE)


def _has_norwegian_query(call: Call) -> bool:
    return call.is_for("listOrders") and not unquote(call.place.query).isascii()


def _has_encoded_query(call: Call) -> bool:
    return call.is_for("listOrders") and bool(ENCODED.search(call.place.query))


def _is_long(call: Call) -> bool:
    return len(call.place.query) > 300


def _has_body(call: Call) -> bool:
    return call.is_for("cancelOrder") and bool(call.request.body)


def _has_text(call: Call) -> bool:
    kind = call.request.field("Content-Type") or "application/json"
    return call.is_for("cancelOrder") and not kind.startswith("application/json")


def _is_typed_and_empty(call: Call) -> bool:
    typed = call.request.field("Content-Type") is not None
    return call.is_for("cancelOrder") and typed and not call.request.body


def _has_no_length(call: Call) -> bool:
    return call.is_for("cancelOrder") and call.request.field("Content-Length") is None


def _has_query(call: Call) -> bool:
    return call.is_for("cancelOrder") and bool(call.place.query)


def _has_odd_id(call: Call) -> bool:
    return call.is_for(*WITH_ID) and any(char in call.place.order_id for char in "%;'\"<")


def _has_long_id(call: Call) -> bool:
    return len(call.place.order_id) > 100


def _has_zero_id(call: Call) -> bool:
    return call.place.order_id == "00000000-0000-0000-0000-000000000000"


def _has_bad_trace(call: Call) -> bool:
    trace = call.request.field("traceparent")
    return trace is not None and len(trace) != 55


def _has_any_trace(call: Call) -> bool:
    return call.request.field("traceparent") is not None


def _is_odd_method(call: Call) -> bool:
    return call.request.method not in {"GET", "PUT", "POST", "HEAD"}


def _is_head(call: Call) -> bool:
    return call.request.method == "HEAD"


def _is_options(call: Call) -> bool:
    return call.request.method == "OPTIONS"


def _body_obeyed(call: Call) -> Answer:
    """Have the body of a cancel decide: with `{"cancel": false}` or any body nothing is done."""
    answer = call.forward() if not _has_body(call) else None
    return answer or call.ask("GET", order_path(call, "/status"))


def _fault(name: str, sentence: str, handle: Handler) -> WireFault:
    return WireFault(name, FAMILY, sentence, handle)


FAULTS = (
    _fault(
        "500-for-norwegian-query",
        "A reference in Norwegian is 500.",
        failing(_has_norwegian_query),
    ),
    _fault(
        "500-for-encoded-query",
        "An encoded + or & in the reference is 500.",
        failing(_has_encoded_query),
    ),
    _fault("500-for-long-reference", "A long reference is 500.", failing(_is_long)),
    _fault("cancel-415", "Cancel takes application/json alone.", failing_for(200, _has_text, 415)),
    _fault("cancel-body-400", "Cancel takes no body.", failing_for(200, _has_body, 400)),
    _fault("cancel-body-500", "Cancel fails on a body.", failing_for(200, _has_body)),
    _fault("cancel-body-obeyed", "A cancel with a body does nothing.", _body_obeyed),
    _fault(
        "cancel-needs-body",
        "Cancel as JSON needs a body.",
        failing_for(200, _is_typed_and_empty, 400),
    ),
    _fault(
        "cancel-needs-length",
        "Cancel needs a Content-Length.",
        failing_for(200, _has_no_length, 411),
    ),
    _fault("cancel-query-404", "Cancel with a query is 404.", failing_for(200, _has_query, 404)),
    _fault("500-for-odd-id", "An odd character in the id is 500.", failing_for(400, _has_odd_id)),
    _fault("500-for-long-id", "A long id is 500.", failing_for(400, _has_long_id)),
    _fault("500-for-zero-id", "The id of zeros is 500.", failing_for(404, _has_zero_id)),
    _fault("500-for-bad-trace", "A malformed traceparent is 500.", failing(_has_bad_trace)),
    _fault("500-for-trace", "Any traceparent is 500.", failing(_has_any_trace)),
    _fault("500-for-odd-method", "PATCH, DELETE and others are 500.", failing(_is_odd_method)),
    _fault("head-500", "HEAD is 500.", failing(_is_head)),
    _fault("500-for-options", "OPTIONS is 500.", failing(_is_options)),
)
