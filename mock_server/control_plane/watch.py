"""Watch over one sandbox on the event loop: followers are woken, and it is settled in time."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from mock_server.sandbox.changes import Changes
from mock_server.sandbox.registry import Registry
from mock_server.sandbox.sandbox import Sandbox

PAUSE = timedelta(milliseconds=50)
"""How long at least there is nothing between one wake and the next: twenty a second at most."""

LONGEST_NAP = timedelta(minutes=10)
"""How long the timer sleeps at most, since the sandbox's clock and that of the loop drift apart."""

_AGAIN = timedelta(seconds=1)
"""How long the timer waits where settling changed nothing, or the store is away."""

_T = TypeVar("_T")


class Watch:
    """
    Wakes the followers of one sandbox when something changes there, at most 20 times a second.

    While somebody follows, one timer is set to the next event by time, which happens then as if
    somebody had looked. What asks the sandbox takes a thread, since its store may take a while; all
    the rest runs on the event loop.
    """

    def __init__(
        self, changes: Changes, find: Callable[[], Sandbox | None], pool: ThreadPoolExecutor
    ) -> None:
        """Watch *changes* of the sandbox that *find* returns; settle it in *pool*."""
        self._loop = asyncio.get_running_loop()
        self._changes = changes
        self._find = find
        self._pool = pool
        self._followers: list[asyncio.Event] = []
        self._is_told = False
        self._last_turn = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._working: asyncio.Future[timedelta | None] | None = None
        self._is_stale = False

    @property
    def is_needed(self) -> bool:
        """Whether anybody follows."""
        return bool(self._followers)

    def is_over(self, sandbox: Sandbox) -> bool:
        """Tell whether it is *sandbox* that is watched, now on this event loop."""
        is_here = self._loop is asyncio.get_running_loop()
        return is_here and self._changes is sandbox.changes

    @contextmanager
    def following(self) -> Iterator[asyncio.Event]:
        """Give an event that is set whenever something has changed, in the block."""
        follower = asyncio.Event()
        if not self._followers:
            self._changes.add(self._hear)
        self._followers.append(follower)
        self._look()
        try:
            yield follower
        finally:
            self._followers.remove(follower)
            if not self._followers:
                self._changes.remove(self._hear)
                self._look()

    def _hear(self, *_: object) -> None:
        """Have a turn soon; called in any thread, and within somebody's locks."""
        if not self._is_told:
            self._is_told = True
            with suppress(RuntimeError):  # the loop is closed: the server has stopped
                self._loop.call_soon_threadsafe(self._turn_soon)

    def _turn_soon(self) -> None:
        pause = self._last_turn + PAUSE.total_seconds() - self._loop.time()
        if pause > 0:
            self._loop.call_later(pause, self._turn)
        else:
            self._turn()

    def _turn(self) -> None:
        self._last_turn = self._loop.time()
        self._is_told = False
        for follower in self._followers:
            follower.set()
        self._look()

    def _look(self) -> None:
        """Set the timer anew, once it is known how long nothing changes by time."""
        self._work(self._nap)

    def _settle(self) -> None:
        self._work(self._nap_once_settled)

    def _work(self, find_out: Callable[[], timedelta | None]) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        # What is being found out may be of before the change.
        self._is_stale = self._working is not None
        if self._followers and self._working is None:
            self._working = self._loop.run_in_executor(self._pool, find_out)
            self._working.add_done_callback(self._worked)

    def _worked(self, working: "asyncio.Future[timedelta | None]") -> None:
        self._working = None
        if working.cancelled():
            return
        if self._is_stale or not self._followers:
            self._look()
            return
        # Where the store is away, whoever looks next meets it, too.
        nap = _AGAIN if working.exception() else working.result()
        if nap is not None:
            seconds = min(nap, LONGEST_NAP).total_seconds()
            self._timer = self._loop.call_later(seconds, self._settle)

    def _nap_once_settled(self) -> timedelta | None:
        sandbox = self._find()
        if sandbox is not None:
            sandbox.progress.settle()
        # Where it has changed nothing, somebody else is at it.
        nap = self._nap()
        return _AGAIN if nap == timedelta(0) else nap

    def _nap(self) -> timedelta | None:
        """Return how long nothing changes by time; None where it never does, as things are."""
        sandbox = self._find()
        # One of the same name may have taken its place.
        if sandbox is None or self._changes is not sandbox.changes:
            return None
        return sandbox.unchanged_for()


class Watches:
    """The watch over each sandbox that somebody follows."""

    def __init__(self, sandboxes: Registry, pool: ThreadPoolExecutor) -> None:
        """Watch some of *sandboxes*, which are settled in *pool*."""
        self._sandboxes = sandboxes
        self._pool = pool
        self._by_name: dict[str, Watch] = {}

    def now(self, sandbox: Sandbox) -> Sandbox:
        """Return *sandbox*, or the one that has taken its place since."""
        found = self._sandboxes.find(sandbox.name)
        return sandbox if found is None or found.changes is not sandbox.changes else found

    async def reach(self, function: Callable[..., _T], *arguments: Any) -> _T:
        """Return *function* of *arguments*, called in a thread: the store may take a while."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, function, *arguments)

    @contextmanager
    def following(self, sandbox: Sandbox) -> Iterator[asyncio.Event]:
        """Give an event that is set whenever something has changed in *sandbox*, in the block."""
        name = sandbox.name
        watch = self._by_name.get(name)
        if watch is None or not watch.is_over(sandbox):
            watch = self._by_name[name] = Watch(
                sandbox.changes, partial(self._sandboxes.find, name), self._pool
            )
        with watch.following() as follower:
            yield follower
        if not watch.is_needed and self._by_name.get(name) is watch:
            del self._by_name[name]
