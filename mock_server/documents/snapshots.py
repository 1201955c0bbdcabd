"""Snapshots: all that a sandbox remembers, but for its journal, as one JSON document."""

import json
from collections.abc import Collection, Iterator
from typing import Any

from mock_server.documents.fault_snapshots import read_record, write_record
from mock_server.documents.members import MemberError, Members, shown
from mock_server.documents.order_snapshots import read_order, write_order
from mock_server.domain.clock import EARLIEST, LATEST
from mock_server.domain.orders import Order
from mock_server.formats.timestamps import format_timestamp
from mock_server.sandbox.faults import FaultRecord, Faults
from mock_server.sandbox.sandbox import State

VERSION = 1


def as_json(document: object) -> Any:
    """
    Return *document* as JSON has it, a copy that shares nothing with it.

    Raises:
        MemberError: JSON cannot have it.
    """
    try:
        return json.loads(json.dumps(document, allow_nan=False, ensure_ascii=False).encode())
    except (TypeError, ValueError, RecursionError) as error:
        raise MemberError("$", f"it is not JSON: {error}") from error


def write_state(state: State) -> dict[str, object]:
    """Return the document that has all of *state*."""
    return {**write_all_but_orders(state), "orders": [write_order(item) for item in state.orders]}


def write_all_but_orders(state: State) -> dict[str, object]:
    """Return the document of *state* without its orders, of which there may be many."""
    return {
        "version": VERSION,
        "clock": {"now": format_timestamp(state.now), "frozen": state.is_frozen},
        "faults": [write_record(record) for record in state.faults],
    }


def read_state(document: object, operation_ids: Collection[str], place: str = "") -> State:
    """
    Return the state that *document*, which stands at *place* of a larger one, has.

    *operation_ids* are those that faults may be about.

    Raises:
        MemberError: another version, or something is missing, unknown, bad, twice or impossible.
    """
    members = Members(document, place)
    check_version(members)
    if "sandboxes" in members.names():
        message = "it holds several sandboxes; send the document of one of them"
        raise MemberError(members.at("sandboxes"), message)
    clock = members.required("clock", members.child("clock"))
    now = clock.required("now", clock.time("now", LATEST))
    if now < EARLIEST:
        raise MemberError(clock.at("now"), f"{shown(clock.value('now'))} is before the clock goes")
    is_frozen = clock.required("frozen", clock.boolean("frozen"))
    clock.refuse_others()
    orders = tuple(_read_orders(members))
    faults = tuple(_read_records(members, operation_ids))
    members.refuse_others()
    return State(now, is_frozen, orders, faults)


def check_version(members: Members) -> None:
    """Raise MemberError where *members* are those of another version than this."""
    version = members.required("version", members.value("version"))
    if isinstance(version, bool) or not isinstance(version, int) or version != VERSION:
        message = f"version {shown(version)} is not read here; send one of version {VERSION}"
        raise MemberError(members.at("version"), message)


def _read_orders(members: Members) -> Iterator[Order]:
    seen = set()
    for item in members.children("orders"):
        order = read_order(item)
        if order.id in seen:
            raise MemberError(item.at("id"), f"the order '{order.id}' is there twice")
        seen.add(order.id)
        yield order


def _read_records(members: Members, operation_ids: Collection[str]) -> Iterator[FaultRecord]:
    seen = set()
    for item in members.children("faults"):
        record = read_record(item, operation_ids)
        if record.fault.id in seen:
            raise MemberError(item.at("id"), f"the fault '{record.fault.id}' is there twice")
        seen.add(record.fault.id)
        if len(seen) > Faults.MOST:
            raise MemberError(members.at("faults"), f"there are more than {Faults.MOST:,}")
        yield record
