"""Compose located nodes from YAML, event by event, so that nothing grows without bound."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import yaml

from mock_server.lint.nodes import Content, Mark, Node, Style, escaped
from mock_server.lint.scalars import Resolver, is_ambiguous, merges

DEEPEST = 120
"""Levels of nesting; the deepest contracts have some thirty."""

MOST_ALIASED = 200_000
"""Values that aliases and merge keys may stand for, all together."""

MOST_VALUES = 500_000
"""Values in a file; the largest contracts have about half of that."""

_PLAIN_TAGS = {None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}
_STYLES = {"|": Style.LITERAL, ">": Style.FOLDED, "'": Style.QUOTED, '"': Style.QUOTED}


class _YamlError(ValueError):
    """The text cannot be composed."""

    def __init__(self, mark: Mark, reason: str) -> None:
        """Tell where and why, in one line."""
        super().__init__(f"{mark.line}:{mark.column}: {' '.join(reason.split())}")


@dataclass(frozen=True, slots=True)
class Composed:
    """
    The *root* of a text.

    *twice* has each name that an object has again, with its first place; *ambiguous* each scalar
    that YAML 1.1 and 1.2 read differently.
    """

    root: Node
    twice: tuple[tuple[Node, Mark], ...]
    ambiguous: tuple[tuple[Mark, str], ...]


def compose(text: str) -> Composed:
    """
    Return what the YAML *text* says; times stay text, of a name given twice the last counts.

    Raises:
        ValueError: not YAML, or too deep, or an alias that refers to itself or swells the text;
            the message begins with line and column.
    """
    composer = _Composer(text)
    try:
        return composer.composed()
    except yaml.MarkedYAMLError as error:
        found = error.problem_mark or error.context_mark
        mark = _mark(found) if found is not None else Mark(1, 1)
        reason = ", ".join(filter(None, [error.context, error.problem]))
        raise _YamlError(mark, f"not YAML: {reason}") from error
    except yaml.YAMLError as error:
        raise _YamlError(Mark(1, 1), f"not YAML: {error}") from error


class _Composer:
    """One pass over the events of one text."""

    def __init__(self, text: str) -> None:
        self._events: Iterator[Any] = yaml.parse(text, Loader=yaml.CSafeLoader)
        self._anchors: dict[str, Node | None] = {}
        self._twice: list[tuple[Node, Mark]] = []
        self._ambiguous: list[tuple[Mark, str]] = []
        self._resolve = Resolver()
        self._aliased = 0
        self._values = 0

    def composed(self) -> Composed:
        event: Any = next(self._events)
        while not isinstance(event, yaml.NodeEvent):
            event = next(self._events)
            if isinstance(event, yaml.StreamEndEvent):
                raise _YamlError(_mark(event.start_mark), "it holds comments and nothing else")
        root = self._node(event, "", None, 0)
        next(self._events)
        after: Any = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise _YamlError(_mark(after.start_mark), "a second YAML document begins; give one")
        return Composed(root, tuple(self._twice), tuple(self._ambiguous))

    def _node(self, event: Any, pointer: str, name: Node | None, depth: int) -> Node:
        mark = _mark(event.start_mark)
        self._values += 1
        if self._values > MOST_VALUES:
            raise _YamlError(mark, f"it holds more than {MOST_VALUES} values; lint a part of it")
        if depth > DEEPEST:
            raise _YamlError(mark, f"nested more than {DEEPEST} levels deep")
        if isinstance(event, yaml.AliasEvent):
            return self._alias(str(event.anchor), Node(pointer, mark, None, name=name), depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        node = self._made(event, pointer, name, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _made(self, event: Any, pointer: str, name: Node | None, depth: int) -> Node:
        mark = _mark(event.start_mark)
        if isinstance(event, yaml.ScalarEvent):
            content = self._scalar(event, mark)
            style = _STYLES.get(event.style or "", Style.PLAIN)
            return Node(pointer, mark, content, style, name, _mark(event.end_mark).line)
        if event.tag not in _PLAIN_TAGS:
            raise _YamlError(mark, f"the tag {event.tag} has no meaning in JSON; leave it out")
        style = Style.FLOW if event.flow_style else Style.BLOCK
        made: Content
        if isinstance(event, yaml.SequenceStartEvent):
            made = self._sequence(pointer, depth)
        else:
            made = self._mapping(pointer, depth)
        return Node(pointer, mark, made, style, name)

    def _scalar(self, event: Any, mark: Mark) -> Any:
        if is_ambiguous(event):
            self._ambiguous.append((mark, event.value))
        try:
            return self._resolve(event)
        except ValueError as error:
            raise _YamlError(mark, str(error)) from error

    def _sequence(self, pointer: str, depth: int) -> list[Node]:
        items: list[Node] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(event, f"{pointer}/{len(items)}", None, depth + 1))
        return items

    def _mapping(self, pointer: str, depth: int) -> dict[str, Node]:
        members: dict[str, Node] = {}
        merged: list[Node] = []
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            mark = _mark(event.start_mark)
            if not isinstance(event, yaml.ScalarEvent):
                raise _YamlError(mark, "a name must be text, not an object, array or alias")
            below = f"{pointer}/{escaped(event.value)}"
            name = self._made(event, below, None, depth)
            value = self._node(next(self._events), below, name, depth + 1)
            if merges(event):
                merged.append(value)
                continue
            if event.value in members:
                first = members[event.value].name
                self._twice.append((name, first.mark if first else mark))
            members[event.value] = value
        for value in merged:
            self._merge(members, value, pointer, depth + 1)
        return members

    def _merge(self, members: dict[str, Node], merged: Node, pointer: str, depth: int) -> None:
        for source in merged.items or [merged]:
            if not source.is_map:
                raise _YamlError(source.mark, "the merge key << needs an object")
            for name, node in source.members:
                if name not in members:
                    below = f"{pointer}/{escaped(name)}"
                    members[name] = self._copy(node, below, node.name, depth)

    def _alias(self, anchor: str, at: Node, depth: int) -> Node:
        """Return what *anchor* named before, copied to where *at* stands."""
        if anchor not in self._anchors:
            raise _YamlError(at.mark, f"the alias *{anchor} has no anchor before it")
        target = self._anchors[anchor]
        if target is None:
            raise _YamlError(at.mark, f"the alias *{anchor} refers to what it is part of")
        return replace(self._copy(target, at.pointer, at.name, depth), mark=at.mark)

    def _copy(self, node: Node, pointer: str, name: Node | None, depth: int) -> Node:
        self._aliased += 1
        if depth > DEEPEST:
            raise _YamlError(node.mark, f"nested more than {DEEPEST} levels deep by aliases")
        if self._aliased > MOST_ALIASED:
            reason = f"aliases stand for more than {MOST_ALIASED} values; write out what is meant"
            raise _YamlError(node.mark, reason)
        content = node.content
        if isinstance(content, list):
            content = [
                self._copy(item, f"{pointer}/{at}", item.name, depth + 1)
                for at, item in enumerate(content)
            ]
        elif isinstance(content, dict):
            content = {
                key: self._copy(item, f"{pointer}/{escaped(key)}", item.name, depth + 1)
                for key, item in content.items()
            }
        return replace(node, pointer=pointer, name=name, content=content)


def _mark(mark: Any) -> Mark:
    return Mark(mark.line + 1, mark.column + 1)
