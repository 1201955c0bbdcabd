"""Examples judged by the schemas of their document, by the judge that serves requests, too."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from ipaddress import IPv4Address, IPv6Address
from typing import Any
from urllib.parse import quote
from uuid import UUID

from mock_server.contract.judge import Fault, Judge
from mock_server.contract.keywords import BITS, Dialect
from mock_server.contract.nodes import Node
from mock_server.contract.schemas import conforms, message_of, parse_date, parse_moment
from mock_server.lint.documents import Document
from mock_server.lint.rules import Told

MOST_FAULTS = 5
"""Faults that are told of one value."""

LONGEST_MESSAGE = 300
"""Characters of a message of the judge; values are repeated in it."""

_FORMATS: Mapping[str, Callable[[Any], bool]] = {
    "date": conforms(parse_date),
    "date-time": conforms(parse_moment),
    "email": lambda text: "@" in text,
    "ipv4": conforms(IPv4Address),
    "ipv6": conforms(IPv6Address),
    "uri": lambda text: re.fullmatch(r"[A-Za-z][\w+.-]*:\S*", text) is not None,
    "uuid": lambda text: conforms(UUID)(text) and all(text[at] == "-" for at in (8, 13, 18, 23)),
}


class Examples:
    """Judge of the examples of one document."""

    def __init__(self, document: Document) -> None:
        """Read the schemas of *document*."""
        one_way = frozenset(("readOnly", "writeOnly"))
        dialect = Dialect(_FORMATS, document.version, may_miss=one_way)
        self._judge = Judge(dialect, document.root.value)

    def faults(self, schema: Node, value: Node) -> Iterator[Told]:
        """Yield the breaches of *schema* in *value*: where, and how."""
        reference = {"$ref": f"#{quote(schema.pointer, safe='/~')}"}
        for fault in self._judge.faults(reference, value.value, MOST_FAULTS):
            yield value.at(fault.place), _message(fault)


def _message(fault: Fault) -> str:
    shown = _shown(fault.value)
    asked = _asked(fault)
    messages = {
        "type": f"{shown} is not of the type {asked}",
        "enum": f"{shown} is not one of {asked}",
        "format": f"{shown} does not have the format {asked}",
        BITS: f"{shown} does not have the format {asked}",
        "pattern": f"{shown} does not match the pattern {asked}",
        "anyOf": f"{shown} is none of what the schema allows",
        "oneOf": f"{shown} is not exactly one of what the schema allows",
    }
    told = messages.get(fault.keyword) or message_of(fault)
    return " ".join(told.split())[:LONGEST_MESSAGE]


def _asked(fault: Fault) -> str:
    """Return the value of the keyword, without the null that `nullable` stands for."""
    asked = fault.schema.get(fault.keyword)
    if fault.keyword == BITS:
        asked = f"int{fault.schema[BITS] + 1}"
    elif fault.keyword in {"type", "enum"} and isinstance(asked, list):
        is_null = (None, "null") if fault.schema.get("nullable") else ()
        asked = [item for item in asked if item not in is_null]
        asked = asked[0] if fault.keyword == "type" and len(asked) == 1 else asked
    return _shown(asked)


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 100 else f"{text[:100]}…"
