"""
References within a document: `$ref` with a JSON pointer (RFC 6901).

`serve`, `lint`, `diff` and `check` follow them by this alone: what is in another file is never
read, and what leads back to itself leads nowhere.
"""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any
from urllib.parse import unquote

from mock_server.contract.located import Place, PlaceError
from mock_server.contract.nodes import Node, escaped

MOST_HOPS = 1000
"""References that lead to references; a longer chain leads back to itself."""

_DATA = {"example", "default", "enum", "const", "value"}
NAMED = {
    *("properties", "patternProperties", "dependentSchemas", "$defs", "definitions"),
    *("schemas", "parameters", "responses", "headers", "examples", "requestBodies"),
    *("securitySchemes", "links", "callbacks", "pathItems", "paths", "webhooks", "content"),
}
"""Members whose own members have names that the author chose."""

_FOLLOWED = "; only what begins with '#/' is followed"
_URL = re.compile(r"[a-zA-Z][\w+.-]+:|//")


class ReferenceFault(Exception):  # noqa: N818 - a fault of the document
    """A reference that cannot be followed; the message ends a sentence, such as `is a URL`."""


def steps(pointer: str) -> list[str]:
    """Return the names that the JSON *pointer* leads along."""
    return [name.replace("~1", "/").replace("~0", "~") for name in pointer.split("/")[1:]]


def joined(pointer: str, *names: object) -> str:
    """Return the JSON *pointer* followed by *names*."""
    for name in names:
        pointer = f"{pointer}/{escaped(str(name))}"
    return pointer


def pointer_of(reference: str) -> str:
    """
    Return the JSON pointer that *reference*, the text of a `$ref`, stands for.

    Raises:
        ReferenceFault: it leads to a URL or another file, or is an anchor.
    """
    if not reference.startswith("#"):
        raise ReferenceFault("is a URL" if _URL.match(reference) else "is in another file")
    pointer = unquote(reference[1:])
    if pointer and not pointer.startswith("/"):
        raise ReferenceFault("is an anchor")
    return pointer


def child(value: Any, step: str) -> tuple[bool, Any]:
    """Return whether *value*, plain or a node, has the member or item *step*, and that."""
    if isinstance(value, Node):
        found = value.child(step)
        return found is not None, found
    if isinstance(value, dict) and step in value:
        return True, value[step]
    is_index = isinstance(value, list) and step.isascii() and step.isdigit() and len(step) < 9
    if is_index and int(step) < len(value):
        return True, value[int(step)]
    return False, None


def find(document: Any, pointer: str) -> tuple[bool, Any]:
    """Return whether the JSON *pointer* leads somewhere in *document*, and where."""
    found, value = True, document
    for step in steps(pointer):
        found, value = child(value, step)
        if not found:
            break
    return found, value


def follow(document: Any, reference: str) -> tuple[str, Any]:
    """
    Return the JSON pointer of *reference*, and where it leads to in *document*, plain or a node.

    Raises:
        ReferenceFault: it leads nowhere, or out of the document.
    """
    pointer = pointer_of(reference)
    found, value = find(document, pointer)
    if not found:
        raise ReferenceFault(f"leads nowhere{_meant(document, pointer)}")
    return pointer, value


def _meant(document: Any, pointer: str) -> str:
    """Return which place in *document* may be meant by the JSON *pointer*, which there is not."""
    value, passed = document, "#"
    for step in steps(pointer):
        found, inner = child(value, step)
        if not found:
            names = value.names if isinstance(value, Node) else value
            known = [str(name) for name in names] if isinstance(names, (dict, tuple)) else []
            close = get_close_matches(step, known, n=1)
            return f"; did you mean '{joined(passed, close[0])}'?" if close else ""
        value, passed = inner, joined(passed, step)
    return ""


def resolved(document: Any, value: Any, pointer: str = "") -> tuple[str, Any]:
    """
    Follow the `$ref` of *value*, which stands at *pointer*, to its end: a pointer, and the value.

    *document* and *value* are both plain or both nodes.

    Raises:
        ReferenceFault: a reference leads nowhere, out of the document, or back to itself.
    """
    for _ in range(MOST_HOPS):
        reference = reference_of(value)
        if reference is None:
            return pointer, value
        pointer, value = follow(document, reference)
    raise ReferenceFault("leads back to itself")


def inlined(node: Any, document: Any) -> Any:
    """Return *node* of *document* with every `$ref`, none of them circular, replaced by its aim."""
    if reference_of(node) is not None:
        node = resolved(document, node)[1]
    if isinstance(node, dict):
        return {name: inlined(child, document) for name, child in node.items()}
    return [inlined(child, document) for child in node] if isinstance(node, list) else node


def reference_of(value: Any) -> str | None:
    """Return the text of the `$ref` that *value*, plain or a node, is; None: it is none."""
    if isinstance(value, Node):
        return value["$ref"].text if "$ref" in value else None
    reference = value.get("$ref") if isinstance(value, dict) else None
    return reference if isinstance(reference, str) else None


def members(value: Any) -> Iterator[tuple[Any, Any]]:
    """Return the members of a map by name, or the items of a list by index; of a scalar none."""
    if isinstance(value, dict):
        return iter(value.items())
    return iter(enumerate(value)) if isinstance(value, list) else iter(())


def references_in(document: Any) -> Iterator[tuple[Any, Place]]:
    """
    Yield each reference of the plain *document*, and its place, in the order of the document.

    A `$ref` in data, such as an example, is none, nor is a member that happens to have that name.
    """
    waiting: list[tuple[Any, Place, bool]] = [(document, (), False)]
    while waiting:
        value, place, is_named = waiting.pop()
        if not is_named and isinstance(value, dict) and "$ref" in value:
            yield value, place
        below = [
            (item, (*place, name), not is_named and name in NAMED)
            for name, item in members(value)
            if is_named or isinstance(name, int) or not is_data(name, item)
        ]
        waiting.extend(reversed(below))


def is_data(name: str, item: object) -> bool:
    """Tell whether *item*, the member *name* of an object of OpenAPI, is a value of its author."""
    # In a 3.1 schema, `examples` is a list of data.
    is_list = name == "examples" and isinstance(item, list)
    return name.startswith("x-") or name in _DATA or is_list


def check_references(document: Any) -> None:
    """
    Check that every `$ref` leads somewhere within *document*, and not in a circle of its own.

    Raises:
        PlaceError: one does not; files and URLs are never read.
    """
    for value, place in references_in(document):
        if not isinstance(value["$ref"], str):
            raise PlaceError("a $ref is text, such as '#/components/schemas/Order'", place)
        try:
            resolved(document, value)
        except ReferenceFault as fault:
            is_local = str(fault).startswith("leads")
            reason = f"'{reference_of(value)}' {fault}" + ("" if is_local else _FOLLOWED)
            raise PlaceError(reason, (*place, "$ref")) from fault
