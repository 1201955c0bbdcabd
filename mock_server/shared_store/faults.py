"""The faults of a sandbox in the shared store."""

import json
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from mock_server.documents.fault_snapshots import read_record, write_record
from mock_server.sandbox.changes import ChangeKind, Changes
from mock_server.sandbox.faults import (
    Fault,
    FaultNotFoundError,
    FaultRecord,
    Faults,
    Stage,
    Subject,
    TooManyFaultsError,
    draw,
)
from mock_server.shared_store.connection import Command
from mock_server.shared_store.keys import Keys
from mock_server.shared_store.records import dump
from mock_server.shared_store.scripts import TAKE
from mock_server.shared_store.world import Unit, World

_DRAWS = 32
"""How many draws of a fault are made ahead: so many may others take in between."""


class ReadFaults:
    """Reader of the rules of faults, each of which is read once."""

    def __init__(self, operation_ids: Collection[str]) -> None:
        """Know the *operation_ids* that faults may be about."""
        self.read = lru_cache(maxsize=2048)(self._read)
        self._operation_ids = operation_ids

    def _read(self, text: str) -> tuple[int, Fault]:
        document = json.loads(text)
        rule = document["rule"]
        # A fault may be about an operation of a contract that was served before.
        wanted = rule.get("match", {}).get("operationId")
        known = [*self._operation_ids, *([] if wanted is None else [wanted])]
        return document["seq"], read_record(rule, "fault", known).fault


