"""Shipments of the modern API: told as they were sent, and as the status tells them."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from mock_server.check.agreement import has_none, same
from mock_server.check.chains import has_code
from mock_server.check.exchanges import Answer, member
from mock_server.check.lifecycle import is_cancelled
from mock_server.check.made_chains import Chain, creates, make
from mock_server.check.made_orders import KINDS, Orders
from mock_server.check.modern_operations import AT_ONCE, CHAIN, COMPOSED, SHIPMENT
from mock_server.check.probe import NO_ORDER, Probe
from mock_server.check.situations import FAR_AHEAD
from mock_server.formats.timestamps import parse_timestamp

_TYPES = {CHAIN: "Notification", COMPOSED: "Composed"}
_MESSAGES = (
    ("Email", "getEmailNotifications", "emailAddress"),
    ("SMS", "getSmsNotifications", "mobileNumber"),
)
RENAMED: Mapping[str, str] = {
    "Failed_SupressedRecipient": "Failed_SuppressedRecipient",
    "Failed_InvalidEmailFormat": "Failed_InvalidFormat",
}
"""What shipments spell otherwise than the older notifications."""

_TIMED_OUT = "Failed_TTL"
"""What the older notifications tell as Failed."""

OWN = "the order is the caller's own"


def told_alike(probe: Probe, orders: Orders) -> None:
    """Read orders of every kind: the shipment and the status of the order agree."""
    for name in creates(probe) if probe.knows(SHIPMENT) else ():
        bare: dict[str, Any] = {"sendersReference": None}
        for members in ({}, bare) if name == CHAIN else ({},):
            chain = make(probe, orders, name, **members)
            if chain is not None and name in AT_ONCE:
                _told_at_once(probe, chain)
            elif chain is not None:
                for place, _ in enumerate(chain.ids):
                    _told_as_sent(probe, chain, place)


def older(probe: Probe, orders: Orders) -> Iterator[None]:
    """Read and cancel orders that the older creates make: they are shipments as well."""
    kinds = list(filter(probe.knows, KINDS)) if probe.knows(SHIPMENT) else []
    found = [made for made in map(orders.make, kinds) if made is not None]
    for made in found:
        _is_by(probe, tells(probe, made.id, "Registered", "Notification"), made.reference)
    yield
    for made in found:
        cancel(probe, made.id, "Notification")


def _told_at_once(probe: Probe, chain: Chain) -> None:
    """Hold that a message that is sent at once is told as such, and cannot be cancelled."""
    status = None if probe.control is None else "Processed"
    told = tells(probe, chain.main, status, "Instant")
    _is_by(probe, told, chain.sent["sendersReference"])
    prefix, sent = address_of(chain.sent)
    found = told.objects("recipients")
    got = [(one.get("type"), one.get("destination")) for one in found]
    expected = "one recipient, of the kind and with the address that was sent"
    holds = got == [(prefix, sent)]
    probe.hold("consistency", told, expected, got=f"{len(got)} or another", holds=holds)
    if status is not None:
        statuses = [one.get("status") for one in found]
        expected, got_one = "a message that is being sent", str(statuses)
        holds = statuses == [f"{prefix}_Sending"]
        probe.hold("consistency", told, expected, got=got_one, holds=holds)
    probe.aim("cancelOrder", 409, "it is sent already", order_id=chain.main)
    tells(probe, chain.main, status, "Instant")


def address_of(sent: Mapping[str, Any]) -> tuple[str, str]:
    """Return the kind of the recipient that was *sent*, and its address."""
    outer = sent.get("recipient", sent)
    by_sms = member(outer, "recipientSms", "phoneNumber")
    if by_sms is not None:
        return "SMS", str(by_sms)
    by_email = member(outer, "recipientEmail", "emailAddress") or member(outer, "emailAddress")
    return "Email", str(by_email)


def _told_as_sent(probe: Probe, chain: Chain, place: int) -> None:
    """Hold that one order of *chain*, its main one or a reminder, is told as it was sent."""
    sent = chain.sent["reminders"][place - 1] if place else chain.sent
    kind = "Reminder" if place else _TYPES[chain.operation_id]
    order_id = chain.ids[place]
    _is_by(probe, tells(probe, order_id, "Registered", kind), sent.get("sendersReference"))
    order = probe.aim("getOrder", 200, OWN, order_id=order_id)
    if order.status != 200:
        return
    wanted = parse_timestamp(chain.sent["requestedSendTime"])
    wanted += timedelta(days=sent.get("delayDays", 0))
    expected, got = "the send time of the order itself", "another"
    probe.hold("consistency", order, expected, got=got, holds=_is_at(order, wanted))
    _, address = address_of(sent)
    holds = order.at("recipients") == [{"emailAddress": address}]
    expected, got = "the recipient of the order itself", "another"
    probe.hold("consistency", order, expected, got=got, holds=holds)


def _is_at(order: Answer, wanted: object) -> bool:
    try:
        return parse_timestamp(str(order.at("requestedSendTime"))) == wanted
    except ValueError:
        return False


def _is_by(probe: Probe, told: Answer, reference: str | None) -> None:
    if told.status == 200:
        holds = told.at("sendersReference") == reference
        expected = "the sendersReference of the order, or none where it has none"
        probe.hold("consistency", told, expected, got="another", holds=holds)


def tells(
    probe: Probe, order_id: str, status: str | None, kind: str, like: Answer | None = None
) -> Answer:
    """
    Hold that the shipment *order_id* tells the same as its status: *status*, unless None.

    That is what the answer *like* of its cancel told, if there is one.
    """
    order = probe.aim("getOrderStatus", 200, OWN, order_id=order_id)
    if like is not None:
        same(probe, "lifecycle", "the status tells what cancel told", [like], [order])
        order = like
    told = probe.aim(SHIPMENT, 200, OWN, order_id=order_id)
    if told.status != 200 or order.status != 200:
        return told
    wanted = {
        "shipmentId": order_id,
        "type": kind,
        "status": f"Order_{status}",
        "lastUpdate": order.at("processingStatus", "lastUpdate"),
    }
    if status is None:
        del wanted["status"]
    wrong = [name for name, value in wanted.items() if told.at(name) != value]
    expected, got = "the shipment tells what the status does", f"another {', '.join(wrong)}"
    seen = "; ".join(f"{name} is {told.at(name)}, not {wanted[name]}" for name in wrong)
    probe.hold("consistency", told, expected, got=got, holds=not wrong, also=order, seen=seen)
    # The older status tells of two as Completed.
    older_status = "Completed" if status == "Processed" else status
    if status is not None and told.at("status") == wanted["status"]:
        got = str(order.at("processingStatus", "status"))
        expected, holds = "the status tells what the shipment does", got == older_status
        probe.hold("consistency", order, expected, got=got, holds=holds, also=told)
    if status in {"Registered", "Cancelled"}:
        expected, got = "no recipients of an order that is not sent", "some"
        holds = told.at("recipients") == []
        probe.hold("never-sent", told, expected, got=got, holds=holds)
    return told


def tells_if(
    probe: Probe, order_id: str, status: str, kind: str, like: Answer | None = None
) -> None:
    """Hold as `tells`, where the contract has shipments."""
    if probe.knows(SHIPMENT):
        tells(probe, order_id, status, kind, like)


def cancel(
    probe: Probe, order_id: str, kind: str, because: str = "the order is far ahead", **how: Any
) -> Answer | None:
    """Cancel an order that has lain, and judge its shipment; None where that fails."""
    before = probe.aim("getOrderStatus", 200, OWN, order_id=order_id)
    how |= {"order_id": order_id, "situation": FAR_AHEAD}
    answer = probe.aim("cancelOrder", 200, because, **how)
    if answer.status != 200:
        return None
    is_cancelled(probe, before, answer, has_lain=True)
    tells_if(probe, order_id, "Cancelled", kind, answer)
    return answer


def as_messages(probe: Probe, shipment: Answer, order_id: str) -> None:
    """Hold that a shipment and the older notifications tell the same messages."""
    for kind, name, address in _MESSAGES:
        messages = probe.aim(name, 200, OWN, order_id=order_id)
        if messages.status != 200:
            continue
        wanted = sorted(
            (str(member(one, "recipient", address)), _in_shipment(member(one, "sendStatus")))
            for one in messages.objects("notifications")
        )
        found = [one for one in shipment.objects("recipients") if kind_of(one) == kind]
        told = sorted((str(one.get("destination")), _as_older(end_of(one))) for one in found)
        expected, got = "the messages that the older notifications tell", "others"
        holds = told == wanted
        probe.hold("consistency", shipment, expected, got=got, holds=holds, also=messages)


def _in_shipment(status: Any) -> str:
    """Return the end of a message as shipments spell it, from an older *status*."""
    told = str(member(status, "status"))
    return RENAMED.get(told, told)


def _as_older(end: str) -> str:
    return "Failed" if end == _TIMED_OUT else end


def kind_of(recipient: Mapping[str, Any]) -> str:
    """Return the kind of a *recipient* of a shipment, `Email` or `SMS`."""
    return str(recipient.get("type"))


def end_of(recipient: Mapping[str, Any]) -> str:
    """Return the status of a *recipient* without its kind, if it begins with that."""
    return str(recipient.get("status")).removeprefix(f"{kind_of(recipient)}_")


def spellings(probe: Probe, orders: Orders) -> None:
    """Read a shipment by other spellings of its id."""
    chain = make(probe, orders) if probe.knows(SHIPMENT) and CHAIN in creates(probe) else None
    for text in _spelled(chain.reminder) if chain is not None else ():
        answer = probe.aim(SHIPMENT, 200, "an id in another spelling", order_id=text)
        if answer.status == 200 and chain is not None:
            got = str(answer.at("shipmentId"))
            expected = "the order that was asked for, its id in lower case with hyphens"
            probe.hold("consistency", answer, expected, got=got, holds=got == chain.reminder)


def _spelled(order_id: str) -> Iterator[str]:
    yield order_id.upper()
    yield order_id.replace("-", "")
    yield f"{{{order_id}}}"


def not_found(probe: Probe, orders: Orders) -> None:
    """Ask for shipments that do not exist, or not for the caller."""
    if not probe.knows(SHIPMENT):
        return
    answer = probe.aim(SHIPMENT, 404, "no order has this id", order_id=NO_ORDER)
    has_code(probe, answer, 404, "NOT-00003")
    probe.aim(SHIPMENT, 404, "'not-a-guid' is no GUID", order_id="not-a-guid")
    chain = make(probe, orders) if CHAIN in creates(probe) else None
    if chain is None:
        return
    name = str(chain.answer.at("notificationOrderId"))
    answer = probe.aim(SHIPMENT, 404, "the id is that of a chain", order_id=name)
    has_code(probe, answer, 404, "NOT-00003")
    for operation_id in ("cancelOrder", "getOrder", "getOrderStatus"):
        probe.aim(operation_id, 404, "the id is that of a chain", order_id=name)
    for one in chain.ids if probe.credentials.other is not None else ():
        because = "the order is another organisation's"
        how: dict[str, Any] = {"by": probe.credentials.other, "order_id": one, "check": "security"}
        has_code(probe, probe.aim(SHIPMENT, 404, because, **how), 404, "NOT-00003")
        for operation_id in ("getOrder", "getOrderStatus", "cancelOrder"):
            probe.aim(operation_id, 404, because, **how)
    for place, one in enumerate(chain.ids):
        tells(probe, one, "Registered", "Reminder" if place else "Notification")


def stays_unsent(probe: Probe, order_id: str, kind: str, cancelled: Answer) -> None:
    """Hold that an order was not sent, long after its time, as the answer *cancelled* told."""
    tells_if(probe, order_id, "Cancelled", kind, cancelled)
    has_none(probe, probe.aim("getEmailNotifications", 200, OWN, order_id=order_id))
