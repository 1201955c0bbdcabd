"""Requests of operations that no scenario knows: made of the contract's examples and schemas."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from mock_server.check.promises import Promises
from mock_server.contract.contract import Operation
from mock_server.contract.samples import NoSampleError, sample
from mock_server.contract.schemas import judge_of

JSON = "application/json"


def body_of(promises: Promises, operation: Operation) -> tuple[bytes, str] | None:
    """
    Return a valid JSON body of *operation* and its media type; None where none can be made.

    It is the first that its schema takes: an example of the contract, or a value made of the
    schema.
    """
    contract = promises.contract
    judge = judge_of(contract.document)
    body = contract.resolved(_item(promises, operation).get("requestBody", {}))
    for media_type, media in body.get("content", {}).items():
        if media_type.partition(";")[0].strip() != JSON and not media_type.endswith("+json"):
            continue
        schema = media.get("schema", {})
        for value in _values(promises, media):
            if judge.holds(schema, value):
                return json.dumps(value, ensure_ascii=False).encode(), media_type
    return None


def query_of(promises: Promises, operation: Operation) -> dict[str, str]:
    """Return a value for each query parameter of *operation*: its example, or one of its schema."""
    contract, item = promises.contract, promises.contract.document["paths"][operation.path]
    listed = [*item.get("parameters", ()), *_item(promises, operation).get("parameters", ())]
    found: dict[str, str] = {}
    for parameter in map(contract.resolved, listed):
        if parameter.get("in") == "query":
            value = next(_values(promises, parameter), "check")
            found[str(parameter["name"])] = _as_text(value)
    return found


def _item(promises: Promises, operation: Operation) -> Mapping[str, Any]:
    item: Mapping[str, Any] = promises.contract.document["paths"][operation.path]
    found: Mapping[str, Any] = item[operation.method.lower()]
    return found


def _values(promises: Promises, told: Mapping[str, Any]) -> Iterator[Any]:
    """Yield the examples of *told*, a media type or a parameter, then a value of its schema."""
    if "example" in told:
        yield told["example"]
    for example in told.get("examples", {}).values():
        resolved = promises.contract.resolved(example)
        if "value" in resolved:
            yield resolved["value"]
    try:
        yield sample(told.get("schema", {}), promises.contract)
    except NoSampleError:
        return


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) and value else json.dumps(value) if value else "check"
