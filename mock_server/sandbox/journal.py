"""The journal: the requests to a sandbox and their answers, a bounded record."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, partial
from itertools import islice
from typing import Any

from mock_server.formats.json_text import dump_json, load_json
from mock_server.formats.timestamps import format_timestamp
from mock_server.sandbox.changes import ChangeKind, Changes
from mock_server.sandbox.redaction import redact_body, redact_headers, redact_target, redact_text

MOST_ENTRIES = 1000
MOST_BYTES = 64 * 1024
"""How much of each body is kept."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """
    One request and its answer. *time* is the sandbox's, aware UTC.

    *status* is None where no answer was given. *why* names the rule that gave it. Bodies are cut
    at 64 KiB. Nothing is redacted yet but what *request_shown* and *response_shown* say, which is
    kept: large bodies are read over and over.
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

    @cached_property
    def request_shown(self) -> bytes:
        """The body of the request, its secrets replaced; the same bytes where there are none."""
        return redact_body(self.request_body)

    @cached_property
    def response_shown(self) -> bytes:
        """The body of the answer, likewise."""
        return redact_body(self.response_body)


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


class _Waiter:
    """One who waits for a number of entries; *wake* is called once they are there."""

    def __init__(self, wanted: Filter, count: int, wake: Callable[[], object]) -> None:
        self.wanted = wanted
        self.count = count
        self.missing = count
        self.wake = wake

    def see(self, number: int) -> None:
        """Count so many entries that are wanted, and wake who waits if that is enough."""
        self.missing -= number
        if self.missing <= 0:
            self.wake()


class Journal:
    """The last 1,000 entries of one sandbox, oldest first. Safe to use from several threads."""

    def __init__(self) -> None:
        """Begin empty."""
        self._changes = Changes()
        self._lock = threading.RLock()
        self._entries: deque[Entry | tuple[Callable[[int], Entry], int]] = deque(
            maxlen=MOST_ENTRIES
        )
        self._last_id = 0
        self._is_closed = self._is_stopped = False
        self._waiters_by_filter: dict[Filter, list[_Waiter]] = {}

    def listen(self, changes: Changes) -> None:
        """Tell *changes* from now on of each entry, and when all are forgotten."""
        self._changes = changes

    @property
    def waiters(self) -> int:
        """How many wait for entries just now."""
        return sum(map(len, self._waiters_by_filter.values()))

    def __len__(self) -> int:
        """Return how many entries there are."""
        return len(self._entries)

    def add(self, make: Callable[[int], Entry]) -> None:
        """Add the entry that *make* makes of its id."""
        with self._lock:
            self._last_id += 1
            self._keep(make(self._last_id))

    def add_unwritten(self, make: Callable[[int], Entry]) -> None:
        """
        Add an entry that *make* makes of its id once somebody reads it.

        What *make* knows must not change until then, nor be large.
        """
        with self._lock:
            self._last_id += 1
            if self._waiters_by_filter:
                self._keep(make(self._last_id))
                return
            self._entries.append((make, self._last_id))
            if self._changes.is_heard:
                self._changes.tell(ChangeKind.REQUEST, partial(make, self._last_id))

    def write(self) -> None:
        """Write every entry by now, and let go of the world that it came from."""
        with self._lock:
            self._written()

    def _keep(self, entry: Entry) -> None:
        self._entries.append(entry)
        self._changes.tell(ChangeKind.REQUEST, entry)
        for wanted, waiters in self._waiters_by_filter.items():
            if wanted.fits(entry):
                for waiter in waiters:
                    waiter.see(1)

    def find(self, wanted: Filter, limit: int | None = None) -> list[Entry]:
        """Return the entries *wanted*, the newest *limit* of them, newest last."""
        with self._lock:
            found = [entry for entry in self._written() if wanted.fits(entry)]
        return found if limit is None else found[max(len(found) - limit, 0) :]

    def _written(self) -> list[Entry]:
        """Return every entry, written by now."""
        written = [item if isinstance(item, Entry) else item[0](item[1]) for item in self._entries]
        self._entries = deque(written, maxlen=MOST_ENTRIES)
        return written

    def wait(self, wanted: Filter, count: int, patience: timedelta) -> None:
        """Return once *count* entries are *wanted*, or after *patience*, or when closed."""
        reached = threading.Event()
        with self._waiting(_Waiter(wanted, count, reached.set)):
            reached.wait(patience.total_seconds())

    async def reached(self, wanted: Filter, count: int, patience: timedelta) -> bool:
        """Wait as `wait` does, yet block no thread; return whether the server goes on."""
        loop = asyncio.get_running_loop()
        reached = asyncio.Event()
        waiter = _Waiter(wanted, count, partial(loop.call_soon_threadsafe, reached.set))
        with self._waiting(waiter), suppress(TimeoutError):
            await asyncio.wait_for(reached.wait(), patience.total_seconds())
        return not self._is_stopped

    @contextmanager
    def _waiting(self, waiter: _Waiter) -> Iterator[None]:
        """Let *waiter* see what is there, once, and what comes in the block."""
        with self._lock:
            self._waiters_by_filter.setdefault(waiter.wanted, []).append(waiter)
            if self._is_closed:
                waiter.wake()
            fitting = (entry for entry in reversed(self._written()) if waiter.wanted.fits(entry))
            waiter.see(sum(1 for _ in islice(fitting, waiter.count)))
        try:
            yield
        finally:
            with self._lock:
                alike = self._waiters_by_filter[waiter.wanted]
                alike.remove(waiter)
                if not alike:
                    del self._waiters_by_filter[waiter.wanted]

    def clear(self) -> None:
        """Forget every entry; ids go on."""
        with self._lock:
            self._entries.clear()
            for waiter in self._all_waiters():
                waiter.missing = waiter.count
            self._changes.tell(ChangeKind.REQUEST)

    def open(self) -> None:
        """Let it be waited for again."""
        with self._lock:
            self._is_closed = self._is_stopped = False

    def close(self, *, by_stop: bool = False) -> None:
        """Wake all readers and let none wait again; *by_stop*: since the whole server stops."""
        with self._lock:
            self._is_closed = True
            self._is_stopped = by_stop
            for waiter in self._all_waiters():
                waiter.wake()

    def _all_waiters(self) -> list[_Waiter]:
        return [waiter for alike in self._waiters_by_filter.values() for waiter in alike]


