"""Changes that processes tell each other: heard however the store does, and waited for by none."""

import signal
import threading
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from mock_server.sandbox.changes import ChangeKind
from mock_server.shared_store import changes
from mock_server.shared_store.changes import SharedChanges
from mock_server.shared_store.faults import ReadFaults
from mock_server.store.port import StoreAwayError
from tests.support.builders import NOW
from tests.support.eventually import eventually
from tests.support.redis_server import running_redis
from tests.support.shared_worlds import a_world

pytestmark = pytest.mark.slow

STOOD: tuple[datetime, bool] = (NOW, True)


def hubs(url: str) -> tuple[SharedChanges, SharedChanges]:
    """Return what two processes have of one sandbox."""
    prefix = uuid4().hex
    one, other = (SharedChanges(a_world(url, prefix=prefix), ReadFaults([])) for _ in range(2))
    return one, other


def test_who_begins_and_ends_to_listen_does_not_wait_for_a_silent_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "LOST", 600.0)
    failures: list[Exception] = []
    with running_redis(tmp_path) as server:
        hub, _ = hubs(server.url)

        def come_and_go() -> None:
            try:
                hub.add(print)
                hub.remove(print)
            except StoreAwayError as error:
                failures.append(error)

        server.send(signal.SIGSTOP)
        try:
            going = threading.Thread(target=come_and_go, daemon=True)
            going.start()
            going.join(60)
            assert not going.is_alive()
        finally:
            server.send(signal.SIGCONT)

    assert failures == []


def test_others_are_heard_from_when_that_was_waited_for(redis_url: str) -> None:
    one, other = hubs(redis_url)
    heard: list[tuple[Any, ...]] = []
    one.add(lambda *told: heard.append(told))
    one.wait_for_others()

    other.tell(ChangeKind.CLOCK, STOOD)

    eventually(lambda: heard)
    assert heard == [(ChangeKind.CLOCK, STOOD, None)]


def test_one_who_finds_the_store_away_when_told_hears_on(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "LOST", 0.01)
    one, other = hubs(redis_url)
    heard: list[ChangeKind] = []

    def hear(kind: ChangeKind, *_: object) -> None:
        heard.append(kind)
        if len(heard) == 1:
            raise StoreAwayError("slow")

    one.add(hear)

    def hears_again() -> bool:
        other.tell(ChangeKind.CLOCK, STOOD)
        return ChangeKind.CLOCK in heard[1:]

    eventually(hears_again)
    # In between something may have been missed.
    assert heard[:2] == [ChangeKind.CLOCK, ChangeKind.RESET]
