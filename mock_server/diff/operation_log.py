"""Log of findings, each with the operations that it reaches."""

from dataclasses import dataclass

from mock_server.diff.change import Change, Direction, Finding, Severity
from mock_server.diff.conjunction import node_of
from mock_server.diff.schemas import Schemas
from mock_server.diff.scope import Pair
from mock_server.diff.unchanged import Unchanged
from mock_server.diff.verdicts import Relation, judge
from mock_server.diff.view import View

_WORST_FIRST = list(Severity)


class Log:
    """All that is found out, each finding once with the operations that it reaches."""

    def __init__(self, unchanged: Unchanged) -> None:
        """Begin without any; schemas that are *unchanged* are not compared."""
        self._found: dict[Finding, dict[str, None]] = {}
        self.schemas = Schemas(unchanged)

    def add(self, finding: Finding, *operations: str) -> None:
        """Take *finding*, which reaches *operations*; an empty name is none."""
        names = {name: None for name in operations if name}
        self._found.setdefault(finding, {}).update(names)

    def changes(self) -> tuple[Change, ...]:
        """Return the changes, the worst first; called once, when all is compared."""
        for finding, operations in self.schemas.findings():
            self.add(finding, *operations)
        found = [Change(finding, tuple(names)) for finding, names in self._found.items()]
        return tuple(sorted(found, key=lambda one: _WORST_FIRST.index(one.finding.severity)))


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """The *operation* that is compared, such as `PUT /orders/{id}/cancel`."""

    log: Log
    operation: str

    def note(
        self, name: str, severity: Severity, view: View, said: str, direction: Direction
    ) -> None:
        """Take down the sentence *said* about *view*."""
        self.log.add(Finding(name, severity, direction, view.place, said), self.operation)

    def judged(
        self, name: str, relation: Relation, view: View, said: str, direction: Direction
    ) -> None:
        """Take down a change whose severity follows from the *relation* of the values allowed."""
        severity = judge(direction, relation, is_shape=True)
        self.note(f"{direction}-{name}", severity, view, said, direction)

    def contract(self, name: str, severity: Severity, view: View, said: str) -> None:
        """Take down a change that goes neither way."""
        self.note(name, severity, view, said, Direction.CONTRACT)

    def take(self, *findings: Finding) -> None:
        """Take down *findings* of another comparison."""
        for finding in findings:
            self.log.add(finding, self.operation)

    def schemas(self, direction: Direction, old: View, new: View, keyword: str = "schema") -> None:
        """Have the schemas compared that *old* and *new* have as their member *keyword*."""
        before, after = node_of(old.get(keyword)), node_of(new.get(keyword))
        if before.parts or after.parts:
            self.log.schemas.start(Pair(direction, before, after, old, new), self.operation)
