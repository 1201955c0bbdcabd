"""Authentication of requests: a bearer token with the scope, or a platform access token."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from mock_server.auth.token_lifetimes import Lifetime, TokenRejectedError
from mock_server.auth.tokens import DevelopmentKey, is_from_maskinporten
from mock_server.auth.verification_cache import Asked, VerifiedCallers
from mock_server.domain.callers import Caller
from mock_server.http.headers import Headers
from mock_server.http.problems import Forbidden, Unauthorized

REALM = 'Bearer realm="altinn-notifications"'
PLATFORM_HEADER = "PlatformAccessToken"
PLATFORM_SCHEME, BEARER_SCHEME = "platformAccessToken", "altinnToken"
SCHEMES = (PLATFORM_SCHEME, BEARER_SCHEME)
"""Security schemes of the contract, in the order in which credentials count."""
COOKIE = "AltinnStudioRuntime"
BEARER_SKEW = timedelta(0)
PLATFORM_SKEW = timedelta(seconds=10)
_PLATFORM = "platform access token"
_BEARER = "bearer token"
_SHORT_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_SEND_BEARER = "Send 'Authorization: Bearer <token>' with an Altinn token"
_SEND_EITHER = f"{_SEND_BEARER}, or '{PLATFORM_HEADER}: <token>' with a platform access token"
_MINTS = "; the mock's own POST /__mock/tokens mints"


class Credentials(NamedTuple):
    """The tokens in a request: each *platform* access token that is not empty, and the *bearer*."""

    platform: tuple[str, ...]
    bearer: str | None

    @classmethod
    def of(cls, headers: Headers) -> "Credentials":
        """Return those in *headers*; a cookie may stand for the bearer token."""
        platform = tuple(value.strip() for value in headers.all(PLATFORM_HEADER) if value)
        return cls(platform, _bearer_token(headers))


class _RejectedError(Exception):
    """A token of some *kind* is not accepted, for a *reason*."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(f"The {kind} was refused: {reason}.")
        self.kind = kind
        self.reason = reason


class Authenticator:
    """
    Verification of the credentials of a request, and which of them counts.

    Source: docs/tokens.md.
    """

    def __init__(self, key: DevelopmentKey, now: Callable[[], datetime]) -> None:
        """Trust tokens signed by *key*; *now* tells real time, in which tokens live."""
        self._key = key
        self._now = now
        self._verified = VerifiedCallers()

    def caller(
        self,
        credentials: Credentials,
        required_scopes: frozenset[str],
        schemes: Collection[str] = SCHEMES,
        ignored: Callable[[str], None] = lambda _reason: None,
    ) -> Caller | None:
        """
        Return the caller that *credentials* name, of those that *schemes* allow; None: none sent.

        A platform access token that holds decides, whatever the order of *schemes*; one that does
        not is passed over beside a bearer token, and *ignored* is told why. A bearer token must
        carry every required scope.

        Raises:
            Unauthorized: the one that counts does not hold.
            Forbidden: it is a bearer token that lacks a scope.
        """
        try:
            return self._found(credentials, required_scopes, schemes, ignored)
        except _RejectedError as error:
            raise _unauthorized(error, schemes) from error

    def _found(
        self,
        credentials: Credentials,
        required_scopes: frozenset[str],
        schemes: Collection[str],
        ignored: Callable[[str], None],
    ) -> Caller | None:
        bearer = credentials.bearer if BEARER_SCHEME in schemes else None
        if credentials.platform and PLATFORM_SCHEME in schemes:
            try:
                return self._platform(credentials.platform)
            except _RejectedError as error:
                if bearer is None:
                    raise
                ignored(str(error))
        if bearer is None and credentials.platform and PLATFORM_SCHEME not in schemes:
            raise _RejectedError(_PLATFORM, "this operation takes a bearer token alone")
        if bearer is None:
            return None
        asked = Asked(_BEARER, bearer, required_scopes)
        caller = self._caller(asked, BEARER_SKEW, _bearer_caller)
        if credentials.platform and PLATFORM_SCHEME not in schemes:
            # No way in, yet it names the creator beside a bearer token that is one.
            try:
                return self._platform(credentials.platform)
            except _RejectedError as error:
                ignored(str(error))
        return caller

    def _platform(self, tokens: tuple[str, ...]) -> Caller:
        if len(tokens) > 1:
            reason = f"the header {PLATFORM_HEADER} was sent {len(tokens)} times"
            raise _RejectedError(_PLATFORM, reason)
        asked = Asked(_PLATFORM, tokens[0], frozenset())
        return self._caller(asked, PLATFORM_SKEW, _platform_caller)

    def _caller(
        self, asked: Asked, leeway: timedelta, read: Callable[[Asked, Mapping[str, object]], Caller]
    ) -> Caller:
        """Return the caller that *read* finds in the claims, read once; time is checked always."""
        now = self._now()
        verified = self._verified.get(asked)
        try:
            if verified is not None:
                verified.lifetime.check(now, leeway)
                return verified.caller
            claims = self._key.verify(asked.token, now, leeway)
        except TokenRejectedError as error:
            self._verified.forget(asked)
            raise _RejectedError(asked.kind, str(error)) from error
        caller = read(asked, claims)
        self._verified.keep(asked, caller, Lifetime.of(claims))
        return caller


