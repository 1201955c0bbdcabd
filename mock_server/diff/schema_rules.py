"""Changes of one schema, and the pairs of schemas below it."""

from collections.abc import Iterator

from mock_server.diff.annotations import (
    compare_defaults,
    compare_deprecation,
    compare_words,
)
from mock_server.diff.change import Direction, Finding
from mock_server.diff.conjunction import Node
from mock_server.diff.discriminator import member_names, tags
from mock_server.diff.entry_rules import Objects
from mock_server.diff.facet_rules import compare_facets
from mock_server.diff.fingerprint import Fingerprints
from mock_server.diff.kinds import KINDS
from mock_server.diff.matching import match
from mock_server.diff.normal_form import Schema, Shape
from mock_server.diff.overlaps import compare_overlaps
from mock_server.diff.reader import Reader
from mock_server.diff.scope import Pair
from mock_server.diff.values import listed
from mock_server.diff.verdicts import Relation, between_sets
from mock_server.diff.view import View

_HIDDEN = {Direction.REQUEST: "readOnly", Direction.RESPONSE: "writeOnly"}
_ALL = frozenset({*KINDS, "integer"})


class Rules:
    """Compares pairs of schemas, those below them aside."""

    def __init__(self) -> None:
        """Begin without any."""
        self._old, self._new = Reader(), Reader()
        numbers: dict[object, int] = {}
        self._prints = Fingerprints(self._old, numbers), Fingerprints(self._new, numbers)
        self._read: set[frozenset[str]] = set()

    def read(self, node: Node) -> None:
        """
        Read the old schema *node*, and all below it, without comparing them.

        Raises:
            ComparisonError: one is none.
        """
        waiting = [node]
        while waiting:
            node = waiting.pop()
            if node.key not in self._read:
                self._read.add(node.key)
                for shape in self._old.schema(node).shapes:
                    waiting += shape.below

    def compare(self, pair: Pair) -> tuple[list[Finding], list[Pair]]:
        """
        Return the findings on *pair*, and the pairs below it.

        Raises:
            ComparisonError: one of the schemas is none.
        """
        old, new = self._old.schema(pair.old), self._new.schema(pair.new)
        old_at, new_at = _at(old, pair.old_at), _at(new, pair.new_at)
        pair = Pair(pair.direction, pair.old, pair.new, old_at, new_at)
        found = [
            *compare_words(old.parts, new.parts),
            *compare_deprecation(old.parts, new.parts, new_at),
            *compare_defaults(pair.direction, old.parts, new.parts),
            *_types(pair, old, new),
            *compare_overlaps(pair, (self._old, self._new), self._prints),
        ]
        below: list[Pair] = []
        for kind in KINDS:
            self._kind(pair, old.of_kind(kind), new.of_kind(kind), found, below)
        return found, below

    def _kind(
        self,
        pair: Pair,
        old: list[Shape],
        new: list[Shape],
        found: list[Finding],
        below: list[Pair],
    ) -> None:
        if not (old and new):
            return
        matching = match(old, new, self._prints)
        many = max(len(old), len(new)) > 1
        for before, after in matching.pairs:
            found += compare_facets(pair, before, after)
            found += _whole_numbers(pair, before, after) if many else []
            found += _discriminators(pair, before, after, has_many=many)
            objects = self._objects(pair, before, after)
            found += objects.findings()
            below += objects.children()
            below += _elements(pair, before, after)
        for shape in matching.lost:
            said = f"{_called(shape)} is no longer an alternative"
            found.append(pair.found("alternative", Relation.NARROWED, pair.new_at, said))
        for shape in matching.gained:
            said = f"{_called(shape)} is a new alternative"
            is_shape = shape.values is None
            found.append(
                pair.found("alternative", Relation.WIDENED, pair.new_at, said, is_shape=is_shape)
            )

    def _objects(self, pair: Pair, old: Shape, new: Shape) -> Objects:
        return Objects(
            pair,
            old.entries,
            new.entries,
            old.parts[0] if old.parts else pair.old_at,
            new.parts[0] if new.parts else pair.new_at,
            lambda node: _is_visible(self._old.schema(node), pair.direction),
            lambda node: _is_visible(self._new.schema(node), pair.direction),
            lambda node: _is_hidden(self._old.schema(node), pair.direction),
            lambda node: _is_hidden(self._new.schema(node), pair.direction),
        )


