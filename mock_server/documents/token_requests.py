"""A token request as the control plane and the Python interface write it."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any, TypeVar

from mock_server.auth.tokens import Kind, Preset, TokenRequest
from mock_server.records.members import MemberError

LONGEST_LIFE = 31_536_000
"""Seconds that a token can live at most: a year."""

_Word = TypeVar("_Word", bound=StrEnum)


def read_token_request(document: Mapping[str, Any]) -> TokenRequest:
    """
    Return what *document* asks to mint; null reads as absent.

    Raises:
        MemberError: no such kind or preset, or a member has not the type or size that it must.
    """
    given = {name: value for name, value in document.items() if value is not None}
    default = TokenRequest()
    return TokenRequest(
        kind=_word(Kind, "kind", given.get("kind", default.kind)),
        org=_text(given, "org") or default.org,
        scope=_text(given, "scope"),
        expires_in=_seconds(given) or default.expires_in,
        preset=_word(Preset, "preset", given.get("preset", default.preset)),
    )


def _text(given: Mapping[str, Any], name: str) -> str | None:
    value = given.get(name)
    if value is not None and not isinstance(value, str):
        raise MemberError(name, f"{value!r} is not text; send a string")
    return value


def _seconds(given: Mapping[str, Any]) -> timedelta | None:
    value = given.get("expiresIn")
    if value is None:
        return None
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if not is_number or not 1 <= value <= LONGEST_LIFE:
        message = f"{value!r} is not a whole number of seconds from 1 to {LONGEST_LIFE}"
        raise MemberError("expiresIn", message)
    return timedelta(seconds=value)


def _word(words: type[_Word], name: str, value: str) -> _Word:
    try:
        return words(value)
    except ValueError:
        message = f"there is no {name} '{value}'; use {', '.join(words)}"
        raise MemberError(name, message) from None
