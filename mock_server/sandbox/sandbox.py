"""A sandbox: orders, clock, progress, journal and faults of one isolated world."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from mock_server.domain.order_chains import OrderChain
from mock_server.domain.orders import Order, OrderNotFoundError
from mock_server.domain.register import CurrentRegister, Register
from mock_server.sandbox.changes import ChangeKind, Changes
from mock_server.sandbox.event_log import EventLog
from mock_server.sandbox.faults import FaultRecord, Faults
from mock_server.sandbox.journal import Journal
from mock_server.sandbox.parts import ClockPart, FaultsPart, FeedPart, JournalPart, RegisterPart
from mock_server.sandbox.progress import Progress
from mock_server.sandbox.status_feed import FeedState, StatusFeed
from mock_server.store.port import Store, unheard

MOST_RECIPIENTS = 20
"""An order with more of them takes long to write or move, which is not for the event loop."""


def no_chains(_now: datetime) -> Iterable[OrderChain]:
    """Return no chains."""
    return ()


@dataclass(frozen=True, slots=True)
class State:
    """
    Everything that a sandbox remembers, but for its journal, at one instant of its clock.

    *no_email_until* is when triggers send e-mail again after a transient error.
    """

    now: datetime
    is_frozen: bool
    orders: tuple[Order, ...]
    faults: tuple[FaultRecord, ...]
    chains: tuple[OrderChain, ...] = ()
    register: Register | None = None
    feed: FeedState = field(default_factory=FeedState)
    no_email_until: datetime | None = None


@dataclass
class Sandbox:
    """
    One world.

    *seeds* returns its start orders, and *chains* those that some of them are of, given the time
    that they are relative to.
    """

    name: str
    clock: ClockPart
    store: Store
    progress: Progress
    seeds: Callable[[datetime], Iterable[Order]]
    last_used: datetime
    journal: JournalPart = field(default_factory=Journal)
    faults: FaultsPart = field(default_factory=Faults)
    register: RegisterPart = field(default_factory=lambda: CurrentRegister(Register()))
    chains: Callable[[datetime], Iterable[OrderChain]] = no_chains
    feed: FeedPart = field(default_factory=StatusFeed)
    changes: Changes = field(default_factory=Changes)
    events: EventLog = field(default_factory=EventLog)

    def __post_init__(self) -> None:
        """Let the parts tell what changes in them."""
        self.changes.now = self.clock.now
        self.journal.listen(self.changes)
        self.faults.listen(self.changes)
        self.store.listen(self.changes.order)

    def part(self) -> None:
        """Let store and faults tell no longer: others have taken their place."""
        self.faults.listen(Changes())
        self.store.listen(unheard)

    def set_clock(self, moment: datetime | None = None, *, frozen: bool | None = None) -> datetime:
        """
        Move the clock, freeze it or let it run, as `Clock.set`; orders live up to that time.

        Raises:
            ClockOutOfRangeError: as `Clock.set`.
        """
        return self._moved(lambda: self.clock.set(moment, frozen=frozen))

    def advance_clock(self, span: timedelta) -> datetime:
        """
        Move the clock by *span*, as `Clock.advance`; orders live up to that time.

        Raises:
            ClockOutOfRangeError: as `Clock.advance`.
        """
        return self._moved(lambda: self.clock.advance(span))

    def _moved(self, move: Callable[[], datetime]) -> datetime:
        moment = self.progress.move_clock(move)
        self.changes.tell(ChangeKind.CLOCK, (moment, self.clock.is_frozen))
        return moment

    def unchanged_for(self) -> timedelta | None:
        """Return for how long, in real time, time changes no order; None: for ever, as it is."""
        due = self.store.next_due()
        if due is None:
            return None
        now, is_frozen = self.clock.shown()
        # What is due by now, such as a condition to be asked anew, is due on a frozen clock, too.
        return None if is_frozen and due > now else max(due - now, timedelta(0))

    def replace_register(self, register: Register) -> None:
        """Have *register* from now on."""
        self.register.replace(register)
        self.changes.tell(ChangeKind.REGISTER)

    def is_quick(self, order_id: UUID) -> bool:
        """Tell whether an order can be read or moved without waiting for a send condition."""
        try:
            order = self.store.get(order_id)
        except OrderNotFoundError:
            return True
        # Who meets a send condition waits for its answer.
        return order.condition_endpoint is None and len(order.recipients) <= MOST_RECIPIENTS

    def state(self) -> State:
        """Return all that is remembered; orders are as they were when last looked at."""
        while True:
            moves = self.clock.moves
            orders, faults = tuple(self.store.all()), self.faults.records()
            # After the orders: an order that has ended is never without its entry.
            feed, pause = self.feed.state(), self.progress.no_email_until
            chains, register = tuple(self.store.chains()), self.register.now
            now, is_frozen = self.clock.shown()
            if self.clock.moves == moves:
                return State(now, is_frozen, orders, faults, chains, register, feed, pause)

    def reset(self) -> None:
        """Return to how it was when created: real time, seeded orders, no journal, no faults."""
        self.clock.reset()
        self.journal.clear()
        self.faults.clear()
        self.register.reset()
        now = self.clock.now()
        self.progress.begin_with(self.seeds(now), now, self.chains(now))
        self.changes.tell(ChangeKind.RESET)
