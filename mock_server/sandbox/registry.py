"""Registry of sandboxes by name: each has its own store, clock and progress."""

import logging
import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from mock_server.domain.clock import Clock, wall_now
from mock_server.domain.order_chains import OrderChain
from mock_server.domain.orders import Order
from mock_server.domain.register import CurrentRegister
from mock_server.domain.status_feed import FEED_DELAY
from mock_server.sandbox.changes import ChangeKind
from mock_server.sandbox.faults import Faults
from mock_server.sandbox.parts import KeptPause
from mock_server.sandbox.progress import Progress
from mock_server.sandbox.sandbox import Sandbox, State, no_chains
from mock_server.sandbox.status_feed import DroppedEntries, FeedState, StatusFeed
from mock_server.sandbox.surroundings import Surroundings
from mock_server.store.port import Capacity, StoreFactory

_T = TypeVar("_T")

DEFAULT = "default"
NAME = re.compile(r"(?!\.{1,2}\Z)[A-Za-z0-9._-]{1,64}", re.ASCII)
IDLE = timedelta(minutes=10)
"""How long a sandbox must lie unused before it may give way to a new one."""

_log = logging.getLogger(__name__)


class SandboxNameError(ValueError):
    """The name cannot be a sandbox's."""

    def __init__(self, name: object, path: str = "") -> None:
        """Remember the *name* that was asked for, and the *path* in that sandbox."""
        self.name = name
        self.path = path
        super().__init__(
            f"{name!r} cannot name a sandbox; use 1 to 64 of the characters A-Z a-z 0-9 . _ -"
        )


class SandboxNotFoundError(Exception):
    """No sandbox has this name."""

    def __init__(self, name: str) -> None:
        """Remember the *name* that was looked for."""
        self.name = name
        super().__init__(f"no sandbox '{name}'")


class TooManySandboxesError(Exception):
    """There are as many sandboxes as there may be, and all are in use."""

    def __init__(self, limit: int) -> None:
        """Remember the *limit* that was reached."""
        self.limit = limit
        super().__init__(f"the mock holds {limit} sandboxes, its limit, and all are in use")


def check_name(name: object) -> None:
    """Raise SandboxNameError where *name* cannot be a sandbox's."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise SandboxNameError(name)


class Registry(Protocol):
    """Interface of a server's sandboxes; see `Sandboxes`, which keeps them in memory."""

    dropped: DroppedEntries

    @property
    def is_shared(self) -> bool:
        """Whether other processes have the same sandboxes, and each look at one takes a while."""

    async def reach(self, function: Callable[..., _T], *arguments: Any) -> _T:
        """Return *function* of *arguments*, which looks into a sandbox, without blocking a loop."""

    def problem(self) -> str | None:
        """Return why the store cannot be used just now, None where it can."""

    def find(self, name: str) -> Sandbox | None:
        """Return the sandbox *name* where there is one already."""

    def enter(self, name: str) -> Sandbox:
        """Return the sandbox *name*, creating it; SandboxNameError, TooManySandboxesError."""

    def reenter(self, name: str) -> Sandbox | None:
        """Return the sandbox *name* where there is one already, which is used by that."""

    def restore(self, name: str, state: State) -> None:
        """Put the sandbox *name*, created on first use, into *state*; its journal stays."""

    def open(self) -> None:
        """Let journals be waited for, once more where the server was stopped before."""

    def close(self) -> None:
        """Wake all readers that wait for journals, since the server stops."""

    def all(self) -> list[Sandbox]:
        """Return every sandbox, oldest first."""

    def drop(self, name: str) -> None:
        """Forget the sandbox *name*, the default one is reset; SandboxNotFoundError."""


