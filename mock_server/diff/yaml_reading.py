"""YAML as plain JSON values with their lines, within bounds, in one pass over its events."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from mock_server.diff.problems import ComparisonError

DEEPEST = 200
"""Most levels of nesting."""

MOST_VALUES = 1_000_000
"""Most values with every alias written out, so that no short text means a long one."""

Lines = dict[tuple[int, str], int]
"""The line, from 1, of a member or element: by the `id` of what holds it, and its key."""

_LARGEST = 10**300
_TAG = "tag:yaml.org,2002:"
_TEXT = {_TAG + "str", _TAG + "timestamp", _TAG + "value", _TAG + "merge", "!"}


@dataclass(slots=True)
class _Open:
    """A container that is being read."""

    value: dict[str, Any] | list[Any]
    anchor: str | None
    size_before: int
    key: str | None = None
    merged: list[Any] = field(default_factory=list)


class _Reader:
    """Builds values out of events."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: Lines = {}
        self.roots: list[Any] = []
        self._stack: list[_Open] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._size = 0
        self._line = 1
        self._resolver = yaml.resolver.Resolver()
        self._constructor = yaml.constructor.SafeConstructor()

    def read(self, events: Iterator[yaml.Event]) -> None:
        for event in events:
            self._line = event.start_mark.line + 1 if event.start_mark else self._line
            match event:
                case yaml.ScalarEvent():
                    self._scalar(event)
                case yaml.AliasEvent():
                    self._alias(str(event.anchor))
                case yaml.MappingStartEvent():
                    self._open({}, event.anchor)
                case yaml.SequenceStartEvent():
                    self._open([], event.anchor)
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    self._close()
                case yaml.DocumentStartEvent() if self.roots:
                    raise self._refuse("a second document begins; a contract is one")
                case _:
                    pass

    def _refuse(self, reason: str) -> ComparisonError:
        return ComparisonError(f"{self.name}:{self._line}: {reason}")

    def _grow(self, size: int) -> None:
        self._size += size
        if self._size > MOST_VALUES:
            raise self._refuse(f"with its aliases written out it has over {MOST_VALUES:,} values")

    def _open(self, value: dict[str, Any] | list[Any], anchor: str | None) -> None:
        if len(self._stack) >= DEEPEST:
            raise self._refuse(f"it is nested more than {DEEPEST} levels deep")
        if self._stack and isinstance(self._stack[-1].value, dict) and self._stack[-1].key is None:
            raise self._refuse("a key is text, not a mapping or a list")
        self._grow(1)
        self._stack.append(_Open(value, anchor, self._size))
        if anchor is not None:
            self._anchors.pop(anchor, None)

    def _close(self) -> None:
        closed = self._stack.pop()
        if isinstance(closed.value, dict):
            for merged in closed.merged:
                closed.value |= {key: merged[key] for key in merged if key not in closed.value}
        if closed.anchor is not None:
            self._anchors[closed.anchor] = closed.value, self._size - closed.size_before + 1
        self._put(closed.value)

    def _alias(self, anchor: str) -> None:
        if any(opened.anchor == anchor for opened in self._stack):
            raise self._refuse(f"the alias '*{anchor}' stands inside of what it names")
        if anchor not in self._anchors:
            raise self._refuse(f"the alias '*{anchor}' names nothing above it")
        value, size = self._anchors[anchor]
        self._grow(size)
        self._put(value)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        self._grow(1)
        holder = self._stack[-1] if self._stack else None
        # Keys stay as they were typed: `200` and `on` are names.
        is_key = holder is not None and isinstance(holder.value, dict) and holder.key is None
        value = event.value if is_key else self._value(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = value, 1
        self._put(value)

    def _value(self, event: yaml.ScalarEvent) -> Any:
        tag = event.tag
        if tag is None:
            tag = self._resolver.resolve(  # type: ignore[no-untyped-call] # PyYAML says none
                yaml.ScalarNode, event.value, event.implicit
            )
        if tag in _TEXT:
            return event.value
        node = yaml.ScalarNode(tag, event.value)
        try:
            return checked(_SCALARS[tag](self._constructor, node))
        except KeyError as error:
            raise self._refuse(f"'{tag}' is a tag that no contract needs") from error
        except ValueError as error:
            raise self._refuse(f"'{event.value[:40]}' is not a number to be read") from error

    def _put(self, value: Any) -> None:
        if not self._stack:
            self.roots.append(value)
            return
        holder = self._stack[-1]
        if isinstance(holder.value, list):
            self.lines[id(holder.value), str(len(holder.value))] = self._line
            holder.value.append(value)
        elif holder.key is None:
            self._name(holder, value)
        else:
            self._member(holder, holder.key, value)
            holder.key = None

    def _name(self, holder: _Open, key: Any) -> None:
        if not isinstance(key, str):
            raise self._refuse("a key is text, not a mapping or a list")
        holder.key = key
        self.lines[id(holder.value), key] = self._line

    def _member(self, holder: _Open, key: str, value: Any) -> None:
        if key != "<<":
            holder.value[key] = value  # type: ignore[call-overload] # a dict: lists have no key
            return
        merged = value if isinstance(value, list) else [value]
        if not all(isinstance(item, dict) for item in merged):
            raise self._refuse("'<<' takes mappings alone")
        holder.merged.extend(merged)


_SCALARS = {
    _TAG + "int": yaml.constructor.SafeConstructor.construct_yaml_int,
    _TAG + "float": yaml.constructor.SafeConstructor.construct_yaml_float,
    _TAG + "bool": yaml.constructor.SafeConstructor.construct_yaml_bool,
    _TAG + "null": yaml.constructor.SafeConstructor.construct_yaml_null,
}


def checked(value: Any) -> Any:
    """
    Return *value*, which may be no larger a number than calculations take.

    Raises:
        ValueError: it is larger.
    """
    if isinstance(value, int) and abs(value) > _LARGEST:
        raise ValueError(value)
    return value


def read_yaml(name: str, text: str) -> tuple[Any, Lines]:
    """
    Return what *text* says and the lines of its members; *name* is for messages.

    Linear in the text: aliases share their value, but count as if written out.

    Raises:
        ComparisonError: not YAML, more than one document, too deep, or too much by aliases.
    """
    reader = _Reader(name)
    # libyaml reads tenfold faster; PyYAML may have been built without it.
    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    try:
        reader.read(yaml.parse(text, Loader=loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f":{mark.line + 1}" if mark else ""
        reason = " ".join((error.problem or str(error)).split())
        raise ComparisonError(f"{name}{line}: it is not YAML: {reason}") from error
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        raise ComparisonError(f"{name}: it is not YAML: {reason}") from error
    return (reader.roots[0] if reader.roots else None), reader.lines
