"""The control plane's orders: create, read, set the status, delete."""

from datetime import timedelta
from typing import Any

import pytest

from mock_server.domain.orders import Status
from tests.conftest import TTD_ORDER, Client
from tests.support.builders import NOW
from tests.support.problem_bodies import RFC, problem

ORDER_ID = "0b8f7d0e-52c1-4a1e-9f57-2a7c6c1d9b34"
DEFAULTS: dict[str, object] = {
    "creator": "ttd",
    "sendersReference": None,
    "notificationChannel": "Email",
    "requestedSendTime": "2031-03-02T12:30:00Z",
    "status": "Registered",
    "ignoreReservation": None,
    "resourceId": None,
    "resourceAction": None,
    "conditionEndpoint": None,
    "type": "Notification",
    "notificationOrderId": None,
    "sendingTimePolicy": None,
    "timeToLiveInSeconds": None,
    "attachments": [],
    "useStaleContactInformation": False,
    "recipients": [],
    "created": "2031-03-01T12:30:00Z",
    "lastUpdate": "2031-03-01T12:30:00Z",
    "pinned": False,
    "notifications": [],
    "history": [
        {"status": "Registered", "at": "2031-03-01T12:30:00Z", "why": "it was created"},
    ],
    "next": {"event": "cancellationEnd", "at": "2031-03-02T12:25:00Z"},
}
TIMELINE = ("history", "next")
"""Members of one order alone, which a list leaves out."""
MEMBERS = {
    "id": f"{{{ORDER_ID.upper()}}}",
    "creator": "digdir",
    "sendersReference": "app-50001/x",
    "notificationChannel": "Sms",
    "requestedSendTime": "2031-03-01T13:30:00+01:00",
    "status": "Processed",
    "ignoreReservation": False,
    "resourceId": None,
    "resourceAction": None,
    "conditionEndpoint": "https://example.com",
    "type": "Composed",
    "notificationOrderId": "CCCCCCCC-cccc-4ccc-8ccc-cccccccccccc",
    "sendingTimePolicy": "Anytime",
    "timeToLiveInSeconds": 60,
    "attachments": [
        {"filename": "a.pdf", "mimeType": "application/pdf", "sasUrl": "https://a.example/a.pdf"}
    ],
    "useStaleContactInformation": True,
    "recipients": [
        {"mobileNumber": "+4799999999", "emailAddress": None},
        {"externalIdentity": "urn:altinn:party:username:kari"},
    ],
}
NORMALISED = {
    "id": ORDER_ID,
    "requestedSendTime": "2031-03-01T12:30:00Z",
    "notificationOrderId": "cccccccc-cccc-4ccc-8ccc-cccccccccccc",
    "recipients": [
        {"mobileNumber": "+4799999999"},
        {"externalIdentity": "urn:altinn:party:username:kari"},
    ],
}
BAD_ORDERS: list[Any] = [
    {"colour": "blue"},
    {"created": "2031-03-01T12:30:00Z"},
    {"id": "7"},
    {"id": 7},
    {"status": "Done"},
    {"status": "registered"},
    {"notificationChannel": "Pigeon"},
    {"requestedSendTime": "2031-03-01T12:30:00"},
    {"requestedSendTime": 0},
    {"recipients": [{"name": "x"}]},
    {"recipients": [7]},
    {"type": "Chain"},
    {"notificationOrderId": "x"},
    {"sendingTimePolicy": "Nighttime"},
    {"timeToLiveInSeconds": 0},
    {"timeToLiveInSeconds": 172801},
    {"attachments": {}},
    {"attachments": [7]},
    {"attachments": [{"filename": "a.pdf"}]},
    {"useStaleContactInformation": "true"},
    {"recipients": {}},
    {"creator": "a b"},
    {"creator": "ttd\n"},
    {"creator": ""},
    {"creator": "x" * 65},
    {"sendersReference": 7},
    {"ignoreReservation": "no"},
    [],
    "order",
    7,
]


@pytest.mark.parametrize("sandbox", ["", "/__sandbox/one"])
def test_what_is_stored_can_be_found_at_its_location(api: Client, sandbox: str) -> None:
    url = f"{api.mock.url.partition('/__sandbox')[0]}{sandbox}/__mock"

    stored = api.http.post(f"{url}/orders", json={})
    armed = api.http.post(f"{url}/faults", json={"status": 503})

    assert stored.headers["location"] == f"{url}/orders/{stored.json()['id']}"
    assert api.get(stored.headers["location"]).json() == stored.json()
    assert armed.headers["location"] == f"{url}/faults/{armed.json()['id']}"
    assert api.http.delete(armed.headers["location"]).status_code == 204


