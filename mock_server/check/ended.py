"""Orders that end, of each kind: shipment, messages and feed tell the same of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from mock_server.check.exchanges import Answer, objects
from mock_server.check.feed import TOLD, entries, number_of, read, rises
from mock_server.check.lifecycle import lie
from mock_server.check.made_chains import REMINDED_AFTER, Chain, creates, make
from mock_server.check.made_orders import Orders
from mock_server.check.modern_operations import CHAIN, COMPOSED, FEED, SHIPMENT
from mock_server.check.probe import Probe
from mock_server.check.registered import registered
from mock_server.check.reminders import cancel_alone, kind_at
from mock_server.check.shipments import (
    address_of,
    as_messages,
    end_of,
    kind_of,
    stays_unsent,
    tells,
)
from mock_server.check.timing import CONDITION, run_triggers

_HOUR = timedelta(hours=1)
_LATER = timedelta(hours=20)
_TEXTS = {
    "emailSettings": {"subject": "Check", "body": "Check of the contract"},
    "smsSettings": {"body": "Check of the contract", "sendingTimePolicy": "Anytime"},
}


Stop = tuple[str, str, Answer]
"""The id of an order that is cancelled, its kind, and the answer of cancel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """
    An order that ends: its *id* and *kind*, and the *status* that it ends with.

    *recipients* are its expected ones, each with kind, destination (None: any) and status.
    """

    id: str
    kind: str
    recipients: Sequence[tuple[str, str | None, str]]
    status: str = "Completed"


def ended(probe: Probe, orders: Orders) -> None:
    """Let orders of every kind end, others be cancelled, and read what is told of them."""
    knows = all(map(probe.knows, (FEED, SHIPMENT)))
    if probe.control is None or not knows or CHAIN not in creates(probe):
        return
    start = _newest(probe)
    due, kept, stopped = list(_due(probe, orders)), make(probe, orders, send_in=_HOUR), list[Stop]()
    chains = [make(probe, orders, send_in=_HOUR), make(probe, orders)]
    lie(probe)
    cancelled = None if kept is None else cancel_alone(probe, kept, 0)
    for chain in filter(None, chains):
        stopped += _stopped(probe, chain)
    theirs = _theirs(probe, orders)
    _let_pass(probe, _LATER)
    told = [_tells_end(probe, one) for one in due]
    answer = read(probe, seq=start)
    _once_each(probe, answer, [one.id for one in due], theirs)
    for one, shipment in zip(due, told, strict=True):
        _as_the_shipment(probe, answer, one, shipment)
    _of_theirs(probe, theirs, [one.id for one in due])
    _in_pages(probe, answer, start)
    _report_late(probe, due)
    _frozen(probe, read(probe, seq=start), answer)
    _let_pass(probe, timedelta(days=2 * REMINDED_AFTER))
    later = read(probe, seq=start)
    _frozen(probe, later, answer)
    if kept is not None and cancelled is not None:
        _reminded(probe, later, kept)
        stopped.append((kept.main, "Notification", cancelled))
    for order_id, kind, answer in stopped:
        _is_not_there(probe, later, order_id)
        stays_unsent(probe, order_id, kind, answer)


def _newest(probe: Probe) -> int:
    """Return the highest number in the feed so far; 0 where it is empty."""
    return max(map(number_of, entries(read(probe, orderBy="desc", pageSize=1))), default=0)


def _due(probe: Probe, orders: Orders) -> Iterator[Due]:
    """Make orders that end, one after another, in the order in which they do."""
    for name in ("createInstantSms", "createInstantEmail"):
        chain = make(probe, orders, name) if name in creates(probe) else None
        if chain is not None:
            yield _one(chain, "Instant")
        probe.advance(timedelta(minutes=10))
    kinds = ((CHAIN, "Notification"), (COMPOSED, "Composed"), (CHAIN, "Notification"))
    for number, (name, kind) in enumerate(kinds, 1):
        members: dict[str, Any] = {"reminders": None} if name == CHAIN else {}
        if name in creates(probe):
            chain = make(probe, orders, name, send_in=number * _HOUR, **members)
            if chain is not None:
                yield _one(chain, kind)
    older = orders.make("createEmailOrder", send_in=4 * _HOUR)
    if older is not None:
        (recipient,) = older.sent["recipients"]
        told = [("Email", recipient["emailAddress"], "Delivered")]
        yield Due(id=older.id, kind="Notification", recipients=told)
    yield from _odd_ends(probe, orders)


