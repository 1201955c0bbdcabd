"""Model of cancellation: each answer follows from those before it."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from typing import Any

from mock_server.check.agreement import is_now, read, same
from mock_server.check.exchanges import Answer
from mock_server.check.findings import Situation
from mock_server.check.made_orders import KINDS, Made, Orders
from mock_server.check.probe import Probe
from mock_server.check.situations import CANCELLED_AGAIN

REPEATS = 5
"""How often a cancel is repeated."""

ROUNDS = 12
"""How often an order is created and cancelled only to see whether it always goes well."""

LIES = timedelta(seconds=2)
"""How long an order lies before its cancel where a control plane moves the clock."""

_LIES_WITHOUT = 1.1
"""As `LIES`, in seconds, where it has to be waited for: clocks of whole seconds tell it, too."""

_AT_ONCE = 8
_RARE: Mapping[str, Any] = {"ignoreReservation": True, "resourceId": "urn:altinn:resource:check"}
"""Members that many orders do without."""


Lying = Callable[[Probe, Orders], Iterator[None]]
"""Part of a scenario that makes orders, yields once for them to lie, and goes on with them."""


def after_a_while(*parts: Lying) -> Callable[[Probe, Orders], None]:
    """Return the scenario of all *parts*, whose orders lie together, since that may be waited."""

    def scenario(probe: Probe, orders: Orders) -> None:
        begun = [part(probe, orders) for part in parts]
        for part in begun:
            next(part)
        lie(probe)
        for part in begun:
            next(part, None)

    return scenario


def cancelled_for_good(probe: Probe, orders: Orders) -> Iterator[None]:
    """Cancel; every later cancel and read agrees, and the rest is unchanged."""
    pairs = list[tuple[Made, Made]]()
    for operation_id in filter(probe.knows, KINDS):
        bystander = orders.make(operation_id)
        if bystander is None:
            continue
        made = orders.make(operation_id, sendersReference=bystander.reference, **_RARE)
        if made is not None:
            pairs.append((made, bystander))
    told = [(read(probe, made), read(probe, bystander)) for made, bystander in pairs]
    yield
    for (made, bystander), (before, apart) in zip(pairs, told, strict=True):
        cancelled = probe.aim("cancelOrder", 200, "the order is far ahead", order_id=made.id)
        if cancelled.status == 200:
            is_cancelled(probe, before[0], cancelled, has_lain=True)
            _stays_cancelled(probe, made, cancelled, before)
        same(probe, "isolation", "another order is as it was", apart, read(probe, bystander))


def again_and_again(probe: Probe, orders: Orders) -> Iterator[None]:
    """Create, cancel and read many times, to see rare failures."""
    because = "the order is the caller's own"
    listed = [made for made in (orders.make() for _ in range(ROUNDS)) if made is not None]
    told = [probe.aim("getOrderStatus", 200, because, order_id=made.id) for made in listed]
    yield
    for made, before in zip(listed, told, strict=True):
        cancelled = probe.aim("cancelOrder", 200, "the order is far ahead", order_id=made.id)
        if cancelled.status == 200:
            is_cancelled(probe, before, cancelled, has_lain=True)
            _repeat(probe, made, cancelled)
        after = probe.aim("getOrderStatus", 200, because, order_id=made.id)
        same(probe, "lifecycle", "the status tells what cancel told", [cancelled], [after])


def with_any_body(probe: Probe, orders: Orders) -> None:
    """Cancel with a body of any type, chunked or not: it is ignored."""
    for body, media_type, is_chunked in (
        (b"{}", "application/json", False),
        (b"not json", "application/json", False),
        (b"<x/>", "text/xml", False),
        (b"\xff\xfe", "application/octet-stream", True),
        (b"x=1", None, True),
        (b"", "application/json", False),
    ):
        made = orders.make()
        if made is not None:
            headers = {"Content-Type": media_type} if media_type else {}
            how: dict[str, Any] = {"body": body, "headers": headers, "is_chunked": is_chunked}
            _cancels(probe, "a body is ignored", made, **how)
    made = orders.make()
    if made is not None:
        _cancels(probe, "a query is ignored", made, query={"reason": "check"})


def _cancels(probe: Probe, because: str, made: Made, **how: Any) -> None:
    """Cancel in an odd way, and hold that the order is Cancelled by that."""
    answer = probe.aim("cancelOrder", 200, because, order_id=made.id, **how)
    if answer.status == 200:
        got = str(answer.at("processingStatus", "status"))
        expected = f"Cancelled, since {because}"
        probe.hold("lifecycle", answer, expected, got=got, holds=got == "Cancelled")


def at_the_same_time(probe: Probe, orders: Orders) -> None:
    """Many cancels of one order at the same time: all 200, and all with one `lastUpdate`."""
    made = orders.make()
    if made is None:
        return
    request = probe.request("cancelOrder", order_id=made.id)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = list(pool.map(lambda _: probe.transport.send(request), range(3 * _AT_ONCE)))
    is_done = any(answer.status == 200 for answer in answers)
    again = Situation(rule=CANCELLED_AGAIN, wanted="200", check="lifecycle") if is_done else None
    for answer in answers:
        probe.take("cancelOrder", answer, is_other=False)
        expected = "200: an order can be cancelled by many at the same time"
        got, holds = answer.trouble or str(answer.status), answer.status == 200
        probe.hold("concurrency", answer, expected, got=got, holds=holds, situation=again)
    whole = [answer for answer in answers if answer.status == 200]
    bodies = {answer.body for answer in whole}
    if whole:
        expected, got = "one answer to cancels at the same time", f"{len(bodies)} different ones"
        probe.hold("concurrency", whole[0], expected, got=got, holds=len(bodies) == 1)


def lie(probe: Probe) -> None:
    """Let orders lie for more than a second, so that their cancel has a time of its own."""
    if probe.control is not None:
        probe.advance(LIES)
    else:
        Event().wait(_LIES_WITHOUT)


def is_cancelled(probe: Probe, before: Answer, answer: Answer, *, has_lain: bool = False) -> None:
    """
    Hold that *answer* tells of a cancellation now, and else the same as *before*.

    Where the order *has_lain* before its cancel, `lastUpdate` is later than it was.
    """
    told, was = dict(answer.document), dict(before.document)
    for document in (told, was):
        document.pop("processingStatus", None)
    got = str(answer.at("processingStatus", "status"))
    expected = "the answer of cancel tells Cancelled"
    probe.hold("lifecycle", answer, expected, got=got, holds=got == "Cancelled")
    if before.status == 200:
        changed = sorted(name for name in {*told, *was} if told.get(name) != was.get(name))
        expected = "cancel changes nothing but the status and lastUpdate"
        got = f"it changed {', '.join(changed)}"
        probe.hold("lifecycle", answer, expected, got=got, holds=not changed, also=before)
    if has_lain and before.status == 200:
        _is_later(probe, before, answer)
    is_now(probe, answer, "lastUpdate", answer.at("processingStatus", "lastUpdate"))


def _is_later(probe: Probe, before: Answer, answer: Answer) -> None:
    """Hold that the cancel has moved `lastUpdate`, which was told *before*."""
    was, told = (one.at("processingStatus", "lastUpdate") for one in (before, answer))
    expected = "cancel sets lastUpdate to its own time"
    got = "lastUpdate as it was before the cancel"
    seen = f"lastUpdate was {was}, is {told}; created {answer.at('created')}"
    probe.hold("lifecycle", answer, expected, got=got, holds=told != was, also=before, seen=seen)


def _repeat(probe: Probe, made: Made, cancelled: Answer) -> None:
    because = "the order is cancelled already"
    again = probe.aim("cancelOrder", 200, because, order_id=made.id, by=made.by)
    same(probe, "lifecycle", "a repeated cancel answers as the first", [cancelled], [again])


def _stays_cancelled(probe: Probe, made: Made, cancelled: Answer, before: list[Answer]) -> None:
    for _ in range(REPEATS):
        _repeat(probe, made, cancelled)
    status, *others = read(probe, made)
    again = probe.aim("getOrderStatus", 200, "it is read again", order_id=made.id)
    for told in (status, again):
        same(probe, "lifecycle", "the status tells what cancel told", [cancelled], [told])
    expected = "cancel leaves the order as registered, the list, and no notifications"
    same(probe, "lifecycle", expected, before[1:], others)
