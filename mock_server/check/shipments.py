"""Shipments of the modern API: told as the status tells them, cancelled each by itself."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from mock_server.check.agreement import has_none, same
from mock_server.check.chains import has_code
from mock_server.check.exchanges import Answer
from mock_server.check.lifecycle import is_cancelled
from mock_server.check.made_chains import REMINDED_AFTER, Chain, creates, make
from mock_server.check.made_orders import Orders
from mock_server.check.modern_operations import AT_ONCE, CHAIN, COMPOSED, SHIPMENT
from mock_server.check.probe import NO_ORDER, Probe
from mock_server.check.situations import FAR_AHEAD
from mock_server.check.timing import WINDOW

_TYPES = {CHAIN: "Notification", COMPOSED: "Composed"}
_OWN = "the order is the caller's own"


def told_alike(probe: Probe, orders: Orders) -> None:
    """Read orders of every kind: the shipment tells what the status of the order does."""
    for name in creates(probe) if probe.knows(SHIPMENT) else ():
        chain = make(probe, orders, name)
        for place, one in enumerate(chain.ids if chain is not None else ()):
            kind = "Reminder" if place else _TYPES.get(name, "Instant")
            told = tells(probe, one, None if name in AT_ONCE else "Registered", kind)
            if told.status == 200 and not place and chain is not None:
                got = str(told.at("sendersReference"))
                holds = got == chain.sent["sendersReference"]
                expected = "the sendersReference of the order"
                probe.hold("consistency", told, expected, got="another", holds=holds)


def tells(
    probe: Probe, order_id: str, status: str | None, kind: str, like: Answer | None = None
) -> Answer:
    """
    Hold that the shipment *order_id* tells the same as its status: *status*, unless None.

    That is what the answer *like* of its cancel told, if there is one.
    """
    order = probe.aim("getOrderStatus", 200, _OWN, order_id=order_id)
    if like is not None:
        same(probe, "lifecycle", "the status tells what cancel told", [like], [order])
        order = like
    told = probe.aim(SHIPMENT, 200, _OWN, order_id=order_id)
    if told.status != 200 or order.status != 200:
        return told
    wanted = {
        "shipmentId": order_id,
        "type": kind,
        "status": f"Order_{status or order.at('processingStatus', 'status')}",
        "lastUpdate": order.at("processingStatus", "lastUpdate"),
    }
    if status is None:  # Processed is told as Completed by the older status
        del wanted["status"]
    wrong = [name for name, value in wanted.items() if told.at(name) != value]
    expected, got = "the shipment tells what the status does", f"another {', '.join(wrong)}"
    seen = "; ".join(f"{name} is {told.at(name)}, not {wanted[name]}" for name in wrong)
    probe.hold("consistency", told, expected, got=got, holds=not wrong, also=order, seen=seen)
    if status in {"Registered", "Cancelled"}:
        expected, got = "no recipients of an order that is not sent", "some"
        holds = told.at("recipients") == []
        probe.hold("never-sent", told, expected, got=got, holds=holds)
    return told


def independent(probe: Probe, orders: Orders) -> Iterator[None]:
    """Cancel an order, a reminder, and the order before it: each leaves the others as they were."""
    made = orders.make() if probe.knows(SHIPMENT) else None
    if made is not None:
        tells(probe, made.id, "Registered", "Notification")
    chains = [make(probe, orders) for _ in range(2)] if CHAIN in creates(probe) else []
    yield
    if made is not None:
        cancel(probe, made.id, "Notification")
    for chain, is_main_first in zip(chains, (False, True), strict=False):
        if chain is None:
            continue
        first, second = chain.ids if is_main_first else reversed(chain.ids)
        if cancel_alone(probe, chain, first, second) is not None:
            probe.aim("cancelOrder", 200, "cancelled already", order_id=first)
            cancel(probe, second, _kind(chain, second))


def cancel(
    probe: Probe, order_id: str, kind: str, because: str = "the order is far ahead", **how: Any
) -> Answer | None:
    """Cancel an order that has lain, and hold what its shipment tells; None where that fails."""
    before = probe.aim("getOrderStatus", 200, _OWN, order_id=order_id)
    how |= {"order_id": order_id, "situation": FAR_AHEAD}
    answer = probe.aim("cancelOrder", 200, because, **how)
    if answer.status != 200:
        return None
    is_cancelled(probe, before, answer, has_lain=True)
    tells_if(probe, order_id, "Cancelled", kind, answer)
    return answer


def cancel_alone(probe: Probe, chain: Chain, first: str, second: str) -> Answer | None:
    """Cancel the order *first* of *chain*; return the answer if that alone is cancelled by it."""
    before = [probe.aim(name, 200, _OWN, order_id=second) for name in _reads(probe)]
    answer = cancel(probe, first, _kind(chain, first))
    if answer is None:
        return None
    after = [probe.aim(name, 200, _OWN, order_id=second) for name in _reads(probe)]
    expected = "cancel of one order of a chain leaves the others as they were"
    same(probe, "isolation", expected, before, after, since=(answer,))
    is_left = before[0].at("processingStatus") == after[0].at("processingStatus")
    return answer if is_left else None


def _kind(chain: Chain, order_id: str) -> str:
    return "Notification" if order_id == chain.main else "Reminder"


def tells_if(
    probe: Probe, order_id: str, status: str, kind: str, like: Answer | None = None
) -> None:
    """Hold as `tells`, where the contract has shipments."""
    if probe.knows(SHIPMENT):
        tells(probe, order_id, status, kind, like)


def _reads(probe: Probe) -> list[str]:
    return [name for name in ("getOrderStatus", "getOrder", SHIPMENT) if probe.knows(name)]


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
    for one in chain.ids if probe.credentials.other is not None else ():
        because = "the order is another organisation's"
        how: dict[str, Any] = {"by": probe.credentials.other, "order_id": one, "check": "security"}
        has_code(probe, probe.aim(SHIPMENT, 404, because, **how), 404, "NOT-00003")
        probe.aim("cancelOrder", 404, because, **how)


def window(probe: Probe, orders: Orders) -> None:
    """Cancel a reminder on both sides of five minutes before its own send time."""
    if probe.control is None or CHAIN not in creates(probe):
        return
    for left, status in ((WINDOW, 409), (WINDOW + timedelta(milliseconds=1), 200)):
        chain = make(probe, orders, send_in=timedelta(hours=1))
        if chain is None:
            return
        probe.advance(timedelta(minutes=56))
        because = "the order itself is four minutes ahead"
        probe.aim("cancelOrder", 409, because, check="window", order_id=chain.main)
        probe.advance(timedelta(minutes=4, days=REMINDED_AFTER) - left)
        because = f"the send time of the reminder is {left.total_seconds()} s ahead"
        if status == 200:
            cancel(probe, chain.reminder, "Reminder", because, check="window")
            continue
        how: dict[str, Any] = {"check": "window", "order_id": chain.reminder}
        if probe.aim("cancelOrder", status, because, **how).status == status:
            tells_if(probe, chain.reminder, "Registered", "Reminder")


def stays_unsent(probe: Probe, chain: Chain, cancelled: Answer) -> None:
    """Hold that the reminder of *chain* was not sent, long after its time: it is *cancelled*."""
    tells_if(probe, chain.reminder, "Cancelled", "Reminder", cancelled)
    has_none(probe, probe.aim("getEmailNotifications", 200, _OWN, order_id=chain.reminder))
