"""The whole contents of a sandbox: as commands that put them into the store, and read back."""

import secrets
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from mock_server.domain.order_chains import OrderChain
from mock_server.sandbox.sandbox import State
from mock_server.shared_store.connection import Command
from mock_server.shared_store.faults import ReadFaults, fault_commands, fault_records
from mock_server.shared_store.feed import feed_state, numbered_entry
from mock_server.shared_store.keys import Keys
from mock_server.shared_store.orders import ReadOrders, first_commands
from mock_server.shared_store.parts import ReadRegisters, fingerprint_of, write_shared_register
from mock_server.shared_store.records import read_chain, with_inquiry, write_entry
from mock_server.shared_store.scripts import READ
from mock_server.shared_store.world import reading_of, write_time
from mock_server.store.port import Wake

_MICROSECOND = timedelta(microseconds=1)


def contents_commands(
    keys: Keys, state: State, wall: datetime, wake: Wake, counted: Collection[UUID] = ()
) -> Iterator[Command]:
    """Yield the commands that put a world into *state*, at *wall*; *counted* orders count."""
    yield "UNLINK", *keys.contents()
    register = None if state.register is None else write_shared_register(state.register)
    members: dict[str, str | int] = {
        "world": secrets.token_hex(8),
        "ahead": (state.now - wall) // _MICROSECOND,
        "frozen": write_time(state.now) if state.is_frozen else "",
        "register": "" if register is None else fingerprint_of(register),
        "pause": "" if state.no_email_until is None else write_time(state.no_email_until),
        "given": state.feed.given,
        "shown": state.feed.shown,
        "counted": len(counted),
    }
    yield "HSET", keys.world, *(part for pair in members.items() for part in pair)
    yield "HINCRBY", keys.world, "moves", 1
    if register is not None:
        yield "SET", keys.register, register
    yield from first_commands(
        keys, state.orders, state.chains, wall=wall, wake=wake, counted=counted
    )
    yield from fault_commands(keys, state.faults)
    for entry in state.feed.entries:
        if entry.number:
            yield from numbered_entry(keys, entry)
        else:
            yield "HSET", keys.feed, str(entry.shipment_id), write_entry(entry)
            yield "SADD", keys.feed_pending, str(entry.shipment_id)


def state_commands(keys: Keys) -> list[Command]:
    """Return the commands that read all of a world, for `read_state`."""
    return [
        ("EVAL", READ, 2, keys.world, keys.changes),
        ("HVALS", keys.orders),
        ("HVALS", keys.chains),
        ("HVALS", keys.faults),
        ("HGETALL", keys.fault_counts),
        ("HVALS", keys.feed),
        ("GET", keys.register),
    ]


def read_state(
    answers: list[Any], orders: ReadOrders, faults: ReadFaults, registers: ReadRegisters
) -> State:
    """Return the state that the *answers* to `state_commands` hold."""
    seen, order_texts, chain_texts, rules, counts, entries, register = answers
    reading = reading_of(seen)
    stored = sorted(map(orders.read, order_texts), key=lambda item: item.seq)
    chains: list[tuple[int, OrderChain]] = sorted(
        map(read_chain, chain_texts), key=lambda item: item[0]
    )
    return State(
        reading.now,
        reading.frozen is not None,
        tuple(with_inquiry(item, reading.wall) for item in stored),
        tuple(fault_records(faults, rules, counts)),
        tuple(chain for _, chain in chains),
        registers.read(register) if reading.register and register else registers.first,
        feed_state(entries, reading.given, reading.shown),
        reading.pause,
    )