def _at(schema: Schema, around: View) -> View:
    return schema.parts[0] if schema.parts else around


def _is_visible(schema: Schema, direction: Direction) -> bool:
    return not (_is_hidden(schema, direction) or schema.is_impossible)


def _is_hidden(schema: Schema, direction: Direction) -> bool:
    keyword = _HIDDEN.get(direction)
    return any(part.value.get(keyword) is True for part in schema.parts)


def _types(pair: Pair, old: Schema, new: Schema) -> Iterator[Finding]:
    before, after = old.types(), new.types()
    relation = between_sets(before, after)
    if relation and not before & after:
        relation = Relation.CHANGED
    if relation:
        said = f"its type is {_named(after)}, was {_named(before)}"
        yield pair.found("type", relation, pair.new_at, said, is_shape=True)
    # What may be anything may be null: that is told by the types.
    if old.is_nullable == new.is_nullable or (relation and _ALL in (before, after)):
        return
    change = Relation.WIDENED if new.is_nullable else Relation.NARROWED
    said = "it may now be null" if new.is_nullable else "it may no longer be null"
    yield pair.found("nullable", change, pair.new_at, said, is_shape=True)


def _named(types: frozenset[str]) -> str:
    if types >= _ALL:
        return "anything"
    shown = sorted(types - {"integer"} if "number" in types else types)
    return " or ".join(shown) or "nothing"


def _whole_numbers(pair: Pair, old: Shape, new: Shape) -> Iterator[Finding]:
    """Return whether one alternative of several is of whole numbers alone, now or no longer."""
    was, is_now = ("integer" in shape.facets for shape in (old, new))
    if was != is_now:
        relation = Relation.NARROWED if is_now else Relation.WIDENED
        said = f"an alternative is {'now' if is_now else 'no longer'} of whole numbers alone"
        yield pair.found("type", relation, pair.new_at, said, is_shape=True)


def _discriminators(pair: Pair, old: Shape, new: Shape, *, has_many: bool) -> Iterator[Finding]:
    before, after = member_names(old), member_names(new)
    if before != after:
        relation = Relation.CHANGED if before and after else Relation.UNDECIDED
        said = f"what tells its alternatives apart is {listed(sorted(after)) or 'not said'}"
        said += f", was {listed(sorted(before)) or 'not said'}"
        yield pair.found("discriminator", relation, pair.new_at, said, is_shape=True)
    elif has_many and (change := between_sets(tags(old), tags(new))):
        said = f"{listed(sorted(tags(old)))} is now told by {listed(sorted(tags(new)))}"
        yield pair.found("discriminator-value", change, pair.new_at, said, is_shape=True)


def _elements(pair: Pair, old: Shape, new: Shape) -> Iterator[Pair]:
    """Return the items of two arrays, place by place; where one lists fewer, its rest speaks."""
    if old.kind != "array":
        return
    if old.items.parts or new.items.parts:
        yield _child(pair, old.items, new.items)
    for index in range(max(len(old.prefix), len(new.prefix))):
        before = old.prefix[index] if index < len(old.prefix) else old.items
        after = new.prefix[index] if index < len(new.prefix) else new.items
        yield _child(pair, before, after)


def _child(pair: Pair, old: Node, new: Node) -> Pair:
    return pair.below(
        old,
        new,
        old.parts[0] if old.parts else pair.old_at,
        new.parts[0] if new.parts else pair.new_at,
    )


def _called(shape: Shape) -> str:
    """Return the name of an alternative: its component, its values, or its type."""
    names = [
        part.pointer.rpartition("/")[2] for part in shape.parts if part.pointer.count("/") == 3
    ]
    if names:
        return names[-1]
    if shape.values:
        return listed(sorted(shape.values))
    members = sorted(shape.entries.members)
    return f"{shape.kind} with {listed(members)}" if members else shape.kind
