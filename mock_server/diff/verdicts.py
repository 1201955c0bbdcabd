"""Verdicts: how bad a change of a set of documents is, by its direction."""

from enum import StrEnum

from mock_server.diff.change import Direction, Severity


class Relation(StrEnum):
    """How the documents that are allowed now relate to those that were."""

    NARROWED = "narrowed"
    WIDENED = "widened"
    CHANGED = "changed"
    UNDECIDED = "undecided"


def judge(direction: Direction, relation: Relation, *, is_shape: bool = False) -> Severity:
    """
    Return the severity of a set of documents that is in *relation* to the one before.

    In requests a set may only grow. In responses it may only shrink; a set that grows
    breaks where clients cannot even read what is new (*is_shape*), and is risky where
    they read it and meet a value that they do not expect.
    """
    if relation is Relation.UNDECIDED:
        return Severity.RISKY
    if direction is Direction.REQUEST:
        return Severity.HARMLESS if relation is Relation.WIDENED else Severity.BREAKING
    if relation is Relation.NARROWED:
        return Severity.HARMLESS
    return Severity.BREAKING if is_shape else Severity.RISKY


def between_sets(old: frozenset[str], new: frozenset[str]) -> Relation | None:
    """Return how the set *new* relates to *old*; None if they are the same."""
    if old == new:
        return None
    if new < old:
        return Relation.NARROWED
    return Relation.WIDENED if old < new else Relation.CHANGED
