"""Evidence for the findings D1 to D15 of `docs/differences.md`: cancel and states."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx

from mock_server.contract.differences import form_of
from tests.conftest import TTD_ORDER, Client
from tests.support.create_bodies import BY_CHANNEL
from tests.support.difference_worlds import TOO_LATE, UNKNOWN, World, provoke, shows

SKD_ORDER = "99999999-9999-4999-8999-999999999999"
NOT_MET_ORDER = "88888888-8888-4888-8888-888888888888"
DELIVERED_ORDER = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"
NOON = datetime.fromisoformat("2031-03-03T12:00:00+00:00")
DESCRIPTIONS = {
    "Registered": (
        "Order has been registered and is awaiting requested send time before processing."
    ),
    "Processing": "Order processing is ongoing. Notifications are being generated.",
    "Processed": "Order processing is done. Notifications have been successfully generated.",
    "Completed": "Order processing is completed. All notifications have a final status.",
    "SendConditionNotMet": ("Order processing was stopped due to send condition not being met."),
    "Cancelled": "Order processing was stopped due to order being cancelled.",
}


def status_of(api: Client, order: str) -> dict[str, Any]:
    """Return the *order* with its status."""
    found: dict[str, Any] = api.call("GET", f"/orders/{order}/status").json()
    return found


def create(api: Client, path: str, body: dict[str, Any], **more: Any) -> httpx.Response:
    """Create an order of *body* and *more* members."""
    return api.call("POST", path, json={**body, **more})


def path_of_cancel(world: World) -> None:
    singular = world.api.call("PUT", f"/order/{TTD_ORDER}/cancel")

    assert singular.status_code == (404 if world.is_live else 200)
    assert "only the plural" in singular.headers["x-mock-notice"]
    assert world.api.cancel().status_code == 200


def curl_of_cancel(world: World) -> None:
    answer = world.api.call("GET", f"/orders/{TTD_ORDER}/cancel")

    assert (answer.status_code, answer.headers["allow"]) == (405, "PUT")
    shows(answer, form_of("cancelOrder", 405, world.dialect))


def headers_of_cancel(world: World) -> None:
    other = {"Content-Type": "text/xml"}

    assert world.api.cancel(content=b"<xml", headers=other).status_code == 200
    assert world.api.cancel().status_code == 200


def five_minute_rule(world: World) -> None:
    world.api.mock.clock.freeze(NOON)

    for seconds, status in ((300, 409), (301, 200)):
        due = (NOON + timedelta(seconds=seconds)).isoformat()
        order = world.api.mock.orders.create(requestedSendTime=due)
        assert world.api.cancel(order["id"]).status_code == status


def repeated_cancel(world: World) -> None:
    first = world.api.cancel()
    world.api.mock.clock.advance(timedelta(days=60))

    assert world.api.cancel().json() == first.json()


def order_of_another(world: World) -> None:
    theirs, nobodys = world.api.cancel(SKD_ORDER), world.api.cancel(UNKNOWN)

    assert theirs.status_code == nobodys.status_code == 404
    assert list(theirs.json()) == list(nobodys.json())


def last_update(world: World) -> None:
    world.api.mock.clock.freeze(NOON - timedelta(days=1500))
    order = world.api.mock.orders.create(requestedSendTime=NOON.isoformat())
    world.api.mock.clock.freeze(NOON - timedelta(days=1))

    body = world.api.cancel(order["id"]).json()
    assert body["processingStatus"]["lastUpdate"] == "2031-03-02T12:00:00Z" != body["created"]


def body_of_refusals(world: World) -> None:
    full = [("cancelOrder", status) for status in (400, 404, 409)] + [("createOrder", 400)]
    bare = [("cancelOrder", status) for status in (401, 403, 405)]
    bare += [("getOrder", 404), ("getSmsNotifications", 404), ("createOrder", 415)]

    assert all(provoke(world, *pair).content for pair in full)
    assert {bool(provoke(world, *pair).content) for pair in bare} == {not world.is_live}


def status_not_found(world: World) -> None:
    answer = world.api.call("GET", f"/orders/{UNKNOWN}/status")

    assert (answer.status_code, bool(answer.content)) == (404, not world.is_live)


def media_type_of_problems(world: World) -> None:
    accept = {"Accept": "application/problem+json"}

    plain, asked = world.api.cancel(TOO_LATE), world.api.cancel(TOO_LATE, headers=accept)
    assert plain.headers["content-type"] == "application/json; charset=utf-8"
    assert asked.headers["content-type"] == "application/problem+json"


def states(world: World) -> None:
    world.api.mock.orders.set_status(TTD_ORDER, "Processed")

    assert status_of(world.api, TTD_ORDER)["processingStatus"]["status"] == "Completed"
    stopped = status_of(world.api, NOT_MET_ORDER)["processingStatus"]
    assert stopped["status"] == "SendConditionNotMet"


def descriptions_of_states(world: World) -> None:
    for status, description in DESCRIPTIONS.items():
        world.api.mock.orders.set_status(TTD_ORDER, status)  # type: ignore[arg-type] # any text, as of a row
        shown = status_of(world.api, TTD_ORDER)["processingStatus"]
        assert shown["description"] == description


def summary_of_notifications(world: World) -> None:
    body = status_of(world.api, DELIVERED_ORDER)

    assert "notificationsStatusSummary" in body
    assert "notificationStatusSummary" not in body


def channels(world: World) -> None:
    for channel in ("Email", "Sms", "EmailPreferred", "SmsPreferred", "EmailAndSms"):
        answer = create(world.api, "/orders", BY_CHANNEL, notificationChannel=channel)
        order = world.api.get(answer.headers["location"]).json()
        assert order["notificationChannel"] == channel


def members_of_a_status(world: World) -> None:
    members = {
        "resourceId": "urn:altinn:resource:app_1",
        "resourceAction": "read",
        "conditionEndpoint": "https://condition.example",
    }
    order = world.api.mock.orders.create(**members)  # type: ignore[arg-type] # any text, as of a row

    assert members.items() <= world.api.cancel(order["id"]).json().items()


CANCEL: tuple[Callable[[World], None], ...] = (
    path_of_cancel,
    curl_of_cancel,
    headers_of_cancel,
    five_minute_rule,
    repeated_cancel,
    order_of_another,
    last_update,
    body_of_refusals,
    status_not_found,
    media_type_of_problems,
    states,
    descriptions_of_states,
    summary_of_notifications,
    channels,
    members_of_a_status,
)
"""What checks each finding, in either dialect."""
