"""Notes on the tokens of a request, which a recording keeps in their place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from mock_server.auth.authentication import (
    BEARER_SKEW,
    PLATFORM_HEADER,
    PLATFORM_SKEW,
    Credentials,
)
from mock_server.auth.token_lifetimes import Lifetime, TokenRejectedError
from mock_server.auth.tokens import KEY_ID, MASKINPORTEN_KEY_ID, DevelopmentKey, Kind
from mock_server.check.token_claims import claims_of, header_of, organisation_of, scopes_of
from mock_server.http.headers import Headers

MOST_KNOWN = 1000
"""How many tokens are known again, by their hashes."""

_OWN_KEYS = (KEY_ID, MASKINPORTEN_KEY_ID)
_ANY_TIME = timedelta(days=365 * 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenNote:
    """
    Note on a token: the *header* that carried it, its organisation, scopes, validity.

    *org* is None where it names none, as one of a user does.
    """

    header: str
    kind: Kind
    org: str | None
    scopes: tuple[str, ...]
    held: bool

    def as_document(self) -> dict[str, Any]:
        """Return the note as a recording has it."""
        return {
            "header": self.header,
            "kind": str(self.kind),
            "org": self.org,
            "scopes": list(self.scopes),
            "held": self.held,
        }


@dataclass(frozen=True, slots=True)
class _Token:
    """
    What there is to know of a token: whether the mock's key *is_own* to it, and its *lifetime*.

    One that *is_none* holds nowhere. *lifetime* is None where it was not verified.
    """

    org: str | None
    scopes: tuple[str, ...]
    is_none: bool
    lifetime: Lifetime | None


class TokenReader:
    """Reader of the tokens in requests, none of which it keeps."""

    def __init__(self) -> None:
        """Know the mock's own key: whether its tokens hold can be told from them alone."""
        self._key = DevelopmentKey()
        self._known: dict[bytes, _Token] = {}

    def notes(
        self, fields: Iterable[tuple[bytes, bytes]], status: int, now: datetime
    ) -> list[TokenNote]:
        """
        Return notes on the tokens in *fields* of a request that was answered *status* at *now*.

        One that others signed held unless the answer is 401, or the mock signed the other one.
        """
        headers = Headers(fields)
        credentials = Credentials.of(headers)
        found = [(PLATFORM_HEADER, Kind.PLATFORM, token) for token in credentials.platform]
        if credentials.bearer is not None:
            is_cookie = credentials.bearer not in (headers.get("Authorization") or "")
            name = "Cookie" if is_cookie else "Authorization"
            found.append((name, Kind.BEARER, credentials.bearer))
        read = [(name, kind, self._read(token, kind)) for name, kind, token in found]
        is_mock = any(_holds(token, kind, now) for _, kind, token in read)
        return [
            TokenNote(
                header=name,
                kind=kind,
                org=token.org,
                scopes=token.scopes,
                held=status != HTTPStatus.UNAUTHORIZED
                and (_holds(token, kind, now) or not (is_mock or token.is_none)),
            )
            for name, kind, token in read
        ]

    def _read(self, token: str, kind: Kind) -> _Token:
        """Return what there is to know of *token*; of one that was seen, without verifying it."""
        mark = sha256(f"{kind} {token}".encode("utf-8", "replace")).digest()
        if mark not in self._known:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[mark] = self._read_anew(token, kind)
        return self._known[mark]

    def _read_anew(self, token: str, kind: Kind) -> _Token:
        claims, key_id = claims_of(token), header_of(token).get("kid")
        is_platform = kind is Kind.PLATFORM
        is_misplaced = not is_platform and "urn:altinn:app" in claims
        return _Token(
            org=organisation_of(token, is_platform=is_platform),
            scopes=tuple(sorted(scopes_of(token))),
            is_none=not claims or key_id in _OWN_KEYS or is_misplaced,
            lifetime=self._lifetime(token) if key_id == KEY_ID and not is_misplaced else None,
        )

    def _lifetime(self, token: str) -> Lifetime | None:
        """Return when *token* holds, if the mock signed it."""
        try:
            lifetime = Lifetime.of(claims_of(token))
            self._key.verify(token, datetime.fromtimestamp(lifetime.begins, UTC), _ANY_TIME)
        except (TokenRejectedError, OverflowError, ValueError, OSError):
            return None
        return lifetime


def _holds(token: _Token, kind: Kind, now: datetime) -> bool:
    """Tell whether *token* is one of the mock's own, and holds at *now*."""
    if token.lifetime is None:
        return False
    try:
        token.lifetime.check(now, PLATFORM_SKEW if kind is Kind.PLATFORM else BEARER_SKEW)
    except TokenRejectedError:
        return False
    return True
