"""No credential is in the journal, nor in the log, wherever a client put it."""

import json
import logging
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.sandbox.journal import MOST_BYTES, write_body
from mock_server.sandbox.redaction import redact_body, redact_headers, redact_target, redact_text
from mock_server.testing.mock_server import MockServer
from tests.conftest import Client
from tests.support.create_bodies import EMAIL

SECRET = "hunter2-t0psecret"
BASIC = "aHVudGVyMjp0MHBzZWNyZXQ="
JWT = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJodW50ZXIyIn0.c2lnbmF0dXJl"
NAMES = ["access_token", "client_assertion", "sasUrl", "SASURL", "password", "sig", "token"]
NAMES += ["assertion", "client_secret", "subscription-key", "apiKey", "refresh_token"]
HEADERS = ["Authorization", "PlatformAccessToken", "Cookie", "X-Mock-Control-Token"]
HEADERS += ["Ocp-Apim-Subscription-Key", "X-Altinn-EnterpriseUser-Authentication", "X-Api-Key"]
HEADERS += ["Proxy-Authorization"]
SPELLED = [
    "clientSecret",
    "client-secret",
    "idToken",
    "RefreshToken",
    "subscription_key",
    "API-KEY",
]
BY_ENDING = ["altinnToken", "token[]", " token", "auth.password", "sharedAccessSignature"]
OTHERS = ["privateKey", "connectionString", "pass-phrase", "db_pwd", "accountKey", "credentials"]
HEADERS_BY_ENDING = ["X-Auth", "X-Private-Key", "X-Session-Id", "X-Jwt", "Session"]
HEADERS_BY_ENDING += ["X-Auth-Token", "X-Functions-Key", "X-Forwarded-Authorization", "Secret"]
VALUES = [SECRET, f"Bearer {SECRET}", f"Basic {BASIC}", JWT, f"{SECRET} {SECRET}", f"a={SECRET}"]
TEXTS = [
    f"The assertion {JWT} was refused",
    f"{JWT[:60]}",
    f"Authorization: Bearer {SECRET}",
    f"send Basic {BASIC}.",
    f"bearer%20{SECRET}",
    f'{{"access_token": "{SECRET}", "b": ',
    f"{{'password': '{SECRET}'}}",
    f'{{"client_assertion":"{SECRET} with blanks',
    f"grant_type=x&client_assertion={SECRET}&scope=a",
    f"password={SECRET}",
    f"https://user:{SECRET}@example.com/a",
    f"https://example.com/a?sv=1&sig={SECRET}&se=2",
    f"PlatformAccessToken: {SECRET}",
    f"Cookie: AltinnStudioRuntime={SECRET}",
]
HARMLESS = [
    "401: The bearer token was refused: it has expired.",
    "Send 'Authorization: Bearer <token>' with an Altinn token, or 'PlatformAccessToken: <token>'",
    'Bearer realm="altinn-notifications", error="invalid_token"',
    "platform access token: its signature is not that of the key",
    "heyJude is a song; a design=good one; basic rules",
    "https://example.com/orders/11111111-1111-4111-8111-111111111111?a=b@c",
]


def found(shown: object) -> list[str]:
    """Return the secrets that are still to be seen in *shown*."""
    text = json.dumps(shown)
    return [part for part in (SECRET, "hunter2", BASIC, *JWT.split(".")[1:]) if part in text]


@pytest.mark.parametrize("text", TEXTS)
def test_no_secret_is_left_in_a_text(text: str) -> None:
    assert found(redact_text(text)) == []
    assert "[redacted]" in redact_text(text)
    assert found(write_body(text.encode())) == []


@pytest.mark.parametrize("text", HARMLESS[:-2])
def test_what_is_no_secret_stays(text: str) -> None:
    assert redact_text(text) == text


def test_words_that_only_look_like_a_secret_s_name_stay() -> None:
    assert redact_text("heyJude; design=good; mytoken=a") == "heyJude; design=good; mytoken=a"
    assert redact_text(HARMLESS[-1]) == HARMLESS[-1]


@pytest.mark.parametrize("name", HEADERS + HEADERS_BY_ENDING)
@pytest.mark.parametrize("value", VALUES)
def test_no_secret_is_left_in_a_header_field(name: str, value: str) -> None:
    for spelled in (name, name.lower(), name.upper()):
        assert found(redact_headers([(spelled, value)])) == []


def test_the_scheme_of_a_credential_stays() -> None:
    assert redact_headers([("Authorization", f"Basic {BASIC}")]) == [
        ("Authorization", "Basic [redacted]")
    ]


@pytest.mark.parametrize("name", NAMES + SPELLED + BY_ENDING + OTHERS)
@pytest.mark.parametrize("value", [SECRET, {"value": SECRET}, [SECRET], f"{SECRET}, {SECRET}"])
def test_no_secret_is_left_in_a_member(name: str, value: Any) -> None:
    documents: list[Any] = [{name: value}, [{"a": {"b": [{name.upper(): value}]}}]]

    for document in documents:
        text = json.dumps(document)
        assert found(write_body(text.encode())) == []


@pytest.mark.parametrize("name", [*BY_ENDING, "code", "jwt", "Key"])
def test_a_parameter_whose_name_ends_like_a_secret_s_is_one(name: str) -> None:
    assert found(redact_target(f"/orders?{name}={SECRET}&a=b")) == []


