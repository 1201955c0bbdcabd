"""Which sandboxes give way when there is no room."""

from datetime import timedelta

import pytest

from mock_server.sandbox.registry import TooManySandboxesError
from tests.support.builders import ORDER_ID, SECOND, Wall, an_order
from tests.support.worlds import sandboxes_of

IDLE = timedelta(minutes=10)


def test_a_sandbox_that_is_used_stays() -> None:
    wall = Wall()
    sandboxes = sandboxes_of(wall, limit=3)
    sandboxes.enter("used")
    sandboxes.enter("idle")
    wall.now += IDLE
    used = sandboxes.enter("used")
    wall.now += SECOND

    sandboxes.enter("new")

    assert [sandbox.name for sandbox in sandboxes.all()] == ["default", "used", "new"]
    assert sandboxes.enter("used") is used


def test_every_idle_sandbox_gives_way_at_once() -> None:
    wall = Wall()
    sandboxes = sandboxes_of(wall, limit=3)
    sandboxes.enter("one")
    sandboxes.enter("two")
    wall.now += IDLE + SECOND

    sandboxes.enter("new")

    assert [sandbox.name for sandbox in sandboxes.all()] == ["default", "new"]


def test_nothing_gives_way_while_there_is_room() -> None:
    wall = Wall()
    sandboxes = sandboxes_of(wall, limit=3)
    sandboxes.enter("old")
    wall.now += timedelta(days=1)

    sandboxes.enter("new")

    assert [sandbox.name for sandbox in sandboxes.all()] == ["default", "old", "new"]


def test_the_default_sandbox_never_gives_way() -> None:
    wall = Wall()
    sandboxes = sandboxes_of(wall, limit=1)
    wall.now += timedelta(days=1)

    with pytest.raises(TooManySandboxesError) as caught:
        sandboxes.enter("new")

    assert caught.value.limit == 1
    assert [sandbox.name for sandbox in sandboxes.all()] == ["default"]


def test_a_known_sandbox_is_entered_also_at_the_limit() -> None:
    sandboxes = sandboxes_of(Wall(), limit=2)
    known = sandboxes.enter("known")

    assert sandboxes.enter("known") is known


def test_an_idle_sandbox_gives_back_the_room_of_its_orders() -> None:
    wall = Wall()
    sandboxes = sandboxes_of(wall, limit=2, max_orders=1)
    sandboxes.enter("old").store.add(an_order())
    wall.now += IDLE + SECOND

    new = sandboxes.enter("new")
    new.store.add(an_order())

    assert new.store.get(ORDER_ID) == an_order()
