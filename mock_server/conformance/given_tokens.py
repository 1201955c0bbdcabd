"""Tokens that were given and cannot do: told before they make findings of every request."""

from datetime import UTC, datetime

from mock_server.clock import wall_now
from mock_server.conformance.credentials import Given
from mock_server.conformance.preflight import CannotCheckError
from mock_server.conformance.token_claims import claims_of, organisation_of
from mock_server.tokens import CREATE_SCOPE


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
    other = organisation_of(given.other)
    for option, own in (
        ("--bearer", organisation_of(given.bearer)),
        ("--platform-token", organisation_of(given.platform, is_platform=True)),
    ):
        if own is not None and own == other:
            raise CannotCheckError(f"--other-bearer is of {own}, as {option} is; give another's")
    if CREATE_SCOPE in str(claims_of(given.unscoped or "").get("scope")).split():
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
        return datetime.fromtimestamp(claims_of(token)["exp"], UTC)
    except (ValueError, LookupError, TypeError, OverflowError, OSError):
        return None
