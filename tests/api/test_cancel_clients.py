"""Cancel as clients in production send it and rely on it, each in its own way."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.conftest import TTD_ORDER, Client
from tests.support.builders import NOW

UNKNOWN = "00000000-0000-4000-8000-000000000000"


def test_the_correspondence_client_puts_without_content(api: Client) -> None:
    assert api.cancel(headers={"Content-Length": "0"}).is_success


def test_the_app_library_sends_a_platform_token_and_no_bearer(api: Client) -> None:
    headers = {"PlatformAccessToken": api.mock.token("platform"), "Accept": "application/json"}

    answer = api.cancel(token=None, headers=headers)

    assert (answer.is_success, answer.json()["creator"]) == (True, "ttd")


@pytest.mark.parametrize(
    ("order_id", "token", "reason"),
    [
        (TTD_ORDER, "valid", "OK"),
        ("no-guid", "valid", "Bad Request"),
        (TTD_ORDER, None, "Unauthorized"),
        (TTD_ORDER, "wrongScope", "Forbidden"),
        (UNKNOWN, "valid", "Not Found"),
        ("33333333-3333-4333-8333-333333333333", "valid", "Conflict"),
    ],
)
def test_the_app_library_shows_the_status_text_and_the_whole_body(
    api: Client, order_id: str, token: str | None, reason: str
) -> None:
    answer = api.cancel(order_id, token=token)

    assert answer.reason_phrase == reason
    assert len(answer.text) > 100


def test_the_app_library_s_default_send_time_is_refused_from_the_start(api: Client) -> None:
    api.mock.clock.freeze(NOW)
    send_time = (NOW + timedelta(minutes=5)).isoformat()
    order_id = api.mock.orders.create(requestedSendTime=send_time)["id"]

    assert api.cancel(order_id).status_code == 409
    assert api.cancel("44444444-4444-4444-8444-444444444444").status_code == 409


def test_the_correspondence_client_retries_a_cancel_that_went_through(api: Client) -> None:
    answers = [api.cancel() for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.content for answer in answers}) == 1


def test_the_regression_run_cancels_an_unknown_order(api: Client) -> None:
    assert api.cancel(UNKNOWN).status_code == 404


def test_the_regression_run_cancels_an_order_far_in_the_future(api: Client) -> None:
    order_id = api.mock.orders.create(requestedSendTime="2099-12-31T23:59:59.999Z")["id"]

    assert api.cancel(order_id).status_code == 200


def test_the_regression_run_cancels_an_order_without_a_send_time(api: Client) -> None:
    now = api.mock.clock.now().isoformat()
    order_id = api.mock.orders.create(requestedSendTime=now)["id"]

    assert api.cancel(order_id).status_code == 409


def test_the_regression_run_cancels_an_instant_order(api: Client) -> None:
    order_id = api.mock.orders.create(status="Processed", notificationChannel="Sms")["id"]
    api.mock.clock.advance(timedelta(seconds=15))

    assert api.cancel(order_id).status_code == 409


def test_bruno_sends_three_media_types_in_accept(api: Client) -> None:
    headers = {"Content-Length": "0", "Accept": "application/json, text/plain, */*"}

    answer = api.cancel(headers=headers)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json; charset=utf-8"


def test_the_documentation_s_curl_sends_a_content_type_without_a_body(api: Client) -> None:
    assert api.cancel(headers={"Content-Type": "application/json"}).status_code == 200


@pytest.mark.parametrize(
    "content_type",
    ["text/xml", "application/json", "application/json; charset=utf-16", "nonsense", "a/b;c=", ""],
)
@pytest.mark.parametrize("body", [b"", b"\xff{", b'{"status": "Processing"}'])
def test_a_body_of_any_type_is_ignored(api: Client, content_type: str, body: bytes) -> None:
    answer = api.cancel(content=body, headers={"Content-Type": content_type})

    assert answer.json()["processingStatus"]["status"] == "Cancelled"


@pytest.mark.parametrize("content_type", [None, "application/json", "text/plain"])
def test_a_chunked_body_is_ignored(api: Client, content_type: str | None) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"{"
        yield b"}"

    headers = {} if content_type is None else {"Content-Type": content_type}

    assert api.cancel(content=chunks(), headers=headers).status_code == 200
    assert api.cancel().status_code == 200


@pytest.mark.parametrize("query", ["?force=true", "?id=x", "?", "?a=%00"])
def test_a_query_is_ignored(api: Client, query: str) -> None:
    answer = api.call("PUT", f"/orders/{TTD_ORDER}/cancel{query}")

    assert (answer.status_code, answer.json()["id"]) == (200, TTD_ORDER)


def test_harmless_headers_are_ignored(api: Client) -> None:
    headers = {
        "Ocp-Apim-Subscription-Key": "key",
        "request-start-time": "now",
        "X-Altinn-EnterpriseUser-Authentication": "Basic x",
        "Upgrade": "h2c",
        "HTTP2-Settings": "AAMAAABkAARAAAAAAAIAAAAA",
        "Connection": "Upgrade, HTTP2-Settings",
    }

    assert api.cancel(headers=headers).status_code == 200
