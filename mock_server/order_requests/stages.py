"""The stages in which the body of a create is judged, each only where the one before is passed."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

from mock_server.formats.strict_json.cursor import JsonReadError
from mock_server.formats.strict_json.shapes import Structure, read_shape
from mock_server.order_requests.fields import missing_members
from mock_server.order_requests.messages import Message

MOST_ERRORS = 199
"""How many errors are told; where there are more, the rest is one error without a key."""

MOST_TOLD = 5
"""How many of many errors the detail repeats; `errors` has them all."""

_KEY_STEP = re.compile(r"\.|(?=\[)")
_Body = TypeVar("_Body")


class RequestInvalid(Exception):  # noqa: N818 # the service's word: one or more validation errors
    """
    A request body that no order can be made of: *errors* are messages by key.

    Keys are in the service's order: those of fewer steps first, then shorter steps before longer
    ones, whatever their letter case.

    Source: ASP.NET Core ModelStateDictionary.
    """

    def __init__(self, errors: Iterable[tuple[str, str]]) -> None:
        """Gather the *errors*, pairs of key and message; messages stay in order."""
        gathered: dict[str, list[str]] = {}
        found = list(islice(errors, MOST_ERRORS + 1))
        for key, message in found[:MOST_ERRORS]:
            gathered.setdefault(key, []).append(str(message))
        if len(found) > MOST_ERRORS:
            gathered.setdefault("", []).append(Message.TOO_MANY)
        self.errors = {key: gathered[key] for key in sorted(gathered, key=_place_in_tree)}
        super().__init__("One or more validation errors occurred.")

    def told(self) -> str:
        """Return the first few messages, in one line."""
        messages = [message for listed in self.errors.values() for message in listed]
        return " ".join(messages[:MOST_TOLD])


def _place_in_tree(key: str) -> tuple[int, list[tuple[int, str]]]:
    steps = [step.upper() for step in _KEY_STEP.split(key)] if key else []
    return len(steps), [(len(step), step) for step in steps]


def read_body(
    raw: bytes,
    structure: Structure,
    kind: type[_Body],
    parameter: str,
    judge: Callable[[_Body], Iterator[tuple[str, str]]],
) -> _Body:
    """
    Return the body of *kind* that the JSON text *raw* holds, read as *structure*.

    What is wrong with the JSON, its types or the presence of members is reported alone, together
    with *parameter*, the service's name for the body; then members that must be filled; then all
    that *judge* yields.

    Raises:
        RequestInvalid: as told above.

    Source: openapi.yaml, createOrder; ASP.NET Core model validation.
    """
    body = _read(raw, structure, kind, parameter)
    for stage in (missing_members(structure, body), judge(body)):
        found = list(islice(stage, MOST_ERRORS + 1))
        if found:
            raise RequestInvalid(found)
    return body


def _read(raw: bytes, structure: Structure, kind: type[_Body], parameter: str) -> _Body:
    no_parameter = (parameter, Message.REQUIRED.format(parameter))
    try:
        body = read_shape(raw, structure, kind) if raw else None
    except JsonReadError as error:
        raise RequestInvalid([(error.path, error.message), no_parameter]) from error
    if body is None:
        raise RequestInvalid([("", Message.NO_BODY), no_parameter])
    return body
