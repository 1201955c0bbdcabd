"""The world of one sandbox in the store: read at one instant, changed in one atomic step."""

import random
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from mock_server.domain.clock import EARLIEST, LATEST
from mock_server.shared_store.connection import Command, Connection
from mock_server.shared_store.keys import Keys
from mock_server.shared_store.scripts import COMMIT, READ
from mock_server.store.port import StoreAwayError

MOST_ATTEMPTS = 500
"""How often a change is tried anew after others have come first."""

_LONGEST_PAUSE = 0.01
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SHRINKING = {"HDEL", "ZREM", "SREM", "UNLINK", "DEL", "XTRIM", "EXPIRE"}
"""Commands that a store without room still takes."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Reading:
    """
    A reading of a world at one instant.

    *wall* is the store's time, aware UTC. *world* is the name of its generation, which a reset
    replaces. *ahead* is how far its clock is ahead, *frozen* where it stands still. *register* is
    the fingerprint of its register, empty for the first one. It *is_followed* if any process
    listens to its changes. *values* are the fields asked for.
    """

    wall: datetime
    world: str
    moves: int
    ahead: timedelta
    frozen: datetime | None
    register: str
    pause: datetime | None
    given: int
    shown: int
    counted: int
    is_followed: bool
    values: tuple[str | None, ...]

    @property
    def now(self) -> datetime:
        """The sandbox's time, aware UTC."""
        if self.frozen is not None:
            return self.frozen
        return min(max(self.wall + self.ahead, EARLIEST), LATEST)


@dataclass(slots=True)
class Unit:
    """
    One change of a world: the reading that decided it, and its effects.

    It is done whole or not at all, and not where anything that decided it has changed. *undone*
    is called then, *done* once it is stored.
    """

    reading: Reading
    guards: list[tuple[str, str, str, str]] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    undone: list[Callable[[], object]] = field(default_factory=list)
    done: list[Callable[[], object]] = field(default_factory=list)

    def expect(self, key: str, name: str, value: str | int) -> None:
        """Do it only if the hash *key* has this *value*, empty for none."""
        self.guards.append(("is", key, name, str(value)))

    def expect_beginning(self, key: str, name: str, beginning: str) -> None:
        """Do it only if the value in the hash *key* begins so."""
        self.guards.append(("begins", key, name, beginning))

    def add(self, *command: str | float) -> None:
        """Do *command*, too."""
        self.commands.append(command)


class World:
    """
    The world of the sandbox with these *keys*. Safe to use from several threads.

    Whatever is told to it while a change is being decided is part of that change, and what is read
    in it is of the same instant: so clock, feed and pause need not know of each other.
    """

    def __init__(self, connection: Connection, keys: Keys, revive: Callable[[], object]) -> None:
        """Use *connection*; *revive* creates the sandbox anew where it is not there any longer."""
        self.connection = connection
        self.keys = keys
        self._revive = revive
        self._local = threading.local()
        self.me = secrets.token_hex(4)
        """The name of this process among those that tell of changes."""

    @property
    def unit(self) -> Unit | None:
        """The change that this thread is deciding."""
        unit: Unit | None = getattr(self._local, "unit", None)
        return unit

    def reading(self) -> Reading:
        """Return the reading of the change under way, else one of now."""
        unit = self.unit
        return self.read() if unit is None else unit.reading

    def read(self, *fields: tuple[str, str]) -> Reading:
        """Return a reading of now, with the values of these *fields*, each of a hash."""
        flat = [part for item in fields for part in item]
        for _ in range(MOST_ATTEMPTS):
            keys = [self.keys.world, self.keys.changes]
            answer = self.connection.script(READ, keys, flat)
            if answer[2][0] is not None:
                return reading_of(answer)
            self._revive()
        raise StoreAwayError("the sandbox is dropped over and over")

    def attempt(self, decide: Callable[[Unit], _T], *fields: tuple[str, str]) -> _T:
        """
        Do the change that *decide* makes of a new unit, and return its result.

        It is called again for as long as others come first; what it raises flies.

        Raises:
            StoreAwayError: the store is away, or others came first too often.
        """
        for number in range(MOST_ATTEMPTS):
            unit = Unit(self.read(*fields))
            self._local.unit = unit
            try:
                result = decide(unit)
            finally:
                self._local.unit = None
            if not unit.commands or self._is_committed(unit):
                for tell in unit.done:
                    tell()
                return result
            time.sleep(random.uniform(0, min(_LONGEST_PAUSE, 0.0002 * 2 ** min(number, 8))))  # noqa: S311
        raise StoreAwayError("too many change the same thing at once")

    def do(self, *commands: Command) -> None:
        """Do *commands* as a part of the change under way, else at once."""
        unit = self.unit
        if unit is not None:
            unit.commands += commands
            return

        def decide(own: Unit) -> None:
            own.commands += commands

        self.attempt(decide)

    def _is_committed(self, unit: Unit) -> bool:
        reading = unit.reading
        guards = (
            ("is", self.keys.world, "world", reading.world),
            ("is", self.keys.world, "moves", str(reading.moves)),
            ("is", self.keys.world, "register", reading.register),
            *unit.guards,
        )
        # Where no answer comes it may be stored: what was taken for it is not given back then.
        is_stored = commit(self.connection, self.keys, guards, unit.commands) == 0
        if not is_stored:
            for undo in unit.undone:
                undo()
        return is_stored


def commit(
    connection: Connection,
    keys: Keys,
    guards: Sequence[tuple[str, str, str, str]],
    commands: Sequence[Command],
) -> int:
    """Do *commands* if all *guards* hold, and return 0; else the number of the first that fails."""
    grows = "grows" if any(command[0] not in _SHRINKING for command in commands) else "shrinks"
    flat: list[str | int | float] = [len(guards)]
    for guard in guards:
        flat += guard
    flat.append(grows)
    for command in commands:
        flat.append(len(command))
        flat += command
    return int(connection.script(COMMIT, [keys.world], flat))


def reading_of(answer: Sequence[Any]) -> Reading:
    """Return the reading that the script READ has answered."""
    seconds, microseconds, found, listeners, *values = answer
    world, moves, ahead, frozen, register, pause, given, shown, counted = found
    return Reading(
        wall=_EPOCH + timedelta(seconds=int(seconds), microseconds=int(microseconds)),
        world=world,
        moves=int(moves or 0),
        ahead=int(ahead or 0) * _MICROSECOND,
        frozen=read_time(frozen),
        register=register or "",
        pause=read_time(pause),
        given=int(given or 0),
        shown=int(shown or 0),
        counted=int(counted or 0),
        is_followed=listeners > 0,
        values=tuple(values),
    )


def write_time(moment: datetime) -> str:
    """Return *moment*, aware UTC, as the store has it."""
    return moment.isoformat()


def read_time(text: str | None) -> datetime | None:
    """Return the time that *text* holds, None where it is empty."""
    return datetime.fromisoformat(text) if text else None
