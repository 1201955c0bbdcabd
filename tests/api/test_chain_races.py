"""Chains created and cancelled by many clients while time is moved: each ends as it was told."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from mock_server import MockServer
from tests.conftest import Client

CLIENTS = 16
TEXT = {"subject": "S", "body": "B"}
RECIPIENT = {
    "recipientEmail": {"emailAddress": "kari@example.com", "emailSettings": TEXT},
}


def create_and_cancel(api: Client, number: int, token: str) -> list[tuple[str, int]]:
    """Make a chain of three and cancel some of it; return each id with what cancel answered."""
    headers = {"Authorization": f"Bearer {token}"}
    due = (api.mock.clock.now() + timedelta(minutes=30)).isoformat()
    body = {
        "idempotencyId": uuid4().hex,
        "requestedSendTime": due,
        "recipient": RECIPIENT,
        "reminders": [{"delayDays": days, "recipient": RECIPIENT} for days in (1, 2)],
    }
    answer = api.call("POST", "/future/orders", json=body, headers=headers)
    if answer.status_code == 400:  # the clock went past the send time in between
        return []
    assert answer.status_code == 201
    made = answer.json()["notification"]
    ids = [made["shipmentId"], *(item["shipmentId"] for item in made["reminders"])]
    told = []
    for place, shipment_id in enumerate(ids):
        is_meant = (number + place) % 3 == 0
        status = api.cancel(shipment_id, headers=headers).status_code if is_meant else 0
        assert status in (0, 200, 409)
        told.append((shipment_id, status))
    return told


@pytest.mark.parametrize("chains", [160, pytest.param(1000, marks=pytest.mark.slow)])
def test_every_shipment_of_a_race_ends_as_its_answers_allow_and_the_feed_has_the_completed(
    server: MockServer, http: httpx.Client, chains: int
) -> None:
    api = Client(http, server.sandbox(uuid4().hex))
    token = api.mock.token(org="nav")

    def work(number: int) -> list[tuple[str, int]]:
        if number % 10 == 0:
            api.mock.clock.advance(timedelta(minutes=7))
        return create_and_cancel(api, number, token)

    with ThreadPoolExecutor(CLIENTS) as pool:
        told = dict(item for made in pool.map(work, range(chains)) for item in made)
    api.mock.clock.advance(timedelta(days=4))

    completed = {entry["shipmentId"] for entry in whole_feed(api, token)}
    cancelled = {shipment_id for shipment_id, status in told.items() if status == 200}
    assert cancelled
    assert completed == told.keys() - cancelled
    headers = {"Authorization": f"Bearer {token}"}
    for shipment_id in told:
        answer = api.call("GET", f"/future/shipment/{shipment_id}", headers=headers)
        ended = "Order_Cancelled" if shipment_id in cancelled else "Order_Completed"
        assert answer.json()["status"] == ended


def whole_feed(api: Client, token: str) -> Iterator[dict[str, Any]]:
    """Yield every entry, page by page; each must have a number above all before it."""
    last = 0
    while True:
        path = f"/future/shipment/feed?pageSize=50&seq={last}"
        page = api.call("GET", path, headers={"Authorization": f"Bearer {token}"}).json()
        if not page:
            return
        for entry in page:
            assert entry["sequenceNumber"] > last
            last = entry["sequenceNumber"]
            yield entry