def _platform_caller(asked: Asked, claims: Mapping[str, object]) -> Caller:
    issuer = claims.get("iss")
    if not isinstance(issuer, str) or not _SHORT_NAME.fullmatch(issuer):
        raise _RejectedError(asked.kind, "its 'iss' is not an organisation's short name")
    return Caller(issuer)


def _bearer_caller(asked: Asked, claims: Mapping[str, object]) -> Caller:
    if "urn:altinn:app" in claims:
        raise _RejectedError(asked.kind, "it is a platform access token, and no bearer token")
    if is_from_maskinporten(asked.token):
        reason = "it is Maskinporten's own; exchange it first, by GET /authentication/api/v1/"
        raise _RejectedError(asked.kind, f"{reason}exchange/maskinporten")
    missing = sorted(asked.scopes - _scopes(claims))
    if missing:
        raise _insufficient_scope(" ".join(missing))
    org = claims.get("urn:altinn:org")
    return Caller(org if isinstance(org, str) and org else None)


def _bearer_token(headers: Headers) -> str | None:
    scheme, _, token = (headers.get("Authorization") or "").strip().partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    for cookie in "; ".join(headers.all("Cookie")).split(";"):
        name, _, value = cookie.partition("=")
        if name.strip() == COOKIE:
            return value.strip().strip('"') or None
    return None


def _scopes(claims: Mapping[str, object]) -> set[str]:
    scope = claims.get("urn:altinn:scope")
    if scope is None:
        scope = claims.get("scope")
    if isinstance(scope, list):
        scope = scope[0] if scope else ""
    return set(scope.split(" ")) if isinstance(scope, str) else set()


def no_credential(headers: Headers, schemes: Collection[str] = SCHEMES) -> Unauthorized:
    """
    Return the refusal of a request whose *headers* carry no token of *schemes*.

    Source: RFC 6750 section 3.
    """
    sent = (headers.get("Authorization") or "").strip()
    reason = "No token was sent."
    if sent.lower() not in {"", "bearer"}:
        reason = "The header Authorization does not begin with the scheme Bearer."
    return Unauthorized(f"{reason} {_send_instead(schemes)}", headers={"WWW-Authenticate": REALM})


def _unauthorized(error: _RejectedError, schemes: Collection[str]) -> Unauthorized:
    told = f"{error.kind}: {_quotable(error.reason)}"
    challenge = f'{REALM}, error="invalid_token", error_description="{told}"'
    detail = f"{error} {_send_instead(schemes)}"
    return Unauthorized(detail, headers={"WWW-Authenticate": challenge})


def _send_instead(schemes: Collection[str]) -> str:
    if PLATFORM_SCHEME in schemes:
        return f"{_SEND_EITHER}{_MINTS} both."
    return f"{_SEND_BEARER}{_MINTS} one."


def _quotable(reason: str) -> str:
    return reason.replace('"', "'")


def _insufficient_scope(scope: str) -> Forbidden:
    challenge = f'{REALM}, error="insufficient_scope", scope="{scope}"'
    command = f"altinn-notifications-mock token --scope '{scope}'"
    detail = f"The bearer token lacks the scope '{scope}'; ask for a token that has it: {command}."
    return Forbidden(detail, headers={"WWW-Authenticate": challenge})
