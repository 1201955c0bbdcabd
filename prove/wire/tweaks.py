"""Building blocks of faults: conditions on a call, and changes of its answer."""

import re
import secrets
from collections.abc import Callable, Collection
from http import HTTPStatus
from typing import Any

from prove.wire.call import BASE_PATH, Call
from prove.wire.exchange import Answer
from prove.wire.fault import Handler

Change = Callable[[Call, Answer], Answer]
Tweak = Callable[[dict[str, Any]], None]

CREATES = ("createOrder", "createEmailOrder", "createSmsOrder")
NOTIFICATIONS = ("getEmailNotifications", "getSmsNotifications")
READS = ("getOrder", "getOrderStatus", *NOTIFICATIONS)
WITH_STATUS = ("getOrderStatus", "cancelOrder")
WITH_ID = (*READS, "cancelOrder")
ALL = (*CREATES, *WITH_ID, "listOrders")
SECTIONS = {400: "15.5.1", 401: "15.5.2", 403: "15.5.4", 404: "15.5.5", 405: "15.5.6"}
SECTIONS |= {409: "15.5.10", 410: "15.5.11", 413: "15.5.14", 415: "15.5.16", 422: "15.5.21"}
SECTIONS |= {406: "15.5.7", 411: "15.5.12", 500: "15.6.1", 501: "15.6.2", 503: "15.6.4"}
TITLES = {400: "One or more validation errors occurred."}
TITLES |= {500: "An error occurred while processing your request."}


def after(change: Change, *operations: str, status: int | Collection[int] = ()) -> Handler:
    """Return a handler that makes *change* in answers to *operations* with *status*."""
    wanted = {status} if isinstance(status, int) else set(status)

    def handle(call: Call) -> Answer:
        answer = call.forward()
        if not call.is_for(*operations) or (wanted and answer.status not in wanted):
            return answer
        return change(call, answer)

    return handle


def edited(tweak: Tweak) -> Change:
    """Return the change that *tweak* makes of a JSON object, in place."""

    def change(_call: Call, answer: Answer) -> Answer:
        document = answer.json()
        if not isinstance(document, dict):
            return answer
        tweak(document)
        return answer.with_json(document)

    return change


def member(path: str, value: object) -> Change:
    """Return the change that sets the member at the dotted *path*, where it is, to *value*."""
    *outer, last = path.split(".")

    def tweak(document: dict[str, Any]) -> None:
        inner: Any = document
        for name in outer:
            inner = inner.get(name, {})
        if last in inner:
            inner[last] = value(inner[last]) if callable(value) else value

    return edited(tweak)


def lacking(*names: str) -> Change:
    """Return the change that takes members away."""

    def tweak(document: dict[str, Any]) -> None:
        for name in names:
            document.pop(name, None)

    return edited(tweak)


def resaid(pattern: str, replacement: str) -> Change:
    """Return the change of all in the body's text that fits *pattern*."""
    compiled = re.compile(pattern.encode())

    def change(_call: Call, answer: Answer) -> Answer:
        body = compiled.sub(replacement.encode(), answer.body)
        return answer if body == answer.body else answer.with_body(body)

    return change


def fielded(name: str, value: str | None) -> Change:
    """Return the change that sets a header field, or takes it away."""

    def change(_call: Call, answer: Answer) -> Answer:
        return answer.without_field(name) if value is None else answer.with_field(name, value)

    return change


def statused(status: int) -> Change:
    """Return the change of the status line alone."""

    def change(_call: Call, answer: Answer) -> Answer:
        return answer.with_status(status, phrase(status))

    return change


def bodied(body: bytes, media_type: str | None = None) -> Change:
    """Return the change of the body, and of its media type; an empty body has none."""

    def change(_call: Call, answer: Answer) -> Answer:
        changed = answer.with_body(body)
        if not body:
            return changed.without_field("Content-Type")
        return changed.with_field("Content-Type", media_type) if media_type else changed

    return change


def refused(status: int) -> Change:
    """Return the change of any answer into a problem with *status*, right in all else."""

    def change(call: Call, _answer: Answer) -> Answer:
        return problem(call, status)

    return change


def phrase(status: int) -> str:
    """Return the reason phrase of *status*."""
    return HTTPStatus(status).phrase


def problem(call: Call, status: int) -> Answer:
    """Return a problem with *status* as a correct server would word it."""
    document = {
        "type": f"https://tools.ietf.org/html/rfc9110#section-{SECTIONS[status]}",
        "title": TITLES.get(status, phrase(status)),
        "status": status,
        "detail": "The request cannot be answered otherwise; send another.",
    }
    if status == 400:
        document["errors"] = {"id": ["The value is not valid."]}
    document["traceId"] = trace_id(call)
    answer = Answer(status=status, reason=phrase(status)).with_json(document)
    answer = answer.with_field("Content-Type", "application/json; charset=utf-8")
    if status == 401:
        return answer.with_field("WWW-Authenticate", 'Bearer realm="altinn-notifications"')
    return answer


def trace_id(call: Call) -> str:
    """Return a trace id that continues the request's, if it has one."""
    given = (call.request.field("traceparent") or "").split("-")
    trace = given[1] if len(given) == 4 else secrets.token_hex(16)
    flags = given[3] if len(given) == 4 else "01"
    return f"00-{trace}-{secrets.token_hex(8)}-{flags}"


def force_cancel(call: Call) -> Answer:
    """Cancel the order against every rule, and return the answer of cancel to that."""
    call.ask("PUT", f"/__mock/orders/{call.place.order_id}/status", {"status": "Cancelled"})
    return call.forward()


def order_path(call: Call, rest: str = "") -> str:
    """Return the path of the request's order below the base path."""
    return f"/orders/{call.place.order_id}{rest}"


def below(call: Call, path: str) -> str:
    """Return the target of *path* below the base path, in the request's sandbox."""
    return f"{call.place.prefix}{BASE_PATH}{path}"


def decided(change: Change, when: Callable[[Call], bool], *operations: str) -> Handler:
    """Return how *change* is made of the answers to *operations* that *when* tells."""

    def handle(call: Call) -> Answer:
        is_meant = call.is_for(*operations) and when(call)
        answer = call.forward()
        return change(call, answer) if is_meant else answer

    return handle
