"""Registry of the sandboxes in a shared store, which every process sees alike."""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import Executor
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any, TypeVar

from mock_server.domain.order_chains import OrderChain
from mock_server.domain.orders import Order
from mock_server.domain.status_feed import FEED_DELAY
from mock_server.sandbox.progress import Progress
from mock_server.sandbox.registry import (
    DEFAULT,
    IDLE,
    SandboxNotFoundError,
    TooManySandboxesError,
    check_name,
)
from mock_server.sandbox.sandbox import Sandbox, State, no_chains
from mock_server.sandbox.status_feed import DroppedEntries
from mock_server.sandbox.surroundings import Surroundings
from mock_server.shared_store.capacity import SharedCapacity
from mock_server.shared_store.changes import SharedChanges
from mock_server.shared_store.connection import Connection
from mock_server.shared_store.contents import contents_commands
from mock_server.shared_store.faults import ReadFaults, SharedFaults
from mock_server.shared_store.feed import SharedFeed
from mock_server.shared_store.journal import SharedJournal
from mock_server.shared_store.keys import Keys
from mock_server.shared_store.orders import ReadOrders, SharedOrders
from mock_server.shared_store.parts import ReadRegisters, SharedClock, SharedPause, SharedRegister
from mock_server.shared_store.sandbox import Readers, SharedSandbox
from mock_server.shared_store.stops import Stops
from mock_server.shared_store.world import World, commit
from mock_server.store.port import StoreAwayError

NOTED = timedelta(seconds=1)
"""How exactly it is remembered when a sandbox was last used."""

_T = TypeVar("_T")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_log = logging.getLogger(__name__)


