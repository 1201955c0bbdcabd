"""Find and read a contract: the authored bytes, the document, and its operations."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from mock_server.contract.located import (
    Place,
    PlaceError,
    read_bytes,
    read_located,
    read_plain,
)
from mock_server.contract.references import resolved
from mock_server.contract.requirements import METHODS, check

MOST_REMEMBERED = 8
"""How many contracts are read but once, however many servers there are in a process."""


class ContractError(Exception):
    """The contract cannot be read or served; the message is one line."""


@dataclass(frozen=True, slots=True)
class Operation:
    """
    One operation of a contract.

    *path* is the template below the base path; *query* names its query parameters, *guids* those
    in the path that are GUIDs. *statuses* are those that it documents. *number* is its place among
    the operations of the contract, from 0.
    """

    operation_id: str
    method: str
    path: str
    required_scopes: frozenset[str]
    media_types: tuple[str, ...]
    query: tuple[str, ...] = ()
    guids: tuple[str, ...] = ()
    statuses: frozenset[str] = frozenset()
    number: int = 0

    @property
    def has_body(self) -> bool:
        """Whether it reads a request body."""
        return bool(self.media_types)

    @property
    def refuses_types(self) -> bool:
        """Whether it reads no body, and refuses a `Content-Type` that is not JSON all the same."""
        return not self.media_types and "415" in self.statuses

    @property
    def routed_guids(self) -> tuple[str, ...]:
        """The GUIDs in its path that routing asks for, since no status says that one is bad."""
        return () if "400" in self.statuses else self.guids


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract: its *authored* bytes (YAML), the *document* that they say, and its *source*."""

    authored: bytes
    document: dict[str, Any]
    source: str = "the contract"

    def as_json(self) -> bytes:
        """Return the document as JSON, member for member as authored."""
        return json.dumps(self.document, ensure_ascii=False, indent=2).encode()

    def operations(self) -> tuple[Operation, ...]:
        """Return every operation, in the order of the document."""
        return tuple(self._operations())

    def _operations(self) -> Iterator[Operation]:
        number = 0
        for path, item in self.document["paths"].items():
            for method in () if path.startswith("x-") else METHODS:
                if method in item:
                    yield self._operation(path, method, number)
                    number += 1

    def _operation(self, path: str, method: str, number: int) -> Operation:
        operation = self.document["paths"][path][method]
        listed = self._parameters(path, method)
        return Operation(
            operation["operationId"],
            method.upper(),
            path,
            frozenset(operation.get("x-required-scopes", ())),
            tuple(self.resolved(operation.get("requestBody", {})).get("content", {})),
            tuple(each["name"] for each in listed if each["in"] == "query"),
            tuple(each["name"] for each in listed if self._is_guid(each)),
            frozenset(name for name in operation["responses"] if not name.startswith("x-")),
            number,
        )

    def _is_guid(self, parameter: dict[str, Any]) -> bool:
        schema = self.resolved(parameter.get("schema") or {})
        return parameter["in"] == "path" and schema.get("format") == "uuid"

    def object_of(self, operation: Operation) -> dict[str, Any]:
        """Return *operation* as the document writes it."""
        found: dict[str, Any] = self.document["paths"][operation.path][operation.method.lower()]
        return found

    def parameters(self, operation: Operation) -> list[dict[str, Any]]:
        """Return the parameters of *operation*, resolved; its own prevail over its path's."""
        return self._parameters(operation.path, operation.method.lower())

    def _parameters(self, path: str, method: str) -> list[dict[str, Any]]:
        item = self.document["paths"][path]
        listed = [*item.get("parameters", ()), *item[method].get("parameters", ())]
        found = [self.resolved(each) for each in listed]
        return list({(each["in"], each["name"]): each for each in found}.values())

    def resolved(self, node: dict[str, Any]) -> dict[str, Any]:
        """Follow the `$ref` of *node*, if it is one; return the value in the end."""
        found: dict[str, Any] = resolved(self.document, node)[1]
        return found

    def responses(self, operation: Operation) -> dict[str, dict[str, Any]]:
        """Return the answers of *operation* by status, as the document writes it."""
        listed = self.object_of(operation)["responses"].items()
        return {name: self.resolved(node) for name, node in listed if not name.startswith("x-")}

    def bodies(self, operation: Operation) -> dict[str, Any]:
        """Return the media type objects of the request body of *operation*; none: it has none."""
        body = self.resolved(self.object_of(operation).get("requestBody", {}))
        return body.get("content") or {}

    def examples(self, holder: Mapping[str, Any]) -> dict[str, Any]:
        """
        Return the values of the examples of *holder*, a media type or a parameter, by name.

        That of its one `example`, which has no name, stands under the empty one.
        """
        named = (holder.get("examples") or {}).items()
        resolved = {name: self.resolved(example) for name, example in named}
        found = {name: example["value"] for name, example in resolved.items() if "value" in example}
        return found | ({"": holder["example"]} if "example" in holder else {})

    def asks_for_credential(self, operation: Operation) -> bool:
        """Tell whether *operation* needs a credential; one that may be left out is not needed."""
        security: Any = self.object_of(operation).get("security", self.document.get("security"))
        return bool(security) and {} not in security

    def refusal(self, error: PlaceError) -> ContractError:
        """Return why the contract cannot be served, with the line on which *error* is."""
        where = _where(self.source, self.authored, error)
        return ContractError(f"the contract cannot be served: {where}: {error.reason}")


