"""Sandboxes, made and named."""

from collections.abc import Iterable
from datetime import datetime

import httpx

from mock_server.domain.orders import Order
from mock_server.sandbox.registry import Sandboxes
from mock_server.sandbox.surroundings import Surroundings
from mock_server.store.memory import MemoryStore
from mock_server.testing.mock_server import MockServer
from tests.support.builders import Wall

UNEVENTFUL = Surroundings(notify=lambda _order, _now: (), ask=lambda _endpoint, _note: None)
"""Surroundings without recipients, in which no send condition decides."""


def sandboxes_of(
    wall: Wall, *, limit: int, max_orders: int = 1, seeds: Iterable[Order] = ()
) -> Sandboxes:
    """Return sandboxes that take *wall* for real time and start with *seeds*."""

    def start(_now: datetime) -> Iterable[Order]:
        return seeds

    return Sandboxes(
        limit=limit,
        max_orders=max_orders,
        seeds=start,
        stores=MemoryStore,
        surroundings=UNEVENTFUL,
        wall=wall,
    )


def names(http: httpx.Client, mock: MockServer) -> list[str]:
    """Return the names of the sandboxes that *mock* lists."""
    listed = http.get(f"{mock.url}/__mock/sandboxes").json()
    return [sandbox["name"] for sandbox in listed["sandboxes"]]
