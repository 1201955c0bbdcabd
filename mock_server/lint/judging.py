"""Judge values by the schemas of a document, offline and in bounded time."""

import itertools
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import quote

import referencing
from jsonschema import Draft4Validator, Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import create

from mock_server.contract.nodes import Node
from mock_server.formats.timestamps import parse_timestamp
from mock_server.lint.documents import Document
from mock_server.lint.keywords import can_be_tried
from mock_server.lint.patterns import is_quick
from mock_server.lint.rules import Told

MOST_FAULTS = 5
"""Faults that are told of one value."""

MOST_STEPS = 50_000
"""Keywords that are tried on one value."""

MOST_STEPS_IN_ALL = 1_000_000
"""Keywords that are tried on all values of a document."""

_ROOT = "urn:openapi"
_LEFT_OUT = {
    *("unevaluatedItems", "unevaluatedProperties", "$dynamicRef"),
    *("patternProperties", "contains", "dependentRequired"),
}
_INTEGERS = {"int32": 31, "int64": 63}

Keyword = Callable[[Any, Any, Any, Any], Any]


class _TooLongError(Exception):
    """A value takes more steps than one may."""


class Judge:
    """Judges the values of one document; not safe for threads."""

    def __init__(self, document: Document) -> None:
        """Read the schemas of *document*."""
        self._is_older = document.version == "3.0"
        self._document = document
        resource = referencing.Resource.opaque(_without_dialects(document.root))
        self._registry = referencing.Registry().with_resource(_ROOT, resource)
        self._validators = self._created()
        self._formats = _format_checker()
        self._left = 0
        self._left_in_all = MOST_STEPS_IN_ALL

    @property
    def is_exhausted(self) -> bool:
        """Whether the document has taken all the steps that it may; nothing more is judged."""
        return self._left_in_all <= 0

    def faults(self, schema: Node, value: Node) -> Iterator[Told]:
        """Yield what of *value* breaks *schema*: where, and how."""
        self._left = MOST_STEPS
        pointer = f"{_ROOT}#{quote(schema.pointer, safe='/~')}"
        validator = self._validators(
            {"$ref": pointer}, registry=self._registry, format_checker=self._formats
        )
        try:
            errors = list(itertools.islice(validator.iter_errors(value.value), MOST_FAULTS))
        except (_TooLongError, RecursionError):
            yield value, "too deep or too long to be compared with its schema"
        else:
            yield from ((value.at(error.absolute_path), _message(error)) for error in errors)

    def _created(self) -> Any:
        base: Any = Draft4Validator if self._is_older else Draft202012Validator
        changed: dict[str, Any] = {**base.VALIDATORS, "required": _required, "pattern": _pattern}
        changed["uniqueItems"] = _unique
        if self._is_older:
            changed |= {name: _nullable(changed[name]) for name in ("type", "enum")}
        return create(
            meta_schema={},
            validators={
                name: self._counted(name, check)
                for name, check in changed.items()
                if name not in _LEFT_OUT
            },
            type_checker=base.TYPE_CHECKER,
            id_of=lambda _schema: "",
            applicable_validators=_alone if self._is_older else _all,
        )

    def _counted(self, name: str, check: Keyword) -> Keyword:
        def counted(validator: Any, told: Any, value: Any, schema: Any) -> Any:
            self._left -= 1
            self._left_in_all -= 1
            if self._left <= 0 or self._left_in_all <= 0:
                raise _TooLongError
            is_tried = can_be_tried(name, schema) and (name != "$ref" or self._is_schema(told))
            return check(validator, told, value, schema) if is_tried else ()

        return counted

    def _is_schema(self, reference: str) -> bool:
        """Tell whether *reference* leads to what may be a schema; a rule tells of the others."""
        target = self._document.target(reference.removeprefix(_ROOT))
        return target is not None and (target.is_map or isinstance(target.content, bool))


def _without_dialects(node: Node) -> Any:
    """Return the value of *node* without `$schema`, by which jsonschema would change its rules."""
    if node.is_map:
        members = [pair for pair in node.members if pair[0] != "$schema"]
        return {name: _without_dialects(member) for name, member in members}
    return [_without_dialects(item) for item in node.items] if node.is_list else node.value


def _all(schema: Any) -> Iterable[tuple[str, Any]]:
    """Return the keywords of *schema*, in their order; of what is no schema none."""
    return [*schema.items()] if isinstance(schema, dict) else []


def _alone(schema: Any) -> Iterable[tuple[str, Any]]:
    """Return the keywords of *schema*; a `$ref` is alone in 3.0, whatever stands beside it."""
    return [pair for pair in _all(schema) if pair[0] == "$ref"] or _all(schema)


def _nullable(check: Keyword) -> Keyword:
    def nullable(validator: Any, told: Any, value: Any, schema: Any) -> Any:
        is_null = value is None and schema.get("nullable") is True
        return () if is_null else check(validator, told, value, schema)

    return nullable


def _required(_validator: Any, told: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
    """Ask for what is required, but for members that only one direction has."""
    if not isinstance(value, dict):
        return
    known = schema.get("properties")
    for name in told:
        member = known.get(name) if isinstance(known, dict) else None
        one_way = isinstance(member, dict) and (member.get("readOnly") or member.get("writeOnly"))
        if name not in value and not one_way:
            yield ValidationError(f"{name!r} is a required property")


def _pattern(_validator: Any, told: Any, value: Any, _schema: Any) -> Iterator[ValidationError]:
    if isinstance(value, str) and is_quick(told, value) and not re.search(told, value):
        yield ValidationError(f"does not match {told}")


def _unique(_validator: Any, told: Any, value: Any, _schema: Any) -> Iterator[ValidationError]:
    if told is True and isinstance(value, list):
        written = [json.dumps(item, sort_keys=True) for item in value]
        if len(set(written)) < len(written):
            yield ValidationError("its items are not unique")


def _message(error: ValidationError) -> str:
    shown, told = _shown(error.instance), _shown(error.validator_value)
    messages = {
        "type": f"{shown} is not of the type {told}",
        "enum": f"{shown} is not one of {told}",
        "format": f"{shown} does not have the format {told}",
        "pattern": f"{shown} does not match the pattern {told}",
        "anyOf": f"{shown} is none of what the schema allows",
        "oneOf": f"{shown} is not exactly one of what the schema allows",
    }
    return messages.get(str(error.validator)) or " ".join(error.message.split())[:300]


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 100 else f"{text[:100]}…"


def _format_checker() -> FormatChecker:
    checker = FormatChecker(formats=("date", "email", "ipv4", "ipv6", "uuid"))
    checker.checks("date-time", raises=ValueError)(_is_timestamp)
    checker.checks("uri")(_is_uri)
    for name, bits in _INTEGERS.items():
        checker.checks(name)(_is_integer(bits))
    return checker


def _is_timestamp(value: object) -> bool:
    if isinstance(value, str):
        parse_timestamp(value)
    return True


def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or bool(re.fullmatch(r"[A-Za-z][\w+.-]*:\S*", value))


def _is_integer(bits: int) -> Callable[[object], bool]:
    return lambda value: not isinstance(value, int) or -(2**bits) <= value < 2**bits
