"""The feed of shipments that have ended: its queries, its pages and its entries."""

from typing import Any

from mock_server.check.exchanges import Answer, objects
from mock_server.check.made_orders import Orders
from mock_server.check.modern_operations import FEED, SHIPMENT
from mock_server.check.probe import Probe
from mock_server.check.shipments import as_messages, kind_of

Entry = dict[str, Any]

_BAD = (
    ("seq", "-1"),
    ("seq", "x"),
    ("seq", "1.5"),
    ("seq", ""),
    ("seq", "9223372036854775808"),
    ("pageSize", "x"),
    ("orderBy", "newest"),
)
_LAST = 9_223_372_036_854_775_807
_FEW, _SAME = 20, 6
"""So many entries are read, and so many of them compared with the older notifications."""

_OWN = "a feed can be empty"
TOLD = {"shipmentType": "type", "status": "status", "sendersReference": "sendersReference"}
"""Members of an entry, and of the shipment that they are told of."""

_ENDS = ("Order_Completed", "Order_SendConditionNotMet")


def refused(probe: Probe, _orders: Orders) -> None:
    """Read the feed with values that cannot be read: 400 names them."""
    for name, value in _BAD if probe.knows(FEED) else ():
        answer = probe.aim(FEED, 400, f"{name} is '{value}'", query={name: value})
        if answer.status == 400:
            key = name[0].upper() + name[1:]
            errors = answer.document.get("errors")
            expected, got = f"400 with errors of '{key}'", "others"
            holds = isinstance(errors, dict) and key in errors
            probe.hold("status", answer, expected, got=got, holds=holds)


def as_it_is(probe: Probe, _orders: Orders) -> None:
    """Read the end of the feed as it is found: it is in order, and agrees with the shipments."""
    if not probe.knows(FEED):
        return
    newest = read(probe, orderBy="desc", pageSize=_FEW)
    found = entries(newest)
    numbers = [number_of(one) for one in found]
    _none_twice(probe, newest, found)
    rises(probe, newest, [-one for one in numbers], "entries by falling numbers, if asked for")
    expected, got = f"not more than {_FEW} entries, if asked for", f"{len(found)} of them"
    probe.hold("feed", newest, expected, got=got, holds=len(found) <= _FEW)
    last = read(probe, seq=_LAST)
    after_all = entries(last)
    expected, got = "no entries above the highest number that there is", f"{len(after_all)} of them"
    probe.hold("feed", last, expected, got=got, holds=not after_all, also=newest)
    if found:
        _again(probe, newest, found[::-1])
    _of_others(probe, found)
    _as_now(probe, newest, found)


def _again(probe: Probe, newest: Answer, found: list[Entry]) -> None:
    """Hold that entries, *found* from the oldest on, are told the same in other pages."""
    oldest = number_of(found[0])
    upwards = read(probe, seq=oldest - 1, pageSize=len(found))
    expected, got = "the same entries upwards, from the number before the first", "others"
    probe.hold("feed", upwards, expected, got=got, holds=entries(upwards) == found, also=newest)
    for size in (1, 0):
        one = read(probe, seq=oldest - 1, pageSize=size)
        expected, got = f"entries of a pageSize of {size}: one", "another, or others"
        probe.hold("feed", one, expected, got=got, holds=entries(one) == found[:1], also=newest)
    beyond = read(probe, seq=oldest, pageSize=len(found))
    expected, got = "only entries above seq", "others"
    above = entries(beyond)
    holds = above[: len(found) - 1] == found[1:] and found[0] not in above
    probe.hold("feed", beyond, expected, got=got, holds=holds, also=newest)
    below = read(probe, seq=number_of(found[-1]), orderBy="desc", pageSize=len(found))
    holds = entries(below)[: len(found) - 1] == found[-2::-1] and found[-1] not in entries(below)
    expected, got = "only entries below seq, if the newest are first", "others"
    probe.hold("feed", below, expected, got=got, holds=holds, also=newest)


def _as_now(probe: Probe, answer: Answer, found: list[Entry]) -> None:
    """Hold that the orders of entries can be read, have ended as these tell, and were sent so."""
    most = sorted(found, key=lambda one: -len(objects(one.get("recipients"))))[:_SAME]
    for entry in found if probe.knows(SHIPMENT) else ():
        order_id = str(entry.get("shipmentId"))
        shipment = probe.aim(SHIPMENT, 200, "it is in the caller's own feed", order_id=order_id)
        if shipment.status != 200:
            continue
        wrong = [other for name, other in TOLD.items() if entry.get(name) != shipment.at(other)]
        if entry.get("status") not in _ENDS:
            wrong.append("end")
        if _addresses(entry.get("recipients")) != _addresses(shipment.at("recipients")):
            wrong.append("recipients")
        expected, got = "entries that tell what the shipments do", f"another {', '.join(wrong)}"
        probe.hold("feed", answer, expected, got=got, holds=not wrong, also=shipment)
        kinds = [kind_of(one) for one in shipment.objects("recipients")]
        expected, got = "e-mail before SMS", "the other way round"
        probe.hold("consistency", shipment, expected, got=got, holds=kinds == sorted(kinds))
        if entry in most:
            as_messages(probe, shipment, order_id)


def _addresses(recipients: Any) -> list[str]:
    return sorted(str(one.get("destination")) for one in objects(recipients))


def _of_others(probe: Probe, found: list[Entry]) -> None:
    """Hold that another organisation's feed has none of the entries *found*."""
    other = probe.credentials.other
    if other is not None and found:
        theirs = read(probe, "the feed is of another organisation", seq=0, by=other)
        shared = [one for one in entries(theirs) if one in found]
        expected, got = "no entries of other organisations", "others"
        probe.hold("feed", theirs, expected, got=got, holds=not shared)


def _none_twice(probe: Probe, answer: Answer, found: list[Entry]) -> None:
    ids = [str(one.get("shipmentId")) for one in found]
    expected, got = "no two entries of one order", "one at least"
    probe.hold("feed", answer, expected, got=got, holds=len(ids) == len({*ids}))


def rises(probe: Probe, answer: Answer, numbers: list[int], expected: str) -> None:
    """Hold that *numbers* rise, each above the one before; *expected* names their order."""
    holds = numbers == sorted(set(numbers))
    probe.hold("feed", answer, expected, got="another order", holds=holds)


def read(probe: Probe, because: str = "the feed is the caller's own", **query: Any) -> Answer:
    """Read the feed by *query*: seq, pageSize and orderBy, and *by* another credential."""
    by = query.pop("by", None)
    told = {name: str(value) for name, value in query.items()}
    return probe.aim(FEED, 200, because, query=told, by=by)


def entries(answer: Answer) -> list[Entry]:
    """Return the entries of a page."""
    return objects(answer.json) if answer.status == 200 else []


def number_of(entry: Entry) -> int:
    """Return the number of *entry*; 0 where it has none."""
    number = entry.get("sequenceNumber")
    return number if isinstance(number, int) else 0
