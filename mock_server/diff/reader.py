"""Schemas in normal form: the same for every way to write the same schema."""

from mock_server.diff.conjunction import Node, Parts, node_of
from mock_server.diff.entries import entries_of
from mock_server.diff.facets import TRIED, facets_of, meets, whole
from mock_server.diff.kinds import KINDS, enumerated, kinds_of, names_integer, values_of
from mock_server.diff.normal_form import Facet, Schema, Shape
from mock_server.diff.uncompared import opaque_facets
from mock_server.formats.json_text import json_type

MOST_PARTS = 1_000_000
"""Most parts that all schemas of a contract are combined of."""

_SCALAR = ("boolean", "number", "string")


class Reader:
    """Reads the schemas of one contract, each once."""

    def __init__(self) -> None:
        """Begin without any."""
        self._size = 0
        self._read: dict[frozenset[str], Schema] = {}

    def schema(self, node: Node) -> Schema:
        """
        Return *node* in normal form.

        Raises:
            ComparisonError: it is no schema, or they are too many.
        """
        key = node.key
        if key not in self._read:
            schema = self._read[key] = _schema(node)
            self._size += sum(len(shape.parts) for shape in schema.shapes)
            if self._size > MOST_PARTS:
                reason = f"its schemas combine over {MOST_PARTS:,} parts"
                raise node.parts[0].document.refusal(node.parts[0].pointer, reason)
        return self._read[key]


def _schema(node: Node) -> Schema:
    is_nullable = False
    shapes: list[Shape] = []
    ways = [tuple(part for part in way if part.value is not True) for way in node.alternatives()]
    for parts in ways:
        kinds = kinds_of(parts)
        is_nullable |= "null" in kinds
        shapes.extend(shape for kind in KINDS if (shape := _shape(kind, kinds, parts)))
    places = tuple({part.pointer: part for parts in ways for part in parts}.values())
    return Schema(is_nullable, _simplified(shapes), places)


def _shape(kind: str, kinds: frozenset[str], parts: Parts) -> Shape | None:
    is_integer = kind == "number" and "number" not in kinds and "integer" in kinds
    if kind not in kinds and not is_integer:
        return None
    facets = facets_of(kind, parts) | opaque_facets(kind, parts)
    values = values_of(parts)
    if values is not None:
        own = {text: value for text, value in values.items() if json_type(value) == kind}
        if is_integer:
            own = {text: own[text] for text in own if float(own[text]).is_integer()}
        own = {text: own[text] for text in own if meets(facets, [own[text]])}
        if not own:
            return None
        tried = {*TRIED, "format"} if kind == "number" else TRIED
        facets = {name: facets[name] for name in facets if name not in tried}
        is_integer |= kind == "number" and all(float(own[text]).is_integer() for text in own)
        if own.keys() != {"true", "false"}:
            facets["enum"] = Facet(frozenset(own), next(view for view, _ in enumerated(parts)))
    if is_integer:
        typed = next((part for part in parts if names_integer(part)), parts[0])
        facets = whole(facets) | {"integer": Facet(value=True, view=typed)}
        if "multipleOf" in facets and facets["multipleOf"].value == frozenset({"1"}):
            del facets["multipleOf"]
    if kind == "object":
        return Shape(kind, parts, facets, entries_of(parts))
    if kind == "array":
        return Shape(kind, parts, facets, items=_items(parts), prefix=_prefix(parts))
    return Shape(kind, parts, facets)


def _items(parts: Parts) -> Node:
    views = [view for part in parts if (view := part.get("items"))]
    return node_of(*(view for view in views if view.value is not True and view.value != {}))


def _prefix(parts: Parts) -> tuple[Node, ...]:
    for part in parts:
        if "prefixItems" in part.value:
            return tuple(node_of(view) for view in part.elements("prefixItems"))
    return ()


def _simplified(shapes: list[Shape]) -> tuple[Shape, ...]:
    """Return *shapes* without scalar ones that others include, and with their values joined."""
    found = [shape for shape in shapes if shape.kind not in _SCALAR]
    for kind in _SCALAR:
        own = [shape for shape in shapes if shape.kind == kind]
        free = [shape for shape in own if not shape.facets]
        found.extend(free[:1] or _joined(own))
    return tuple(found)


def _joined(shapes: list[Shape]) -> list[Shape]:
    """Return *shapes* with those joined that name values, and say the same beside."""
    groups: dict[frozenset[tuple[str, object]], list[Shape]] = {}
    for shape in shapes:
        if shape.values is not None:
            groups.setdefault(_beside(shape), []).append(shape)
    for named in groups.values():
        shapes = _merged(named, shapes)
    return shapes


def _beside(shape: Shape) -> frozenset[tuple[str, object]]:
    facets = shape.facets.items()
    return frozenset((name, it.value) for name, it in facets if name not in {"enum", "integer"})


def _merged(named: list[Shape], shapes: list[Shape]) -> list[Shape]:
    if len(named) < 2:
        return shapes
    first = named[0]
    values = frozenset[str]().union(*(shape.values or () for shape in named))
    facets = {**first.facets, "enum": Facet(values, first.facets["enum"].view)}
    if not all("integer" in shape.facets for shape in named):
        facets.pop("integer", None)
    rest = [shape for shape in shapes if shape not in named]
    return [Shape(first.kind, first.parts, facets), *rest]