class Sandboxes:
    """
    Every sandbox of a server, created on first use. Safe to use from several threads.

    Source: docs/testing.md.
    """

    is_shared = False

    def __init__(
        self,
        *,
        limit: int,
        max_orders: int,
        seeds: Callable[[datetime], Iterable[Order]],
        surroundings: Surroundings,
        stores: StoreFactory,
        chains: Callable[[datetime], Iterable[OrderChain]] = no_chains,
        feed_delay: timedelta = FEED_DELAY,
        wall: Callable[[], datetime] = wall_now,
    ) -> None:
        """
        Hold at most *limit* sandboxes with *max_orders* orders in all.

        *seeds* returns the start orders as of a time, *chains* those that they are of;
        *surroundings* are what all orders meet, *stores* makes the store of each sandbox,
        *feed_delay* is how long entries of a status feed are withheld, *wall* is real time.
        """
        self._limit = limit
        self._capacity = Capacity(max_orders)
        self._seeds = seeds
        self._chains = chains
        self._surroundings = surroundings
        self._stores = stores
        self._feed_delay = feed_delay
        self.dropped = DroppedEntries()
        self._wall = wall
        self._lock = threading.Lock()
        self._by_name: dict[str, Sandbox] = {}
        self.enter(DEFAULT)

    async def reach(self, function: Callable[..., _T], *arguments: Any) -> _T:
        """Return *function* of *arguments*, at once: memory blocks no event loop."""
        return function(*arguments)

    def problem(self) -> str | None:
        """Return None: memory can always be used."""
        return None

    def find(self, name: str) -> Sandbox | None:
        """Return the sandbox *name* where there is one already."""
        with self._lock:
            return self._by_name.get(name)

    def enter(self, name: str) -> Sandbox:
        """
        Return the sandbox *name*, creating it on first use.

        Raises:
            SandboxNameError: *name* cannot be one.
            TooManySandboxesError: at the limit, and none lay idle for over ten minutes.
        """
        check_name(name)
        with self._lock:
            return self._enter(name)

    def _enter(self, name: str) -> Sandbox:
        sandbox = self._by_name.get(name)
        if sandbox is None:
            sandbox = self._create(name)
        sandbox.last_used = self._wall()
        return sandbox

    def reenter(self, name: str) -> Sandbox | None:
        """Return the sandbox *name* where there is one already, which is used by that."""
        sandbox = self._by_name.get(name)
        if sandbox is not None:
            sandbox.last_used = self._wall()
        return sandbox

    def restore(self, name: str, state: State) -> None:
        """
        Put the sandbox *name*, created on first use, into *state*; its journal stays as it is.

        Who is in it already goes on in the world as it was, and changes nothing in the new one.
        As many orders as it starts with count against no limit, as at the start.

        Raises:
            SandboxNameError, TooManySandboxesError: as `enter`.
            StoreFullError: it has more orders than there may be; nothing changes.
        """
        check_name(name)
        clock = Clock(self._wall)
        free = sum(1 for _ in self._seeds(clock.now()))
        counted = [order.id for order in state.orders[free:]]
        store = self._stores(
            self._capacity, state.orders, counted, state.chains, wake=self._surroundings.wake
        )
        feed = self._feed(state.feed)
        register = self._register_of(state)
        pause = KeptPause(state.no_email_until)
        progress = Progress(store, clock, self._surroundings, feed, register, pause=pause)
        faults = Faults(state.faults)
        with self._lock:
            before = self._enter(name)
            clock.set(state.now, frozen=state.is_frozen)
            before.store.retire(len(counted))
            self._by_name[name] = replace(
                before,
                clock=clock,
                store=store,
                progress=progress,
                faults=faults,
                register=register,
                feed=feed,
            )
            before.part()
        before.journal.write()
        before.changes.tell(ChangeKind.RESET)

    def _register_of(self, state: State) -> CurrentRegister:
        register = CurrentRegister(self._surroundings.register)
        register.replace(state.register or self._surroundings.register)
        return register

    def _create(self, name: str) -> Sandbox:
        if len(self._by_name) >= self._limit:
            self._drop_idle()
        clock = Clock(self._wall)
        store = self._stores(self._capacity, wake=self._surroundings.wake)
        feed, register = self._feed(), CurrentRegister(self._surroundings.register)
        progress = Progress(store, clock, self._surroundings, feed, register)
        now = clock.now()
        progress.begin_with(self._seeds(now), now, self._chains(now))
        sandbox = Sandbox(
            name,
            clock,
            store,
            progress,
            self._seeds,
            self._wall(),
            register=register,
            chains=self._chains,
            feed=feed,
        )
        self._by_name[name] = sandbox
        return sandbox

    def _feed(self, state: FeedState | None = None) -> StatusFeed:
        return StatusFeed(self._feed_delay, dropped=self.dropped, state=state)

    def _drop_idle(self) -> None:
        before = self._wall() - IDLE
        idle = [
            name
            for name, sandbox in self._by_name.items()
            if name != DEFAULT and sandbox.last_used < before and not sandbox.changes.is_heard
        ]
        if not idle:
            raise TooManySandboxesError(self._limit)
        for name in idle:
            _let_go(self._by_name.pop(name))
        _log.warning("dropped %d sandboxes idle for over 10 minutes", len(idle))

    def open(self) -> None:
        """Let journals be waited for, once more where the server was stopped before."""
        for sandbox in self.all():
            sandbox.journal.open()
            sandbox.changes.open()

    def close(self) -> None:
        """Wake all readers that wait for journals or follow events, since the server stops."""
        for sandbox in self.all():
            sandbox.journal.close(by_stop=True)
            sandbox.changes.close(by_stop=True)

    def all(self) -> list[Sandbox]:
        """Return every sandbox, oldest first."""
        with self._lock:
            return list(self._by_name.values())

    def drop(self, name: str) -> None:
        """
        Forget the sandbox *name*; the default one is reset instead.

        Raises:
            SandboxNotFoundError: there is none.
        """
        with self._lock:
            sandbox = self._by_name.get(name)
            if sandbox is None:
                raise SandboxNotFoundError(name)
            if name == DEFAULT:
                sandbox.reset()
                return
            del self._by_name[name]
            _let_go(sandbox)


def _let_go(sandbox: Sandbox) -> None:
    """Give back the room that *sandbox* takes, and let nobody wait for it."""
    # Who creates an order in it just now takes no room: nobody could ever give that back.
    sandbox.store.retire(after=0)
    sandbox.store.clear()
    sandbox.journal.close()
    sandbox.changes.close()
    # Unwritten entries know the sandbox, which knows them.
    sandbox.journal.write()
