"""How many orders all sandboxes of a shared store hold together, counted in the store."""

from mock_server.shared_store.connection import Connection
from mock_server.store.port import StoreFullError


class SharedCapacity:
    """
    A count that several processes share. Safe to use from several threads.

    It never passes its limit; a process that dies in between may leave it a little too high, until
    the next one that starts counts anew.
    """

    def __init__(self, connection: Connection, key: str, limit: int) -> None:
        """Count in *key*, and allow *limit* orders in all."""
        self._connection = connection
        self._key = key
        self.limit = limit

    def take(self, number: int = 1) -> None:
        """Count *number* orders more; StoreFullError where the limit would be passed."""
        self.exchange(0, number)

    def exchange(self, before: int, after: int) -> None:
        """Count *after* orders in place of *before*; StoreFullError likewise."""
        more = after - before
        if not more:
            return
        used = self._connection.call("INCRBY", self._key, more)
        if more > 0 and used > self.limit:
            self._connection.call("DECRBY", self._key, more)
            raise StoreFullError(self.limit)

    def give_back(self, number: int = 1) -> None:
        """Count *number* orders fewer."""
        self.exchange(number, 0)
