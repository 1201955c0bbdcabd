"""Snapshots of a sandbox, be the server in this process or at some URL."""

import uuid
from collections.abc import Iterator

import pytest

from mock_server.records.members import MemberError
from mock_server.testing.interface import AltinnNotifications
from mock_server.testing.mock_server import MockServer
from mock_server.testing.remote import connected
from tests.support.builders import NOW


@pytest.fixture(params=["here", "elsewhere"])
def world(request: pytest.FixtureRequest, server: MockServer) -> Iterator[AltinnNotifications]:
    """Return a fresh sandbox of a server here, or of the same one reached by its URL."""
    name = uuid.uuid4().hex
    if request.param == "here":
        yield server.sandbox(name)
        return
    with connected(server.url) as mock:
        yield mock.sandbox(name)


def test_a_state_that_is_put_back_is_as_it_was(world: AltinnNotifications) -> None:
    world.clock.freeze(NOW)
    order = world.orders.create(sendersReference="kept")
    world.faults.add(preset="unavailable")
    state = world.state()
    world.reset()

    world.restore(state)

    assert world.state() == state
    assert world.orders.get(order["id"]) == order
    assert world.clock.now() == NOW


def test_a_state_that_there_cannot_be_is_refused_whole(world: AltinnNotifications) -> None:
    before = world.orders.list()

    with pytest.raises(MemberError, match="version"):
        world.restore(world.state() | {"version": 3})

    assert world.orders.list() == before
