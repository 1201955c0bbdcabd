"""`PUT /orders/{id}/cancel`, as a client sees it."""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from mock_server.server import MockServer
from tests.builders import MICROSECOND, NOW, WINDOW
from tests.conftest import TTD_ORDER, Client

PAGE_ORDER = "f1a1cc30-197f-4f34-8304-006ce4945fd1"
UNKNOWN = "00000000-0000-4000-8000-000000000000"
OF_SKD = "99999999-9999-4999-8999-999999999999"
TRACE_ID = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]")
RFC = "https://tools.ietf.org/html/rfc9110#section-"
NOT_REGISTERED = {
    "55555555-5555-4555-8555-555555555555": "Processing",
    "66666666-6666-4666-8666-666666666666": "Processed",
    "77777777-7777-4777-8777-777777777777": "Completed",
    "88888888-8888-4888-8888-888888888888": "SendConditionNotMet",
}


def problem(answer: httpx.Response) -> dict[str, Any]:
    """Return the problem that *answer* holds, its trace id checked and taken out."""
    body: dict[str, Any] = answer.json()
    assert list(body)[-1] == "traceId"
    assert TRACE_ID.fullmatch(body.pop("traceId"))
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert body["status"] == answer.status_code
    return body


def test_the_page_s_order_is_cancelled_with_the_page_s_body(api: Client) -> None:
    api.mock.clock.freeze(NOW)
    api.mock.reset()
    moment = api.mock.clock.freeze(api.mock.clock.now())

    answer = api.cancel(
        PAGE_ORDER, headers={"Authorization": f"Bearer {api.mock.token(org='digdir')}"}
    )

    times = {name: answer.json()[name] for name in ("requestedSendTime", "created")}
    stamp = moment.isoformat().removesuffix("+00:00")
    assert answer.json() == {
        "id": PAGE_ORDER,
        "sendersReference": "ref-2023-12-01",
        **times,
        "creator": "digdir",
        "notificationChannel": "Email",
        "processingStatus": {
            "status": "Cancelled",
            "description": "Order processing was stopped due to order being cancelled.",
            "lastUpdate": (stamp.rstrip("0") if moment.microsecond else stamp) + "Z",
        },
    }


def test_the_answer_is_indented_json_of_the_documented_type(api: Client) -> None:
    answer = api.cancel()

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.text.startswith(f'{{\n  "id": "{TTD_ORDER}",\n  "sendersReference"')


def test_a_repeated_cancel_is_200_and_changes_nothing_also_after_the_send_time(
    api: Client,
) -> None:
    first = api.cancel()
    second = api.cancel()
    api.mock.clock.advance(timedelta(days=400))
    third = api.cancel()

    assert first.status_code == second.status_code == third.status_code == 200
    assert first.json() == second.json() == third.json()


def test_cancel_changes_the_status_and_last_update_alone(api: Client) -> None:
    before = api.mock.orders.get(TTD_ORDER)

    api.cancel()

    after = api.mock.orders.get(TTD_ORDER)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"status", "lastUpdate"}


@pytest.mark.parametrize(("past", "status"), [(-1, 200), (0, 409), (1, 409)])
def test_the_five_minute_rule_holds_to_the_microsecond(api: Client, past: int, status: int) -> None:
    order = {"requestedSendTime": "2031-03-01T12:35:00Z"}
    order_id = api.control("POST", "/orders", json=order).json()["id"]
    moment = (NOW + past * MICROSECOND).isoformat()
    api.control("PUT", "/clock", json={"now": moment, "frozen": True})

    assert api.cancel(order_id).status_code == status


def test_a_send_time_too_close_is_a_conflict(api: Client) -> None:
    order_id = api.mock.orders.create(requestedSendTime="2031-03-01T12:35:00Z")["id"]
    api.mock.clock.freeze(NOW)

    assert problem(api.cancel(order_id)) == {
        "type": f"{RFC}15.5.10",
        "title": "Conflict",
        "status": 409,
        "detail": "The requested send time is not more than 5 minutes ahead; "
        "cancel an order earlier than that.",
    }


@pytest.mark.parametrize(("order_id", "status"), NOT_REGISTERED.items())
def test_an_order_that_is_not_registered_is_a_conflict_and_stays(
    api: Client, order_id: str, status: str
) -> None:
    body = problem(api.cancel(order_id))

    assert body["status"] == 409
    assert body["detail"].startswith(f"The order is {status};")
    assert api.mock.orders.get(order_id)["status"] == status


@pytest.mark.parametrize("order_id", [UNKNOWN, OF_SKD])
def test_an_unknown_order_and_another_organisation_s_are_not_found(
    api: Client, order_id: str
) -> None:
    assert problem(api.cancel(order_id)) == {
        "type": f"{RFC}15.5.5",
        "title": "Not Found",
        "status": 404,
        "detail": f"No order has the id '{order_id}' with creator 'ttd'. Send the id of an order "
        "that exists and was created by the calling organisation.",
    }


