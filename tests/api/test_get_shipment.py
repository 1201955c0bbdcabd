"""`getShipment`: who may read what, refusals, and the shape of what comes."""

import uuid
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.conftest import TTD_ORDER, Client

UNKNOWN = "00000000-0000-4000-8000-000000000000"
OF_SKD = "99999999-9999-4999-8999-999999999999"
DELIVERED = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"
CANCELLED = "22222222-2222-4222-8222-222222222222"
COMPOSED_SCOPE = "altinn:serviceowner/notifications.composedemail.create"


def ship(api: Client, shipment_id: str, **more: Any) -> httpx.Response:
    """Read the shipment with this id, however that is spelled."""
    return api.call("GET", f"/future/shipment/{shipment_id}", **more)


def bearer(api: Client, **asked: Any) -> dict[str, Any]:
    """Return the argument `headers` with a bearer token as *asked* for."""
    return {"headers": {"Authorization": f"Bearer {api.mock.token(**asked)}"}}


@pytest.mark.parametrize("shipment_id", [UNKNOWN, "00000000-0000-0000-0000-000000000000", OF_SKD])
def test_an_id_that_is_no_order_of_the_caller_is_a_404_with_a_code(
    api: Client, shipment_id: str
) -> None:
    answer = ship(api, shipment_id)

    assert answer.status_code == 404
    body = answer.json()
    assert [*body] == [
        *("type", "title", "status", "detail", "code", "traceId", "statusDescription")
    ]
    assert body["type"] == "urn:altinn:error:NOT-00003"
    assert (body["code"], body["title"]) == ("NOT-00003", "Shipment not found")
    assert (body["status"], body["statusDescription"]) == (404, "Not Found")


@pytest.mark.parametrize("token", [None, "valid", "expired"])
@pytest.mark.parametrize(
    "shipment_id", ["abc", "1337", "%2f", "feeds", "null", "11111111-1111-4111-8111-11111111111"]
)
def test_an_id_that_is_no_guid_is_an_unknown_path_with_or_without_a_token(
    api: Client, shipment_id: str, token: str | None
) -> None:
    answer = ship(api, shipment_id, token=token)

    assert answer.status_code == 404
    assert answer.json()["type"] == "https://tools.ietf.org/html/rfc9110#section-15.5.5"
    assert "no GUID" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("token", "status"), [(None, 401), ("expired", 401), ("user", 403), ("wrongScope", 403)]
)
def test_a_token_that_does_not_suffice_is_refused(
    api: Client, token: str | None, status: int
) -> None:
    assert ship(api, TTD_ORDER, token=token).status_code == status


@pytest.mark.parametrize("preset", ["noOrg"])
def test_a_token_without_an_organisation_is_a_403(api: Client, preset: str) -> None:
    assert ship(api, TTD_ORDER, token=preset).status_code == 403


def test_the_scope_for_composed_e_mail_does_not_suffice(api: Client) -> None:
    order = api.mock.orders.create(type="Composed")

    answer = ship(api, order["id"], **bearer(api, scope=COMPOSED_SCOPE))

    assert answer.status_code == 403


def test_a_platform_token_of_the_creator_suffices(api: Client) -> None:
    token = api.mock.token(kind="platform", org="ttd")

    answer = ship(api, TTD_ORDER, token=None, headers={"PlatformAccessToken": token})

    assert answer.status_code == 200


@pytest.mark.parametrize("org", ["skd", "TTD"])
def test_another_organisation_does_not_see_it_nor_one_in_other_letter_case(
    api: Client, org: str
) -> None:
    assert ship(api, TTD_ORDER, **bearer(api, org=org)).status_code == 404


@pytest.mark.parametrize(
    "spelled",
    [
        TTD_ORDER.upper(),
        uuid.UUID(TTD_ORDER).hex,
        f"%7B{TTD_ORDER}%7D",
        f"({TTD_ORDER})",
        f"%20{TTD_ORDER}%20",
        f"{TTD_ORDER}/",
    ],
)
def test_every_spelling_of_the_id_is_the_same_shipment(api: Client, spelled: str) -> None:
    answer = ship(api, spelled)

    assert (answer.status_code, answer.json()["shipmentId"]) == (200, TTD_ORDER)


