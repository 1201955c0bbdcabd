"""`WWW-Authenticate`, as RFC 6750 section 3 has it."""

import pytest

from mock_server.auth.tokens import CREATE_SCOPE
from tests.conftest import Client

COMPOSED = "/future/orders/composed-email"

REALM = 'Bearer realm="altinn-notifications"'


def test_no_token_at_all_is_challenged_without_an_error(api: Client) -> None:
    assert api.cancel(token=None).headers["www-authenticate"] == REALM


@pytest.mark.parametrize("word", ["", "Basic ", "Token ", "Bearer:", "Bearer"])
def test_a_token_without_the_word_bearer_is_told_so(api: Client, word: str) -> None:
    token = api.mock.token()

    answer = api.cancel(headers={"Authorization": f"{word}{token}"})

    detail = answer.json()["detail"]
    assert detail.startswith(
        "The header Authorization does not begin with the scheme Bearer. "
        "Send 'Authorization: Bearer <token>' with an Altinn token, or "
    )
    assert answer.headers["www-authenticate"] == REALM
    (entry,) = api.mock.requests.list()
    assert entry["why"] == f"401: {detail}"


@pytest.mark.parametrize("sent", ["", "Bearer", "bearer"])
def test_a_header_without_a_token_is_none(api: Client, sent: str) -> None:
    answer = api.cancel(headers={"Authorization": sent})

    assert answer.json()["detail"].startswith("No token was sent. Send ")


@pytest.mark.parametrize(
    ("preset", "reason"),
    [
        ("expired", "it has expired"),
        ("notYetValid", "it is not yet valid"),
        ("badSignature", "its signature was not made with the mock's development key"),
        ("unsigned", "its algorithm is not RS256"),
    ],
)
@pytest.mark.parametrize("kind", ["bearer", "platform"])
def test_a_rejected_token_is_an_invalid_token_and_says_why(
    api: Client, kind: str, preset: str, reason: str
) -> None:
    name = {"bearer": "bearer token", "platform": "platform access token"}[kind]
    header = {"bearer": "Authorization", "platform": "PlatformAccessToken"}[kind]
    word = "Bearer " if kind == "bearer" else ""

    answer = api.cancel(token=None, headers={header: word + api.mock.token(kind, preset=preset)})  # type: ignore[arg-type] # any text, as of a row

    challenge = f'{REALM}, error="invalid_token", error_description="{name}: {reason}"'
    assert answer.headers["www-authenticate"] == challenge
    assert answer.json()["detail"].startswith(f"The {name} was refused: {reason}. Send ")


@pytest.mark.parametrize("preset", ["wrongScope", "user"])
def test_a_missing_scope_is_an_insufficient_scope_and_names_it(api: Client, preset: str) -> None:
    answer = api.cancel(token=preset)

    assert answer.status_code == 403
    assert answer.headers["www-authenticate"] == (
        f'{REALM}, error="insufficient_scope", scope="{CREATE_SCOPE}"'
    )


def test_two_rejected_tokens_are_challenged_once(api: Client) -> None:
    answer = api.cancel(token="expired", headers={"PlatformAccessToken": "nonsense"})

    assert answer.headers["www-authenticate"].count("error=") == 1
    assert answer.status_code == 401


@pytest.mark.parametrize("token", ["valid", "noOrg"])
def test_an_accepted_token_is_not_challenged(api: Client, token: str) -> None:
    assert "www-authenticate" not in api.cancel(token=token).headers


def test_a_token_of_the_other_kind_is_told_its_header(api: Client) -> None:
    headers = {"Authorization": f"Bearer {api.mock.token('platform')}"}

    by_either = api.cancel(token=None, headers=headers).json()["detail"]
    by_bearer = api.call("POST", COMPOSED, token=None, headers=headers, json={}).json()["detail"]

    refused = "it is a platform access token, and no bearer token. Send 'Authorization: Bearer"
    assert refused in by_either
    assert "or 'PlatformAccessToken: <token>' with a platform access token" in by_either
    assert refused in by_bearer
    assert "PlatformAccessToken" not in by_bearer
