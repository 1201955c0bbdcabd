"""Which of several credentials counts, where an operation takes a bearer token alone."""

import json

import jwt
import pytest

from mock_server.auth.authentication import (
    BEARER_SCHEME,
    Authenticator,
    Credentials,
    no_credential,
)
from mock_server.auth.tokens import (
    CREATE_SCOPE,
    MASKINPORTEN_KEY_ID,
    DevelopmentKey,
    Kind,
    TokenRequest,
)
from mock_server.domain.callers import Caller
from mock_server.http.headers import Headers
from mock_server.http.problems import Unauthorized
from tests.support.builders import NOW, SECOND, Wall
from tests.support.signing import KEY, bearer

SCOPES = frozenset({CREATE_SCOPE})
OF_SKD = KEY.mint(TokenRequest(kind=Kind.PLATFORM, org="skd", expires_in=60 * SECOND), NOW).token


def called(*platform: str, token: str | None = None) -> tuple[Caller | None, list[str]]:
    """Return the caller of an operation that takes bearer tokens alone, and what was ignored."""
    ignored: list[str] = []
    wall = Wall()
    wall.now = NOW
    caller = Authenticator(DevelopmentKey(), wall).caller(
        Credentials(platform, token), SCOPES, (BEARER_SCHEME,), ignored.append
    )
    return caller, ignored


def test_a_platform_token_alone_is_no_way_in() -> None:
    with pytest.raises(Unauthorized, match="this operation takes a bearer token alone"):
        called(OF_SKD)


def test_a_bearer_token_alone_names_the_creator() -> None:
    assert called(token=bearer()) == (Caller("ttd"), [])


def test_a_platform_token_that_holds_names_the_creator_beside_a_bearer_token() -> None:
    assert called(OF_SKD, token=bearer()) == (Caller("skd"), [])


def test_a_platform_token_that_does_not_hold_is_passed_over_beside_a_bearer_token() -> None:
    caller, (why,) = called("none", token=bearer())

    assert caller == Caller("ttd")
    assert "it is not a JSON Web Token in compact form" in why


def test_no_credential_is_no_caller() -> None:
    assert called() == (None, [])


def test_a_token_signed_for_maskinporten_is_to_be_exchanged_first() -> None:
    claims = jwt.decode(bearer(), options={"verify_signature": False})

    with pytest.raises(Unauthorized, match="exchange it first"):
        called(token=KEY.sign(claims, MASKINPORTEN_KEY_ID))


def test_a_claim_that_is_half_a_character_makes_no_token() -> None:
    claims = jwt.decode(bearer(), options={"verify_signature": False})
    claims["consumer"] = json.loads('"\\ud800"')

    with pytest.raises(Unauthorized, match="it is not a JSON Web Token"):
        called(token=KEY.sign(claims))


@pytest.mark.parametrize("name", ["A", "AltinnStudioRuntim", "AltinnStudioRuntimes", "B"])
def test_another_cookie_is_no_token(name: str) -> None:
    assert Credentials.of(Headers([(b"Cookie", f"{name}={bearer()}".encode())])).bearer is None


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (None, "No token was sent."),
        ("", "No token was sent."),
        ("Bearer ", "No token was sent."),
        ("Basic a2FyaQ==", "The header Authorization does not begin with the scheme Bearer."),
    ],
)
def test_a_request_without_a_token_is_told_why(sent: str | None, told: str) -> None:
    fields = [] if sent is None else [(b"Authorization", sent.encode())]

    assert no_credential(Headers(fields)).detail.startswith(told)
