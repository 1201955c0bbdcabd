"""Orders that live by triggers alone, and shipments and feed as a client reads them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.conftest import Client

NOON = datetime(2025, 8, 25, 10, tzinfo=UTC)
"""Noon in Oslo, of a Monday in summer."""

EMAIL: dict[str, Any] = {"recipients": [{"emailAddress": "kari@example.com"}]}
SMS: dict[str, Any] = {
    "recipients": [{"mobileNumber": "+4799999999"}],
    "notificationChannel": "Sms",
}


def make(api: Client, due: datetime | None = None, **members: Any) -> str:
    """Return the id of an order that is due now, or *due* then."""
    sent = (due or api.mock.clock.now()).isoformat()
    order_id: str = api.mock.orders.create(requestedSendTime=sent, **members)["id"]
    return order_id


def trigger(api: Client, *names: str) -> None:
    """Call triggers, one after the other."""
    for name in names:
        answer = api.call("POST", f"/trigger/{name}", token=None)
        assert (answer.status_code, answer.content) == (200, b"")


def ship(api: Client, order_id: str) -> dict[str, Any]:
    """Return a shipment."""
    answer = api.call("GET", f"/future/shipment/{order_id}")
    assert answer.status_code == 200
    shipment: dict[str, Any] = answer.json()
    return shipment


def seen(api: Client, order_id: str) -> list[str]:
    """Return the status of a shipment, then those of its recipients."""
    shipment = ship(api, order_id)
    return [shipment["status"], *(item["status"] for item in shipment["recipients"])]


def feed(api: Client) -> list[dict[str, Any]]:
    """Return the feed of ttd, once all of it shows."""
    api.mock.clock.advance(timedelta(seconds=3))
    entries: list[dict[str, Any]] = api.call("GET", "/future/shipment/feed").json()
    return entries


def report(api: Client, order_id: str, result: str, place: int = 0) -> None:
    """Report the result of one message, as its carrier."""
    notification = api.mock.orders.get(order_id)["notifications"][place]["id"]
    path = f"/orders/{order_id}/notifications/{notification}"
    answer = api.control("PUT", path, json={"result": result, "as": "report"})
    assert answer.status_code == 200


def accepted(api: Client, **members: Any) -> str:
    """Return the id of an order whose messages are accepted."""
    order_id = make(api, **members)
    sends = "sendsms" if members.get("notificationChannel") == "Sms" else "sendemail"
    trigger(api, "pastdueorders", sends, sends)
    return order_id


def deliver(api: Client) -> None:
    """Call the triggers that take due e-mail all the way."""
    trigger(api, "pastdueorders", "sendemail", "sendemail", "sendemail")


def set_register(api: Client, *, down: bool = False, **lists: Any) -> None:
    """Replace the register by one with *lists* of entries, which may be down."""
    register = {**api.control("GET", "/register").json(), **lists, "down": down}
    assert api.control("PUT", "/register", json=register).status_code in (200, 204)
