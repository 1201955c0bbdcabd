"""OpenAPI document as rules see it: objects by kind, operations, and targets of `$ref`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mock_server.contract.nodes import Absent, Node
from mock_server.contract.references import ReferenceFault, follow, resolved
from mock_server.contract.requirements import METHODS
from mock_server.lint.grammar import grammar
from mock_server.lint.reading import Source, UnreadableError
from mock_server.lint.walking import Reference, Walked, walk


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: its *node*, and the *item* of its *path* that holds it."""

    path: str
    method: str
    node: Node
    item: Node

    @property
    def id(self) -> str:
        """Its operationId; empty where it has none."""
        return self.node["operationId"].text

    @property
    def called(self) -> str:
        """Its name in messages."""
        return self.id or f"{self.method.upper()} {self.path}"


@dataclass(frozen=True, slots=True)
class Document:
    """
    An OpenAPI document of *version* `3.0` or `3.1`, indexed once.

    *parts* keeps what was found out about a schema, by its pointer, for who asks again.
    """

    source: Source
    version: str
    walked: Walked
    operations: Sequence[Operation]
    parts: dict[str, list[Node]] = field(default_factory=dict)

    @property
    def root(self) -> Node:
        """The document as a whole."""
        return self.source.located.root

    @property
    def is_altinn(self) -> bool:
        """Whether it is a contract of the orders of Altinn Notifications."""
        return any(operation.id == "cancelOrder" for operation in self.operations)

    def all(self, kind: str) -> Sequence[Node]:
        """Return every object of *kind*, in the order of the document; references are not."""
        return self.walked.places.get(kind, ())

    def components(self, section: str) -> Sequence[tuple[str, Node]]:
        """Return the components of *section*, by name."""
        return tuple(self.root["components"][section].members)

    def target(self, reference: str) -> Node | None:
        """Return the target of *reference* in this document, if there is one."""
        try:
            found: Node = follow(self.root, reference)[1]
        except ReferenceFault:
            return None
        return found

    def why_lost(self, reference: str) -> str:
        """Return why *reference* has no target, as the end of a sentence."""
        try:
            follow(self.root, reference)
        except ReferenceFault as fault:
            return str(fault)
        return "leads somewhere"

    def resolved(self, node: Node) -> Node:
        """Follow the `$ref` of *node*, if it is one; an absent node where that leads nowhere."""
        try:
            found: Node = resolved(self.root, node)[1]
        except ReferenceFault:
            return Node(node.pointer, node.place, Absent.ABSENT)
        return found

    def parameters(self, operation: Operation) -> Iterator[tuple[Node, Node]]:
        """Yield each parameter of *operation*, as written and as resolved, its path's first."""
        for holder in (operation.item, operation.node):
            for node in holder["parameters"].items:
                yield node, self.resolved(node)

    def responses(self, operation: Operation) -> Iterator[tuple[str, Node, Node]]:
        """Yield each response of *operation*: status, as written, as resolved."""
        for status, node in operation.node["responses"].members:
            if not status.startswith("x-"):
                yield status, node, self.resolved(node)

    def references(self) -> Sequence[Reference]:
        """Return every `$ref` in the document."""
        return self.walked.references


def read_document(source: Source) -> Document:
    """
    Return the OpenAPI document that *source* says.

    Raises:
        UnreadableError: no OpenAPI, or a version that is not read.
    """
    root = source.located.root
    version = _version(source.name, root)
    walked = walk(root, grammar(version))
    return Document(source, version, walked, tuple(_operations(root)))


def _version(name: str, root: Node) -> str:
    reads = "OpenAPI 3.0 and 3.1 are read"
    if root["swagger"]:
        told = f"it is OpenAPI {root['swagger'].value} (Swagger)"
        raise UnreadableError(f"{name}: {told}; {reads}: convert it to 3.0")
    if not root.is_map or not root["openapi"]:
        raise UnreadableError(f"{name} is not an OpenAPI document: it lacks `openapi`; {reads}")
    told = str(root["openapi"].value)
    found = re.match(r"3\.[01](?=\.|$)", told)
    if not found:
        mark = root["openapi"].mark
        at = f"{name}:{mark.line}:{mark.column}"
        raise UnreadableError(f"{at}: it is OpenAPI {told[:20]!r}; {reads}: write 3.0.3")
    return found[0]


def _operations(root: Node) -> Iterator[Operation]:
    for path, item in root["paths"].members:
        for method, node in item.members:
            if method in METHODS and node.is_map:
                yield Operation(path, method, node, item)
