"""Operations of an edited contract without a handler, answered by the contract's examples."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from mock_server.contract.contract import Contract, place_of
from mock_server.contract.samples import NoSampleError, sample
from mock_server.contract.schemas import judge_of
from mock_server.formats.json_text import dump_json
from mock_server.gateway.router import NOTICE_HEADER
from mock_server.http.answers import JSON, Answer
from mock_server.http.media_types import by_preference, covers, is_json
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

    def answer(self, operation_id: str, accept: str = "") -> Answer:
        """
        Return the answer of *operation_id*, of the media type that *accept* would rather have.

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
        for media_type in by_preference(content, accept):
            for value in self._values(media_type, content[media_type]):
                written = written_as(media_type, value)
                if written is not None:
                    return Answer(status, *written, headers)
        place = place_of(self._operations[operation_id], "responses", name, "content")
        message = (
            f"Nobody has written '{operation_id}' yet, and no body for its {name} follows from "
            f"the contract. Add an example below {_shown((*place, next(iter(content))))}."
        )
        raise NotWritten(message, headers=NOTICE)

    def _values(self, media_type: str, media: Mapping[str, Any]) -> Iterator[object]:
        """Yield the examples of *media*; without any, what its schema tells, if it is JSON."""
        told = list(examples_of(self._contract, media).values())
        yield from told
        if told or not (is_json(media_type) or covers(media_type, "application/json")):
            return
        schema = media.get("schema", {})
        with suppress(NoSampleError):
            value = sample(schema, self._contract)
            if self._judge.holds(schema, value):
                yield value

    def _headers(self, response: Mapping[str, Any]) -> dict[str, str]:
        """Return the header fields that the answer must have, or that have an example."""
        found = {}
        for name, header in (response.get("headers") or {}).items():
            resolved = self._contract.resolved(header)
            schema = resolved.get("schema", {})
            if not ("example" in resolved or "example" in schema or resolved.get("required")):
                continue
            with suppress(NoSampleError):
                known = "example" in resolved
                value = resolved["example"] if known else sample(schema, self._contract)
                found[name] = value if isinstance(value, str) else json.dumps(value)
        return found


def examples_of(contract: Contract, media: Mapping[str, Any]) -> dict[str, object]:
    """Return the values of the examples of *media* by name; of its one `example`, without any."""
    named = (media.get("examples") or {}).items()
    resolved = {name: contract.resolved(example) for name, example in named}
    found = {name: example["value"] for name, example in resolved.items() if "value" in example}
    return found | ({"": media["example"]} if "example" in media else {})


def written_as(media_type: str, value: object) -> tuple[bytes, str] | None:
    """
    Return *value* as a body of *media_type*, type or range, and the type that it is then.

    None: what is no text cannot be told as one of that type.
    """
    is_text = isinstance(value, str)
    kind = media_type
    if "*" in media_type:
        likely = ("text/plain", "application/json") if is_text else ("application/json",)
        kind = next((each for each in likely if covers(media_type, each)), media_type)
    if is_json(kind):
        return dump_json(value), JSON if kind == "application/json" else kind
    if is_text:
        return str(value).encode(), kind
    return (dump_json(value), kind) if "yaml" in kind else None


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


def _shown(place: tuple[str | int, ...]) -> str:
    return " → ".join(map(str, place))
