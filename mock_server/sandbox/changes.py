"""Changes of one sandbox, told to listeners as they happen; nearly free without any."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import Any

from mock_server.domain.clock import wall_now
from mock_server.domain.orders import Order


class ChangeKind(StrEnum):
    """
    Kinds of changes.

    Source: docs/messages.md, "Events".
    """

    REQUEST = "request"
    ORDER = "order"
    MESSAGE = "message"
    CLOCK = "clock"
    FAULT = "fault"
    REGISTER = "register"
    RESET = "reset"
    CLOSED = "closed"


Hearer = Callable[[ChangeKind, Any, Any], object]
"""
A listener: it is given the kind, what there is now, and what there was before.

It is called by whoever makes the change, who holds locks meanwhile: it must be quick, and must not
look into the sandbox.
"""


class Changes:
    """The hub between the changes of one sandbox and their listeners. Safe for threads."""

    def __init__(self) -> None:
        """Begin without listeners."""
        self._lock = threading.Lock()
        # Replaced as a whole, so that it can be gone through without the lock.
        self._hearers: tuple[Hearer, ...] = ()
        self.now: Callable[[], datetime] = wall_now
        """The sandbox's time."""
        self.is_closed = False
        """Whether nobody is to listen any longer: the sandbox is gone, or the server stops."""
        self.is_stopped = False
        """Whether it is the server that stops."""

    @property
    def is_heard(self) -> bool:
        """Whether anybody listens."""
        return bool(self._hearers)

    def tell(self, kind: ChangeKind, what: Any = None, before: Any = None) -> None:
        """Tell listeners that there is *what* now in place of *before*."""
        for hear in self._hearers:
            hear(kind, what, before)

    def order(self, before: Order | None, after: Order | None) -> None:
        """Tell of an order that is stored, changed or, without *after*, deleted."""
        if self._hearers:
            self.tell(ChangeKind.ORDER, after, before)

    def add(self, hear: Hearer) -> None:
        """Let *hear* listen, too."""
        with self._lock:
            self._hearers = (*self._hearers, hear)

    def wait_for_others(self) -> None:
        """Return once listeners hear other processes, too; here there are none."""

    def remove(self, hear: Hearer) -> None:
        """Let *hear* listen no longer."""
        with self._lock:
            self._hearers = tuple(item for item in self._hearers if item != hear)

    @contextmanager
    def heard_by(self, hear: Hearer) -> Iterator[None]:
        """Let *hear* listen in the block."""
        self.add(hear)
        try:
            yield
        finally:
            self.remove(hear)

    def close(self, *, by_stop: bool = False) -> None:
        """Tell listeners that there is no more; *by_stop*: since the server stops."""
        self.is_stopped = by_stop
        self.is_closed = True
        self.tell(ChangeKind.CLOSED)

    def open(self) -> None:
        """Let it be listened to again."""
        self.is_closed = self.is_stopped = False
