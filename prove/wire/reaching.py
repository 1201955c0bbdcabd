"""Faults of statuses: those that are never given, always given, or given for another."""

from prove.wire.call import Call
from prove.wire.exchange import Answer
from prove.wire.fault import WireFault
from prove.wire.tweaks import (
    CREATES,
    NOTIFICATIONS,
    READS,
    Change,
    after,
    bodied,
    order_path,
    problem,
    refused,
    statused,
)

FAMILY = "must reach"


def _never_409(call: Call) -> Answer:
    answer = call.forward()
    if call.is_for("cancelOrder") and answer.status == 409:
        return call.ask("GET", order_path(call, "/status"))
    return answer


def _exists(status: int, *operations: str) -> WireFault:
    """Return the fault of telling other organisations that an order exists."""

    def handle(call: Call) -> Answer:
        answer = call.forward()
        if call.is_for(*operations) and answer.status == 404 and call.stored():
            return problem(call, status)
        return answer

    name = "cancel" if "cancelOrder" in operations else "read"
    sentence = f"To {name} another organisation's order is {status}, not 404."
    return WireFault(f"other-organisation-{name}-{status}", FAMILY, sentence, handle)


def _any_type_read(call: Call) -> Answer:
    if call.is_for(*CREATES) and call.request.field("Content-Type"):
        return call.forward(call.request.with_field("Content-Type", "application/json"))
    return call.forward()


def _missing_type_read(call: Call) -> Answer:
    if call.is_for(*CREATES) and not call.request.field("Content-Type"):
        return call.forward(call.request.with_field("Content-Type", "application/json"))
    return call.forward()


def _no_body(call: Call, answer: Answer) -> Answer:
    return bodied(b"")(call, statused(204)(call, answer)).without_field("Content-Length")


def _empty_list_404(call: Call, answer: Answer) -> Answer:
    return problem(call, 404) if answer.json()["count"] == 0 else answer


def _none_generated_404(call: Call, answer: Answer) -> Answer:
    return problem(call, 404) if answer.json()["generated"] == 0 else answer


def _reference_optional(call: Call, answer: Answer) -> Answer:
    return statused(200)(call, answer).with_json({"count": 0, "orders": []})


def _blank_reference(call: Call, answer: Answer) -> Answer:
    if "=" in call.place.query:
        return _reference_optional(call, answer)
    return answer


def _other_method_cancels(method: str) -> WireFault:
    def handle(call: Call) -> Answer:
        is_cancel = call.place.path.lower().rstrip("/").endswith("/cancel")
        if is_cancel and call.request.method == method:
            return call.forward(call.request.with_method("PUT"))
        return call.forward()

    sentence = f"{method} on the path of cancel cancels, too."
    return WireFault(f"cancel-by-{method.lower()}", FAMILY, sentence, handle)


def _slash_404(call: Call) -> Answer:
    return problem(call, 404) if call.place.path.endswith("/") else call.forward()


def _case_404(call: Call) -> Answer:
    path = call.place.path.replace(call.place.order_id, "")
    return problem(call, 404) if path != path.lower() else call.forward()


def _is_plain(order_id: str) -> bool:
    return len(order_id) == 36


def _spelling_400(call: Call) -> Answer:
    if call.place.order_id and not _is_plain(call.place.order_id):
        return problem(call, 400)
    return call.forward()


def _upper_case_404(call: Call) -> Answer:
    order_id = call.place.order_id
    return problem(call, 404) if order_id != order_id.lower() else call.forward()


def _fault(name: str, sentence: str, change: Change, *operations: str, status: int) -> WireFault:
    return WireFault(name, FAMILY, sentence, after(change, *operations, status=status))


FAULTS = (
    WireFault(
        "cancel-always-409",
        FAMILY,
        "Cancel answers 409 to whoever may call it.",
        after(refused(409), "cancelOrder", status=(200, 404)),
    ),
    WireFault("cancel-never-409", FAMILY, "Cancel answers 200, unchanged, for 409.", _never_409),
    _fault("cancel-404-for-409", "404 where 409 is due.", refused(404), "cancelOrder", status=409),
    _fault("cancel-409-for-404", "409 where 404 is due.", refused(409), "cancelOrder", status=404),
    _fault("cancel-410-for-404", "410 where 404 is due.", refused(410), "cancelOrder", status=404),
    _fault("cancel-500-for-409", "500 where 409 is due.", refused(500), "cancelOrder", status=409),
    _fault("cancel-401-for-403", "401 where 403 is due.", refused(401), "cancelOrder", status=403),
    _fault("reads-404-for-403", "Reads hide behind 404.", refused(404), *READS, status=403),
    _fault("cancel-404-for-bad-id", "A bad id is 404.", refused(404), "cancelOrder", status=400),
    _fault("reads-404-for-bad-id", "A bad id is 404.", refused(404), *READS, status=400),
    _fault("cancel-204", "Cancel answers 204.", _no_body, "cancelOrder", status=200),
    _fault("cancel-202", "Cancel answers 202.", statused(202), "cancelOrder", status=200),
    _fault("create-201", "Creates answer 201.", statused(201), *CREATES, status=202),
    _fault("create-sms-200", "One create says 200.", statused(200), "createSmsOrder", status=202),
    _fault("create-422-for-400", "Creates say 422.", refused(422), *CREATES, status=400),
    _fault("create-400-for-415", "Creates know no 415.", refused(400), *CREATES, status=415),
    _fault("create-500-for-415", "500 for 415.", refused(500), "createEmailOrder", status=415),
    _fault("create-400-for-413", "Creates know no 413.", refused(400), *CREATES, status=413),
    _fault("create-500-for-413", "500 for 413.", refused(500), "createOrder", status=413),
    WireFault("create-any-type", FAMILY, "Creates read any media type.", _any_type_read),
    WireFault("create-no-type", FAMILY, "Creates need no media type.", _missing_type_read),
    _fault("list-empty-404", "An empty list is 404.", _empty_list_404, "listOrders", status=200),
    _fault(
        "none-generated-404",
        "No notifications yet is 404.",
        _none_generated_404,
        *NOTIFICATIONS,
        status=200,
    ),
    _fault(
        "list-without-reference",
        "The reference may be left out.",
        _reference_optional,
        "listOrders",
        status=400,
    ),
    _fault(
        "list-blank-reference",
        "A blank reference is no error.",
        _blank_reference,
        "listOrders",
        status=400,
    ),
    _exists(403, "cancelOrder"),
    _exists(409, "cancelOrder"),
    _exists(403, *READS),
    _other_method_cancels("GET"),
    _other_method_cancels("POST"),
    _other_method_cancels("DELETE"),
    _fault("method-404", "A wrong method is 404.", refused(404), status=405),
    _fault("method-501", "A wrong method is 501.", refused(501), status=405),
    WireFault("slash-404", FAMILY, "A trailing slash is 404.", _slash_404),
    WireFault("path-case-404", FAMILY, "A path in other letter case is 404.", _case_404),
    WireFault("id-spelling-400", FAMILY, "Only the 36-character GUID is read.", _spelling_400),
    WireFault("id-upper-case-404", FAMILY, "Ids in upper case are not found.", _upper_case_404),
    _fault(
        "status-only-404-is-400",
        "The status read says 400 for an unknown order.",
        refused(400),
        "getOrderStatus",
        status=404,
    ),
    _fault(
        "sms-reads-500-for-404",
        "One read fails on unknown orders.",
        refused(500),
        "getSmsNotifications",
        status=404,
    ),
)
