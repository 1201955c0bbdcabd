"""The control plane's tokens, and the keys that verify them."""

from typing import Any

import jwt
import pytest

from mock_server.auth.tokens import CREATE_SCOPE
from tests.conftest import Client
from tests.support.problem_bodies import problem

HOUR = 3600
PRESETS = {
    "valid": 200,
    "expired": 401,
    "notYetValid": 401,
    "wrongScope": 403,
    "noOrg": 403,
    "user": 403,
    "badSignature": 401,
    "unsigned": 401,
}
OF_PLATFORM = ["valid", "expired", "notYetValid", "badSignature", "unsigned"]


def mint(api: Client, **body: object) -> dict[str, Any]:
    """Return the control plane's answer to a request to mint with *body*."""
    answer = api.control("POST", "/tokens", json=body)
    assert answer.status_code == 201
    minted: dict[str, Any] = answer.json()
    return minted


def test_a_token_as_text_is_valid_and_the_organisation_s(api: Client) -> None:
    minted = api.control("GET", "/tokens/digdir")

    headers = {"Authorization": f"Bearer {minted.text}"}
    answer = api.call("GET", "/orders/f1a1cc30-197f-4f34-8304-006ce4945fd1", headers=headers)
    assert minted.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.json()["creator"] == "digdir"


def test_a_name_that_no_organisation_has_gets_no_token(api: Client) -> None:
    refused = api.control("GET", "/tokens/no%20one")

    assert refused.status_code == 400


@pytest.mark.parametrize(("preset", "status"), PRESETS.items())
def test_the_header_of_every_bearer_preset_has_its_outcome(
    api: Client, preset: str, status: int
) -> None:
    minted = mint(api, preset=preset)

    header = minted["header"]
    assert header == {"name": "Authorization", "value": f"Bearer {minted['token']}"}
    headers = {header["name"]: header["value"]}
    assert api.cancel(token=None, headers=headers).status_code == status


@pytest.mark.parametrize("preset", OF_PLATFORM)
def test_the_header_of_every_platform_preset_has_its_outcome(api: Client, preset: str) -> None:
    minted = mint(api, kind="platform", preset=preset)

    assert minted["header"] == {"name": "PlatformAccessToken", "value": minted["token"]}
    answer = api.cancel(token=None, headers={"PlatformAccessToken": minted["token"]})
    assert answer.status_code == PRESETS[preset]


@pytest.mark.parametrize("preset", PRESETS)
def test_the_claims_are_those_in_the_token(api: Client, preset: str) -> None:
    minted = mint(api, preset=preset)

    assert jwt.decode(minted["token"], options={"verify_signature": False}) == minted["claims"]


def test_each_token_is_another(api: Client) -> None:
    assert mint(api)["token"] != mint(api)["token"]


def test_a_bearer_token_has_the_claims_of_a_real_one(api: Client) -> None:
    claims = mint(api, org="digdir")["claims"]

    assert set(claims) == {
        *("iss", "iat", "nbf", "exp", "jti", "scope", "client_id", "consumer", "token_type"),
        *("urn:altinn:org", "urn:altinn:orgNumber"),
        *("urn:altinn:authenticatemethod", "urn:altinn:authlevel"),
    }
    assert (claims["urn:altinn:org"], claims["scope"]) == ("digdir", CREATE_SCOPE)
    assert claims["exp"] - claims["iat"] == HOUR


@pytest.mark.parametrize(
    ("preset", "absent"),
    [("noOrg", "urn:altinn:org"), ("user", "urn:altinn:org"), ("user", "scope")],
)
def test_a_preset_leaves_out_the_claim_that_it_is_about(
    api: Client, preset: str, absent: str
) -> None:
    assert absent not in mint(api, preset=preset)["claims"]


def test_a_platform_token_has_the_claims_of_a_real_one(api: Client) -> None:
    claims = mint(api, kind="platform", org="digdir")["claims"]

    assert set(claims) == {"iss", "aud", "urn:altinn:app", "iat", "nbf", "exp", "jti"}
    assert (claims["iss"], claims["urn:altinn:app"]) == ("digdir", "apps-test")
    assert claims["aud"] == "platform.altinn.no"


@pytest.mark.parametrize("scope", ["", "one", f"one {CREATE_SCOPE} two"])
def test_a_token_has_the_scopes_asked_for(api: Client, scope: str) -> None:
    assert mint(api, scope=scope)["claims"]["scope"] == scope


@pytest.mark.parametrize("seconds", [1, 31_536_000])
def test_a_token_lasts_from_a_second_to_a_year(api: Client, seconds: int) -> None:
    claims = mint(api, expiresIn=seconds)["claims"]

    assert claims["exp"] - claims["nbf"] == seconds


def test_null_reads_as_absent(api: Client) -> None:
    nulls = dict.fromkeys(("kind", "org", "scope", "expiresIn", "preset"))

    assert mint(api, **nulls)["claims"].keys() == mint(api)["claims"].keys()


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "cookie"},
        {"kind": "Bearer"},
        {"expiresIn": 0},
        {"expiresIn": 31_536_001},
        {"expiresIn": 1.5},
        {"expiresIn": "60"},
        {"expiresIn": True},
        {"preset": "perfect"},
        {"preset": "Valid"},
        {"org": ""},
        {"org": "a b"},
        {"org": "ttd\n"},
        {"org": "x" * 65},
        {"scope": 7},
        {"scope": "x" * 4001},
        {"audience": "x"},
        [],
        *({"kind": "platform", "preset": preset} for preset in ("wrongScope", "noOrg", "user")),
    ],
)
def test_a_bad_wish_is_a_validation_problem(api: Client, body: Any) -> None:
    answer = api.control("POST", "/tokens", json=body)

    assert (answer.status_code, bool(problem(answer)["errors"])) == (400, True)


@pytest.mark.parametrize("kind", ["bearer", "platform"])
def test_the_public_keys_verify_a_token(api: Client, kind: str) -> None:
    keys = jwt.PyJWKSet.from_dict(api.control("GET", "/jwks").json())
    token = api.mock.token(kind)  # type: ignore[arg-type] # any text, as of a row

    key = keys[jwt.get_unverified_header(token)["kid"]]

    options: Any = {"verify_aud": False}
    assert "ttd" in jwt.decode(token, key, algorithms=["RS256"], options=options).values()


def test_the_public_keys_hold_nothing_private(api: Client) -> None:
    (key,) = api.control("GET", "/jwks").json()["keys"]

    assert set(key) == {"kty", "n", "e", "use", "alg", "kid"}
    assert (key["kty"], key["use"], key["alg"]) == ("RSA", "sig", "RS256")
