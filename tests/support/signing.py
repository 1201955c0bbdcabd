"""Tokens signed by the development key, with any claims."""

from typing import Any

import jwt

from mock_server.auth.tokens import ALGORITHM, CREATE_SCOPE, DevelopmentKey
from tests.conftest import Client

KEY = DevelopmentKey()
FAR = 4_000_000_000
"""A time in the year 2096."""


def encode(claims: dict[str, Any], key: Any = None, headers: dict[str, Any] | None = None) -> str:
    """Return a token with *claims*, None left out, signed by *key* or the development key."""
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(kept, key or KEY.private, algorithm=ALGORITHM, headers=headers)


def bearer(claims: dict[str, Any] | None = None, **more: Any) -> str:
    """Return a bearer token, by default valid for ttd, with *claims*; *more* as in `encode`."""
    valid = {"exp": FAR, "scope": CREATE_SCOPE, "urn:altinn:org": "ttd"}
    return encode(valid | (claims or {}), **more)


def platform(claims: dict[str, Any] | None = None, **more: Any) -> str:
    """Return a platform token, by default valid for ttd, with *claims*; *more* as in `encode`."""
    return encode(
        {"exp": FAR, "iss": "ttd", "urn:altinn:app": "apps-test"} | (claims or {}), **more
    )


def status_of(api: Client, bearer: str | None = None, platform: str | None = None) -> int:
    """Return the status of a cancel with these tokens."""
    headers = {} if platform is None else {"PlatformAccessToken": platform}
    if bearer is not None:
        headers["Authorization"] = f"Bearer {bearer}"
    return api.cancel(token=None, headers=headers).status_code
