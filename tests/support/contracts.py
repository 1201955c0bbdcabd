"""Small contracts, and comparisons of two of them."""

import json
from typing import Any

import yaml

from mock_server.diff.change import Change, Side
from mock_server.diff.contracts import Comparison, compare_documents
from mock_server.diff.document import load_document

_SCHEMES = """
securitySchemes:
  key: {type: apiKey, in: header, name: X-Key}
  token: {type: http, scheme: bearer}
  oauth: {type: oauth2, flows: {}}
"""


def calling(members: str, version: str = "3.0.3", **top: Any) -> dict[str, Any]:
    """Return a contract of one operation that has *members*, written in YAML."""
    said = yaml.safe_load(f"{{{members}}}") or {}
    operation = {"responses": {"200": {"description": "d"}}} | said
    return {
        "openapi": version,
        "info": {"title": "Tea", "version": "1"},
        "paths": {"/tea": {"post": operation}},
        "components": yaml.safe_load(_SCHEMES),
    } | top


def speaking(direction: str, schema: str, version: str = "3.0.3", **top: Any) -> dict[str, Any]:
    """Return a contract of one operation whose body or answer has *schema*, written in YAML."""
    content = f"content: {{application/json: {{schema: {schema}}}}}"
    if direction == "request":
        return calling(f"requestBody: {{{content}}}", version, **top)
    return calling(f"responses: {{'200': {{description: d, {content}}}}}", version, **top)


def compared(old: dict[str, Any], new: dict[str, Any]) -> Comparison:
    """Return the comparison of the contracts *old* and *new*."""
    return compare_documents(
        load_document(Side.OLD, "old.yaml", json.dumps(old).encode()),
        load_document(Side.NEW, "new.yaml", json.dumps(new).encode()),
    )


def changes(old: dict[str, Any], new: dict[str, Any]) -> tuple[Change, ...]:
    """Return the changes from the contract *old* to *new*."""
    return compared(old, new).changes
