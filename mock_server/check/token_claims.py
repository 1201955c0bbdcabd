"""Claims of tokens, unverified: the check mints others for the same organisations."""

import base64
import json
from collections.abc import Mapping
from typing import Any

ORG, OTHER_ORG = "ttd", "digdir"
"""For whom tokens are minted where none is given."""

SCOPE_CLAIMS = ("urn:altinn:scope", "scope")
"""Where an Altinn token has its scopes."""


def claims_of(token: str) -> Mapping[str, Any]:
    """Return the claims of *token*; none where it cannot be read."""
    return _part(token, 1)


def header_of(token: str) -> Mapping[str, Any]:
    """Return the header of *token*, which names its algorithm; empty where it cannot be read."""
    return _part(token, 0)


def scopes_of(token: str | None) -> frozenset[str]:
    """
    Return every scope that *token* has, in either claim, as a text or in a list.

    Servers differ in what they make of both claims or a list, so all that is there counts.
    """
    claims = claims_of(token or "")
    values = [claims.get(name) for name in SCOPE_CLAIMS]
    texts = [text for value in values for text in (value if isinstance(value, list) else [value])]
    return frozenset(scope for text in texts if isinstance(text, str) for scope in text.split())


def _part(token: str, number: int) -> Mapping[str, Any]:
    part = token.split(".")[number : number + 1]
    try:
        read: Any = json.loads(base64.urlsafe_b64decode(part[0] + "=="))
    except (ValueError, LookupError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def organisation_of(token: str | None, *, is_platform: bool = False) -> str | None:
    """Return the organisation that *token* acts for; None where it does not tell."""
    org = claims_of(token or "").get("iss" if is_platform else "urn:altinn:org")
    return str(org) if org else None


def organisations(bearer: str | None, platform: str | None, other: str | None) -> tuple[str, str]:
    """
    Return the organisations to mint for: that of the own tokens, and another one.

    The tokens are those that were given, *bearer* and *platform* the own ones; None: not given.
    """
    others = organisation_of(other)
    own = organisation_of(bearer) or organisation_of(platform, is_platform=True)
    own = own or (OTHER_ORG if others == ORG else ORG)
    return own, others or (ORG if own == OTHER_ORG else OTHER_ORG)
