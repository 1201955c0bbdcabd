"""The header `Prefer` (RFC 7240): one answer of the contract's examples, as Prism has it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from mock_server.contract.contract import Contract
from mock_server.gateway.example_operations import written_as
from mock_server.http.answers import Answer
from mock_server.http.headers import Headers
from mock_server.http.media_types import by_preference
from mock_server.http.problems import PROBLEM_JSON, ValidationProblem, prefers_problem_json
from mock_server.settings import CONTROL_PATH

LONGEST_DELAY = timedelta(minutes=1)
# Parameters of a preference, which follow a semicolon, are none of ours.
_PREFERENCE = re.compile(
    r"\s*([A-Za-z0-9!#$%&'*+.^_`|~-]+)\s*(?:=\s*(\"(?:[^\"\\]|\\.)*\"|[^\s,;\"]*))?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Preference:
    """Preferences of a request, each None where it is not given."""

    code: str | None = None
    example: str | None = None
    delay: timedelta | None = None

    @property
    def applied(self) -> str:
        """The preferences, as the header `Preference-Applied` lists them."""
        milliseconds = None if self.delay is None else round(self.delay / timedelta(milliseconds=1))
        known = {"code": self.code, "example": self.example, "delay": milliseconds}
        return ", ".join(f"{name}={value}" for name, value in known.items() if value is not None)


def read_preference(headers: Headers) -> Preference:
    """
    Return the preferences in `Prefer` of *headers*; other preferences than ours are ignored.

    Of one that is given twice the first counts.

    Raises:
        ValidationProblem: a delay is no number, or too long.

    Source: RFC 7240 section 2.
    """
    given: dict[str, str] = {}
    for part in _split(headers.get("prefer") or ""):
        match = _PREFERENCE.match(part)
        if match is not None:
            given.setdefault(match[1].lower(), (match[2] or "").strip('"'))
    return Preference(
        code=_code(given),
        example=given.get("example"),
        delay=_delay(given),
    )


def _split(value: str) -> list[str]:
    """Return the parts between commas that stand outside quotes."""
    return re.findall(r'(?:[^,"]|"(?:[^"\\]|\\.)*"?)+', value)


def _code(given: dict[str, str]) -> str | None:
    """Return the code as it is, whatever it is: the examples know which ones there are."""
    text = given.get("code")
    is_number = text is not None and re.fullmatch(r"\d{1,9}", text, re.ASCII) is not None
    return str(int(str(text))) if is_number else text


def _delay(given: dict[str, str]) -> timedelta | None:
    text = given.get("delay")
    if text is None:
        return None
    most = round(LONGEST_DELAY / timedelta(milliseconds=1))
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or int(text) > most:
        raise _refused(f"'delay={text}' is not a preference; send a number up to {most}.")
    return timedelta(milliseconds=int(text))


def _refused(message: str) -> ValidationProblem:
    """Return the refusal of what `Prefer` asks for."""
    return ValidationProblem({"Prefer": [message]}, message)


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
            raise _refused(
                f"The operation has no answer with code '{status}'; use {known}. A fault "
                f"(POST {CONTROL_PATH}/faults) answers with any."
            )
        response = responses[status]
        content = response.get("content") or {}
        named = self._names(response)
        if preference.example is not None and preference.example not in named:
            known = ", ".join(named) or "none"
            message = f"Code {status} has no example '{preference.example}'; there is {known}."
            raise _refused(message)
        for media_type in by_preference(content, _meant(content, accept)):
            examples = self._contract.examples(content[media_type])
            name = preference.example or next(iter(examples), None)
            written = written_as(media_type, examples[name]) if name in examples else None
            if written is not None:
                return Answer(int(status), *written, self._headers(response, name))
        return Answer(int(status), headers=self._headers(response, preference.example))

    def _status_of(self, responses: Mapping[str, Any], preference: Preference) -> str:
        known = {status: self._names(item) for status, item in responses.items()}
        for status, names in known.items():
            if preference.example in names:
                return status
        listed = ", ".join(name for names in known.values() for name in names) or "none"
        raise _refused(f"The operation has no example '{preference.example}'; there is {listed}.")

    def _names(self, response: Mapping[str, Any]) -> list[str]:
        content = (response.get("content") or {}).values()
        named = [name for each in content for name in self._contract.examples(each)]
        return list(filter(None, dict.fromkeys(named)))

    def _headers(self, response: Mapping[str, Any], example: str | None) -> dict[str, str]:
        """Return the fields that go with *example*: those examples of its name, and any needed."""
        found = {}
        for field, header in response.get("headers", {}).items():
            resolved = self._contract.resolved(header)
            values = self._contract.examples(resolved)
            needed = next(iter(values.values()), None) if resolved.get("required") else None
            value = values.get(example or "", needed)
            if value is not None:
                found[field] = str(value)
        return found


def _meant(content: Mapping[str, Any], accept: str) -> str:
    """Return *accept* with problem details first, where it would have them as a problem has."""
    return PROBLEM_JSON if PROBLEM_JSON in content and prefers_problem_json(accept) else accept
