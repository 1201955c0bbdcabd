"""Snapshots: all that a sandbox remembers, but for its journal, as one JSON document."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from mock_server.contract.contract import Contract
from mock_server.contract.references import inlined
from mock_server.contract.schemas import errors_in
from mock_server.documents.fault_snapshots import read_record, write_record
from mock_server.documents.order_snapshots import read_order, refuse_late
from mock_server.documents.register_file import read_register, write_register
from mock_server.domain.clock import EARLIEST, LATEST
from mock_server.domain.order_chains import OrderChain
from mock_server.domain.orders import Order
from mock_server.domain.register import Register
from mock_server.domain.status_feed import ENDED, FeedEntry
from mock_server.formats.timestamps import format_timestamp
from mock_server.records.chains import CHAIN
from mock_server.records.feed import FEED_ENTRY
from mock_server.records.members import TIME, WHOLE, MemberError, place_of, shown
from mock_server.records.orders import ORDER, READ_VERSIONS, VERSION
from mock_server.sandbox.faults import FaultRecord, Faults
from mock_server.sandbox.progress import EMAIL_PAUSE
from mock_server.sandbox.sandbox import State
from mock_server.sandbox.status_feed import LEFT_OUT, FeedState

MOST_GIVEN = 7 * 10**18
"""How many sequence numbers of a feed were given out at most: those to come have 63 bits, too."""

_T = TypeVar("_T")


def as_json(document: object) -> Any:
    """
    Return a deep copy of *document* in JSON's types.

    Raises:
        MemberError: JSON cannot have it.
    """
    try:
        return json.loads(json.dumps(document, allow_nan=False, ensure_ascii=False).encode())
    except (TypeError, ValueError, RecursionError) as error:
        raise MemberError("$", f"it is not JSON: {error}") from error


def write_state(state: State) -> dict[str, object]:
    """Return the document that has all of *state*."""
    return {
        **write_small_members(state),
        "feed": [FEED_ENTRY.write(entry) for entry in state.feed.entries],
        "orders": [ORDER.write(item) for item in state.orders],
    }


def write_small_members(state: State) -> dict[str, object]:
    """Return the document of *state* without orders and feed, which may be long."""
    pause = state.no_email_until
    return {
        "version": VERSION,
        "clock": {"now": format_timestamp(state.now), "frozen": state.is_frozen},
        **({} if pause is None else {"noEmailUntil": format_timestamp(pause)}),
        "faults": [write_record(record) for record in state.faults],
        "feedNumbers": {"given": state.feed.given, "shown": state.feed.shown},
        "chains": [CHAIN.write(chain) for chain in state.chains],
        **({} if state.register is None else {"register": write_register(state.register)}),
    }


class Snapshots:
    """
    Reader of snapshots: the schema `State` of the control plane judges them, then our own rules.

    Orders are judged one by one, since there may be a million of them.
    """

    def __init__(self, control: Contract, operation_ids: Collection[str]) -> None:
        """Judge by the schemas of *control*; faults are about one of *operation_ids*, or any."""
        schemas = inlined(control.document["components"]["schemas"], control.document)
        self._order, self._state = schemas["OrderRecord"], schemas["State"]
        self._entry = schemas["FeedRecord"]
        self._operation_ids = operation_ids

    def read(self, document: object, place: str = "") -> State:
        """
        Return the state that *document*, which stands at *place* of a larger one, has.

        Raises:
            MemberError: another version, or something is missing, unknown, bad, twice or
                impossible; the first such thing.
        """
        members = check_version(document, place)
        if "sandboxes" in members:
            message = "it holds several sandboxes; send the document of one of them"
            raise MemberError(place_of(place, "sandboxes"), message)
        long: dict[str, Any] = {
            name: [] for name in ("orders", "feed") if isinstance(members.get(name), list)
        }
        self._judge(members | long, self._state, place)
        where = place_of(place, "clock.now")
        now = TIME.read(members["clock"]["now"], where)
        if now < EARLIEST:
            raise MemberError(where, f"'{format_timestamp(now)}' is before the clock goes")
        refuse_late(now, where)
        return State(
            now,
            members["clock"]["frozen"],
            tuple(self._orders(members["orders"], place_of(place, "orders"))),
            tuple(self._records(members["faults"], place_of(place, "faults"))),
            tuple(self._chains(members.get("chains", []), place_of(place, "chains"))),
            _register(members.get("register"), place_of(place, "register")),
            self._feed(members, place),
            _pause(members.get("noEmailUntil"), place_of(place, "noEmailUntil")),
        )

    def _feed(self, members: Mapping[str, Any], place: str) -> FeedState:
        numbers = members.get("feedNumbers") or {"given": 0, "shown": 0}
        where = place_of(place, "feed")
        entries = tuple(self._entries(members.get("feed") or [], where))
        numbered = [entry.number for entry in entries if entry.number]
        if numbered != sorted(set(numbered)) or any(
            entry.number for entry in entries[len(numbered) :]
        ):
            message = "numbers do not rise; send the entries in order, those without a number last"
            raise MemberError(where, message)
        if numbers["given"] > MOST_GIVEN:
            message = f"no feed has come so far; send at most {MOST_GIVEN}"
            raise MemberError(place_of(place, "feedNumbers.given"), message)
        highest = numbers["given"] + numbers["given"] // (LEFT_OUT - 1)
        if numbered and numbered[-1] > highest:
            message = "fewer numbers were given out than the feed has"
            raise MemberError(place_of(place, "feedNumbers.given"), message)
        if numbers["shown"] > highest:
            message = f"no number above {highest} was given out; send that at most"
            raise MemberError(place_of(place, "feedNumbers.shown"), message)
        return FeedState(entries, numbers["given"], numbers["shown"])

    def _entries(self, documents: list[object], place: str) -> Iterator[FeedEntry]:
        def read(document: object, where: str) -> tuple[UUID, FeedEntry]:
            self._judge(document, self._entry, where)
            entry = FEED_ENTRY.read(document, where)
            if entry.status not in ENDED:
                message = f"an order that is {entry.status} has not ended, and has no entry"
                raise MemberError(place_of(where, "status"), message)
            refuse_late(entry.written, place_of(where, "written"))
            return entry.shipment_id, entry

        return _each_once(documents, place, read, "shipmentId")

    def _judge(self, document: object, schema: Mapping[str, Any], place: str) -> None:
        """Raise MemberError with the first thing in *document* that breaks *schema*."""
        for found, messages in errors_in(document, schema).items():
            where = f"{place}{found.removeprefix('$')}".removeprefix(".")
            raise MemberError(where or "$", messages[0].rstrip("."))

    def _orders(self, documents: list[object], place: str) -> Iterator[Order]:
        def read(document: object, where: str) -> tuple[UUID, Order]:
            self._judge(document, self._order, where)
            order = read_order(document, where)
            return order.id, order

        return _each_once(documents, place, read)

    def _chains(self, documents: list[Any], place: str) -> Iterator[OrderChain]:
        def read(document: Any, where: str) -> tuple[object, OrderChain]:
            chain = CHAIN.read(document, where)
            return chain.id, chain

        return _each_once(documents, place, read)

    def _records(self, documents: list[Any], place: str) -> Iterator[FaultRecord]:
        def read(document: Any, where: str) -> tuple[str, FaultRecord]:
            record = read_record(document, where, self._operation_ids)
            return record.fault.id, record

        if len(documents) > Faults.MOST:
            raise MemberError(place, f"there are more than {Faults.MOST:,}")
        return _each_once(documents, place, read)


def _pause(text: object, place: str) -> datetime | None:
    if text is None:
        return None
    until: datetime = TIME.read(text, place)
    refuse_late(until, place, LATEST + EMAIL_PAUSE)
    return until


def _register(document: object, place: str) -> Register | None:
    return None if document is None else read_register(document, place)


def _each_once(
    documents: list[Any],
    place: str,
    read: Callable[[Any, str], tuple[object, _T]],
    name: str = "id",
) -> Iterator[_T]:
    """Yield what *read* makes of each of *documents*; MemberError where an id is there twice."""
    seen: set[object] = set()
    for index, document in enumerate(documents):
        where = f"{place}[{index}]"
        id_, value = read(document, where)
        if id_ in seen:
            raise MemberError(place_of(where, name), f"'{id_}' is there twice")
        seen.add(id_)
        yield value


def check_object(document: object, place: str = "") -> dict[str, Any]:
    """Return *document*, which stands at *place*; MemberError where it is no object."""
    if not isinstance(document, dict):
        raise MemberError(place or "$", f"{shown(document)} is not an object; send one")
    return document


def check_version(document: object, place: str = "") -> dict[str, Any]:
    """Return *document*, at *place*; MemberError where it is no object, or of another version."""
    where = place_of(place, "version")
    members = check_object(document, place)
    version = members.get("version")
    if version is None:
        raise MemberError(where, WHOLE)
    if isinstance(version, bool) or not isinstance(version, int) or version not in READ_VERSIONS:
        known = " or ".join(map(str, READ_VERSIONS))
        message = f"version {shown(version)} is not read here; send one of version {known}"
        raise MemberError(where, message)
    return members
