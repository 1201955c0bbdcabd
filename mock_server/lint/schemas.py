"""Schemas with their references followed and their `allOf` put together."""

from collections.abc import Iterable, Iterator

from mock_server.contract.nodes import Node
from mock_server.lint.documents import Document

MOST_PARTS = 40
"""Parts of one schema that are looked at."""

_INNER = ("properties", "patternProperties")
_LISTS = ("allOf", "anyOf", "oneOf")


def parts(document: Document, schema: Node) -> list[Node]:
    """Return *schema* as resolved, then the parts of its `allOf`, those that come last first."""
    if schema.pointer not in document.parts:
        document.parts[schema.pointer] = _parts(document, schema)
    return document.parts[schema.pointer]


def _parts(document: Document, schema: Node) -> list[Node]:
    found: dict[str, Node] = {}
    waiting = [schema]
    while waiting and len(found) < MOST_PARTS:
        node = document.resolved(waiting.pop())
        if node and node.pointer not in found:
            found[node.pointer] = node
            waiting.extend(node["allOf"].items)
    return list(found.values())


def facet(document: Document, schema: Node, name: str) -> Node:
    """Return the member *name* of *schema* or of a part of it; absent if none has one."""
    for part in parts(document, schema):
        if name in part:
            return part[name]
    return schema[name] if "$ref" not in schema else document.resolved(schema)[name]


def type_of(document: Document, schema: Node) -> str:
    """Return the type of *schema*, null aside; empty where there is none or more than one."""
    told = facet(document, schema, "type")
    types = {told.text} if told.text else set(told.texts)
    return (types - {"null"}).pop() if len(types - {"null"}) == 1 else ""


def properties(document: Document, schema: Node) -> dict[str, Node]:
    """Return the properties of *schema* and of its parts, by name; the last one wins."""
    found: dict[str, Node] = {}
    for part in reversed(parts(document, schema)):
        found.update(part["properties"].members)
    return found


def required(document: Document, schema: Node) -> set[str]:
    """Return the names that *schema* and its parts require."""
    return {name for part in parts(document, schema) for name in part["required"].texts}


def is_bounded_number(document: Document, schema: Node) -> bool:
    """Tell whether a number has both ends, or its values listed."""
    if facet(document, schema, "enum") or facet(document, schema, "const"):
        return True
    low = any(facet(document, schema, name) for name in ("minimum", "exclusiveMinimum"))
    return low and any(facet(document, schema, name) for name in ("maximum", "exclusiveMaximum"))


def reached(document: Document, starts: Iterable[Node]) -> Iterator[Node]:
    """Yield each schema below *starts*, references followed, every one once."""
    seen: set[str] = set()
    waiting = list(starts)
    while waiting:
        node = document.resolved(waiting.pop())
        if not node.is_map or node.pointer in seen:
            continue
        seen.add(node.pointer)
        yield node
        for name in _INNER:
            waiting.extend(member for _, member in node[name].members)
        for name in _LISTS:
            waiting.extend(node[name].items)
        waiting.extend((node["items"], node["additionalProperties"]))


def answered(document: Document) -> list[Node]:
    """Return each schema that an answer has, in the order of the document."""
    responses = {
        response.pointer: response
        for operation in document.operations
        for _, _, response in document.responses(operation)
    }
    starts = [
        media["schema"]
        for response in responses.values()
        for _, media in response["content"].members
    ]
    return sorted(reached(document, starts), key=lambda node: node.mark)
