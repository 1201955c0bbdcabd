"""Schemas that are the same in both contracts, with all that they lead to, and are not compared."""

from collections.abc import Iterable, Iterator
from typing import Any

from mock_server.contract.references import (
    NAMED,
    ReferenceFault,
    find,
    is_data,
    members,
    pointer_of,
    reference_of,
)
from mock_server.diff.conjunction import Node
from mock_server.diff.document import Document, mapped
from mock_server.diff.values import SETS

_COMPONENT = 3  # the steps of `/components/schemas/Order`


class Unchanged:
    """
    Schemas that say the same in the contracts *old* and *new*, and lead to the same.

    Values are numbered, equal ones alike. A schema is unchanged if it has the same number in both
    contracts, and so has all that references in it lead to, however far. That finds most of what
    is the same in little time, and nothing that is not: what moved or is called otherwise, say,
    is left to the comparison.
    """

    def __init__(self, old: Document, new: Document) -> None:
        """Find which targets of references changed, after numbering both contracts."""
        self._documents = old, new
        self._numbers: dict[object, int] = {}
        self._below: list[tuple[int, ...]] = []
        self._aims: list[frozenset[str]] = []
        self._known: dict[int, int] = {}
        self._is_tainted: dict[int, bool] = {}
        self._changed: set[str] = set()
        # Keywords mean other things in another version.
        self._is_comparable = old.version == new.version
        if self._is_comparable:
            for document in self._documents:
                self._number(document.root)
            self._find_changed()

    def holds(self, old: Node, new: Node) -> bool:
        """Tell whether the schemas *old* and *new* are known to be the same in every respect."""
        if not (self._is_comparable and old.parts and len(old.parts) == len(new.parts)):
            return False
        before, after = (
            sorted(self._number(part.value) for part in node.parts) for node in (old, new)
        )
        is_aim_changed = any(part.pointer in self._changed for part in (*old.parts, *new.parts))
        is_same = before == after and not is_aim_changed
        return is_same and not any(map(self._leads_to_changed, before))

    def _number(self, value: Any, *, is_named: bool = False, is_given: bool = False) -> int:
        """
        Return the number of *value*, a part of one of the contracts.

        One whose members *are named* by its author has no keywords, and one that *is given*, such
        as an example, is what it is in its own order.
        """
        if not isinstance(value, dict | list):
            return self._numbered((isinstance(value, bool), value), ())
        if id(value) in self._known:
            return self._known[id(value)]
        found: list[tuple[Any, int]] = []
        for name, item in members(value):
            given = is_given or (not is_named and is_data(str(name), item))
            number = self._number(item, is_named=not is_named and name in NAMED, is_given=given)
            if name in SETS and isinstance(item, list) and not (is_named or is_given):
                number = self._numbered(frozenset(self._below[number]), self._below[number])
            found.append((name, number))
        below = tuple(number for _name, number in found)
        key: object = frozenset(found) if isinstance(value, dict) else below
        number = self._numbered(key, below, _aims_of(value))
        self._known[id(value)] = number
        return number

    def _numbered(
        self, key: object, below: tuple[int, ...], aims: frozenset[str] = frozenset()
    ) -> int:
        number = self._numbers.setdefault(key, len(self._below))
        if number == len(self._below):
            self._below.append(below)
            self._aims.append(aims)
        return number

    def _leads_to_changed(self, number: int) -> bool:
        """Tell whether a reference in the value of this *number* leads to what changed."""
        if number not in self._is_tainted:
            self._is_tainted[number] = not self._changed.isdisjoint(self._aims[number]) or any(
                map(self._leads_to_changed, self._below[number])
            )
        return self._is_tainted[number]

    def _find_changed(self) -> None:
        """Find which targets of references changed: themselves, or something they lead to."""
        sources: dict[str, set[str]] = {}
        waiting = list(frozenset().union(*self._aims))
        seen = set(waiting)
        while waiting:
            aim = waiting.pop()
            further = self._further(aim)
            waiting += further - seen
            seen |= further
            for one in further:
                sources.setdefault(one, set()).add(aim)
        spreading = list(self._changed)
        while spreading:
            come = sources.get(spreading.pop(), set()) - self._changed
            self._changed |= come
            spreading += come

    def _further(self, aim: str) -> set[str]:
        """Return where references at the pointer *aim* lead; note whether it itself changed."""
        subtypes = [set(document.subtypes(aim)) for document in self._documents]
        twins = [find(document.root, aim) for document in self._documents]
        numbers = [self._number(value) for found, value in twins if found]
        if len(numbers) != len(twins) or numbers[0] != numbers[1] or subtypes[0] != subtypes[1]:
            self._changed.add(aim)
        # Whoever has such a parent inside does not refer to it, nor to its subtypes.
        if any(subtypes) and aim.count("/") > _COMPONENT:
            self._is_comparable = False
        return subtypes[0] | subtypes[1] | self._aims_below(numbers)

    def _aims_below(self, numbers: Iterable[int]) -> set[str]:
        found: set[str] = set()
        waiting, seen = list(numbers), set[int]()
        while waiting:
            number = waiting.pop()
            if number not in seen:
                seen.add(number)
                found |= self._aims[number]
                waiting += self._below[number]
        return found


def _aims_of(value: Any) -> frozenset[str]:
    """Return the pointers that *value*, without what is below it, leads to."""
    return frozenset(_aims(value)) if isinstance(value, dict) else frozenset()


def _aims(value: dict[str, Any]) -> Iterator[str]:
    reference = reference_of(value)
    if reference is not None:
        try:
            yield pointer_of(reference)
        except ReferenceFault:
            # In an example, perhaps; as a reference it has been refused before.
            return
    if "discriminator" in value:
        yield from mapped(value)
