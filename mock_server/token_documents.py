"""A token request as the control plane and the Python interface write it."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any, TypeVar

from mock_server.tokens import Kind, Preset, TokenRequest

_Word = TypeVar("_Word", bound=StrEnum)


def read_token_request(document: Mapping[str, Any]) -> TokenRequest:
    """
    Return what *document*, typed as the contract says, asks to mint; null reads as absent.

    Raises:
        ValueError: no such kind or preset.
    """
    given = {name: value for name, value in document.items() if value is not None}
    default = TokenRequest()
    return TokenRequest(
        kind=_word(Kind, "kind", given.get("kind", default.kind)),
        org=given.get("org", default.org),
        scope=given.get("scope"),
        expires_in=timedelta(seconds=given.get("expiresIn", default.expires_in.total_seconds())),
        preset=_word(Preset, "preset", given.get("preset", default.preset)),
    )


def _word(words: type[_Word], name: str, value: str) -> _Word:
    try:
        return words(value)
    except ValueError:
        raise ValueError(f"there is no {name} '{value}'; use {', '.join(words)}") from None
