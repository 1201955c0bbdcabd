"""Sandboxes and stores that are kept in a Redis server."""

from collections.abc import Callable
from uuid import uuid4

from mock_server.shared_store.capacity import SharedCapacity
from mock_server.shared_store.connection import Connection
from mock_server.shared_store.keys import Keys
from mock_server.shared_store.orders import ReadOrders, SharedOrders
from mock_server.shared_store.world import World, commit
from mock_server.store.port import Store, Wake, never


def a_world(url: str, name: str = "default", prefix: str | None = None) -> World:
    """Return a new world in the store at *url*, with nothing in it."""
    connection = Connection(url)
    keys = Keys.of(prefix or uuid4().hex, name)

    def begin() -> None:
        commands = [("HSET", keys.world, "world", uuid4().hex, "moves", 0)]
        commit(connection, keys, [("is", keys.world, "world", "")], commands)

    return World(connection, keys, begin)


def shared_stores(url: str, limit: int, wake: Wake = never) -> Callable[[], Store]:
    """Return a maker of stores that may hold *limit* orders together."""
    counter = uuid4().hex

    def make() -> Store:
        world = a_world(url)
        return SharedOrders(
            world, SharedCapacity(world.connection, counter, limit), ReadOrders(), wake
        )

    return make
