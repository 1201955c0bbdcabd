"""Documents judged by the schemas of our contracts."""

import itertools
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any

from jsonschema import Draft4Validator, FormatChecker, ValidationError
from jsonschema.validators import extend

from mock_server.contract.fast_schemas import SureChecks
from mock_server.formats.guids import parse_guid
from mock_server.formats.timestamps import parse_duration, parse_timestamp

MOST_ERRORS = 100
"""How many errors of one body are looked for; a hostile one has millions."""

_END = re.compile(r"(?<!\\)\$\Z")


def validator_of(schema: Mapping[str, Any]) -> Any:
    """Return a validator of jsonschema that judges by *schema*, formats included."""
    kind, checker = _kind()
    return kind(schema, format_checker=checker)


def sure_checks() -> SureChecks:
    """Return checks that say yes to nothing that `validator_of` would refuse."""
    kind, checker = _kind()
    return SureChecks(kind.VALIDATORS, checker)


@cache
def _kind() -> tuple[Any, FormatChecker]:
    """Return what validators are made of, which takes a thousand times as long as to judge."""
    rules = {"pattern": _pattern, "type": lenient("type"), "enum": lenient("enum")}
    return extend(Draft4Validator, rules), _format_checker()  # type: ignore[no-untyped-call] # jsonschema is untyped


def lenient(keyword: str) -> Any:
    """
    Return the rule of *keyword*, `type` or `enum`, that lets pass what stands beside a schema.

    That is null where it is `nullable`, and values of the JSON types of `x-also-accepts`, which
    the service takes and writes although generated clients are not told so.
    """
    rule: Any = Draft4Validator.VALIDATORS[keyword]

    def judge(validator: Any, wanted: Any, value: object, schema: Any) -> Iterator[Any]:
        others = schema.get("x-also-accepts", ())
        is_other = any(validator.is_type(value, each) for each in others)
        if not is_other and (value is not None or not schema.get("nullable")):
            yield from rule(validator, wanted, value, schema)

    return judge


def _pattern(_validator: Any, pattern: str, value: object, _schema: Any) -> Iterator[Any]:
    """Judge as ECMA-262 does, where a final `$` lets no line break follow, as Python's would."""
    if isinstance(value, str) and re.search(_END.sub(r"\\Z", pattern), value) is None:
        yield ValidationError(f"{value!r} does not match {pattern!r}")


def _format_checker() -> FormatChecker:
    """Return a checker of our own, so that jsonschema stays as it is for the whole process."""
    checker = FormatChecker(formats=())
    for name, parse in (
        ("uuid", parse_guid),
        ("date-time", parse_timestamp),
        ("duration", parse_duration),
    ):
        checker.checks(name, raises=ValueError)(_checks(parse))
    return checker


def _checks(parse: Any) -> Any:
    def is_valid(value: object) -> bool:
        if isinstance(value, str):
            parse(value)
        return True

    return is_valid


def errors_in(document: object, schema: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what of *document* breaks *schema*: messages, which are sentences, by place."""
    validator = validator_of(schema)
    errors: dict[str, list[str]] = {}
    for error in itertools.islice(validator.iter_errors(document), MOST_ERRORS):
        errors.setdefault(_place(error), []).append(_message(error))
    return errors


def _place(error: ValidationError) -> str:
    path = "".join(
        f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path
    )
    return f"${path}"


def _message(error: ValidationError) -> str:
    told = error.message
    if error.validator == "enum":  # a null among the words is nothing to choose
        listed: Any = error.validator_value
        words = [word for word in listed if word is not None]
        told = f"{error.instance!r} is not one of {words!r}"
    elif error.validator == "additionalProperties":
        told = f"{told}; {_members_meant(error)}"
    text = told if len(told) <= 500 else f"{told[:500]}…"
    cause = f" ({error.cause})" if error.cause else ""
    return f"{text}{cause}."


def _members_meant(error: ValidationError) -> str:
    """Return which member may be meant by the first that is unknown, or which there are."""
    parent: Any = error.schema
    known = [str(name) for name in parent.get("properties", {})]
    sent: Any = error.instance
    strange = next((name for name in sent if name not in known), "")
    close = get_close_matches(strange.replace("_", ""), known, n=1)
    return f"use {close[0]}" if close else f"there are {', '.join(known) or 'none'}"
