"""The stop of a server, which wakes all that wait for something in the store."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Stops:
    """Waiters on any event loop, and whether the server has stopped. Safe for threads."""

    def __init__(self) -> None:
        """Begin with a server that goes on."""
        self._lock = threading.Lock()
        self._waiting: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}
        self.is_stopped = False

    @contextmanager
    def joined(self) -> Iterator[asyncio.Event]:
        """Give an event of the running loop that is set when the server stops, in the block."""
        event = asyncio.Event()
        with self._lock:
            self._waiting[event] = asyncio.get_running_loop()
            if self.is_stopped:
                event.set()
        try:
            yield event
        finally:
            with self._lock:
                del self._waiting[event]

    def stop(self) -> None:
        """Wake everybody."""
        with self._lock:
            self.is_stopped = True
            for event, loop in self._waiting.items():
                loop.call_soon_threadsafe(event.set)

    def open(self) -> None:
        """Let it be waited again."""
        self.is_stopped = False