class SharedFaults:
    """
    The faults of one sandbox in Redis, oldest first; each is counted in one atomic step.

    Their rules are kept here for as long as none comes or goes: each request asks for them.
    """

    def __init__(self, world: World, read: ReadFaults) -> None:
        """Keep them in *world*, and read them by *read*."""
        self._world = world
        self._keys = world.keys
        self._read = read
        self._changes = Changes()
        self._known: tuple[list[str | None], tuple[Fault, ...]] = [], ()

    def __len__(self) -> int:
        """Return how many there are, spent ones included."""
        return int(self._world.connection.call("HLEN", self._keys.faults))

    def listen(self, changes: Changes) -> None:
        """Tell *changes* from now on of each fault that is armed, takes effect or is disarmed."""
        self._changes = changes

    def add(self, fault: Fault) -> None:
        """Arm *fault*; raise TooManyFaultsError where there are 1,000."""

        def decide(unit: Unit) -> None:
            count = len(self)
            if count >= Faults.MOST:
                raise TooManyFaultsError
            # So that the limit is exact.
            unit.expect(self._keys.world, "faults", unit.reading.values[0] or "")
            unit.add(*self._renewal)
            rest = dump({"rule": write_record(FaultRecord(fault))})[1:]
            unit.add("NEW", self._keys.faults, fault.id, rest, "", "")

        self._world.attempt(decide, (self._keys.world, "faults"))
        self._changes.tell(ChangeKind.FAULT, FaultRecord(fault))

    @property
    def _renewal(self) -> Command:
        """The command that belongs to whatever adds or removes a fault: rules are read anew."""
        return "HINCRBY", self._keys.world, "faults", 1

    def _rules(self) -> tuple[Fault, ...]:
        """Return each fault."""
        connection = self._world.connection
        asked = ("HMGET", self._keys.world, "world", "faults")
        known, faults = self._known
        if known and connection.call(*asked) == known:
            return faults
        known, texts = connection.together([asked, ("HVALS", self._keys.faults)])
        faults = tuple(record.fault for record in fault_records(self._read, texts, {}))
        self._known = known, faults
        return faults

    def all(self) -> list[tuple[Fault, int]]:
        """Return each fault with how often it has taken effect."""
        return [(record.fault, record.matched) for record in self.records()]

    def records(self) -> tuple[FaultRecord, ...]:
        """Return each fault with all that is remembered of it."""
        rules, counts = self._world.connection.together(
            [("HVALS", self._keys.faults), ("HGETALL", self._keys.fault_counts)]
        )
        return tuple(fault_records(self._read, rules, counts))

    def remove(self, fault_id: str) -> None:
        """Disarm one fault; raise FaultNotFoundError where there is none."""

        def decide(unit: Unit) -> FaultRecord:
            text, matched, draws = unit.reading.values
            if text is None:
                raise FaultNotFoundError(fault_id)
            unit.expect(self._keys.faults, fault_id, text)
            unit.add("HDEL", self._keys.faults, fault_id)
            names = (f"{fault_id}:matched", f"{fault_id}:draws")
            unit.add("HDEL", self._keys.fault_counts, *names)
            unit.add(*self._renewal)
            return FaultRecord(self._read.read(text)[1], int(matched or 0), int(draws or 0))

        counts = self._keys.fault_counts
        record = self._world.attempt(
            decide,
            (self._keys.faults, fault_id),
            (counts, f"{fault_id}:matched"),
            (counts, f"{fault_id}:draws"),
        )
        self._changes.tell(ChangeKind.FAULT, None, record)

    def clear(self) -> None:
        """Disarm all."""
        gone = ("UNLINK", self._keys.faults, self._keys.fault_counts)
        self._world.do(gone, self._renewal)
        self._changes.tell(ChangeKind.FAULT)

    def take(self, subject: Subject, stage: Stage) -> Fault | None:
        """Return the first fault that takes effect on *subject* at *stage*, and count it."""
        while True:
            about = [
                fault
                for fault in self._rules()
                if fault.stage is stage and fault.match.fits(subject)
            ]
            fitting = {record.fault.id: record for record in self._unspent(about)}
            if not fitting:
                return None
            arguments = [item for record in fitting.values() for item in _chance(record)]
            keys = [self._keys.faults, self._keys.fault_counts]
            taken = self._world.connection.script(TAKE, keys, arguments)
            if taken is None:
                return None
            if taken != "again":
                record = fitting[taken]
                told = FaultRecord(record.fault, record.matched + 1, record.draws + 1)
                self._changes.tell(ChangeKind.FAULT, told)
                return record.fault

    def _unspent(self, faults: Sequence[Fault]) -> Iterator[FaultRecord]:
        """Yield those of *faults* that may take effect once more, as they are counted now."""
        if not faults:
            return
        names = [f"{fault.id}:{name}" for fault in faults for name in ("matched", "draws")]
        counts = [
            int(count or 0)
            for count in self._world.connection.call("HMGET", self._keys.fault_counts, *names)
        ]
        for fault, matched, draws in zip(faults, counts[::2], counts[1::2], strict=True):
            if fault.times is None or matched < fault.times:
                yield FaultRecord(fault, matched, draws)

    def asks_for_references(self) -> bool:
        """Tell whether any fault looks at the sender's reference."""
        return any(fault.match.senders_reference for fault in self._rules())


def _chance(record: FaultRecord) -> tuple[str | int, ...]:
    """Return what the script has to know of a fault."""
    fault, first = record.fault, record.draws + 1
    outcomes = ""
    if fault.probability < 1:
        numbers = range(first, first + _DRAWS)
        outcomes = "".join(str(int(draw(fault.seed, item) < fault.probability)) for item in numbers)
    times = "" if fault.times is None else fault.times
    return fault.id, times, first, outcomes


def fault_records(
    read: ReadFaults, rules: Collection[str], counts: dict[str, str]
) -> Iterator[FaultRecord]:
    """Yield the faults with these *rules* and *counts*, oldest first."""
    for _, fault in sorted(map(read.read, rules), key=lambda item: item[0]):
        matched, draws = (int(counts.get(f"{fault.id}:{name}", 0)) for name in ("matched", "draws"))
        yield FaultRecord(fault, matched, draws)


def fault_commands(keys: Keys, records: Collection[FaultRecord]) -> Iterator[Command]:
    """Yield the commands that arm the faults of *records*, which go on from where they were."""
    for seq, record in enumerate(records):
        fault = record.fault
        rule = dump({"seq": seq, "rule": write_record(FaultRecord(fault))})
        yield "HSET", keys.faults, fault.id, rule
        counts = (f"{fault.id}:matched", record.matched, f"{fault.id}:draws", record.draws)
        yield "HSET", keys.fault_counts, *counts
