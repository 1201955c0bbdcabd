"""Walk a document by the grammar: each object with its kind, each reference, each breach."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mock_server.contract.nodes import Node
from mock_server.contract.requirements import LISTED_TYPE
from mock_server.lint.grammar import DOCUMENT, SPECIAL, Shape

_ARRAYS = {"texts", "values"}
_MAPS = {"anymap", "textmap"}


@dataclass(frozen=True, slots=True)
class Reference:
    """A `$ref`: the object that is one, and the kind of object that belongs there."""

    node: Node
    kind: str

    @property
    def target(self) -> str:
        """The text of `$ref`, as written."""
        return self.node["$ref"].text


@dataclass(frozen=True, slots=True)
class Walked:
    """Result of a walk; *misplaced* are nodes, each with its breach of the grammar."""

    places: dict[str, list[Node]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    references: list[Reference] = field(default_factory=list)
    misplaced: list[tuple[Node, str]] = field(default_factory=list)


def walk(root: Node, shapes: Mapping[str, Shape]) -> Walked:
    """Return every object of the document at *root*, by kind and by pointer."""
    walked = Walked()
    waiting = [(root, DOCUMENT)]
    while waiting:
        node, kind = waiting.pop()
        waiting.extend(reversed(list(_visit(node, kind, shapes[kind], walked))))
    return walked


def _visit(node: Node, kind: str, shape: Shape, walked: Walked) -> Iterator[tuple[Node, str]]:
    if kind == "Schema" and isinstance(node.content, bool):
        return
    if not node.is_map:
        walked.misplaced.append((node, f"{_called(node)} must be an object ({kind})"))
        return
    walked.kinds[node.pointer] = kind
    if shape.is_referable and "$ref" in node:
        walked.references.append(Reference(node, kind))
        if not shape.patterned:
            return
    walked.places.setdefault(kind, []).append(node)
    walked.misplaced.extend(
        (node, f"{_called(node)} lacks `{name}`") for name in shape.required if not node[name]
    )
    for name, member in node.members:
        yield from _member(member, name, shape, walked)


def _member(member: Node, name: str, shape: Shape, walked: Walked) -> Iterator[tuple[Node, str]]:
    holds = shape.members.get(name) or shape.patterned
    if name.startswith("x-") and name not in shape.members:
        return
    if not holds:
        walked.misplaced.append((member.name or member, f"`{name}` is not known here"))
        return
    array, mapped = holds[0] == "[" or holds in _ARRAYS, holds[0] == "{" or holds in _MAPS
    if (array and not member.is_list) or (mapped and not member.is_map):
        wanted = "an array" if array else "an object"
        walked.misplaced.append((member, f"`{name}` must be {wanted}"))
        return
    kind = holds.strip("[]{}")
    if kind in SPECIAL:
        walked.misplaced.extend(_unlike(member, name, kind))
        return
    inside = member.items if array else [node for _, node in member.members]
    yield from ((node, kind) for node in (inside if array or mapped else [member]))


def _unlike(member: Node, name: str, kind: str) -> Iterator[tuple[Node, str]]:
    content = member.content
    if kind == "text" and name == "type" and member.is_list:
        yield member, LISTED_TYPE
    elif kind == "text" and not isinstance(content, str):
        yield member, f"`{name}` must be text{_quoting(member)}"
    if kind == "flag" and not isinstance(content, bool):
        yield member, f"`{name}` must be true or false"
    if kind == "number" and (isinstance(content, bool) or not isinstance(content, int | float)):
        yield member, f"`{name}` must be a number"
    inside = list(member.items) if kind == "texts" else []
    inside += [node for _, node in member.members] if kind == "textmap" else []
    for node in inside:
        if not isinstance(node.content, str):
            yield node, f"`{name}` must hold texts alone{_quoting(node)}"


def _quoting(node: Node) -> str:
    is_bare = isinstance(node.content, int | float) and not isinstance(node.content, bool)
    return "; quote it" if is_bare else ""


def _called(node: Node) -> str:
    last = node.pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
    return f"`{last}`" if last else "the document"
