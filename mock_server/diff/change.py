"""Changes between two contracts: a sentence, a direction, a severity and a place."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad a change is for clients, worst first."""

    BREAKING = "breaking"
    RISKY = "risky"
    HARMLESS = "harmless"


class Direction(StrEnum):
    """Direction of the values that changed: to the API, from it, or neither."""

    REQUEST = "request"
    RESPONSE = "response"
    CONTRACT = "contract"


class Side(StrEnum):
    """One of the two contracts."""

    OLD = "old"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a change is: a JSON *pointer* into the contract on one *side*."""

    side: Side
    pointer: str

    def __str__(self) -> str:
        """Return it as a reference, such as `new#/paths/~1orders`."""
        return f"{self.side}#{self.pointer}"


@dataclass(frozen=True, slots=True)
class Finding:
    """A change at one place, wherever it is used; *sentence* has no full stop."""

    id: str
    severity: Severity
    direction: Direction
    place: Place
    sentence: str


@dataclass(frozen=True, slots=True)
class Change:
    """A finding and the *operations* it reaches, in the order of the contract; none if all."""

    finding: Finding
    operations: tuple[str, ...]
