"""Faults: rules that make a sandbox answer wrongly, late, or not at all."""

import random
import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache

from mock_server.sandbox.changes import ChangeKind, Changes


class Connection(StrEnum):
    """Connection faults: the ways in which a connection ends without a whole answer."""

    RESET = "reset"
    TRUNCATE = "truncate"
    HANG = "hang"


class Stage(StrEnum):
    """
    Where in a request a fault takes effect.

    Source: docs/toolbox.md.
    """

    ARRIVAL = "arrival"
    """Before routing: delays and connection faults."""
    ROUTED = "routed"
    """Before authentication."""
    AUTHENTICATED = "authenticated"


@dataclass(frozen=True, slots=True)
class Subject:
    """
    A request, as far as faults look at it.

    *path* begins after the base path. What is not known, or not there, is None.
    """

    operation_id: str | None
    method: str
    path: str
    senders_reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """
    Which requests a fault is about; None: any.

    In *path* a `*` stands for anything but a slash. Letter case of it does not matter.
    """

    operation_id: str | None = None
    method: str | None = None
    path: str | None = None
    senders_reference: str | None = None

    def fits(self, subject: Subject) -> bool:
        """Tell whether *subject* is one of these requests."""
        return (
            self.operation_id in (None, subject.operation_id)
            and (self.method is None or self.method.upper() == subject.method)
            and (self.path is None or _as_expression(self.path).fullmatch(subject.path) is not None)
            and self.senders_reference in (None, subject.senders_reference)
        )


@lru_cache(maxsize=2000)
def _as_expression(path: str) -> re.Pattern[str]:
    first, *others = (re.escape(part) for part in re.split(r"\*+", path.rstrip("/")))
    # Atomic groups, so that no number of stars makes the matching slow.
    middle = "".join(f"(?>[^/]*?{part})" for part in others[:-1])
    last = "".join(f"[^/]*{part}" for part in others[-1:])
    return re.compile(f"{first}{middle}{last}/?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """
    One rule. Where it takes effect it answers with *status*, after *delay*, or breaks the line.

    *times* is how often at most, None: always. *probability* is drawn from a generator that
    *seed* starts, so that a run can be repeated. *retry_after* goes out as seconds, or as a date
    where *retry_after_is_date*.

    Source: docs/toolbox.md.
    """

    id: str
    match: Pattern = field(default_factory=Pattern)
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: object = None
    delay: timedelta = timedelta(0)
    connection: Connection | None = None
    times: int | None = None
    probability: float = 1.0
    seed: int = 0
    is_before_auth: bool = False
    retry_after: timedelta | None = None
    retry_after_is_date: bool = False

    @property
    def stage(self) -> Stage:
        """Where it is decided whether it takes effect."""
        if self.connection is not None or self.delay:
            return Stage.ARRIVAL
        return self.status_stage

    @property
    def status_stage(self) -> Stage:
        """Where its status is answered."""
        return Stage.ROUTED if self.is_before_auth else Stage.AUTHENTICATED


class FaultNotFoundError(Exception):
    """No fault has this id."""

    def __init__(self, fault_id: str) -> None:
        """Remember the id that was looked for."""
        self.fault_id = fault_id
        super().__init__(f"there is no fault '{fault_id}'")


class TooManyFaultsError(Exception):
    """As many faults are armed as there may be."""


@dataclass(frozen=True, slots=True)
class FaultRecord:
    """A *fault*, how often it has taken effect, and how often its generator was drawn from."""

    fault: Fault
    matched: int = 0
    draws: int = 0


@dataclass
class _Armed:
    fault: Fault
    matched: int = 0
    draws: int = 0

    @classmethod
    def of(cls, record: FaultRecord) -> "_Armed":
        return cls(record.fault, record.matched, record.draws)

    def record(self) -> FaultRecord:
        return FaultRecord(self.fault, self.matched, self.draws)

    def happens(self) -> bool:
        self.draws += 1
        probability = self.fault.probability
        return probability >= 1 or draw(self.fault.seed, self.draws) < probability

    @property
    def is_spent(self) -> bool:
        return self.fault.times is not None and self.matched >= self.fault.times


def draw(seed: int, number: int) -> float:
    """Return the draw *number* of a fault, from 0 to below 1: the same each time for one *seed*."""
    # Not for secrets: a run is to be repeatable.
    return random.Random(f"{seed}:{number}").random()  # noqa: S311


class Faults:
    """The faults of one sandbox, oldest first. Safe to use from several threads."""

    MOST = 1000

    def __init__(self, records: Iterable[FaultRecord] = ()) -> None:
        """Begin with *records*, which go on from where they were."""
        self._lock = threading.Lock()
        self._changes = Changes()
        self._armed = {record.fault.id: _Armed.of(record) for record in records}

    def __len__(self) -> int:
        """Return how many there are, spent ones included."""
        return len(self._armed)

    def listen(self, changes: Changes) -> None:
        """Tell *changes* from now on of each fault that is armed, takes effect or is disarmed."""
        self._changes = changes

    def add(self, fault: Fault) -> None:
        """Arm *fault*; raise TooManyFaultsError where there are 1,000."""
        with self._lock:
            if len(self._armed) >= self.MOST:
                raise TooManyFaultsError
            self._armed[fault.id] = _Armed.of(FaultRecord(fault))
            self._changes.tell(ChangeKind.FAULT, FaultRecord(fault))

    def all(self) -> list[tuple[Fault, int]]:
        """Return each fault with how often it has taken effect."""
        with self._lock:
            return [(armed.fault, armed.matched) for armed in self._armed.values()]

    def records(self) -> tuple[FaultRecord, ...]:
        """Return each fault with all that is remembered of it, as `__init__` takes it."""
        with self._lock:
            return tuple(armed.record() for armed in self._armed.values())

    def remove(self, fault_id: str) -> None:
        """Disarm one fault; raise FaultNotFoundError where there is none."""
        with self._lock:
            armed = self._armed.pop(fault_id, None)
            if armed is None:
                raise FaultNotFoundError(fault_id)
            self._changes.tell(ChangeKind.FAULT, None, armed.record())

    def clear(self) -> None:
        """Disarm all."""
        with self._lock:
            self._armed.clear()
            self._changes.tell(ChangeKind.FAULT)

    def take(self, subject: Subject, stage: Stage) -> Fault | None:
        """Return the first fault that takes effect on *subject* at *stage*, and count it."""
        if not self._armed:
            return None
        with self._lock:
            for armed in self._armed.values():
                fault = armed.fault
                if fault.stage is not stage or armed.is_spent or not fault.match.fits(subject):
                    continue
                if armed.happens():
                    armed.matched += 1
                    self._changes.tell(ChangeKind.FAULT, armed.record())
                    return fault
        return None

    def asks_for_references(self) -> bool:
        """Tell whether any fault looks at the sender's reference."""
        with self._lock:
            return any(armed.fault.match.senders_reference for armed in self._armed.values())
