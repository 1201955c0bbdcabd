"""Faults of a shared store: their rules are read once, and every change of them is seen at once."""

from collections.abc import Callable, Sequence
from uuid import uuid4

import pytest

from mock_server.sandbox.faults import Fault, Pattern, Stage, Subject
from mock_server.shared_store.connection import Command
from mock_server.shared_store.faults import ReadFaults, SharedFaults
from mock_server.shared_store.world import World
from tests.support.shared_worlds import a_world

pytestmark = pytest.mark.slow

READ = Subject("getOrder", "GET", "/orders/1")


def a_fault(number: int, **more: object) -> Fault:
    """Return a fault whose id has this *number*."""
    return Fault(id=f"00000000-0000-4000-8000-{number:012}", status=503, **more)  # type: ignore[arg-type] # as it takes them


@pytest.fixture
def worlds(redis_url: str) -> tuple[World, World]:
    """Return one world, as two processes have it."""
    prefix = uuid4().hex
    return a_world(redis_url, prefix=prefix), a_world(redis_url, prefix=prefix)


@pytest.fixture
def pair(worlds: tuple[World, World]) -> tuple[SharedFaults, SharedFaults]:
    """Return what two processes have of its faults."""
    one, other = (SharedFaults(world, ReadFaults([])) for world in worlds)
    return one, other


def taken(faults: SharedFaults) -> str | None:
    """Return the end of the id of the fault that a read meets."""
    fault = faults.take(READ, Stage.AUTHENTICATED)
    return None if fault is None else fault.id[-1]


def test_rules_of_faults_are_read_once(
    worlds: tuple[World, World],
    pair: tuple[SharedFaults, SharedFaults],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world, one = worlds[0], pair[0]
    for number in range(30):
        one.add(a_fault(number, match=Pattern(operation_id="cancelOrder")))
    assert taken(one) is None
    asked: list[Command] = []

    def noting(inner: Callable[..., object]) -> Callable[..., object]:
        def noted(*command: str) -> object:
            asked.append(command)
            return inner(*command)

        return noted

    def refuse(commands: Sequence[Command]) -> None:
        raise AssertionError(commands)

    monkeypatch.setattr(world.connection, "call", noting(world.connection.call))
    monkeypatch.setattr(world.connection, "together", refuse)

    assert taken(one) is None
    assert not one.asks_for_references()
    assert asked == [("HMGET", world.keys.world, "world", "faults")] * 2


def test_whatever_another_process_does_to_faults_is_seen_at_once(
    pair: tuple[SharedFaults, SharedFaults],
) -> None:
    one, other = pair
    assert taken(one) is None
    other.add(a_fault(1))
    assert taken(one) == "1"
    other.add(a_fault(2, match=Pattern(senders_reference="r")))
    assert one.asks_for_references()
    other.remove(a_fault(1).id)
    assert taken(one) is None
    other.add(a_fault(3, times=2))
    assert [taken(one), taken(other), taken(one), taken(other)] == ["3", "3", None, None]
    other.clear()
    assert not one.asks_for_references()
    other.add(a_fault(4))
    assert taken(one) == "4"


def test_a_fault_that_goes_while_it_is_looked_at_does_not_strike(
    pair: tuple[SharedFaults, SharedFaults], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = pair
    other.add(a_fault(1))
    rules = one._rules()  # noqa: SLF001 - as they were before
    other.clear()
    monkeypatch.setattr(one, "_rules", lambda: rules)

    assert taken(one) is None
