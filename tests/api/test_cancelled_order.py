"""The body of a cancelled order, byte for byte."""

from datetime import timedelta

from tests.conftest import Client
from tests.support.builders import NOW

MEMBERS = {
    "id": "0b8f7d0e-52c1-4a1e-9f57-2a7c6c1d9b34",
    "sendersReference": "faktura/ærlig-17",
    "requestedSendTime": "2031-03-02T07:00:00.123456Z",
    "notificationChannel": "EmailPreferred",
    "ignoreReservation": False,
    "resourceId": "urn:altinn:resource:app",
    "resourceAction": "read",
    "conditionEndpoint": "https://example.com/condition",
    "recipients": [{"emailAddress": "recipient@example.com"}],
}
FULL = """\
{
  "id": "0b8f7d0e-52c1-4a1e-9f57-2a7c6c1d9b34",
  "sendersReference": "faktura/ærlig-17",
  "requestedSendTime": "2031-03-02T07:00:00.123456Z",
  "creator": "ttd",
  "created": "2031-03-01T12:30:00Z",
  "notificationChannel": "EmailPreferred",
  "ignoreReservation": false,
  "resourceId": "urn:altinn:resource:app",
  "resourceAction": "read",
  "processingStatus": {
    "status": "Cancelled",
    "description": "Order processing was stopped due to order being cancelled.",
    "lastUpdate": "2031-03-01T12:41:55.90312Z"
  },
  "conditionEndpoint": "https://example.com/condition"
}"""


def test_a_full_order_is_answered_byte_for_byte(api: Client) -> None:
    api.mock.clock.freeze(NOW)
    order_id = api.mock.orders.create(**MEMBERS)["id"]  # type: ignore[arg-type] # any text, as of a row
    api.mock.clock.advance(timedelta(minutes=11, seconds=55, microseconds=903120))

    answer = api.cancel(order_id)

    assert (answer.status_code, answer.text) == (200, FULL)
    assert answer.headers["content-type"] == "application/json; charset=utf-8"


def test_what_an_order_does_not_have_is_left_out(api: Client) -> None:
    order_id = api.mock.orders.create(sendersReference=" \t", recipients=[])["id"]

    assert list(api.cancel(order_id).json()) == [
        *("id", "requestedSendTime", "creator", "created"),
        *("notificationChannel", "processingStatus"),
    ]
