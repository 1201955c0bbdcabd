"""The orders of a sandbox in the shared store."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from threading import Lock
from typing import Any
from uuid import UUID

from mock_server.domain.order_chains import ChainKey, OrderChain
from mock_server.domain.orders import Order, OrderExistsError, OrderNotFoundError, changed
from mock_server.records.orders import ORDER
from mock_server.sandbox.changes import ChangeKind
from mock_server.shared_store.capacity import SharedCapacity
from mock_server.shared_store.connection import Command
from mock_server.shared_store.keys import Keys
from mock_server.shared_store.records import (
    Stored,
    dump,
    key_of_chain,
    new_revision,
    read_chain,
    read_record,
    reference_prefix,
    seconds_of,
    with_inquiry,
    write_chain_rest,
    write_record,
    write_rest,
)
from mock_server.shared_store.world import Reading, Unit, World
from mock_server.store.port import Hear, Wake, never, unheard

MOST_READ = 4096
"""How many orders are kept as they were read, since to read one again takes time."""

_LONGEST_KEPT = 8192
_PAGE = 1000
_AT_ONCE = "-inf"
"""The place in the agenda of those whose send condition is being asked: somebody may have died."""


class ReadOrders:
    """Orders as they were read from records, by revision; to be thrown away at any time."""

    def __init__(self) -> None:
        """Begin empty."""
        self._lock = Lock()
        self._known: OrderedDict[str, Stored] = OrderedDict()
        # Whoever asks a send condition has to find the very order again.
        self._asked: dict[str, Order] = {}

    def read(self, text: str) -> Stored:
        """Return the order in the record *text*."""
        with self._lock:
            known = self._known.get(text)
        if known is not None:
            return known
        stored = read_record(text)
        if len(text) > _LONGEST_KEPT:
            return stored
        with self._lock:
            self._known[text] = stored
            if len(self._known) > MOST_READ:
                self._known.popitem(last=False)
        return stored

    def ask(self, revision: str, order: Order) -> None:
        """Remember *order*, of that *revision*, whose send condition is asked for here."""
        self._asked[revision] = order

    def found(self, stored: Stored, wall: datetime) -> Order:
        """Return the order of *stored*, the one that is asked for, else one of its own."""
        return self._asked.get(stored.revision) or changed(with_inquiry(stored, wall))

    def forget(self, revision: str) -> None:
        """Let go of the requests made at that *revision*."""
        self._asked.pop(revision, None)


class SharedOrders:
    """
    A store of orders in Redis. Safe to use from several threads and processes.

    `update` decides without a lock, and stores only if nothing of what it read has changed.
    """

    is_shared = True

    def __init__(
        self, world: World, capacity: SharedCapacity, read: ReadOrders, wake: Wake = never
    ) -> None:
        """Keep orders in *world*, counted in *capacity*; *wake* tells when time changes one."""
        self._world = world
        self._keys = world.keys
        self._capacity = capacity
        self._read = read
        self._wake = wake
        self._hear: Hear = unheard
        self._is_retired = False

    def add(self, order: Order) -> None:
        """Store a new *order*; raise OrderExistsError or StoreFullError where it cannot be."""

        def decide(unit: Unit) -> None:
            self._add(unit, (order,), unit.reading.values)

        self._world.attempt(decide, (self._keys.orders, str(order.id)))
        self._hear(None, order)

    def _add(self, unit: Unit, orders: Sequence[Order], found: Sequence[str | None]) -> None:
        for order, text in zip(orders, found, strict=True):
            if text is not None:
                raise OrderExistsError(order.id)
            unit.expect(self._keys.orders, str(order.id), "")
        if not self._is_retired:
            self._capacity.take(len(orders))
            unit.undone.append(lambda: self._capacity.give_back(len(orders)))
        for order in orders:
            rest = write_rest(order, new_revision(), unit.reading.wall, is_free=False)
            prefix = ""
            if order.senders_reference is not None:
                prefix = reference_prefix(order.creator, order.senders_reference)
            unit.add("NEW", self._keys.orders, str(order.id), rest, prefix, self._keys.references)
            unit.commands += self._noted(order)
        unit.add("HINCRBY", self._keys.world, "counted", len(orders))
        for order in orders:
            self._tell(unit, None, order)

    def _noted(self, order: Order) -> Iterator[Command]:
        """Yield the command that puts *order* into the agenda, or takes it out."""
        score = agenda_score(order, self._wake)
        if score is None:
            yield "ZREM", self._keys.agenda, str(order.id)
        else:
            yield "ZADD", self._keys.agenda, score, str(order.id)

    def add_chain(self, chain: OrderChain, orders: Sequence[Order]) -> OrderChain:
        """Store *chain* and its *orders*, or return the one that has its key already."""
        name = key_of_chain(chain.key)

        def decide(unit: Unit) -> OrderChain:
            known, *found = unit.reading.values
            if known is not None:
                return read_chain(known)[1]
            unit.expect(self._keys.chains, name, "")
            self._add(unit, orders, found)
            unit.add("NEW", self._keys.chains, name, write_chain_rest(chain), "", "")
            return chain

        places = [(self._keys.orders, str(order.id)) for order in orders]
        stored = self._world.attempt(decide, (self._keys.chains, name), *places)
        if stored is chain:
            for order in orders:
                self._hear(None, order)
        return stored

    def find_chain(self, key: ChainKey) -> OrderChain | None:
        """Return the chain with this *key*, None where there is none."""
        text = self._world.read((self._keys.chains, key_of_chain(key))).values[0]
        return None if text is None else read_chain(text)[1]

    def chains(self) -> list[OrderChain]:
        """Return every chain, oldest first by creation in the store."""
        texts = self._world.connection.bulk("HVALS", self._keys.chains)
        return [chain for _, chain in sorted(map(read_chain, texts), key=lambda item: item[0])]

    def get(self, order_id: UUID, creator: str | None = None) -> Order:
        """Return an order; raise OrderNotFoundError where there is none."""
        reading = self._world.read((self._keys.orders, str(order_id)))
        return with_inquiry(self._stored(reading, order_id, creator), reading.wall)

    def _stored(self, reading: Reading, order_id: UUID, creator: str | None) -> Stored:
        text = reading.values[0]
        stored = None if text is None else self._read.read(text)
        if stored is None or creator not in (None, stored.order.creator):
            raise OrderNotFoundError(order_id, creator)
        return stored

    def find(self, creator: str, senders_reference: str) -> list[Order]:
        """Return the orders of *creator* with exactly this reference, oldest first."""
        prefix = reference_prefix(creator, senders_reference)
        found = self._world.connection.call(
            "ZRANGEBYLEX", self._keys.references, f"[{prefix}", f"[{prefix}~"
        )
        return [stored.order for stored in self._several(item[-36:] for item in found)]

    def update(
        self, order_id: UUID, change: Callable[[Order], Order], creator: str | None = None
    ) -> Order:
        """Replace an order by *change* of it and return the new one; no change on an error."""
        before: Order | None = None

        def decide(unit: Unit) -> Order:
            nonlocal before
            stored = self._stored(unit.reading, order_id, creator)
            before = found = self._read.found(stored, unit.reading.wall)
            after = change(found)
            if after is found:
                # Nothing that was told on the way belongs to it.
                unit.commands.clear()
                return found
            self._put(unit, stored, after)
            return after

        after = self._world.attempt(decide, (self._keys.orders, str(order_id)))
        if before is not None and after is not before:
            self._hear(before, after)
        return after

    def _tell(self, unit: Unit, before: Order | None, after: Order | None) -> None:
        """Let *unit* tell other processes of a change, if any of them listens."""
        if unit.reading.is_followed:
            pairs = (("before", before), ("after", after))
            orders = {name: None if item is None else ORDER.write(item) for name, item in pairs}
            told = {"by": self._world.me, "kind": ChangeKind.ORDER, **orders}
            unit.add("PUBLISH", self._keys.changes, dump(told))

    def _put(self, unit: Unit, stored: Stored, after: Order) -> None:
        """Let *unit* store *after* in place of *stored*."""
        revision = new_revision()
        rest = write_rest(after, revision, unit.reading.wall, is_free=stored.is_free)
        unit.expect_beginning(self._keys.orders, str(after.id), stored.beginning)
        unit.add("HSET", self._keys.orders, str(after.id), write_record(stored.seq, rest))
        before = stored.order
        self._tell(unit, before, after)
        if (before.creator, before.senders_reference) != (after.creator, after.senders_reference):
            for order, command in ((before, "ZREM"), (after, "ZADD")):
                if order.senders_reference is not None:
                    member = reference_member(order, stored.seq)
                    score = (0,) if command == "ZADD" else ()
                    unit.add(command, self._keys.references, *score, member)
        if agenda_score(before, self._wake) != agenda_score(after, self._wake):
            unit.commands += self._noted(after)
        unit.done.append(lambda: self._read.forget(stored.revision))
        if after.inquiry is not None and after.inquiry.is_open:
            unit.done.append(lambda: self._read.ask(revision, after))

    def delete(self, order_id: UUID) -> None:
        """Forget an order; raise OrderNotFoundError where there is none."""

        def decide(unit: Unit) -> Stored:
            stored = self._stored(unit.reading, order_id, None)
            order, name = stored.order, str(order_id)
            unit.expect_beginning(self._keys.orders, name, stored.beginning)
            unit.add("HDEL", self._keys.orders, name)
            unit.add("ZREM", self._keys.agenda, name)
            if order.senders_reference is not None:
                unit.add("ZREM", self._keys.references, reference_member(order, stored.seq))
            if not stored.is_free:
                unit.add("HINCRBY", self._keys.world, "counted", -1)
            self._tell(unit, order, None)
            return stored

        stored = self._world.attempt(decide, (self._keys.orders, str(order_id)))
        if not (stored.is_free or self._is_retired):
            self._capacity.give_back()
        self._hear(stored.order, None)

    def due(self, until: datetime) -> list[Order]:
        """Return the orders that time changes by *until*, in order of when it does."""
        names = self._world.connection.bulk(
            "ZRANGEBYSCORE", self._keys.agenda, "-inf", seconds_of(until)
        )
        return [order for at, order in self._noted_at(names) if at <= until] if names else []

    def next_due(self) -> datetime | None:
        """Return when time next changes an order; None if it never does."""
        call, agenda = self._world.connection.call, self._keys.agenda
        first = call("ZRANGEBYSCORE", agenda, "(-inf", "+inf", "WITHSCORES", "LIMIT", 0, 1)
        if not first:
            return None
        # As pairs, or flat, in either form of the protocol.
        score = first[1] if len(first) > 1 else first[0][1]
        second = int(float(score))
        names = call("ZRANGEBYSCORE", agenda, "-inf", second)
        return min((at for at, _ in self._noted_at(names)), default=None)

    def _noted_at(self, names: Iterable[str]) -> list[tuple[datetime, Order]]:
        """Return those of the orders *names* that time changes, each with when it does."""
        wall = self._world.read().wall
        found = []
        for stored in self._several(names):
            order = with_inquiry(stored, wall)
            at = self._wake(order)
            if at is not None:
                found.append((at, stored.seq, order))
        found.sort(key=lambda item: item[:2])
        return [(at, order) for at, _, order in found]

    def _several(self, names: Iterable[str]) -> Iterator[Stored]:
        """Yield the orders *names* that are there, in that order."""
        listed = list(names)
        for start in range(0, len(listed), _PAGE):
            page = listed[start : start + _PAGE]
            texts = self._world.connection.bulk("HMGET", self._keys.orders, *page)
            yield from (self._read.read(text) for text in texts if text is not None)

    def ranks(self, ids: Collection[UUID]) -> Mapping[UUID, int]:
        """Return the place among all, by creation in the store, of each that is in it."""
        return {item.order.id: item.seq for item in self._several(map(str, ids))}

    def all(self) -> list[Order]:
        """Return every order, oldest first by creation in the store."""
        wall = self._world.read().wall
        return [with_inquiry(stored, wall) for stored in self._every()]

    def _every(self) -> list[Stored]:
        found: dict[str, Stored] = {}
        cursor = "0"
        while True:
            cursor, flat = self._world.connection.bulk(
                "HSCAN", self._keys.orders, cursor, "COUNT", _PAGE
            )
            pairs = (
                flat.items() if isinstance(flat, dict) else zip(flat[::2], flat[1::2], strict=True)
            )
            found |= {name: self._read.read(text) for name, text in pairs}
            if str(cursor) == "0":
                return sorted(found.values(), key=lambda item: item.seq)

    def __len__(self) -> int:
        """Return how many orders there are."""
        return int(self._world.connection.call("HLEN", self._keys.orders))

    def clear(self, orders: Iterable[Order] = (), chains: Iterable[OrderChain] = ()) -> None:
        """Forget everything and start again with *orders*, which count against no limit."""
        keys, reading = self._keys, self._world.read()
        contents = (keys.orders, keys.agenda, keys.references, keys.chains)
        answers = self._world.connection.together(
            [
                ("HGET", keys.world, "counted"),
                ("UNLINK", *contents),
                ("HSET", keys.world, "counted", 0),
                *first_commands(keys, orders, chains, wall=reading.wall, wake=self._wake),
            ]
        )
        if not self._is_retired:
            self._capacity.give_back(int(answers[0] or 0))

    def listen(self, hear: Hear) -> None:
        """Tell *hear* from now on of each order that this process stores, changes or deletes."""
        self._hear = hear

    def retire(self, after: int) -> None:
        """Free this store's share of the capacity and reserve *after* orders for its successor."""
        if not self._is_retired:
            self._capacity.exchange(self._world.read().counted, after)
            self._is_retired = True


