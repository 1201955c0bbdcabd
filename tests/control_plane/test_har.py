"""The journal as an HTTP Archive."""

import json

import pytest

from tests.conftest import TTD_ORDER, Client


def test_a_request_is_an_entry_of_the_archive(api: Client) -> None:
    api.cancel(headers={"X-Colour": "blue"})
    api.call("GET", "/orders?sendersReference=x&access_token=secret")

    log = api.control("GET", "/requests.har").json()["log"]

    first, second = log["entries"]
    assert log["version"] == "1.2"
    assert first["request"]["url"] == f"{api.mock.base_url}/orders/{TTD_ORDER}/cancel"
    assert {"name": "x-colour", "value": "blue"} in first["request"]["headers"]
    assert (first["response"]["status"], first["response"]["statusText"]) == (200, "OK")
    assert json.loads(first["response"]["content"]["text"])["id"] == TTD_ORDER
    assert first["comment"] == "200: it is cancelled now"
    assert {"name": "sendersReference", "value": "x"} in second["request"]["queryString"]


def test_no_credential_is_in_it(api: Client) -> None:
    token = api.mock.token()
    body = {"subject": "s", "body": token, "recipients": []}
    api.call("POST", "/orders/email", json=body, headers={"Authorization": f"Bearer {token}"})
    api.call("GET", "/orders?sendersReference=x&access_token=secret-in-query")

    text = api.control("GET", "/requests.har").text

    assert token not in text
    assert token.split(".")[2] not in text
    assert "secret-in-query" not in text


def test_an_answer_without_a_body_has_no_text(api: Client) -> None:
    api.mock.faults.add(preset="slow", delayMs=1, status=204)
    api.cancel()

    (entry,) = api.control("GET", "/requests.har").json()["log"]["entries"]

    assert (entry["response"]["status"], entry["response"]["content"]["text"]) == (204, "")


@pytest.mark.parametrize("depth", [100, 300, 400, 600, 900, 5000])
def test_a_body_of_any_depth_is_in_it(api: Client, depth: int) -> None:
    sent = "[" * depth + "]" * depth
    api.call("POST", "/orders/email", content=sent, headers={"Content-Type": "application/json"})

    (entry,) = api.control("GET", "/requests.har").json()["log"]["entries"]

    assert entry["request"]["postData"]["text"] == sent