def test_an_order_has_defaults(api: Client) -> None:
    api.mock.clock.freeze(NOW)

    answer = api.control("POST", "/orders")

    order = answer.json()
    assert answer.status_code == 201
    assert order == DEFAULTS | {"id": order["id"]}


def test_each_order_has_an_id_of_its_own(api: Client) -> None:
    ids = {api.control("POST", "/orders", json={}).json()["id"] for _ in range(3)}

    assert len(ids) == 3
    assert ids <= {order["id"] for order in api.control("GET", "/orders").json()["orders"]}


def test_an_order_takes_every_member_and_null_reads_as_absent(api: Client) -> None:
    order = api.control("POST", "/orders", json=MEMBERS).json()

    assert order == {**order, **MEMBERS, **NORMALISED, "pinned": True}


def test_a_member_that_is_null_has_its_default(api: Client) -> None:
    nulls = dict.fromkeys(
        ("id", "creator", "notificationChannel", "requestedSendTime", "status", "recipients")
    )

    order = api.control("POST", "/orders", json=nulls).json()

    assert (order["creator"], order["notificationChannel"]) == ("ttd", "Email")
    assert (order["status"], order["pinned"], order["recipients"]) == ("Registered", False, [])


@pytest.mark.parametrize("body", BAD_ORDERS)
def test_a_bad_order_is_a_validation_problem_and_is_not_stored(api: Client, body: Any) -> None:
    before = api.mock.orders.list()

    body = problem(api.control("POST", "/orders", json=body))

    assert (body["status"], body["type"]) == (400, f"{RFC}15.5.1")
    assert body["title"] == "One or more validation errors occurred."
    assert body["errors"]
    assert api.mock.orders.list() == before


def test_every_error_of_a_body_is_told_together(api: Client) -> None:
    answer = api.control("POST", "/orders", json={"id": "7", "status": "Done", "colour": "blue"})

    assert set(answer.json()["errors"]) == {"$", "$.id", "$.status"}


@pytest.mark.parametrize("spelling", [TTD_ORDER, TTD_ORDER.replace("-", ""), f"({TTD_ORDER})"])
def test_an_order_whose_id_exists_is_a_conflict(api: Client, spelling: str) -> None:
    before = api.mock.orders.list()

    answer = api.control("POST", "/orders", json={"id": spelling, "creator": "skd"})

    assert problem(answer) == {
        "type": f"{RFC}15.5.10",
        "title": "Conflict",
        "status": 409,
        "detail": f"An order with the id '{TTD_ORDER}' exists already. Send another id, or none.",
    }
    assert api.mock.orders.list() == before


def test_orders_are_listed_and_read_whoever_created_them(api: Client) -> None:
    listed = api.control("GET", "/orders").json()

    assert listed["count"] == len(listed["orders"]) == 13
    assert {order["creator"] for order in listed["orders"]} == {"digdir", "ttd", "skd"}
    for order in listed["orders"]:
        one = api.control("GET", f"/orders/{order['id'].upper()}").json()
        assert {name: one[name] for name in one if name not in TIMELINE} == order


@pytest.mark.parametrize("status", Status)
def test_a_status_set_by_hand_is_pinned_and_cancel_still_applies_its_rules(
    api: Client, status: Status
) -> None:
    api.mock.clock.freeze(NOW)
    order = api.mock.orders.create()
    api.mock.clock.advance(timedelta(minutes=1))

    answer = api.control("PUT", f"/orders/{order['id']}/status", json={"status": status})

    moved = {"status": status, "pinned": True, "lastUpdate": "2031-03-01T12:31:00Z"}
    after = answer.json()
    assert (answer.status_code, after) == (
        200,
        order | moved | {name: after[name] for name in TIMELINE},
    )
    expected = 200 if status in {Status.REGISTERED, Status.CANCELLED} else 409
    assert api.cancel(order["id"]).status_code == expected


@pytest.mark.parametrize("status", Status)
def test_an_order_stored_with_a_status_is_pinned_unless_registered(
    api: Client, status: Status
) -> None:
    order = api.control("POST", "/orders", json={"status": status}).json()

    assert (order["status"], order["pinned"]) == (status, status is not Status.REGISTERED)


