"""Orders of the modern API that a check makes: harmless bodies, and their receipts."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from mock_server.check.agreement import is_link
from mock_server.check.credentials import Credential
from mock_server.check.exchanges import Answer, member, objects
from mock_server.check.made_orders import FAR, Orders
from mock_server.check.modern_operations import AT_ONCE, CHAIN, COMPOSED, CREATES, shipment_ids
from mock_server.check.probe import Probe
from mock_server.formats.timestamps import format_timestamp

JSON = {"Content-Type": "application/json"}
REMINDED_AFTER = 7
"""Days between the send times of an order and of its reminder."""

_SMS = {"body": "Check of the contract"}
_EMAIL = {"subject": "Check", "body": "Check of the contract"}
_NUMBER = "+4799999999"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Orders that one create made: their *ids*, the main one's first, and the body *sent*."""

    ids: tuple[str, ...]
    operation_id: str
    sent: Mapping[str, Any]
    answer: Answer

    @property
    def key(self) -> str:
        """The idempotencyId that it was made with."""
        return str(self.sent["idempotencyId"])

    @property
    def main(self) -> str:
        """The id of the order itself."""
        return self.ids[0]

    @property
    def reminder(self) -> str:
        """The id of the last reminder; that of the order itself where there is none."""
        return self.ids[-1]


def creates(probe: Probe) -> list[str]:
    """Return the creates of the modern API that can be judged with the credentials there are."""
    return [name for name in CREATES if probe.may_ask(name) and _is_allowed(probe, name)]


def body_of(
    probe: Probe, orders: Orders, operation_id: str, *, send_in: timedelta = FAR, **members: Any
) -> dict[str, Any]:
    """Return a valid body of *operation_id*, with *members* in place of its own; None: without."""
    reference = orders.reference()
    by_email = {"emailAddress": f"{reference}@example.invalid", "emailSettings": _EMAIL}
    body: dict[str, Any] = {"idempotencyId": reference, "sendersReference": reference}
    if operation_id in AT_ONCE:
        body |= _instant(operation_id, probe.receiver, by_email)
    else:
        body["requestedSendTime"] = format_timestamp(orders.at(send_in))
        is_composed = operation_id == COMPOSED
        body["recipient"] = by_email if is_composed else {"recipientEmail": by_email}
    if operation_id == CHAIN:
        body["reminders"] = [reminder(reference, delayDays=REMINDED_AFTER)]
    body |= members
    return {name: value for name, value in body.items() if value is not None}


def harmless(probe: Probe, orders: Orders, operation_id: str) -> dict[str, Any]:
    """Return a valid body, or an empty one of what may not be sent, whatever the server does."""
    return body_of(probe, orders, operation_id) if probe.may_ask(operation_id) else {}


def reminder(reference: str, **members: Any) -> dict[str, Any]:
    """Return a reminder of the order with *reference*, at the time that *members* give."""
    address = f"r-{reference}@example.invalid"
    by_email = {"emailAddress": address, "emailSettings": _EMAIL}
    return {
        "sendersReference": f"{reference}-again",
        "recipient": {"recipientEmail": by_email},
        **members,
    }


def make(
    probe: Probe,
    orders: Orders,
    operation_id: str = CHAIN,
    because: str = "the idempotencyId is new",
    *,
    by: Credential | None = None,
    send_in: timedelta = FAR,
    **members: Any,
) -> Chain | None:
    """Create by *operation_id*; None where that fails, which is a finding."""
    sent = body_of(probe, orders, operation_id, send_in=send_in, **members)
    answer = send(probe, operation_id, 201, because, sent, by=by)
    if answer.status != 201:
        return None
    ids = tuple(shipment_ids(answer.document))
    if not _holds_receipt(probe, answer, sent, ids):
        return None
    return Chain(ids=ids, operation_id=operation_id, sent=sent, answer=answer)


def _holds_receipt(
    probe: Probe, answer: Answer, sent: Mapping[str, Any], ids: tuple[str, ...]
) -> bool:
    """Hold that a receipt tells of all that was *sent*; return whether *ids* are fine."""
    name = str(answer.at("notificationOrderId"))
    location = answer.header("Location") or "none"
    holds = is_link(probe, location, f"/orders/chain/{name}")
    expected, got = "Location is the address of the whole", location.replace(name, "<id>")
    probe.hold("links", answer, expected, got=got, holds=holds)
    receipt = answer.at("notification")
    told = [member(receipt, "sendersReference"), *_references(member(receipt, "reminders"))]
    wanted = [sent.get("sendersReference"), *_references(sent.get("reminders"))]
    expected, got = "the receipt tells each reference as sent, in order", "others"
    probe.hold("consistency", answer, expected, got=got, holds=told == wanted)
    distinct = {*ids} - {name}
    got = f"{len(distinct)} of them"
    expected = "a shipmentId for the order and for each of its reminders, none of them the whole's"
    holds = len(distinct) == len(ids) == len(wanted)
    return probe.hold("consistency", answer, expected, got=got, holds=holds)


def _references(reminders: Any) -> list[Any]:
    return [one.get("sendersReference") for one in objects(reminders)]


def send(
    probe: Probe,
    operation_id: str,
    status: int | Collection[int],
    because: str,
    body: object,
    **how: Any,
) -> Answer:
    """Send *body* as JSON, and expect *status*, or one of them."""
    content = json.dumps(body).encode()
    return probe.aim(operation_id, status, because, body=content, headers=JSON, **how)


def _instant(
    operation_id: str, receiver: str | None, by_email: Mapping[str, Any]
) -> dict[str, Any]:
    if AT_ONCE[operation_id]:
        address = receiver or by_email["emailAddress"]
        return {"recipientEmail": {**by_email, "emailAddress": address}}
    number = receiver or _NUMBER
    by_sms = {"phoneNumber": number, "timeToLiveInSeconds": 3600, "smsSettings": _SMS}
    if operation_id == "createInstantOrder":
        return {"recipient": {"recipientSms": by_sms}}
    return {"recipientSms": by_sms}


def _is_allowed(probe: Probe, operation_id: str) -> bool:
    return operation_id != COMPOSED or probe.credentials.composed is not None
