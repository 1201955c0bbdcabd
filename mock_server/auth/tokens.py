"""Tokens: the published development key, minting test tokens, verifying those of callers."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from importlib import resources
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from mock_server.auth.token_lifetimes import Lifetime, TokenRejectedError

CREATE_SCOPE = "altinn:serviceowner/notifications.create"
"""The scope that every operation of the orders API asks for (docs/tokens.md)."""

ALGORITHM = "RS256"
KEY_ID = "altinn-notifications-mock-development"
MASKINPORTEN_KEY_ID = "altinn-notifications-mock-maskinporten"
"""The same key, where it signs for Maskinporten: what tells such a token from an Altinn token."""
ORGANISATION_NUMBER = "991825827"
DEFAULT_LIFETIME = timedelta(hours=1)
_PAST = timedelta(hours=1)
_WRONG_SCOPE = "altinn:serviceowner/instances.read"
ISSUER = "https://altinn-notifications-mock.example/authentication/api/v1/openid/"


class Kind(StrEnum):
    """The two kinds of token (docs/tokens.md)."""

    BEARER = "bearer"
    PLATFORM = "platform"


class Preset(StrEnum):
    """Presets of minted tokens: valid, or with one named defect (docs/control-plane.md)."""

    VALID = "valid"
    EXPIRED = "expired"
    NOT_YET_VALID = "notYetValid"
    WRONG_SCOPE = "wrongScope"
    NO_ORG = "noOrg"
    USER = "user"
    BAD_SIGNATURE = "badSignature"
    UNSIGNED = "unsigned"


BEARER_PRESETS = frozenset({Preset.WRONG_SCOPE, Preset.NO_ORG, Preset.USER})
"""Presets about claims that a platform token does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRequest:
    """
    Parameters of a token to mint.

    *scope* None means the preset's own; *app* is for platform tokens.
    """

    kind: Kind = Kind.BEARER
    org: str = "ttd"
    scope: str | None = None
    expires_in: timedelta = DEFAULT_LIFETIME
    preset: Preset = Preset.VALID
    app: str = "apps-test"


@dataclass(frozen=True, slots=True)
class MintedToken:
    """A minted *token*, its *claims*, and the header that carries it."""

    token: str
    claims: Mapping[str, object]
    header_name: str
    header_value: str


class DevelopmentKey:
    """
    The RSA key that ships with the mock and signs its tokens alone.

    It is published, so a token signed with it proves nothing anywhere else.
    """

    @cached_property
    def private(self) -> RSAPrivateKey:
        """The private key, read from the package on first use."""
        pem = resources.files("mock_server.auth").joinpath("development-key.pem").read_bytes()
        key = load_pem_private_key(pem, password=None)
        if not isinstance(key, RSAPrivateKey):
            message = "the development key is not an RSA key"
            raise TypeError(message)
        return key

    def jwks(self, key_id: str = KEY_ID) -> dict[str, list[dict[str, str]]]:
        """Return the public half as a JSON Web Key Set (RFC 7517), under the name *key_id*."""
        encoded = jwt.algorithms.RSAAlgorithm.to_jwk(self.private.public_key())
        key = json.loads(encoded)
        public = {"kty": key["kty"], "n": key["n"], "e": key["e"]}
        return {"keys": [{**public, "use": "sig", "alg": ALGORITHM, "kid": key_id}]}

    def mint(self, request: TokenRequest, now: datetime) -> MintedToken:
        """
        Return the token that *request* asks for, issued at *now* (real time, aware UTC).

        Raises:
            ValueError: the preset is about claims that this kind of token does not have.

        Source: docs/tokens.md.
        """
        if request.kind is Kind.PLATFORM and request.preset in BEARER_PRESETS:
            message = f"preset '{request.preset}' is about bearer tokens; use kind 'bearer'"
            raise ValueError(message)
        claims = _claims(request, int(now.timestamp()))
        token = self._sign(claims, request.preset)
        if request.kind is Kind.PLATFORM:
            return MintedToken(token, claims, "PlatformAccessToken", token)
        return MintedToken(token, claims, "Authorization", f"Bearer {token}")

    def _sign(self, claims: dict[str, object], preset: Preset) -> str:
        if preset is Preset.UNSIGNED:
            return jwt.encode(claims, "", algorithm="none")
        token = self.sign(claims)
        if preset is Preset.BAD_SIGNATURE:
            other = self.sign({**claims, "jti": "another"})
            return f"{token.rpartition('.')[0]}.{other.rpartition('.')[2]}"
        return token

    def sign(self, claims: dict[str, object], key_id: str = KEY_ID) -> str:
        """Return a token with *claims*, whose header names the key *key_id*."""
        return jwt.encode(claims, self.private, algorithm=ALGORITHM, headers={"kid": key_id})

    def verify(self, token: str, now: datetime, leeway: timedelta) -> dict[str, Any]:
        """
        Return the claims of *token* if this key signed it (RS256 alone) and it holds at *now*.

        Raises:
            TokenRejectedError: not a JWT, another signature, expired, not yet valid, no `exp`.

        Source: docs/tokens.md; RFC 8725 section 3.1 (algorithms).
        """
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self.private.public_key(),
                algorithms=[ALGORITHM],
                options=_OPTIONS,
            )
            # Half of a surrogate pair could not be kept; as for .NET, it is no text.
            json.dumps(claims, ensure_ascii=False).encode()
        except jwt.InvalidSignatureError as error:
            message = "its signature was not made with the mock's development key"
            raise TokenRejectedError(message) from error
        except jwt.InvalidAlgorithmError as error:
            message = f"its algorithm is not {ALGORITHM}"
            raise TokenRejectedError(message) from error
        except (jwt.PyJWTError, ValueError, RecursionError) as error:
            message = "it is not a JSON Web Token in compact form"
            raise TokenRejectedError(message) from error
        Lifetime.of(claims).check(now, leeway)
        return claims


