"""Tokens that were given and cannot do: told before they make findings of every request."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from mock_server.clock import wall_now
from mock_server.conformance.credentials import Given
from mock_server.conformance.preflight import CannotCheckError
from mock_server.tokens import CREATE_SCOPE

_ORG = "urn:altinn:org"


def see_given(given: Given) -> None:
    """
    See that the *given* tokens can do what they were given for, as far as they tell themselves.

    Raises:
        CannotCheckError: one has run out, has its scheme before it, is of the same organisation
            or has the scope where it should not; names its option, and says what to give.
    """
    for option, token in (
        ("--bearer", given.bearer),
        ("--platform-token", given.platform),
        ("--other-bearer", given.other),
        ("--unscoped-bearer", given.unscoped),
    ):
        _see(option, token or "")
    own, other = (_claims(token or "").get(_ORG) for token in (given.bearer, given.other))
    if own is not None and own == other:
        raise CannotCheckError(f"--other-bearer is of {own}, as --bearer is; give another's")
    if CREATE_SCOPE in str(_claims(given.unscoped or "").get("scope")).split():
        raise CannotCheckError(f"--unscoped-bearer has {CREATE_SCOPE}; give one without it")


def _see(option: str, token: str) -> None:
    if token[:7].lower() == "bearer ":
        raise CannotCheckError(f"{option} begins with 'Bearer '; give the token alone")
    expires = _expires(token)
    if expires is not None and expires <= wall_now():
        raise CannotCheckError(f"{option} expired at {expires:%Y-%m-%dT%H:%M:%SZ}; give a new one")


def _expires(token: str) -> datetime | None:
    """Return when *token* runs out, aware UTC; None where it does not tell."""
    try:
        return datetime.fromtimestamp(_claims(token)["exp"], UTC)
    except (ValueError, LookupError, TypeError, OverflowError, OSError):
        return None


def _claims(token: str) -> Mapping[str, Any]:
    """Return what *token* says, unverified; nothing where it cannot be read."""
    part = token.split(".")[1:2]
    try:
        claims: Any = json.loads(base64.urlsafe_b64decode(part[0] + "=="))
    except (ValueError, LookupError):
        return {}
    return claims if isinstance(claims, dict) else {}
