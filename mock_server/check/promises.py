"""Promises of the contract about each answer, ready to hold answers against them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from mock_server.contract.contract import Contract, Operation
from mock_server.contract.judge import Fault, Judge
from mock_server.contract.keywords import Dialect
from mock_server.contract.schemas import conforms, message_of
from mock_server.formats.guids import parse_guid
from mock_server.formats.timestamps import parse_timestamp

MOST_ERRORS = 5
"""How many errors of one body are told."""


@dataclass(frozen=True, slots=True)
class Promise:
    """One documented answer: its *media_types*, *headers*, and the pointer of where it is said."""

    operation: Operation
    status: int
    headers: Mapping[str, Mapping[str, Any]]
    schemas: Mapping[str, Any]
    """By media type."""
    pointer: str


class Promises:
    """Every documented answer of a contract."""

    def __init__(self, contract: Contract) -> None:
        """Read the promises of *contract*, already in the dialect that is judged."""
        self.contract = contract
        self.operations = {one.operation_id: one for one in contract.operations()}
        self._judge = Judge(Dialect(_formats()), contract.document)
        self._composed: dict[int, list[dict[str, Any]]] = {}
        self._promises = {(one.operation.operation_id, one.status): one for one in self._read()}

    def of(self, operation_id: str, status: int) -> Promise | None:
        """Return the promise about answers of *operation_id* with *status*; None: there is none."""
        return self._promises.get((operation_id, status))

    def all(self) -> list[Promise]:
        """Return every documented answer, in the contract's order."""
        return list(self._promises.values())

    def statuses(self, operation_id: str) -> list[int]:
        """Return the documented statuses of *operation_id*."""
        return [status for name, status in self._promises if name == operation_id]

    def errors(self, promise: Promise, media_type: str, value: Any) -> list[str]:
        """Return the faults of *value* as a body of *promise*, each with its place."""
        faults = self._judge.faults(promise.schemas[media_type], value, MOST_ERRORS)
        return [_in_words(fault) for fault in faults] + [
            f"{place} is not in the contract"
            for place in self._undocumented(promise.schemas[media_type], value, "")
        ]

    def header_errors(self, schema: Mapping[str, Any], value: str) -> list[str]:
        """Return the faults of the *value* of a header with this *schema*."""
        return [_in_words(fault) for fault in self._judge.faults(schema, value)]

    def leads_nowhere(self, operation_id: str, url: str) -> bool:
        """Tell whether *url* has no GUID where the routing of *operation_id* asks for one."""
        operation = self.operations.get(operation_id)
        if operation is None or not operation.routed_guids:
            return False
        template = operation.path.split("/")
        sent = urlsplit(url).path.rstrip("/").split("/")[-len(template) + 1 :]
        return not all(
            _is_guid(unquote(segment))
            for segment, expected in zip(sent, template[1:], strict=False)
            if expected.strip("{}") in operation.routed_guids
        )

    def takes(self, operation_id: str, body: Any) -> bool:
        """Tell whether *body* fits the contract, `x-also-accepts` included."""
        operation = self.operations[operation_id]
        item = self.contract.document["paths"][operation.path][operation.method.lower()]
        content = self.contract.resolved(item.get("requestBody", {})).get("content", {})
        schemas = [media.get("schema", {}) for media in content.values()]
        return any(self._judge.holds(schema, body) for schema in schemas)

    def _read(self) -> Iterator[Promise]:
        for operation in self.operations.values():
            where = f"/paths/{_escaped(operation.path)}/{operation.method.lower()}/responses"
            for status, response in self.contract.responses(operation).items():
                yield Promise(
                    operation,
                    int(status),
                    {
                        name: self.contract.resolved(header)
                        for name, header in response.get("headers", {}).items()
                    },
                    {
                        media_type: media.get("schema", {})
                        for media_type, media in response.get("content", {}).items()
                    },
                    f"{where}/{status}",
                )

    def _undocumented(self, schema: Any, value: Any, place: str) -> Iterator[str]:
        """Yield the place of each member that no part of *schema* knows."""
        parts = self._parts(schema)
        if isinstance(value, list):
            items = next((part["items"] for part in parts if "items" in part), None)
            for index, item in enumerate(value if items is not None else ()):
                yield from self._undocumented(items, item, f"{place}/{index}")
        if not isinstance(value, dict) or any("additionalProperties" in part for part in parts):
            return
        known = {name: one for part in parts for name, one in part.get("properties", {}).items()}
        for name, member in value.items():
            if known and name not in known:
                yield f"{place}/{name}"
            elif known:
                yield from self._undocumented(known[name], member, f"{place}/{name}")

    def _parts(self, schema: Any) -> list[dict[str, Any]]:
        """Return what *schema* leads to, and every schema that this is composed of."""
        # By identity: all are parts of the one document, which stays; thousands of bodies need few.
        if id(schema) not in self._composed:
            found = [self.contract.resolved(schema)]
            for keyword in ("allOf", "oneOf", "anyOf"):
                for part in found[0].get(keyword, ()):
                    found += self._parts(part)
            self._composed[id(schema)] = found
        return self._composed[id(schema)]


def _is_guid(text: str) -> bool:
    try:
        parse_guid(text)
    except ValueError:
        return False
    return True


def _in_words(fault: Fault) -> str:
    place = "".join(f"/{name}" for name in fault.place)
    return f"{place or 'the body'}: {' '.join(message_of(fault).split())}"[:200]


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _formats() -> dict[str, Callable[[Any], bool]]:
    """Return the checks of how the service writes ids, times and links."""
    return {
        "uuid": _is_canonical_guid,
        "date-time": conforms(parse_timestamp),
        "uri": lambda value: value.startswith(("http://", "https://", "urn:")),
    }


def _is_canonical_guid(value: str) -> bool:
    groups = value.split("-")
    return [len(group) for group in groups] == [8, 4, 4, 4, 12] and all(
        digit in "0123456789abcdef" for group in groups for digit in group
    )