def _one(chain: Chain, kind: str) -> Due:
    return Due(id=chain.main, kind=kind, recipients=[(*address_of(chain.sent), "Delivered")])


def _odd_ends(probe: Probe, orders: Orders) -> Iterator[Due]:
    """Make an order that its condition stops, one by two channels, and one to who is reserved."""
    bare: dict[str, Any] = {"reminders": None}
    unmet = {**bare, "conditionEndpoint": f"{probe.base_url}{CONDITION}"}
    stopped = make(probe, orders, send_in=5 * _HOUR, **unmet)
    if stopped is not None:
        status = "SendConditionNotMet"
        yield Due(id=stopped.main, kind="Notification", recipients=(), status=status)
    channels, known = ("Email", "SMS"), registered(probe)
    both = make(probe, orders, send_in=6 * _HOUR, recipient=_person(known.reachable), **bare)
    if both is not None:
        told = [(one, None, "Delivered") for one in channels]
        yield Due(id=both.main, kind="Notification", recipients=told)
    if known.reserved is None:
        return
    reserved = make(probe, orders, send_in=7 * _HOUR, recipient=_person(known.reserved), **bare)
    if reserved is not None:
        nobody = [(one, "", "Failed_RecipientReserved") for one in channels]
        yield Due(id=reserved.main, kind="Notification", recipients=nobody)


def _person(number: str) -> dict[str, Any]:
    person = {"nationalIdentityNumber": number, "channelSchema": "EmailAndSms", **_TEXTS}
    return {"recipientPerson": person}


def _stopped(probe: Probe, chain: Chain) -> Iterator[Stop]:
    """Cancel every order of *chain*, unless the cancel of one changes another."""
    for place, order_id in enumerate(chain.ids):
        answer = cancel_alone(probe, chain, place)
        if answer is None:
            return
        yield order_id, kind_at(place), answer


def _theirs(probe: Probe, orders: Orders) -> Sequence[str]:
    """Return the order of another organisation, which ends as well."""
    other = probe.credentials.other
    if other is None:
        return ()
    chain = make(probe, orders, send_in=_HOUR, by=other, reminders=None)
    return () if chain is None else chain.ids


def _let_pass(probe: Probe, span: timedelta) -> None:
    """Let *span* pass, all that is due end, and the feed show it."""
    probe.advance(span)
    run_triggers(probe)
    probe.advance(_HOUR)  # reports of carriers come, and the feed waits two seconds
    run_triggers(probe)
    probe.advance(timedelta(seconds=3))


def _tells_end(probe: Probe, one: Due) -> Answer:
    """Hold that the shipment of *one* tells its end, for each recipient, as the messages do."""
    shipment = tells(probe, one.id, one.status, one.kind)
    if shipment.status != 200:
        return shipment
    found = shipment.objects("recipients")
    told = [(kind_of(each), each.get("destination"), end_of(each)) for each in found]
    wanted = [
        (kind, got[1] if destination is None and got[1] else destination, end)
        for (kind, destination, end), got in zip(one.recipients, told, strict=False)
    ]
    expected = "each recipient of an order that ended: e-mail, then SMS, where, and how"
    holds = told == wanted and len(told) == len(one.recipients)
    got = ", ".join(str(each.get("status")) for each in found) or "none"
    probe.hold("consistency", shipment, expected, got=got, holds=holds)
    as_messages(probe, shipment, one.id)
    return shipment


def _once_each(probe: Probe, answer: Answer, mine: list[str], theirs: Sequence[str]) -> None:
    """Hold that each order that ended is there once, by rising numbers, and no other's is."""
    told = [str(one.get("shipmentId")) for one in entries(answer)]
    counts = sorted({told.count(one) for one in mine})
    expected, got = "entries of each order that ended, one each", f"counts of {counts}"
    probe.hold("feed", answer, expected, got=got, holds=counts == [1])
    rises(probe, answer, [*map(number_of, entries(answer))], "entries by rising sequence numbers")
    order = [one for one in told if one in mine]
    expected, got = "entries in the order in which the orders ended", "another order"
    is_in_order = order == mine or sorted(order) != sorted(mine)
    probe.hold("feed", answer, expected, got=got, holds=is_in_order)
    foreign = {*told} & {*theirs}
    expected, got = "no entries of other organisations", f"{len(foreign)} of them"
    probe.hold("feed", answer, expected, got=got, holds=not foreign)


