"""Judge of requests and answers by the operations of one contract."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from mock_server.contract.contract import Contract
from mock_server.contract.parameters import Arguments, ParameterReader
from mock_server.contract.schemas import (
    answers_of,
    errors_in,
    message_of,
    place_of,
    requests_of,
)
from mock_server.contract.styles import Query
from mock_server.http.headers import Headers
from mock_server.http.media_types import fitting, is_json

MOST_REMEMBERED = 1000
"""Operations whose parameters are remembered as they were read from the contract."""

_BODILESS = {204, 205, 304}


class OperationJudge:
    """Judge by the operations of *contract*, which are found by operationId; for any thread."""

    def __init__(self, contract: Contract) -> None:
        """Judge by *contract*, whose schemas are compiled when they are first needed."""
        self._contract = contract
        self._operations = {each.operation_id: each for each in contract.operations()}
        self._requests = requests_of(contract.document)
        self._answers = answers_of(contract.document)
        self._reader = lru_cache(MOST_REMEMBERED)(self._read_parameters)
        self._bodies = lru_cache(MOST_REMEMBERED)(self._read_bodies)
        self._responses = lru_cache(MOST_REMEMBERED)(self._read_responses)

    def arguments(self, operation_id: str, path: Mapping[str, str], query: bytes) -> Arguments:
        """Return the arguments of *operation_id* in *path*, values by name, and the raw *query*."""
        return self._reader(operation_id).read(path, Query(query))

    def unknown(self, operation_id: str, query: bytes) -> list[str]:
        """Return the names in the raw *query* that no parameter of *operation_id* has."""
        return self._reader(operation_id).unknown(Query(query))

    def instead(self, operation_id: str, errors: Mapping[str, object]) -> str:
        """Return examples to send in place of the parameters of *operation_id* with *errors*."""
        return self._reader(operation_id).instead(errors)

    def body_errors(
        self, operation_id: str, media_type: str, document: object
    ) -> dict[str, list[str]]:
        """Return the breaches in *document*, a body of JSON sent as *media_type*, by place."""
        content = self._bodies(operation_id)
        name = fitting(content, media_type)
        schema = {} if name is None else content[name].get("schema", {})
        return errors_in(document, schema, self._requests)

    def needs_body(self, operation_id: str) -> bool:
        """Tell whether a request of *operation_id* must have a body."""
        body = self._contract.object_of(self._operations[operation_id]).get("requestBody", {})
        return self._contract.resolved(body).get("required") is True

    def body_types(self, operation_id: str) -> list[str]:
        """Return the media types of which a body of *operation_id* may be."""
        return list(self._bodies(operation_id))

    def head_fault(self, operation_id: str, status: int, headers: Headers) -> str | None:
        """Return how *headers*, those of an answer, break the contract; None where they do not."""
        response = self._response(operation_id, status)
        missing = [name for name in _required(self._contract, response) if not headers.all(name)]
        if missing:
            return f"it lacks the header {', '.join(missing)}"
        content, sent = response.get("content") or {}, headers.get("content-type")
        if status >= 400 or not content or sent is None or fitting(content, sent) is not None:
            return None
        return f"its type is {sent}, not {' or '.join(content)}"

    def body_schema(self, operation_id: str, status: int, headers: Headers) -> Any:
        """Return the schema of the body of an answer, if it is JSON; None: it is not judged."""
        content = self._response(operation_id, status).get("content") or {}
        sent = headers.get("content-type")
        name = next(iter(content), None) if sent is None else fitting(content, sent)
        if name is None or status in _BODILESS or not is_json(sent or name):
            return None
        return content[name].get("schema", {})

    def answer_fault(self, schema: Any, document: object) -> str | None:
        """Return the first breach of *schema* in *document*, the body of an answer."""
        for fault in self._answers.faults(schema, document, most=1):
            return f"{place_of(fault)}: {message_of(fault)}"
        return None

    def _response(self, operation_id: str, status: int) -> Mapping[str, Any]:
        responses = self._responses(operation_id)
        names = (str(status), f"{status // 100}XX", "DEFAULT")
        found: Mapping[str, Any] = next((responses[it] for it in names if it in responses), {})
        return found

    def _read_parameters(self, operation_id: str) -> ParameterReader:
        return ParameterReader(self._contract, self._operations[operation_id], self._requests)

    def _read_bodies(self, operation_id: str) -> Mapping[str, Any]:
        return self._contract.bodies(self._operations[operation_id])

    def _read_responses(self, operation_id: str) -> Mapping[str, Any]:
        responses = self._contract.responses(self._operations[operation_id])
        return {name.upper(): response for name, response in responses.items()}


def _required(contract: Contract, response: Mapping[str, Any]) -> list[str]:
    headers = (response.get("headers") or {}).items()
    return [name for name, header in headers if contract.resolved(header).get("required") is True]
