"""Every status of a recipient, as the page on the life of an order says that it is reached."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from mock_server.domain.shipments import EMAIL_STATUSES, SMS_STATUSES
from tests.conftest import Client

PAGE = Path(__file__).resolve().parents[2] / "docs" / "life.md"
ROWS = re.findall(
    r"^\| `((?:Email|SMS)_\w+)` \| `(\S+)` \| (a day|three days) \|$",
    PAGE.read_text(encoding="utf-8"),
    re.MULTILINE,
)
NEVER = {"Email_Failed_TransientError"}
SPANS = {"a day": timedelta(days=1), "three days": timedelta(days=3)}


def test_the_page_has_each_status_once_but_the_one_that_is_never_seen() -> None:
    told = [status for status, _recipient, _after in ROWS]

    assert sorted(told) == sorted({*EMAIL_STATUSES.values(), *SMS_STATUSES.values()} - NEVER)


@pytest.mark.parametrize(("status", "recipient", "after"), ROWS)
def test_a_status_is_reached_as_the_page_says(
    api: Client, status: str, recipient: str, after: str
) -> None:
    kind = "email" if status.startswith("Email") else "sms"
    address = {"email": "emailAddress", "sms": "mobileNumber"}[kind]
    by = "nationalIdentityNumber" if recipient.isdigit() else address
    texts = {"email": {"subject": "S", "body": "B"}, "sms": {"body": "B"}}[kind]
    made = api.call("POST", f"/orders/{kind}", json={**texts, "recipients": [{by: recipient}]})
    api.mock.clock.advance(SPANS[after])

    shipment = api.call("GET", f"/future/shipment/{made.json()['orderId']}").json()

    (found,) = shipment["recipients"]
    is_nowhere = "Reserved" in status or "NotIdentified" in status
    assert (found["status"], found["destination"]) == (status, "" if is_nowhere else recipient)


@pytest.mark.parametrize(
    ("recipient", "status"),
    [
        (
            {"recipientEmail": {"emailAddress": "recipient-not-identified@example.com"}},
            "Email_Failed_RecipientNotIdentified",
        ),
        (
            {"recipientSms": {"phoneNumber": "+4799900012"}},
            "SMS_Failed_RecipientNotIdentified",
        ),
    ],
)
def test_by_a_modern_create_an_address_stands_for_who_is_not_identified(
    api: Client, recipient: dict[str, dict[str, object]], status: str
) -> None:
    ((_kind, members),) = recipient.items()
    assert all(f"`{address}`" in PAGE.read_text(encoding="utf-8") for address in members.values())
    members |= {"emailSettings": {"subject": "S", "body": "B"}, "smsSettings": {"body": "B"}}
    body = {"idempotencyId": status, "recipient": recipient}
    made = api.call("POST", "/future/orders", json=body).json()["notification"]
    api.mock.clock.advance(SPANS["a day"])

    shipment = api.call("GET", f"/future/shipment/{made['shipmentId']}").json()

    assert shipment["status"] == "Order_Completed"
    found = [(one["destination"], one["status"]) for one in shipment["recipients"]]
    assert found == [("", status)]
