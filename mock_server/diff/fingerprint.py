"""Fingerprints of schemas: the same for equal ones, with no regard to their names."""

from mock_server.diff.conjunction import Node
from mock_server.diff.normal_form import Shape
from mock_server.diff.reader import Reader

_DEEPEST = 4


class Fingerprints:
    """The fingerprints of one contract's schemas; those that share *numbers* can be compared."""

    def __init__(self, reader: Reader, numbers: dict[object, int]) -> None:
        """Take schemas from *reader*; *numbers* are those given so far."""
        self._reader = reader
        self._numbers = numbers
        self._known: dict[tuple[frozenset[str], int], int] = {}

    def of_shape(self, shape: Shape, depth: int = _DEEPEST) -> int:
        """Return the fingerprint of *shape*, which looks *depth* values deep."""
        entries = shape.entries
        return self._number(
            (
                shape.kind,
                frozenset((name, facet.value) for name, facet in shape.facets.items()),
                frozenset((name, self._of(node, depth)) for name, node in entries.members.items()),
                frozenset((name, self._of(node, depth)) for name, node in entries.patterns.items()),
                None if entries.rest is None else self._of(entries.rest, depth),
                frozenset(entries.required),
                self._of(shape.items, depth),
                tuple(self._of(node, depth) for node in shape.prefix),
            )
        )

    def of_node(self, node: Node) -> int:
        """Return the fingerprint of the schema that *node* is."""
        return self._of(node, _DEEPEST)

    def _of(self, node: Node, depth: int) -> int:
        if depth == 0:
            return 0
        key = node.key, depth
        if key not in self._known:
            schema = self._reader.schema(node)
            prints = frozenset(self.of_shape(shape, depth - 1) for shape in schema.shapes)
            self._known[key] = self._number((schema.is_nullable, prints))
        return self._known[key]

    def _number(self, told: object) -> int:
        # No hash: those of -1 and -2 are the same.
        return self._numbers.setdefault(told, len(self._numbers) + 1)