def write_entry(entry: Entry) -> dict[str, object]:
    """
    Return *entry* as the control plane shows it, every credential redacted.

    A body is JSON where it is JSON, else text, null where there was none.

    Source: docs/control-plane.md.
    """
    told = write_entry_head(entry)
    why = told.pop("why")
    return {
        **told,
        "requestHeaders": _write_headers(entry.request_headers),
        "requestBody": _write_shown(entry.request_shown),
        "responseHeaders": _write_headers(entry.response_headers),
        "responseBody": _write_shown(entry.response_shown),
        "traceId": entry.trace_id,
        "why": why,
    }


def write_entry_head(entry: Entry) -> dict[str, object]:
    """Return *entry* in short, without header fields and bodies."""
    return {
        "id": entry.id,
        "time": format_timestamp(entry.time),
        "method": entry.method,
        "path": redact_target(entry.target),
        "operationId": entry.operation_id,
        "status": entry.status,
        "durationMs": round(entry.duration / timedelta(milliseconds=1), 3),
        "creator": entry.creator,
        "why": redact_text(entry.why),
    }


def _write_headers(headers: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    shown: dict[str, str] = {}
    for name, value in redact_headers(headers):
        shown[name] = f"{shown[name]}, {value}" if name in shown else value
    return shown


def write_body(body: bytes) -> Any:
    """Return *body* as JSON or text, redacted; None where it is empty."""
    return _write_shown(redact_body(body))


def _write_shown(shown: bytes) -> Any:
    if not shown:
        return None
    text = shown.decode("utf-8", "replace")
    try:
        document = load_json(text)
        # What is too deep to be written is shown as the text that it is.
        dump_json(document)
    except (ValueError, RecursionError):
        return text
    return document
