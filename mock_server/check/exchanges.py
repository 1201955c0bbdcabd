"""Exchanges with the server under check: a request, and its answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from time import perf_counter
from typing import Any

NOT_ASKED = "the contract has no such operation"
"""The trouble of an answer that was not asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """
    A request for an operation: *url* in full, *headers* as they go out.

    *body* is None where there is none.

    *shown* has, for a header that carries a credential, how a shell comes by its value. *secret*
    is a token that the URL has.

    *before* are the requests that made the order *order_id*, whose id stands in the URL, what it
    was then; or those that an answer depends on. *made* has each id that the answer told, with its
    member and the how-manieth of that name it was there.
    """

    operation_id: str
    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    is_chunked: bool = False
    shown: Mapping[str, str] = field(default_factory=dict)
    secret: str | None = None
    before: "tuple[Request, ...]" = ()
    order_id: str = ""
    made: Mapping[str, tuple[str, int]] = field(default_factory=dict)

    def header(self, name: str) -> str | None:
        """Return the header *name*, in any letter case; None where it is not sent."""
        return _find(self.headers, name)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """
    An answer; *status* is 0, with a *trouble* in words, where no whole one came back.

    *seconds* is how long it took, *ended* when it was whole by this process's own
    clock, both in seconds. Headers keep their order; names are in any letter case.
    """

    request: Request
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    seconds: float = 0.0
    ended: float = field(default_factory=perf_counter)
    trouble: str | None = None

    @property
    def was_asked(self) -> bool:
        """Whether anything was sent: not where the contract has no such operation."""
        return self.trouble != NOT_ASKED

    def header(self, name: str) -> str | None:
        """Return the header *name*; several of one name are joined by a comma; None: not there."""
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(found) if found else None

    @cached_property
    def json(self) -> Any:
        """
        The body read as JSON in UTF-8; None where it is none.

        Source: RFC 8259 section 8.1.
        """
        try:
            return json.loads(self.body.decode())
        except (ValueError, RecursionError):
            return None

    @property
    def document(self) -> dict[str, Any]:
        """The body where it is a JSON object, else an empty one."""
        return self.json if isinstance(self.json, dict) else {}

    def at(self, *names: str) -> Any:
        """Return the value at *names*, a path of members; None where there is none."""
        return member(self.json, *names)

    def objects(self, name: str) -> list[dict[str, Any]]:
        """Return the objects of the list that the member *name* is; none where it is none."""
        return objects(self.at(name))

    @property
    def media_type(self) -> str | None:
        """The media type without its parameters, in lower case."""
        value = self.header("Content-Type")
        return None if value is None else value.partition(";")[0].strip().lower()

    def in_words(self) -> str:
        """Return the status and the beginning of the body, on one line."""
        if self.trouble is not None:
            return self.trouble
        text = " ".join(self.body[:300].decode("utf-8", "replace").split())
        return printable(f"{self.status} {text}".strip())


def printable(text: str) -> str:
    """Return *text*, which a server made up, without characters that reports cannot show."""
    return "".join(one if one.isprintable() else "\ufffd" for one in text)


def member(value: Any, *names: str) -> Any:
    """Return the member at *names*, a path into *value*; None where there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def objects(value: Any) -> list[dict[str, Any]]:
    """Return the objects in *value* where that is a list, else none."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _find(headers: Mapping[str, str], name: str) -> str | None:
    return next((value for key, value in headers.items() if key.lower() == name.lower()), None)
