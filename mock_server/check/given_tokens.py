"""Tokens that were given and cannot do: told before they make findings of every request."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from mock_server.check.credentials import COMPOSED_SCOPE, Given
from mock_server.check.preflight import CannotCheckError
from mock_server.check.token_claims import (
    SCOPE_CLAIMS,
    claims_of,
    header_of,
    organisation_of,
    scopes_of,
)
from mock_server.contract.contract import Operation
from mock_server.domain.clock import wall_now

_APART = timedelta(minutes=5)
"""How far apart the clocks of two machines may be: a token of a moment ago may begin later."""

_ORG, _APP = "urn:altinn:org", "urn:altinn:app"
_SPOKEN = (*SCOPE_CLAIMS, _ORG, "urn:altinn:orgNumber", "urn:altinn:userid")
"""What only Altinn's bearer tokens say. One that has none of it may be of any kind."""


def see_given(given: Given, operations: Sequence[Operation]) -> None:
    """
    Check that the *given* tokens serve their purpose, as far as their own claims tell.

    What cannot be read as a JSON Web Token, or says nothing that Altinn's tokens say, tells
    nothing: another server than Altinn's may take it. *operations* are the contract's, which ask
    for scopes.

    Raises:
        CannotCheckError: one has run out or does not hold yet, is not signed, is of another kind,
            lacks scope or organisation, or has what it should not; names its option, and says
            what to give.
    """
    for option, token in (
        ("--bearer", given.bearer),
        ("--platform-token", given.platform),
        ("--other-bearer", given.other),
        ("--unscoped-bearer", given.unscoped),
        ("--composed-bearer", given.composed),
    ):
        _see(option, token or "")
        _see_kind(option, claims_of(token or ""))
    needed = [one.required_scopes for one in operations if one.required_scopes]
    asked = [scopes for scopes in needed if COMPOSED_SCOPE not in scopes]
    if asked:
        _see_scopes(given, asked)
    _see_composed(given.composed)
    _see_other(given)


def _see(option: str, token: str) -> None:
    if token[:7].lower() == "bearer ":
        raise CannotCheckError(f"{option} begins with 'Bearer '; give the token alone")
    if str(header_of(token).get("alg", "")).lower() == "none":
        raise CannotCheckError(f"{option} is not signed (its alg is none); give one that is")
    expires, begins = _instant(token, "exp"), _instant(token, "nbf")
    if expires is not None and expires <= wall_now():
        raise CannotCheckError(f"{option} expired at {_shown(expires)}; give a new one")
    if begins is not None and begins > wall_now() + _APART:
        raise CannotCheckError(
            f"{option} does not hold before {_shown(begins)}; give one that holds now"
        )


def _see_kind(option: str, claims: Mapping[str, Any]) -> None:
    """See that a platform token, which names its app, is where one belongs, and only there."""
    is_altinns = any(name in claims for name in _SPOKEN)
    if option == "--platform-token":
        if is_altinns and _APP not in claims:
            raise CannotCheckError(f"{option} is an Altinn token; give a platform access token")
    elif _APP in claims and not is_altinns:
        raise CannotCheckError(f"{option} is a platform access token; give an Altinn token")


def _see_scopes(given: Given, asked: Sequence[frozenset[str]]) -> None:
    """See that tokens can call any operation that asks for scopes, or none if they should not."""
    unscoped = scopes_of(given.unscoped)
    too_many = [scopes for scopes in asked if scopes <= unscoped]
    for option, token in (("--bearer", given.bearer), ("--other-bearer", given.other)):
        claims, scopes = claims_of(token or ""), scopes_of(token)
        if not any(name in claims for name in _SPOKEN):
            continue
        if not any(wanted <= scopes for wanted in asked):
            swapped = "; --unscoped-bearer has it: are the two swapped?" if too_many else ""
            raise CannotCheckError(
                f"{option} lacks the scope {_listed(asked[0])}; give one that has it{swapped}"
            )
        if not claims.get(_ORG):
            raise CannotCheckError(
                f"{option} names no organisation ({_ORG}); give the Altinn token of one; "
                "a Maskinporten token is exchanged first"
            )
    if too_many:
        raise CannotCheckError(f"--unscoped-bearer has {_listed(too_many[0])}; give one without it")


def _see_composed(token: str | None) -> None:
    is_altinns = any(name in claims_of(token or "") for name in _SPOKEN)
    if is_altinns and COMPOSED_SCOPE not in scopes_of(token):
        raise CannotCheckError(
            f"--composed-bearer lacks the scope {COMPOSED_SCOPE}; give one that has it"
        )


def _see_other(given: Given) -> None:
    other = organisation_of(given.other)
    for option, own in (
        ("--bearer", organisation_of(given.bearer)),
        ("--platform-token", organisation_of(given.platform, is_platform=True)),
    ):
        if own is not None and own == other:
            raise CannotCheckError(f"--other-bearer is of {own}, as {option} is; give another's")


def _listed(scopes: frozenset[str]) -> str:
    return " and ".join(sorted(scopes))


def _shown(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _instant(token: str, claim: str) -> datetime | None:
    """Return when *token* says with *claim*, aware UTC; None where it does not tell."""
    try:
        return datetime.fromtimestamp(claims_of(token)[claim], UTC)
    except (ValueError, LookupError, TypeError, OverflowError, OSError):
        return None
