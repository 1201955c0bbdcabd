"""Who follows a sandbox holds nobody else up, however long its store takes."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest

from mock_server.control_plane import watch
from mock_server.control_plane.watch import Watches
from mock_server.domain.orders import Status
from mock_server.sandbox.event_log import EventLog
from mock_server.sandbox.registry import Sandboxes
from mock_server.sandbox.sandbox import Sandbox
from mock_server.store.port import StoreAwayError
from mock_server.testing.mock_server import SandboxControl
from tests.support.builders import NOW, ORDER_ID, Wall, an_order
from tests.support.worlds import sandboxes_of


class Hindered:
    """The registry *inner*, each look at which is *hindered* first."""

    def __init__(self, inner: Sandboxes, hinder: Callable[[], None]) -> None:
        """Know both."""
        self._inner = inner
        self._hinder = hinder

    def find(self, name: str) -> Sandbox | None:
        """Return the sandbox *name*."""
        self._hinder()
        return self._inner.find(name)


async def follow(sandboxes: Sandboxes, hinder: Callable[[], None], enough: asyncio.Event) -> None:
    """Follow the default sandbox until that is *enough*."""
    with ThreadPoolExecutor() as pool:
        watches = Watches(Hindered(sandboxes, hinder), pool)  # type: ignore[arg-type] # all that is used
        with watches.following(sandboxes.enter("default")):
            async with asyncio.timeout(30):
                await enough.wait()


def test_the_event_loop_goes_on_while_the_store_is_looked_into() -> None:
    looked: list[threading.Thread] = []

    async def run() -> None:
        loop, enough = asyncio.get_running_loop(), asyncio.Event()

        def hinder() -> None:
            looked.append(threading.current_thread())
            loop.call_soon_threadsafe(enough.set)

        await follow(sandboxes_of(Wall(), limit=2), hinder, enough)

    asyncio.run(run())

    assert looked
    assert threading.main_thread() not in looked


def test_no_event_loop_waits_for_other_processes_to_be_heard(
    mock: SandboxControl, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def noting(kind: type, name: str) -> None:
        inner = getattr(kind, name)

        def noted(*arguments: object) -> object:
            # There is none in a thread, where it may take its time.
            with pytest.raises(RuntimeError):
                asyncio.get_running_loop()
            asked.append(name)
            return inner(*arguments)

        monkeypatch.setattr(kind, name, noted)

    # Whichever kind the sandbox has.
    noting(type(mock._enter().changes), "wait_for_others")  # noqa: SLF001 - to look inside
    noting(EventLog, "resumed")
    with httpx.stream("GET", f"{mock.control_url}/events", headers={"Last-Event-ID": "1"}) as told:
        assert '"gap"' in next(line for line in told.iter_lines() if line.startswith("data:"))
    waited = httpx.get(f"{mock.control_url}/messages?wait=PT0.01S&recipient=nobody", timeout=60)

    assert waited.status_code == 200
    assert asked == ["wait_for_others", "resumed", "wait_for_others"]


def test_what_is_due_happens_once_the_store_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "_AGAIN", timedelta(milliseconds=1))
    wall = Wall()
    sandboxes = sandboxes_of(wall, limit=2, seeds=[an_order(requested_send_time=NOW)])
    failures = iter(range(3))

    async def run() -> None:
        loop, settled = asyncio.get_running_loop(), asyncio.Event()

        def hinder() -> None:
            if next(failures, None) is not None:
                raise StoreAwayError("away")

        sandbox = sandboxes.enter("default")
        sandbox.changes.add(lambda *_: loop.call_soon_threadsafe(settled.set))
        await follow(sandboxes, hinder, settled)

    wall.now += timedelta(hours=1)
    asyncio.run(run())

    assert sandboxes.enter("default").store.get(ORDER_ID).status is not Status.REGISTERED
