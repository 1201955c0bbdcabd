"""Pair of schemas that are compared, and the findings on it."""

import re
from dataclasses import dataclass

from mock_server.diff.change import Direction, Finding
from mock_server.diff.conjunction import Node
from mock_server.diff.place_names import spoken
from mock_server.diff.verdicts import Relation, judge
from mock_server.diff.view import View


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """
    An old and a new schema to compare, for requests or for answers (*direction*).

    *old_at* and *new_at* are where it is asked for, should the schema itself be nowhere.
    """

    direction: Direction
    old: Node
    new: Node
    old_at: View
    new_at: View

    @property
    def key(self) -> tuple[object, ...]:
        """Its identity among pairs."""
        old, new = self.old.key, self.new.key
        at = (self.old_at.pointer, self.new_at.pointer) if not (old and new) else ()
        return self.direction, old, new, at

    def below(self, old: Node, new: Node, old_at: View, new_at: View) -> "Pair":
        """Return the pair of two schemas that these ask for."""
        return Pair(self.direction, old, new, old_at, new_at)

    def found(
        self, what: str, relation: Relation, view: View, said: str, *, is_shape: bool = False
    ) -> Finding:
        """Return a finding: a keyword, its *relation* to before, a sentence *said* of *view*."""
        severity = judge(self.direction, relation, is_shape=is_shape)
        sentence = f"{spoken(view)}: {said}"
        name = f"{self.direction}-{kebab(what)}-{relation}"
        return Finding(name, severity, self.direction, view.place, sentence)


def kebab(name: str) -> str:
    """Return *name* in lower case, its words with dashes between."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()
