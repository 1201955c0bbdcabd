"""Rules on the shape of objects, and on references."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from mock_server.contract.nodes import Node
from mock_server.lint.documents import Document
from mock_server.lint.rules import Level, Told, general


@general(
    "openapi-shape",
    "Objects have the members that OpenAPI gives them, of the right type.",
    why="A misspelt member is ignored in silence, and a missing one breaks some tools.",
    hint="Correct the spelling, move the member to where it belongs, or add what is missing. "
    "Members of your own begin with `x-`.",
)
def _openapi_shape(document: Document) -> Iterator[Told]:
    yield from document.walked.misplaced


@general(
    "reference-found",
    "Every `$ref` leads somewhere.",
    why="What it should bring in is missing from the contract. "
    "The anchors of 3.1 (`#name`) are not followed.",
    hint="Correct the name behind `#/components/`, or add the component.",
)
def _reference_found(document: Document) -> Iterator[Told]:
    for reference in document.references():
        where = reference.node["$ref"]
        if not where.text:
            yield where, "`$ref` must be text, such as '#/components/schemas/Order'"
        elif _is_local(where.text) and document.target(where.text) is None:
            yield where, f"`{where.text}` {document.why_lost(where.text)}"


@general(
    "reference-local",
    "Every `$ref` stays inside the file.",
    why="One file can be read anywhere. Nothing is fetched: neither URLs nor other files are read.",
    hint="Copy what it names into `components`, and refer to it as `#/components/…`.",
)
def _reference_local(document: Document) -> Iterator[Told]:
    for reference in document.references():
        where = reference.node["$ref"]
        if where.text and not _is_local(where.text):
            what = "a URL" if re.match(r"[a-zA-Z][\w+.-]+:|//", where.text) else "another file"
            yield where, f"`{where.text}` is {what}; it is not fetched"


def _is_local(target: str) -> bool:
    return target.startswith("#")


@general(
    "reference-kind",
    "A `$ref` leads to the kind of object that belongs in its place.",
    why="A schema where a response is expected is read as an empty response.",
    hint="Refer to a component of the section for that kind.",
)
def _reference_kind(document: Document) -> Iterator[Told]:
    for reference in document.references():
        target = document.target(reference.target)
        kind = document.walked.kinds.get(target.pointer) if target is not None else None
        if kind is not None and kind != reference.kind:
            told = f"`{reference.target}` is a {kind}; a {reference.kind} belongs here"
            yield reference.node["$ref"], told


@general(
    "reference-alone",
    "Nothing stands beside a `$ref`.",
    why="OpenAPI 3.0 ignores what does. 3.1 allows it, and is let pass.",
    hint="Move it to what is referred to, or write `allOf` with the `$ref` as its one item.",
    level=Level.WARNING,
)
def _reference_alone(document: Document) -> Iterator[Told]:
    for reference in document.references() if document.version == "3.0" else ():
        beside = [name for name in reference.node.names if name != "$ref"]
        if beside and reference.kind != "PathItem":
            name = reference.node[beside[0]].name or reference.node
            yield name, f"`{beside[0]}` stands beside a `$ref` and is ignored"


@general(
    "reference-loop",
    "No object is defined by itself alone.",
    why="A `$ref`, `allOf`, `anyOf`, `oneOf` or `not` that leads back to where it began "
    "says nothing, and sends readers round without end. "
    "A schema that holds itself as a property or an item is fine.",
    hint="Take the `$ref` out that closes the circle.",
)
def _reference_loop(document: Document) -> Iterator[Told]:
    for node in looping(document):
        yield node["$ref"] or node, f"`{node.pointer or '#'}` leads back to itself"


def looping(document: Document) -> list[Node]:
    """Return the references and schemas that are defined by themselves, one for each circle."""
    starts = [reference.node for reference in document.references()]
    graph = {node.pointer: node for node in (*document.all("Schema"), *starts)}
    done: set[str] = set()
    found: list[Node] = []
    for start in graph.values():
        found += _circles(document, start, graph, done)
    return found


def _circles(
    document: Document, start: Node, graph: Mapping[str, Node], done: set[str]
) -> Iterator[Node]:
    """Yield where a walk from *start* meets its own way; *done* are those that lead out."""
    way: set[str] = set()
    waiting: list[tuple[Node, bool]] = [(start, False)]
    while waiting:
        node, is_left = waiting.pop()
        if is_left:
            way.discard(node.pointer)
            done.add(node.pointer)
        elif node.pointer not in done and node.pointer not in way:
            way.add(node.pointer)
            waiting.append((node, True))
            for part in _defining(document, node):
                if part.pointer in way:
                    yield node
                elif part.pointer in graph:
                    waiting.append((part, False))


def _defining(document: Document, node: Node) -> list[Node]:
    target = document.target(node["$ref"].text) if "$ref" in node else None
    parts = [part for name in ("allOf", "anyOf", "oneOf") for part in node[name].items]
    found = [part for part in (*parts, node["not"]) if part.is_map]
    return found if target is None else [*found, target]


@general(
    "component-used",
    "Every component is used.",
    why="What nothing refers to is not part of the contract, and goes stale unseen. "
    "Security schemes have a rule of their own.",
    hint="Remove the component, or refer to it.",
    level=Level.WARNING,
)
def _component_used(document: Document) -> Iterator[Told]:
    used = {reference.target for reference in document.references()}
    used |= {
        target
        for mapping in document.all("Discriminator")
        for node in (member for _, member in mapping["mapping"].members)
        for target in (node.text, f"#/components/schemas/{node.text}")
    }
    used |= {f"#{node.pointer}" for node in _heirs(document)}
    pointers = {"/".join(unquote(target).split("/")[:4]) for target in used}
    for section, components in document.root["components"].members:
        for name, node in components.members if section != "securitySchemes" else ():
            if f"#{node.pointer}" not in pointers and not name.startswith("x-"):
                yield node.name or node, f"nothing refers to `{name}`"


def _heirs(document: Document) -> Iterator[Node]:
    """Yield the schemas that hold one with a discriminator by `allOf`, however deep."""
    schemas = [node for _, node in document.components("schemas")]
    parents = {node.pointer for node in schemas if "discriminator" in node}
    waiting = True
    while waiting:
        waiting = False
        for node in schemas:
            targets = [document.target(part["$ref"].text) for part in node["allOf"].items]
            if node.pointer not in parents and any(
                target is not None and target.pointer in parents for target in targets
            ):
                parents.add(node.pointer)
                waiting = True
                yield node


RULES = (
    _openapi_shape,
    _reference_found,
    _reference_local,
    _reference_kind,
    _reference_alone,
    _reference_loop,
    _component_used,
)
