"""Faults of the feed: its entries, their order and numbers, its pages, and whose it is."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from prove.wire.call import BASE_PATH, Call
from prove.wire.exchange import Answer
from prove.wire.fault import Handler, WireFault
from prove.wire.modern import FEED, SHIPMENT, Body, as_bearer
from prove.wire.order_states import now_text
from prove.wire.tweaks import CREATES, after, problem, refused, statused

FAMILY = "modern API: feed"
Entries = list[Body]
Query = dict[str, str]
_OLDER = frozenset(CREATES)


def _feed(change: Callable[[Entries], Any]) -> Handler:
    """Return a handler that makes *change* of the entries of each page that has any."""

    def changed(_call: Call, answer: Answer) -> Answer:
        entries = answer.json()
        return answer.with_json(change(entries)) if entries else answer

    return after(changed, FEED, status=200)


def _each(edit: Callable[[Body], Any]) -> Handler:
    """Return a handler that makes *edit* of every entry, in place."""

    def change(entries: Entries) -> Entries:
        for one in entries:
            edit(one)
        return entries

    return _feed(change)


def _only(is_there: Callable[[Body], bool]) -> Handler:
    """Return a handler that leaves out the entries of which that is not so."""
    return _feed(lambda entries: [one for one in entries if is_there(one)])


def _asked(change: Callable[[Query], Query]) -> Handler:
    """Return a handler that lets the server read another query."""

    def handle(call: Call) -> Answer:
        if not call.is_for(FEED):
            return call.forward()
        query = dict(parse_qsl(call.place.query.removeprefix("?"), keep_blank_values=True))
        changed = change(dict(query))
        if changed == query:
            return call.forward()
        told = f"?{urlencode(changed)}" if changed else ""
        target = f"{call.place.prefix}{BASE_PATH}{call.place.path}{told}"
        return call.forward(call.request.with_target(target))

    return handle


def _without(*names: str) -> Callable[[Query], Query]:
    return lambda query: {name: value for name, value in query.items() if name not in names}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) < 2**63


def _inclusive(query: Query) -> Query:
    if _is_number(query.get("seq", "")) and int(query["seq"]) > 0:
        query["seq"] = str(int(query["seq"]) - 1)
    return query


def _one_more(query: Query) -> Query:
    if _is_number(query.get("pageSize", "")):
        query["pageSize"] = str(int(query["pageSize"]) + 1)
    return query


def _default_order(query: Query) -> Query:
    return {"orderBy": "desc", **query}


def _no_bound_below(query: Query) -> Query:
    return _without("seq")(query) if query.get("orderBy") == "desc" else query


def _takes(name: str, is_bad: Callable[[str], bool]) -> Callable[[Query], Query]:
    def change(query: Query) -> Query:
        return _without(name)(query) if is_bad(query.get(name, "0")) else query

    return change


def _renumbered(entries: Entries) -> Entries:
    return [{**one, "sequenceNumber": number} for number, one in enumerate(entries, 1)]


def _one_number(entries: Entries) -> Entries:
    number = entries[0]["sequenceNumber"]
    return [{**one, "sequenceNumber": number} for one in entries]


def _again_numbered(entries: Entries) -> Entries:
    last = entries[-1]
    return [*entries, {**last, "sequenceNumber": last["sequenceNumber"] + 1}]


def _by_id(entries: Entries) -> Entries:
    numbers = [one["sequenceNumber"] for one in entries]
    ordered = sorted(entries, key=lambda one: str(one["shipmentId"]))
    return [{**one, "sequenceNumber": number} for number, one in zip(numbers, ordered, strict=True)]


def _bare(entry: Body) -> None:
    entry["recipients"] = []


def _no_reference(entry: Body) -> None:
    entry.pop("sendersReference", None)


def _typed_as_shipment(entry: Body) -> None:
    entry["type"] = entry.pop("shipmentType")


def _typed_recipients(entry: Body) -> None:
    for one in entry["recipients"]:
        one["type"] = "SMS" if one["status"].startswith("SMS") else "Email"


def _updated_now(call: Call, answer: Answer) -> Answer:
    now = now_text(call)
    return answer.with_json([{**one, "lastUpdate": now} for one in answer.json()])


def _live(call: Call, answer: Answer) -> Answer:
    """Tell each shipment as it is now."""
    told = []
    for entry in answer.json():
        shipment = call.ask("GET", f"/future/shipment/{entry['shipmentId']}")
        if shipment.status == 200:
            found = shipment.json()["recipients"]
            entry["recipients"] = [
                {name: value for name, value in one.items() if name != "type"} for one in found
            ]
        told.append(entry)
    return answer.with_json(told)


def _aged(is_kept: Callable[[timedelta], bool]) -> Handler:
    def change(call: Call, answer: Answer) -> Answer:
        now, entries = call.now(), answer.json()
        kept = [one for one in entries if is_kept(now - datetime.fromisoformat(one["lastUpdate"]))]
        return answer.with_json(kept)

    return after(change, FEED, status=200)


def _no_older(call: Call) -> Answer:
    """Leave out orders that the older creates made."""
    answer = call.forward()
    if call.is_for(*_OLDER) and answer.status == 202:
        call.memory.keep((call.place.prefix, answer.json()["orderId"]), "older")
    if not call.is_for(FEED) or answer.status != 200:
        return answer
    known = call.memory.known
    kept = [one for one in answer.json() if not known((call.place.prefix, one["shipmentId"]))]
    return answer.with_json(kept)


def _cancelled_too(call: Call, answer: Answer) -> Answer:
    """Tell of cancelled orders as well, after all others."""
    entries, org = answer.json(), call.claims().get("urn:altinn:org")
    number = max((one["sequenceNumber"] for one in entries), default=0)
    for order in call.ask("GET", "/__mock/orders").json()["orders"]:
        if order["status"] == "Cancelled" and order["creator"] == org and entries:
            number += 1
            told = {**entries[-1], "sequenceNumber": number, "shipmentId": order["id"]}
            entries.append({**told, "shipmentType": order["type"], "recipients": []})
    return answer.with_json(entries)


def _of_all(call: Call, answer: Answer) -> Answer:
    """Tell of the orders of all organisations."""
    orders = call.ask("GET", "/__mock/orders").json()["orders"]
    entries = answer.json()
    path = f"/future/shipment/feed{call.place.query}"
    for creator in sorted({one["creator"] for one in orders}):
        token = call.token(org=creator)
        found = call.ask("GET", path, token=token)
        known = {one["sequenceNumber"] for one in entries}
        more = found.json() if found.status == 200 else []
        entries += [one for one in more if one["sequenceNumber"] not in known]
    is_down = "desc" in call.place.query
    entries.sort(key=lambda one: int(one["sequenceNumber"]), reverse=is_down)
    return answer.with_json(entries)


def _open(call: Call) -> Answer:
    """Let anyone read, token or not."""
    answer = call.forward()
    is_refused = call.is_for(FEED, SHIPMENT) and answer.status == 401
    return as_bearer(call, org="ttd") if is_refused else answer


def _empty(call: Call, answer: Answer) -> Answer:
    return answer if answer.json() else problem(call, 404)


def _no_content(call: Call, answer: Answer) -> Answer:
    return answer if answer.json() else statused(204)(call, answer).with_body(b"")


def _fails_high(call: Call) -> Answer:
    if call.is_for(FEED) and "9223372036854775807" in call.place.query:
        return problem(call, 500)
    return call.forward()


def _fault(name: str, sentence: str, handle: Handler) -> WireFault:
    return WireFault(name, FAMILY, sentence, handle)


def _is_kind(kind: str) -> Callable[[Body], bool]:
    return lambda one: one["shipmentType"] != kind


_ENTRIES = (
    _fault("feed-twice", "The last entry is there twice.", _feed(lambda some: [*some, some[-1]])),
    _fault("feed-twice-numbered", "It is there twice, numbered.", _feed(_again_numbered)),
    _fault("feed-lacks-first", "The first entry is not there.", _feed(lambda some: some[1:])),
    _fault("feed-lacks-last", "The last entry is not there.", _feed(lambda some: some[:-1])),
    _fault("feed-no-instants", "Messages are not there.", _only(_is_kind("Instant"))),
    _fault("feed-no-composed", "Composed e-mails are not.", _only(_is_kind("Composed"))),
    _fault("feed-no-reminders", "Reminders are not there.", _only(_is_kind("Reminder"))),
    _fault("feed-no-older", "Older orders are not there.", _no_older),
    _fault(
        "feed-no-unmet",
        "Orders whose condition is not met are not there.",
        _only(lambda one: one["status"] == "Order_Completed"),
    ),
    _fault(
        "feed-no-failures",
        "Orders that reached nobody are not there.",
        _only(lambda one: any("Delivered" in each["status"] for each in one["recipients"])),
    ),
    _fault("feed-late", "Entries come a day late.", _aged(lambda age: age > timedelta(days=1))),
    _fault("feed-forgets", "Entries go after a week.", _aged(lambda age: age < timedelta(days=7))),
    _fault(
        "feed-cancelled", "Cancelled orders are there.", after(_cancelled_too, FEED, status=200)
    ),
    _fault("feed-of-all", "All organisations' are there.", after(_of_all, FEED, status=200)),
)
_TOLD = (
    _fault(
        "feed-other-status",
        "No condition was met.",
        _feed(lambda some: [{**one, "status": "Order_SendConditionNotMet"} for one in some]),
    ),
    _fault(
        "feed-all-completed",
        "All orders are completed.",
        _feed(lambda some: [{**one, "status": "Order_Completed"} for one in some]),
    ),
    _fault(
        "feed-one-type",
        "All orders are notifications.",
        _feed(lambda some: [{**one, "shipmentType": "Notification"} for one in some]),
    ),
    _fault("feed-type-as-shipment", "The type is that of shipments.", _each(_typed_as_shipment)),
    _fault("feed-recipient-types", "Recipients have a type.", _each(_typed_recipients)),
    _fault("feed-no-recipients", "Recipients are not told.", _each(_bare)),
    _fault("feed-no-reference", "References are not told.", _each(_no_reference)),
    _fault("feed-updated-now", "The last update is now.", after(_updated_now, FEED, status=200)),
    _fault("feed-live", "Entries follow their shipments.", after(_live, FEED, status=200)),
    _fault("feed-enveloped", "Entries are in an object.", _feed(lambda some: {"entries": some})),
)
_ORDER = (
    _fault("feed-backwards", "The newest come first.", _feed(lambda some: some[::-1])),
    _fault("feed-by-id", "Orders come by their ids.", _feed(_by_id)),
    _fault("feed-renumbered", "Each page counts from 1.", _feed(_renumbered)),
    _fault("feed-one-number", "All have one number.", _feed(_one_number)),
    _fault("feed-newest-default", "The newest come first if not asked.", _asked(_default_order)),
)
_PAGES = (
    _fault("feed-inclusive", "seq is the first, not the last one.", _asked(_inclusive)),
    _fault("feed-from-start", "seq is ignored.", _asked(_without("seq"))),
    _fault("feed-no-bound-below", "seq is ignored backwards.", _asked(_no_bound_below)),
    _fault("feed-any-number", "pageSize is ignored.", _asked(_without("pageSize"))),
    _fault("feed-one-more", "pageSize counts from 0.", _asked(_one_more)),
    _fault("feed-one-order", "orderBy is ignored.", _asked(_without("orderBy"))),
    _fault(
        "feed-takes-negative",
        "seq may be negative.",
        _asked(_takes("seq", lambda value: value.startswith("-"))),
    ),
    _fault(
        "feed-takes-word",
        "seq may be a word.",
        _asked(_takes("seq", lambda value: value == "x")),
    ),
    _fault(
        "feed-takes-large",
        "seq may be of 65 bits.",
        _asked(_takes("seq", lambda value: value == "9223372036854775808")),
    ),
    _fault(
        "feed-takes-word-size",
        "pageSize may be a word.",
        _asked(_takes("pageSize", lambda value: value == "x")),
    ),
    _fault(
        "feed-takes-any-order",
        "orderBy may be any word.",
        _asked(_takes("orderBy", lambda value: value == "newest")),
    ),
    _fault("feed-fails-high", "The highest seq is 500.", _fails_high),
)
_STATUSES = (
    _fault("feed-empty-404", "An empty feed is 404.", after(_empty, FEED, status=200)),
    _fault("feed-empty-204", "An empty feed is 204.", after(_no_content, FEED, status=200)),
    _fault("feed-422-for-400", "A bad query is 422.", after(refused(422), FEED, status=400)),
    _fault("feed-open", "The feed is open to all.", _open),
)
FAULTS = (*_ENTRIES, *_TOLD, *_ORDER, *_PAGES, *_STATUSES)