def test_letter_case_of_the_path_and_a_content_type_do_not_matter(api: Client) -> None:
    path = f"/FUTURE/Shipment/{TTD_ORDER}"

    answer = api.call("GET", path, headers={"Content-Type": "text/plain"})

    assert answer.status_code == 200


@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT"])
@pytest.mark.parametrize("shipment_id", [TTD_ORDER, "abc"])
def test_another_method_is_a_405_whatever_the_id(
    api: Client, method: str, shipment_id: str
) -> None:
    answer = api.call(method, f"/future/shipment/{shipment_id}", token=None)

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


def test_an_order_of_the_older_api_is_a_shipment_too(api: Client) -> None:
    body = {"subject": "S", "body": "B", "recipients": [{"emailAddress": "a@example.com"}]}
    due = (api.mock.clock.now() + timedelta(days=1)).isoformat()
    order_id = api.call("POST", "/orders/email", json={**body, "requestedSendTime": due}).json()[
        "orderId"
    ]

    shipment = ship(api, order_id).json()

    status = api.call("GET", f"/orders/{order_id}/status").json()
    assert shipment == {
        "shipmentId": order_id,
        "type": "Notification",
        "status": "Order_Registered",
        "lastUpdate": status["created"],
        "recipients": [],
    }
    assert [*shipment] == ["shipmentId", "type", "status", "lastUpdate", "recipients"]


@pytest.mark.parametrize("kind", ["Notification", "Reminder", "Composed"])
@pytest.mark.parametrize("reference", [None, "", "  ", "rem-1"])
def test_a_shipment_has_its_own_type_and_reference_and_none_for_a_blank_one(
    api: Client, kind: Any, reference: str | None
) -> None:
    order = api.mock.orders.create(type=kind, sendersReference=reference)

    shipment = ship(api, order["id"]).json()

    assert (shipment["type"], shipment["status"]) == (kind, "Order_Registered")
    assert shipment.get("sendersReference") == (reference if reference == "rem-1" else None)


def test_members_come_in_their_order_and_e_mail_before_sms(api: Client) -> None:
    shipment = ship(api, DELIVERED).json()

    assert [*shipment] == [
        *("shipmentId", "sendersReference", "type", "status", "lastUpdate", "recipients")
    ]
    assert [[*item] for item in shipment["recipients"]] == [
        ["type", "destination", "status", "lastUpdate"]
    ] * 4
    assert [
        (item["type"], item["destination"], item["status"]) for item in shipment["recipients"]
    ] == [
        ("Email", "recipient@example.com", "Email_Delivered"),
        ("Email", "bounced@example.com", "Email_Failed_Bounced"),
        ("Email", "", "Email_Failed_RecipientReserved"),
        ("SMS", "+4799999999", "SMS_Delivered"),
    ]


def test_a_given_number_is_shown_as_it_was_given(api: Client) -> None:
    order = api.mock.orders.create(
        notificationChannel="Sms",
        recipients=[{"mobileNumber": "004799999999"}],
        requestedSendTime=api.mock.clock.now().isoformat(),
    )
    api.mock.clock.advance(timedelta(minutes=2))

    recipients = ship(api, order["id"]).json()["recipients"]

    assert [item["destination"] for item in recipients] == ["004799999999"]


def test_a_cancelled_order_has_no_recipients_and_the_time_of_its_cancellation(api: Client) -> None:
    cancelled = api.cancel(TTD_ORDER).json()["processingStatus"]

    shipment = ship(api, TTD_ORDER).json()

    assert (shipment["status"], shipment["recipients"]) == ("Order_Cancelled", [])
    assert shipment["lastUpdate"] == cancelled["lastUpdate"]
