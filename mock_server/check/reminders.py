"""Reminders: orders of their own, cancelled each by itself and in its own time."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from mock_server.check.agreement import same
from mock_server.check.exchanges import Answer
from mock_server.check.made_chains import REMINDED_AFTER, Chain, creates, make, reminder
from mock_server.check.made_orders import Orders
from mock_server.check.modern_operations import CHAIN, COMPOSED, SHIPMENT
from mock_server.check.probe import Probe
from mock_server.check.shipments import OWN, cancel, tells_if
from mock_server.check.timing import CONDITION, WINDOW
from mock_server.formats.timestamps import format_timestamp

_PAIRS = ((1, 0), (0, 1), (1, 2), (2, 0))
"""Places in a chain of two reminders: which is cancelled first, and which after it."""


def independent(probe: Probe, orders: Orders) -> Iterator[None]:
    """Cancel one order of a chain after another: each leaves the others as they were."""
    made = list[tuple[Chain, tuple[int, int]]]()
    for pair in _PAIRS if CHAIN in creates(probe) else ():
        reference = orders.reference()
        reminders = [
            reminder(f"{reference}-{number}", delayDays=number * REMINDED_AFTER)
            for number in (1, 2)
        ]
        chain = make(probe, orders, reminders=reminders)
        if chain is not None:
            made.append((chain, pair))
    yield
    for chain, (first, second) in made:
        if cancel_alone(probe, chain, first) is not None:
            probe.aim("cancelOrder", 200, "cancelled already", order_id=chain.ids[first])
            cancel_alone(probe, chain, second)


def cancel_alone(probe: Probe, chain: Chain, place: int) -> Answer | None:
    """Cancel the order at *place* of *chain*; return the answer if that alone is changed by it."""
    others = [one for one in chain.ids if one != chain.ids[place]]
    reads = [name for name in ("getOrderStatus", "getOrder", SHIPMENT) if probe.knows(name)]
    asked = [(name, one) for one in others for name in reads]
    before = [probe.aim(name, 200, OWN, order_id=one) for name, one in asked]
    answer = cancel(probe, chain.ids[place], kind_at(place))
    if answer is None:
        return None
    after = [probe.aim(name, 200, OWN, order_id=one) for name, one in asked]
    expected = "cancel of one order of a chain leaves the others as they were"
    same(probe, "isolation", expected, before, after, since=(answer,))
    is_left = [one.json for one in before] == [one.json for one in after]
    return answer if is_left else None


def kind_at(place: int) -> str:
    """Return the type of the order at *place* in a chain."""
    return "Reminder" if place else "Notification"


def window(probe: Probe, orders: Orders) -> None:
    """Cancel a reminder on both sides of five minutes before its own send time."""
    if CHAIN not in creates(probe):
        return
    if probe.control is None:
        _window_without_clock(probe, orders)
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
    _window_of_composed(probe, orders)


def _window_of_composed(probe: Probe, orders: Orders) -> None:
    for left, status in ((WINDOW, 409), (WINDOW + timedelta(milliseconds=1), 200)):
        if COMPOSED in creates(probe):
            chain = make(probe, orders, COMPOSED, send_in=timedelta(hours=1))
            if chain is not None:
                probe.advance(timedelta(hours=1) - left)
                because = f"the send time of the e-mail is {left.total_seconds()} s ahead"
                how: dict[str, Any] = {"check": "window", "order_id": chain.main}
                probe.aim("cancelOrder", status, because, **how)


def _window_without_clock(probe: Probe, orders: Orders) -> None:
    """
    Cancel half a minute on either side of the bound, as far apart as two machines' clocks may be.

    Nothing is sent of what is cancelled too late: its condition says no, and its address leads
    nowhere.
    """
    unmet: dict[str, Any] = {"conditionEndpoint": f"{probe.base_url}{CONDITION}"}
    late = timedelta(minutes=4.5)
    for ahead, status in ((late, 409), (timedelta(minutes=5.5), 200)):
        time = format_timestamp(orders.at(ahead))
        soon = reminder(orders.reference(), requestedSendTime=time, **unmet)
        because = "a reminder has a time of its own"
        _cancel_at(probe, make(probe, orders, because=because, reminders=[soon]), -1, ahead, status)
        if COMPOSED in creates(probe):
            composed = make(probe, orders, COMPOSED, send_in=ahead, **unmet)
            _cancel_at(probe, composed, 0, ahead, status)
    chain = make(probe, orders, send_in=late, **unmet)
    _cancel_at(probe, chain, 0, late, 409)
    _cancel_at(probe, chain, -1, late + timedelta(days=REMINDED_AFTER), 200)


def _cancel_at(
    probe: Probe, chain: Chain | None, place: int, ahead: timedelta, status: int
) -> None:
    """Cancel the order at *place* of *chain*, whose own send time is so far *ahead*."""
    if chain is not None:
        because = f"its own send time is {ahead.total_seconds() / 60:g} minutes ahead"
        how: dict[str, Any] = {"check": "window", "order_id": chain.ids[place]}
        probe.aim("cancelOrder", status, because, **how)
