"""Operations of the token services, one method per operationId of doors.yaml."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

from mock_server.auth.tokens import MASKINPORTEN_KEY_ID, DevelopmentKey, Kind, TokenRequest
from mock_server.contract.contract import Contract, load_contract
from mock_server.http.answers import JSON, Answer
from mock_server.http.headers import Headers
from mock_server.http.media_types import quality
from mock_server.settings import BASE_PATH
from mock_server.token_services.claims import (
    enterprise_claims,
    exchanged_claims,
    maskinporten_claims,
)
from mock_server.token_services.client_keys import ClientKeys
from mock_server.token_services.jwt_bearer_grant import ALGORITHMS, GRANT_TYPE, read_grant
from mock_server.token_services.oauth_errors import NO_STORE

DOORS_PATH = "/__doors"
"""Where the doors' own contract and docs are; the doors themselves are at the root."""

TEXT = "text/plain; charset=utf-8"


def load_doors_contract() -> Contract:
    """Return the token doors' own contract, which ships in the package."""
    return load_contract(Path(str(resources.files("mock_server.token_services"))) / "doors.yaml")


class Doors:
    """
    The token doors of Maskinporten, Altinn and the test-token service. All live in real time.

    Source: docs/control-plane.md; docs/tokens.md.
    """

    def __init__(
        self, key: DevelopmentKey, client_keys: ClientKeys, now: Callable[[], datetime]
    ) -> None:
        """Sign with *key* for clients that have *client_keys*; *now* tells real time."""
        self._key = key
        self._client_keys = client_keys
        self._now = now

    def get_authorization_server(self, *, base_url: str) -> dict[str, object]:
        """Return the metadata of Maskinporten (RFC 8414 section 2)."""
        issuer = _issuer(base_url)
        return {
            "issuer": issuer,
            "token_endpoint": f"{issuer}token",
            "jwks_uri": f"{issuer}jwk",
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
            "grant_types_supported": [GRANT_TYPE],
            "response_types_supported": [],
        }

    def get_maskinporten_keys(self) -> dict[str, object]:
        """Return the public key that Maskinporten signs with."""
        return dict(self._key.jwks(MASKINPORTEN_KEY_ID))

    def get_maskinporten_key_set(self) -> dict[str, object]:
        """Return the same, where other servers have it."""
        return self.get_maskinporten_keys()

    def create_access_token(self, *, document: Mapping[str, str], base_url: str) -> Answer:
        """
        Return a Maskinporten token for the grant in the form *document*.

        Raises:
            DoorProblem: the grant does not hold.
        """
        now, issuer = self._now(), _issuer(base_url)
        grant = read_grant(document, self._client_keys, issuer, now)
        claims = maskinporten_claims(grant, issuer, now)
        body = {
            "access_token": self._key.sign(claims, MASKINPORTEN_KEY_ID),
            "token_type": "Bearer",
            "expires_in": int(str(claims["exp"])) - int(str(claims["iat"])),
            "scope": grant.scope,
        }
        return Answer.of_json(body, headers={**NO_STORE, "Pragma": "no-cache"})

    def get_exchanged_token(
        self,
        *,
        claims: Mapping[str, Any],
        headers: Headers,
        test: bool | None = None,  # noqa: ARG002 - the test department it is in any case
    ) -> Answer:
        """Return the Altinn token for a Maskinporten token with *claims*."""
        exchanged = exchanged_claims(claims, self._now())
        return _token_answer(self._key.sign(exchanged), headers)

    def get_enterprise_token(
        self,
        *,
        headers: Headers,
        env: str,  # noqa: ARG002 - asked for, as there, yet of no effect
        scopes: str,
        ttl: int,
        org: str | None = None,
        org_no: str | None = None,
    ) -> Answer:
        """Return an Altinn token of an organisation, good for *ttl* seconds."""
        lifetime = timedelta(seconds=ttl)
        claims = enterprise_claims(scopes, org, org_no, lifetime, self._now())
        return _token_answer(self._key.sign(claims), headers)

    def get_platform_access_token(
        self,
        *,
        headers: Headers,
        env: str,  # noqa: ARG002 - the same
        app: str,
        ttl: int,
        org: str,
    ) -> Answer:
        """Return a platform access token of an *app* of *org*, good for *ttl* seconds."""
        lifetime = timedelta(seconds=ttl)
        request = TokenRequest(kind=Kind.PLATFORM, org=org, app=app, expires_in=lifetime)
        return _token_answer(self._key.mint(request, self._now()).token, headers)


def _issuer(base_url: str) -> str:
    """Return the root of the sandbox whose orders API is at *base_url*, with a slash at the end."""
    return f"{base_url.removesuffix(BASE_PATH)}/"


def _token_answer(token: str, headers: Headers) -> Answer:
    """Return *token* bare, or as a JSON string where `Accept` asks for JSON."""
    if prefers_json_string(headers.get("accept") or ""):
        return Answer(200, json.dumps(token).encode(), JSON, NO_STORE)
    return Answer(200, token.encode(), TEXT, NO_STORE)


def prefers_json_string(accept: str) -> bool:
    """
    Tell whether a string goes out as JSON for *accept*, by the rules of ASP.NET Core.

    Bare without `Accept`, with `*/*` anywhere in it, or where nothing that it names can be sent.

    Source: docs/tokens.md; RFC 9110 section 12.5.1.
    """
    ranges = [quality(part) for part in accept.lower().split(",") if part.strip()]
    if any(media_range == "*/*" for media_range, _quality in ranges):
        return False
    for media_range, wanted in sorted(ranges, key=lambda item: -item[1]):
        if wanted > 0 and media_range in {"text/plain", "text/*"}:
            return False
        if wanted > 0 and _is_json(media_range):
            return True
    return False


def _is_json(media_range: str) -> bool:
    known = {"application/json", "text/json", "application/*"}
    return media_range in known or (
        media_range.startswith("application/") and media_range.endswith("+json")
    )
