"""Judge of requests: whether they are what the contract of an operation asks for."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from mock_server.contract.contract import Contract, Operation
from mock_server.contract.parameters import readings
from mock_server.contract.schemas import message_of, place_of, requests_of
from mock_server.traffic.contents import unpacked
from mock_server.traffic.exchange import Exchange

MOST_FAULTS = 5
"""How many faults of one body are told."""

CREDENTIALS = ("authorization", "platformaccesstoken", "cookie")
"""The header fields that a credential may be in."""


@dataclass(frozen=True, slots=True)
class RequestFault:
    """
    What is wrong with a request, in a clause, and the JSON *pointer* of where that is said.

    What *is_ignored* changes no answer, such as a query parameter that there is not.
    """

    message: str
    pointer: str
    is_ignored: bool = False


class RequestJudge:
    """Holds requests against one contract."""

    def __init__(self, contract: Contract) -> None:
        """Judge by *contract*."""
        self._contract = contract
        self._judge = requests_of(contract.document)
        self._names = {name.lower(): name for name in _member_names(contract.document)}

    def faults(self, operation: Operation, exchange: Exchange) -> Iterator[RequestFault]:
        """Yield what is wrong with the request of *exchange*, which is for *operation*."""
        path = operation.path.replace("~", "~0").replace("/", "~1")
        pointer = f"/paths/{path}/{operation.method.lower()}"
        if self._contract.asks_for_credential(operation) and not any(
            exchange.request_field(name) for name in CREDENTIALS
        ):
            yield RequestFault("no credential is sent", f"{pointer}/security")
        yield from self._parameters(operation, exchange, pointer)
        if not exchange.request_body.is_cut:
            yield from self._body(operation, exchange, pointer)

    def _parameters(
        self, operation: Operation, exchange: Exchange, pointer: str
    ) -> Iterator[RequestFault]:
        parts = urlsplit(exchange.url)
        sent = {
            "path": _path_values(operation, parts.path),
            # As the service reads them: in any letter case, the last one counts.
            "query": {
                name.lower(): value
                for name, value in parse_qsl(parts.query, keep_blank_values=True)
            },
        }
        known = {name.lower() for name in operation.query}
        for name in sent["query"].keys() - known:
            told = f"the query parameter '{name}' is not in the contract"
            yield RequestFault(told, f"{pointer}/parameters", is_ignored=True)
        for parameter in self._contract.parameters(operation):
            place, name = parameter["in"], parameter["name"]
            if place not in sent:
                continue
            value = sent[place].get(name.lower() if place == "query" else name)
            fault = self._parameter_fault(parameter, value)
            if fault is not None:
                yield RequestFault(
                    f"the {place} parameter '{name}' {fault}", f"{pointer}/parameters"
                )

    def _as_named(self, value: Any) -> Any:
        """Return *value* with its members named as the contract does: letter case is free."""
        if isinstance(value, list):
            return [self._as_named(item) for item in value]
        if not isinstance(value, dict):
            return value
        return {
            self._names.get(name.lower(), name): self._as_named(item)
            for name, item in value.items()
        }

    def _parameter_fault(self, parameter: Mapping[str, Any], value: str | None) -> str | None:
        if value is None:
            return "is missing" if parameter.get("required") else None
        schema = parameter.get("schema", {})
        if any(self._judge.holds(schema, reading) for reading in readings(value)):
            return None
        return f"is {value!r}, which is not as its schema says"

    def _body(
        self, operation: Operation, exchange: Exchange, pointer: str
    ) -> Iterator[RequestFault]:
        where = f"{pointer}/requestBody"
        body = unpacked(exchange.request_fields, exchange.request_body.kept())
        item = self._contract.document["paths"][operation.path][operation.method.lower()]
        told = self._contract.resolved(item.get("requestBody", {}))
        if not body:
            if told.get("required"):
                yield RequestFault("the body is missing", where)
            return
        if not operation.has_body:
            return
        media_type = (exchange.request_field("content-type") or "").partition(";")[0].strip()
        media = told["content"].get(media_type.lower())
        if media is None:
            sent = f"is {media_type}" if media_type else "is missing"
            yield RequestFault(f"Content-Type {sent}; send {', '.join(told['content'])}", where)
            return
        try:
            document = self._as_named(json.loads(body.decode("utf-8-sig")))
        except ValueError:
            yield RequestFault("the body is no JSON in UTF-8", where)
            return
        except RecursionError:
            yield RequestFault("the body is nested too deep", where)
            return
        for fault in self._judge.faults(media.get("schema", {}), document, MOST_FAULTS):
            yield RequestFault(f"{place_of(fault)}: {message_of(fault)}"[:300], where)


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


def _path_values(operation: Operation, path: str) -> dict[str, str]:
    """Return the values of the parameters in *path*, which may have more before the operation's."""
    template = operation.path.strip("/").split("/")
    sent = path.rstrip("/").split("/")[-len(template) :]
    return {
        part[1:-1]: unquote(value)
        for part, value in zip(template, sent, strict=False)
        if part.startswith("{")
    }
