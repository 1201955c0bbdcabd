"""Notes on the tokens of a request: what a recording keeps of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mock_server.auth.authentication import (
    BEARER_SKEW,
    PLATFORM_HEADER,
    PLATFORM_SKEW,
    Credentials,
)
from mock_server.auth.token_lifetimes import TokenRejectedError
from mock_server.auth.tokens import KEY_ID, MASKINPORTEN_KEY_ID, DevelopmentKey, Kind
from mock_server.check.token_claims import claims_of, header_of, organisation_of, scopes_of
from mock_server.http.headers import Headers

_OWN_KEYS = (KEY_ID, MASKINPORTEN_KEY_ID)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenNote:
    """
    What is kept of a token: the *header* that carried it, its organisation, scopes, validity.

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


class TokenReader:
    """Reader of the tokens in requests, none of which it keeps."""

    def __init__(self) -> None:
        """Know the mock's own key: whether its tokens hold can be told from them alone."""
        self._key = DevelopmentKey()

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
        is_mock = any(self._holds(token, kind, now) for _, kind, token in found)
        return [
            TokenNote(
                header=name,
                kind=kind,
                org=organisation_of(token, is_platform=kind is Kind.PLATFORM),
                scopes=tuple(sorted(scopes_of(token))),
                held=status != 401
                and (self._holds(token, kind, now) or not (is_mock or _is_none(token, kind))),
            )
            for name, kind, token in found
        ]

    def _holds(self, token: str, kind: Kind, now: datetime) -> bool:
        """Tell whether *token* is one of the mock's own, and holds."""
        is_platform = kind is Kind.PLATFORM
        if header_of(token).get("kid") != KEY_ID:
            return False
        try:
            self._key.verify(token, now, PLATFORM_SKEW if is_platform else BEARER_SKEW)
        except TokenRejectedError:
            return False
        return is_platform or "urn:altinn:app" not in claims_of(token)


def _is_none(token: str, kind: Kind) -> bool:
    """Tell whether *token* holds nowhere: no claims, the mock's key in vain, a platform token."""
    is_misplaced = kind is Kind.BEARER and "urn:altinn:app" in claims_of(token)
    return not claims_of(token) or header_of(token).get("kid") in _OWN_KEYS or is_misplaced
