"""`GET /orders`, `/orders/{id}` and `/orders/{id}/status`, as a client sees them."""

from typing import Any

import pytest

from tests.conftest import TTD_ORDER, Client
from tests.support.builders import NOW

READS = ("/orders/{}", "/orders/{}/status")
UNKNOWN = "00000000-0000-4000-8000-000000000000"
OF_SKD = "99999999-9999-4999-8999-999999999999"


def create(api: Client, path: str = "/orders/email", **members: Any) -> str:
    """Create an order with *members* and return its id."""
    order = {"subject": "s", "body": "b", "recipients": [{"emailAddress": "kari@example.com"}]}
    order_id: str = api.call("POST", path, json=order | members).json()["orderId"]
    return order_id


def test_the_golden_order_as_registered(api: Client) -> None:
    api.mock.clock.freeze(NOW)
    order_id = create(
        api,
        sendersReference="invoice-batch-17",
        requestedSendTime="2031-03-02T07:00:00.1234567Z",
        ignoreReservation=False,
        resourceId="resource",
        resourceAction="read",
        conditionEndpoint="https://example.com/x",
        recipients=[{"emailAddress": "kari@example.com"}, {"organizationNumber": "123456789"}],
        subject="New\r\ninvoice",
        contentType="html",
    )

    answer = api.call("GET", f"/orders/{order_id}")

    url = f"{api.mock.base_url}/orders/{order_id}"
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert list(answer.json().items()) == [
        ("id", order_id),
        ("sendersReference", "invoice-batch-17"),
        ("requestedSendTime", "2031-03-02T07:00:00.1234567Z"),
        ("creator", "ttd"),
        ("created", "2031-03-01T12:30:00Z"),
        ("notificationChannel", "Email"),
        ("ignoreReservation", False),
        ("resourceId", "resource"),
        ("resourceAction", "read"),
        (
            "recipients",
            [{"emailAddress": "kari@example.com"}, {"organizationNumber": "123456789"}],
        ),
        ("conditionEndpoint", "https://example.com/x"),
        (
            "emailTemplate",
            {
                "fromAddress": "noreply@altinn.cloud",
                "subject": "New invoice",
                "body": "b",
                "contentType": "Html",
            },
        ),
        ("links", {"self": url, "status": f"{url}/status"}),
    ]


def test_the_golden_order_with_its_status(api: Client) -> None:
    api.mock.clock.freeze(NOW)
    order_id = create(api, requestedSendTime="2031-03-02T07:00:00.1234567Z")

    answer = api.call("GET", f"/orders/{order_id}/status")

    assert list(answer.json().items()) == [
        ("id", order_id),
        ("requestedSendTime", "2031-03-02T07:00:00.123456Z"),
        ("creator", "ttd"),
        ("created", "2031-03-01T12:30:00Z"),
        ("notificationChannel", "Email"),
        (
            "processingStatus",
            {
                "status": "Registered",
                "description": "Order has been registered and is awaiting requested send time "
                "before processing.",
                "lastUpdate": "2031-03-01T12:30:00Z",
            },
        ),
    ]


def test_the_golden_sms_order_has_its_own_template_alone(api: Client) -> None:
    recipients = [{"mobileNumber": "+4799999999", "emailAddress": "ignored"}]
    order_id = create(api, "/orders/sms", recipients=recipients)

    order = api.call("GET", f"/orders/{order_id}").json()

    assert order["smsTemplate"] == {"senderNumber": "Altinn", "body": "b"}
    assert order["recipients"] == [{"mobileNumber": "+4799999999"}]
    assert "emailTemplate" not in order


def test_a_send_time_that_was_not_given_is_now(api: Client) -> None:
    api.mock.clock.freeze(NOW)
    order_id = create(api)

    assert api.call("GET", f"/orders/{order_id}").json()["requestedSendTime"] == (
        "2031-03-01T12:30:00Z"
    )
    assert api.cancel(order_id).status_code == 409


def test_the_registered_order_never_changes_and_its_status_does(api: Client) -> None:
    order_id = create(api, requestedSendTime="2031-03-02T07:00:00Z", sendersReference="mine")
    before = api.call("GET", f"/orders/{order_id}").json()

    cancelled = api.cancel(order_id).json()

    listed = api.call("GET", "/orders", params={"sendersReference": "mine"}).json()
    assert api.call("GET", f"/orders/{order_id}").json() == before
    assert listed == {"count": 1, "orders": [before]}
    assert api.call("GET", f"/orders/{order_id}/status").json() == cancelled


