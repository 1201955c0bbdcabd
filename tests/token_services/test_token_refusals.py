"""`POST /token` refuses invalid requests with the remedy."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from mock_server.testing.mock_server import MockServer
from mock_server.token_services.client_keys import ClientKeys
from mock_server.token_services.jwt_bearer_grant import read_grant
from mock_server.token_services.oauth_errors import DoorProblem
from tests.conftest import Client
from tests.support.maskinporten import GRANT_TYPE, ask, chain, claims_for, refused, sign

FORM = "application/x-www-form-urlencoded"
DEEP = b"[" * 20_000
NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


def jws(
    header: bytes = b'{"alg": "RS256", "kid": "k"}', claims: bytes = b"{}", signature: bytes = b"x"
) -> str:
    """Return a JSON Web Signature of these parts."""
    parts = (header, claims, signature)
    return ".".join(base64.urlsafe_b64encode(item).decode().rstrip("=") for item in parts)


def unverified(claims: dict[str, Any]) -> str:
    """Return an assertion with just these *claims*, of any types; None left out."""
    kept = {name: value for name, value in claims.items() if value is not None}
    return jws(claims=json.dumps(kept).encode())


@pytest.mark.parametrize(
    ("form", "error", "told"),
    [
        ({"assertion": "x"}, "invalid_request", "'grant_type' is missing"),
        ({"grant_type": "", "assertion": "x"}, "invalid_request", "'grant_type' is missing"),
        ({"grant_type": "client_credentials"}, "unsupported_grant_type", GRANT_TYPE),
        ({"grant_type": [GRANT_TYPE, GRANT_TYPE]}, "invalid_request", "Send it once"),
        ({"grant_type": GRANT_TYPE}, "invalid_request", "'assertion' is missing"),
        ({"grant_type": GRANT_TYPE, "assertion": ""}, "invalid_request", "'assertion' is missing"),
        ({str(number): "x" for number in range(101)}, "invalid_request", "at most 100"),
        ({}, "invalid_request", "'grant_type' is missing"),
    ],
)
def test_a_bad_form_is_refused(api: Client, form: Any, error: str, told: str) -> None:
    answer = api.http.post(f"{api.mock.url}/token", data=form)

    assert told in refused(answer, 400, error)


@pytest.mark.parametrize(
    ("size", "status", "told"), [(65_536, 400, "'assertion' is"), (65_537, 413, "at most 65536")]
)
def test_a_form_that_is_too_large_is_refused(
    api: Client, size: int, status: int, told: str
) -> None:
    body = f"grant_type={GRANT_TYPE}&x=".ljust(size, "x")

    answer = api.http.post(f"{api.mock.url}/token", content=body, headers={"Content-Type": FORM})

    assert told in refused(answer, status, "invalid_request")


@pytest.mark.parametrize(
    "media_type", [FORM.upper(), f"{FORM} ; charset=utf-8", f"{FORM};", f"{FORM}; Charset=UTF-8"]
)
def test_the_media_type_of_a_form_is_read_in_any_spelling(api: Client, media_type: str) -> None:
    headers = {"Content-Type": media_type}

    answer = api.http.post(f"{api.mock.url}/token", content=b"grant_type=x", headers=headers)

    assert "'x' is not supported" in refused(answer, 400, "unsupported_grant_type")


@pytest.mark.parametrize("body", [b"grant_type=%ff", b"\xff=1", b"\x00", b"&&&", b"=", b"{}"])
def test_bytes_that_are_no_form_are_refused(api: Client, body: bytes) -> None:
    headers = {"Content-Type": FORM}

    answer = api.http.post(f"{api.mock.url}/token", content=body, headers=headers)

    assert refused(answer, 400, "invalid_request")


def test_a_body_of_another_type_is_refused(api: Client) -> None:
    answer = api.http.post(f"{api.mock.url}/token", json={"grant_type": GRANT_TYPE})

    assert "application/x-www-form-urlencoded" in refused(answer, 415, "invalid_request")


def test_another_method_is_refused(api: Client) -> None:
    answer = api.http.get(f"{api.mock.url}/token")

    assert "send POST" in refused(answer, 405, "invalid_request")
    assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize(
    "assertion",
    [
        *("x", "a.b", "a.b.c", "..", "a.b.c.d", "æ.ø.å", "😀.😀.😀"),
        *(jws(claims=b"[]"), jws(claims=b"not JSON"), jws(claims=DEEP), jws(signature=b"")),
        *(jws(DEEP), jws(b"[]"), jws(b"{}"), jws(b'{"alg": "none"}', signature=b"")),
        *(jws(b'{"alg": "HS256", "kid": "k"}'), jws(b'{"alg": ["RS256"], "kid": "k"}')),
        *(jws(b'{"alg": "RS256", "kid": 7}'), jws(b'{"alg": "RS256", "kid": null}')),
        *(jws(b'{"alg": "RS256", "kid": "k", "b64": false}'), jws(b'{"alg": null}')),
        jws(b'{"alg": "RS256", "kid": "k", "crit": ["y"]}'),
    ],
)
def test_what_is_no_signed_token_is_refused(api: Client, assertion: Any) -> None:
    answer = ask(api.http, api.mock.url, assertion)

    assert refused(answer, 400, "invalid_grant").startswith("The assertion was refused. ")


def test_a_good_assertion_without_a_signature_is_refused(api: Client) -> None:
    assertion = sign(claims_for(api.mock.url)).rpartition(".")[0]

    answer = ask(api.http, api.mock.url, f"{assertion}.")

    assert "It has no signature." in refused(answer, 400, "invalid_grant")


@pytest.mark.parametrize(
    "header",
    [
        *({}, {"x5c": []}, {"x5c": "x"}, {"x5c": ["x"]}, {"x5c": [7]}, {"x5c": {}}, {"x5c": 7}),
        *({"x5c": [None]}, {"x5c": ["MIIB"]}, {"x5t": 7}, {"x5t": ""}),
    ],
)
def test_a_header_that_names_no_key_is_refused(api: Client, header: dict[str, Any]) -> None:
    assertion = sign(claims_for(api.mock.url), header=header)

    assert "'x5c'" in refused(ask(api.http, api.mock.url, assertion), 400, "invalid_grant")


def test_a_signature_by_another_key_than_the_certificate_s_is_refused(api: Client) -> None:
    assertion = sign(claims_for(api.mock.url), header={"x5c": chain("other")})

    answer = ask(api.http, api.mock.url, assertion)

    assert "does not fit its key" in refused(answer, 400, "invalid_grant")


@pytest.mark.parametrize("value", [None, "", " ", 7, True, [], {}, ["x"], "x" * 4001])
@pytest.mark.parametrize(
    ("name", "error"),
    [("iss", "invalid_grant"), ("scope", "invalid_scope"), ("aud", "invalid_grant")],
)
def test_a_claim_that_is_no_text_is_refused(api: Client, name: str, error: str, value: Any) -> None:
    answer = ask(api.http, api.mock.url, unverified(claims_for(api.mock.url) | {name: value}))

    assert f"'{name}' is " in refused(answer, 400, error)


@pytest.mark.parametrize("value", ["", "1", True, [], {}, float("inf"), float("nan"), 1e300])
@pytest.mark.parametrize("name", ["iat", "exp", "nbf"])
def test_a_time_that_is_no_time_is_refused(api: Client, name: str, value: Any) -> None:
    answer = ask(api.http, api.mock.url, unverified(claims_for(api.mock.url) | {name: value}))

    assert refused(answer, 400, "invalid_grant")


@pytest.mark.parametrize("value", ["", "12345678", "1234567890", "12345678x", 889640782, [], {}])
def test_a_consumer_that_is_no_organisation_is_refused(api: Client, value: Any) -> None:
    answer = ask(api.http, api.mock.url, sign(claims_for(api.mock.url, consumer_org=value)))

    assert "nine digits" in refused(answer, 400, "invalid_grant")


@pytest.mark.parametrize("scope", ['a"b', "a\\b", "æ", "a\x7f"])
def test_a_scope_of_other_characters_is_refused(api: Client, scope: str) -> None:
    answer = ask(api.http, api.mock.url, sign(claims_for(api.mock.url, scope=scope)))

    described = refused(answer, 400, "invalid_scope")
    assert described.isascii()
    assert not set('"\\') & set(described)


@pytest.mark.parametrize("name", ["iat", "exp"])
def test_a_time_that_is_missing_is_refused(api: Client, name: str) -> None:
    answer = ask(api.http, api.mock.url, sign(claims_for(api.mock.url, **{name: None})))

    assert f"'{name}' is missing" in refused(answer, 400, "invalid_grant")


@pytest.mark.parametrize(
    ("issued", "expires", "begins", "told"),
    [
        *((0, 120, 0, None), (0, 120.1, 0, "at most 120 s"), (10, 11, 0, None)),
        *((10.1, 11, 0, "'iat' is ahead"), (-20, -9.9, 0, None), (-20, -10, 0, "expired")),
        *((-120, 0, 0, None), (5, 5, 0, "not after"), (5, 4, 0, "not after")),
        *((0, 100, 10, None), (0, 100, 10.1, "not yet valid")),
    ],
)
def test_times_are_judged_with_ten_seconds_of_skew(
    issued: float, expires: float, begins: float, told: str | None
) -> None:
    times = {"iat": issued, "exp": expires, "nbf": begins}
    claims = {name: (NOW + timedelta(seconds=at)).timestamp() for name, at in times.items()}
    form = {"grant_type": GRANT_TYPE, "assertion": unverified(claims_for("http://mock", **claims))}

    try:
        reason = read_grant(form, ClientKeys(None), "http://mock/", NOW).client_id
    except DoorProblem as error:
        reason = error.detail

    assert (told or "my-client") in reason


def test_a_name_that_no_sandbox_can_have_is_refused_as_oauth_does(
    http: httpx.Client, server: MockServer
) -> None:
    for door in ("token", "api/GetEnterpriseToken", "jwk"):
        answer = http.get(f"{server.url}/__sandbox/a%20b/{door}")

        assert "cannot name a sandbox" in refused(answer, 400, "invalid_request")
