"""Evidence for the findings D16 to D31 of `docs/differences.md`: orders and after."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.conftest import Client
from tests.support.create_bodies import BY_CHANNEL, EMAIL, SMS
from tests.support.difference_cancel import NOON, create, status_of
from tests.support.difference_worlds import UNKNOWN, World, provoke


def notifications(api: Client, channel: str, recipient: dict[str, str]) -> dict[str, Any]:
    """Return the notifications of an order to *recipient* that was due three days ago."""
    api.mock.clock.freeze(NOON)
    order = api.mock.orders.create(
        notificationChannel=channel.capitalize(),  # type: ignore[arg-type] # any text, as of a row
        recipients=[recipient],  # type: ignore[list-item] # any text, as of a row
        requestedSendTime=NOON.isoformat(),
    )
    api.mock.clock.advance(timedelta(days=1))
    found: dict[str, Any] = api.call("GET", f"/orders/{order['id']}/notifications/{channel}").json()
    return found


def examples_of_validation(world: World) -> None:
    body = create(world.api, "/orders/email", EMAIL, subject="").json()

    assert body["type"] == "https://tools.ietf.org/html/rfc9110#section-15.5.1"
    assert body["errors"] == {"Subject": ["The Subject field is required."]}


def content_type_of_an_email(world: World) -> None:
    for key, read in (("content-type", "Plain"), ("contentType", "Html")):
        answer = create(world.api, "/orders/email", EMAIL, **{key: "Html"})
        order = world.api.get(answer.headers["location"]).json()
        assert order["emailTemplate"]["contentType"] == read


def codes_of_problems(world: World) -> None:
    body = provoke(world, "getShipment", 404).json()

    assert (body["code"], body["title"]) == ("NOT-00003", "Shipment not found")
    assert ("errorCode" not in body, "detail" in body) == (True, not world.is_live)


def results_of_sms(world: World) -> None:
    found = notifications(world.api, "sms", {"mobileNumber": "+4799900001"})["notifications"][0]

    assert found["sendStatus"]["description"] == (
        "The SMS has been created, but has not been picked up for processing yet."
    )


def flags_of_trace_ids(world: World) -> None:
    unsampled = {"traceparent": f"00-{'a' * 32}-{'b' * 16}-00"}

    assert world.api.cancel(UNKNOWN).json()["traceId"].endswith("-01")
    assert world.api.cancel(UNKNOWN, headers=unsampled).json()["traceId"].endswith("-00")


def items_of_the_feed(world: World) -> None:
    item = world.api.call("GET", "/future/shipment/feed").json()[0]

    assert (item["shipmentType"], "type" in item) == ("Notification", False)
    assert "type" not in item["recipients"][0]


def counts_of_sms(world: World) -> None:
    found = notifications(world.api, "sms", {"mobileNumber": "+4799999999"})
    summary = status_of(world.api, found["orderId"])["notificationsStatusSummary"]["sms"]

    assert found["notifications"][0]["sendStatus"]["status"] == "Delivered"
    assert (found["succeeded"], summary["generated"], summary["succeeded"]) == (1, 1, 0)


def doubled_word(world: World) -> None:
    answer = create(world.api, "/orders", BY_CHANNEL, smsTemplate=None)

    assert answer.json()["errors"]["SmsTemplate"] == [
        "An SMS template is required for the selected the notification channel."
    ]


def spelling(world: World) -> None:
    suppressed = notifications(world.api, "email", {"emailAddress": "suppressed-recipient@a.no"})
    quarantined = notifications(world.api, "email", {"emailAddress": "quarantined@a.no"})

    first, second = (found["notifications"][0] for found in (suppressed, quarantined))
    assert first["sendStatus"]["status"] == "Failed_SupressedRecipient"
    assert "phising" in second["sendStatus"]["description"]


def last_update_while_processing(world: World) -> None:
    created = world.api.mock.clock.freeze(NOON + timedelta(seconds=30))
    order = world.api.mock.orders.create(
        requestedSendTime=created.isoformat(), conditionEndpoint="https://condition.example"
    )
    world.api.mock.clock.advance(timedelta(seconds=30))

    body = status_of(world.api, order["id"])
    assert body["processingStatus"]["status"] == "Processing"
    assert body["processingStatus"]["lastUpdate"] == body["created"]


def send_time_in_the_past(world: World) -> None:
    world.api.mock.clock.freeze(NOON)

    for seconds, status in ((300, 202), (301, 400)):
        due = (NOON - timedelta(seconds=seconds)).isoformat()
        answer = create(world.api, "/orders/sms", SMS, requestedSendTime=due)
        assert answer.status_code == status


def early_claim(world: World) -> None:
    world.api.mock.clock.freeze(NOON)
    due = (NOON + timedelta(minutes=2)).isoformat()
    order = world.api.mock.orders.create(requestedSendTime=due)["id"]

    world.api.mock.clock.advance(timedelta(seconds=59))
    assert status_of(world.api, order)["processingStatus"]["status"] == "Registered"
    world.api.mock.clock.advance(timedelta(seconds=1))
    assert status_of(world.api, order)["processingStatus"]["status"] == "Completed"


def digits_of_times(world: World) -> None:
    sent = "2100-01-01T00:00:00.1234567Z"
    link = create(world.api, "/orders/sms", SMS, requestedSendTime=sent).headers["location"]

    assert world.api.get(link).json()["requestedSendTime"] == sent
    shown = world.api.get(f"{link}/status").json()["requestedSendTime"]
    assert shown == "2100-01-01T00:00:00.123456Z"


def blank_reference(world: World) -> None:
    link = create(world.api, "/orders/sms", SMS, sendersReference=" ").headers["location"]

    assert world.api.get(link).json()["sendersReference"] == " "
    assert "sendersReference" not in world.api.get(f"{link}/status").json()


def create_without_organisation(world: World) -> None:
    for body, status in (({}, 400), (SMS, 403)):
        answer = world.api.call("POST", "/orders/sms", token="noOrg", json=body)
        assert answer.status_code == status


def keys_of_errors(world: World) -> None:
    number = [{"mobileNumber": "1"}]
    empty = world.api.call("POST", "/orders/sms", headers={"Content-Type": "application/json"})
    answers = {
        "id": world.api.cancel("1337"),
        "sendersReference": provoke(world, "listOrders", 400),
        "Subject": create(world.api, "/orders/email", EMAIL, subject=""),
        "Recipients[0].MobileNumber": create(world.api, "/orders/sms", SMS, recipients=number),
        "$.requestedSendTime": create(world.api, "/orders/sms", SMS, requestedSendTime="soon"),
        "": empty,
    }

    assert [key for key, answer in answers.items() if key not in answer.json()["errors"]] == []


ORDERS: tuple[Callable[[World], None], ...] = (
    examples_of_validation,
    content_type_of_an_email,
    codes_of_problems,
    results_of_sms,
    flags_of_trace_ids,
    items_of_the_feed,
    counts_of_sms,
    doubled_word,
    spelling,
    last_update_while_processing,
    send_time_in_the_past,
    early_claim,
    digits_of_times,
    blank_reference,
    create_without_organisation,
    keys_of_errors,
)
"""What checks each finding, in either dialect."""
