"""The test-token service: any user in, token out."""

import base64
import re
from typing import Any

import httpx
import pytest

from mock_server.auth.tokens import CREATE_SCOPE
from tests.conftest import TTD_ORDER, Client
from tests.support.maskinporten import claims_of, refused

ENTERPRISE = "/api/GetEnterpriseToken"
PLATFORM = "/api/GetPlatformAccessToken"
USER = ("anybody", "at all")
ORG = {"env": "tt02", "scopes": CREATE_SCOPE, "org": "ttd", "orgNo": "991825827"}
APP = {"env": "tt02", "app": "apps-test"}


def get(api: Client, path: str, query: Any, **more: Any) -> httpx.Response:
    """Ask the test-token service for a token, by default as somebody."""
    return api.http.get(f"{api.mock.url}{path}", params=query, **{"auth": USER, **more})


def test_an_enterprise_token_has_the_claims_of_a_real_one(api: Client) -> None:
    claims = claims_of(get(api, ENTERPRISE, ORG).text)

    assert claims["exp"] - claims["iat"] == 1800
    assert set(claims) == {
        *("iss", "actual_iss", "scope", "token_type", "client_id", "consumer", "iat", "nbf"),
        *("exp", "jti", "urn:altinn:org", "urn:altinn:orgNumber"),
        *("urn:altinn:authenticatemethod", "urn:altinn:authlevel"),
    }
    assert (claims["urn:altinn:org"], claims["scope"]) == ("ttd", CREATE_SCOPE)


def test_an_enterprise_token_cancels_an_order(api: Client) -> None:
    headers = {"Authorization": f"Bearer {get(api, ENTERPRISE, ORG).text}"}

    assert api.cancel(TTD_ORDER, token=None, headers=headers).status_code == 200


@pytest.mark.parametrize("scopes", ["one,two", "one two", "one, two", ",one,,two,"])
def test_scopes_are_separated_by_commas_or_spaces(api: Client, scopes: str) -> None:
    assert claims_of(get(api, ENTERPRISE, ORG | {"scopes": scopes}).text)["scope"] == "one two"


def test_without_an_organisation_the_token_names_none(api: Client) -> None:
    claims = claims_of(get(api, ENTERPRISE, {"env": "local", "scopes": "x"}).text)

    assert "urn:altinn:org" not in claims
    assert claims["urn:altinn:orgNumber"] == "991825827"


def test_number_and_lifetime_are_as_asked(api: Client) -> None:
    query = {"ENV": "at22", "Scopes": "x", "ORGNO": "889640782", "Ttl": "60"}

    claims = claims_of(get(api, ENTERPRISE, query).text)

    assert claims["exp"] - claims["iat"] == 60
    assert claims["consumer"] == {"authority": "iso6523-actorid-upis", "ID": "0192:889640782"}


def test_a_platform_access_token_has_the_claims_of_a_real_one(api: Client) -> None:
    claims = claims_of(get(api, PLATFORM, APP).text)

    assert (claims["iss"], claims["urn:altinn:app"]) == ("platform", "apps-test")
    assert claims["exp"] - claims["iat"] == 1800


def test_a_platform_access_token_cancels_an_order_of_its_organisation(api: Client) -> None:
    headers = {"PlatformAccessToken": get(api, PLATFORM, APP | {"org": "ttd", "ttl": 60}).text}

    assert api.cancel(TTD_ORDER, token=None, headers=headers).status_code == 200


@pytest.mark.parametrize(("path", "query"), [(ENTERPRISE, ORG), (PLATFORM, APP)])
def test_the_body_is_a_json_string_where_json_is_asked_for(
    api: Client, path: str, query: dict[str, str]
) -> None:
    answer = get(api, path, query, headers={"Accept": "application/json"})

    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert claims_of(answer.json())["exp"]


@pytest.mark.parametrize(("path", "query"), [(ENTERPRISE, ORG), (PLATFORM, APP)])
@pytest.mark.parametrize(
    "authorization",
    [
        *(None, "", "Basic", "Basic !", "Basic æ".encode(), "Bearer x", "Basic eA=="),
        f"Basic {base64.b64encode(b':secret').decode()}",
    ],
)
def test_a_user_is_asked_for(
    api: Client, path: str, query: dict[str, str], authorization: Any
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}

    answer = get(api, path, query, auth=None, headers=headers)

    assert "any user" in refused(answer, 401, "invalid_client")
    assert answer.headers["www-authenticate"].startswith("Basic realm=")


@pytest.mark.parametrize("user", ["a:", "a:b:c", "æ:ø", "\x00:"])
def test_any_user_will_do_padded_or_not(api: Client, user: str) -> None:
    credential = base64.b64encode(user.encode()).decode().rstrip("=")

    answer = get(api, PLATFORM, APP, auth=None, headers={"Authorization": f"basic {credential}"})

    assert answer.status_code == 200


LIFETIMES = ["0", "-1", "31536001", "1.5", "x", "", "9" * 5000, "\x00"]


@pytest.mark.parametrize(
    ("path", "query", "name", "values"),
    [
        (ENTERPRISE, ORG, "env", [None, "", " ", "a b", "x" * 21, "\x00"]),
        (ENTERPRISE, ORG, "scopes", [None, "", " ", ",", "a;b", 'a"b', "æ", "x" * 2001]),
        (ENTERPRISE, ORG, "org", ["", "a b", "x" * 65, "æ", "ttd\n"]),
        (
            ENTERPRISE,
            ORG,
            "orgNo",
            ["", "12345678", "1234567890", "12345678x", "123456789\n", "١٢٣٤٥٦٧٨٩"],
        ),
        (ENTERPRISE, ORG, "ttl", LIFETIMES),
        (PLATFORM, APP, "env", [None, ""]),
        (PLATFORM, APP, "app", [None, "", "a b", "x" * 101, "a/b", "a\n"]),
        (PLATFORM, APP, "org", ["", "a b", "x" * 65]),
        (PLATFORM, APP, "ttl", LIFETIMES),
    ],
)
def test_a_bad_parameter_is_refused(
    api: Client, path: str, query: dict[str, str], name: str, values: list[str | None]
) -> None:
    kept = {key: value for key, value in query.items() if key != name}
    for value in values:
        answer = get(api, path, kept if value is None else kept | {name: value})

        told = refused(answer, 400, "invalid_request")
        assert re.search(f"Send '{name}'(,.*,)? such as ", told), value


def test_unknown_parameters_are_ignored(api: Client) -> None:
    assert get(api, PLATFORM, APP | {"dump": "", "document": "x"}).status_code == 200
