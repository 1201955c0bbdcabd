"""A token request as the control plane and the Python interface write it."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any, TypeVar

from mock_server.auth.tokens import Kind, Preset, TokenRequest
from mock_server.records.members import TEXT, MemberError, number_of, present

LONGEST_LIFE = 31_536_000
"""Seconds that a token can live at most: a year."""

_LIFE = number_of("seconds", 1, LONGEST_LIFE)
_Word = TypeVar("_Word", bound=StrEnum)


def read_token_request(document: Mapping[str, Any]) -> TokenRequest:
    """
    Return the token request in *document*; null reads as absent.

    Raises:
        MemberError: no such kind or preset, or a member has not the type or size that it must.
    """
    given = present(document)
    default = TokenRequest()
    forms = {"org": TEXT, "scope": TEXT, "expiresIn": _LIFE}
    read = {name: form.read(given[name], name) for name, form in forms.items() if name in given}
    return TokenRequest(
        kind=_word(Kind, "kind", given.get("kind", default.kind)),
        org=read.get("org") or default.org,
        scope=read.get("scope"),
        expires_in=timedelta(seconds=read["expiresIn"])
        if "expiresIn" in read
        else default.expires_in,
        preset=_word(Preset, "preset", given.get("preset", default.preset)),
    )


def _life_of(read: Mapping[str, Any]) -> timedelta | None:
    return timedelta(seconds=read["expiresIn"]) if "expiresIn" in read else None


def _word(words: type[_Word], name: str, value: str) -> _Word:
    try:
        return words(value)
    except ValueError:
        message = f"there is no {name} '{value}'; use {', '.join(words)}"
        raise MemberError(name, message) from None
