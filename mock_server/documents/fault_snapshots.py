"""Faults of a snapshot: the rule, how often it took effect, how many random numbers were drawn."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from mock_server.documents.faults import read_fault, write_fault
from mock_server.formats.guids import parse_guid
from mock_server.records.members import MemberError, place_of
from mock_server.sandbox.faults import FaultRecord

_BESIDE_THE_RULE = {"id", "matched", "draws"}


def write_record(record: FaultRecord) -> dict[str, object]:
    """Return the fault of *record* as the control plane has it, and its draws."""
    return {**write_fault(record.fault, record.matched), "draws": record.draws}


def read_record(
    document: Mapping[str, Any], place: str, operation_ids: Collection[str]
) -> FaultRecord:
    """
    Return the fault that *document*, at *place* of a snapshot, holds; its schema holds already.

    It is about one of *operation_ids* or any.

    Raises:
        MemberError: a member does not go with another.
    """
    rule = {name: value for name, value in document.items() if name not in _BESIDE_THE_RULE}
    matched, draws = document["matched"], document["draws"]
    try:
        fault = replace(read_fault(rule, operation_ids), id=str(parse_guid(document["id"])))
    except MemberError as error:
        raise MemberError(place_of(place, error.member), error.message) from error
    if matched > draws or matched > (fault.times or matched):
        message = f"it cannot have taken effect {matched} times, as it was drawn or may be"
        raise MemberError(place_of(place, "matched"), message)
    return FaultRecord(fault, matched, draws)
