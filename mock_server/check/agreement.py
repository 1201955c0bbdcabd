"""Create, read, list and status tell the same of one order, and its links lead to it."""

import json
from typing import Any
from urllib.parse import urlsplit

from mock_server.check.exchanges import Answer
from mock_server.check.made_orders import KINDS, Made, Orders
from mock_server.check.probe import Probe
from mock_server.formats.timestamps import format_timestamp, parse_timestamp
from mock_server.settings import BASE_PATH

MANY = 25
"""So many orders more of one reference are listed as one page, since lists have no pages."""

_VARIANTS: tuple[dict[str, Any], ...] = (
    {},
    {"ignoreReservation": True},
    {"ignoreReservation": False, "resourceId": "urn:altinn:resource:check"},
    {"resourceId": "urn:altinn:resource:check", "resourceAction": "read"},
    {"conditionEndpoint": "https://example.com/send-condition"},
)


def told_alike(probe: Probe, orders: Orders) -> None:
    """Create orders of every kind; create, read, list and status tell the same of each."""
    for operation_id in filter(probe.knows, KINDS):
        for variant in _VARIANTS:
            made = orders.make(operation_id, **variant)
            if made is not None:
                _holds_location(probe, made)
                _tell_alike(probe, orders, made)


def no_two_alike(probe: Probe, orders: Orders) -> None:
    """Orders of one reference have ids of their own, and are all listed by it, and no others."""
    first = orders.make()
    if first is None:
        return
    for other in (first.reference.upper(), f"{first.reference}x", f"x{first.reference}"):
        orders.make(sendersReference=other)
    more = [orders.make(sendersReference=first.reference) for _ in range(MANY)]
    query = {"sendersReference": first.reference}
    answer = probe.aim("listOrders", 200, "orders carry it", query=query)
    listed = sorted(str(one.get("id")) for one in answer.objects("orders"))
    wanted = sorted(one.id for one in (first, *more) if one is not None)
    got = f"{len(listed)} orders" if len(listed) != len(wanted) else "other orders"
    expected = "exactly the orders with this reference are listed"
    probe.hold("consistency", answer, expected, got=got, holds=listed == wanted)


def spelled_otherwise(probe: Probe, orders: Orders) -> None:
    """Other spellings of an id and of the path name the same order."""
    made = orders.make()
    if made is None:
        return
    for text in (made.id.upper(), made.id.replace("-", ""), f"{{{made.id}}}", f"({made.id})"):
        for name in ("getOrder", "getOrderStatus"):
            answer = probe.aim(name, 200, "an id in another spelling", order_id=text)
            _is_order(probe, answer, made)
    because = "an id in another spelling"
    cancelled = probe.aim("cancelOrder", 200, because, order_id=made.id.upper())
    _is_order(probe, cancelled, made)
    for path in ("/orders/{id}/cancel/", "/ORDERS/{id}/Cancel"):
        because = "a path in another spelling"
        answer = probe.aim("cancelOrder", 200, because, order_id=made.id, path=path)
        _is_order(probe, answer, made)


def read(probe: Probe, made: Made) -> list[Answer]:
    """Read the order *made* in each place: its status, itself, the list, and its notifications."""
    because = "the order is the caller's own"
    found = [
        probe.aim(name, 200, because, order_id=made.id, by=made.by)
        for name in ("getOrderStatus", "getOrder", "getEmailNotifications", "getSmsNotifications")
    ]
    query = {"sendersReference": made.reference}
    listed = probe.aim("listOrders", 200, "orders carry it", query=query, by=made.by)
    return [*found[:2], listed, *found[2:]]


def same(
    probe: Probe,
    check: str,
    expected: str,
    before: list[Answer],
    after: list[Answer],
    *,
    since: tuple[Answer, ...] = (),
) -> None:
    """
    Hold that answers *after* are those *before*, as far as both are 200.

    *since* are the answers of what could have changed them.
    """
    for old, new in zip(before, after, strict=True):
        if old.status == new.status == 200:
            names = {*old.document, *new.document}
            differing = sorted(n for n in names if old.document.get(n) != new.document.get(n))
            got = f"another {', '.join(differing)}"
            holds = old.json == new.json
            probe.hold(
                check,
                new,
                expected,
                got=got,
                holds=holds,
                also=(old, *since),
                seen=_changes(old, new, differing),
            )


