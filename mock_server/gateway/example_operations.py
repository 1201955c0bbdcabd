"""Operations of an edited contract without a handler, answered by the contract's examples."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from mock_server.contract.contract import Contract, place_of
from mock_server.contract.samples import NoSampleError, sample
from mock_server.contract.schemas import judge_of
from mock_server.formats.json_text import dump_json
from mock_server.gateway.router import NOTICE_HEADER
from mock_server.http.answers import JSON, Answer
from mock_server.http.problems import NotWritten

NOTICE = {NOTICE_HEADER: "example"}
"""What tells such an answer from one that was worked out."""

_BODILESS = {204, 205, 304}


class ExampleOperations:
    """
    Answers any operation of a contract out of its first documented success.

    The body is the first example there is: of the answer, of its schema, or put together from
    what the schema says of its members.
    """

    def __init__(self, contract: Contract) -> None:
        """Answer by *contract*."""
        self._contract = contract
        self._judge = judge_of(contract.document)
        self._operations = {item.operation_id: item for item in contract.operations()}

    def answer(self, operation_id: str) -> Answer:
        """
        Return the answer of *operation_id*.

        Raises:
            NotWritten: no success is documented, or none has a body that could be told from it.
        """
        responses = self._contract.responses(self._operations[operation_id])
        status, name = _success(operation_id, responses)
        response = responses[name]
        headers = {**self._headers(response), **NOTICE}
        content = response.get("content") or {}
        if not content or status in _BODILESS:
            return Answer(status, headers=headers)
        for media_type, media in content.items():
            body = self._body(media_type, media)
            if body is not None:
                content_type = JSON if media_type == "application/json" else media_type
                return Answer(status, body, content_type, headers)
        place = place_of(self._operations[operation_id], "responses", name, "content")
        message = (
            f"Nobody has written '{operation_id}' yet, and no body for its {name} follows from "
            f"the contract. Add an example below {_shown((*place, next(iter(content))))}."
        )
        raise NotWritten(message, headers=NOTICE)

    def _body(self, media_type: str, media: Mapping[str, Any]) -> bytes | None:
        schema = media.get("schema", {})
        for value in self._examples(media):
            return _written(value, media_type)
        if not is_json(media_type):
            return None
        try:
            value = sample(schema, self._contract)
        except NoSampleError:
            return None
        return dump_json(value) if self._judge.holds(schema, value) else None

    def _examples(self, media: Mapping[str, Any]) -> Iterator[object]:
        for example in (media.get("examples") or {}).values():
            resolved = self._contract.resolved(example)
            if "value" in resolved:
                yield resolved["value"]
        if "example" in media:
            yield media["example"]

    def _headers(self, response: Mapping[str, Any]) -> dict[str, str]:
        """Return the header fields that the answer must have, or that have an example."""
        found = {}
        for name, header in (response.get("headers") or {}).items():
            resolved = self._contract.resolved(header)
            schema = resolved.get("schema", {})
            if "example" in resolved or "example" in schema or resolved.get("required"):
                value = resolved.get("example", sample(schema, self._contract))
                found[name] = value if isinstance(value, str) else json.dumps(value)
        return found


def is_json(media_type: str) -> bool:
    """Tell whether bodies of *media_type* are JSON."""
    essence = media_type.partition(";")[0].strip().lower()
    return essence == "application/json" or essence.endswith("+json")


def _success(operation_id: str, responses: Mapping[str, Any]) -> tuple[int, str]:
    """Return the first status that is a success, and the name by which it is documented."""
    for name in responses:
        if name.isdigit() and name.startswith("2"):
            return int(name), name
    for name in ("2XX", "2xx", "default"):
        if name in responses:
            return 200, name
    message = (
        f"Nobody has written '{operation_id}' yet, and it has no success to answer with. "
        "Add a response such as '200', with an example."
    )
    raise NotWritten(message, headers=NOTICE)


def _written(value: object, media_type: str) -> bytes:
    return (
        value.encode() if isinstance(value, str) and not is_json(media_type) else dump_json(value)
    )


def _shown(place: tuple[str | int, ...]) -> str:
    return " → ".join(map(str, place))
