"""Documents judged by schemas, with messages that name the mistake and its mending."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from functools import cache
from typing import Any

from mock_server.contract.judge import Fault, Judge
from mock_server.contract.keywords import STEPS, Dialect
from mock_server.formats.guids import parse_guid
from mock_server.formats.timestamps import parse_duration, parse_timestamp

LONGEST_MESSAGE = 500
"""Characters of a message; values are repeated in it."""

_SIZES = {
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
}
"""What to send where a value is too short or too long, by the keyword that says so."""

_LEAP = re.compile(r"([Tt]23:59:)60(?=[.Zz+-])", re.ASCII)


def parse_moment(text: str) -> datetime:
    """
    Return the UTC datetime of the RFC 3339 *text*; a leap second is the second before it.

    Raises:
        ValueError: it is none.

    Source: RFC 3339 section 5.7.
    """
    return parse_timestamp(_LEAP.sub(r"\g<1>59", text))


def parse_date(text: str) -> date:
    """
    Return the date of the RFC 3339 *text*.

    Raises:
        ValueError: it is none.
    """
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        raise ValueError(f"'{text}' is no date of RFC 3339, such as 2031-03-01")
    return date.fromisoformat(text)


_PARSERS: Mapping[str, Callable[[str], object]] = {
    "uuid": parse_guid,
    "date": parse_date,
    "date-time": parse_moment,
    "duration": parse_duration,
    "signed-duration": parse_duration,
}


def conforms(parse: Callable[[str], object]) -> Callable[[Any], bool]:
    """Return the check of a format whose values *parse* takes, and refuses with a ValueError."""

    def is_valid(value: Any) -> bool:
        try:
            parse(value)
        except ValueError:
            return False
        return True

    return is_valid


_FORMATS = {name: conforms(parse) for name, parse in _PARSERS.items()}


@cache
def requests() -> Judge:
    """Return the judge of requests by schemas whose references are written out."""
    return requests_of(None)


def requests_of(document: object) -> Judge:
    """Return the judge of requests by schemas that refer into the contract *document*."""
    return Judge(Dialect(_FORMATS, may_miss=frozenset({"readOnly"})), document)


def answers_of(document: object) -> Judge:
    """Return the judge of answers by schemas that refer into the contract *document*."""
    dialect = Dialect({}, may_miss=frozenset({"writeOnly"}), hidden="writeOnly")
    return Judge(dialect, document)


def judge_of(document: object) -> Judge:
    """Return the judge of examples of answers, by schemas that refer into *document*."""
    return Judge(Dialect(_FORMATS, may_miss=frozenset({"writeOnly"})), document)


def errors_in(
    document: object, schema: Mapping[str, Any], judge: Judge | None = None
) -> dict[str, list[str]]:
    """
    Return the breaches of *schema* in *document*: messages, which are sentences, by place.

    Without a *judge*, that of requests: the references of *schema* are written out.
    """
    errors: dict[str, list[str]] = {}
    for fault in (judge or requests()).faults(schema, document):
        errors.setdefault(place_of(fault), []).append(_sentence(fault))
    return errors


def place_of(fault: Fault) -> str:
    """Return the place of *fault*, such as `$.recipients[0].email`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in fault.place)
    return f"${''.join(steps)}"


def _sentence(fault: Fault) -> str:
    told = message_of(fault)
    if fault.value is None or isinstance(fault.value, bool):  # JSON has another word for it
        told = re.sub(f"^{fault.value}(?= )", json.dumps(fault.value), told)
    if fault.keyword == "additionalProperties":
        told = f"{told}; {_members_meant(fault)}"
    text = told if len(told) <= LONGEST_MESSAGE else f"{told[:LONGEST_MESSAGE]}…"
    return f"{text}{_cause(fault)}."


def message_of(fault: Fault) -> str:
    """Return the sentence for *fault*, such as `'a' is not of type 'integer'`."""
    say = _MESSAGES.get(fault.keyword)
    return fault.message if say is None else f"{_subject(fault)} {say(fault)}"


def _subject(fault: Fault) -> str:
    if fault.keyword == "required":
        return repr(fault.told.get("property"))
    return "Additional properties" if fault.keyword == "additionalProperties" else repr(fault.value)


def _cause(fault: Fault) -> str:
    """Return why a value does not have its format, as the parser says it, or what size to send."""
    if fault.keyword in _SIZES:
        return f"; send {_SIZES[fault.keyword].format(fault.schema[fault.keyword])}"
    parse = _PARSERS.get(str(fault.schema.get("format"))) if fault.keyword == "format" else None
    if parse is None:
        return ""
    try:
        parse(fault.value)
    except ValueError as error:
        return f" ({error})"
    return ""