def load_contract(path: Path | None = None) -> Contract:
    """
    Return the contract at *path*, or the one that ships with the mock.

    Raises:
        ContractError: missing or unreadable; and as `read_contract`.
    """
    source = path if path is not None else shipped_contract()
    try:
        authored = read_bytes(source)
    except (OSError, ValueError, PlaceError) as error:
        reason = getattr(error, "strerror", None) or " ".join(str(error).split())
        message = f"cannot read the contract {source}: {reason}; give an OpenAPI file"
        raise ContractError(message) from error
    return read_contract(authored, str(source))


@lru_cache(MOST_REMEMBERED)
def read_contract(authored: bytes, source: str) -> Contract:
    """
    Parse *authored*, YAML or JSON, into a contract; *source* is its name in messages.

    The same one each time, which nobody may change.

    Raises:
        ContractError: not YAML, not OpenAPI 3.0, or something without which it cannot be served;
            the message has the line.
    """
    try:
        document = _document(authored)
    except PlaceError as error:
        where = _where(source, authored, error)
        raise ContractError(f"cannot read the contract {where}: {error.reason}") from error
    contract = Contract(authored, document, source)
    try:
        check(document)
    except PlaceError as error:
        raise contract.refusal(error) from error
    return contract


def _document(authored: bytes) -> dict[str, Any]:
    plain = read_plain(authored)
    if plain is not None and isinstance(plain.get("paths"), dict):
        return plain
    located = read_located(authored)
    root: dict[str, Any] = located.root.value
    if not located.root["paths"].is_map:
        raise PlaceError("it is not an OpenAPI document")
    if located.no_numbers:
        mark = located.no_numbers[0]
        raise PlaceError("JSON has no number such as this", line=mark.line, column=mark.column)
    return root


def _where(source: str, authored: bytes, error: PlaceError) -> str:
    if error.line is None and not error.place:
        return f"{source}:1"
    return f"{source}:{error.line or read_located(authored).line_of(error.place)}"


def shipped_contract() -> Path:
    """Return where `openapi.yaml` is: at the top of a checkout, inside an installed package."""
    packaged = Path(str(resources.files("mock_server"))) / "openapi.yaml"
    return packaged if packaged.exists() else packaged.parent.parent / "openapi.yaml"


def place_of(operation: Operation, *further: str | int) -> Place:
    """Return the place of *operation* in its document, or of a *further* value in it."""
    return ("paths", operation.path, operation.method.lower(), *further)
