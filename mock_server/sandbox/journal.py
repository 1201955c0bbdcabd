"""The journal: the requests to a sandbox and their answers, a bounded record."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any

from mock_server.formats.json_text import dump_json, load_json
from mock_server.formats.timestamps import format_timestamp
from mock_server.sandbox.redaction import redact_headers, redact_json, redact_target, redact_text

MOST_ENTRIES = 1000
MOST_BYTES = 64 * 1024
"""How much of each body is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """
    One request and its answer. *time* is the sandbox's, aware UTC.

    *status* is None where no answer was given. *why* names the rule that gave it. Bodies are cut
    at 64 KiB. Nothing is redacted yet; `write_entry` does that.
    """

    id: int
    time: datetime
    method: str
    target: str
    operation_id: str | None
    status: int | None
    duration: timedelta
    creator: str | None
    request_headers: tuple[tuple[str, str], ...]
    request_body: bytes
    response_headers: tuple[tuple[str, str], ...]
    response_body: bytes
    trace_id: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which entries are wanted; None: any. *path* is a part of the target, in any letter case."""

    operation_id: str | None = None
    method: str | None = None
    path: str | None = None
    status: int | None = None

    def fits(self, entry: Entry) -> bool:
        """Tell whether *entry* is wanted."""
        return (
            self.operation_id in (None, entry.operation_id)
            and (self.method is None or self.method.upper() == entry.method)
            and (self.path is None or self.path.lower() in entry.target.lower())
            and self.status in (None, entry.status)
        )


class Journal:
    """The last 1,000 entries of one sandbox, oldest first. Safe to use from several threads."""

    def __init__(self) -> None:
        """Begin empty."""
        self._changed = threading.Condition()
        self._entries: deque[Entry | Callable[[], Entry]] = deque(maxlen=MOST_ENTRIES)
        self._last_id = self._waiting = 0
        self._is_closed = self._is_stopped = False
        self._wakers: list[Callable[[], object]] = []

    def __len__(self) -> int:
        """Return how many entries there are."""
        return len(self._entries)

    def add(self, make: Callable[[int], Entry]) -> None:
        """Add the entry that *make* makes of its id."""
        with self._changed:
            self._last_id += 1
            self._keep(make(self._last_id))

    def add_unwritten(self, make: Callable[[int], Entry]) -> None:
        """
        Add an entry that *make* makes of its id once somebody reads it.

        What *make* knows must not change until then, nor be large.
        """
        with self._changed:
            self._last_id += 1
            self._keep(partial(make, self._last_id))

    def write(self) -> None:
        """Write every entry by now: what it knew of the world that it came from is let go."""
        with self._changed:
            self._written()

    def _keep(self, entry: Entry | Callable[[], Entry]) -> None:
        self._entries.append(entry)
        self._wake_all()

    def find(self, wanted: Filter, limit: int | None = None) -> list[Entry]:
        """Return the entries *wanted*, the newest *limit* of them, newest last."""
        with self._changed:
            return self._find(wanted, limit)

    def _find(self, wanted: Filter, limit: int | None) -> list[Entry]:
        found = [entry for entry in self._written() if wanted.fits(entry)]
        return found if limit is None else found[max(len(found) - limit, 0) :]

    def _written(self) -> list[Entry]:
        """Return every entry, written by now."""
        written = [item if isinstance(item, Entry) else item() for item in self._entries]
        self._entries = deque(written, maxlen=MOST_ENTRIES)
        return written

    def wait(self, wanted: Filter, count: int, patience: timedelta) -> None:
        """Return once *count* entries are *wanted*, or after *patience*, or when closed."""
        with self._changed:
            self._waiting += 1
            try:
                self._changed.wait_for(
                    lambda: self._is_over(wanted, count), patience.total_seconds()
                )
            finally:
                self._waiting -= 1

    async def reached(self, wanted: Filter, count: int, patience: timedelta) -> bool:
        """Wait as `wait` does, yet block no thread; return whether the server goes on."""
        loop = asyncio.get_running_loop()
        changed = asyncio.Event()

        def wake() -> None:
            loop.call_soon_threadsafe(changed.set)

        with self._changed:
            self._wakers.append(wake)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(patience.total_seconds()):
                    while not self._is_over(wanted, count):
                        await changed.wait()
                        changed.clear()
        finally:
            with self._changed:
                self._wakers.remove(wake)
        return not self._is_stopped

    def _is_over(self, wanted: Filter, count: int) -> bool:
        with self._changed:
            fitting = (entry for entry in reversed(self._written()) if wanted.fits(entry))
            return self._is_closed or sum(1 for _ in islice(fitting, count)) >= count

    def clear(self) -> None:
        """Forget every entry; ids go on."""
        with self._changed:
            self._entries.clear()

    def open(self) -> None:
        """Let it be waited for again."""
        with self._changed:
            self._is_closed = self._is_stopped = False

    def close(self, *, by_stop: bool = False) -> None:
        """Wake all readers and let none wait again; *by_stop*: since the whole server stops."""
        with self._changed:
            self._is_closed = True
            self._is_stopped = by_stop
            self._wake_all()

    def _wake_all(self) -> None:
        if self._waiting:
            self._changed.notify_all()
        for wake in self._wakers:
            wake()


def write_entry(entry: Entry) -> dict[str, object]:
    """
    Return *entry* as the control plane shows it, every credential redacted.

    A body is JSON where it is JSON, else text, null where there was none.

    Source: docs/control-plane.md.
    """
    return {
        "id": entry.id,
        "time": format_timestamp(entry.time),
        "method": entry.method,
        "path": redact_target(entry.target),
        "operationId": entry.operation_id,
        "status": entry.status,
        "durationMs": round(entry.duration / timedelta(milliseconds=1), 3),
        "creator": entry.creator,
        "requestHeaders": _write_headers(entry.request_headers),
        "requestBody": write_body(entry.request_body),
        "responseHeaders": _write_headers(entry.response_headers),
        "responseBody": write_body(entry.response_body),
        "traceId": entry.trace_id,
        "why": redact_text(entry.why),
    }


def _write_headers(headers: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    shown: dict[str, str] = {}
    for name, value in redact_headers(headers):
        shown[name] = f"{shown[name]}, {value}" if name in shown else value
    return shown


def write_body(body: bytes) -> Any:
    """Return *body* as JSON or text, redacted; None where it is empty."""
    if not body:
        return None
    text = body.decode("utf-8", "replace")
    try:
        document = load_json(text)
        shown = redact_json(document)
        # What is too deep to be written is shown as the text that it is.
        dump_json(shown)
    except (ValueError, RecursionError):
        return redact_text(text)
    return shown
