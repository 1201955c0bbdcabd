"""Judge of requests: whether they keep the contract of an operation."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from mock_server.contract.contract import Contract, Operation
from mock_server.contract.operation_judge import OperationJudge
from mock_server.http.bodies import parse_json
from mock_server.http.media_types import fitting, is_json
from mock_server.http.problems import ValidationProblem
from mock_server.traffic.contents import unpacked
from mock_server.traffic.exchange import Exchange

MOST_FAULTS = 5
"""How many faults of one body are told."""

LONGEST_TOLD = 300
"""Characters of one fault of a body; values are repeated in it."""

CREDENTIALS = ("authorization", "platformaccesstoken", "cookie")
"""The header fields that a credential may be in."""


@dataclass(frozen=True, slots=True)
class RequestFault:
    """
    A fault of a request, in a clause, and the JSON *pointer* of where that is said.

    What *is_ignored* changes no answer, such as a query parameter that there is not.
    """

    message: str
    pointer: str
    is_ignored: bool = False


class RequestJudge:
    """Holds requests against one contract, by the judge that the mock has of its own requests."""

    def __init__(self, contract: Contract) -> None:
        """Judge by *contract*."""
        self._contract = contract
        self._judge = OperationJudge(contract)
        names = list(_member_names(contract.document))
        self._names = {name.lower(): name for name in names} | {name: name for name in names}

    def faults(
        self, operation: Operation, path: Mapping[str, str], exchange: Exchange
    ) -> Iterator[RequestFault]:
        """
        Yield the faults of the request of *exchange*, which is for *operation*.

        *path* has the values of the parameters in its path, by name.
        """
        template = operation.path.replace("~", "~0").replace("/", "~1")
        pointer = f"/paths/{template}/{operation.method.lower()}"
        if self._contract.asks_for_credential(operation) and not any(
            exchange.request_field(name) for name in CREDENTIALS
        ):
            yield RequestFault("no credential is sent", f"{pointer}/security")
        query = urlsplit(exchange.url).query.encode("latin-1", "replace")
        for told, is_ignored in self._parameters(operation, path, query):
            yield RequestFault(told, f"{pointer}/parameters", is_ignored)
        if not exchange.request_body.is_cut:
            for told in self._body(operation, exchange):
                yield RequestFault(told, f"{pointer}/requestBody")

    def _parameters(
        self, operation: Operation, path: Mapping[str, str], query: bytes
    ) -> Iterator[tuple[str, bool]]:
        """Yield what is wrong with each parameter, and whether that is ignored."""
        name = operation.operation_id
        for unknown in self._judge.unknown(name, query):
            yield f"the query parameter '{unknown}' is not in the contract", True
        for parameter, messages in self._judge.arguments(name, path, query).errors.items():
            yield f"the parameter '{parameter}' is wrong: {messages[0].rstrip('.')}", False

    def _body(self, operation: Operation, exchange: Exchange) -> Iterator[str]:
        body = unpacked(exchange.request_fields, exchange.request_body.kept())
        if not body:
            if self._judge.needs_body(operation.operation_id):
                yield "the body is missing"
            return
        if not operation.has_body:
            return
        sent = exchange.request_field("content-type") or ""
        if fitting(operation.media_types, sent) is None:
            told = f"is {sent.partition(';')[0].strip()}" if sent else "is missing"
            yield f"Content-Type {told}; send {', '.join(operation.media_types)}"
        elif is_json(sent):
            yield from self._json(operation, sent, body)

    def _json(self, operation: Operation, media_type: str, body: bytes) -> Iterator[str]:
        try:
            document = self._as_named(parse_json(body))
        except ValidationProblem as error:
            yield f"{error.detail[:1].lower()}{error.detail[1:LONGEST_TOLD]}"
            return
        except RecursionError:
            yield "the body is nested too deep to be judged"
            return
        errors = self._judge.body_errors(operation.operation_id, media_type, document)
        told = (
            f"{place}: {each.rstrip('.')}" for place, listed in errors.items() for each in listed
        )
        yield from (each[:LONGEST_TOLD] for each in islice(told, MOST_FAULTS))

    def _as_named(self, value: Any) -> Any:
        """Return *value* with its members named as the contract does: letter case is free."""
        if isinstance(value, list):
            return [self._as_named(item) for item in value]
        if not isinstance(value, dict):
            return value
        return {
            self._names.get(name, self._names.get(name.lower(), name)): self._as_named(item)
            for name, item in value.items()
        }


def _member_names(node: Any) -> Iterator[str]:
    """Yield the name of every member that a schema in *node*, a part of a contract, has."""
    if isinstance(node, list):
        for item in node:
            yield from _member_names(item)
    if isinstance(node, dict):
        properties = node.get("properties")
        yield from properties if isinstance(properties, dict) else ()
        for item in node.values():
            yield from _member_names(item)