def _types(fault: Fault) -> str:
    told = fault.schema["type"]
    names = [name for name in told if name != "null"] or told
    return f"is not of type {', '.join(map(repr, names))}"


def _words(fault: Fault) -> str:
    # A null among the words is nothing to choose.
    return f"is not one of {[word for word in fault.schema['enum'] if word is not None]!r}"


def _unexpected(fault: Fault) -> str:
    known = fault.schema.get("properties", {})
    names = sorted(name for name in fault.value if name not in known)
    verb = "was" if len(names) == 1 else "were"
    return f"are not allowed ({', '.join(map(repr, names))} {verb} unexpected)"


def _limit(of: str, or_equal: str) -> Callable[[Fault], str]:
    def say(fault: Fault) -> str:
        limit = fault.told.get("limit")
        return f"is {or_equal if fault.keyword.startswith('exclusive') else of} of {limit!r}"

    return say


def _one_of(fault: Fault) -> str:
    # An alternative that says nothing against the value is one that it meets.
    is_met = any(not errors for errors in fault.told.get("context", ()))
    number = "more than one" if is_met else "any"
    return f"is {'' if is_met else 'not '}valid under {number} of the given schemas"


def _none_of(alternatives: Iterable[Mapping[str, Any]]) -> str:
    """Return what to say of a value that meets none of *alternatives*: which, where plain."""
    alternatives = [each for each in alternatives if STEPS not in each]
    if alternatives and all(each.keys() == {"required"} for each in alternatives):
        names = [name for each in alternatives for name in each["required"]]
        return f"has none of {names!r}; send one of them"
    words = [word for each in alternatives for word in each.get("enum", ())]
    types = [name for each in alternatives if "enum" not in each for name in each.get("type", ())]
    if not words or not all({"enum", "type"} & each.keys() for each in alternatives):
        return "is not valid under any of the given schemas"
    return f"is not one of {words!r}" + "".join(f", nor of type {each!r}" for each in types)


def _members_meant(fault: Fault) -> str:
    """Return which member may be meant by the first that is unknown, or which there are."""
    known = [str(name) for name in fault.schema.get("properties", {})]
    strange = next((name for name in fault.value if name not in known), "")
    close = get_close_matches(strange.replace("_", ""), known, n=1)
    return (
        f"use {close[0]}"
        if close
        else f"there {'is' if len(known) == 1 else 'are'} {', '.join(known) or 'none'}"
    )


_LOW = _limit("less than the minimum", "less than or equal to the minimum")
_HIGH = _limit("greater than the maximum", "greater than or equal to the maximum")
_MESSAGES: Mapping[str, Callable[[Fault], str]] = {
    "required": lambda _: "is a required property",
    "type": _types,
    "enum": _words,
    "additionalProperties": _unexpected,
    "minimum": _LOW,
    "exclusiveMinimum": _LOW,
    "maximum": _HIGH,
    "exclusiveMaximum": _HIGH,
    "multipleOf": lambda it: f"is not a multiple of {it.schema['multipleOf']!r}",
    "minLength": lambda it: _too_short(it.schema["minLength"]),
    "minItems": lambda it: _too_short(it.schema["minItems"]),
    "maxLength": lambda it: _too_long(it.schema["maxLength"]),
    "maxItems": lambda it: _too_long(it.schema["maxItems"]),
    "uniqueItems": lambda _: "has non-unique elements",
    "format": lambda it: f"is not a {it.schema['format']!r}",
    "pattern": lambda it: f"does not match {it.schema['pattern']!r}",
    "anyOf": lambda it: _none_of(it.schema["anyOf"]),
    "oneOf": _one_of,
    "not": lambda it: (
        f"should not be valid under {it.schema['not']!r}" if it.schema["not"] else "is not allowed"
    ),
    "minProperties": lambda it: (
        "should be non-empty"
        if it.schema["minProperties"] == 1
        else "does not have enough properties"
    ),
    "maxProperties": lambda it: (
        "is expected to be empty" if it.schema["maxProperties"] == 0 else "has too many properties"
    ),
}


def _too_short(limit: int) -> str:
    return "should be non-empty" if limit == 1 else "is too short"


def _too_long(limit: int) -> str:
    return "is expected to be empty" if limit == 0 else "is too long"
