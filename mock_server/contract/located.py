"""
Reader of YAML and JSON files: nodes with lines and columns, within bounds.

Contracts for `serve`, `lint`, `diff` and `check` are read by it, and seed and register files: what
one of them takes, all of them take.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

import yaml

from mock_server.contract.nodes import Content, Mark, Node, Style, escaped
from mock_server.contract.scalars import Resolver, is_ambiguous, merges

Place = tuple[str | int, ...]
"""Where in a document something stands: names of members and indexes of items, outermost first."""

MOST_BYTES = 16 * 1024 * 1024
"""Bytes of a file; the largest public contracts have some ten million."""

DEEPEST = 200
"""Levels of nesting, aliases followed; the deepest contracts have some thirty."""

MOST_VALUES = 1_000_000
"""Values of a file, with its aliases and merge keys written out."""

_PLAIN_TAGS = {None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}
_STYLES = {"|": Style.LITERAL, ">": Style.FOLDED, "'": Style.QUOTED, '"': Style.QUOTED}
_CONTROL = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
# What JSON has, but is read more closely as YAML: surrogates, and numbers that are too long.
_RARE = re.compile(r"\\u[dD][89a-fA-F]|[0-9]{300}")
_ANCHOR = re.compile(r"(?:^|[\s,:\[{])&\S")
_SURROGATES = re.compile(
    r"((?<!\\)(?:\\\\)*)(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)
# The parser in C is eight times as fast; builds of PyYAML without it have the other alone.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class PlaceError(Exception):
    """
    Something is wrong at *place* of a document, or at *line* and *column* of its text.

    Lines and columns count from 1; None where they are not known.
    """

    def __init__(
        self, reason: str, place: Place = (), line: int | None = None, column: int | None = None
    ) -> None:
        """Remember the reason, and the place."""
        super().__init__(reason)
        self.reason = reason
        self.place = place
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Located:
    """
    A file that was read: its *text*, and the *root* of its nodes.

    *twice* has each name that an object has again, with its first place; *ambiguous* each scalar
    that YAML 1.1 and 1.2 read differently; *no_numbers* where infinity stands, or what is no
    number, which JSON has not. A text without any value *is_blank*, and its root null.
    """

    text: str
    root: Node
    twice: tuple[tuple[Node, Mark], ...] = ()
    ambiguous: tuple[tuple[Mark, str], ...] = ()
    no_numbers: tuple[Mark, ...] = ()
    is_blank: bool = False

    @property
    def is_json(self) -> bool:
        """Whether it is written as JSON, whose lines and indents programs choose."""
        return _is_json(self.text)

    def line_of(self, place: Iterable[str | int]) -> int:
        """Return the line, from 1, on which *place* begins, or else the nearest thing around it."""
        return self.root.line_of(place) or 1


def read_bytes(path: Path) -> bytes:
    """
    Return the bytes of the file at *path*, which may be a device without an end.

    Raises:
        PlaceError: it has more than MOST_BYTES.
        OSError: it cannot be read.
        ValueError: *path* is none.
    """
    with path.open("rb") as file:
        authored = file.read(MOST_BYTES + 1)
    check_size(authored)
    return authored


def check_size(authored: bytes) -> None:
    """
    Check that *authored* is not too long to be read.

    Raises:
        PlaceError: it has more than MOST_BYTES.
    """
    if len(authored) > MOST_BYTES:
        raise PlaceError(f"it has more than {MOST_BYTES} bytes; give a smaller file")


def read_located(authored: bytes) -> Located:
    """
    Parse *authored*, YAML or JSON in UTF-8, or in UTF-16 with its mark.

    Times stay text, of a name given twice the last counts, and names are text as they are typed.

    Raises:
        PlaceError: no text, not YAML, beyond DEEPEST or MOST_VALUES, or an alias that leads back
            to where it stands.
    """
    return read_text(_decoded(authored))


def read_plain(authored: bytes) -> dict[str, Any] | None:
    """
    Return the object that *authored* stands for, if it is JSON without anything to be told of.

    That takes a tenth of the time of `read_located`, which reads the same, with lines and columns;
    None: only it can tell what there is.

    Raises:
        PlaceError: no text, or more than MOST_BYTES.
    """
    text = _decoded(authored)
    if not _is_json(text) or _RARE.search(text):
        return None
    try:
        value = json.loads(text, parse_constant=float)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and _is_within_bounds(value) else None


def _is_within_bounds(value: object) -> bool:
    """Tell whether *value* is finite, and neither too deep nor too large."""
    level, size, depth = [value], 0, 0
    while level and depth <= DEEPEST and size <= MOST_VALUES:
        size += len(level)
        depth += 1
        if any(type(item) is float and not isfinite(item) for item in level):
            return False
        level = [item for holder in level for item in _below(holder)]
    return not level and size <= MOST_VALUES


def _below(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def read_text(text: str) -> Located:
    """
    Parse *text*, YAML or JSON.

    Raises:
        PlaceError: as `read_located`.
    """
    composer = _Composer(text)
    try:
        return composer.located()
    except yaml.MarkedYAMLError as error:
        found: Any = error.problem_mark or error.context_mark
        said = ", ".join(filter(None, (error.context, error.problem)))
        mark = Mark(1, 1) if found is None else _mark(found)
        raise _refusal(mark, f"not YAML: {said}") from error
    except yaml.YAMLError as error:
        raise _refusal(Mark(1, 1), f"not YAML: {error}") from error


def _decoded(authored: bytes) -> str:
    check_size(authored)
    is_wide = authored.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = authored.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        reason = f"it is not text: byte {error.start + 1} is not UTF-8; give a YAML or JSON file"
        raise PlaceError(reason, line=authored[: error.start].count(b"\n") + 1) from error
    found = _CONTROL.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        told = f"line {line} holds the control character U+{ord(found[0]):04X}"
        raise PlaceError(f"it is not text: {told}; give a YAML or JSON file", line=line)
    return text


def _is_json(text: str) -> bool:
    return text.lstrip().startswith(("{", "["))


def _as_yaml(text: str) -> str:
    """Return JSON *text* with the same lines in the spelling that YAML has for it."""
    if not _is_json(text):
        return text
    spaced = re.sub(r"^[\t ]+", lambda found: " " * len(found[0]), text, flags=re.MULTILINE)
    return _SURROGATES.sub(_joined, spaced)


def _joined(found: re.Match[str]) -> str:
    """Return the character that surrogates spell; U+FFFD if they are no pair. YAML has neither."""
    units = bytes.fromhex(found[2].replace("\\u", ""))
    return found[1] + units.decode("utf-16-be", "replace")


def _refusal(mark: Mark, reason: str) -> PlaceError:
    return PlaceError(" ".join(reason.split()), line=mark.line, column=mark.column)


def _mark(mark: Any) -> Mark:
    return Mark(mark.line + 1, mark.column + 1)


class _Composer:
    """One pass over the events of one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._events: Iterator[Any] = yaml.parse(_as_yaml(text), Loader=_Loader)
        self._anchors: dict[str, Node | None] = {}
        self._twice: list[tuple[Node, Mark]] = []
        self._ambiguous: list[tuple[Mark, str]] = []
        self._is_json = _is_json(text)
        self._no_numbers: list[Mark] = []
        self._resolve = Resolver()
        self._values = 0
        # Without an anchor a merge key names nothing that is not written where it stands.
        self._has_anchors = _ANCHOR.search(text) is not None
        # What aliases and merge keys name is shared at first, and its size known: a file that is
        # too large with them written out is refused before any copy is made.
        self._sizes: dict[int, tuple[int, Content]] = {}
        self._is_shared = False

    def located(self) -> Located:
        event: Any = next(self._events)
        while not isinstance(event, yaml.NodeEvent):
            event = next(self._events)
            if isinstance(event, yaml.StreamEndEvent):
                nothing = Node("", _mark(event.start_mark), None)
                return Located(self._text, nothing, is_blank=True)
        root = self._node(event, "", None, 0)
        next(self._events)
        after: Any = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise _refusal(_mark(after.start_mark), "a second YAML document begins; give one")
        if self._is_shared:
            root = self._copy(root, "", None, 0)
        twice, ambiguous = tuple(self._twice), tuple(self._ambiguous)
        return Located(self._text, root, twice, ambiguous, tuple(self._no_numbers))

    def _grow(self, depth: int, mark: Mark) -> None:
        self._values += 1
        self._check_size(self._values, mark)
        self._check_depth(depth, mark)

    def _check_depth(self, depth: int, mark: Mark) -> None:
        if depth > DEEPEST:
            raise _refusal(mark, f"nested more than {DEEPEST} levels deep")

    def _check_size(self, size: int, mark: Mark) -> None:
        if size > MOST_VALUES:
            reason = f"with its aliases written out it holds more than {MOST_VALUES} values"
            raise _refusal(mark, reason)

    def _size(self, node: Node) -> int:
        return self._sizes[id(node.content)][0] if id(node.content) in self._sizes else 1

    def _measured(self, content: Content, nodes: Iterable[Node]) -> Content:
        """Return *content* of *nodes*, its size known from now on."""
        if not self._has_anchors:
            return content
        size = 1
        for node in nodes:
            size += self._size(node)
            self._check_size(size, node.mark)
        self._sizes[id(content)] = size, content  # held, so that its id stays its own
        return content

    def _node(self, event: Any, pointer: str, name: Node | None, depth: int) -> Node:
        mark = _mark(event.start_mark)
        anchor = event.anchor
        if isinstance(event, yaml.AliasEvent):
            return self._alias(str(anchor), pointer, mark, name)
        self._grow(depth, mark)
        if anchor is not None:
            self._anchors[anchor] = None
        if isinstance(event, yaml.ScalarEvent):
            node = self._scalar(event, pointer, mark, name)
        else:
            if event.tag not in _PLAIN_TAGS:
                raise _refusal(mark, f"the tag {event.tag} has no meaning in JSON; leave it out")
            is_list = isinstance(event, yaml.SequenceStartEvent)
            content = (self._sequence if is_list else self._mapping)(pointer, depth)
            style = Style.FLOW if event.flow_style else Style.BLOCK
            node = Node(pointer, mark, content, style, name)
        if anchor is not None:
            self._anchors[anchor] = node
        return node

    def _scalar(self, event: Any, pointer: str, mark: Mark, name: Node | None) -> Node:
        if is_ambiguous(event) and not (self._is_json and _JSON_NUMBER.fullmatch(event.value)):
            self._ambiguous.append((mark, event.value))
        try:
            content = self._resolve(event)
        except ValueError as error:
            raise _refusal(mark, str(error)) from error
        if isinstance(content, float) and not isfinite(content):
            self._no_numbers.append(mark)
        style = _STYLES.get(event.style or "", Style.PLAIN)
        return Node(pointer, mark, content, style, name, event.end_mark.line + 1)

    def _sequence(self, pointer: str, depth: int) -> Content:
        items: list[Node] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(event, f"{pointer}/{len(items)}", None, depth + 1))
        return self._measured(items, items)

    def _mapping(self, pointer: str, depth: int) -> Content:
        members: dict[str, Node] = {}
        merged: list[Node] = []
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            mark = _mark(event.start_mark)
            if not isinstance(event, yaml.ScalarEvent):
                raise _refusal(mark, "a name must be text, not an object, array or alias")
            key: str = event.value
            below = f"{pointer}/{escaped(key)}"
            name = self._scalar(event, below, mark, None)
            if event.anchor is not None:
                self._anchors[event.anchor] = name
            value = self._node(next(self._events), below, name, depth + 1)
            if merges(event):
                merged.append(value)
                continue
            if key in members:
                first = members[key].name
                self._twice.append((name, first.mark if first else mark))
            members[key] = value
        for value in merged:
            self._merge(members, value)
        return self._measured(members, members.values())

    def _merge(self, members: dict[str, Node], merged: Node) -> None:
        self._is_shared = True
        for source in merged.items or [merged]:
            if not source.is_map:
                raise _refusal(source.mark, "the merge key << needs an object")
            for name, node in source.members:
                members.setdefault(name, node)

    def _alias(self, anchor: str, pointer: str, mark: Mark, name: Node | None) -> Node:
        """Return the node of *anchor* at *pointer*; its members still have their own pointers."""
        if anchor not in self._anchors:
            raise _refusal(mark, f"the alias *{anchor} has no anchor before it")
        found = self._anchors[anchor]
        if found is None:
            raise _refusal(mark, f"the alias *{anchor} refers to what it is part of")
        self._is_shared = True
        return Node(pointer, mark, found.content, found.style, name, found.end_line)

    def _copy(self, node: Node, pointer: str, name: Node | None, depth: int) -> Node:
        self._check_depth(depth, node.mark)
        content = node.content
        if isinstance(content, list):
            items: list[Node] = []
            for item in content:
                items.append(self._copy(item, f"{pointer}/{len(items)}", None, depth + 1))
            content = items
        elif isinstance(content, dict):
            members: dict[str, Node] = {}
            for key, item in content.items():
                below = f"{pointer}/{escaped(key)}"
                members[key] = self._copy(item, below, item.name, depth + 1)
            content = members
        return Node(pointer, node.mark, content, node.style, name, node.end_line)
