"""References within a document: `$ref` with a JSON pointer (RFC 6901)."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from mock_server.contract.located import Place, PlaceError


def resolve(document: Any, reference: str) -> Any:
    """
    Return what *reference* leads to in *document*.

    Raises:
        LookupError: nowhere.
    """
    found = document
    for step in steps(reference):
        # A name that looks like a number is one of the two where YAML was not quoted.
        found = found[step] if isinstance(found, dict) and step in found else found[int(step)]
    return found


def inlined(node: Any, document: Any) -> Any:
    """Return *node* of *document* with every `$ref`, none of them circular, replaced by its aim."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            return inlined(resolve(document, node["$ref"]), document)
        return {name: inlined(child, document) for name, child in node.items()}
    return [inlined(child, document) for child in node] if isinstance(node, list) else node


def steps(reference: str) -> list[str]:
    """Return the names that *reference* leads along."""
    pointer = unquote(reference.removeprefix("#")).removeprefix("/")
    return [name.replace("~1", "/").replace("~0", "~") for name in pointer.split("/")]


def members(value: Any) -> Iterator[tuple[Any, Any]]:
    """Return the members of a map by name, or the items of a list by index; else nothing."""
    if isinstance(value, dict):
        return iter(value.items())
    return iter(enumerate(value)) if isinstance(value, list) else iter(())


def check_references(document: Any) -> None:
    """
    Check that every `$ref` leads somewhere within *document*, and not in a circle of its own.

    Raises:
        PlaceError: one does not; files and URLs are never read.
    """
    seen: set[int] = set()
    waiting: list[tuple[Any, Place]] = [(document, ())]
    while waiting:
        value, place = waiting.pop()
        if id(value) in seen:
            continue
        if isinstance(value, dict | list):
            seen.add(id(value))
        if isinstance(value, dict) and isinstance(value.get("$ref"), str):
            _check(document, value, (*place, "$ref"))
        waiting.extend((child, (*place, name)) for name, child in members(value))


def _check(document: Any, node: Any, place: Place) -> None:
    reference = node["$ref"]
    passed: set[str] = set()
    while isinstance(node, dict) and isinstance(target := node.get("$ref"), str):
        if not target.startswith("#/"):
            message = f"'{target}' is in another file; only what begins with '#/' is followed"
            raise PlaceError(message, place)
        if target in passed:
            raise PlaceError(f"'{reference}' leads in a circle", place)
        passed.add(target)
        try:
            node = resolve(document, target)
        except (LookupError, ValueError, TypeError) as error:
            raise PlaceError(f"'{target}' leads nowhere", place) from error
