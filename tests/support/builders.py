"""Domain values for tests, at a fixed time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from mock_server.domain.orders import Order

NOW = datetime(2031, 3, 1, 12, 30, tzinfo=UTC)
ORDER_ID = UUID("0b8f7d0e-52c1-4a1e-9f57-2a7c6c1d9b34")
MICROSECOND = timedelta(microseconds=1)
SECOND = timedelta(seconds=1)
WINDOW = timedelta(minutes=5)


def an_order(**changes: Any) -> Order:
    """Return an order of ttd, registered an hour before NOW, due a day after, with *changes*."""
    created = NOW - timedelta(hours=1)
    order = Order(
        id=ORDER_ID,
        creator="ttd",
        created=created,
        requested_send_time=NOW + timedelta(days=1),
        last_update=created,
    )
    return replace(order, **changes)


class Wall:
    """Real time, as a test tells it: NOW until the test moves it."""

    def __init__(self) -> None:
        """Begin at NOW."""
        self.now = NOW

    def __call__(self) -> datetime:
        """Return the time that it is."""
        return self.now
