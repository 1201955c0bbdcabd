"""`PUT /orders/{id}/cancel`: every outcome, with its whole body."""

from datetime import timedelta

import pytest

from mock_server.formats.timestamps import format_timestamp
from tests.conftest import TTD_ORDER, Client
from tests.support.builders import MICROSECOND, NOW
from tests.support.problem_bodies import RFC, problem

PAGE_ORDER = "f1a1cc30-197f-4f34-8304-006ce4945fd1"
UNKNOWN = "00000000-0000-4000-8000-000000000000"
OF_SKD = "99999999-9999-4999-8999-999999999999"
CANCELLED = "22222222-2222-4222-8222-222222222222"
NOT_REGISTERED = {
    "55555555-5555-4555-8555-555555555555": "Processing",
    "66666666-6666-4666-8666-666666666666": "Processed",
    "77777777-7777-4777-8777-777777777777": "Completed",
    "88888888-8888-4888-8888-888888888888": "SendConditionNotMet",
}
SEND_INSTEAD = (
    "Send 'Authorization: Bearer <token>' with an Altinn token, "
    "or 'PlatformAccessToken: <token>' with a platform access token; "
    "the mock's own POST /__mock/tokens mints both."
)
PAGE_BODY = {
    "id": PAGE_ORDER,
    "sendersReference": "ref-2023-12-01",
    "creator": "digdir",
    "notificationChannel": "Email",
    "processingStatus": {
        "status": "Cancelled",
        "description": "Order processing was stopped due to order being cancelled.",
    },
}


def test_the_page_s_order_is_cancelled_with_the_page_s_body(api: Client) -> None:
    seeded = api.mock.orders.get(PAGE_ORDER)
    now = api.mock.clock.freeze()
    token = api.mock.token(org="digdir")

    answer = api.cancel(PAGE_ORDER, headers={"Authorization": f"Bearer {token}"})

    body = answer.json()
    assert body["processingStatus"].pop("lastUpdate") == format_timestamp(now)
    times = {name: seeded[name] for name in ("requestedSendTime", "created")}
    assert body == PAGE_BODY | times


def test_a_repeated_cancel_is_200_and_changes_nothing_also_after_the_send_time(
    api: Client,
) -> None:
    first = api.cancel()
    second = api.cancel()
    api.mock.clock.advance(timedelta(days=400))
    third = api.cancel()

    assert first.status_code == second.status_code == third.status_code == 200
    assert first.content == second.content == third.content


def test_an_order_cancelled_from_the_start_keeps_its_last_update(api: Client) -> None:
    before = api.mock.orders.get(CANCELLED)

    answer = api.cancel(CANCELLED)

    assert answer.status_code == 200
    assert answer.json()["processingStatus"]["lastUpdate"] == before["lastUpdate"]


def test_cancel_changes_the_status_and_last_update_alone(api: Client) -> None:
    before = {order["id"]: order for order in api.mock.orders.list()}

    api.cancel()

    after = {order["id"]: order for order in api.mock.orders.list()}
    moved = after.pop(TTD_ORDER)
    unmoved = before.pop(TTD_ORDER)
    assert {name for name in moved if moved[name] != unmoved[name]} == {"status", "lastUpdate"}
    assert after == before


@pytest.mark.parametrize(("past", "status"), [(-1, 200), (0, 409), (1, 409)])
def test_the_five_minute_rule_holds_to_the_microsecond(api: Client, past: int, status: int) -> None:
    order = {"requestedSendTime": "2031-03-01T12:35:00Z"}
    order_id = api.control("POST", "/orders", json=order).json()["id"]
    moment = (NOW + past * MICROSECOND).isoformat()
    api.control("PUT", "/clock", json={"now": moment, "frozen": True})

    assert api.cancel(order_id).status_code == status


