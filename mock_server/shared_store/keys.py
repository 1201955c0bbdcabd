"""Keys of a sandbox in the store; its name in braces keeps them together."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Keys:
    """
    The keys of one sandbox, each with its *prefix*.

    Source: docs/shared-store.md, "Keys".
    """

    prefix: str

    @classmethod
    def of(cls, prefix: str, name: str) -> "Keys":
        """Return the keys of the sandbox *name* below the store's *prefix*."""
        return cls(f"{prefix}:{{{name}}}")

    @property
    def world(self) -> str:
        """A hash of small members: generation, clock, counters."""
        return f"{self.prefix}:world"

    @property
    def orders(self) -> str:
        """A hash from id to the record of an order."""
        return f"{self.prefix}:orders"

    @property
    def agenda(self) -> str:
        """A sorted set of orders by the second in which time changes them."""
        return f"{self.prefix}:agenda"

    @property
    def references(self) -> str:
        """A sorted set of creator, reference, place and id, in alphabetical order."""
        return f"{self.prefix}:references"

    @property
    def chains(self) -> str:
        """A hash from idempotency key to the record of a chain."""
        return f"{self.prefix}:chains"

    @property
    def register(self) -> str:
        """The register, where it was replaced."""
        return f"{self.prefix}:register"

    @property
    def faults(self) -> str:
        """A hash from id to the rule of a fault."""
        return f"{self.prefix}:faults"

    @property
    def fault_counts(self) -> str:
        """A hash of how often each fault was drawn for, and took effect."""
        return f"{self.prefix}:fault-counts"

    @property
    def feed(self) -> str:
        """A hash from the id of an order to its entry in the status feed."""
        return f"{self.prefix}:feed"

    @property
    def feed_pending(self) -> str:
        """A set of the ids of entries that have no number yet."""
        return f"{self.prefix}:feed-pending"

    @property
    def feed_numbers(self) -> str:
        """A sorted set of number and id of each entry that has one."""
        return f"{self.prefix}:feed-numbers"

    @property
    def feed_creators(self) -> str:
        """A sorted set of creator, number and id likewise."""
        return f"{self.prefix}:feed-creators"

    @property
    def journal(self) -> str:
        """A stream of requests and their answers."""
        return f"{self.prefix}:journal"

    @property
    def changes(self) -> str:
        """A channel on which processes tell each other of changes."""
        return f"{self.prefix}:changes"

    def contents(self) -> tuple[str, ...]:
        """Return the keys of all that a restore replaces."""
        return (
            *(self.orders, self.agenda, self.references, self.chains, self.register),
            *(self.faults, self.fault_counts),
            *(self.feed, self.feed_pending, self.feed_numbers, self.feed_creators),
        )
