"""The feed of shipments that have ended: each once, in order, for its creator alone."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from mock_server.check.exchanges import Answer, objects
from mock_server.check.lifecycle import lie
from mock_server.check.made_chains import REMINDED_AFTER, Chain, creates, make
from mock_server.check.made_orders import Orders
from mock_server.check.modern_operations import CHAIN, FEED
from mock_server.check.probe import Probe
from mock_server.check.shipments import cancel_alone, stays_unsent, tells_if
from mock_server.check.timing import run_triggers

_LATER = timedelta(hours=20)
_BAD: Sequence[tuple[str, str]] = (
    ("seq", "-1"),
    ("seq", "x"),
    ("seq", "9223372036854775808"),
    ("pageSize", "x"),
    ("orderBy", "newest"),
)
_OWN = "a feed can be empty"


def refused(probe: Probe, _orders: Orders) -> None:
    """Read the feed with values that cannot be read: 400 names them."""
    if not probe.knows(FEED):
        return
    for name, value in _BAD:
        answer = probe.aim(FEED, 400, f"{name} is '{value}'", query={name: value})
        if answer.status == 400:
            key = name[0].upper() + name[1:]
            errors = answer.document.get("errors")
            expected, got = f"400 with errors of '{key}'", "others"
            holds = isinstance(errors, dict) and key in errors
            probe.hold("status", answer, expected, got=got, holds=holds)
    probe.aim(FEED, 200, _OWN, query={"seq": "9223372036854775807"})


def ended(probe: Probe, orders: Orders) -> None:
    """Let orders end, one more be cancelled, and read what the feed tells of them."""
    if probe.control is None or CHAIN not in creates(probe) or not probe.knows(FEED):
        return
    start = _highest(_read(probe))
    soon = timedelta(hours=1)
    chains = [make(probe, orders, send_in=soon), make(probe, orders, send_in=2 * soon)]
    older = orders.make(send_in=3 * soon)
    theirs = None
    if probe.credentials.other is not None:
        theirs = make(probe, orders, send_in=soon, by=probe.credentials.other)
    lie(probe)
    stopped = list(_without_reminders(probe, chains))
    mine = [chain.main for chain, _ in stopped] + ([] if older is None else [older.id])
    _let_pass(probe, _LATER)
    first = _new(_read(probe, seq=start))
    answer = _read(probe, seq=start)
    _once_each(probe, answer, mine, () if theirs is None else theirs.ids)
    _as_the_shipment(probe, answer, mine)
    _in_pages(probe, answer, start)
    _let_pass(probe, timedelta(days=2 * REMINDED_AFTER))
    _frozen(probe, _read(probe, seq=start), answer, first)
    for chain, cancelled in stopped:
        _reminder_is_not_there(probe, _read(probe, seq=start), chain)
        stays_unsent(probe, chain, cancelled)


def _without_reminders(
    probe: Probe, chains: Iterable[Chain | None]
) -> Iterator[tuple[Chain, Answer]]:
    """Cancel the reminders; yield each chain with the answer, unless more or less is cancelled."""
    for chain in chains:
        if chain is not None:
            answer = cancel_alone(probe, chain, chain.reminder, chain.main)
            if answer is not None:
                yield chain, answer


def _let_pass(probe: Probe, span: timedelta) -> None:
    """Let *span* pass, all that is due end, and the feed show it."""
    probe.advance(span)
    run_triggers(probe)
    probe.advance(timedelta(hours=1))  # reports of carriers come, and the feed waits two seconds
    run_triggers(probe)
    probe.advance(timedelta(seconds=3))


def _read(probe: Probe, because: str = "the feed is the caller's own", **query: Any) -> Answer:
    told = {name: str(value) for name, value in query.items()}
    return probe.aim(FEED, 200, because, query=told)


def _new(answer: Answer) -> list[dict[str, Any]]:
    return objects(answer.json)


def _highest(answer: Answer) -> int:
    """Return the highest number in the feed so far, read to its end; 0 where it is empty."""
    return max((_number(one) for one in _new(answer)), default=0)


def _number(entry: dict[str, Any]) -> int:
    number = entry.get("sequenceNumber")
    return number if isinstance(number, int) else 0


def _once_each(probe: Probe, answer: Answer, mine: list[str], theirs: Sequence[str]) -> None:
    """Hold that each order that ended is there once, by rising numbers, and no other's is."""
    told = [str(one.get("shipmentId")) for one in _new(answer)]
    counts = sorted({told.count(one) for one in mine})
    expected, got = "entries of each order that ended, one each", f"counts of {counts}"
    probe.hold("feed", answer, expected, got=got, holds=counts == [1])
    numbers = [_number(one) for one in _new(answer)]
    expected, got = "entries by rising sequence numbers", "others"
    probe.hold("feed", answer, expected, got=got, holds=numbers == sorted(set(numbers)))
    order = [one for one in told if one in mine]
    expected, got = "entries in the order in which the orders ended", "another order"
    is_in_order = order == mine or sorted(order) != sorted(mine)
    probe.hold("feed", answer, expected, got=got, holds=is_in_order)
    foreign = {*told} & {*theirs}
    expected, got = "no other organisation's orders", f"{len(foreign)} of them"
    probe.hold("feed", answer, expected, got=got, holds=not foreign)


