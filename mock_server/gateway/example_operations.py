"""Operations of an edited contract without a handler, answered by the contract's examples."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from mock_server.contract import contract as contracts
from mock_server.contract.contract import Contract
from mock_server.contract.samples import NoSampleError, sample
from mock_server.contract.schemas import judge_of, message_of, place_of
from mock_server.formats.json_text import dump_json
from mock_server.formats.text import single
from mock_server.gateway.router import NOTICE_HEADER
from mock_server.http.answers import JSON, Answer
from mock_server.http.media_types import by_preference, covers, is_json
from mock_server.http.problems import NotWritten

NOTICE = {NOTICE_HEADER: "example"}
"""What tells such an answer from one that was worked out."""

LONGEST_WARNING = 200
"""Characters of what is wrong with an example, in the header of the answer."""

_BODILESS = {204, 205, 304}


@dataclass(frozen=True, slots=True)
class _Body:
    """The *text* of an answer, its media type (*kind*), and the *fault* of a broken example."""

    text: bytes
    kind: str
    fault: str | None = None


class ExampleOperations:
    """
    Answers any operation of a contract out of its first documented success.

    The body is the first example there is: of the answer, of its schema, or put together from
    what the schema says of its members. One that breaks its schema is answered all the same where
    there is no better one, and the answer says so: the designer sees what the contract shows.

    Source: docs/designing.md.
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
            found = self._body(media_type, content[media_type])
            if found is not None:
                return Answer(status, found.text, found.kind, headers | _warning(found.fault))
        place = contracts.place_of(self._operations[operation_id], "responses", name, "content")
        message = (
            f"Nobody has written '{operation_id}' yet, and no body for its {name} follows from "
            f"the contract. Add an example below {_shown((*place, next(iter(content))))}."
        )
        raise NotWritten(message, headers=NOTICE)

    def faults(self, operation_ids: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield each of *operation_ids* whose answer breaks its schema, and a sentence on that."""
        for operation_id in operation_ids:
            responses = self._contract.responses(self._operations[operation_id])
            with suppress(NotWritten):
                _status, name = _success(operation_id, responses)
                content = responses[name].get("content") or {}
                bodies = (self._shown(*each) for each in content.items())
                found = next(filter(None, bodies), None)
                if found is not None and found.fault is not None:
                    told = f"{operation_id} is answered with an example that breaks its schema"
                    yield operation_id, f"{told}, at {found.fault}"

    def _body(self, media_type: str, media: Mapping[str, Any]) -> "_Body | None":
        """Return a body of *media*: as its examples show, or made of its schema if it is JSON."""
        if self._contract.examples(media):
            return self._shown(media_type, media)
        if is_json(media_type) or covers(media_type, "application/json"):
            return next(self._made(media_type, media.get("schema", {})), None)
        return None

    def _shown(self, media_type: str, media: Mapping[str, Any]) -> "_Body | None":
        """Return the first example of *media* that its schema takes, else the first there is."""
        schema = media.get("schema", {})
        values = list(self._contract.examples(media).values())
        written = [(value, written_as(media_type, value)) for value in values]
        bodies = [
            _Body(*told, self._fault(schema, value) if is_json(told[1]) else None)
            for value, told in written
            if told is not None
        ]
        return next((each for each in bodies if each.fault is None), next(iter(bodies), None))

    def _made(self, media_type: str, schema: Mapping[str, Any]) -> Iterator["_Body"]:
        """Yield a body of *media_type* that is made of *schema*, if that tells enough."""
        with suppress(NoSampleError):
            value = sample(schema, self._contract)
            told = written_as(media_type, value)
            if told is not None and self._judge.holds(schema, value):
                yield _Body(*told)

    def _fault(self, schema: Any, value: object) -> str | None:
        for fault in self._judge.faults(schema, value, most=1):
            return f"{place_of(fault)}: {message_of(fault)}"
        return None

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


def _warning(fault: str | None) -> dict[str, str]:
    """Return the notice of an answer whose example has a *fault*; nothing where there is none."""
    if fault is None:
        return {}
    told = single(f"{NOTICE[NOTICE_HEADER]}; it breaks its schema, at {fault}")
    return {NOTICE_HEADER: told[:LONGEST_WARNING].encode("ascii", "backslashreplace").decode()}


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
