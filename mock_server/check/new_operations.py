"""Requests of operations that no scenario knows: made of the contract's examples and schemas."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from mock_server.check.promises import Promises
from mock_server.contract.contract import Operation
from mock_server.contract.samples import NoSampleError, sample
from mock_server.contract.schemas import requests_of
from mock_server.http.media_types import is_json

JSON = "application/json"


def body_of(promises: Promises, operation: Operation) -> tuple[bytes, str] | None:
    """
    Return a valid JSON body of *operation* and its media type; None where none can be made.

    It is the first that its schema takes: an example of the contract, or a value made of the
    schema.
    """
    contract = promises.contract
    judge = requests_of(contract.document)
    for media_type, media in contract.bodies(operation).items():
        if not is_json(media_type):
            continue
        schema = media.get("schema", {})
        for value in _values(promises, media):
            if judge.holds(schema, value):
                return json.dumps(value, ensure_ascii=False).encode(), media_type
    return None


def query_of(promises: Promises, operation: Operation) -> dict[str, str]:
    """Return a value for each query parameter of *operation*: its example, or one of its schema."""
    found: dict[str, str] = {}
    for parameter in promises.contract.parameters(operation):
        if parameter.get("in") == "query":
            value = next(_values(promises, parameter), "check")
            found[str(parameter["name"])] = _as_text(value)
    return found


def _values(promises: Promises, told: Mapping[str, Any]) -> Iterator[Any]:
    """Yield the examples of *told*, a media type or a parameter, then a value of its schema."""
    yield from promises.contract.examples(told).values()
    with suppress(NoSampleError):
        yield sample(told.get("schema", {}), promises.contract, hidden="readOnly")


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) and value else json.dumps(value) if value else "check"
