"""Answers out of the contract's examples."""

from collections.abc import Mapping
from typing import Any

from mock_server.contract.contract import Contract
from mock_server.formats.json_text import dump_json
from mock_server.gateway.prefer import Preference, refused
from mock_server.http.answers import JSON, Answer
from mock_server.http.problems import PROBLEM_JSON, prefers_problem_json

_JSON = "application/json"


class Examples:
    """Every example of a contract's answers, by operation and status."""

    def __init__(self, contract: Contract) -> None:
        """Read the examples of *contract*."""
        self._contract = contract
        self._responses = {
            operation.operation_id: {
                status: response
                for status, response in contract.responses(operation).items()
                # A contract of the user's own may have `default` or `4XX`, which are no codes.
                if status.isdigit()
            }
            for operation in contract.operations()
        }

    def answer(self, operation_id: str, preference: Preference, accept: str) -> Answer:
        """
        Return the answer of *operation_id* that *preference* asks for by code or example.

        Raises:
            ValidationProblem: there is none; the message lists those that there are.
        """
        responses = self._responses[operation_id]
        status = preference.code
        if status is None:
            status = self._status_of(responses, preference)
        if status not in responses:
            known = ", ".join(responses)
            raise refused(f"The operation has no answer with code '{status}'; use {known}.")
        response = responses[status]
        examples = self._examples(response)
        if preference.example is not None and preference.example not in examples:
            known = ", ".join(examples) or "none"
            message = f"Code {status} has no example '{preference.example}'; there is {known}."
            raise refused(message)
        name = preference.example or next(iter(examples), None)
        headers = self._headers(response)
        if name is None:
            return Answer(int(status), headers=headers)
        is_problem = PROBLEM_JSON in response["content"] and prefers_problem_json(accept)
        body = dump_json(examples[name]["value"])
        return Answer(int(status), body, PROBLEM_JSON if is_problem else JSON, headers)

    def _status_of(self, responses: Mapping[str, Any], preference: Preference) -> str:
        known = {status: list(self._examples(item)) for status, item in responses.items()}
        for status, names in known.items():
            if preference.example in names:
                return status
        listed = ", ".join(name for names in known.values() for name in names) or "none"
        raise refused(f"The operation has no example '{preference.example}'; there is {listed}.")

    def _examples(self, response: Mapping[str, Any]) -> dict[str, Any]:
        media = response.get("content", {}).get(_JSON, {})
        named = media.get("examples", {})
        return {name: self._contract.resolved(example) for name, example in named.items()}

    def _headers(self, response: Mapping[str, Any]) -> dict[str, str]:
        named = response.get("headers", {})
        resolved = {name: self._contract.resolved(header) for name, header in named.items()}
        return {
            name: str(header["example"])
            for name, header in resolved.items()
            if header.get("required") and "example" in header
        }
