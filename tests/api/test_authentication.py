"""Authentication: bearer tokens, platform access tokens, and both together."""

from typing import Any

import httpx
import pytest

from mock_server.auth.tokens import CREATE_SCOPE
from tests.conftest import TTD_ORDER, Client
from tests.support.signing import bearer, platform, status_of

BEARERS = {
    "none": 401,
    "malformed": 401,
    "expired": 401,
    "notYetValid": 401,
    "badSignature": 401,
    "unsigned": 401,
    "wrongScope": 403,
    "user": 403,
    "noOrg": 403,
    "valid": 200,
}
PLATFORMS = ["none", "empty", "malformed", "expired", "notYetValid", "badSignature", "unsigned"]
MADE_UP = {"none": None, "empty": "", "malformed": "nonsense"}
CHALLENGE = 'Bearer realm="altinn-notifications"'


def token_of(api: Client, kind: str, name: str) -> str | None:
    """Return the token of *kind* that goes by *name* in the tables above."""
    return MADE_UP[name] if name in MADE_UP else api.mock.token(kind, preset=name)  # type: ignore[arg-type] # any text, as of a row


@pytest.mark.parametrize(("name", "status"), BEARERS.items())
@pytest.mark.parametrize("beside", PLATFORMS)
def test_without_a_valid_platform_token_the_bearer_decides(
    api: Client, name: str, status: int, beside: str
) -> None:
    tokens = token_of(api, "bearer", name), token_of(api, "platform", beside)

    assert status_of(api, *tokens) == status
    cancelled = api.mock.orders.get(TTD_ORDER)["status"] == "Cancelled"
    assert cancelled == (status == 200)


@pytest.mark.parametrize("name", BEARERS)
def test_a_valid_platform_token_is_enough_beside_any_bearer(api: Client, name: str) -> None:
    assert status_of(api, token_of(api, "bearer", name), api.mock.token("platform")) == 200


def test_a_valid_platform_token_decides_the_creator_beside_a_bearer(api: Client) -> None:
    order_id = api.mock.orders.create(creator="digdir")["id"]
    headers = {"PlatformAccessToken": api.mock.token("platform", org="digdir")}

    assert api.cancel(order_id, headers=headers).json()["creator"] == "digdir"
    assert api.cancel(headers=headers).status_code == 404


@pytest.mark.parametrize("preset", ["badSignature", "unsigned", "expired", "notYetValid"])
def test_an_invalid_platform_token_beside_a_good_bearer_decides_nothing(
    api: Client, preset: str
) -> None:
    order_id = api.mock.orders.create(creator="digdir")["id"]
    headers = {"PlatformAccessToken": api.mock.token("platform", org="digdir", preset=preset)}  # type: ignore[arg-type] # any text, as of a row

    answer = api.cancel(headers=headers)

    assert answer.json()["creator"] == "ttd"
    assert answer.headers["x-mock-notice"].startswith("PlatformAccessToken was ignored: ")
    assert api.cancel(order_id, headers=headers).status_code == 404


def test_a_platform_token_that_is_ignored_leaves_the_notice_of_a_path(api: Client) -> None:
    headers = {"PlatformAccessToken": api.mock.token("platform", preset="expired")}

    notice = api.call("PUT", f"/order/{TTD_ORDER}/cancel", headers=headers).headers["x-mock-notice"]

    assert notice.startswith("The real service has only the plural, /orders/{id}/cancel; ")
    assert " PlatformAccessToken was ignored: " in notice


def test_no_notice_is_given_where_every_credential_holds(api: Client) -> None:
    headers = {"PlatformAccessToken": api.mock.token("platform")}

    assert "x-mock-notice" not in api.cancel(headers=headers).headers
    assert "x-mock-notice" not in api.cancel().headers


