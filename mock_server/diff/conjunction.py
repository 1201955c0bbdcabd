"""A schema as a conjunction of places, and the ways in which it can be met."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

from mock_server.contract.references import find
from mock_server.diff.view import View

MOST_ALTERNATIVES = 500
"""Most alternatives of one schema, after every combination of its `oneOf` and `anyOf`."""

_DEEPEST = 100
_MOST_STEPS = 5_000

Parts = tuple[View, ...]
"""Places whose own keywords hold together, without those that combine schemas."""


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """
    Conjunction of schemas: a value has to meet each of *parts*; without any, all values do.

    *key* is its identity among the nodes of one contract.
    """

    parts: Parts
    key: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Derive the key, which is asked for again and again."""
        object.__setattr__(self, "key", frozenset(part.pointer for part in self.parts))

    def alternatives(self) -> list[Parts]:
        """
        Return the ways to meet it, of which a value needs one.

        `$ref` and `allOf` are resolved, and each way takes one branch of every `oneOf`
        and `anyOf`. A schema inside itself without a step into a value adds nothing.

        Raises:
            ComparisonError: there are too many.
        """
        expansion = _Expansion()
        return _combined([expansion.ways(part, frozenset()) for part in self.parts], self.parts)


def node_of(*views: View | None) -> Node:
    """Return the conjunction of *views*; None among them allows everything."""
    parts = {}
    for view in views:
        if view is not None:
            part = bare(view)
            parts[part.pointer] = part
    return Node(tuple(parts[pointer] for pointer in sorted(parts)))


def bare(view: View) -> View:
    """Follow *view* as long as it is a `$ref` and no more."""
    if isinstance(view.value, dict) and "$ref" in view.value:
        is_bare = len(view.value) == 1 or view.document.version == "3.0"
        return view.resolved() if is_bare else view
    return view


class _Expansion:
    """Expands one schema within a budget, which nested combinations would exhaust."""

    def __init__(self) -> None:
        self._budget = _MOST_STEPS

    def ways(
        self, view: View, trail: frozenset[str], *, is_parent: bool = False
    ) -> list[Parts] | None:
        """
        Return the ways to meet *view*; None: it is part of itself, and adds no demand.

        One that *is_parent* stands in the `allOf` of its subtype, and has no others.
        """
        view = bare(view)
        if view.pointer in trail:
            return None
        trail |= {view.pointer}
        self._budget -= 1
        if len(trail) > _DEEPEST or self._budget < 0:
            raise view.document.refusal(view.pointer, "it combines too many schemas")
        if isinstance(view.value, bool):
            return [(view,)] if view.value else []
        found: list[list[Parts] | None] = [[(view,)]]
        for element in _demanded(view):
            heirs = view.document.subtypes(bare(element).pointer)
            is_held = is_parent or view.pointer in heirs
            found.append(self.ways(element, trail, is_parent=is_held))
        if "discriminator" in view.value and not is_parent:
            heirs = view.document.subtypes(view.pointer)
            kinds = [self.ways(_at(view, heir), trail) for heir in heirs]
            found.append([(), *(way for ways in kinds for way in ways or ())])
        for name in ("anyOf", "oneOf"):
            branches = [self.ways(branch, trail) for branch in view.elements(name)]
            ways = [way for branch in branches if branch is not None for way in branch]
            if branches and (ways or None not in branches):
                found.append(ways)
        return _combined(found, (view,))


def _at(view: View, pointer: str) -> View:
    return View(view.document, find(view.document.root, pointer)[1], pointer)


def _demanded(view: View) -> Iterator[View]:
    """Return the schemas that *view* demands besides its own keywords."""
    if "$ref" in view.mapping():
        pointer, value = view.document.target(view.value["$ref"], view.pointer)
        yield View(view.document, value, pointer)
    yield from view.elements("allOf")


def _combined(factors: list[list[Parts] | None], parts: Parts) -> list[Parts]:
    known = [factor for factor in factors if factor is not None]
    count = 1
    for factor in known:
        count *= len(factor)
    if count > MOST_ALTERNATIVES:
        reason = f"it has over {MOST_ALTERNATIVES} combinations of alternatives"
        raise parts[0].document.refusal(parts[0].pointer, reason)
    return [_distinct(sum(way, ())) for way in product(*known)]


def _distinct(parts: Parts) -> Parts:
    return tuple({part.pointer: part for part in parts}.values())
