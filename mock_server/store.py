"""Where a sandbox keeps its orders: the port, and the store in memory."""

import threading
from collections.abc import Callable, Iterable
from typing import Protocol
from uuid import UUID

from mock_server.orders import Order, OrderExistsError, OrderNotFoundError


class StoreFullError(Exception):
    """The mock holds as many orders as it may."""

    def __init__(self, limit: int) -> None:
        """Remember the *limit* that was reached."""
        self.limit = limit
        super().__init__(f"the mock holds {limit} orders, its limit")


class Capacity:
    """
    How many orders several stores may hold together. Safe to use from several threads.

    Source: design, "Safe to leave running".
    """

    def __init__(self, limit: int) -> None:
        """Allow *limit* orders in all."""
        self.limit = limit
        self._used = 0
        self._lock = threading.Lock()

    def take(self) -> None:
        """
        Count one more order.

        Raises:
            StoreFullError: the limit is reached; nothing is counted.
        """
        with self._lock:
            if self._used >= self.limit:
                raise StoreFullError(self.limit)
            self._used += 1

    def exchange(self, before: int, after: int) -> None:
        """
        Count *after* orders in place of *before*.

        Raises:
            StoreFullError: the limit would be passed; nothing is counted.
        """
        with self._lock:
            if self._used - before + after > self.limit:
                raise StoreFullError(self.limit)
            self._used += after - before

    def give_back(self, number: int = 1) -> None:
        """Count *number* orders fewer."""
        with self._lock:
            self._used -= number


_Reference = tuple[str, str | None]


def _reference(order: Order) -> _Reference:
    return order.creator, order.senders_reference


class Store(Protocol):
    """
    What the mock needs of a store. Every method is atomic.

    *creator* None means whoever created it; the control plane sees all.
    """

    def add(self, order: Order) -> None:
        """Store a new *order*; raise OrderExistsError or StoreFullError where it cannot be."""

    def get(self, order_id: UUID, creator: str | None = None) -> Order:
        """Return an order; raise OrderNotFoundError where there is none."""

    def find(self, creator: str, senders_reference: str) -> list[Order]:
        """Return the orders of *creator* with exactly this reference, oldest first."""

    def update(
        self, order_id: UUID, change: Callable[[Order], Order], creator: str | None = None
    ) -> Order:
        """Replace an order by *change* of it and return the new one; an error stores nothing."""

    def delete(self, order_id: UUID) -> None:
        """Forget an order; raise OrderNotFoundError where there is none."""

    def all(self) -> list[Order]:
        """Return every order, oldest first by creation in the store."""

    def __len__(self) -> int:
        """Return how many orders there are."""

    def clear(self, orders: Iterable[Order] = ()) -> None:
        """Forget everything and start again with *orders*, which count against no limit."""

    def retire(self, after: int) -> None:
        """
        Count no orders any longer, and *after* in a successor instead; what is stored stays.

        Raises:
            StoreFullError: the limit would be passed; nothing changes.
        """


class MemoryStore:
    """
    A store in memory behind one lock. Safe to use from several threads.

    `update` runs its change inside the lock, which is what the row lock does in the real service.
    """

    def __init__(
        self, capacity: Capacity, orders: Iterable[Order] = (), counted: Iterable[UUID] = ()
    ) -> None:
        """
        Start with *orders*; further ones count against *capacity*.

        Those with the ids *counted* are, already, in favour of this store.
        """
        self._capacity = capacity
        self._lock = threading.Lock()
        self._orders: dict[UUID, Order] = {}
        self._counted: set[UUID] = set()
        self._by_reference: dict[_Reference, dict[UUID, None]] = {}
        self._is_retired = False
        self.clear(orders)
        self._counted.update(counted)

    def add(self, order: Order) -> None:
        """Store a new *order*; raise OrderExistsError or StoreFullError where it cannot be."""
        with self._lock:
            if order.id in self._orders:
                raise OrderExistsError(order.id)
            if not self._is_retired:
                self._capacity.take()
                self._counted.add(order.id)
            self._put(order)

    def _put(self, order: Order) -> None:
        self._orders[order.id] = order
        # A dict for its keys alone: they keep their order.
        self._by_reference.setdefault(_reference(order), {})[order.id] = None

    def get(self, order_id: UUID, creator: str | None = None) -> Order:
        """Return an order; raise OrderNotFoundError where there is none."""
        # One look into a dict is whole without the lock.
        return self._find(order_id, creator)

    def _find(self, order_id: UUID, creator: str | None) -> Order:
        order = self._orders.get(order_id)
        if order is None or creator not in (None, order.creator):
            raise OrderNotFoundError(order_id, creator)
        return order

    def find(self, creator: str, senders_reference: str) -> list[Order]:
        """Return the orders of *creator* with exactly this reference, oldest first."""
        with self._lock:
            ids = self._by_reference.get((creator, senders_reference), {})
            return [self._orders[order_id] for order_id in ids]

    def update(
        self, order_id: UUID, change: Callable[[Order], Order], creator: str | None = None
    ) -> Order:
        """Replace an order by *change* of it and return the new one; an error stores nothing."""
        with self._lock:
            found = self._find(order_id, creator)
            changed = change(found)
            if changed is found:
                return found
            if _reference(changed) != _reference(found):
                self._forget_reference(found)
            self._put(changed)
            return changed

    def _forget_reference(self, order: Order) -> None:
        ids = self._by_reference[_reference(order)]
        del ids[order.id]
        if not ids:
            del self._by_reference[_reference(order)]

    def delete(self, order_id: UUID) -> None:
        """Forget an order; raise OrderNotFoundError where there is none."""
        with self._lock:
            self._forget_reference(self._find(order_id, None))
            del self._orders[order_id]
            if order_id in self._counted:
                self._counted.discard(order_id)
                self._capacity.give_back()

    def all(self) -> list[Order]:
        """Return every order, oldest first by creation in the store."""
        with self._lock:
            return list(self._orders.values())

    def __len__(self) -> int:
        """Return how many orders there are."""
        return len(self._orders)

    def clear(self, orders: Iterable[Order] = ()) -> None:
        """Forget everything and start again with *orders*, which count against no limit."""
        with self._lock:
            self._capacity.give_back(len(self._counted))
            self._counted.clear()
            self._orders.clear()
            self._by_reference.clear()
            for order in orders:
                self._put(order)

    def retire(self, after: int) -> None:
        """Count no orders any longer, and *after* in a successor instead; what is stored stays."""
        with self._lock:
            self._capacity.exchange(len(self._counted), after)
            self._counted.clear()
            self._is_retired = True