def as_pairs(flat: Any) -> Iterable[tuple[str, str]]:
    """Return the fields and values of a hash, in either form of the protocol."""
    return flat.items() if isinstance(flat, dict) else zip(flat[::2], flat[1::2], strict=True)


def agenda_score(order: Order, wake: Wake) -> int | str | None:
    """Return the place of *order* in the agenda; None: time leaves it alone."""
    if order.inquiry is not None and order.inquiry.is_open:
        return _AT_ONCE
    at = wake(order)
    return None if at is None else seconds_of(at)


def reference_member(order: Order, seq: int) -> str:
    """Return the entry of *order*, which has a reference, among the references."""
    prefix = reference_prefix(order.creator, order.senders_reference or "")
    return f"{prefix}{seq:016d}{order.id}"


def first_commands(
    keys: Keys,
    orders: Iterable[Order],
    chains: Iterable[OrderChain],
    *,
    wall: datetime,
    wake: Wake,
    counted: Collection[UUID] = (),
) -> Iterator[Command]:
    """Yield the commands that store *orders* and *chains* where there are none; *counted* count."""
    seq = 0
    for order in orders:
        seq += 1
        rest = write_rest(order, new_revision(), wall, is_free=order.id not in counted)
        yield "HSET", keys.orders, str(order.id), write_record(seq, rest)
        if order.senders_reference is not None:
            yield "ZADD", keys.references, 0, reference_member(order, seq)
        score = agenda_score(order, wake)
        if score is not None:
            yield "ZADD", keys.agenda, score, str(order.id)
    for chain in chains:
        seq += 1
        record = write_record(seq, write_chain_rest(chain))
        yield "HSET", keys.chains, key_of_chain(chain.key), record
    yield "HSET", keys.world, "seq", seq
