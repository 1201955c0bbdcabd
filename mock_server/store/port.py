"""The port of stored orders: the interface that sandboxes need, and the capacity they share."""

import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from mock_server.domain.order_chains import ChainKey, OrderChain
from mock_server.domain.orders import Order

Wake = Callable[[Order], datetime | None]
"""From when on time changes an order as it is, aware UTC; None: it never does."""


Hear = Callable[[Order | None, Order | None], object]
"""A hearer of changes: of an order before and after, None where there was or is none."""


def unheard(_before: Order | None, _after: Order | None) -> None:
    """Let a change go unheard."""


def never(_order: Order) -> datetime | None:
    """Tell that time changes no order."""
    return None


class StoreFullError(Exception):
    """The mock holds as many orders as it may."""

    def __init__(self, limit: int) -> None:
        """Remember the *limit* that was reached."""
        self.limit = limit
        super().__init__(f"the mock holds {limit} orders, its limit")


class StoreError(Exception):
    """A shared store cannot be used as it is; the message is one line that says why."""


class StoreAwayError(Exception):
    """A shared store cannot be reached just now, or takes no change; its content is unknown."""


class Capacity:
    """
    How many orders several stores may hold together. Safe to use from several threads.

    Source: docs/containers.md.
    """

    def __init__(self, limit: int) -> None:
        """Allow *limit* orders in all."""
        self.limit = limit
        self._used = 0
        self._lock = threading.Lock()

    def take(self, number: int = 1) -> None:
        """
        Count *number* orders more.

        Raises:
            StoreFullError: the limit would be passed; nothing is counted.
        """
        self.exchange(0, number)

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


class Store(Protocol):
    """
    Interface of a store of orders. Every method is atomic.

    *creator* None means whoever created it; the control plane sees all.
    """

    is_shared: bool
    """
    Whether other processes use it, too. The change of an `update` runs without a lock then, maybe
    several times until nothing came in between; what is told to other parts of the sandbox in it
    is stored along with it, or not at all.
    """

    def add(self, order: Order) -> None:
        """Store a new *order*; raise OrderExistsError or StoreFullError where it cannot be."""

    def add_chain(self, chain: OrderChain, orders: Sequence[Order]) -> OrderChain:
        """
        Store *chain* and its *orders*, all or none, and return it.

        Where a chain with its key is there already, that is returned, and nothing is stored. Its
        orders may be gone by then. Raise OrderExistsError or StoreFullError as `add` does.
        """

    def find_chain(self, key: ChainKey) -> OrderChain | None:
        """Return the chain with this *key*, None where there is none."""

    def chains(self) -> list[OrderChain]:
        """Return every chain, oldest first by creation in the store."""

    def get(self, order_id: UUID, creator: str | None = None) -> Order:
        """Return an order; raise OrderNotFoundError where there is none."""

    def find(self, creator: str, senders_reference: str) -> list[Order]:
        """Return the orders of *creator* with exactly this reference, oldest first."""

    def update(
        self, order_id: UUID, change: Callable[[Order], Order], creator: str | None = None
    ) -> Order:
        """Replace an order by *change* of it and return the new one; no change on an error."""

    def delete(self, order_id: UUID) -> None:
        """Forget an order; raise OrderNotFoundError where there is none."""

    def all(self) -> list[Order]:
        """Return every order, oldest first by creation in the store."""

    def due(self, until: datetime) -> list[Order]:
        """Return the orders that time changes by *until*, in order of when it does."""

    def next_due(self) -> datetime | None:
        """Return when time next changes an order; None if it never does."""

    def ranks(self, ids: Collection[UUID]) -> Mapping[UUID, int]:
        """Return the place among all, by creation in the store, of each that is in it."""

    def __len__(self) -> int:
        """Return how many orders there are."""

    def clear(self, orders: Iterable[Order] = (), chains: Iterable[OrderChain] = ()) -> None:
        """
        Forget everything and start again with *orders*, which count against no limit.

        *chains* are those that some of them are of.
        """

    def listen(self, hear: Hear) -> None:
        """
        Tell *hear* from now on of each order that is stored, changed or deleted.

        It is told within the atomic step, and must be quick. What `clear` does is not told.
        """

    def retire(self, after: int) -> None:
        """
        Free this store's share of the capacity and reserve *after* orders for its successor.

        It is one step. The orders stay, and further ones are not counted.

        Raises:
            StoreFullError: the limit would be passed; nothing changes.
        """


class StoreFactory(Protocol):
    """A kind of store: makes the one of each sandbox."""

    def __call__(
        self,
        capacity: Capacity,
        orders: Iterable[Order] = (),
        counted: Iterable[UUID] = (),
        chains: Iterable[OrderChain] = (),
        *,
        wake: Wake = never,
    ) -> Store:
        """
        Return a store that starts with *orders* and *chains*; more orders count in *capacity*.

        Those with the ids *counted* are, already, in favour of this store. *wake* tells from when
        on time changes an order.
        """
