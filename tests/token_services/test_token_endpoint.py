"""`POST /token`: the JWT bearer grant, as Maskinporten takes it."""

from typing import Any

import httpx
import jwt
import pytest

from mock_server.auth.tokens import CREATE_SCOPE
from mock_server.testing.mock_server import MockServer
from tests.conftest import Client
from tests.support.maskinporten import (
    GRANT_TYPE,
    ask,
    chain,
    claims_for,
    claims_of,
    refused,
    sign,
    token,
)

ORG = {"authority": "iso6523-actorid-upis", "ID": "0192:991825827"}


def test_the_metadata_names_the_doors_as_the_caller_reaches_them(api: Client) -> None:
    root = api.mock.url

    metadata = api.http.get(f"{root}/.well-known/oauth-authorization-server").json()

    assert metadata["issuer"] == f"{root}/"
    assert (metadata["token_endpoint"], metadata["jwks_uri"]) == (f"{root}/token", f"{root}/jwk")
    assert metadata["grant_types_supported"] == [GRANT_TYPE]
    assert metadata["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]


def test_a_signed_assertion_is_granted_a_token(api: Client) -> None:
    answer = ask(api.http, api.mock.url, sign(claims_for(api.mock.url)))

    body = answer.json()
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert set(body) == {"access_token", "token_type", "expires_in", "scope"}
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 600, CREATE_SCOPE)


def test_the_token_has_the_claims_of_a_maskinporten_token(api: Client) -> None:
    claims = claims_of(token(api.http, api.mock.url, scope=f" one\t{CREATE_SCOPE} "))

    assert claims.pop("exp") - claims.pop("iat") == 600
    assert claims.pop("jti")
    assert claims == {
        "iss": f"{api.mock.url}/",
        "scope": f"one {CREATE_SCOPE}",
        "client_id": "my-client",
        "consumer": ORG,
        "token_type": "Bearer",
    }


@pytest.mark.parametrize("path", ["/jwk", "/jwks", "/JWKS/"])
def test_the_public_key_verifies_the_token(api: Client, path: str) -> None:
    given = token(api.http, api.mock.url)

    keys = jwt.PyJWKSet.from_dict(api.http.get(f"{api.mock.url}{path}").json())

    key = keys[jwt.get_unverified_header(given)["kid"]]
    assert jwt.decode(given, key, algorithms=["RS256"])["client_id"] == "my-client"


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512"])
def test_each_algorithm_of_maskinporten_is_taken(api: Client, algorithm: str) -> None:
    assertion = sign(claims_for(api.mock.url), algorithm=algorithm)

    assert ask(api.http, api.mock.url, assertion).status_code == 200


@pytest.mark.parametrize(
    "audience",
    [
        "https://maskinporten.no/",
        "https://test.maskinporten.no",
        ["https://elsewhere.example/", "https://test.maskinporten.no/"],
    ],
)
def test_an_assertion_may_be_for_the_real_maskinporten(api: Client, audience: Any) -> None:
    assert token(api.http, api.mock.url, aud=audience)


def test_an_issuer_without_its_slash_is_taken(api: Client) -> None:
    assert token(api.http, api.mock.url, aud=api.mock.url)


def test_who_acts_for_another_organisation_is_the_supplier(api: Client) -> None:
    claims = claims_of(token(api.http, api.mock.url, consumer_org="889640782"))

    assert claims["consumer"] == ORG | {"ID": "0192:889640782"}
    assert claims["supplier"] == ORG


@pytest.mark.parametrize(
    ("subject", "number"),
    [("NTRNO-974761076", "974761076"), ("889640782", "889640782"), ("Acme 12", "991825827")],
)
def test_the_certificate_tells_the_organisation(api: Client, subject: str, number: str) -> None:
    assertion = sign(claims_for(api.mock.url), header={"x5c": chain(subject=subject)})

    given = ask(api.http, api.mock.url, assertion).json()["access_token"]

    assert claims_of(given)["consumer"]["ID"] == f"0192:{number}"


def test_each_sandbox_has_an_issuer_of_its_own(api: Client, server: MockServer) -> None:
    answer = ask(api.http, api.mock.url, sign(claims_for(server.url)))

    assert "/__sandbox/" in api.mock.url
    assert f"'{api.mock.url}/'" in refused(answer, 400, "invalid_grant")
    assert claims_of(token(api.http, server.url))["iss"] == f"{server.url}/"


def test_no_fault_meets_the_doors_and_the_journal_lacks_them(api: Client) -> None:
    api.mock.faults.add({"status": 503})
    api.mock.faults.add({"connection": "reset"})

    given = token(api.http, api.mock.url)

    assert claims_of(given)["consumer"] == ORG
    assert api.mock.requests.list() == []


@pytest.mark.parametrize("dialect", ["documented", "live"])
def test_refusals_are_the_same_in_both_dialects(dialect: str) -> None:
    with MockServer(dialect=dialect) as mock, httpx.Client() as http:
        answer = http.post(f"{mock.url}/token", data={})

    assert "'grant_type' is missing" in refused(answer, 400, "invalid_request")


def test_the_doors_have_documents_and_docs(server: MockServer, http: httpx.Client) -> None:
    url = f"{server.url}/__doors"

    assert http.get(f"{url}/openapi.yaml").text.startswith("openapi: 3.0.3\n")
    assert "/token" in http.get(f"{url}/openapi.json").json()["paths"]
    assert "swagger-ui" in http.get(f"{url}/ui/").text
    assert http.get(f"{url}/ui/swagger-ui-bundle.js").status_code == 200
