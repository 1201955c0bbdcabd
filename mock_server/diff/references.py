"""Check of every reference of a contract, also of unused ones."""

from typing import Any

from mock_server.contract.references import joined
from mock_server.diff.document import Document

_DATA = {"example", "default", "enum", "const", "value"}
"""Members that hold data, in which `$ref` means nothing."""

_NAMED = {
    "properties",
    "patternProperties",
    "schemas",
    "parameters",
    "responses",
    "headers",
    "examples",
    "requestBodies",
    "securitySchemes",
    "links",
    "callbacks",
    "pathItems",
    "paths",
    "webhooks",
    "content",
    "$defs",
    "definitions",
    "dependentSchemas",
}
"""Members whose own members have names that the author chose."""


def check_references(document: Document) -> None:
    """
    Follow every reference of *document*.

    Raises:
        ComparisonError: one leads nowhere, or out of the document.
    """
    waiting: list[tuple[Any, str, bool]] = [(document.root, "", False)]
    while waiting:
        value, pointer, is_named = waiting.pop()
        if isinstance(value, list):
            elements = [(item, joined(pointer, at), False) for at, item in enumerate(value)]
            waiting.extend(reversed(elements))
        elif isinstance(value, dict):
            if not is_named and isinstance(value.get("$ref"), str):
                document.target(value["$ref"], pointer)
            members = [
                (item, joined(pointer, name), not is_named and name in _NAMED)
                for name, item in value.items()
                if is_named or _may_refer(name, item)
            ]
            waiting.extend(reversed(members))


def _may_refer(name: str, item: Any) -> bool:
    if name.startswith("x-") or name in _DATA:
        return False
    # In a 3.1 schema, `examples` is a list of data.
    return not (name == "examples" and isinstance(item, list))
