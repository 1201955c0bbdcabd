"""Claims of the tokens that the token services issue."""

import re
import secrets
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from mock_server.auth.tokens import ISSUER, ORGANISATION_NUMBER
from mock_server.token_services.jwt_bearer_grant import Grant
from mock_server.token_services.service_owners import org_of

MASKINPORTEN_LIFETIME = timedelta(minutes=10)
SERVICE_OWNER_SCOPE = "altinn:serviceowner"
_AUTHORITY = "iso6523-actorid-upis"
_CONSUMER = re.compile(r"0192:(\d{9})", re.ASCII)
_COPIED = ("scope", "client_id", "consumer", "token_type", "iat", "exp", "jti", "supplier")


def maskinporten_claims(grant: Grant, issuer: str, now: datetime) -> dict[str, object]:
    """
    Return the claims of the token that Maskinporten, known as *issuer*, gives for *grant*.

    Source: Maskinporten's page on the token.
    """
    issued = int(now.timestamp())
    supplier = {} if grant.supplier is None else {"supplier": _organisation(grant.supplier)}
    return {
        "iss": issuer,
        "scope": grant.scope,
        "client_id": grant.client_id,
        "consumer": _organisation(grant.organisation),
        **supplier,
        "token_type": "Bearer",
        "iat": issued,
        "exp": issued + int(MASKINPORTEN_LIFETIME.total_seconds()),
        "jti": secrets.token_urlsafe(32),
    }


def exchanged_claims(claims: Mapping[str, Any], now: datetime) -> dict[str, object]:
    """
    Return the claims of the Altinn token that a Maskinporten token with *claims* is exchanged for.

    Raises:
        ValueError: its consumer is no organisation.

    Source: docs/tokens.md.
    """
    organisation = consumer_of(claims)
    scopes = str(claims.get("scope", "")).split(" ")
    is_owner = any(scope.startswith(SERVICE_OWNER_SCOPE) for scope in scopes)
    return {
        "iss": ISSUER,
        **{name: claims[name] for name in _COPIED if name in claims},
        "nbf": int(now.timestamp()),
        **({"urn:altinn:org": org_of(organisation)} if is_owner else {}),
        **_altinn(organisation),
    }


def consumer_of(claims: Mapping[str, Any]) -> str:
    """
    Return the number of the organisation that a Maskinporten token with *claims* is for.

    Raises:
        ValueError: it names none; the message is a clause.
    """
    consumer = claims.get("consumer")
    match = _CONSUMER.fullmatch(str(consumer.get("ID"))) if isinstance(consumer, dict) else None
    if match is None:
        message = "its 'consumer' names no organisation"
        raise ValueError(message)
    return match[1]


def enterprise_claims(
    scopes: str, org: str | None, organisation: str | None, lifetime: timedelta, now: datetime
) -> dict[str, object]:
    """
    Return the claims of a test token with *scopes*, which commas or spaces separate.

    Source: docs/tokens.md.
    """
    issued = int(now.timestamp())
    number = organisation or ORGANISATION_NUMBER
    return {
        "iss": ISSUER,
        "actual_iss": "altinn-test-tools",
        "scope": " ".join(scopes.replace(",", " ").split()),
        "token_type": "Bearer",
        "client_id": str(uuid.uuid4()),
        "consumer": _organisation(number),
        "iat": issued,
        "nbf": issued,
        "exp": issued + int(lifetime.total_seconds()),
        "jti": secrets.token_urlsafe(32),
        **({} if org is None else {"urn:altinn:org": org}),
        **_altinn(number),
    }


def _altinn(organisation: str) -> dict[str, object]:
    return {
        "urn:altinn:orgNumber": organisation,
        "urn:altinn:authenticatemethod": "maskinporten",
        "urn:altinn:authlevel": "3",
    }


def _organisation(number: str) -> dict[str, str]:
    return {"authority": _AUTHORITY, "ID": f"0192:{number}"}
