"""Changes of a shared sandbox: told here, and to the processes where somebody listens."""

import json
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from redis.exceptions import RedisError

from mock_server.documents.fault_snapshots import write_record
from mock_server.domain.orders import Order, changed
from mock_server.records.members import TIME
from mock_server.records.orders import ORDER
from mock_server.sandbox.changes import ChangeKind, Changes, Hearer
from mock_server.sandbox.faults import FaultRecord
from mock_server.shared_store.faults import ReadFaults
from mock_server.shared_store.journal import read_entry
from mock_server.shared_store.records import dump
from mock_server.shared_store.world import World
from mock_server.store.port import StoreAwayError

LOST = 0.5
"""Seconds between one try to listen and the next, after the connection was lost."""

_BYE = "bye"


class SharedChanges(Changes):
    """
    The hub of one sandbox in this process, joined with those of the others.

    Changes of others are heard while somebody listens here. After the connection was lost a reset
    is told, which means that all is to be read anew.
    """

    def __init__(self, world: World, faults: ReadFaults) -> None:
        """Publish changes of *world*, and hear those of others, faults read by *faults*."""
        super().__init__()
        self._world = world
        self._faults = faults
        self._listener: threading.Thread | None = None
        self._ready = threading.Event()
        self._guard = threading.Lock()

    def tell(self, kind: ChangeKind, what: Any = None, before: Any = None) -> None:
        """Tell listeners, here and elsewhere; of some kinds the store has told already."""
        super().tell(kind, what, before)
        if kind in {ChangeKind.FAULT, ChangeKind.CLOCK, ChangeKind.REGISTER, ChangeKind.RESET}:
            self._publish({"kind": kind, **_written(kind, what, before)})

    def close(self, *, by_stop: bool = False) -> None:
        """Tell listeners that there is no more: here, and if it was dropped everywhere."""
        super().close(by_stop=by_stop)
        if not by_stop:
            self._publish({"kind": ChangeKind.CLOSED})

    def _publish(self, document: Mapping[str, object]) -> None:
        world = self._world
        world.connection.call("PUBLISH", world.keys.changes, dump({"by": world.me, **document}))

    def add(self, hear: Hearer) -> None:
        """Let *hear* listen, too; to other processes from when `wait_for_others` returns on."""
        super().add(hear)
        with self._guard:
            if self._listener is None:
                self._ready = threading.Event()
                self._listener = _thread(self._listen, self._ready)

    def wait_for_others(self) -> None:
        """Return once other processes are heard, or after half a second: the store is away."""
        self._ready.wait(LOST)

    def remove(self, hear: Hearer) -> None:
        """Let *hear* listen no longer."""
        super().remove(hear)
        if not self.is_heard:
            # Whoever leaves may be on the event loop, and the store may take a while.
            _thread(self._say_bye)

    def _say_bye(self) -> None:
        """Wake the listener, who ends then; where that fails, the next change wakes it."""
        with suppress(StoreAwayError):
            self._publish({"kind": _BYE})

    def _listen(self, ready: threading.Event) -> None:
        """Hear others for as long as somebody listens here."""
        pause = threading.Event()
        while self._is_listening():
            try:
                self._follow(ready)
            except (RedisError, OSError, StoreAwayError):
                pause.wait(LOST)

    def _is_listening(self) -> bool:
        with self._guard:
            if not self.is_heard:
                self._listener = None
            return self.is_heard

    def _follow(self, ready: threading.Event) -> None:
        with self._world.connection.listening_client() as client, client.pubsub() as channel:
            channel.subscribe(self._world.keys.changes)
            for message in channel.listen():
                if message["type"] == "subscribe":
                    if ready.is_set():
                        super().tell(ChangeKind.RESET)
                    ready.set()
                elif not self.is_heard:
                    return
                else:
                    self._take(json.loads(message["data"]))

    def _take(self, document: Mapping[str, Any]) -> None:
        """Tell here what another process has told."""
        kind = document["kind"]
        if document["by"] == self._world.me or kind == _BYE:
            return
        if kind == ChangeKind.CLOSED:
            super().close()
        else:
            super().tell(ChangeKind(kind), *self._read(kind, document))

    def _read(self, kind: str, document: Mapping[str, Any]) -> tuple[Any, Any]:
        if kind == ChangeKind.ORDER:
            return _read_orders(document)
        if kind == ChangeKind.REQUEST:
            entry = document.get("entry")
            return None if entry is None else read_entry(entry, document["id"]), None
        if kind == ChangeKind.CLOCK:
            return (TIME.read(document["now"], "now"), document["frozen"]), None
        if kind == ChangeKind.FAULT:
            found = (self._fault(document.get(name)) for name in ("what", "before"))
            return next(found), next(found)
        return None, None

    def _fault(self, written: Mapping[str, Any] | None) -> FaultRecord | None:
        if written is None:
            return None
        rule = {**written, "matched": 0, "draws": 0}
        fault = self._faults.read(dump({"seq": 0, "rule": rule}))[1]
        return FaultRecord(fault, written["matched"], written["draws"])


def _thread(target: Callable[..., object], *arguments: object) -> threading.Thread:
    """Return a thread that has begun with *target* and ends with the process."""
    thread = threading.Thread(target=target, args=arguments, daemon=True)
    thread.start()
    return thread


def _written(kind: ChangeKind, what: Any, before: Any) -> dict[str, object]:
    if kind is ChangeKind.CLOCK:
        now: datetime = what[0]
        return {"now": TIME.write(now), "frozen": what[1]}
    if kind is ChangeKind.FAULT:
        pairs = (("what", what), ("before", before))
        return {name: None if item is None else write_record(item) for name, item in pairs}
    return {}


def _read_orders(document: Mapping[str, Any]) -> tuple[Order | None, Order | None]:
    """Return an order after and before; what is alike in both is the same object."""
    after, before = (
        None if document[name] is None else ORDER.read(document[name], "")
        for name in ("after", "before")
    )
    if after is None or before is None:
        return after, before
    known = before.notifications
    items = tuple(
        known[place] if place < len(known) and known[place] == item else item
        for place, item in enumerate(after.notifications)
    )
    return changed(after, notifications=known if items == known else items), before
