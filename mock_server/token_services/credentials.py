"""Credentials at the token services: a Maskinporten token, or a user of any name."""

import base64
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from mock_server.auth.token_lifetimes import TokenRejectedError
from mock_server.auth.tokens import DevelopmentKey, is_from_maskinporten
from mock_server.http.headers import Headers
from mock_server.token_services.claims import consumer_of
from mock_server.token_services.jwt_bearer_grant import SKEW
from mock_server.token_services.oauth_errors import DoorProblem

_BEARER = 'Bearer realm="altinn-notifications-mock"'
_BASIC = 'Basic realm="altinn-notifications-mock", charset="UTF-8"'
_GET_ONE = "Send 'Authorization: Bearer <token>' with a token that POST /token gave."


class DoorCredentials:
    """Checks of the credentials sent to token services. Each method raises DoorProblem (401)."""

    def __init__(self, key: DevelopmentKey, now: Callable[[], datetime]) -> None:
        """Trust Maskinporten tokens signed by *key*; *now* tells real time."""
        self._key = key
        self._now = now

    def maskinporten(self, headers: Headers) -> Mapping[str, Any]:
        """Return the claims, a consumer among them, of the Maskinporten token that is sent."""
        token = _credential(headers, "bearer")
        if not token:
            raise _unauthorized("No token was sent", _BEARER)
        try:
            claims = self._key.verify(token, self._now(), SKEW)
            if not is_from_maskinporten(token):
                raise _rejected("it is not one of Maskinporten's")
            consumer_of(claims)
        except (TokenRejectedError, ValueError) as error:
            raise _rejected(str(error)) from error
        return claims

    def user(self, headers: Headers) -> Mapping[str, Any]:
        """Check that a user of any name is sent, with any password."""
        credential = _credential(headers, "basic")
        try:
            # The real service, too, does without the padding.
            decoded = base64.b64decode(f"{credential}{'=' * (-len(credential) % 4)}", validate=True)
        except ValueError:
            decoded = b""
        name, colon, _password = decoded.partition(b":")
        if not name or not colon:
            detail = (
                "No user was sent. Send 'Authorization: Basic <user:password>' in Base64, with any "
                "user and any password."
            )
            raise DoorProblem("invalid_client", detail, status=401, challenge=_BASIC)
        return {}


def _credential(headers: Headers, wanted: str) -> str:
    scheme, _, credential = (headers.get("Authorization") or "").strip().partition(" ")
    return credential.strip() if scheme.lower() == wanted else ""


def _rejected(reason: str) -> DoorProblem:
    shown = reason.replace('"', "'")
    challenge = f'{_BEARER}, error="invalid_token", error_description="{shown}"'
    return _unauthorized(f"The token was refused: {reason}", challenge)


def _unauthorized(what: str, challenge: str) -> DoorProblem:
    return DoorProblem("invalid_token", f"{what}. {_GET_ONE}", status=401, challenge=challenge)
