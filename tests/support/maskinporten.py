"""A client of Maskinporten: its key, its certificate, and the assertions that it signs."""

import base64
import time
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import httpx
import jwt
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import NameOID

from mock_server.auth.tokens import CREATE_SCOPE

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"


def key(name: str = "client", bits: int = 2048) -> RSAPrivateKey:
    """Return the private key called *name*, the same each time."""
    return _key(name, bits)


@cache
def _key(_name: str, bits: int) -> RSAPrivateKey:
    return generate_private_key(65537, bits)


def public_jwk(name: str = "client", **members: str) -> dict[str, Any]:
    """Return the public half of the key called *name*, with further *members*."""
    jwk: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(key(name).public_key(), as_dict=True)
    return jwk | members


def chain(name: str = "client", subject: str = "NTRNO-974761076", bits: int = 2048) -> list[str]:
    """Return the value of `x5c` for the key called *name*, of the organisation in *subject*."""
    named = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, subject)])
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder(named, named, key(name, bits).public_key(), 1)
    dated = builder.not_valid_before(begin).not_valid_after(begin + timedelta(days=36500))
    certificate = dated.sign(key(name, bits), SHA256())
    return [base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()]


def sign(
    claims: dict[str, Any],
    *,
    name: str = "client",
    algorithm: str = "RS256",
    header: dict[str, Any] | None = None,
) -> str:
    """Return an assertion with *claims*, None left out, signed by the key called *name*."""
    kept = {member: value for member, value in claims.items() if value is not None}
    named = {"kid": "client-kid"} if header is None else header
    return jwt.encode(kept, key(name), algorithm=algorithm, headers=named)


def claims_for(root: str, **more: Any) -> dict[str, Any]:
    """Return the claims of a good assertion for *root*, some replaced by *more*."""
    now = int(time.time())
    good = {"aud": f"{root}/", "iss": "my-client", "scope": CREATE_SCOPE}
    return good | {"iat": now, "exp": now + 100, "jti": "1"} | more


def ask(http: httpx.Client, root: str, assertion: str) -> httpx.Response:
    """Ask the server at *root* for a token with *assertion*."""
    form = {"grant_type": GRANT_TYPE, "assertion": assertion, "alg": "RS256"}
    return http.post(f"{root}/token", data=form)


def token(http: httpx.Client, root: str, **more: Any) -> str:
    """Return a Maskinporten token for an assertion with *more* claims."""
    answer = ask(http, root, sign(claims_for(root, **more)))
    assert answer.status_code == 200, answer.text
    granted: str = answer.json()["access_token"]
    return granted


def claims_of(token: str) -> dict[str, Any]:
    """Return the claims in *token*, unverified."""
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def refused(answer: httpx.Response, status: int, error: str) -> str:
    """Return the description of a refusal, once it is as RFC 6749 asks for."""
    body = answer.json()
    assert (answer.status_code, body["error"]) == (status, error), answer.text
    assert set(body) == {"error", "error_description"}
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    description: str = body["error_description"]
    return description
