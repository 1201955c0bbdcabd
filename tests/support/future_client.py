"""A client of the modern creates."""

from typing import Any

import httpx

from tests.conftest import Client
from tests.support.future_bodies import BASES, Change, a_body

CREATE = "altinn:serviceowner/notifications.create"
COMPOSED = "altinn:serviceowner/notifications.composedemail.create"
LATER = "2031-04-01T07:00:00Z"
AT_ONCE = ("IO", "IS", "IM")
FIVE = ("FO", *AT_ONCE, "CE")
"""The bases of the five creates."""


def send(
    api: Client, base: str, *changes: Change, creator: str = "ttd", scope: str = "", **more: Any
) -> httpx.Response:
    """Post the body of *base* with *changes* made, as *creator*, with both scopes if none given."""
    body = a_body(base)
    for change in changes:
        change(body)
    return post(api, base, body, creator=creator, scope=scope, **more)


def post(
    api: Client, base: str, body: object, *, creator: str = "ttd", scope: str = "", **more: Any
) -> httpx.Response:
    """Post *body* to the operation of *base*."""
    token = api.mock.token(org=creator, scope=scope or f"{CREATE} {COMPOSED}")
    headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
    return api.call("POST", BASES[base][0], json=body, headers=headers, **more)


def shipment_of(answer: httpx.Response) -> str:
    """Return the id of the main order that was made."""
    assert answer.status_code in {200, 201}, answer.text
    shipment: str = answer.json()["notification"]["shipmentId"]
    return shipment


def reminders_of(answer: httpx.Response) -> list[str]:
    """Return the ids of the reminders that were made."""
    return [each["shipmentId"] for each in answer.json()["notification"].get("reminders", [])]


def order(api: Client, shipment: str) -> dict[str, Any]:
    """Return the order as the older API shows it."""
    found: dict[str, Any] = api.call("GET", f"/orders/{shipment}").json()
    return found
