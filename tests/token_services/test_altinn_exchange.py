"""Altinn's exchange: Maskinporten token in, Altinn token out."""

import time
from typing import Any

import httpx
import pytest

from mock_server.auth.tokens import CREATE_SCOPE, ISSUER, MASKINPORTEN_KEY_ID
from mock_server.testing.mock_server import MockServer
from tests.conftest import TTD_ORDER, Client
from tests.support.maskinporten import claims_of, refused, token
from tests.support.problem_bodies import problem
from tests.support.signing import KEY, bearer

PATH = "/authentication/api/v1/exchange/maskinporten"


EXPIRIES: list[Any] = [None, 0, "x", True, []]
CONSUMERS: list[Any] = [None, "x", {}, [], {"ID": 7}, {"ID": "0192:12345678"}]


def exchange(api: Client, token: str, query: str = "", **headers: str) -> httpx.Response:
    """Exchange *token*, with just these further *headers*."""
    request = httpx.Request(
        "GET",
        f"{api.mock.url}{PATH}{query}",
        headers={"Authorization": f"Bearer {token}"} | headers,
    )
    return api.http.send(request)


def exchanged(api: Client, query: str = "", **claims: Any) -> str:
    """Return the Altinn token for an assertion with *claims*."""
    answer = exchange(api, token(api.http, api.mock.url, **claims), query)
    assert answer.status_code == 200, answer.text
    return answer.text


def forged(**claims: Any) -> str:
    """Return a Maskinporten token with *claims*, good but for them."""
    consumer = {"authority": "iso6523-actorid-upis", "ID": "0192:991825827"}
    good = {"exp": time.time() + 60, "scope": CREATE_SCOPE, "consumer": consumer}
    kept = {name: value for name, value in (good | claims).items() if value is not None}
    return KEY.sign(kept, MASKINPORTEN_KEY_ID)


def test_an_altinn_token_keeps_what_maskinporten_said_and_adds_altinn_s_own(api: Client) -> None:
    original = token(api.http, api.mock.url, consumer_org="974761076")

    claims = claims_of(exchange(api, original).text)

    kept = {name: value for name, value in claims_of(original).items() if name != "iss"}
    assert claims.pop("nbf") <= time.time()
    assert claims == {
        "iss": ISSUER,
        **kept,
        "urn:altinn:org": "skd",
        "urn:altinn:orgNumber": "974761076",
        "urn:altinn:authenticatemethod": "maskinporten",
        "urn:altinn:authlevel": "3",
    }


@pytest.mark.parametrize("query", ["", "?test=true", "?test=false", "?TEST=True"])
def test_the_agency_that_runs_altinn_acts_as_the_test_department(api: Client, query: str) -> None:
    assert claims_of(exchanged(api, query))["urn:altinn:org"] == "ttd"


@pytest.mark.parametrize(("number", "org"), [("889640782", "nav"), ("123456789", "ttd")])
def test_the_number_tells_the_short_name(api: Client, number: str, org: str) -> None:
    claims = claims_of(exchanged(api, consumer_org=number))

    assert (claims["urn:altinn:org"], claims["urn:altinn:orgNumber"]) == (org, number)


@pytest.mark.parametrize(
    ("scope", "has_org"),
    [
        ("altinn:serviceowner", True),
        ("other altinn:serviceowner/instances.read", True),
        ("altinn:instances.read", False),
        ("not-altinn:serviceowner", False),
    ],
)
def test_only_service_owner_scopes_bring_a_short_name(
    api: Client, scope: str, *, has_org: bool
) -> None:
    claims = claims_of(exchanged(api, scope=scope))

    assert ("urn:altinn:org" in claims) is has_org
    assert claims["urn:altinn:orgNumber"] == "991825827"


