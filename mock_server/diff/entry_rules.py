"""Changes of the members of an object."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mock_server.diff.change import Direction, Finding, Severity
from mock_server.diff.conjunction import Node
from mock_server.diff.entries import matched
from mock_server.diff.normal_form import Entries
from mock_server.diff.place_names import spoken
from mock_server.diff.scope import Pair
from mock_server.diff.verdicts import Relation
from mock_server.diff.view import View

_HIDDEN = {Direction.REQUEST: "readOnly", Direction.RESPONSE: "writeOnly"}

Visible = Callable[[Node], bool]
"""Whether a member goes in the direction at hand, and can be there at all."""


@dataclass(frozen=True, slots=True, eq=False)
class Objects:
    """The entries of two objects in a *pair*, and the schemas *old_at* and *new_at* of these."""

    pair: Pair
    old: Entries
    new: Entries
    old_at: View
    new_at: View
    old_visible: Visible
    new_visible: Visible
    old_hidden: Visible
    new_hidden: Visible

    def findings(self) -> Iterator[Finding]:
        """Return which members came, went, or are required now or no longer."""
        before, after = self._names()
        for name in sorted(before - after):
            yield from self._gone(name)
        for name in sorted(after - before):
            yield from self._come(name)
        yield from self._required((before & after) | self._unmet(before | after))
        yield from self._closed()

    def children(self) -> Iterator[Pair]:
        """Return the schemas of members that are compared in turn."""
        before, after = self._names()
        for name in sorted(before | after):
            old = self.old.members[name] if name in before else _other(self.old, name)
            new = self.new.members[name] if name in after else _other(self.new, name)
            if old and new:
                yield self._child(old, new)
        for pattern in sorted(set(self.old.patterns) & set(self.new.patterns)):
            yield self._child(self.old.patterns[pattern], self.new.patterns[pattern])
        if self.old.rest and self.new.rest and (self.old.rest.parts or self.new.rest.parts):
            yield self._child(self.old.rest, self.new.rest)

    def _child(self, old: Node, new: Node) -> Pair:
        return self.pair.below(
            old,
            new,
            old.parts[0] if old.parts else self.old_at,
            new.parts[0] if new.parts else self.new_at,
        )

    def _names(self) -> tuple[set[str], set[str]]:
        old, new = self.old.members, self.new.members
        return (
            {name for name in old if self.old_visible(old[name])},
            {name for name in new if self.new_visible(new[name])},
        )

    def _unmet(self, known: set[str]) -> set[str]:
        """Return names that are required at some time and none of those *known*, nor hidden."""
        hidden = {name for name, node in self.old.members.items() if self.old_hidden(node)}
        hidden |= {name for name, node in self.new.members.items() if self.new_hidden(node)}
        return {*self.old.required, *self.new.required} - known - hidden

    def _gone(self, name: str) -> Iterator[Finding]:
        view = _view(self.old.members[name], self.old_at)
        said = f"member {name} is gone"
        if name in self.new.members:
            said = f"member {name} is gone from {self.pair.direction}s ({self._hidden()})"
        if _other(self.new, name):
            if self.pair.direction is Direction.RESPONSE:
                yield self._member("unnamed", Severity.RISKY, view, f"{said}, but for its rest")
        elif self.pair.direction is Direction.RESPONSE:
            yield self._member("removed", Severity.BREAKING, view, said)
        elif self.new.rest is None:
            said = f"{said} and refused"
            yield self._member("refused", Severity.BREAKING, view, said)
        else:
            yield self._member("removed", Severity.RISKY, view, f"{said}, and ignored if sent")

    def _hidden(self) -> str:
        return _HIDDEN.get(self.pair.direction, "it is never allowed")

    def _come(self, name: str) -> Iterator[Finding]:
        view = _view(self.new.members[name], self.new_at)
        is_required = name in self.new.required
        is_request = self.pair.direction is Direction.REQUEST
        said = f"{'required' if is_required else 'optional'} member {name} is new"
        # `required` does not bind a direction in which a member is not.
        old = self.old.members.get(name)
        was_required = name in self.old.required and not (old and self.old_hidden(old))
        if is_request and is_required and not was_required:
            yield self._member("added-required", Severity.BREAKING, view, said)
        elif not is_request and (self.old.rest is None or (old and not self.old_hidden(old))):
            said = (
                f"{said}, where {'nothing else' if self.old.rest is None else 'none'} was allowed"
            )
            yield self._member("added-to-closed", Severity.RISKY, view, said)
        else:
            yield self._member("added", Severity.HARMLESS, view, said)

    def _member(self, what: str, severity: Severity, view: View, said: str) -> Finding:
        around = View(view.document, view.value, view.pointer.rpartition("/properties/")[0])
        subject = spoken(around if around.pointer else view)
        name = f"{self.pair.direction}-member-{what}"
        return Finding(name, severity, self.pair.direction, view.place, f"{subject}: {said}")

    def _required(self, names: set[str]) -> Iterator[Finding]:
        for name in sorted(names):
            was, is_now = self.old.required.get(name), self.new.required.get(name)
            if is_now and not was:
                said = f"member {name} is now required"
                yield self._requirement(Relation.NARROWED, is_now, said)
            if was and not is_now:
                view = (
                    _view(self.new.members[name], self.new_at) if name in self.new.members else was
                )
                around = View(view.document, view.value, view.pointer.rpartition("/properties/")[0])
                said = f"member {name} is no longer required"
                yield self._requirement(Relation.WIDENED, around if around.pointer else view, said)

    def _requirement(self, relation: Relation, view: View, said: str) -> Finding:
        return self.pair.found("required", relation, view, said, is_shape=True)

    def _closed(self) -> Iterator[Finding]:
        what = "additionalProperties"
        if self.old.rest and not self.new.rest:
            said = "members that it does not name are refused now"
            yield self.pair.found(what, Relation.NARROWED, self.new_at, said)
        if self.new.rest and not self.old.rest:
            said = "members that it does not name are allowed now"
            yield self.pair.found(what, Relation.WIDENED, self.new_at, said)
        for pattern in sorted(set(self.old.patterns) ^ set(self.new.patterns)):
            verb = "new" if pattern in self.new.patterns else "gone"
            said = f"what it says of members like {pattern} is {verb}"
            yield self.pair.found("patternProperties", Relation.UNDECIDED, self.new_at, said)


def _other(entries: Entries, name: str) -> Node | None:
    """Return the schema for a member that is not named, if there is one that says something."""
    found = matched(entries.patterns, name) or entries.rest
    return found if found and found.parts else None


def _view(node: Node, around: View) -> View:
    return node.parts[0] if node.parts else around
