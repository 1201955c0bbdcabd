"""Tokens that try to pass by another algorithm or key (RFC 8725)."""

import base64
import hashlib
import hmac
import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from mock_server.auth.tokens import KEY_ID
from tests.conftest import Client
from tests.support.signing import FAR, KEY, bearer, platform, status_of

CLAIMS = {
    "exp": FAR,
    "iss": "ttd",
    "scope": "altinn:serviceowner/notifications.create",
    "urn:altinn:org": "ttd",
}


def part(content: object) -> str:
    """Return *content*, bytes or a value for JSON, as one part of a token."""
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unsigned(algorithm: str, signature: str = "") -> str:
    """Return a token that names *algorithm* and has any *signature*."""
    return f"{part({'alg': algorithm, 'typ': 'JWT'})}.{part(CLAIMS)}.{signature}"


def hmac_signed(secret: bytes) -> str:
    """Return a token whose HS256 signature has *secret*, which PyJWT itself would refuse."""
    content = unsigned("HS256").removesuffix(".")
    return f"{content}.{part(hmac.new(secret, content.encode(), hashlib.sha256).digest())}"


def public_key(encoding: serialization.Encoding) -> bytes:
    """Return the public half of the development key."""
    return KEY.private.public_key().public_bytes(
        encoding, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def forgeries() -> dict[str, str]:
    """Return one token for each way to forge one."""
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    jwk: dict[str, Any] = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(other.public_key()))
    return {
        "another key": bearer(key=other),
        "another key by our name": bearer(key=other, headers={"kid": KEY_ID}),
        "an embedded key": bearer(key=other, headers={"jwk": jwk}),
        "a key elsewhere": bearer(key=other, headers={"jku": "http://127.0.0.1:1/jwks"}),
        "a certificate elsewhere": bearer(key=other, headers={"x5u": "http://127.0.0.1:1/c"}),
        "an embedded certificate": bearer(key=other, headers={"x5c": [part(b"certificate")]}),
        "no algorithm": unsigned("none"),
        "no algorithm, in capitals": unsigned("NONE"),
        "no algorithm with a signature": unsigned("none", bearer().rpartition(".")[2]),
        "the public key as a secret": hmac_signed(public_key(serialization.Encoding.PEM)),
        "the public key's bytes as a secret": hmac_signed(public_key(serialization.Encoding.DER)),
        "an empty secret": hmac_signed(b""),
        "no signature": f"{bearer().rpartition('.')[0]}.",
        "another token's signature": unsigned("RS256", bearer().rpartition(".")[2]),
        "another digest": jwt.encode(CLAIMS, KEY.private, algorithm="RS512"),
        "another padding": jwt.encode(CLAIMS, KEY.private, algorithm="PS256"),
        "an unknown critical header": bearer(headers={"crit": ["x"], "x": 1}),
    }


@pytest.mark.parametrize("forgery", forgeries().items(), ids=lambda item: item[0])
def test_a_forged_token_is_refused_in_either_header(api: Client, forgery: tuple[str, str]) -> None:
    _name, token = forgery

    assert status_of(api, bearer=token) == 401
    assert status_of(api, platform=token) == 401


@pytest.mark.parametrize("headers", [None, {"kid": "unknown"}, {"jku": "http://127.0.0.1:1/"}])
def test_a_token_by_the_right_key_holds_whatever_its_header_points_to(
    api: Client, headers: dict[str, Any] | None
) -> None:
    assert status_of(api, bearer(headers=headers)) == 200


@pytest.mark.parametrize("claim", ["urn:altinn:org", "scope", "jti"])
def test_a_token_by_the_right_key_with_half_a_surrogate_pair_is_refused(
    api: Client, claim: str
) -> None:
    token = bearer({claim: "ttd \ud800"})

    assert status_of(api, bearer=token) == 401
    assert status_of(api, platform=platform({claim: "ttd \ud800"})) == 401


def test_a_token_holds_with_no_single_part_of_it_changed(api: Client) -> None:
    parts = bearer().split(".")
    changed = [part({"alg": "RS256", "a": 1}), part({**CLAIMS, "urn:altinn:org": "skd"}), "AAAA"]

    for index, other in enumerate(changed):
        assert status_of(api, ".".join([*parts[:index], other, *parts[index + 1 :]])) == 401
    assert status_of(api, ".".join(parts)) == 200


def test_tokens_of_one_kind_do_not_pass_as_the_other(api: Client) -> None:
    assert status_of(api, bearer=api.mock.token("platform")) == 401
    assert status_of(api, platform=api.mock.token("bearer")) == 401
