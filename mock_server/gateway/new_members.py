"""Members that an edited contract adds to answers of written code, filled from its examples."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from mock_server.contract.contract import Contract, Operation
from mock_server.contract.samples import DEEPEST, NoSampleError, merged, sample
from mock_server.gateway.router import NOTICE_HEADER
from mock_server.http.answers import Answer

Additions = Mapping[str, Any]
"""By member: `_Value` of a new one, further additions within an old one."""

Method = Callable[..., object]


ITEMS = "[]"
"""In place of a member: what is added to each item of a list."""


@dataclass(frozen=True, slots=True)
class _Value:
    """The value that a new member is filled with."""

    value: object


@dataclass(frozen=True, slots=True)
class _Schema:
    """A schema, and the contract that its references are of."""

    rule: Mapping[str, Any]
    contract: Contract

    def whole(self) -> dict[str, Any]:
        """Return it resolved, with what its parts add."""
        return merged(self.contract.resolved(dict(self.rule)), self.contract)


class NewMembers:
    """
    Additions of a contract to the successes of operations that the *shipped* one has too.

    A designer sees a new member in answers at once, as whole operations are seen that have no
    code yet: with the value of the contract's example, else one made from its schema.
    """

    def __init__(self, contract: Contract, shipped: Contract) -> None:
        """Find what *contract* adds to *shipped*."""
        before = {item.operation_id: _successes(shipped, item) for item in shipped.operations()}
        self._additions: dict[str, dict[int, Additions]] = {}
        for operation in contract.operations():
            known = before.get(operation.operation_id, {})
            for status, media in _successes(contract, operation).items():
                found = _additions(contract, media, shipped, known.get(status))
                if found:
                    self._additions.setdefault(operation.operation_id, {})[status] = found

    def around(self, operation_id: str, method: Method) -> Method:
        """Return *method* with its answers filled, or itself where the contract adds no members."""
        additions = self._additions.get(operation_id)
        if not additions:
            return method

        @wraps(method)
        def call(*given: object, **named: object) -> object:
            return _filled(method(*given, **named), additions)

        return call


def _successes(contract: Contract, operation: Operation) -> dict[int, Mapping[str, Any]]:
    """Return the media type object of each success of *operation* that has JSON, by status."""
    contents = {
        status: (response.get("content") or {}).get("application/json")
        for status, response in contract.responses(operation).items()
    }
    return {
        int(status): media
        for status, media in contents.items()
        if media and status.isdigit() and status.startswith("2")
    }


def _additions(
    contract: Contract,
    media: Mapping[str, Any],
    shipped: Contract,
    old: Mapping[str, Any] | None,
) -> Additions:
    if old is None:
        return {}
    examples = list(contract.examples(media).values())
    new = _Schema(media.get("schema", {}), contract)
    return _added(new, _Schema(old.get("schema", {}), shipped), examples[:1])


def _added(new: _Schema, old: _Schema, examples: list[Any], depth: int = 0) -> Additions:
    """Return the members of *new* that *old* has not, at any depth; of *examples* one at most."""
    if depth > DEEPEST:
        return {}
    whole, before = new.whole(), old.whole()

    def between(rule: Any, known: Any, within: list[Any]) -> Additions:
        return _added(_Schema(rule, new.contract), _Schema(known, old.contract), within, depth + 1)

    if "items" in whole and "items" in before:
        items = [item for each in examples if isinstance(each, list) for item in each[:1]]
        found = between(whole["items"], before["items"], items)
        return {ITEMS: found} if found else {}
    additions: dict[str, Any] = {}
    known = before.get("properties", {})
    for name, rule in whole.get("properties", {}).items():
        within = [each[name] for each in examples if isinstance(each, dict) and name in each]
        if name not in known:
            _add(additions, name, within, _Schema(rule, new.contract))
        elif found := between(rule, known[name], within):
            additions[name] = found
    return additions


def _add(additions: dict[str, Any], name: str, examples: list[Any], schema: _Schema) -> None:
    try:
        value = examples[0] if examples else sample(schema.rule, schema.contract)
        additions[name] = _Value(value)
    except NoSampleError:
        return


def _filled(result: object, additions: Mapping[int, Additions]) -> object:
    """Return *result* of a method with what is added to an answer of its status."""
    if isinstance(result, Answer):
        return result
    body, *rest = result if isinstance(result, tuple) else (result,)
    status: Any = rest[0] if rest else 200
    headers: Any = rest[1] if len(rest) > 1 else {}
    whole = _fill(body, additions.get(status, {}))
    return (whole, status, {**headers, NOTICE_HEADER: "example members"})


def _fill(value: object, additions: Additions) -> object:
    if isinstance(value, list):
        return [_fill(item, additions.get(ITEMS, {})) for item in value]
    if not isinstance(value, dict):
        return value
    filled = dict(value)
    for name, added in additions.items():
        if isinstance(added, _Value):
            filled.setdefault(name, added.value)
        elif name in filled:
            filled[name] = _fill(filled[name], added)
    return filled
