"""Overlaps of alternatives: values that meet two branches of one `oneOf`, which refuses them."""

import json
from collections import Counter
from collections.abc import Iterator

from mock_server.diff.change import Direction, Finding
from mock_server.diff.conjunction import Node, bare, node_of
from mock_server.diff.entries import matched
from mock_server.diff.facets import meets
from mock_server.diff.fingerprint import Fingerprints
from mock_server.diff.normal_form import Bound, Shape
from mock_server.diff.reader import Reader
from mock_server.diff.scope import Pair
from mock_server.diff.verdicts import Relation

DEEPEST = 3
"""How many values deep it is looked for what tells two branches apart."""

_ENDS = (("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems"))

Group = list[Node]
"""The branches of one `oneOf`."""


def compare_overlaps(
    pair: Pair, readers: tuple[Reader, Reader], prints: tuple[Fingerprints, Fingerprints]
) -> Iterator[Finding]:
    """
    Return that requests may be refused, or answers may come, since branches overlap or did.

    Where branches overlap, and whatever has changed in them, it cannot be told which values that
    concerns: it may break clients.
    """
    old, new = list(_groups(pair.old)), list(_groups(pair.new))
    if not (old or new):
        return
    before, after = (
        [Counter(printed.of_node(branch) for branch in group) for group in groups]
        for groups, printed in ((old, prints[0]), (new, prints[1]))
    )
    if pair.direction is Direction.REQUEST:
        come = [group for group, told in zip(new, after, strict=True) if told not in before]
        if any(_may_overlap(group, readers[1]) for group in come):
            said = "it may break: who meets two of its alternatives is refused, and some may"
            yield pair.found("overlap", Relation.NARROWED, pair.new_at, said)
    else:
        gone = [group for group, told in zip(old, before, strict=True) if told not in after]
        if any(_may_overlap(group, readers[0]) for group in gone):
            said = "it may break: what met two of its alternatives was refused, and may come now"
            yield pair.found("overlap", Relation.WIDENED, pair.new_at, said, is_shape=True)


def _groups(node: Node) -> Iterator[Group]:
    """Yield the branches of each `oneOf` that *node* demands, unless a member tells them apart."""
    waiting, seen = list(node.parts), set[str]()
    while waiting:
        view = bare(waiting.pop())
        if view.pointer in seen or not isinstance(view.value, dict):
            continue
        seen.add(view.pointer)
        branches = view.elements("oneOf")
        if len(branches) > 1 and "discriminator" not in view.value:
            yield [node_of(branch) for branch in branches]
        waiting += [*branches, *view.elements("anyOf"), *view.elements("allOf")]


def _may_overlap(group: Group, reader: Reader) -> bool:
    return any(
        _may_both(one, other, reader, DEEPEST)
        for at, one in enumerate(group)
        for other in group[at + 1 :]
    )


def _may_both(one: Node, other: Node, reader: Reader, depth: int) -> bool:
    """Tell whether a value may meet *one* and *other*, as far as can be told."""
    first, second = reader.schema(one), reader.schema(other)
    if first.is_nullable and second.is_nullable:
        return True
    return any(
        _may_meet(shape, twin, reader, depth)
        for shape in first.shapes
        for twin in second.of_kind(shape.kind)
    )


def _may_meet(one: Shape, other: Shape, reader: Reader, depth: int) -> bool:
    if one.values is not None and other.values is not None:
        return bool(one.values & other.values)
    for shape, twin in ((one, other), (other, one)):
        if shape.values is not None:
            values = [json.loads(text) for text in shape.values]
            return any(meets(twin.facets, [value]) for value in values)
        for low, high in _ENDS:
            least, most = shape.facets.get(low), twin.facets.get(high)
            if least and most and _is_past(least.value, most.value):
                return False
    names = {*one.entries.required, *other.entries.required} if one.kind == "object" else ()
    return not any(_parts_at(name, one, other, reader, depth) for name in names)


def _is_past(least: object, most: object) -> bool:
    if not (isinstance(least, Bound) and isinstance(most, Bound)):
        return False
    is_open = least.is_exclusive or most.is_exclusive
    return least.number > most.number or (is_open and least.number == most.number)


def _parts_at(name: str, one: Shape, other: Shape, reader: Reader, depth: int) -> bool:
    """Tell whether no object meets both shapes, because of its member *name*, which is required."""
    nodes = [_member(shape, name) for shape in (one, other)]
    if any(node is None for node in nodes):
        return True
    first, second = nodes
    if depth == 0 or first is None or second is None:
        return False
    return not _may_both(first, second, reader, depth - 1)


def _member(shape: Shape, name: str) -> Node | None:
    """Return what the member *name* has to meet; None: it may not be there."""
    entries = shape.entries
    if name in entries.members:
        return entries.members[name]
    return matched(entries.patterns, name) or entries.rest
