"""A contract as a document: read, checked to be OpenAPI 3.0 or 3.1, with its references."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from mock_server.contract.located import PlaceError, read_located, read_plain
from mock_server.contract.references import (
    ReferenceFault,
    find,
    follow,
    joined,
    pointer_of,
    reference_of,
    references_in,
    steps,
)
from mock_server.diff.change import Side
from mock_server.diff.problems import ComparisonError
from mock_server.diff.values import canonical

_INSTEAD = {
    "is a URL": ", and nothing is fetched: copy it into components",
    "is in another file": ": bundle the contract into one",
    "is an anchor": ": write a JSON pointer",
}


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """The contract on one *side*, called *name* in messages: its plain *root*, as *authored*."""

    side: Side
    name: str
    root: dict[str, Any]
    authored: bytes
    version: str = "3.0"
    _heirs: dict[str, list[str]] = field(default_factory=dict)
    _targets: dict[str, tuple[str, Any]] = field(default_factory=dict)
    _texts: dict[int, tuple[Any, str]] = field(default_factory=dict)

    def text_of(self, value: Any) -> str:
        """Return *value*, such as an example, in canonical form; written once, however used."""
        if id(value) not in self._texts:
            # The value is kept, so that no other takes its id.
            self._texts[id(value)] = value, canonical(value)
        return self._texts[id(value)][1]

    def refusal(self, pointer: str, reason: str) -> ComparisonError:
        """Return an error that names the file, the line if known, the place and the *reason*."""
        line = self.line_of(pointer)
        place = f"{self.name}:{line}" if line else self.name
        return ComparisonError(f"{place}: #{pointer}: {reason}")

    def line_of(self, pointer: str) -> int | None:
        """Return the line of *pointer*, or of the nearest thing around it."""
        return read_located(self.authored).root.line_of(steps(pointer))

    def subtypes(self, pointer: str) -> list[str]:
        """
        Return the pointers of the schemas that are alternatives of the one at *pointer*.

        Those are the components that hold it by `allOf`, however deep, and the ones in the
        `mapping` of its discriminator.

        Source: OpenAPI 3.0.3, Discriminator Object.
        """
        if not self._heirs:
            self._heirs[""] = []
            for name, schema in _components(self.root):
                for parent in _parents(schema):
                    self._heirs.setdefault(parent, []).append(joined("/components/schemas", name))
        found: dict[str, None] = dict.fromkeys(mapped(find(self.root, pointer)[1]))
        waiting = [pointer, *found]
        while waiting:
            heirs = [heir for heir in self._heirs.get(waiting.pop(), ()) if heir not in found]
            found.update(dict.fromkeys(heirs))
            waiting += heirs
        return [heir for heir in found if heir != pointer and find(self.root, heir)[0]]

    def check_references(self) -> None:
        """
        Follow every reference once, used or not.

        Raises:
            ComparisonError: one leads nowhere, or out of the document.
        """
        for value, place in references_in(self.root):
            if isinstance(value["$ref"], str):
                self.target(value["$ref"], joined("", *place))

    def target(self, reference: Any, pointer: str) -> tuple[str, Any]:
        """
        Return where *reference*, written at *pointer*, leads to: a JSON pointer, and the value.

        Raises:
            ComparisonError: it leads to another document, or nowhere.
        """
        if not isinstance(reference, str):
            raise self.refusal(pointer, "its $ref is not text")
        if reference not in self._targets:
            try:
                self._targets[reference] = follow(self.root, reference)
            except ReferenceFault as fault:
                told = f"$ref '{reference}' {fault}{_INSTEAD.get(str(fault), '')}"
                raise self.refusal(pointer, told) from fault
        return self._targets[reference]


def _components(root: Any) -> Iterator[tuple[str, Any]]:
    schemas = find(root, "/components/schemas")[1]
    return iter(schemas.items() if isinstance(schemas, dict) else ())


def _parents(schema: Any) -> Iterator[str]:
    parts = schema.get("allOf") if isinstance(schema, dict) else None
    for part in parts if isinstance(parts, list) else ():
        reference = reference_of(part)
        if reference is not None and reference.startswith("#/"):
            yield pointer_of(reference)


def mapped(schema: Any) -> Iterator[str]:
    """Yield the pointers in the `mapping` of the discriminator of *schema*."""
    mapping = find(schema, "/discriminator/mapping")[1]
    for aim in mapping.values() if isinstance(mapping, dict) else ():
        if isinstance(aim, str):
            is_reference = aim.startswith("#/")
            yield pointer_of(aim) if is_reference else joined("/components/schemas", aim)


def load_document(side: Side, name: str, content: bytes) -> Document:
    """
    Return the contract that *content* says, YAML or JSON.

    Raises:
        ComparisonError: not text, not YAML or JSON, out of bounds, or not OpenAPI 3.0 or 3.1.
    """
    try:
        root = _root(name, content)
    except PlaceError as error:
        place = f"{name}:{error.line}" if error.line else name
        raise ComparisonError(f"{place}: {error.reason}") from error
    document = Document(side, name, root, content, _version(name, root))
    if not isinstance(root.get("paths", {} if document.version == "3.1" else None), dict):
        raise document.refusal("/paths", "it is not an OpenAPI document without a mapping here")
    return document


def _root(name: str, content: bytes) -> dict[str, Any]:
    plain = read_plain(content)
    if plain is not None:
        return plain
    root = read_located(content).root
    if not content.strip():
        raise ComparisonError(f"{name}: it is empty")
    if not root.is_map:
        raise ComparisonError(f"{name}: it is not an OpenAPI document: at its top is no mapping")
    value: dict[str, Any] = root.value
    return value


def _version(name: str, root: dict[str, Any]) -> str:
    if "swagger" in root:
        said = f"OpenAPI {root['swagger']} (Swagger) is not read"
        raise ComparisonError(f"{name}: {said}; convert it to 3.0 or 3.1 first")
    if "openapi" not in root:
        raise ComparisonError(f"{name}: it is not an OpenAPI document: 'openapi' is missing")
    said = str(root["openapi"])
    version = ".".join(said.split(".")[:2])
    if version not in {"3.0", "3.1"}:
        raise ComparisonError(f"{name}: OpenAPI {said[:40]} is not read; 3.0 and 3.1 are")
    return version