@pytest.mark.parametrize("name", NAMES + SPELLED + OTHERS)
def test_no_secret_is_left_in_a_query(name: str) -> None:
    queries = [f"{name}={SECRET}", f"a=b&{name.upper()}={SECRET}&c=", f"x={JWT}&y=Bearer+{SECRET}"]
    queries += [f"url=https%3A%2F%2Fexample.com%3F{name}%3D{SECRET}", JWT, f"{JWT}&{name}=a"]
    queries += [f"a=1;{name}={SECRET}"]

    for query in queries:
        assert found(redact_target(f"/orders?{query}")) == []


def test_a_query_without_secrets_is_shown_as_it_was_sent() -> None:
    assert redact_target("/orders?sendersReference=a%2Fb+c&x") == (
        "/orders?sendersReference=a%2Fb+c&x"
    )


def test_a_name_that_is_a_token_is_taken_out() -> None:
    assert found(write_body(json.dumps({JWT: 1}).encode())) == []


NAMES_OF_ALL_KINDS = st.sampled_from(NAMES + SPELLED + BY_ENDING + OTHERS + HEADERS_BY_ENDING)
PARTS = st.sampled_from(["", "a", "x-", "_", ".", " ", "Aa", "1"])
TEXTS_OF_ALL_KINDS = st.sampled_from(TEXTS + HARMLESS + [SECRET, "", "plain", "a@b.example"])


@given(
    st.dictionaries(st.tuples(PARTS, NAMES_OF_ALL_KINDS, PARTS).map("".join), TEXTS_OF_ALL_KINDS)
)
def test_a_body_that_needs_no_parsing_is_shown_as_one_that_does(body: dict[str, str]) -> None:
    shown = json.loads(redact_body(json.dumps(body).encode()))
    parsed = json.loads(redact_body(json.dumps(body | {"\N{SNOWMAN}": 1}).encode()))

    assert shown | {"\N{SNOWMAN}": 1} == parsed


def test_a_body_that_is_cut_short_shows_no_secret() -> None:
    body = json.dumps({"filler": "x" * MOST_BYTES, "password": SECRET})
    cut = json.dumps({"password": SECRET, "assertion": JWT, "filler": "x" * MOST_BYTES})

    assert found(write_body(body.encode())) == []
    assert found(write_body(cut.encode()[:MOST_BYTES])) == []


@pytest.mark.parametrize("piece", ["eyJ", "Bearer ", "password=", '"token":"', "://", "\\", "a@"])
def test_hostile_text_is_redacted_at_once(piece: str) -> None:
    text = piece * (MOST_BYTES // len(piece))
    begun = time.thread_time()

    write_body(text.encode())

    assert time.thread_time() - begun < 5


def everything(api: Client) -> None:
    """Send every kind of credential in every place of a request, good ones and bad."""
    orders = "/orders?sendersReference=a"
    api.cancel()
    api.cancel(token="expired")
    api.cancel(token=None, headers={"PlatformAccessToken": api.mock.token("platform")})
    for value in VALUES:
        for name in HEADERS:
            api.call("GET", orders, token=None, headers={name: value})
        api.call("POST", "/orders/email", json=EMAIL | {"assertion": value})
        api.call("POST", "/orders/email", json=EMAIL | {"body": f"Bearer {BASIC} {JWT}"})
        api.call("POST", "/orders/email", json={JWT: {"password": value}})
    for path in (
        f"/orders/{JWT}",
        f"/{JWT}",
        f"/orders;token={SECRET}",
        f"/orders/Basic%20{BASIC}",
    ):
        api.call("GET", path)
    for preference in (f"example={JWT}", f"code={JWT}"):
        api.call("GET", orders, headers={"Prefer": preference})
    for media_type in (JWT, f"application/json;token={SECRET}"):
        api.call("POST", "/orders/email", content="{}", headers={"Content-Type": media_type})
    for url in (text for text in TEXTS if "://" in text):
        api.call("POST", "/orders/email", json=EMAIL | {"conditionEndpoint": url})
    for name in NAMES:
        api.call("GET", "/orders", params={name: SECRET, "sendersReference": f"Bearer {SECRET}"})
        api.call("POST", "/orders/email", json=EMAIL | {name: SECRET})
        api.call("GET", f"/nowhere/{name}={SECRET}", headers={"Referer": f"http://a/?{name}={JWT}"})
    for text in TEXTS:
        headers = {"Content-Type": "application/json"}
        api.call("POST", "/orders/email", content=text, headers=headers)
        api.call("POST", "/orders/sms", data={"client_assertion": SECRET, "text": text})


@pytest.mark.slow
def test_a_whole_run_leaves_no_secret_in_journal_archive_and_log(
    http: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with MockServer() as server:
        api = Client(http, server.sandbox("secrets"))
        logged = {name: logging.getLogger(name) for name in ("httpx", "httpcore")}
        for client in logged.values():
            client.setLevel(logging.WARNING)
        tokens = [api.mock.token(), api.mock.token("platform")]
        everything(api)
        for client in logged.values():
            client.setLevel(logging.NOTSET)
        journal = api.control("GET", "/requests").text
        archive = api.control("GET", "/requests.har").text

    assert len(journal) > 100_000
    for shown in (journal, archive, caplog.text):
        assert found(shown) == []
        assert [token for token in tokens if token.split(".")[2] in shown] == []


@pytest.mark.parametrize("name", ["code", "author", "sessions", "keyword", "authored", "side"])
def test_a_member_whose_name_is_no_secret_s_stays(name: str) -> None:
    document = {name: "plain"}

    assert write_body(json.dumps(document).encode()) == document
