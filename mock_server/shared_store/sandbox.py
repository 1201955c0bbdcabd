"""A sandbox that several processes share."""

from dataclasses import dataclass
from uuid import UUID

from mock_server.domain.status_feed import ENDED, entry_of
from mock_server.sandbox.changes import ChangeKind
from mock_server.sandbox.sandbox import Sandbox, State
from mock_server.sandbox.status_feed import FeedState
from mock_server.shared_store.capacity import SharedCapacity
from mock_server.shared_store.contents import contents_commands, read_state, state_commands
from mock_server.shared_store.faults import ReadFaults
from mock_server.shared_store.orders import ReadOrders
from mock_server.shared_store.parts import ReadRegisters
from mock_server.shared_store.world import World
from mock_server.store.port import Wake


@dataclass
class Readers:
    """Readings that a process keeps, for all sandboxes; they can be thrown away."""

    orders: ReadOrders
    faults: ReadFaults
    registers: ReadRegisters


@dataclass(kw_only=True)
class SharedSandbox(Sandbox):
    """One world in the store; an operation on all of it is one atomic step."""

    world: World
    capacity: SharedCapacity
    readers: Readers
    wake: Wake

    def is_quick(self, order_id: UUID) -> bool:  # noqa: ARG002 - whichever order it is
        """Tell that every look at an order takes a while, which is not for the event loop."""
        return False

    def state(self) -> State:
        """Return all that is remembered, at one instant."""
        # Whoever reads what has just been dropped reads what it starts with.
        self.world.read()
        answers = self.world.connection.together(state_commands(self.world.keys))
        readers = self.readers
        return read_state(answers, readers.orders, readers.faults, readers.registers)

    def start_state(self) -> State:
        """Return how it is when created, as of now in real time."""
        now = self.world.connection.now()
        orders = tuple(self.seeds(now))
        ended = tuple(entry_of(order, now) for order in orders if order.status in ENDED)
        chains = tuple(self.chains(now))
        return State(now, False, orders, (), chains, feed=FeedState(ended))  # noqa: FBT003 - running

    def reset(self) -> None:
        """Return to how it was when created: real time, seeded orders, no journal, no faults."""
        keys, state = self.world.keys, self.start_state()
        commands = contents_commands(keys, state, state.now, self.wake)
        last = self.world.connection.call("HGET", keys.world, "journal") or 0
        counted, *_ = self.world.connection.together(
            [
                ("HGET", keys.world, "counted"),
                ("UNLINK", keys.journal),
                ("HSET", keys.world, "cleared", last),
                *commands,
            ]
        )
        self.capacity.give_back(int(counted or 0))
        self.changes.tell(ChangeKind.RESET)

    def restore(self, state: State, free: int) -> None:
        """
        Return to *state*, all but the first *free* orders of which count against the limit.

        Raises:
            StoreFullError: it has more orders than there may be; nothing changes.
        """
        counted = frozenset(order.id for order in state.orders[free:])
        reading = self.world.read()
        self.capacity.exchange(reading.counted, len(counted))
        commands = contents_commands(self.world.keys, state, reading.wall, self.wake, counted)
        self.world.connection.together(list(commands))
        self.changes.tell(ChangeKind.RESET)