def test_the_creator_is_compared_with_letter_case(api: Client) -> None:
    token = api.mock.token(org="TTD")

    answer = api.cancel(headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 404
    assert api.mock.orders.get(TTD_ORDER)["status"] == "Registered"


@pytest.mark.parametrize("raw", ["1337;1=1", "email", "f1a1cc30-197f-4f34-8304-006ce4945fd"])
def test_an_id_that_is_no_guid_is_a_validation_problem(api: Client, raw: str) -> None:
    message = f"The value '{raw}' is not valid."

    assert problem(api.cancel(raw)) == {
        "type": f"{RFC}15.5.1",
        "title": "One or more validation errors occurred.",
        "status": 400,
        "detail": f"{message} Send 'id' such as {PAGE_ORDER}.",
        "errors": {"id": [message]},
    }


def test_a_request_without_a_token_is_unauthorized(api: Client) -> None:
    answer = api.cancel(token=None)

    body = problem(answer)
    assert (body["type"], body["title"]) == (f"{RFC}15.5.2", "Unauthorized")
    assert body["detail"].startswith("No token was sent. Send 'Authorization: Bearer <token>'")
    assert answer.headers["www-authenticate"] == 'Bearer realm="altinn-notifications"'


def test_a_token_without_the_scope_is_forbidden(api: Client) -> None:
    assert problem(api.cancel(token="wrongScope")) == {
        "type": f"{RFC}15.5.4",
        "title": "Forbidden",
        "status": 403,
        "detail": "The bearer token lacks the scope 'altinn:serviceowner/notifications.create'; "
        "ask for a token that has it.",
    }


@pytest.mark.parametrize(
    ("order_id", "token", "status"),
    [
        ("no-guid", None, 401),
        ("no-guid", "wrongScope", 403),
        ("no-guid", "noOrg", 400),
        (UNKNOWN, "noOrg", 403),
        (UNKNOWN, "valid", 404),
    ],
)
def test_checks_come_in_the_service_s_order(
    api: Client, order_id: str, token: str | None, status: int
) -> None:
    assert api.cancel(order_id, token=token).status_code == status


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("token", [None, "valid"])
def test_another_method_is_not_allowed_before_authentication(
    api: Client, method: str, token: str | None
) -> None:
    answer = api.call(method, f"/orders/{TTD_ORDER}/cancel", token=token)

    assert (answer.status_code, answer.headers["allow"]) == (405, "PUT")
    if method != "HEAD":
        assert problem(answer)["type"] == f"{RFC}15.5.6"


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("application/json", "application/json; charset=utf-8"),
        ("application/json, text/plain, */*", "application/json; charset=utf-8"),
        ("text/html", "application/json; charset=utf-8"),
        ("application/problem+json", "application/problem+json"),
        ("application/problem+json, application/json", "application/problem+json"),
        ("application/problem+json;q=0.5, application/json", "application/json; charset=utf-8"),
        ("application/problem+json;q=0", "application/json; charset=utf-8"),
    ],
)
def test_a_problem_has_the_media_type_that_accept_asks_for(
    api: Client, accept: str, media_type: str
) -> None:
    answer = api.cancel(UNKNOWN, headers={"Accept": accept})

    assert answer.headers["content-type"] == media_type


def test_a_problem_continues_the_caller_s_trace(api: Client) -> None:
    trace = "5249d76c03c137205ad8976fd9cd2e64"

    answer = api.cancel(UNKNOWN, headers={"traceparent": f"00-{trace}-4d97ca7aea3f7489-00"})

    assert re.fullmatch(f"00-{trace}-[0-9a-f]{{16}}-00", answer.json()["traceId"])


@pytest.mark.parametrize(
    ("window", "ahead", "status"),
    [("PT0S", "-PT1H", 200), ("PT10M", "+PT10M", 409), ("PT1M", "+PT2M", 200)],
)
def test_the_window_is_a_setting(window: str, ahead: str, status: int) -> None:
    spans = {"PT0S": timedelta(0), "PT10M": 2 * WINDOW, "PT1M": WINDOW / 5}
    moves = {"-PT1H": timedelta(hours=-1), "+PT10M": 2 * WINDOW, "+PT2M": timedelta(minutes=2)}
    with MockServer(cancellation_window=spans[window]) as mock, httpx.Client() as http:
        api = Client(http, mock.sandbox("default"))
        api.mock.clock.freeze(NOW)
        send_time = (NOW + moves[ahead]).isoformat()
        order_id = api.mock.orders.create(requestedSendTime=send_time)["id"]

        assert api.cancel(order_id).status_code == status
