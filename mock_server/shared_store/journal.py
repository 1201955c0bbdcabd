"""The journal of a sandbox in the shared store: a stream, redacted before it leaves the process."""

import asyncio
import base64
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

from redis.exceptions import RedisError

from mock_server.records.members import TIME
from mock_server.sandbox.changes import ChangeKind, Changes
from mock_server.sandbox.journal import MOST_ENTRIES, Entry, Filter
from mock_server.sandbox.redaction import redact_headers, redact_target, redact_text
from mock_server.shared_store.records import dump
from mock_server.shared_store.scripts import LOG
from mock_server.shared_store.stops import Stops
from mock_server.shared_store.world import World
from mock_server.store.port import StoreAwayError

_MICROSECOND = timedelta(microseconds=1)
_START = "0-0"


class SharedJournal:
    """The last 1,000 entries of one sandbox in Redis, oldest first."""

    def __init__(self, world: World, stops: Stops) -> None:
        """Keep it in *world*; who waits is woken by *stops*, too."""
        self._world = world
        self._key = world.keys.journal
        self._stops = stops
        self._changes = Changes()
        self._waiters = 0

    def listen(self, changes: Changes) -> None:
        """Tell *changes* from now on of each entry of this process, and when all are forgotten."""
        self._changes = changes

    @property
    def waiters(self) -> int:
        """How many wait for entries just now, in this process."""
        return self._waiters

    def __len__(self) -> int:
        """Return how many entries there are."""
        return int(self._world.connection.call("XLEN", self._key))

    def add(self, make: Callable[[int], Entry]) -> None:
        """Add the entry that *make* makes of its id, which the store gives it."""
        entry = make(0)
        text = write_entry(entry)
        world = self._world
        keys = [world.keys.world, self._key, world.keys.changes]
        number = world.connection.script(LOG, keys, [MOST_ENTRIES, text, world.me])
        self._changes.tell(ChangeKind.REQUEST, replace(entry, id=number))

    def add_unwritten(self, make: Callable[[int], Entry]) -> None:
        """Add the entry that *make* makes at once: only a written one can be shared."""
        self.add(make)

    def write(self) -> None:
        """Do nothing: every entry is written."""

    def find(self, wanted: Filter, limit: int | None = None) -> list[Entry]:
        """Return the entries *wanted*, the newest *limit* of them, newest last."""
        found = [entry for entry in self._all() if wanted.fits(entry)]
        return found if limit is None else found[max(len(found) - limit, 0) :]

    def _all(self) -> list[Entry]:
        found = self._world.connection.bulk("XRANGE", self._key, "-", "+")
        return [entry for entry in map(_entry, found) if entry is not None]

    def wait(self, wanted: Filter, count: int, patience: timedelta) -> None:
        """Return once *count* entries are *wanted*, or after *patience*, or when closed."""
        asyncio.run(self.reached(wanted, count, patience))

    async def reached(self, wanted: Filter, count: int, patience: timedelta) -> bool:
        """
        Wait as `wait` does, yet block no thread; return whether the server goes on.

        Raises:
            StoreAwayError: the store is away.
        """
        self._waiters += 1
        try:
            with self._stops.joined() as stop:
                waiting = asyncio.create_task(self._wait(wanted, count))
                stopping = asyncio.create_task(stop.wait())
                both = {waiting, stopping}
                seconds = patience.total_seconds()
                await asyncio.wait(both, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
                for task in both - {waiting} if waiting.done() else both:
                    task.cancel()
                    with suppress(asyncio.CancelledError):
                        await task
                if waiting.done() and not waiting.cancelled():
                    waiting.result()
            return not self._stops.is_stopped
        finally:
            self._waiters -= 1

    async def _wait(self, wanted: Filter, count: int) -> None:
        client = self._world.connection.waiting_client()
        last, block = _START, None
        counted: list[int] = []
        try:
            while True:
                # What is there comes at once; then the store waits until there is more.
                answer = await client.xread({self._key: last}, block=block)
                cleared = int(await client.hget(self._world.keys.world, "cleared") or 0)
                for name, fields in _of_stream(answer):
                    entry = _entry((name, fields))
                    if entry is None:
                        return
                    last = name
                    if wanted.fits(entry):
                        counted.append(entry.id)
                counted = [number for number in counted if number > cleared]
                if len(counted) >= count:
                    return
                block = 0
        except (RedisError, OSError) as error:
            raise StoreAwayError(str(error)) from error
        finally:
            await client.aclose()

    def clear(self) -> None:
        """Forget every entry; ids go on."""
        self._world.attempt(
            lambda unit: unit.commands.extend(
                [
                    ("HSET", self._world.keys.world, "cleared", unit.reading.values[0] or 0),
                    ("UNLINK", self._key),
                ]
            ),
            (self._world.keys.world, "journal"),
        )
        told = dump({"by": self._world.me, "kind": ChangeKind.REQUEST})
        self._world.connection.call("PUBLISH", self._world.keys.changes, told)
        self._changes.tell(ChangeKind.REQUEST)

    def open(self) -> None:
        """Do nothing: all journals of the process are opened together."""

    def close(self, *, by_stop: bool = False) -> None:
        """Do nothing: all journals of the process are closed together, and a drop is told."""


def write_entry(entry: Entry) -> str:
    """Return *entry*, all secrets replaced, as the store has it; its id stands beside it."""
    return dump(
        {
            "version": 1,
            "time": TIME.write(entry.time),
            "method": entry.method,
            "target": redact_target(entry.target),
            "operationId": entry.operation_id,
            "status": entry.status,
            "microseconds": entry.duration // _MICROSECOND,
            "creator": entry.creator,
            "requestHeaders": redact_headers(entry.request_headers),
            "requestBody": _write_body(entry.request_shown),
            "responseHeaders": redact_headers(entry.response_headers),
            "responseBody": _write_body(entry.response_shown),
            "traceId": entry.trace_id,
            "why": redact_text(entry.why),
        }
    )


def _of_stream(answer: Any) -> list[Any]:
    """Return what *answer* has of the one stream that was read, in either form of the protocol."""
    if not answer:
        return []
    if isinstance(answer, dict):
        (found,) = answer.values()
        return list(found[0] if found and isinstance(found[0], list) else found)
    return list(answer[0][1])


def _entry(item: Any) -> Entry | None:
    """Return the entry at a place of the stream; None: it tells that there is no more."""
    name, fields = item
    if not isinstance(fields, dict):
        fields = dict(zip(fields[::2], fields[1::2], strict=True))
    text = fields["entry"]
    return read_entry(text, int(name.partition("-")[0])) if text else None


def read_entry(text: str, number: int) -> Entry:
    """Return the entry *number* in *text*."""
    document = json.loads(text)
    return Entry(
        id=number,
        time=TIME.read(document["time"], "time"),
        method=document["method"],
        target=document["target"],
        operation_id=document["operationId"],
        status=document["status"],
        duration=document["microseconds"] * _MICROSECOND,
        creator=document["creator"],
        request_headers=_headers(document["requestHeaders"]),
        request_body=_read_body(document["requestBody"]),
        response_headers=_headers(document["responseHeaders"]),
        response_body=_read_body(document["responseBody"]),
        trace_id=document["traceId"],
        why=document["why"],
    )


def _headers(pairs: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in pairs)


def _write_body(body: bytes) -> str | dict[str, str]:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode()}


def _read_body(written: Any) -> bytes:
    return written.encode() if isinstance(written, str) else base64.b64decode(written["base64"])
