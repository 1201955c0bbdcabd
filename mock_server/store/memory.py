"""The store in memory."""

import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from mock_server.domain.order_chains import ChainKey, OrderChain
from mock_server.domain.orders import Order, OrderExistsError, OrderNotFoundError
from mock_server.store.agenda import Agenda
from mock_server.store.port import Capacity, Hear, Wake, never, unheard


class _References:
    """
    Which orders of a creator have which reference.

    Most references are of one order alone, whose id is kept as it is: with a million orders, a
    dict for each would take a fifth of the memory.
    """

    def __init__(self) -> None:
        self._ids: dict[tuple[str, str | None], UUID | dict[UUID, None]] = {}

    def add(self, order: Order) -> None:
        if order.senders_reference is None:
            return
        reference = _reference(order)
        ids = self._ids.setdefault(reference, order.id)
        if isinstance(ids, dict):
            # A dict for its keys alone: they keep their order.
            ids[order.id] = None
        elif ids != order.id:
            self._ids[reference] = {ids: None, order.id: None}

    def forget(self, order: Order) -> None:
        ids = self._ids.get(_reference(order))
        if isinstance(ids, dict):
            del ids[order.id]
        if not isinstance(ids, dict) or not ids:
            self._ids.pop(_reference(order), None)

    def find(self, creator: str, senders_reference: str) -> Iterable[UUID]:
        ids = self._ids.get((creator, senders_reference), {})
        return ids if isinstance(ids, dict) else (ids,)


def _reference(order: Order) -> tuple[str, str | None]:
    return order.creator, order.senders_reference


class MemoryStore:
    """
    A store in memory behind one lock. Safe to use from several threads.

    `update` runs its change inside the lock, which is what the row lock does in the real service.
    """

    is_shared = False

    def __init__(
        self,
        capacity: Capacity,
        orders: Iterable[Order] = (),
        counted: Iterable[UUID] = (),
        chains: Iterable[OrderChain] = (),
        *,
        wake: Wake = never,
    ) -> None:
        """
        Start with *orders* and *chains*; further orders count against *capacity*.

        Those with the ids *counted* are, already, in favour of this store. *wake* tells from when
        on time changes an order.
        """
        self._wake = wake
        self._capacity = capacity
        self._lock = threading.Lock()
        # By the number that an id is: ids themselves are hashed and compared by Python code.
        self._orders: dict[int, Order] = {}
        self._chains: dict[ChainKey, OrderChain] = {}
        # Those that count against no limit, which are few.
        self._free: set[UUID] = set()
        self._references = _References()
        self._agenda = Agenda(wake)
        self._is_retired = False
        self._hear: Hear = unheard
        self.clear(orders, chains)
        self._free.difference_update(counted)

    def add(self, order: Order) -> None:
        """Store a new *order*; raise OrderExistsError or StoreFullError where it cannot be."""
        with self._lock:
            self._add((order,))

    def _add(self, orders: Sequence[Order]) -> None:
        for order in orders:
            if order.id.int in self._orders:
                raise OrderExistsError(order.id)
        if not self._is_retired:
            self._capacity.take(len(orders))
        for order in orders:
            self._put(order)
            self._hear(None, order)

    def add_chain(self, chain: OrderChain, orders: Sequence[Order]) -> OrderChain:
        """Store *chain* and its *orders*, or return the one that has its key already."""
        with self._lock:
            known = self._chains.get(chain.key)
            if known is not None:
                return known
            self._add(orders)
            self._chains[chain.key] = chain
            return chain

    def find_chain(self, key: ChainKey) -> OrderChain | None:
        """Return the chain with this *key*, None where there is none."""
        return self._chains.get(key)

    def chains(self) -> list[OrderChain]:
        """Return every chain, oldest first by creation in the store."""
        with self._lock:
            return list(self._chains.values())

    def _put(self, order: Order) -> None:
        self._orders[order.id.int] = order
        self._references.add(order)
        self._agenda.note(order)

    def get(self, order_id: UUID, creator: str | None = None) -> Order:
        """Return an order; raise OrderNotFoundError where there is none."""
        # One look into a dict is whole without the lock.
        return self._find(order_id, creator)

    def _find(self, order_id: UUID, creator: str | None) -> Order:
        order = self._orders.get(order_id.int)
        if order is None or (creator is not None and creator != order.creator):
            raise OrderNotFoundError(order_id, creator)
        return order

    def find(self, creator: str, senders_reference: str) -> list[Order]:
        """Return the orders of *creator* with exactly this reference, oldest first."""
        with self._lock:
            ids = self._references.find(creator, senders_reference)
            return [self._orders[order_id.int] for order_id in ids]

    def update(
        self, order_id: UUID, change: Callable[[Order], Order], creator: str | None = None
    ) -> Order:
        """Replace an order by *change* of it and return the new one; no change on an error."""
        with self._lock:
            found = self._find(order_id, creator)
            changed = change(found)
            if changed is found:
                return found
            if _reference(changed) != _reference(found):
                self._references.forget(found)
                self._references.add(changed)
            self._orders[order_id.int] = changed
            self._agenda.note(changed, before=found)
            self._agenda.tidy(self._orders)
            self._hear(found, changed)
            return changed

    def delete(self, order_id: UUID) -> None:
        """Forget an order; raise OrderNotFoundError where there is none."""
        with self._lock:
            found = self._find(order_id, None)
            self._references.forget(found)
            del self._orders[order_id.int]
            if order_id in self._free:
                self._free.discard(order_id)
            elif not self._is_retired:
                self._capacity.give_back()
            self._agenda.tidy(self._orders)
            self._hear(found, None)

    def due(self, until: datetime) -> list[Order]:
        """Return the orders that time changes by *until*, in order of when it does."""
        with self._lock:
            return self._agenda.due(until, self._orders)

    def next_due(self) -> datetime | None:
        """Return when time next changes an order; None if it never does."""
        with self._lock:
            return self._agenda.next(self._orders)

    def ranks(self, ids: Collection[UUID]) -> Mapping[UUID, int]:
        """Return the place among all, by creation in the store, of each that is in it."""
        with self._lock:
            orders = enumerate(self._orders.values())
            return {order.id: place for place, order in orders if order.id in ids}

    def all(self) -> list[Order]:
        """Return every order, oldest first by creation in the store."""
        with self._lock:
            return list(self._orders.values())

    def __len__(self) -> int:
        """Return how many orders there are."""
        return len(self._orders)

    def clear(self, orders: Iterable[Order] = (), chains: Iterable[OrderChain] = ()) -> None:
        """Forget everything and start again with *orders*, which count against no limit."""
        with self._lock:
            self._capacity.give_back(self._counted())
            self._orders.clear()
            self._chains = {chain.key: chain for chain in chains}
            self._references = _References()
            self._agenda = Agenda(self._wake)
            for order in orders:
                self._put(order)
            self._free = {order.id for order in self._orders.values()}

    def listen(self, hear: Hear) -> None:
        """Tell *hear* from now on of each order that is stored, changed or deleted."""
        self._hear = hear

    def retire(self, after: int) -> None:
        """Free this store's share of the capacity and reserve *after* orders for its successor."""
        with self._lock:
            self._capacity.exchange(self._counted(), after)
            self._is_retired = True

    def _counted(self) -> int:
        return 0 if self._is_retired else len(self._orders) - len(self._free)