@pytest.mark.parametrize(("token", "status"), [(None, 401), ("wrongScope", 403), ("valid", 200)])
def test_several_values_of_the_platform_header_are_not_valid(
    api: Client, http: httpx.Client, token: str | None, status: int
) -> None:
    one = api.mock.token("platform")
    headers = [("PlatformAccessToken", one), ("platformaccesstoken", one)]
    if token is not None:
        headers.append(("Authorization", f"Bearer {api.mock.token(preset=token)}"))  # type: ignore[arg-type] # any text, as of a row

    answer = http.put(f"{api.mock.base_url}/orders/{TTD_ORDER}/cancel", headers=headers)

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"scope": f"other {CREATE_SCOPE} more"}, 200),
        ({"scope": f"other  {CREATE_SCOPE}"}, 200),
        ({"scope": None, "urn:altinn:scope": f"{CREATE_SCOPE} more"}, 200),
        ({"scope": CREATE_SCOPE, "urn:altinn:scope": "other"}, 403),
        ({"scope": "other", "urn:altinn:scope": CREATE_SCOPE}, 200),
        ({"scope": CREATE_SCOPE, "urn:altinn:scope": ""}, 403),
        ({"scope": None}, 403),
        ({"scope": ""}, 403),
        ({"scope": f"{CREATE_SCOPE}d"}, 403),
        ({"scope": CREATE_SCOPE[:-1]}, 403),
        ({"scope": [CREATE_SCOPE, "other"]}, 200),
        ({"scope": ["other", CREATE_SCOPE]}, 403),
        ({"scope": CREATE_SCOPE.upper()}, 403),
        ({"scope": f"{CREATE_SCOPE},other"}, 403),
        ({"scope": f"{CREATE_SCOPE}\tother"}, 403),
        ({"scope": 7}, 403),
        ({"scope": {}}, 403),
    ],
)
def test_the_exact_scope_must_be_in_the_list_of_the_first_scope_claim(
    api: Client, claims: dict[str, Any], status: int
) -> None:
    assert status_of(api, bearer(claims)) == status


@pytest.mark.parametrize(
    ("org", "status"),
    [("ttd", 200), ("skd", 404), ("TTD", 404), (None, 403), ("", 403), (["ttd"], 403), (7, 403)],
)
def test_the_organisation_claim_names_the_creator(api: Client, org: object, status: int) -> None:
    assert status_of(api, bearer({"urn:altinn:org": org})) == status


@pytest.mark.parametrize(
    ("issuer", "status"),
    [
        ("ttd", 200),
        ("skd", 404),
        ("TTD", 404),
        ("platform", 404),
        ("x" * 64, 404),
        ("x" * 65, 401),
        ("a b", 401),
        ("https://ttd.no/", 401),
        ("", 401),
        (None, 401),
    ],
)
def test_the_issuer_of_a_platform_token_names_the_creator(
    api: Client, issuer: str | None, status: int
) -> None:
    assert status_of(api, platform=platform({"iss": issuer})) == status


@pytest.mark.parametrize("value", ["bearer {}", "BEARER {}", "bEaReR {}", "Bearer  {}"])
def test_the_word_bearer_has_any_letter_case(api: Client, value: str) -> None:
    assert api.cancel(headers={"Authorization": value.format(bearer())}).status_code == 200


@pytest.mark.parametrize("value", ["{}", "Basic {}", "Bearer", "bearer", "Token {}", ",", ""])
def test_another_scheme_is_no_credential(api: Client, value: str) -> None:
    answer = api.cancel(headers={"Authorization": value.format(bearer())})

    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, CHALLENGE)


@pytest.mark.parametrize("value", ["Bearer{}", "Bearer: {}", "Bearer {}, Bearer {}", "Bearer x {}"])
def test_a_token_in_the_wrong_form_is_refused(api: Client, value: str) -> None:
    token = bearer()

    assert api.cancel(headers={"Authorization": value.format(token, token)}).status_code == 401


@pytest.mark.parametrize(
    "value", [b"\xff\xfe", "ærlig".encode(), b"a.b.c", b"..", b"a" * 30_000, b"." * 30_000]
)
@pytest.mark.parametrize("field", [b"Authorization", b"PlatformAccessToken", b"Cookie"])
def test_a_long_or_odd_credential_is_unauthorized(api: Client, field: bytes, value: bytes) -> None:
    before = {b"Authorization": b"Bearer ", b"Cookie": b"AltinnStudioRuntime="}.get(field, b"")

    answer = api.cancel(token=None, headers={field: before + value})

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith(CHALLENGE)
    assert answer.json()["status"] == 401


def test_a_credential_that_makes_the_head_too_large_is_refused(api: Client) -> None:
    answer = api.cancel(headers={"Authorization": f"Bearer {'a' * 33_000}"})

    assert (answer.status_code, answer.json()["status"]) == (431, 431)
