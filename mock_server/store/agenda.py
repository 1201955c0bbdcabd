"""Agenda of a store: its orders by the time of their next event."""

import heapq
from collections.abc import Iterator, Mapping
from datetime import datetime

from mock_server.domain.orders import Order
from mock_server.store.port import Wake

MOST_STALE = 1000
"""How many entries that no longer hold are kept beside as many that may, before they are let go."""


class Agenda:
    """
    The orders of a store by the time at which something befalls them. Not safe for threads.

    It knows orders, and is given them, by the numbers that their ids are. Entries are not taken
    out when an order changes; those that do not hold any longer are left out when they are met,
    and let go where there are many.
    """

    def __init__(self, wake: Wake) -> None:
        """Note orders for the time that *wake* tells of each."""
        self._wake = wake
        self._ids: dict[datetime, list[int]] = {}
        self._times: list[datetime] = []
        self._size = 0

    def note(self, order: Order, before: Order | None = None) -> None:
        """Note *order*, which takes the place of *before* where there was one."""
        at = self._wake(order)
        if at is None or (before is not None and self._wake(before) == at):
            return
        if at not in self._ids:
            heapq.heappush(self._times, at)
        self._ids.setdefault(at, []).append(order.id.int)
        self._size += 1

    def due(self, until: datetime, orders: Mapping[int, Order]) -> list[Order]:
        """Return those of *orders* that something befalls by *until*, in order of that time."""
        due: list[Order] = []
        kept: list[datetime] = []
        while self._times and self._times[0] <= until:
            at = heapq.heappop(self._times)
            held = list(self._held(at, orders))
            self._size -= len(self._ids.pop(at)) - len(held)
            if held:
                self._ids[at] = [order.id.int for order in held]
                kept.append(at)
                due += held
        for at in kept:
            heapq.heappush(self._times, at)
        return due

    def next(self, orders: Mapping[int, Order]) -> datetime | None:
        """Return the first time at which something befalls one of *orders*; None: never."""
        while self._times:
            at = self._times[0]
            if next(self._held(at, orders), None) is not None:
                return at
            heapq.heappop(self._times)
            self._size -= len(self._ids.pop(at))
        return None

    def _held(self, at: datetime, orders: Mapping[int, Order]) -> Iterator[Order]:
        """Yield, once each, those noted for *at* that this still holds of."""
        for number in dict.fromkeys(self._ids[at]):
            order = orders.get(number)
            if order is not None and self._wake(order) == at:
                yield order

    def tidy(self, orders: Mapping[int, Order]) -> None:
        """Drop entries that *orders* have outdated, once there are many of them."""
        if self._size <= 2 * len(orders) + MOST_STALE:
            return
        self._ids, self._times, self._size = {}, [], 0
        for order in orders.values():
            self.note(order)
