"""Cancel as clients in production send it, each in its own way."""

from collections.abc import Iterator

import pytest

from tests.conftest import TTD_ORDER, Client

ACCEPTED_PATHS = [
    f"/orders/{TTD_ORDER}/cancel/",
    f"/ORDERS/{TTD_ORDER}/Cancel",
    f"/orders/{TTD_ORDER.replace('-', '')}/cancel",
    f"/orders/%7B{TTD_ORDER}%7D/cancel",
    f"/orders/({TTD_ORDER})/cancel",
    "/orders/%7B0x11111111,0x1111,0x4111,%7B0x81,0x11,0x11,0x11,0x11,0x11,0x11,0x11%7D%7D/cancel",
]


def test_the_correspondence_client_puts_without_content(api: Client) -> None:
    assert api.cancel(headers={"Content-Length": "0"}).status_code == 200


def test_the_app_library_sends_a_platform_token_and_no_bearer(api: Client) -> None:
    headers = {
        "PlatformAccessToken": api.mock.token("platform"),
        "Accept": "application/json",
    }

    assert api.cancel(token=None, headers=headers).json()["creator"] == "ttd"


def test_bruno_sends_three_media_types_in_accept(api: Client) -> None:
    headers = {"Content-Length": "0", "Accept": "application/json, text/plain, */*"}

    assert api.cancel(headers=headers).status_code == 200


def test_the_documentation_s_curl_sends_a_content_type_without_a_body(api: Client) -> None:
    assert api.cancel(headers={"Content-Type": "application/json"}).status_code == 200


@pytest.mark.parametrize("content_type", ["text/xml", "application/json", "nonsense", ""])
def test_a_body_of_any_type_is_ignored(api: Client, content_type: str) -> None:
    answer = api.cancel(content=b"\xff{", headers={"Content-Type": content_type})

    assert answer.status_code == 200


def test_a_chunked_body_is_ignored(api: Client) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"{"
        yield b"}"

    assert api.cancel(content=chunks()).status_code == 200


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


@pytest.mark.parametrize("path", ACCEPTED_PATHS)
def test_letter_case_a_trailing_slash_and_the_guid_s_spelling_do_not_matter(
    api: Client, path: str
) -> None:
    answer = api.call("PUT", path)

    assert answer.status_code == 200
    assert answer.json()["id"] == TTD_ORDER


@pytest.mark.parametrize("status", [200, 401, 404, 405])
def test_the_page_s_singular_path_is_answered_with_a_notice(api: Client, status: int) -> None:
    order_id = "00000000-0000-4000-8000-000000000000" if status == 404 else TTD_ORDER
    token = None if status == 401 else "valid"

    method = "GET" if status == 405 else "PUT"
    answer = api.call(method, f"/order/{order_id}/cancel", token=token)

    assert answer.status_code == status
    assert "has only the plural" in answer.headers["x-mock-notice"]


def test_the_plural_path_has_no_notice(api: Client) -> None:
    assert "x-mock-notice" not in api.cancel().headers


def test_an_order_of_the_app_library_s_default_send_time_is_refused(api: Client) -> None:
    assert api.cancel("44444444-4444-4444-8444-444444444444").status_code == 409


def test_the_real_status_texts_are_kept(api: Client) -> None:
    assert api.cancel().reason_phrase == "OK"
    assert api.cancel(token=None).reason_phrase == "Unauthorized"
