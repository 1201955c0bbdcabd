"""Parameters in the form that Connexion has for them: with a type of their own, at each level."""

from collections.abc import Iterator, Mapping
from typing import Any

from mock_server.contract.contract import Contract
from mock_server.contract.samples import merged

JUDGED = "x-judged"
"""Member of a parameter's schema: the schema that the contract has, which judges its values."""

_KEPT = ("default", "nullable")
_SCALARS: Mapping[type, str] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
}


def typed(parameter: dict[str, Any], contract: Contract) -> dict[str, Any]:
    """Return *parameter*, which is no reference, with types from which Connexion reads values."""
    schema = parameter.get("schema")
    if not isinstance(schema, dict) or schema.get("type") in _SCALARS.values():
        return parameter
    kept = {name: schema[name] for name in _KEPT if name in schema}
    return {**parameter, "schema": {**_skeleton(schema, contract), **kept, JUDGED: schema}}


def _skeleton(schema: Mapping[str, Any], contract: Contract) -> dict[str, Any]:
    """Return the types of *schema*, and of the schemas below it, alone."""
    whole = merged(contract.resolved(dict(schema)), contract)
    told = whole.get("type") or _type_of_values(whole)
    if told == "array":
        return {"type": "array", "items": _skeleton(whole.get("items", {}), contract)}
    if told == "object":
        properties = whole.get("properties", {})
        below = {name: _skeleton(item, contract) for name, item in properties.items()}
        return {"type": "object", "properties": below}
    return {"type": told}


def _type_of_values(schema: Mapping[str, Any]) -> str:
    if schema.get("properties"):
        return "object"
    if "items" in schema:
        return "array"
    kinds = {_SCALARS.get(type(value), "string") for value in schema.get("enum", ())}
    return kinds.pop() if len(kinds) == 1 else "string"


def readings(value: Any) -> Iterator[Any]:
    """Yield *value*, and if it is a text that is also a number or a flag, those."""
    yield value
    if not isinstance(value, str):
        return
    if value in {"true", "false"}:
        yield value == "true"
    for read in (int, float):
        try:
            yield read(value)
        except ValueError:
            continue
