"""Clock, register and pause of a sandbox in the shared store."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from mock_server.documents.register_file import read_register, write_register
from mock_server.domain.clock import EARLIEST, LATEST, ClockOutOfRangeError
from mock_server.domain.recipients import Recipient
from mock_server.domain.register import Contact, Register
from mock_server.shared_store.records import dump
from mock_server.shared_store.world import Reading, Unit, World, write_time

MOST_REGISTERS = 64
"""How many registers are kept as they were read."""

_MICROSECOND = timedelta(microseconds=1)


class SharedClock:
    """A sandbox's clock in the store: the store's own time, moved or frozen by somebody."""

    def __init__(self, world: World) -> None:
        """Tell the time of *world*."""
        self._world = world

    @property
    def moves(self) -> int:
        """How often it was set, frozen, resumed or reset."""
        return self._world.reading().moves

    @property
    def is_frozen(self) -> bool:
        """Whether the clock stands still."""
        return self._world.reading().frozen is not None

    def now(self) -> datetime:
        """Return the sandbox's time, aware UTC; while a change is decided, that of its start."""
        return self._world.reading().now

    def shown(self) -> tuple[datetime, bool]:
        """Return the sandbox's time, and whether it stands still there."""
        reading = self._world.reading()
        return reading.now, reading.frozen is not None

    def set(self, moment: datetime | None = None, *, frozen: bool | None = None) -> datetime:
        """Move to *moment*, freeze or resume, as `Clock.set`; ClockOutOfRangeError."""
        return self._move(lambda reading: reading.now if moment is None else moment, frozen)

    def advance(self, span: timedelta) -> datetime:
        """Move by *span*, as `Clock.advance`; ClockOutOfRangeError."""

        def moved(reading: Reading) -> datetime:
            try:
                moment = reading.now + span
            except OverflowError as error:
                raise ClockOutOfRangeError(f"{span} from now") from error
            if not EARLIEST <= moment <= LATEST:
                raise ClockOutOfRangeError(f"{span} from now")
            return moment

        return self._move(moved, None)

    def _move(self, moved: Callable[[Reading], datetime], frozen: bool | None) -> datetime:  # noqa: FBT001 - as `set` has it
        def decide(unit: Unit) -> datetime:
            reading = unit.reading
            moment = moved(reading)
            if not EARLIEST <= moment <= LATEST:
                raise ClockOutOfRangeError(moment.isoformat())
            moment = moment.astimezone(UTC)
            stays_frozen = reading.frozen is not None if frozen is None else frozen
            ahead = (moment - reading.wall) // _MICROSECOND
            at = write_time(moment) if stays_frozen else ""
            unit.add("HSET", self._world.keys.world, "ahead", ahead, "frozen", at)
            unit.add("HINCRBY", self._world.keys.world, "moves", 1)
            return moment

        return self._world.attempt(decide)

    def reset(self) -> None:
        """Return to real time, running."""
        world = self._world.keys.world
        self._world.do(("HSET", world, "ahead", 0, "frozen", ""), ("HINCRBY", world, "moves", 1))


class SharedPause:
    """The pause of a sandbox's e-mails in the store."""

    def __init__(self, world: World) -> None:
        """Keep it in *world*."""
        self._world = world

    @property
    def until(self) -> datetime | None:
        """Until when no trigger sends e-mail, aware UTC; None for no such pause."""
        return self._world.reading().pause

    @until.setter
    def until(self, moment: datetime | None) -> None:
        """Set it, as a part of the change that is being decided."""
        at = "" if moment is None else write_time(moment)
        self._world.do(("HSET", self._world.keys.world, "pause", at))


class ReadRegisters:
    """Registers as they were read, by fingerprint; to be thrown away at any time."""

    def __init__(self, first: Register) -> None:
        """Know the *first* register of every sandbox."""
        self.first = first
        self._known: OrderedDict[str, Register] = OrderedDict()

    def find(self, fingerprint: str) -> Register | None:
        """Return the register with this *fingerprint*, None where it was not read yet."""
        return self._known.get(fingerprint)

    def read(self, text: str) -> Register:
        """Return the register in *text*, and remember it."""
        register = read_register(json.loads(text))
        self._known[fingerprint_of(text)] = register
        if len(self._known) > MOST_REGISTERS:
            self._known.popitem(last=False)
        return register


def fingerprint_of(text: str) -> str:
    """Return the name that a register with this *text* has in a world."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def write_shared_register(register: Register) -> str:
    """Return *register* as the store has it."""
    return dump(write_register(register))


class SharedRegister:
    """The register that one sandbox has now, in the store."""

    def __init__(self, world: World, read: ReadRegisters) -> None:
        """Keep it in *world*; *read* has those that were read before."""
        self._world = world
        self._read = read

    @property
    def now(self) -> Register:
        """The register that there is now; while a change is decided, at its start."""
        while True:
            fingerprint = self._world.reading().register
            if not fingerprint:
                return self._read.first
            known = self._read.find(fingerprint)
            if known is not None:
                return known
            text = self._world.connection.bulk("GET", self._world.keys.register)
            if text is not None:
                register = self._read.read(text)
                if self._world.unit is not None:
                    # Where another has taken its place since, the change is decided anew.
                    return register

    def replace(self, register: Register) -> None:
        """Have *register* from now on."""
        text = write_shared_register(register)
        keys = self._world.keys
        self._world.do(
            ("SET", keys.register, text), ("HSET", keys.world, "register", fingerprint_of(text))
        )

    def reset(self) -> None:
        """Have the first one again."""
        keys = self._world.keys
        self._world.do(("UNLINK", keys.register), ("HSET", keys.world, "register", ""))

    def contact(self, recipient: Recipient) -> Contact | None:
        """Return as `Register.contact` does, of the register that there is now."""
        return self.now.contact(recipient)
