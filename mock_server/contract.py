"""Find and read a contract: the authored bytes, the document, and its operations."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

METHODS = ("get", "put", "post", "delete", "patch", "options", "head", "trace")


class ContractError(Exception):
    """The contract cannot be read or served; the message is one line."""


@dataclass(frozen=True, slots=True)
class Operation:
    """
    One operation of a contract.

    *path* is the template below the base path; *query* names its query parameters.
    """

    operation_id: str
    method: str
    path: str
    required_scopes: frozenset[str]
    media_types: tuple[str, ...]
    query: tuple[str, ...] = ()

    @property
    def has_body(self) -> bool:
        """Whether it reads a request body."""
        return bool(self.media_types)


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract: its *authored* bytes (YAML) and the *document* that they say."""

    authored: bytes
    document: dict[str, Any]

    def as_json(self) -> bytes:
        """Return the document as JSON, member for member as authored."""
        return json.dumps(self.document, ensure_ascii=False, indent=2).encode()

    def operations(self) -> tuple[Operation, ...]:
        """Return every operation, in the order of the document."""
        return tuple(self._operations())

    def _operations(self) -> Iterator[Operation]:
        for path, item in self.document["paths"].items():
            for method in METHODS:
                if method in item:
                    operation = item[method]
                    yield Operation(
                        operation["operationId"],
                        method.upper(),
                        path,
                        frozenset(operation.get("x-required-scopes", ())),
                        tuple(self.resolved(operation.get("requestBody", {})).get("content", {})),
                        self._query(
                            [*item.get("parameters", ()), *operation.get("parameters", ())]
                        ),
                    )

    def _query(self, parameters: list[dict[str, Any]]) -> tuple[str, ...]:
        resolved = [self.resolved(parameter) for parameter in parameters]
        return tuple(item["name"] for item in resolved if item["in"] == "query")

    def resolved(self, node: dict[str, Any]) -> dict[str, Any]:
        """Return what *node* is, or refers to within the document."""
        while "$ref" in node:
            node = self._resolve(node["$ref"])
        return node

    def responses(self, operation: Operation) -> dict[str, dict[str, Any]]:
        """Return the answers of *operation* by status, as the document writes it."""
        item = self.document["paths"][operation.path][operation.method.lower()]
        return {str(status): self.resolved(node) for status, node in item["responses"].items()}

    def _resolve(self, reference: str) -> dict[str, Any]:
        found: Any = self.document
        for name in reference.removeprefix("#/").split("/"):
            found = found[name.replace("~1", "/").replace("~0", "~")]
        resolved: dict[str, Any] = found
        return resolved


def load_contract(path: Path | None = None) -> Contract:
    """
    Return the contract at *path*, or the one that ships with the mock.

    Raises:
        ContractError: missing, unreadable, not YAML, or without OpenAPI paths and operationIds.
    """
    source = path if path is not None else shipped_contract()
    try:
        authored = source.read_bytes()
        document = yaml.load(authored, Loader=_Loader)  # noqa: S506 - a SafeLoader
    except RecursionError as error:
        message = f"cannot read the contract {source}: it is nested too deep"
        raise ContractError(message) from error
    except (OSError, ValueError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise ContractError(f"cannot read the contract {source}: {reason}") from error
    if not isinstance(document, dict) or not isinstance(document.get("paths"), dict):
        raise ContractError(f"cannot read the contract {source}: it is not an OpenAPI document")
    contract = Contract(authored, document)
    try:
        contract.operations()
    except (KeyError, TypeError, AttributeError) as error:
        message = f"cannot read the contract {source}: an operation lacks {error}"
        raise ContractError(message) from error
    return contract


def shipped_contract() -> Path:
    """Return where `openapi.yaml` is: at the top of a checkout, inside an installed package."""
    packaged = Path(str(resources.files("mock_server"))) / "openapi.yaml"
    return packaged if packaged.exists() else packaged.parent.parent / "openapi.yaml"


class _Loader(yaml.SafeLoader):
    """A SafeLoader that leaves times as the text that was authored."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
