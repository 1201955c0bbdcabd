"""Ports of a sandbox's parts beside its orders: clock, register, feed, faults, journal."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from mock_server.domain.recipients import Recipient
from mock_server.domain.register import Contact, Register
from mock_server.domain.status_feed import FeedEntry
from mock_server.sandbox.changes import Changes
from mock_server.sandbox.faults import Fault, FaultRecord, Stage, Subject
from mock_server.sandbox.journal import Entry, Filter
from mock_server.sandbox.status_feed import FeedState, Ranks


class ClockPart(Protocol):
    """Interface of a sandbox's clock; see `Clock`, which keeps it in memory."""

    @property
    def moves(self) -> int:
        """How often it was set, frozen, resumed or reset."""

    @property
    def is_frozen(self) -> bool:
        """Whether the clock stands still."""

    def now(self) -> datetime:
        """Return the sandbox's time, aware UTC, in whole microseconds."""

    def shown(self) -> tuple[datetime, bool]:
        """Return the sandbox's time, and whether it stands still there."""

    def set(self, moment: datetime | None = None, *, frozen: bool | None = None) -> datetime:
        """Move, freeze or resume; ClockOutOfRangeError outside its range."""

    def advance(self, span: timedelta) -> datetime:
        """Move by *span*; ClockOutOfRangeError outside its range."""

    def reset(self) -> None:
        """Return to real time, running."""


class RegisterPart(Protocol):
    """Interface of the register that one sandbox has; see `CurrentRegister`."""

    @property
    def now(self) -> Register:
        """The register that there is now."""

    def replace(self, register: Register) -> None:
        """Have *register* from now on."""

    def reset(self) -> None:
        """Have the first one again."""

    def contact(self, recipient: Recipient) -> Contact | None:
        """Return as `Register.contact` does, of the register that there is now."""


class FeedPart(Protocol):
    """Interface of a sandbox's status feed; see `StatusFeed`, which keeps it in memory."""

    def add(self, entry: FeedEntry) -> None:
        """Keep *entry*, unless its order has one already; part of the change that it is told in."""

    def number(self, ranks: Ranks) -> None:
        """Assign numbers to new entries: by the time of writing, then by *ranks*."""

    def read(
        self, creator: str, now: datetime, *, after: int, size: int, newest_first: bool
    ) -> list[FeedEntry]:
        """Return at most *size* entries of *creator* that show by *now*, by their numbers."""

    def next_showing(self, now: datetime) -> tuple[datetime, UUID] | None:
        """Return when the next entry shows that does not by *now*, and its order's id."""

    def turn_back(self, now: datetime) -> None:
        """Date withheld entries at *now* at the latest."""

    def clean(self, now: datetime) -> None:
        """Remove entries that are 90 days old by *now*."""

    def state(self) -> FeedState:
        """Return all that is remembered."""

    def clear(self) -> None:
        """Forget everything; numbers begin anew."""


class FaultsPart(Protocol):
    """Interface of a sandbox's faults; see `Faults`, which keeps them in memory."""

    def listen(self, changes: Changes) -> None:
        """Tell *changes* from now on of what happens here."""

    def __len__(self) -> int:
        """Return how many there are, spent ones included."""

    def add(self, fault: Fault) -> None:
        """Arm *fault*; raise TooManyFaultsError where there are 1,000."""

    def all(self) -> list[tuple[Fault, int]]:
        """Return each fault with how often it has taken effect."""

    def records(self) -> tuple[FaultRecord, ...]:
        """Return each fault with all that is remembered of it."""

    def remove(self, fault_id: str) -> None:
        """Disarm one fault; raise FaultNotFoundError where there is none."""

    def clear(self) -> None:
        """Disarm all."""

    def take(self, subject: Subject, stage: Stage) -> Fault | None:
        """Return the first fault that takes effect on *subject* at *stage*, and count it."""

    def asks_for_references(self) -> bool:
        """Tell whether any fault looks at the sender's reference."""


class JournalPart(Protocol):
    """Interface of a sandbox's journal; see `Journal`, which keeps it in memory."""

    def listen(self, changes: Changes) -> None:
        """Tell *changes* from now on of what happens here."""

    @property
    def waiters(self) -> int:
        """How many wait for entries just now, in this process."""

    def __len__(self) -> int:
        """Return how many entries there are."""

    def add(self, make: Callable[[int], Entry]) -> None:
        """Add the entry that *make* makes of its id."""

    def add_unwritten(self, make: Callable[[int], Entry]) -> None:
        """Add an entry that *make* may make of its id later."""

    def write(self) -> None:
        """Write every entry by now."""

    def find(self, wanted: Filter, limit: int | None = None) -> list[Entry]:
        """Return the entries *wanted*, the newest *limit* of them, newest last."""

    def wait(self, wanted: Filter, count: int, patience: timedelta) -> None:
        """Return once *count* entries are *wanted*, or after *patience*, or when closed."""

    async def reached(self, wanted: Filter, count: int, patience: timedelta) -> bool:
        """Wait as `wait` does, yet block no thread; return whether the server goes on."""

    def clear(self) -> None:
        """Forget every entry; ids go on."""

    def open(self) -> None:
        """Let it be waited for again."""

    def close(self, *, by_stop: bool = False) -> None:
        """Wake all readers and let none wait again; *by_stop*: since the whole server stops."""


class Pause(Protocol):
    """Until when no trigger sends e-mail after a transient error; None for no such pause."""

    until: datetime | None


@dataclass
class KeptPause:
    """A pause in memory, *until* a time, aware UTC."""

    until: datetime | None = None