def is_from_maskinporten(token: str) -> bool:
    """Tell whether *token*, which `verify` accepted, was signed for Maskinporten."""
    return jwt.get_unverified_header(token).get("kid") == MASKINPORTEN_KEY_ID


# Lifetimes are checked here against the time given; issuer and audience are not, as upstream.
_CHECKS = ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")
_OPTIONS: Any = {"verify_signature": True} | {f"verify_{name}": False for name in _CHECKS}


def _claims(request: TokenRequest, now: int) -> dict[str, object]:
    issued = now
    if request.preset is Preset.NOT_YET_VALID:
        begins = now + int(_PAST.total_seconds())
        expires = begins + int(request.expires_in.total_seconds())
    elif request.preset is Preset.EXPIRED:
        expires = now - int(_PAST.total_seconds())
        issued = begins = expires - int(request.expires_in.total_seconds())
    else:
        begins = now
        expires = now + int(request.expires_in.total_seconds())
    lifetime: dict[str, object] = {"iat": issued, "nbf": begins, "exp": expires}
    if request.kind is Kind.PLATFORM:
        app = {"urn:altinn:app": request.app, "aud": "platform.altinn.no"}
        return {"iss": request.org, **app, **lifetime, "jti": secrets.token_hex(16)}
    if request.preset is Preset.USER:
        return {"iss": ISSUER, **lifetime, **_user(request)}
    return {"iss": ISSUER, **lifetime, **_organisation(request)}


def _user(request: TokenRequest) -> dict[str, object]:
    scope = {} if request.scope is None else {"scope": request.scope}
    return {
        "jti": secrets.token_hex(16),
        **scope,
        "urn:altinn:userid": "1337",
        "urn:altinn:username": "UserOne",
        "urn:altinn:partyid": "501337",
        "urn:altinn:authenticatemethod": "Mock",
        "urn:altinn:authlevel": "2",
    }


def _organisation(request: TokenRequest) -> dict[str, object]:
    scope = CREATE_SCOPE if request.scope is None else request.scope
    org = {} if request.preset is Preset.NO_ORG else {"urn:altinn:org": request.org}
    authority = "iso6523-actorid-upis"
    return {
        "jti": secrets.token_hex(16),
        "scope": _WRONG_SCOPE if request.preset is Preset.WRONG_SCOPE else scope,
        "client_id": "00000000-0000-4000-8000-000000000001",
        "consumer": {"authority": authority, "ID": f"0192:{ORGANISATION_NUMBER}"},
        "token_type": "Bearer",
        **org,
        "urn:altinn:orgNumber": ORGANISATION_NUMBER,
        "urn:altinn:authenticatemethod": "maskinporten",
        "urn:altinn:authlevel": "3",
    }
