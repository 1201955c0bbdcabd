"""Who may call: bearer tokens, platform access tokens, and both together."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from mock_server.auth import BEARER_SKEW, PLATFORM_SKEW
from mock_server.tokens import (
    ALGORITHM,
    CREATE_SCOPE,
    DevelopmentKey,
    Kind,
    TokenRejectedError,
    TokenRequest,
)
from tests.builders import NOW, SECOND
from tests.conftest import Client

KEY = DevelopmentKey()
FAR = 4_000_000_000


def signed(key: Any = None, headers: dict[str, Any] | None = None, **claims: Any) -> str:
    """Return a token with *claims*, by default valid for ttd, signed by the development key."""
    payload = {"exp": FAR, "scope": CREATE_SCOPE, "urn:altinn:org": "ttd"} | claims
    kept = {name: value for name, value in payload.items() if value is not None}
    return jwt.encode(kept, key or KEY.private, algorithm=ALGORITHM, headers=headers)


def status_of(api: Client, bearer: str | None = None, platform: str | None = None) -> int:
    """Return the status of a cancel with these tokens."""
    headers = {} if platform is None else {"PlatformAccessToken": platform}
    if bearer is not None:
        headers["Authorization"] = f"Bearer {bearer}"
    return api.cancel(token=None, headers=headers).status_code


BEARERS = {
    "none": (None, 401),
    "malformed": ("nonsense", 401),
    "expired": ("expired", 401),
    "notYetValid": ("notYetValid", 401),
    "badSignature": ("badSignature", 401),
    "unsigned": ("unsigned", 401),
    "wrongScope": ("wrongScope", 403),
    "user": ("user", 403),
    "noOrg": ("noOrg", 403),
    "valid": ("valid", 200),
}


@pytest.mark.parametrize("bearer", BEARERS)
@pytest.mark.parametrize("platform", [None, "", "garbage", "expired", "badSignature", "valid"])
def test_every_pair_of_tokens_has_the_outcome_of_the_table(
    api: Client, bearer: str, platform: str | None
) -> None:
    preset, alone = BEARERS[bearer]
    token = preset if preset in (None, "nonsense") else api.mock.token(preset=preset)
    other = (
        platform
        if platform in (None, "", "garbage")
        else api.mock.token("platform", preset=platform)
    )

    expected = 200 if platform == "valid" else alone
    assert status_of(api, token, other) == expected


def test_a_valid_platform_token_decides_the_creator_beside_a_bearer(api: Client) -> None:
    order_id = api.mock.orders.create(creator="digdir")["id"]
    headers = {"PlatformAccessToken": api.mock.token("platform", org="digdir")}

    assert api.cancel(order_id, headers=headers).json()["creator"] == "digdir"


def test_an_invalid_platform_token_beside_a_good_bearer_decides_nothing(api: Client) -> None:
    forged = api.mock.token("platform", org="digdir", preset="badSignature")

    assert api.cancel(headers={"PlatformAccessToken": forged}).json()["creator"] == "ttd"


def test_several_values_of_the_platform_header_are_not_valid(api: Client) -> None:
    token = api.mock.token("platform")
    headers = [("PlatformAccessToken", token), ("PlatformAccessToken", token)]

    answer = api.http.put(
        f"{api.mock.base_url}/orders/11111111-1111-4111-8111-111111111111/cancel", headers=headers
    )

    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"scope": f"other {CREATE_SCOPE} more"}, 200),
        ({"scope": None, "urn:altinn:scope": f"{CREATE_SCOPE} more"}, 200),
        ({"scope": CREATE_SCOPE, "urn:altinn:scope": "other"}, 403),
        ({"scope": "other", "urn:altinn:scope": CREATE_SCOPE}, 200),
        ({"scope": CREATE_SCOPE, "urn:altinn:scope": ""}, 403),
        ({"scope": None}, 403),
        ({"scope": f"{CREATE_SCOPE}d"}, 403),
        ({"scope": CREATE_SCOPE.upper()}, 403),
        ({"scope": f"{CREATE_SCOPE},other"}, 403),
        ({"scope": 7}, 403),
        ({"urn:altinn:org": None}, 403),
        ({"urn:altinn:org": ""}, 403),
        ({"urn:altinn:org": ["ttd"]}, 403),
        ({"urn:altinn:org": "skd"}, 404),
        ({"iss": "anyone", "aud": "anything", "iat": FAR}, 200),
        ({"exp": None}, 401),
        ({"exp": "4000000000"}, 401),
        ({"exp": True}, 401),
        ({"nbf": FAR}, 401),
        ({"nbf": "soon"}, 401),
    ],
)
def test_the_claims_of_a_bearer_token_decide(
    api: Client, claims: dict[str, Any], status: int
) -> None:
    assert status_of(api, signed(**claims)) == status


@pytest.mark.parametrize("value", ["bearer {}", "BEARER {}", "Bearer  {}"])
def test_the_word_bearer_has_any_letter_case(api: Client, value: str) -> None:
    assert api.cancel(headers={"Authorization": value.format(signed())}).status_code == 200


@pytest.mark.parametrize("value", ["{}", "Basic {}", "Bearer", "Token {}", ","])
def test_another_scheme_is_no_credential(api: Client, value: str) -> None:
    answer = api.cancel(headers={"Authorization": value.format(signed())})

    assert answer.status_code == 401
    assert "error=" not in answer.headers["www-authenticate"]


def test_a_bearer_token_may_come_in_the_cookie(api: Client) -> None:
    cookie = {"Cookie": f"other=1; AltinnStudioRuntime={signed()}"}

    assert api.cancel(token=None, headers=cookie).status_code == 200


def test_the_header_comes_before_the_cookie(api: Client) -> None:
    headers = {"Cookie": f"AltinnStudioRuntime={signed()}", "Authorization": "Bearer nonsense"}

    assert api.cancel(headers=headers).status_code == 401


def test_tokens_of_one_kind_do_not_pass_as_the_other(api: Client) -> None:
    assert status_of(api, bearer=api.mock.token("platform")) == 401
    assert status_of(api, platform=api.mock.token("bearer")) == 401


def test_a_rejected_token_is_challenged_as_rfc_6750_says(api: Client) -> None:
    challenge = api.cancel(token="expired").headers["www-authenticate"]

    assert challenge == (
        'Bearer realm="altinn-notifications", error="invalid_token", '
        'error_description="bearer token: it has expired"'
    )


def test_a_missing_scope_is_challenged_as_rfc_6750_says(api: Client) -> None:
    challenge = api.cancel(token="wrongScope").headers["www-authenticate"]

    assert challenge == (
        f'Bearer realm="altinn-notifications", error="insufficient_scope", scope="{CREATE_SCOPE}"'
    )


def test_a_rejected_platform_token_alone_says_so(api: Client) -> None:
    answer = api.cancel(token=None, headers={"PlatformAccessToken": "garbage"})

    assert answer.json()["detail"].startswith("The platform access token was refused: ")
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


@pytest.mark.parametrize(
    ("skew", "over", "is_accepted"),
    [
        (BEARER_SKEW, timedelta(0), True),
        (BEARER_SKEW, SECOND, False),
        (PLATFORM_SKEW, 10 * SECOND, True),
        (PLATFORM_SKEW, 11 * SECOND, False),
    ],
)
def test_a_token_expires_to_the_second(
    skew: timedelta, over: timedelta, *, is_accepted: bool
) -> None:
    minted = KEY.mint(TokenRequest(expires_in=60 * SECOND), NOW)

    if is_accepted:
        assert KEY.verify(minted.token, NOW + 60 * SECOND + over, skew)["urn:altinn:org"] == "ttd"
    else:
        with pytest.raises(TokenRejectedError, match="expired"):
            KEY.verify(minted.token, NOW + 60 * SECOND + over, skew)


@pytest.mark.parametrize(
    ("skew", "early", "is_accepted"),
    [
        (BEARER_SKEW, timedelta(0), True),
        (BEARER_SKEW, SECOND, False),
        (PLATFORM_SKEW, 10 * SECOND, True),
        (PLATFORM_SKEW, 11 * SECOND, False),
    ],
)
def test_a_token_begins_to_the_second(
    skew: timedelta, early: timedelta, *, is_accepted: bool
) -> None:
    minted = KEY.mint(TokenRequest(kind=Kind.PLATFORM), NOW)

    if is_accepted:
        assert KEY.verify(minted.token, NOW - early, skew)["iss"] == "ttd"
    else:
        with pytest.raises(TokenRejectedError, match="not yet valid"):
            KEY.verify(minted.token, NOW - early, skew)


def test_travelling_in_time_logs_nobody_out(api: Client) -> None:
    token = api.mock.token(expires_in=60)
    api.mock.clock.advance(timedelta(days=1))

    assert status_of(api, token) == 200


def forgeries() -> dict[str, str]:
    """Return tokens that try to pass by another algorithm or key."""
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(other.public_key()))
    public = KEY.private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return {
        "another key": signed(other),
        "an embedded key": signed(other, {"jwk": jwk}),
        "a key elsewhere": signed(other, {"jku": "http://127.0.0.1:1/jwks", "kid": "x"}),
        "a certificate elsewhere": signed(other, {"x5u": "http://127.0.0.1:1/cert"}),
        "no algorithm": jwt.encode({"exp": FAR, "scope": CREATE_SCOPE}, "", algorithm="none"),
        "the public key as a secret": hmac_signed(public),
        "no signature": f"{signed().rpartition('.')[0]}.",
        "RS512": jwt.encode({"exp": FAR, "scope": CREATE_SCOPE}, KEY.private, algorithm="RS512"),
    }


def hmac_signed(secret: bytes) -> str:
    """Return a token whose HS256 signature has *secret*, which PyJWT itself would refuse."""

    def encode(raw: bytes) -> bytes:
        return base64.urlsafe_b64encode(raw).rstrip(b"=")

    header = encode(b'{"alg":"HS256","typ":"JWT"}')
    claims = {"exp": FAR, "scope": CREATE_SCOPE, "urn:altinn:org": "ttd"}
    payload = encode(json.dumps(claims).encode())
    signature = encode(hmac.new(secret, header + b"." + payload, hashlib.sha256).digest())
    return (header + b"." + payload + b"." + signature).decode()


@pytest.mark.parametrize("forgery", forgeries().items(), ids=lambda item: item[0])
def test_a_forged_token_is_refused_in_either_header(api: Client, forgery: tuple[str, str]) -> None:
    _name, token = forgery

    assert status_of(api, bearer=token) == 401
    assert status_of(api, platform=token) == 401
