"""A token request as the control plane and the Python interface write it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from mock_server.tokens import Kind, Preset, TokenRequest


def read_token_request(document: Mapping[str, Any]) -> TokenRequest:
    """Return what *document*, checked by the contract, asks to mint; null reads as absent."""
    given = {name: value for name, value in document.items() if value is not None}
    default = TokenRequest()
    return TokenRequest(
        kind=Kind(given.get("kind", default.kind)),
        org=given.get("org", default.org),
        scope=given.get("scope"),
        expires_in=timedelta(seconds=given.get("expiresIn", default.expires_in.total_seconds())),
        preset=Preset(given.get("preset", default.preset)),
    )
