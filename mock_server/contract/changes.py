"""Changes of a new version of a contract in a few words, and its likely slips."""

import json
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from mock_server.contract.contract import Contract, place_of
from mock_server.contract.references import follow, members, reference_of
from mock_server.contract.schemas import errors_in, judge_of

MOST_NAMED = 3
"""How many operations are named; of more, the number says enough."""


def changes_between(old: Contract, new: Contract) -> str:
    """Return the changes of *new*, such as `1 operation added (listTemplates), 2 changed`."""
    before, after = _operations(old), _operations(new)
    told = {
        "added": [name for name in after if name not in before],
        "removed": [name for name in before if name not in after],
        "changed": [name for name in after if name in before and before[name] != after[name]],
    }
    parts = [_told(names, verb) for verb, names in told.items() if names]
    if not parts:
        return "no operation changed"
    count, _, rest = parts[0].partition(" ")
    noun = "operation" if count == "1" else "operations"
    return ", ".join([f"{count} {noun} {rest}", *parts[1:]])


def slips_between(written: Contract, contract: Contract) -> list[str]:
    """
    Return the likely slips of *contract*, held against the one that is *written*: sentences.

    That is an operationId that there is no code for, beside one that is missing, an operation
    that takes any token all of a sudden, a security scheme that the mock does not know, and an
    example of a request that breaks its schema.
    """
    scopes = {item.operation_id: item.required_scopes for item in written.operations()}
    found = {item.operation_id: item.required_scopes for item in contract.operations()}
    slips = []
    for name, required in found.items():
        if name not in scopes:
            meant = get_close_matches(name, scopes.keys() - found.keys(), n=1)
            slips += [
                f"{name} is answered from its examples, as there is no code for it; "
                f"is {other} meant, which is missing?"
                for other in meant
            ]
        elif scopes[name] and not required:
            slips.append(f"{name} takes a token of any scope, as it has no x-required-scopes")
    broken = [*_broken_examples(contract), *dict.fromkeys(_broken_parameters(contract))]
    return [*slips, *_shut_ways(contract), *broken]


def _shut_ways(contract: Contract) -> Iterator[str]:
    """Yield a sentence for each security scheme that nobody gets in by."""
    default = contract.document.get("security", [])
    schemes = contract.document.get("components", {}).get("securitySchemes", {})
    ways = [contract.object_of(each).get("security", default) for each in contract.operations()]
    for name, scheme in schemes.items():
        told = contract.resolved(scheme)
        kind = str(told.get("scheme")).lower()
        count = sum(any(name in way for way in listed) for listed in ways)
        if told.get("type") == "http" and kind != "bearer" and count:
            asked = "1 operation asks" if count == 1 else f"{count} operations ask"
            yield (
                f"nobody gets in by the security scheme {name} (http {kind}), for which {asked}; "
                "the mock knows tokens and API keys"
            )


def _broken_examples(contract: Contract) -> Iterator[str]:
    """Yield a sentence for each example of a JSON body that a client could not send."""
    judge = judge_of(contract.document)
    for operation in contract.operations():
        request = resolve_place(contract.document, place_of(operation)).get("requestBody", {})
        media = contract.resolved(request).get("content", {}).get("application/json", {})
        for name, value in _examples(contract, media):
            for place, messages in errors_in(value, media.get("schema", {}), judge).items():
                named = f"the example{name} of {operation.operation_id} breaks its schema"
                yield f"{named}, at {place}: {messages[0].rstrip('.')}"


def _broken_parameters(contract: Contract) -> Iterator[str]:
    """Yield a sentence for each example of a parameter that a client could not send."""
    judge = judge_of(contract.document)
    for operation in contract.operations():
        for parameter in contract.parameters(operation):
            schema = parameter.get("schema", {})
            told = {**contract.resolved(schema), **parameter}
            for name, value in _examples(contract, told):
                for messages in errors_in(value, schema, judge).values():
                    named = f"the example{name} of the parameter {parameter['name']}"
                    yield f"{named} breaks its schema: {messages[0].rstrip('.')}"


def _examples(contract: Contract, media: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    if "example" in media:
        yield "", media["example"]
    for name, example in (media.get("examples") or {}).items():
        resolved = contract.resolved(example)
        if "value" in resolved:
            yield f" {name}", resolved["value"]


def _told(names: list[str], verb: str) -> str:
    named = f" ({', '.join(names)})" if len(names) <= MOST_NAMED else ""
    return f"{len(names)} {verb}{named}"


def _operations(contract: Contract) -> dict[str, str]:
    """Return each operation of *contract* as text, with everything that it refers to."""
    document = contract.document
    return {
        operation.operation_id: _text(
            [
                resolve_place(document, place_of(operation)),
                document["paths"][operation.path].get("parameters"),
                document.get("security"),
                operation.path,
            ],
            document,
        )
        for operation in contract.operations()
    }


def resolve_place(document: Any, place: tuple[str | int, ...]) -> Any:
    """Return the value at *place* of *document*."""
    for step in place:
        document = document[step]
    return document


def _text(root: object, document: Any) -> str:
    """Return *root* as text, followed by everything that it refers to, once each."""
    parts = [root]
    known: set[str] = set()
    for part in parts:
        for reference in _references(part):
            if reference not in known:
                known.add(reference)
                parts.append([reference, follow(document, reference)[1]])
    return json.dumps(parts, sort_keys=False, default=str)


def _references(root: object) -> Iterator[str]:
    waiting: list[Any] = [root]
    while waiting:
        value = waiting.pop(0)
        reference = reference_of(value)
        if reference is not None:
            yield reference
        waiting.extend(child for _name, child in members(value))
