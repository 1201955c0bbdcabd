"""Nodes: the values of a YAML or JSON file, each with its line, column and JSON pointer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple

from mock_server.contract.scalars import Scalar


class Mark(NamedTuple):
    """A place in a file; *line* and *column* count from 1."""

    line: int
    column: int


class Absent(Enum):
    """The content of a node that the file does not have."""

    ABSENT = "absent"


class Style(Enum):
    """How a value is written."""

    PLAIN = "plain"
    QUOTED = "quoted"
    LITERAL = "|"
    FOLDED = ">"
    BLOCK = "block"
    FLOW = "flow"


Content = Scalar | dict[str, "Node"] | list["Node"] | Absent


# Not frozen, which takes twice the time to make one, and a contract has a hundred thousand.
@dataclass(slots=True, eq=False)
class Node:
    """
    One value of a file, or the lack of one: it answers every question, if need be by absence.

    *pointer* is its JSON pointer, *mark* where it begins, *end_line* the line on which it ends,
    *name* where its name is written if it has one. A node that the file does not have is false,
    and stands where the nearest thing around it does.
    """

    pointer: str
    mark: Mark
    content: Content
    style: Style = Style.PLAIN
    name: "Node | None" = None
    end_line: int = 0

    def __bool__(self) -> bool:
        """Tell whether the file has it."""
        return self.content is not Absent.ABSENT

    def __getitem__(self, name: str) -> "Node":
        """Return the member called *name*, or a node that is absent."""
        if isinstance(self.content, dict) and name in self.content:
            return self.content[name]
        return Node(f"{self.pointer}/{escaped(name)}", self.place, Absent.ABSENT)

    def __contains__(self, name: str) -> bool:
        """Tell whether it is an object with a member called *name*."""
        return isinstance(self.content, dict) and name in self.content

    @property
    def place(self) -> Mark:
        """Where a finding on it is shown: its name if it is a container, else itself."""
        is_container = isinstance(self.content, dict | list)
        return self.name.mark if is_container and self.name is not None else self.mark

    @property
    def is_map(self) -> bool:
        """Whether it is an object."""
        return isinstance(self.content, dict)

    @property
    def is_list(self) -> bool:
        """Whether it is an array."""
        return isinstance(self.content, list)

    @property
    def members(self) -> Iterable[tuple[str, "Node"]]:
        """The members of an object, in order; of anything else none."""
        return self.content.items() if isinstance(self.content, dict) else ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the members of an object, in order."""
        return tuple(self.content) if isinstance(self.content, dict) else ()

    @property
    def items(self) -> Sequence["Node"]:
        """The items of an array; of anything else none."""
        return self.content if isinstance(self.content, list) else ()

    @property
    def text(self) -> str:
        """The text of a string; of anything else none."""
        return self.content if isinstance(self.content, str) else ""

    @property
    def texts(self) -> tuple[str, ...]:
        """The strings among the items."""
        return tuple(item.text for item in self.items if isinstance(item.content, str))

    @property
    def is_true(self) -> bool:
        """Whether it is `true`."""
        return self.content is True

    @property
    def value(self) -> Any:
        """The JSON value that it stands for; None where it is absent."""
        if isinstance(self.content, dict):
            return {name: node.value for name, node in self.content.items()}
        if isinstance(self.content, list):
            return [node.value for node in self.content]
        return None if self.content is Absent.ABSENT else self.content

    def at(self, path: Iterable[str | int]) -> "Node":
        """Return the node at the end of *path*, or the last one on the way that exists."""
        node = self
        for step in path:
            items = node.items
            is_index = isinstance(step, int) and step < len(items)
            found = items[step] if is_index and isinstance(step, int) else node[str(step)]
            if not found:
                return node
            node = found
        return node

    def line_of(self, path: Iterable[str | int]) -> int | None:
        """Return the line at the end of *path*, or of the nearest node around it; None: its own."""
        node, line = self, None
        for step in path:
            found = node.child(str(step))
            if found is None:
                break
            node = found
            line = (node.name or node).mark.line
        return line

    def child(self, step: str) -> "Node | None":
        """Return the member or the item for *step* of a JSON pointer; None: it has none."""
        if isinstance(self.content, dict):
            return self.content.get(step)
        is_index = isinstance(self.content, list) and step.isascii() and step.isdigit()
        # Longer than any index: nothing that takes long to read.
        at = int(step) if is_index and len(step) < 9 else -1
        return self.items[at] if 0 <= at < len(self.items) else None


def escaped(name: str) -> str:
    """Return *name* as a step of a JSON pointer (RFC 6901)."""
    is_plain = "/" not in name and "~" not in name
    return name if is_plain else name.replace("~", "~0").replace("/", "~1")
