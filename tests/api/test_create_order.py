"""`POST /orders`, `/orders/email` and `/orders/sms`, as a client sees them."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import pytest

from mock_server.testing.mock_server import MockServer
from tests.conftest import Client
from tests.support.builders import MICROSECOND, NOW
from tests.support.create_bodies import BY_CHANNEL, CREATES, EMAIL, SMS


@pytest.mark.parametrize("path", CREATES)
def test_an_order_is_accepted_and_found_at_its_location(api: Client, path: str) -> None:
    answer = api.call("POST", path, json=CREATES[path])

    order_id = answer.json()["orderId"]
    assert answer.status_code == 202
    assert answer.headers["location"] == f"{api.mock.base_url}/orders/{order_id}"
    assert api.get(answer.headers["location"]).json()["id"] == order_id


@pytest.mark.parametrize("path", ["/orders/email/", "/Orders/EMAIL", "/orders/sms/", "/orders/"])
def test_letter_case_and_a_trailing_slash_do_not_matter(api: Client, path: str) -> None:
    order = CREATES[path.lower().rstrip("/")]

    assert api.call("POST", path, json=order).status_code == 202


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "/orders/email", "GET, POST"),
        ("DELETE", "/orders/sms", "GET, POST"),
        ("PATCH", "/orders", "GET, POST"),
    ],
)
def test_another_method_is_not_allowed(api: Client, method: str, path: str, allow: str) -> None:
    answer = api.call(method, path, token=None)

    assert (answer.status_code, answer.headers["allow"]) == (405, allow)


def test_the_golden_refusal_of_the_first_phase(api: Client) -> None:
    order = {"recipients": None, "requestedSendTime": "2000-01-01T00:00:00Z"}

    body = api.call("POST", "/orders/email", json=order).json()

    del body["traceId"], body["detail"]
    assert body == {
        "type": "https://tools.ietf.org/html/rfc9110#section-15.5.1",
        "title": "One or more validation errors occurred.",
        "status": 400,
        "errors": {
            "Body": ["The Body field is required."],
            "Recipients": ["The Recipients field is required."],
            "Subject": ["The Subject field is required."],
        },
    }


def test_the_golden_refusal_of_the_second_phase(api: Client) -> None:
    order = EMAIL | {
        "recipients": [{"emailAddress": "kari"}, {}],
        "requestedSendTime": "2000-01-01T00:00:00Z",
        "conditionEndpoint": "http://localhost",
    }

    body = api.call("POST", "/orders/email", json=order).json()

    assert body["errors"] == {
        "ConditionEndpoint": ["The condition endpoint must be a valid URL."],
        "Recipients[0].EmailAddress": ["Invalid email address format."],
        "Recipients[1]": [
            (
                "Either a valid email address, organization number, or national identity number "
                "must be provided for each recipient."
            )
        ],
        "RequestedSendTime": ["Send time must be in the future. Leave blank to send immediately."],
    }
    assert body["detail"].startswith("The order is not valid: ")


def test_the_golden_refusal_of_another_type(api: Client) -> None:
    body = api.call("POST", "/orders/email", json={"subject": 7}).json()

    assert body["errors"] == {
        "$.subject": [
            (
                "The JSON value could not be converted to System.String. "
                "Path: $.subject | LineNumber: 0 | BytePositionInLine: 12."
            )
        ],
        "emailNotificationOrderRequest": ["The emailNotificationOrderRequest field is required."],
    }


@pytest.mark.parametrize(("past", "status"), [(-1, 202), (0, 202), (1, 400)])
def test_a_send_time_may_be_five_minutes_past_to_the_microsecond(
    api: Client, past: int, status: int
) -> None:
    api.mock.clock.freeze(NOW + past * MICROSECOND)
    order = EMAIL | {"requestedSendTime": (NOW - timedelta(minutes=5)).isoformat()}

    assert api.call("POST", "/orders/email", json=order).status_code == status


@pytest.mark.parametrize(
    ("token", "order", "status"),
    [
        (None, {}, 401),
        ("wrongScope", {}, 403),
        ("noOrg", {}, 400),
        ("noOrg", EMAIL, 403),
        ("valid", {}, 400),
    ],
)
def test_checks_come_in_the_service_s_order(
    api: Client, token: str | None, order: dict[str, Any], status: int
) -> None:
    assert api.call("POST", "/orders/email", token=token, json=order).status_code == status


@pytest.mark.parametrize(
    ("content_type", "token", "status"),
    [
        ("text/json", None, 415),
        ("application/vnd.x+json", None, 415),
        ("application/json; charset=utf-8", "valid", 202),
        (None, None, 401),
        (None, "valid", 415),
    ],
)
def test_a_type_that_is_not_json_comes_before_authentication_and_none_after_it(
    api: Client, content_type: str | None, token: str | None, status: int
) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}

    answer = api.call(
        "POST", "/orders/email", token=token, content=json.dumps(EMAIL), headers=headers
    )

    assert answer.status_code == status


@pytest.mark.parametrize("body", [b"", b"null"])
def test_an_empty_body_is_told_so(api: Client, body: bytes) -> None:
    answer = api.call(
        "POST", "/orders/sms", content=body, headers={"Content-Type": "application/json"}
    )

    assert answer.json()["errors"] == {
        "": ["A non-empty request body is required."],
        "smsNotificationOrderRequest": ["The smsNotificationOrderRequest field is required."],
    }


@pytest.mark.parametrize(
    ("recipients", "lookup"),
    [
        ([{"emailAddress": "kari@example.com"}], None),
        ([{"organizationNumber": "123456789"}], ("Success", [], [])),
        ([{"nationalIdentityNumber": "12345678901"}], ("Success", [], [])),
        ([{"nationalIdentityNumber": "11111111111"}], ("Success", [], [])),
        ([{"organizationNumber": "999999999"}], ("Failed", [], ["999999999"])),
        ([{"nationalIdentityNumber": "88888888801"}], ("Failed", [], ["88888888801"])),
        ([{"nationalIdentityNumber": "99999999901"}], ("Failed", ["99999999901"], [])),
        (
            [
                {"emailAddress": "kari@example.com"},
                {"nationalIdentityNumber": "99999999901"},
                {"organizationNumber": "999999999"},
                {"organizationNumber": "123456789"},
            ],
            ("PartialSuccess", ["99999999901"], ["999999999"]),
        ),
    ],
)
def test_recipients_without_an_address_are_looked_up(
    api: Client, recipients: list[dict[str, str]], lookup: tuple[Any, ...] | None
) -> None:
    answer = api.call("POST", "/orders/email", json=EMAIL | {"recipients": recipients})

    members = ("status", "isReserved", "missingContact")
    expected = None if lookup is None else dict(zip(members, lookup, strict=True))
    assert (answer.status_code, answer.json().get("recipientLookup")) == (202, expected)


def test_a_number_known_only_by_e_mail_is_missing_for_sms_and_reachable_when_either_will_do(
    api: Client, tmp_path: Any
) -> None:
    register = tmp_path / "register.yaml"
    register.write_text('organizations: [{number: "111111111", email: a@b.no}]')
    recipients = {"recipients": [{"organizationNumber": "111111111"}]}
    with MockServer(register=register) as mock:
        api = Client(api.http, mock.sandbox("default"))

        by_sms = api.call("POST", "/orders/sms", json=SMS | recipients).json()
        by_either = api.call("POST", "/orders", json=BY_CHANNEL | recipients).json()

    assert by_sms["recipientLookup"]["missingContact"] == ["111111111"]
    assert by_either["recipientLookup"]["status"] == "Success"


def test_a_refused_order_is_not_stored(api: Client) -> None:
    before = api.mock.orders.list()

    api.call("POST", "/orders/email", json=EMAIL | {"recipients": [{}]})
    api.call("POST", "/orders/email", token="noOrg", json=EMAIL)

    assert api.mock.orders.list() == before


def test_one_order_too_many_is_refused_by_name_of_the_limit(http: httpx.Client) -> None:
    with MockServer(max_orders=1) as mock:
        api = Client(http, mock.sandbox("default"))
        first = api.call("POST", "/orders/email", json=EMAIL)
        second = api.call("POST", "/orders/email", json=EMAIL)

    assert (first.status_code, second.status_code) == (202, 503)


def test_a_public_url_is_what_links_begin_with(http: httpx.Client) -> None:
    with MockServer(public_url="https://mock.example/a") as mock:
        api = Client(http, mock.sandbox("left"))

        location = api.call("POST", "/orders/email", json=EMAIL).headers["location"]

    root = "https://mock.example/a/__sandbox/left/notifications/api/v1/orders/"
    assert location.startswith(root)


@pytest.mark.parametrize("host", ["mock.example", "mock.example:8080", "[::1]:5090"])
def test_links_begin_with_the_host_that_was_called(api: Client, host: str) -> None:
    answer = api.call("POST", "/orders/email", json=EMAIL, headers={"Host": host})

    assert answer.headers["location"].startswith(f"http://{host}/__sandbox/")


@pytest.mark.slow
def test_a_thousand_orders_by_sixteen_clients_are_all_created_and_cancelled(api: Client) -> None:
    order = EMAIL | {"requestedSendTime": "2100-01-01T00:00:00Z", "sendersReference": "load"}
    token = {"Authorization": f"Bearer {api.mock.token()}"}

    def walk(_number: int) -> tuple[int, int]:
        created = api.call("POST", "/orders/email", json=order, headers=token)
        return created.status_code, api.cancel(created.json()["orderId"], headers=token).status_code

    with ThreadPoolExecutor(16) as pool:
        walks = list(pool.map(walk, range(1000)))

    listed = api.call("GET", "/orders", params={"sendersReference": "load"}).json()
    assert set(walks) == {(202, 200)}
    assert listed["count"] == 1000 == len({item["id"] for item in listed["orders"]})
