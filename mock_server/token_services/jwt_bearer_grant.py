"""JWT bearer grant (RFC 7523) at Maskinporten: the token request and its assertion, validated."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt

from mock_server.auth.token_lifetimes import is_number
from mock_server.auth.tokens import ORGANISATION_NUMBER
from mock_server.token_services.client_keys import ClientKeys, KeyRefusedError, organisation_in
from mock_server.token_services.oauth_errors import DoorProblem

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
ALGORITHMS = ("RS256", "RS384", "RS512")
"""Algorithms that clients may sign with, as in Maskinporten's metadata."""

LONGEST_LIFETIME = timedelta(seconds=120)
SKEW = timedelta(seconds=10)
LONGEST_TEXT = 4000
REAL_ISSUERS = frozenset(
    f"https://{host}maskinporten.no/" for host in ("", "test.", "ver1.", "ver2.", "sky.")
)
"""Maskinporten's own, which an assertion may name in place of the mock."""

_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")
_ORGANISATION = re.compile(r"\d{9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Grant:
    """
    A validated grant: a token with *scope* for *client_id*, which acts for *organisation*.

    *supplier* is the client's own organisation where it acts for another one.
    """

    client_id: str
    scope: str
    organisation: str
    supplier: str | None = None


def read_grant(form: Mapping[str, str], keys: ClientKeys, issuer: str, now: datetime) -> Grant:
    """
    Return the grant in the token request *form*, once its assertion holds at *now* (real time).

    *issuer* is what the assertion is for, in `aud`.

    Raises:
        DoorProblem: something in it does not hold; the first thing that does not.

    Source: RFC 7523 sections 2.1 and 3; Maskinporten's page on the JWT grant.
    """
    grant_type = form.get("grant_type")
    if grant_type is None:
        detail = f"The parameter 'grant_type' is missing. Send '{GRANT_TYPE}' in it."
        raise DoorProblem("invalid_request", detail)
    if grant_type != GRANT_TYPE:
        detail = f"The grant type '{grant_type}' is not supported. Send '{GRANT_TYPE}'."
        raise DoorProblem("unsupported_grant_type", detail)
    assertion = form.get("assertion")
    if assertion is None:
        detail = "The parameter 'assertion' is missing. Send a JSON Web Token signed by the client."
        raise DoorProblem("invalid_request", detail)
    header, claims = _opened(assertion, keys)
    _check_audience(claims, issuer)
    client_id = _text(claims, "iss", "Send the client's id")
    _check_times(claims, now.timestamp())
    organisation = _organisation(header)
    consumer = _consumer(claims)
    supplier = None if consumer is None else organisation
    return Grant(client_id, _scope(claims), consumer or organisation, supplier)


def _opened(assertion: str, keys: ClientKeys) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return header and claims of *assertion*, its signature checked as far as keys are known."""
    try:
        read = jwt.decode_complete(assertion, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
        raise _refused(
            "It is not a JSON Web Token in compact form, or its claims are no JSON object. Send "
            "header, claims and signature, each in Base64url, joined by dots."
        ) from error
    header = read["header"]
    if header.get("alg") not in ALGORITHMS:
        raise _refused(
            f"Its 'alg' is {_shown(header.get('alg'))}. Sign it with {_listed(ALGORITHMS)}."
        )
    if not read["signature"]:
        raise _refused("It has no signature. Sign it with the client's own key.")
    try:
        key = keys.key_for(header)
    except KeyRefusedError as error:
        raise _refused(str(error)) from error
    if key is not None:
        _check_signature(assertion, key)
    return header, read["payload"]


def _check_signature(assertion: str, key: Any) -> None:
    try:
        jwt.PyJWS().decode(assertion, key, algorithms=list(ALGORITHMS))
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        detail = "Its signature does not fit its key. Sign it with the key that its header names."
        raise _refused(detail) from error


def _check_audience(claims: Mapping[str, Any], issuer: str) -> None:
    audience = claims.get("aud")
    named = audience if isinstance(audience, list) else [audience]
    wanted = {issuer, *REAL_ISSUERS}
    if not any(isinstance(item, str) and f"{item.removesuffix('/')}/" in wanted for item in named):
        raise _refused(f"Its 'aud' is {_shown(audience)}. Send the issuer, '{issuer}'.")


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    issued, expires = _seconds(claims, "iat"), _seconds(claims, "exp")
    skew = SKEW.total_seconds()
    longest = LONGEST_LIFETIME.total_seconds()
    if issued > now + skew:
        raise _refused("Its 'iat' is ahead of the clock here. Send the time of signing, in UTC.")
    if expires <= now - skew:
        raise _refused("It has expired. Sign a new one for each token.")
    if expires <= issued:
        raise _refused("Its 'exp' is not after its 'iat'. Send a later one.")
    if expires - issued > longest:
        raise _refused(
            f"It lasts {expires - issued:g} s. Send an 'exp' at most {longest:g} s after 'iat'."
        )
    if "nbf" in claims and _seconds(claims, "nbf") > now + skew:
        raise _refused("It is not yet valid. Send an 'nbf' that has passed, or none.")


def _seconds(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if not is_number(value):
        raise _refused(f"Its '{name}' is {_shown(value)}. Send a number of seconds since 1970.")
    return float(str(value))


def _text(claims: Mapping[str, Any], name: str, instead: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT:
        raise _refused(f"Its '{name}' is {_shown(value)}. {instead} in it, as text.")
    return value


def _scope(claims: Mapping[str, Any]) -> str:
    value = claims.get("scope")
    scopes = value.split() if isinstance(value, str) else []
    is_fine = scopes and len(str(value)) <= LONGEST_TEXT
    if not is_fine or not all(_SCOPE.fullmatch(scope) for scope in scopes):
        detail = (
            f"The assertion's 'scope' is {_shown(value)}. Send the scopes that the token is to "
            "have, separated by spaces, such as 'altinn:serviceowner/notifications.create'."
        )
        raise DoorProblem("invalid_scope", detail)
    return " ".join(scopes)


def _organisation(header: Mapping[str, Any]) -> str:
    try:
        return organisation_in(header) or ORGANISATION_NUMBER
    except KeyRefusedError as error:
        raise _refused(str(error)) from error


def _consumer(claims: Mapping[str, Any]) -> str | None:
    """Return the organisation that the client acts for by delegation, if it names one."""
    value = claims.get("consumer_org")
    if value is None:
        return None
    if not isinstance(value, str) or not _ORGANISATION.fullmatch(value):
        raise _refused(f"Its 'consumer_org' is {_shown(value)}. Send nine digits, or leave it out.")
    return value


def _refused(detail: str) -> DoorProblem:
    return DoorProblem("invalid_grant", f"The assertion was refused. {detail}")


def _shown(value: object) -> str:
    if value is None:
        return "missing"
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    text = repr(value)
    return text if len(text) <= 100 else f"{text[:100]}..."


def _listed(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"
