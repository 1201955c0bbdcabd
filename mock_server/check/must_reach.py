"""Statuses that must be reached, each for its own reason: successes, and refusals of requests."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from mock_server.check.credentials import NOBODY
from mock_server.check.exchanges import Answer
from mock_server.check.made_orders import KINDS, Orders
from mock_server.check.modern_operations import MODERN
from mock_server.check.probe import Probe
from mock_server.contract.contract import Operation

TOO_LARGE = 30_000_001
"""Bytes: one more than the service reads (docs/differences.md)."""

BY_ID = (
    "getOrder",
    "getOrderStatus",
    "cancelOrder",
    "getEmailNotifications",
    "getSmsNotifications",
)
_JSON = {"Content-Type": "application/json"}
_NEEDED = {"notificationChannel", "emailTemplate", "subject", "body", "recipients"}
"""Without any one of these, as far as a kind of order has it, no order is valid."""

RULES: Mapping[str, str] = {
    "none": "recipients is empty",
    "bare": "recipients[0] has no address",
    "invalid": "recipients[0] is no valid address or number",
    "short": "nationalIdentityNumber of recipients[0] has ten digits",
    "action": "resourceAction is there without resourceId",
    "no time": "requestedSendTime is no time",
    "zone": "requestedSendTime has no zone",
    "late": "requestedSendTime is ten minutes past",
    "condition": "conditionEndpoint is no http URL",
}
"""Rules that no schema can say, as a body breaks them, by a name of their own."""

_ZEROS = "00000000-0000-0000-0000-000000000000"
_BAD_IDS = ("not-a-guid", "1337;1=1", "00000000-0000-4000-8000-00000000000g", "123", "null")


def is_known(operation_id: str) -> bool:
    """Tell whether the statuses of *operation_id* are reached on purpose: it is none of a draft."""
    is_order = operation_id in {*KINDS, *BY_ID, *MODERN, "listOrders", "getSendCondition"}
    return is_order or operation_id.startswith("trigger")


def successes(probe: Probe, orders: Orders) -> None:
    """Create by each operation, and read, list and cancel the orders."""
    for operation_id in KINDS:
        made = orders.make(operation_id) if probe.knows(operation_id) else None
        if made is None:
            continue
        probe.aim("listOrders", 200, "orders carry it", query={"sendersReference": made.reference})
        for name in sorted(BY_ID, key=lambda one: one == "cancelOrder"):
            if probe.knows(name):
                probe.aim(name, 200, "the order is the caller's own", order_id=made.id)
    probe.aim("listOrders", 200, "no order carries it", query={"sendersReference": "check-none"})


def bad_ids(probe: Probe, _orders: Orders) -> None:
    """Ask for ids that are no GUIDs, and for a GUID that no order has."""
    for operation_id in filter(probe.knows, BY_ID):
        for text in _BAD_IDS:
            answer = probe.aim(operation_id, 400, f"'{text}' is no GUID", order_id=text)
            _holds_error(probe, answer, "id")
            _is_worded(probe, answer, text)
        probe.aim(operation_id, 404, "no order has this id")
        probe.aim(operation_id, 404, "no order has the id of zeros", order_id=_ZEROS)


def bad_references(probe: Probe, _orders: Orders) -> None:
    """List without a reference, with an empty and with a blank one."""
    for query in ({}, {"sendersReference": ""}, {"sendersReference": "  "}):
        answer = probe.aim("listOrders", 400, f"the query is {query or 'empty'}", query=query)
        _holds_error(probe, answer, "sendersReference")


def bad_bodies(probe: Probe, orders: Orders) -> None:
    """Create with bodies that break a rule of the schema, and one beyond it."""
    for operation_id in filter(probe.knows, KINDS):
        late = orders.body(operation_id, timedelta(minutes=-10))
        broken = _broken(orders.body(operation_id), is_sms=KINDS[operation_id] == "Sms")
        place = "RequestedSendTime"
        for body, because, at in (*broken, (late, RULES["late"], place)):
            content = json.dumps(body).encode()
            answer = probe.aim(operation_id, 400, because, body=content, headers=_JSON)
            _holds_error(probe, answer, at)
        _all_errors(probe, operation_id, late, "ftp://x")


def _broken(good: dict[str, Any], *, is_sms: bool) -> Iterator[tuple[Any, str, str | None]]:
    """Yield mutations of a *good* body, each with its fault, and where the errors are, if known."""
    address = "MobileNumber" if is_sms else "EmailAddress"
    wrong = [{"emailAddress": "x", "mobileNumber": "1"}]
    short = [{"nationalIdentityNumber": "1234567890"}]
    zoneless = good["requestedSendTime"].rstrip("Z")
    kind = "mobileNumber" if is_sms else "emailAddress"
    yield {}, "the body is empty", None
    yield {**good, "recipients": []}, RULES["none"], "Recipients"
    yield {**good, "recipients": [{}]}, RULES["bare"], "Recipients[0]"
    yield {**good, "recipients": wrong}, f"{kind} of {RULES['invalid']}", f"Recipients[0].{address}"
    yield {**good, "recipients": short}, RULES["short"], None
    yield {**good, "resourceAction": "read"}, RULES["action"], None
    yield {**good, "requestedSendTime": "tomorrow"}, RULES["no time"], None
    yield {**good, "requestedSendTime": zoneless}, RULES["zone"], None
    yield {**good, "conditionEndpoint": "ftp://x"}, RULES["condition"], None
    yield [], "the body is no object", None
    for name in sorted(_NEEDED & good.keys()):
        without = {key: value for key, value in good.items() if key != name}
        yield without, f"there is no {name}", None


def _all_errors(probe: Probe, operation_id: str, late: dict[str, Any], condition: str) -> None:
    """Hold that a body that breaks two rules is told the errors of both."""
    told = list[set[str]]()
    for left_out in ("conditionEndpoint", "requestedSendTime", None):
        body = {**late, "conditionEndpoint": condition}
        body.pop(left_out or "", None)
        content = json.dumps(body).encode()
        because = "the send time, the condition or both break a rule"
        answer = probe.aim(operation_id, 400, because, body=content, headers=_JSON)
        if answer.status != 400:
            return
        errors = answer.document.get("errors")
        told.append(set(errors) if isinstance(errors, dict) else set())
    expected, got = "400 with the errors of both rules", ", ".join(sorted(told[2]))[:80]
    holds = told[0] | told[1] <= told[2]
    probe.hold("status", answer, expected, got=got, holds=holds)


def other_bodies(probe: Probe, orders: Orders) -> None:
    """Create with a body of another media type, of none, and with one that is too large."""
    for operation_id in filter(probe.knows, KINDS):
        content = json.dumps(orders.body(operation_id)).encode()
        for media_type in ("text/xml", "text/plain", "application/x-www-form-urlencoded"):
            headers = {"Content-Type": media_type}
            because = f"the body is {media_type}"
            how: dict[str, Any] = {"body": content, "headers": headers, "is_early": True}
            probe.aim(operation_id, 415, because, **how)
            probe.aim(operation_id, 415, f"{because}, token or not", by=NOBODY, **how)
        probe.aim(operation_id, 415, "the body has no type", body=content, is_early=False)
        _too_large(probe, operation_id)
    for operation in probe.protected:
        if operation.refuses_types:
            foreign: dict[str, Any] = {"headers": {"Content-Type": "text/plain"}, "is_early": True}
            because = "its type is text/plain, though there is no body"
            probe.aim(operation.operation_id, 415, because, **foreign)


def _too_large(probe: Probe, operation_id: str) -> None:
    request = probe.request(operation_id, headers=_JSON, body=b" " * TOO_LARGE)
    answer = probe.transport.send_until_answered(request)
    probe.take(operation_id, answer, is_other=False)
    probe.note(operation_id, (413,), answer)
    expected, got = "413: the body has more than 30 MB", answer.trouble or str(answer.status)
    probe.hold("status", answer, expected, got=got, holds=answer.status == 413)


def open_operations(probe: Probe, _orders: Orders) -> None:
    """Ask the operations open to all: the send condition, and triggers where they move no order."""
    protected = {one.operation_id for one in probe.protected}
    for operation in probe.promises.operations.values():
        if operation.operation_id in protected:
            continue
        if operation.operation_id == "getSendCondition":
            _send_condition(probe, operation)
        elif probe.control is not None and operation.operation_id.startswith("trigger"):
            probe.aim(operation.operation_id, 200, "a trigger can always be run")
        elif operation.operation_id.startswith("trigger"):
            why = "it moves the orders of everyone; needs a control plane"
            probe.leave(operation.operation_id, 200, why)


def _send_condition(probe: Probe, operation: Operation) -> None:
    name = operation.operation_id
    answer = probe.ask(name, query={"conditionMet": "true"})
    if answer.status in {401, 403, 404} and probe.control is None:
        for status in probe.promises.statuses(name):
            probe.leave(name, status, "the server does not offer it outside its own network")
        return
    for told in ("true", "false"):
        answer = probe.aim(name, 200, f"conditionMet is {told}", query={"conditionMet": told})
        got = answer.document.get("sendNotification")
        expected = f"sendNotification {told}"
        holds = got is (told == "true")
        probe.hold("status", answer, expected, got=f"{got}", holds=holds)
    probe.aim(name, 400, "conditionMet is neither true nor false", query={"conditionMet": "maybe"})


def _is_worded(probe: Probe, answer: Answer, text: str) -> None:
    """Hold that an id that is none is refused in the words of the contract's example."""
    if answer.status == 400:
        told = answer.at("errors", "id")
        wanted = f"The value '{text}' is not valid."
        expected = "400 in the words of the contract: The value '...' is not valid."
        probe.hold("values", answer, expected, got="other words", holds=told == [wanted])


def _holds_error(probe: Probe, answer: Answer, place: str | None) -> None:
    if answer.status != 400:
        return
    errors = answer.document.get("errors")
    places = list(errors) if isinstance(errors, dict) else []
    expected = "400 with errors" if place is None else f"400 with errors of '{place}'"
    holds = bool(places) if place is None else place in places
    got = ", ".join(places)[:80] or "no errors"
    probe.hold("status", answer, expected, got=got, holds=holds)
