"""Changes of a new version of a contract in a few words, and its likely slips."""

import json
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from mock_server.contract.contract import Contract
from mock_server.contract.references import follow, members, reference_of
from mock_server.contract.schemas import message_of, place_of, requests_of
from mock_server.http.media_types import is_json

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
    examples = told_of(_broken_examples(contract), "operations have broken examples of requests")
    parameters = told_of(_broken_parameters(contract), "parameters have broken examples")
    broken = [*examples, *parameters]
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


def told_of(faults: Iterable[tuple[str, str]], many: str) -> Iterator[str]:
    """
    Yield the sentences of *faults*, pairs of a name and one about it.

    Of many names it is one line: how many, what *many* says of them, and the first ones.
    """
    found = list(dict.fromkeys(faults))
    names = list(dict.fromkeys(name for name, _sentence in found))
    if len(names) <= MOST_NAMED:
        yield from (sentence for _name, sentence in found)
        return
    first = ", ".join(names[:MOST_NAMED])
    yield f"{len(names)} {many} ({first} and so on); `lint` names the places"


def _broken_examples(contract: Contract) -> Iterator[tuple[str, str]]:
    """Yield each example of a JSON body that a client could not send, as `told_of` takes it."""
    judge = requests_of(contract.document)
    for operation in contract.operations():
        name = operation.operation_id
        for media_type, media in contract.bodies(operation).items():
            for example, value in contract.examples(media).items() if is_json(media_type) else ():
                for fault in judge.faults(media.get("schema", {}), value):
                    named = f"the example {example}".rstrip()
                    told = f"{place_of(fault)}: {message_of(fault)}"
                    yield name, f"{named} of {name} breaks its schema, at {told}"


def _broken_parameters(contract: Contract) -> Iterator[tuple[str, str]]:
    """Yield each example of a parameter that a client could not send, as `told_of` takes it."""
    judge = requests_of(contract.document)
    for operation in contract.operations():
        for parameter in contract.parameters(operation):
            schema = parameter.get("schema", {})
            told = {**contract.resolved(schema), **parameter}
            for example, value in contract.examples(told).items():
                for fault in judge.faults(schema, value):
                    named = f"the example {example}".rstrip()
                    broken = f"{named} of the parameter {parameter['name']} breaks its schema"
                    yield parameter["name"], f"{broken}: {message_of(fault)}"


def _told(names: list[str], verb: str) -> str:
    named = f" ({', '.join(names)})" if len(names) <= MOST_NAMED else ""
    return f"{len(names)} {verb}{named}"


def _operations(contract: Contract) -> dict[str, str]:
    """Return each operation of *contract* as text, with everything that it refers to."""
    document = contract.document
    return {
        operation.operation_id: _text(
            [
                contract.object_of(operation),
                document["paths"][operation.path].get("parameters"),
                document.get("security"),
                operation.path,
            ],
            document,
        )
        for operation in contract.operations()
    }


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