class SharedSandboxes:
    """
    Every sandbox of a store, created on first use by any of its processes. Safe for threads.

    Source: docs/shared-store.md.
    """

    is_shared = True

    def __init__(  # noqa: PLR0913 - as the registry in memory
        self,
        connection: Connection,
        *,
        prefix: str,
        pool: Executor,
        operation_ids: Collection[str],
        limit: int,
        max_orders: int,
        seeds: Callable[[datetime], Iterable[Order]],
        surroundings: Surroundings,
        chains: Callable[[datetime], Iterable[OrderChain]] = no_chains,
        feed_delay: timedelta = FEED_DELAY,
    ) -> None:
        """
        Keep them in the store at *connection*, below *prefix*; look into them in *pool*.

        The rest is as in memory: at most *limit* of them with *max_orders* orders in all, seeds,
        surroundings, and the delay of feeds. Faults are about one of *operation_ids*.
        """
        self.connection = connection
        self._prefix = prefix
        self._pool = pool
        self._limit = limit
        self._capacity = SharedCapacity(connection, f"{prefix}:orders", max_orders)
        self._seeds = seeds
        self._chains = chains
        self._surroundings = surroundings
        self._feed_delay = feed_delay
        self._readers = Readers(
            ReadOrders(), ReadFaults(operation_ids), ReadRegisters(surroundings.register)
        )
        self._stops = Stops()
        self.dropped = DroppedEntries()
        self._lock = Lock()
        self._handles: dict[str, SharedSandbox] = {}
        self._noted: dict[str, float] = {}
        self.enter(DEFAULT)

    async def reach(self, function: Callable[..., _T], *arguments: Any) -> _T:
        """Return *function* of *arguments*, called in a thread: the store may take a while."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, function, *arguments)

    def problem(self) -> str | None:
        """Return why the store cannot be used just now, None where it can."""
        try:
            self.connection.call("PING")
        except StoreAwayError as error:
            return str(error)
        return None

    def find(self, name: str) -> Sandbox | None:
        """Return the sandbox *name* where there is one already."""
        return self._handle(name) if self._is_there(name) else None

    def _is_there(self, name: str) -> bool:
        keys = Keys.of(self._prefix, name)
        return self.connection.call("HGET", keys.world, "world") is not None

    def enter(self, name: str) -> SharedSandbox:
        """
        Return the sandbox *name*, creating it on first use.

        Raises:
            SandboxNameError: *name* cannot be one.
            TooManySandboxesError: at the limit, and none lay idle for over ten minutes.
            StoreAwayError: the store is away.
        """
        check_name(name)
        handle = self._handle(name)
        if not self._is_there(name):
            self._create(handle)
        self._note_use(handle)
        return handle

    def reenter(self, name: str) -> Sandbox | None:
        """Return the sandbox *name* where there is one already, which is used by that."""
        found = self.find(name)
        if found is not None:
            self._note_use(found)
        return found

    def _note_use(self, handle: Sandbox) -> None:
        name, now = handle.name, time.perf_counter()
        if now - self._noted.get(name, 0.0) < NOTED.total_seconds() and name in self._noted:
            return
        self._noted[name] = now
        handle.last_used = self.connection.now()
        used = (handle.last_used - _EPOCH).total_seconds()
        self.connection.call("ZADD", self._used, used, name)

    @property
    def _names(self) -> str:
        return f"{self._prefix}:sandboxes"

    @property
    def _used(self) -> str:
        return f"{self._prefix}:used"

    def _handle(self, name: str) -> SharedSandbox:
        with self._lock:
            handle = self._handles.get(name)
            if handle is None:
                if len(self._handles) > self._limit:
                    self._handles.clear()
                handle = self._handles[name] = self._new_handle(name)
            return handle

    def _new_handle(self, name: str) -> SharedSandbox:
        keys = Keys.of(self._prefix, name)
        world = World(self.connection, keys, lambda: self._create(self._handle(name)))
        clock, wake = SharedClock(world), self._surroundings.wake
        store = SharedOrders(world, self._capacity, self._readers.orders, wake)
        feed = SharedFeed(world, self._feed_delay, dropped=self.dropped)
        register = SharedRegister(world, self._readers.registers)
        pause = SharedPause(world)
        progress = Progress(store, clock, self._surroundings, feed, register, pause=pause)
        return SharedSandbox(
            name,
            clock,
            store,
            progress,
            self._seeds,
            _EPOCH,
            SharedJournal(world, self._stops),
            SharedFaults(world, self._readers.faults),
            register,
            self._chains,
            feed,
            SharedChanges(world, self._readers.faults),
            world=world,
            capacity=self._capacity,
            readers=self._readers,
            wake=wake,
        )

    def _create(self, handle: SharedSandbox) -> None:
        name, keys = handle.name, handle.world.keys
        if self.connection.call("ZCARD", self._names) >= self._limit:
            self._drop_idle()
        state = handle.start_state()
        created = (state.now - _EPOCH).total_seconds()
        # Before it is there: one that nobody lists could never be dropped.
        self.connection.each(
            [("ZADD", self._names, "NX", created, name), ("ZADD", self._used, created, name)]
        )
        contents = list(contents_commands(keys, state, state.now, handle.wake))
        guard = ("is", keys.world, "world", "")
        commit(self.connection, keys, [guard], [("UNLINK", keys.world, keys.journal), *contents])

    def _drop_idle(self) -> None:
        before = (self.connection.now() - IDLE - _EPOCH).total_seconds()
        idle = self.connection.call("ZRANGEBYSCORE", self._used, "-inf", f"({before}")
        idle = [name for name in idle if name != DEFAULT]
        if not idle:
            raise TooManySandboxesError(self._limit)
        for name in idle:
            self._let_go(name)
        _log.warning("dropped %d sandboxes idle for over 10 minutes", len(idle))

    def restore(self, name: str, state: State) -> None:
        """
        Put the sandbox *name*, created on first use, into *state*; its journal stays as it is.

        Raises:
            SandboxNameError, TooManySandboxesError: as `enter`.
            StoreFullError: it has more orders than there may be; nothing changes.
        """
        handle = self.enter(name)
        free = sum(1 for _ in self._seeds(self.connection.now()))
        handle.restore(state, free)

    def open(self) -> None:
        """Let journals be waited for, once more where the server was stopped before."""
        self._stops.open()
        for handle in [*self._handles.values()]:
            handle.changes.open()

    def close(self) -> None:
        """Wake all readers that wait, since the server stops."""
        self._stops.stop()
        for handle in [*self._handles.values()]:
            handle.changes.close(by_stop=True)

    def all(self) -> list[Sandbox]:
        """Return every sandbox, oldest first."""
        names = self.connection.call("ZRANGE", self._names, 0, -1)
        if not names:
            return []
        commands = [("HGET", Keys.of(self._prefix, name).world, "world") for name in names]
        there = self.connection.each([*commands, *(("ZSCORE", self._used, name) for name in names)])
        found: list[Sandbox] = []
        for name, world, used in zip(names, there, there[len(names) :], strict=False):
            if world is not None:
                handle = self._handle(name)
                handle.last_used = _EPOCH + timedelta(seconds=float(used or 0))
                found.append(handle)
        return found

    def drop(self, name: str) -> None:
        """
        Forget the sandbox *name*; the default one is reset instead.

        Raises:
            SandboxNotFoundError: there is none.
        """
        if name == DEFAULT:
            self.enter(name).reset()
        elif not self._is_there(name):
            raise SandboxNotFoundError(name)
        else:
            self._let_go(name)

    def _let_go(self, name: str) -> None:
        keys = Keys.of(self._prefix, name)
        counted = self.connection.call("HGET", keys.world, "counted")
        self.connection.together(
            [
                # Whoever waits for requests is woken, and sees that there are no more.
                ("XADD", keys.journal, "*", "entry", ""),
                ("EXPIRE", keys.journal, 5),
                ("UNLINK", keys.world, *keys.contents()),
            ]
        )
        self.connection.call("ZREM", self._names, name)
        self.connection.call("ZREM", self._used, name)
        self._capacity.give_back(int(counted or 0))
        with self._lock:
            handle = self._handles.pop(name, None)
            self._noted.pop(name, None)
        if handle is not None:
            handle.changes.close()
