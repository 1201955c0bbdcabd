"""What tokens say of themselves, unverified: for whom the check then mints the others."""

import base64
import json
from collections.abc import Mapping
from typing import Any

ORG, OTHER_ORG = "ttd", "digdir"
"""For whom tokens are minted where none is given."""


def claims_of(token: str) -> Mapping[str, Any]:
    """Return what *token* says; nothing where it cannot be read."""
    part = token.split(".")[1:2]
    try:
        claims: Any = json.loads(base64.urlsafe_b64decode(part[0] + "=="))
    except (ValueError, LookupError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}


def organisation_of(token: str | None, *, is_platform: bool = False) -> str | None:
    """Return the organisation that *token* acts for; None where it does not tell."""
    org = claims_of(token or "").get("iss" if is_platform else "urn:altinn:org")
    return str(org) if org else None


def organisations(bearer: str | None, platform: str | None, other: str | None) -> tuple[str, str]:
    """
    Return for whom to mint: the organisation of the own tokens, and another one.

    The tokens are those that were given, *bearer* and *platform* the own ones; None: not given.
    """
    others = organisation_of(other)
    own = organisation_of(bearer) or organisation_of(platform, is_platform=True)
    own = own or (OTHER_ORG if others == ORG else ORG)
    return own, others or (ORG if own == OTHER_ORG else OTHER_ORG)