def _of_theirs(probe: Probe, theirs: Sequence[str], mine: Sequence[str]) -> None:
    """Hold that another organisation's feed has its own order, and none of the caller's."""
    if theirs:
        query = {"orderBy": "desc", "by": probe.credentials.other}
        answer = read(probe, "the feed is of another organisation", **query)
        told = [str(one.get("shipmentId")) for one in entries(answer)]
        expected, got = "each organisation's own orders", "others, or none"
        holds = {*theirs} <= {*told} and not {*told} & {*mine}
        probe.hold("feed", answer, expected, got=got, holds=holds)


def _as_the_shipment(probe: Probe, answer: Answer, one: Due, shipment: Answer) -> None:
    """Hold that an entry tells what the shipment does at the end of the order."""
    entry = next((each for each in entries(answer) if each.get("shipmentId") == one.id), None)
    if entry is None or shipment.status != 200:
        return
    told = dict(TOLD)
    if one.recipients and one.recipients[0][2] == "Delivered":
        told["lastUpdate"] = "lastUpdate"  # else the service tells it by another clock
    wrong = [other for name, other in told.items() if entry.get(name) != shipment.at(other)]
    ends = [
        [(each.get("destination"), each.get("status")) for each in objects(recipients)]
        for recipients in (entry.get("recipients"), shipment.at("recipients"))
    ]
    if ends[0] != ends[1]:
        wrong.append("recipients")
    expected, got = "entries that tell what the shipments do", f"another {', '.join(wrong)}"
    probe.hold("feed", answer, expected, got=got, holds=not wrong, also=shipment)


def _in_pages(probe: Probe, answer: Answer, start: int) -> None:
    """Hold that pages of two entries each, upwards and downwards, are the same feed."""
    whole = entries(answer)
    for order, first in (("asc", start), ("desc", 0)):
        pages, seq = list[Answer](), first
        for _ in range(len(whole) // 2 + 1):
            query = {"seq": seq} if seq or order == "asc" else {}
            pages.append(read(probe, "a page of two", pageSize=2, orderBy=order, **query))
            page = entries(pages[-1])
            seq = number_of(page[-1]) if page else seq
        found = [entry for page in pages for entry in entries(page)]
        wanted = whole if order == "asc" else whole[::-1]
        expected, got = f"page by page the same entries, {order}", "others"
        holds = found[: len(wanted)] == wanted
        probe.hold("feed", answer, expected, got=got, holds=holds, also=tuple(pages))


def _report_late(probe: Probe, due: Sequence[Due]) -> None:
    """Let a carrier change its mind on a message, as one may after an order has ended."""
    sent = next((one for one in due if one.kind == "Notification" and one.recipients), None)
    if probe.control is not None and sent is not None:
        messages = probe.control.orders.get(sent.id).get("notifications") or []
        for message in messages[:1]:
            probe.control.orders.set_result(sent.id, str(message["id"]), "Failed_Bounced")


def _frozen(probe: Probe, later: Answer, answer: Answer) -> None:
    """Hold that entries stay as they were, and none comes twice."""
    first = entries(answer)
    expected, got = "entries stay as they were, whatever happens later", "others"
    holds = entries(later)[: len(first)] == first
    probe.hold("feed", later, expected, got=got, holds=holds, also=answer)
    ids = [str(one.get("shipmentId")) for one in entries(later)]
    expected, got = "no two entries of one order", "one at least"
    probe.hold("feed", later, expected, got=got, holds=len(ids) == len({*ids}), also=answer)


def _reminded(probe: Probe, answer: Answer, chain: Chain) -> None:
    """Hold that a reminder is sent though the order itself was cancelled, and is in the feed."""
    sent = chain.sent["reminders"][0]
    told = [("Email", address_of(sent)[1], "Delivered")]
    due = Due(id=chain.reminder, kind="Reminder", recipients=told)
    shipment = _tells_end(probe, due)
    found = [one.get("shipmentId") for one in entries(answer)].count(chain.reminder)
    expected, got = "entries of each reminder that was sent, one each", f"{found} of them"
    probe.hold("feed", answer, expected, got=got, holds=found == 1)
    _as_the_shipment(probe, answer, due, shipment)


def _is_not_there(probe: Probe, answer: Answer, order_id: str) -> None:
    told = [one.get("shipmentId") for one in entries(answer)]
    expected, got = "no entries of an order that was cancelled", "one"
    probe.hold("never-sent", answer, expected, got=got, holds=order_id not in told)