def _as_the_shipment(probe: Probe, answer: Answer, mine: Sequence[str]) -> None:
    """Hold that an entry tells what the shipment does at the end of the order."""
    for entry in _new(answer):
        order_id = str(entry.get("shipmentId"))
        if order_id not in mine:
            continue
        tells_if(probe, order_id, "Completed", "Notification")
        shipment = probe.aim("getShipment", 200, "it is the caller's own", order_id=order_id)
        told = {"shipmentType": "type", "status": "status", "lastUpdate": "lastUpdate"}
        wrong = [name for name, other in told.items() if entry.get(name) != shipment.at(other)]
        ends = [
            [(one.get("destination"), one.get("status")) for one in objects(recipients)]
            for recipients in (entry.get("recipients"), shipment.at("recipients"))
        ]
        if ends[0] != ends[1]:
            wrong.append("recipients")
        expected, got = "the entry tells what the shipment does", f"another {', '.join(wrong)}"
        probe.hold("feed", answer, expected, got=got, holds=not wrong, also=shipment)


def _in_pages(probe: Probe, answer: Answer, start: int) -> None:
    """Hold that pages of one entry each, and the newest first, are the same feed."""
    whole, seq, pages = _new(answer), start, list[Answer]()
    for _ in whole:
        pages.append(_read(probe, "a page of one", seq=seq, pageSize=1))
        seq = max([seq, *map(_number, _new(pages[-1]))])
    found = [entry for page in pages for entry in _new(page)]
    expected, got = "page by page the same entries", "others"
    probe.hold("feed", answer, expected, got=got, holds=found == whole, also=tuple(pages))
    newest = _read(probe, "the newest first", orderBy="desc", pageSize=len(whole) or 1)
    expected, got = "the same entries, the newest first, if asked for", "others"
    holds = _new(newest) == whole[::-1]
    probe.hold("feed", answer, expected, got=got, holds=holds, also=newest)


def _frozen(probe: Probe, later: Answer, answer: Answer, first: Sequence[dict[str, Any]]) -> None:
    """Hold that entries stay as they were, and none comes twice."""
    expected, got = "entries stay as they were, read again and weeks later", "others"
    holds = _new(answer) == first and _new(later)[: len(first)] == first
    probe.hold("feed", later, expected, got=got, holds=holds, also=answer)
    ids = [str(one.get("shipmentId")) for one in _new(later)]
    expected, got = "no two entries of one order", "one at least"
    probe.hold("feed", later, expected, got=got, holds=len(ids) == len({*ids}), also=answer)


def _reminder_is_not_there(probe: Probe, answer: Answer, chain: Chain) -> None:
    told = [one.get("shipmentId") for one in _new(answer)]
    expected, got = "no entry of a reminder that was cancelled", "one"
    probe.hold("never-sent", answer, expected, got=got, holds=chain.reminder not in told)
