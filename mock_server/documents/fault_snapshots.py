"""A fault as a snapshot has it: its rule, how often it took effect, and how far its dice are."""

from collections.abc import Collection
from dataclasses import replace

from mock_server.documents.faults import read_fault, write_fault
from mock_server.documents.members import MemberError, Members, shown
from mock_server.sandbox.faults import Connection, FaultRecord

MOST_DRAWS = 10**9
"""How often a fault's generator can have been drawn from; going through more takes too long."""

LONGEST_METHOD, LONGEST_PATH = 32, 2000


def write_record(record: FaultRecord) -> dict[str, object]:
    """Return the fault of *record* as the control plane has it, and its draws."""
    return {**write_fault(record.fault, record.matched), "draws": record.draws}


def read_record(members: Members, operation_ids: Collection[str]) -> FaultRecord:
    """
    Return the fault that *members* hold, which is about one of *operation_ids* or any.

    Raises:
        MemberError: a member is missing, unknown or bad, or does not go with another.
    """
    fault_id = str(members.required("id", members.guid("id")))
    matched = members.required("matched", members.integer("matched", 0, MOST_DRAWS))
    draws = members.required("draws", members.integer("draws", 0, MOST_DRAWS))
    rule = _read_rule(members)
    members.refuse_others()
    try:
        fault = replace(read_fault(rule, operation_ids), id=fault_id)
    except MemberError as error:
        raise MemberError(members.at(error.member), error.message) from error
    if matched > draws or matched > (fault.times or matched):
        message = f"it cannot have taken effect {matched} times, as it was drawn or may be"
        raise MemberError(members.at("matched"), message)
    return FaultRecord(fault, matched, draws)


def _read_rule(members: Members) -> dict[str, object]:
    """Return a fault as the control plane takes it, with types and ranges checked."""
    return {
        "match": _read_match(members.required("match", members.child("match"))),
        "headers": _read_headers(members.child("headers")),
        "body": members.value("body"),
        "probability": _read_probability(members),
        "beforeAuth": members.boolean("beforeAuth"),
        "connection": members.choice("connection", Connection),
        "retryAfterForm": members.choice("retryAfterForm", ("seconds", "date")),
        "status": members.integer("status", 200, 599),
        "delayMs": members.integer("delayMs", 0, 600_000),
        "times": members.integer("times", 1),
        "seed": members.integer("seed"),
        "retryAfter": members.integer("retryAfter", 0, 86_400),
    }


def _read_match(members: Members) -> dict[str, object]:
    match: dict[str, object] = {
        "operationId": members.text("operationId"),
        "method": members.text("method", LONGEST_METHOD),
        "path": members.text("path", LONGEST_PATH),
        "sendersReference": members.text("sendersReference"),
    }
    members.refuse_others()
    return match


def _read_headers(members: Members | None) -> dict[str, object] | None:
    if members is None:
        return None
    return {name: members.required(name, members.text(name)) for name in members.names()}


def _read_probability(members: Members) -> float:
    value = members.required("probability", members.value("probability"))
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise MemberError(members.at("probability"), f"{shown(value)} is not from 0 to 1")
    return float(value)