def test_a_send_time_too_close_is_a_conflict_and_changes_nothing(api: Client) -> None:
    api.mock.clock.freeze(NOW)
    order = api.mock.orders.create(requestedSendTime="2031-03-01T12:35:00Z")

    assert problem(api.cancel(order["id"])) == {
        "type": f"{RFC}15.5.10",
        "title": "Conflict",
        "status": 409,
        "detail": "The requested send time is not more than 5 minutes ahead; "
        "cancel an order earlier than that.",
    }
    assert api.mock.orders.get(order["id"]) == order


@pytest.mark.parametrize(("order_id", "status"), NOT_REGISTERED.items())
def test_an_order_that_is_not_registered_is_a_conflict_and_stays(
    api: Client, order_id: str, status: str
) -> None:
    assert problem(api.cancel(order_id)) == {
        "type": f"{RFC}15.5.10",
        "title": "Conflict",
        "status": 409,
        "detail": f"The order is {status}; only an order that is Registered can be cancelled.",
    }
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
    assert api.mock.orders.get(OF_SKD)["status"] == "Registered"


@pytest.mark.parametrize("order_id", [*NOT_REGISTERED, CANCELLED])
def test_another_organisation_does_not_learn_an_order_s_status(api: Client, order_id: str) -> None:
    headers = {"Authorization": f"Bearer {api.mock.token(org='skd')}"}

    assert api.cancel(order_id, headers=headers).status_code == 404


@pytest.mark.parametrize("org", ["TTD", "Ttd", "tt", "ttdx"])
def test_the_creator_is_compared_exactly(api: Client, org: str) -> None:
    answer = api.cancel(headers={"Authorization": f"Bearer {api.mock.token(org=org)}"})

    assert answer.status_code == 404
    assert api.mock.orders.get(TTD_ORDER)["status"] == "Registered"


@pytest.mark.parametrize(
    "raw", ["1337;1=1", "email", "f1a1cc30-197f-4f34-8304-006ce4945fd", "x" * 2000]
)
def test_an_id_that_is_no_guid_is_a_validation_problem(api: Client, raw: str) -> None:
    message = f"The value '{raw}' is not valid."

    assert problem(api.cancel(raw)) == {
        "type": f"{RFC}15.5.1",
        "title": "One or more validation errors occurred.",
        "status": 400,
        "detail": f"{message} Send 'id' such as {TTD_ORDER}.",
        "errors": {"id": [message]},
    }


def test_a_request_without_a_token_is_unauthorized(api: Client) -> None:
    answer = api.cancel(token=None)

    assert problem(answer) == {
        "type": f"{RFC}15.5.2",
        "title": "Unauthorized",
        "status": 401,
        "detail": f"No token was sent. {SEND_INSTEAD}",
    }
    assert answer.headers["www-authenticate"] == 'Bearer realm="altinn-notifications"'
    assert api.mock.orders.get(TTD_ORDER)["status"] == "Registered"


def test_a_token_without_the_scope_is_forbidden(api: Client) -> None:
    assert problem(api.cancel(token="wrongScope")) == {
        "type": f"{RFC}15.5.4",
        "title": "Forbidden",
        "status": 403,
        "detail": "The bearer token lacks the scope 'altinn:serviceowner/notifications.create'; "
        "ask for a token that has it: altinn-notifications-mock token "
        "--scope 'altinn:serviceowner/notifications.create'.",
    }
    assert api.mock.orders.get(TTD_ORDER)["status"] == "Registered"


def test_a_token_without_an_organisation_is_forbidden(api: Client) -> None:
    assert problem(api.cancel(token="noOrg")) == {
        "type": f"{RFC}15.5.4",
        "title": "Forbidden",
        "status": 403,
        "detail": "The token names no organisation, so no creator is known. "
        "Send a token with the claim 'urn:altinn:org'.",
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


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize("token", [None, "valid"])
def test_another_method_is_not_allowed_before_authentication(
    api: Client, method: str, token: str | None
) -> None:
    answer = api.call(method, f"/orders/{TTD_ORDER}/cancel", token=token)

    assert problem(answer) == {
        "type": f"{RFC}15.5.6",
        "title": "Method Not Allowed",
        "status": 405,
        "detail": f"{method} is not a method of this path; send PUT.",
    }
    assert answer.headers["allow"] == "PUT"
