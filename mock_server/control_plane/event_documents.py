"""Events as the control plane tells of them: short documents, in the form of Server-Sent Events."""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

import orjson

from mock_server.domain.messages import message_of
from mock_server.domain.orders import Order
from mock_server.formats.timestamps import format_timestamp
from mock_server.sandbox.changes import ChangeKind
from mock_server.sandbox.event_log import Event
from mock_server.sandbox.faults import FaultRecord
from mock_server.sandbox.journal import Entry, write_entry_head

LONGEST = 200
"""Characters of a text that an event repeats; what is longer is cut."""


def write_event(event: Event) -> bytes:
    """
    Return *event* as one Server-Sent Event: its id, and the document as data.

    Source: docs/messages.md, "Events"; HTML standard, "Server-sent events".
    """
    if event.written is None:
        if isinstance(event.what, partial):  # an entry of the journal that is not written yet
            event.what = event.what()
        document = {
            "id": event.id,
            "at": format_timestamp(event.at or _time_of(event)),
            "type": str(event.kind),
            "data": {"count": event.count} if event.count else _data(event),
        }
        event.written = b"id: %d\ndata: %b\n\n" % (event.id, _dump(document))
        # What it was made of is not needed any longer.
        event.what = event.before = None
    return event.written


def _dump(document: Mapping[str, object]) -> bytes:
    """Return *document* in ASCII alone: many readers of lines break them at U+2028, too."""
    with suppress(TypeError):  # half a surrogate pair, which UTF-8 does not have
        written = orjson.dumps(document)
        if written.isascii():
            return written
    return json.dumps(document, separators=(",", ":")).encode()


def _time_of(event: Event) -> datetime:
    """Return the time that what *event* is about has with it."""
    if isinstance(event.what, Entry):
        return event.what.time
    about = event.what[1] if event.kind == ChangeKind.MESSAGE else event.what
    moment: datetime = about.last_update
    return moment


def _data(event: Event) -> Mapping[str, object]:
    what = event.what
    if event.kind == ChangeKind.REQUEST:
        return {"cleared": True} if what is None else _request(what)
    if event.kind == ChangeKind.ORDER:
        return {"id": str(event.before.id), "deleted": True} if what is None else _order(what)
    if event.kind == ChangeKind.MESSAGE:
        return _message(*what)
    if event.kind == ChangeKind.CLOCK:
        return {"now": format_timestamp(what[0]), "frozen": what[1]}
    if event.kind == ChangeKind.FAULT:
        return _fault(what, event.before)
    return {}


def _request(entry: Any) -> Mapping[str, object]:
    head = write_entry_head(entry)
    return {name: _cut(value) for name, value in head.items()}


def _order(order: Order) -> Mapping[str, object]:
    return {
        "id": str(order.id),
        "creator": _cut(order.creator),
        "sendersReference": _cut(order.senders_reference),
        "type": str(order.type),
        "status": str(order.status),
        "requestedSendTime": format_timestamp(order.requested_send_time),
        "lastUpdate": format_timestamp(order.last_update),
    }


def _message(order: Order, notification: Any) -> Mapping[str, object]:
    message = message_of(order, notification)
    return {
        "id": str(message.id),
        "orderId": str(message.order_id),
        "channel": str(message.channel),
        "to": _cut(message.to),
        "subject": _cut(message.subject),
        "status": str(message.status),
        "updatedAt": format_timestamp(message.updated),
    }


def _fault(record: FaultRecord | None, before: FaultRecord | None) -> Mapping[str, object]:
    if record is not None:
        return {"id": record.fault.id, "matched": record.matched}
    return {"cleared": True} if before is None else {"id": before.fault.id, "disarmed": True}


def _cut(value: Any) -> Any:
    if not isinstance(value, str) or len(value) <= LONGEST:
        return value
    return f"{value[:LONGEST]}…"
