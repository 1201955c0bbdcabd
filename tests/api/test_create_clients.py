"""Creates as clients in production send them, each in its own way."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import Client
from tests.support.create_bodies import EMAIL, SMS


def test_the_dotnet_client_sends_a_chunked_body_without_a_length(api: Client) -> None:
    text = json.dumps(EMAIL | {"body": "x" * 500_000}).encode()

    def chunks() -> Iterator[bytes]:
        for start in range(0, len(text), 10_000):
            yield text[start : start + 10_000]

    headers = {"Content-Type": "application/json; charset=utf-8"}

    assert api.call("POST", "/orders/email", content=chunks(), headers=headers).status_code == 202


def test_the_java_client_offers_to_upgrade(api: Client) -> None:
    headers = {
        "Connection": "Upgrade, HTTP2-Settings",
        "Upgrade": "h2c",
        "HTTP2-Settings": "AAMAAABkAARAAAAAAAIAAAAA",
    }

    assert api.call("POST", "/orders/email", json=EMAIL, headers=headers).status_code == 202


def test_clients_send_explicit_nulls_unknown_members_and_names_in_any_case(api: Client) -> None:
    order = {
        "SUBJECT": "New invoice",
        "Body": "Log in to read it.",
        "resourceId": None,
        "resourceAction": None,
        "conditionEndpoint": None,
        "sendersReference": None,
        "ignoreReservation": None,
        "associationDialogporten": {"x": [1]},
        "Recipients": [
            {"EmailAddress": "kari@example.com", "organisationNumber": "x", "mobileNumber": None}
        ],
    }

    assert api.call("POST", "/orders/email", json=order).status_code == 202


@pytest.mark.parametrize("channel", ["SMS", "sms", 1, "1"])
def test_clients_name_the_channel_in_any_case_or_by_number(api: Client, channel: Any) -> None:
    order = {"notificationChannel": channel, "smsTemplate": {"body": "x"}, **SMS}

    location = api.call("POST", "/orders", json=order).headers["location"]

    assert api.get(location).json()["notificationChannel"] == "Sms"


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("2031-03-01T12:30:11.1234567Z", "2031-03-01T12:30:11.1234567Z"),
        ("2031-03-01T12:30:11.123+00:00", "2031-03-01T12:30:11.123Z"),
        ("2031-03-01T12:30:11+01:00", "2031-03-01T11:30:11Z"),
        ("2031-03-01T12:30Z", "2031-03-01T12:30:00Z"),
        ("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999Z"),
    ],
)
def test_clients_write_times_in_many_forms(api: Client, sent: str, shown: str) -> None:
    answer = api.call("POST", "/orders/email", json=EMAIL | {"requestedSendTime": sent})

    assert api.get(answer.headers["location"]).json()["requestedSendTime"] == shown


@pytest.mark.parametrize(
    "sent",
    ["9999-12-31T23:59:59-01:00", "0001-01-01T00:00:00+01:00", "0001-01-01T00:00:00Z", "soon", ""],
)
def test_a_time_that_cannot_be_is_refused(api: Client, sent: str) -> None:
    answer = api.call("POST", "/orders/email", json=EMAIL | {"requestedSendTime": sent})

    assert answer.status_code == 400


@pytest.mark.parametrize("text", ["æøå", "😀", "x\u2028y", "a\r\nb", '"\\', "\x7f", " x "])
def test_any_text_comes_back_as_it_was_sent(api: Client, text: str) -> None:
    order = EMAIL | {"sendersReference": text, "body": text, "resourceId": text}

    location = api.call("POST", "/orders/email", json=order).headers["location"]

    order = api.get(location).json()
    assert order["sendersReference"] == order["emailTemplate"]["body"] == text
    assert order["resourceId"] == text