def _changes(old: Answer, new: Answer, names: list[str]) -> str:
    """Return the members *names* as they were in *old*, and as they are in *new*."""
    return "; ".join(
        f"{name} was {_short(old.document.get(name))}, is {_short(new.document.get(name))}"
        for name in names
    )


def _short(value: Any) -> str:
    return "not there" if value is None else json.dumps(value, ensure_ascii=False)[:200]


def is_now(probe: Probe, answer: Answer, member: str, value: Any) -> None:
    """Hold that *value*, which *member* has, is the time of the request."""
    try:
        apart = abs((parse_timestamp(str(value)) - probe.now()).total_seconds())
    except ValueError:
        return  # no time at all, which is a finding already
    # Without a control plane, two machines' clocks and a slow line stand between.
    holds = apart < (0.01 if probe.control is not None else 60)
    probe.hold(
        "values",
        answer,
        f"{member} is the time of the request",
        got="another time",
        holds=holds,
        seen=f"{member} {value}, the request at {format_timestamp(probe.now())}",
    )


def _holds_location(probe: Probe, made: Made) -> None:
    location = made.answer.header("Location") or "none"
    expected = "Location is the order's own address"
    holds = is_link(probe, location, f"/orders/{made.id}")
    got = location.replace(made.id, "<id>")
    probe.hold("links", made.answer, expected, got=got, holds=holds)


def is_link(probe: Probe, link: str, end: str) -> bool:
    """
    Tell whether *link* leads to the order.

    Who is not told what links begin with may see another host, as of a public URL.
    """
    if probe.link_base is not None:
        return link == f"{probe.link_base}{end}"
    if link == f"{probe.base_url}{end}":
        return True
    here = urlsplit(probe.base_url)
    if here.port is not None and urlsplit(link).netloc == here.netloc:
        return False  # on one port speaks either http or https
    is_absolute = link.startswith(("https://", "http://"))
    return is_absolute and link.endswith(f"{BASE_PATH}{end}")


def _tell_alike(probe: Probe, orders: Orders, made: Made) -> None:
    status, order, listed, *notifications = read(probe, made)
    for answer in (status, order):
        if answer.status == 200:
            wrong = orders.wrong_echo(made, answer.document)
            expected, got = "the order is told as it was created", f"another {', '.join(wrong)}"
            probe.hold("consistency", answer, expected, got=got, holds=not wrong)
            _holds_links(probe, answer, made)
    if listed.status == order.status == 200 and listed.document and order.document:
        entries = [one for one in listed.objects("orders") if one == order.json]
        expected = "the list has the order once, as reading it tells"
        got = "not there, more than once, or otherwise"
        probe.hold("consistency", listed, expected, got=got, holds=len(entries) == 1)
    _is_new(probe, status)
    for answer in notifications:
        has_none(probe, answer)


def _holds_links(probe: Probe, answer: Answer, made: Made) -> None:
    links = answer.at("links")
    for link, end in (("self", ""), ("status", "/status")) if isinstance(links, dict) else ():
        told = str(links[link]) if link in links else "none"
        holds = is_link(probe, told, f"/orders/{made.id}{end}")
        expected = f"links.{link} is the order's own address{end}"
        probe.hold("links", answer, expected, got=told.replace(made.id, "<id>"), holds=holds)


def _is_new(probe: Probe, answer: Answer) -> None:
    if answer.status != 200:
        return
    status, created = answer.at("processingStatus", "status"), answer.at("created")
    is_as_created = answer.at("processingStatus", "lastUpdate") == created
    expected = "a new order is Registered, lastUpdate as created"
    got = f"{status}, lastUpdate {'' if is_as_created else 'not '}as created"
    holds = status == "Registered" and is_as_created
    probe.hold("lifecycle", answer, expected, got=got, holds=holds)
    is_now(probe, answer, "created", created)


def has_none(probe: Probe, answer: Answer) -> None:
    """Hold that there are no notifications of an order that awaits its time, or is stopped."""
    if answer.status == 200:
        told = (answer.at("generated"), answer.at("notifications"))
        expected, got = "no notifications of an order that is not sent", f"{told[0]} of them"
        probe.hold("never-sent", answer, expected, got=got, holds=told == (0, []))


def _is_order(probe: Probe, answer: Answer, made: Made) -> None:
    if answer.status == 200:
        got = str(answer.document.get("id")).replace(made.id, "<id>")
        expected = "the order that was asked for, its id in lower case with hyphens"
        probe.hold("consistency", answer, expected, got=got, holds=got == "<id>")
