"""Faults that a server's author makes first: by one rule each, seen by many requests."""

from dataclasses import replace

from prove.wire.call import Call
from prove.wire.exchange import Answer
from prove.wire.fault import WireFault
from prove.wire.order_states import is_cancelled
from prove.wire.tweaks import after, edited, lacking, member, problem

FAMILY = "mistakes"
STACK = "Object reference not set at Altinn.Orders.Cancel(Guid id) in /src/Orders.cs:line 12"


def _again_409(call: Call) -> Answer:
    was_cancelled = call.is_for("cancelOrder") and is_cancelled(call)
    answer = call.forward()
    return problem(call, 409) if was_cancelled and answer.status == 200 else answer


def _scope_404(call: Call) -> Answer:
    answer = call.forward()
    return problem(call, 404) if answer.status == 403 else answer


def _as_created(document: dict[str, object]) -> None:
    status = document.get("processingStatus")
    if isinstance(status, dict) and status.get("status") == "Cancelled":
        status["lastUpdate"] = document["created"]


def _utf_16(_call: Call, answer: Answer) -> Answer:
    return answer.with_body(answer.body.decode().encode("utf-16"))


def _empty_json_400(call: Call) -> Answer:
    """Refuse a cancel without a body that says it has JSON."""
    is_empty = call.request.field("Content-Type") == "application/json" and not call.request.body
    if call.is_for("cancelOrder") and is_empty:
        answer = call.forward()
        return problem(call, 400) if answer.status == 200 else answer
    return call.forward()


def _slow(_call: Call, answer: Answer) -> Answer:
    return replace(answer, delay=2.5)


FAULTS = (
    WireFault(
        "last-update",
        FAMILY,
        "A cancel leaves lastUpdate at created.",
        after(edited(_as_created), "cancelOrder", "getOrderStatus", status=200),
    ),
    WireFault("again-409", FAMILY, "A repeated cancel is 409.", _again_409),
    WireFault("scope-404", FAMILY, "A token without the scope gets 404.", _scope_404),
    WireFault(
        "no-trace-409", FAMILY, "A 409 has no traceId.", after(lacking("traceId"), status=409)
    ),
    WireFault(
        "utf-16",
        FAMILY,
        "Statuses are JSON in UTF-16.",
        after(_utf_16, "getOrderStatus", status=200),
    ),
    WireFault(
        "stack-in-detail",
        FAMILY,
        "The detail of a 404 is a stack trace.",
        after(member("detail", STACK), status=404),
    ),
    WireFault(
        "empty-json-400",
        FAMILY,
        "A cancel without a body is 400 if its media type is JSON.",
        _empty_json_400,
    ),
    WireFault("slow-sms", FAMILY, "SMS are read in 2.5 s.", after(_slow, "getSmsNotifications")),
)
