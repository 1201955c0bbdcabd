"""Rules about time: the window before the send time, begun processing, and sending."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from mock_server.check.agreement import has_none, same
from mock_server.check.credentials import NOBODY
from mock_server.check.exchanges import Answer, Request, member
from mock_server.check.lifecycle import is_cancelled
from mock_server.check.made_orders import Made, Orders
from mock_server.check.probe import Probe
from mock_server.domain.orders import Status
from mock_server.domain.status_texts import STATUSES
from mock_server.formats.hosts import is_loopback
from mock_server.formats.timestamps import format_timestamp
from mock_server.settings import BASE_PATH
from mock_server.testing.remote import RemoteSandbox

WINDOW = timedelta(minutes=5)
"""How long before its send time an order cannot be cancelled any more (cancelOrder)."""

CONDITION = "/tests/sendcondition?conditionMet=false"
_MICROSECOND = timedelta(microseconds=1)
_OWN = "the order is the caller's own"
_TRIGGERS = ("triggerPastDueOrders", "triggerSendEmail", "triggerSendSms")


def window(probe: Probe, orders: Orders) -> None:
    """Cancel just before, at and just after five minutes ahead of the send time."""
    if probe.control is None:
        _window_without_clock(probe, orders)
        return
    for ahead, status in (
        (WINDOW - timedelta(minutes=1), 409),
        (WINDOW - timedelta(seconds=1), 409),
        (WINDOW, 409),
        (WINDOW + _MICROSECOND, 200),
        (WINDOW + timedelta(seconds=1), 200),
        (WINDOW + timedelta(minutes=1), 200),
        (timedelta(0), 409),
        (-timedelta(days=1), 409),
    ):
        order = _seed(probe, requestedSendTime=format_timestamp(probe.now() + ahead))
        because = f"the send time is {ahead.total_seconds():.6f} s ahead"
        if order is not None:
            _try(probe, order, status, because, "window")
    _window_over_the_api(probe, orders)


def _window_over_the_api(probe: Probe, orders: Orders) -> None:
    """Let time pass over the bound for an order that was created as clients do."""
    for left, status in ((WINDOW, 409), (WINDOW + timedelta(milliseconds=1), 200)):
        made = orders.make(send_in=timedelta(hours=1))
        if made is None:
            continue
        probe.advance(timedelta(hours=1) - left)
        because = f"{left.total_seconds()} s are left of the hour to its send time"
        _try(probe, made.id, status, because, "window")
    made = orders.make(send_in=-timedelta(minutes=4), because="it is not five minutes past")
    if made is not None:
        _try(probe, made.id, 409, "the send time is four minutes past", "window")
    made = orders.make(send_in=None, because="without a send time it is now")
    if made is not None:
        _try(probe, made.id, 409, "without a send time it is sent now", "window")


def _window_without_clock(probe: Probe, orders: Orders) -> None:
    """
    Cancel one e-mail order half a minute too late, and one half a minute before that.

    Two machines' clocks may be so far apart. Nothing is sent of the first: its condition says no,
    and its address leads nowhere.
    """
    apart = timedelta(seconds=30)
    late = _held_back(probe, orders, WINDOW - apart)
    if late is None:
        why = "an order 4.5 minutes ahead, with a condition that says no, was not accepted"
        probe.leave("cancelOrder", 409, why)
    else:
        _try(probe, late.id, 409, "the send time is 4.5 minutes ahead", "window")
    early = _held_back(probe, orders, WINDOW + apart)
    if early is not None:
        _try(probe, early.id, 200, "the send time is 5.5 minutes ahead", "window")


def _held_back(probe: Probe, orders: Orders, send_in: timedelta) -> Made | None:
    """Return an order whose condition says no; None where none is accepted."""
    bases = [probe.base_url]
    if is_loopback(urlsplit(probe.base_url).hostname or ""):
        # Conditions need a dotted host; this one exists nowhere, and a mock asks no host at all.
        bases.append(f"https://check.example.invalid{BASE_PATH}")
    for base in bases:
        made = orders.make(send_in=send_in, conditionEndpoint=base + CONDITION, may_be_refused=True)
        if made is not None:
            return made
    return None


def states(probe: Probe, _orders: Orders) -> None:
    """Cancel in every state, far ahead and long past its send time."""
    if probe.control is None:
        return
    for status in ("Processing", "Processed", "Completed", "SendConditionNotMet"):
        for ahead in (timedelta(days=200), -timedelta(days=1)):
            time = format_timestamp(probe.now() + ahead)
            order = _seed(probe, status=status, requestedSendTime=time)
            if order is not None:
                _is_described(probe, order, Status(status))
                _try(probe, order, 409, f"the order is {status}", "status")
                _stands_still(probe, order)
                because = f"no token comes before an order that is {status}"
                probe.aim("cancelOrder", 401, because, check="security", by=NOBODY, order_id=order)
    past = format_timestamp(probe.now() - timedelta(days=1))
    order = _seed(probe, status="Cancelled", requestedSendTime=past)
    if order is not None:
        _try(probe, order, 200, "the order is cancelled already, its send time past", "status")


def _is_described(probe: Probe, order_id: str, status: Status) -> None:
    """Hold that a status has the description of its own, also where two are told by one name."""
    answer = probe.aim("getOrderStatus", 200, _OWN, order_id=order_id)
    if answer.status == 200:
        expected = f"the description of an order that is {status.value}"
        got = str(answer.at("processingStatus", "description"))
        probe.hold("values", answer, expected, got=got, holds=got == STATUSES[status])


def _stands_still(probe: Probe, order_id: str) -> None:
    """Let a second pass over an order: while its status stays, `lastUpdate` does as well."""
    before = probe.aim("getOrderStatus", 200, _OWN, order_id=order_id)
    probe.advance(timedelta(seconds=1))
    after = probe.aim("getOrderStatus", 200, _OWN, order_id=order_id)
    if before.at("processingStatus", "status") == after.at("processingStatus", "status"):
        same(probe, "lifecycle", "a second alone changes nothing", [before], [after])


def never_sent(probe: Probe, orders: Orders) -> None:
    """Let a day pass over a cancelled order and one that is not: only the latter is sent."""
    if probe.control is None:
        return
    soon = timedelta(hours=2)
    addresses = [f"{orders.reference()}-{name}@example.invalid" for name in "ab"]
    recipients = [{"emailAddress": address} for address in addresses]
    kept, stopped = orders.make(send_in=soon, recipients=recipients), orders.make(send_in=soon)
    if kept is None or stopped is None:
        return
    cancelled = probe.aim("cancelOrder", 200, "the order is two hours ahead", order_id=stopped.id)
    for span in (timedelta(hours=1, minutes=59), timedelta(minutes=5), timedelta(hours=20)):
        probe.advance(span)
        run_triggers(probe)
        again = probe.aim("cancelOrder", 200, "it is cancelled already", order_id=stopped.id)
        expected = "a cancelled order stays as it was, while time goes by"
        same(probe, "lifecycle", expected, [cancelled], [again])
        status = probe.aim("getOrderStatus", 200, _OWN, order_id=stopped.id)
        same(probe, "lifecycle", expected, [cancelled], [status])
        has_none(probe, probe.aim("getEmailNotifications", 200, _OWN, order_id=stopped.id))
    _is_sent(probe, kept.id, addresses)


def run_triggers(probe: Probe) -> None:
    """Run the triggers that move orders, for a server that no clock moves."""
    for _ in range(3):
        for name in filter(probe.knows, _TRIGGERS):
            probe.ask(name)


def _is_sent(probe: Probe, order_id: str, addresses: list[str]) -> None:
    status = probe.aim("getOrderStatus", 200, _OWN, order_id=order_id)
    got = str(status.at("processingStatus", "status"))
    expected = "an order that is not cancelled is sent in its time"
    probe.hold("never-sent", status, expected, got=got, holds=got == "Completed")
    messages = probe.aim("getEmailNotifications", 200, _OWN, order_id=order_id)
    found = messages.objects("notifications")
    told = sorted(str(member(one, "recipient", "emailAddress")) for one in found)
    got = f"{len(told)} notifications"
    expected = "one e-mail to each of its two addresses"
    probe.hold("never-sent", messages, expected, got=got, holds=told == addresses)
    refused = probe.aim("cancelOrder", 409, "the order is sent already", order_id=order_id)
    if refused.status == 409:
        after = probe.aim("getOrderStatus", 200, _OWN, order_id=order_id)
        same(probe, "isolation", "409 changes nothing", [status], [after])


def _try(probe: Probe, order_id: str, status: int, because: str, check: str) -> None:
    """Cancel, and hold that a refusal leaves the order as it was, and a success cancels it."""
    before = probe.aim("getOrderStatus", 200, _OWN, order_id=order_id)
    answer = probe.aim("cancelOrder", status, because, check=check, order_id=order_id)
    if answer.status == 200 == status:
        _cancelled(probe, before, answer)
    if answer.status == 409 == status:
        answer = probe.aim("cancelOrder", 409, because, check=check, order_id=order_id)
        after = probe.aim("getOrderStatus", 200, _OWN, order_id=order_id)
        same(probe, "isolation", "409 changes nothing", [before], [after])


def _cancelled(probe: Probe, before: Answer, answer: Answer) -> None:
    if before.at("processingStatus", "status") == "Cancelled":
        expected = "a cancelled order stays as it was"
        same(probe, "lifecycle", expected, [before], [answer])
    else:
        is_cancelled(probe, before, answer)


def _seed(probe: Probe, **members: str) -> str | None:
    """Return the id of an order that the control plane made; None where it is not known."""
    control: RemoteSandbox | None = probe.control
    if control is None or probe.org is None:
        return None
    recipients = [{"emailAddress": "check@example.invalid"}]
    asked: dict[str, Any] = {"recipients": recipients, **members}
    order = control.orders.create(creator=probe.org, **asked)
    probe.created[str(order["id"])] = None
    if members.get("status") == "Cancelled":
        probe.cancelled.add(str(order["id"]).replace("-", ""))
    order_id = str(order["id"])
    step = _as_request(probe, control, {"creator": probe.org, **asked}, order_id)
    probe.steps[order_id] = [step]
    return order_id


def _as_request(
    probe: Probe, control: RemoteSandbox, asked: dict[str, Any], order_id: str
) -> Request:
    """Return the request behind an order that *control* made, so that a curl makes it again."""
    token = {"X-Mock-Control-Token": "$MOCK_CONTROL_TOKEN"} if probe.asks_control_token else {}
    return Request(
        operation_id="",
        method="POST",
        url=f"{control.control_url}/orders",
        headers={"Content-Type": "application/json", **token},
        shown=token,
        body=json.dumps(asked).encode(),
        made={order_id: ("id", 1)},
    )
