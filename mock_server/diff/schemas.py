"""All pairs of schemas of two contracts, each compared once, and the operations that use them."""

from collections import deque
from collections.abc import Iterator

from mock_server.diff.change import Finding
from mock_server.diff.graph import reached
from mock_server.diff.problems import ComparisonError
from mock_server.diff.schema_rules import Rules
from mock_server.diff.scope import Pair
from mock_server.diff.unchanged import Unchanged

MOST_PAIRS = 200_000
"""Most pairs of schemas that are compared."""


class Schemas:
    """Comparison of the schemas that are not *unchanged*, each pair once, circles included."""

    def __init__(self, unchanged: Unchanged) -> None:
        """Begin without any."""
        self._unchanged = unchanged
        self._starts: dict[tuple[object, ...], tuple[Pair, set[int]]] = {}
        self._operations: dict[str, int] = {}

    def start(self, pair: Pair, operation: str) -> None:
        """Have *pair*, and all below it, compared for *operation*."""
        number = self._operations.setdefault(operation, len(self._operations))
        self._starts.setdefault(pair.key, (pair, set()))[1].add(number)

    def findings(self) -> Iterator[tuple[Finding, tuple[str, ...]]]:
        """
        Return each finding with the operations that it reaches; a finding may come repeatedly.

        Raises:
            ComparisonError: a schema is none, or there are too many pairs.
        """
        walk = _Walk([pair for pair, _operations in self._starts.values()], self._unchanged)
        walk.run()
        marks = [0] * len(walk.edges)
        for at, (_pair, operations) in enumerate(self._starts.values()):
            marks[at] = sum(1 << number for number in operations)
        names = list(self._operations)
        for mark, found in zip(reached(walk.edges, marks), walk.found, strict=True):
            if found:
                used = tuple(name for at, name in enumerate(names) if mark >> at & 1)
                yield from ((finding, used) for finding in found)


class _Walk:
    """Graph of all pairs below some: the findings at each, and its edges."""

    def __init__(self, starts: list[Pair], unchanged: Unchanged) -> None:
        self._unchanged = unchanged
        self._numbers = {pair.key: at for at, pair in enumerate(starts)}
        self._waiting = deque(starts)
        self.found: list[list[Finding]] = []
        self.edges: list[list[int]] = []

    def run(self) -> None:
        """Compare all, in the order of discovery."""
        rules = Rules()
        while self._waiting:
            pair = self._waiting.popleft()
            found: list[Finding] = []
            below: list[Pair] = []
            if self._unchanged.holds(pair.old, pair.new):
                # What is no schema is refused, changed or not.
                rules.read(pair.old)
            else:
                found, below = rules.compare(pair)
            self.found.append(found)
            self.edges.append([self._number(pair) for pair in below])

    def _number(self, pair: Pair) -> int:
        key = pair.key
        if key not in self._numbers:
            if len(self._numbers) >= MOST_PAIRS:
                name = pair.new_at.document.name
                raise ComparisonError(f"{name}: it has over {MOST_PAIRS:,} pairs of schemas")
            self._numbers[key] = len(self._numbers)
            self._waiting.append(pair)
        return self._numbers[key]