def test_a_blank_reference_is_kept_as_registered_and_hidden_with_the_status(api: Client) -> None:
    order_id = create(api, sendersReference="  ")

    assert api.call("GET", f"/orders/{order_id}").json()["sendersReference"] == "  "
    assert "sendersReference" not in api.call("GET", f"/orders/{order_id}/status").json()


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize(
    ("order_id", "token", "status"),
    [
        (TTD_ORDER, "valid", 200),
        (TTD_ORDER.upper().replace("-", ""), "valid", 200),
        (UNKNOWN, "valid", 404),
        (OF_SKD, "valid", 404),
        ("1337;1=1", "valid", 400),
        ("1337;1=1", None, 401),
        ("1337;1=1", "wrongScope", 403),
        ("1337;1=1", "noOrg", 400),
        (TTD_ORDER, "noOrg", 403),
    ],
)
def test_a_read_answers_as_the_service_does(
    api: Client, path: str, order_id: str, token: str | None, status: int
) -> None:
    assert api.call("GET", path.format(order_id), token=token).status_code == status


@pytest.mark.parametrize("name", ["email", "sms"])
def test_the_name_of_a_create_is_read_as_an_id(api: Client, name: str) -> None:
    answer = api.call("GET", f"/orders/{name}")

    assert answer.json()["errors"] == {"id": [f"The value '{name}' is not valid."]}


@pytest.mark.parametrize("reference", ["app-50001/x", "1", "a b+c&d=æ", "😀", "x" * 2000])
def test_orders_are_found_by_exactly_their_reference(api: Client, reference: str) -> None:
    mine = create(api, sendersReference=reference)
    create(api, sendersReference=f"{reference}x")

    listed = api.call("GET", "/orders", params={"sendersReference": reference}).json()

    assert [order["id"] for order in listed["orders"]] == [mine]
    assert listed["count"] == 1


@pytest.mark.parametrize("reference", ["CANCELLABLE", "cancellabl", "another-organisation", "x"])
def test_no_match_is_an_empty_list(api: Client, reference: str) -> None:
    answer = api.call("GET", "/orders", params={"sendersReference": reference})

    assert (answer.status_code, answer.json()) == (200, {"count": 0, "orders": []})


@pytest.mark.parametrize("name", ["sendersreference", "SENDERSREFERENCE", "SendersReference"])
def test_the_parameter_s_name_has_any_letter_case(api: Client, name: str) -> None:
    answer = api.call("GET", "/orders", params={name: "cancellable"})

    assert answer.json()["count"] == 1


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "A value for the 'sendersReference' parameter or property was not provided."),
        (
            "?reference=x",
            "A value for the 'sendersReference' parameter or property was not provided.",
        ),
        ("?sendersReference=", "The sendersReference field is required."),
        ("?sendersReference=%20%09", "The sendersReference field is required."),
    ],
)
def test_a_missing_or_blank_reference_is_refused(api: Client, query: str, message: str) -> None:
    answer = api.call("GET", f"/orders{query}")

    assert answer.status_code == 400
    assert answer.json()["errors"] == {"sendersReference": [message]}


def test_a_content_type_on_a_get_is_ignored(api: Client) -> None:
    headers = {"Content-Type": "text/xml"}

    assert api.call("GET", f"/orders/{TTD_ORDER}", headers=headers).status_code == 200


def test_a_channel_without_a_name_is_shown_as_it_was_sent(api: Client) -> None:
    order_id = create(api, "/orders", notificationChannel=17)

    assert api.call("GET", f"/orders/{order_id}").json()["notificationChannel"] == 17
    assert api.call("GET", f"/orders/{order_id}/status").json()["notificationChannel"] == 17


def test_empty_texts_come_back_empty_and_break_no_answer(api: Client) -> None:
    texts = {"resourceId": "", "resourceAction": "", "sendersReference": ""}
    order_id = create(api, requestedSendTime="2100-01-01T00:00:00Z", **texts)

    registered = api.call("GET", f"/orders/{order_id}").json()
    cancelled = api.cancel(order_id)

    assert {name: registered[name] for name in texts} == texts
    assert cancelled.status_code == 200
    assert (cancelled.json()["resourceId"], cancelled.json()["resourceAction"]) == ("", "")
