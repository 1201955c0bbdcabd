"""Matching of alternatives: each one of the old schema to its successor in the new one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from mock_server.diff.discriminator import tags
from mock_server.diff.fingerprint import Fingerprints
from mock_server.diff.normal_form import Shape

_Key = TypeVar("_Key")

_MOST_TRIED = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Matching:
    """Shapes that have become others, in *pairs*, and those that are *lost* or *gained*."""

    pairs: tuple[tuple[Shape, Shape], ...]
    lost: tuple[Shape, ...]
    gained: tuple[Shape, ...]


def match(
    old: list[Shape], new: list[Shape], prints: tuple[Fingerprints, Fingerprints]
) -> Matching:
    """
    Pair the shapes of *old* with those of *new*; all are of one kind.

    Equal ones go together, then those told apart by the same value, those of the
    same component, and those with most members in common.
    """
    if len(old) == len(new) == 1:
        return Matching(((old[0], new[0]),), (), ())
    left, right = list(old), list(new)
    pairs = _by_key(left, right, prints[0].of_shape, prints[1].of_shape)
    pairs += _by_key(left, right, tags, tags)
    pairs += _by_key(left, right, _names, _names)
    is_few = len(left) * len(right) <= _MOST_TRIED
    for shape in list(left) if is_few else ():
        if right and (best := max(right, key=lambda one: _likeness(shape, one))):
            if _likeness(shape, best) < 0.5:
                continue
            pairs.append((shape, best))
            left.remove(shape)
            right.remove(best)
    return Matching(tuple(pairs), tuple(left), tuple(right))


def _by_key(
    left: list[Shape],
    right: list[Shape],
    old_key: Callable[[Shape], _Key],
    new_key: Callable[[Shape], _Key],
) -> list[tuple[Shape, Shape]]:
    """Take out of both lists the shapes with the same key; an empty key is none."""
    waiting: dict[_Key, list[Shape]] = {}
    for shape in right:
        waiting.setdefault(new_key(shape), []).append(shape)
    found = []
    for shape in list(left):
        key = old_key(shape)
        if key and waiting.get(key):
            other = waiting[key].pop(0)
            found.append((shape, other))
            left.remove(shape)
            right.remove(other)
    return found


def _names(shape: Shape) -> frozenset[str]:
    return frozenset(part.pointer for part in shape.parts if part.pointer.count("/") == 3)


def _likeness(one: Shape, other: Shape) -> float:
    """Return from 0 to 1 how much two shapes of a kind have in common."""
    if one.kind != "object":
        mine, others = set(one.facets), set(other.facets)
        return 1.0 if mine == others else 0.5
    mine, others = set(one.entries.members), set(other.entries.members)
    if not mine and not others:
        return 0.5
    return len(mine & others) / len(mine | others)