@pytest.mark.parametrize(
    ("accept", "is_json"),
    [
        (None, False),
        ("", False),
        ("*/*", False),
        ("application/json", True),
        ("APPLICATION/JSON; charset=utf-8", True),
        ("application/json, text/plain, */*", False),
        ("application/json, */*;q=0.1", False),
        ("text/plain", False),
        ("text/*", False),
        ("text/plain, application/json", False),
        ("application/json, text/plain", True),
        ("text/plain;q=0.5, application/json", True),
        ("application/json;q=0, text/plain", False),
        ("application/json;q=0", False),
        ("application/json;q=x", False),
        ("application/*", True),
        ("text/json", True),
        ("application/problem+json", True),
        ("application/xml", False),
        (",", False),
    ],
)
def test_the_body_is_bare_or_a_json_string_by_accept(
    api: Client, accept: str | None, *, is_json: bool
) -> None:
    more = {} if accept is None else {"Accept": accept}

    answer = exchange(api, token(api.http, api.mock.url), **more)

    kind = "application/json" if is_json else "text/plain"
    assert answer.headers["content-type"] == f"{kind}; charset=utf-8"
    given = answer.json() if is_json else answer.text
    assert claims_of(given)["urn:altinn:org"] == "ttd"


def test_an_exchanged_token_cancels_an_order(api: Client) -> None:
    headers = {"Authorization": f"Bearer {exchanged(api)}"}

    assert api.cancel(TTD_ORDER, token=None, headers=headers).status_code == 200


def test_an_exchanged_token_without_the_scope_does_not(api: Client) -> None:
    given = exchanged(api, scope="altinn:serviceowner/instances.read")

    answer = api.cancel(token=None, headers={"Authorization": f"Bearer {given}"})

    assert answer.status_code == 403


def test_a_token_that_was_not_exchanged_is_refused_by_the_orders_api(api: Client) -> None:
    headers = {"Authorization": f"Bearer {token(api.http, api.mock.url)}"}

    answer = api.cancel(token=None, headers=headers)

    assert answer.status_code == 401
    assert f"exchange it first, by GET {PATH}" in problem(answer)["detail"]


@pytest.mark.parametrize(
    "authorization",
    [
        *(
            None,
            "",
            "Bearer",
            "Basic eDp5",
            "Bearer x",
            "Bearer a.b.c",
            "bearer ..",
            "x",
        ),
        *(f"Bearer {bearer()}", f"Bearer {bearer(headers={'kid': 'other'})}"),
        *(f"Bearer {forged(exp=exp)}" for exp in EXPIRIES),
        *(f"Bearer {forged(consumer=consumer)}" for consumer in CONSUMERS),
        f"Bearer {forged()[:-8]}AAAAAAAA",
    ],
)
@pytest.mark.parametrize("query", ["", "?test=maybe"])
def test_anything_but_a_living_maskinporten_token_is_refused(
    api: Client, authorization: str | None, query: str
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}

    answer = api.http.get(f"{api.mock.url}{PATH}{query}", headers=headers)

    assert "POST /token" in refused(answer, 401, "invalid_token")
    assert answer.headers["www-authenticate"].startswith("Bearer realm=")


def test_an_altinn_token_is_not_exchanged_again(api: Client) -> None:
    for given in (api.mock.token(), exchanged(api)):
        description = refused(exchange(api, given), 401, "invalid_token")

        assert "it is not one of Maskinporten's" in description


def test_a_token_that_expired_moments_ago_is_exchanged_still(api: Client) -> None:
    now = time.time()

    assert exchange(api, forged(exp=now - 5)).status_code == 200
    assert exchange(api, forged(exp=now - 15)).status_code == 401


@pytest.mark.parametrize("query", ["?test=", "?test=maybe", "?test=1", "?test=%00", "?test=tru"])
def test_a_test_that_is_neither_true_nor_false_is_refused(api: Client, query: str) -> None:
    answer = exchange(api, token(api.http, api.mock.url), query)

    assert "Send 'test' such as true." in refused(answer, 400, "invalid_request")


@pytest.mark.parametrize("scope", [None, 7, [], {}])
def test_a_strange_scope_in_a_token_is_survived(api: Client, scope: Any) -> None:
    answer = exchange(api, forged(scope=scope))

    assert answer.status_code == 200
    assert "urn:altinn:org" not in claims_of(answer.text)


def test_a_maskinporten_token_is_good_in_every_sandbox(api: Client, server: MockServer) -> None:
    assert exchange(api, token(api.http, server.url)).status_code == 200


def test_other_providers_are_not_there(api: Client) -> None:
    answer = api.http.get(f"{api.mock.url}{PATH.replace('maskinporten', 'id-porten')}")

    assert answer.status_code == 404