@pytest.mark.parametrize(
    "body", [{}, {"status": "registered"}, {"status": None}, {"status": 1}, {"state": "Completed"}]
)
def test_a_bad_status_is_a_validation_problem_and_changes_nothing(api: Client, body: Any) -> None:
    before = api.mock.orders.get(TTD_ORDER)

    answer = api.control("PUT", f"/orders/{TTD_ORDER}/status", json=body)

    assert (answer.status_code, bool(problem(answer)["errors"])) == (400, True)
    assert api.mock.orders.get(TTD_ORDER) == before


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("DELETE", ""), ("PUT", "/status")])
def test_an_id_that_is_no_guid_is_a_validation_problem(api: Client, method: str, path: str) -> None:
    answer = api.control(method, f"/orders/7{path}", json={"status": "Completed"})

    assert problem(answer)["errors"] == {"id": ["The value '7' is not valid."]}


def test_a_deleted_order_is_gone(api: Client) -> None:
    answer = api.control("DELETE", f"/orders/{TTD_ORDER}")

    assert (answer.status_code, answer.content) == (204, b"")
    assert api.control("GET", f"/orders/{TTD_ORDER}").status_code == 404
    assert api.cancel().status_code == 404
    assert api.control("POST", "/orders", json={"id": TTD_ORDER}).status_code == 201


def page(api: Client, **query: Any) -> list[str]:
    """Return the ids of the orders that the control plane lists for *query*."""
    answer = api.control("GET", "/orders", params=query)
    assert answer.status_code == 200, answer.text
    return [order["id"] for order in answer.json()["orders"]]


@pytest.mark.parametrize("order_by", ["asc", "desc"])
def test_pages_hold_every_order_once(api: Client, order_by: str) -> None:
    everything = page(api)
    pages: list[str] = []
    while True:
        after = {"after": pages[-1]} if pages else {}
        listed = page(api, limit=4, orderBy=order_by, **after)
        pages += listed
        if len(listed) < 4:
            break

    assert pages == (everything if order_by == "asc" else everything[::-1])


def test_filters_of_orders_are_met_together_and_counted(api: Client) -> None:
    mine = [api.mock.orders.create(creator="me", type="Reminder")["id"] for _ in range(3)]
    api.mock.orders.set_status(mine[1], "Cancelled")
    query = {"creator": "me", "type": "Reminder", "status": "Registered", "limit": 1}

    answer = api.control("GET", "/orders", params=query).json()

    assert (answer["count"], answer["total"]) == (1, 2)
    assert page(api, **query) == [mine[0]]
    # The one that it comes after need not fit itself.
    assert page(api, **query, after=mine[1]) == [mine[2]]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"status": "Sent"}, "status"),
        ({"type": "Chain"}, "type"),
        ({"after": "00000000-0000-4000-8000-000000000000"}, "begin anew without it"),
        ({"after": "7"}, "after"),
        ({"limit": "0"}, "limit"),
        ({"limit": "1001"}, "limit"),
        ({"orderBy": "newest"}, "orderBy"),
        ({"channel": "Email"}, "there is no query parameter 'channel'"),
    ],
)
def test_a_bad_page_of_orders_is_refused_with_its_cure(
    api: Client, query: dict[str, str], told: str
) -> None:
    answer = api.control("GET", "/orders", params=query)

    assert answer.status_code == 400
    assert told in problem(answer)["detail"]


def test_an_order_that_was_stored_by_hand_has_the_texts_that_it_was_given(api: Client) -> None:
    body = {
        "notificationChannel": "EmailAndSms",
        "recipients": [{"emailAddress": "kari@example.com", "mobileNumber": "+4799999999"}],
        "requestedSendTime": "2020-01-01T00:00:00Z",
        "sendingTimePolicy": "Anytime",
        "emailTemplate": {
            "subject": "New invoice",
            "body": "<b>Read</b>",
            "contentType": "Html",
        },
        "smsTemplate": {"body": "Read it.", "senderNumber": "Invoices"},
    }
    order = api.control("POST", "/orders", json=body)
    assert order.status_code == 201
    api.control("POST", "/clock/advance", json={"duration": "PT10M"})

    query = {"orderId": order.json()["id"]}
    found = api.control("GET", "/messages", params=query).json()["messages"]
    shown = {
        item["channel"]: [item[name] for name in ("from", "subject", "body", "contentType")]
        for item in found
    }
    assert shown == {
        "Email": ["noreply@altinn.cloud", "New invoice", "<b>Read</b>", "Html"],
        "Sms": ["Invoices", None, "Read it.", None],
    }


@pytest.mark.parametrize(
    "template", [{"subject": "alone"}, {"body": "alone"}, {"subject": "", "body": "", "to": ""}, ""]
)
def test_a_text_that_is_no_template_is_refused(api: Client, template: object) -> None:
    refused = api.control("POST", "/orders", json={"emailTemplate": template})

    assert refused.status_code == 400
    assert "emailTemplate" in refused.text
