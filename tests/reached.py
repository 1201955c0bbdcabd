"""What a run reached: which statuses of which operations, for which reasons, in which order."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from mock_server.guids import parse_guid

Exchange = Mapping[str, Any]
GATEWAY = frozenset({405, 415, 431})
"""Statuses that belong to the path or the head rather than to an operation."""

REASONS: dict[int, dict[str, str]] = {
    400: {"id": "is not valid"},
    401: {"no token": "No token was sent.", "a bad token": " was refused: "},
    403: {"no scope": "lacks the scope", "no organisation": "names no organisation"},
    404: {"no such order": "No order has the id"},
    413: {"too large": "larger than"},
    415: {"another type": "is not read here", "no type": "No Content-Type was sent"},
    409: {"too late": "requested send time", "not Registered": "only an order that is Registered"},
}
"""For each refusal its reasons, and the words of `detail` by which each is known."""

_CREATE = {"unreadable": " field is required.", "a rule": " recipient"}
OWN_REASONS: dict[tuple[str, int], dict[str, str]] = {
    ("createOrder", 400): _CREATE,
    ("createEmailOrder", 400): _CREATE,
    ("createSmsOrder", 400): _CREATE,
    ("listOrders", 400): {"none": "was not provided", "blank": "field is required"},
}
"""The same, where an operation has reasons of its own."""


def status_map(exchanges: Iterable[Exchange]) -> dict[str, Counter[int]]:
    """Return how often each status was reached, by operationId."""
    counted: dict[str, Counter[int]] = defaultdict(Counter)
    for exchange in exchanges:
        counted[exchange["operationId"]][exchange["status"]] += 1
    return dict(counted)


def undocumented(
    exchanges: Iterable[Exchange], documented: Mapping[str, frozenset[int]]
) -> set[tuple[str, int]]:
    """Return each (operationId, status) that happened and is not in *documented*."""
    return {
        (operation, status)
        for operation, counted in status_map(exchanges).items()
        for status in counted
        if status not in documented[operation] | GATEWAY
    }


def unreached(
    exchanges: Iterable[Exchange], documented: Mapping[str, frozenset[int]]
) -> set[tuple[str, int, str]]:
    """Return each (operationId, status, reason) that should have happened and did not."""
    wanted = {
        (operation, status, reason)
        for operation, statuses in documented.items()
        for status in statuses
        for reason in _reasons(operation, status)
    }
    return wanted - set(_reached(exchanges))


def _reasons(operation: str, status: int) -> Mapping[str, str]:
    found = OWN_REASONS.get((operation, status)) or REASONS.get(status)
    if found is not None:
        return found
    return {"first": "", "repeated": ""} if operation == "cancelOrder" else {"success": ""}


def _reached(exchanges: Iterable[Exchange]) -> Iterator[tuple[str, int, str]]:
    cancelled: set[str] = set()
    for exchange in exchanges:
        operation, status = exchange["operationId"], exchange["status"]
        if operation == "cancelOrder" and status == 200:
            order_id = exchange["body"]["id"]
            yield operation, status, "repeated" if order_id in cancelled else "first"
            cancelled.add(order_id)
        elif status < 400:
            yield operation, status, "success"
        else:
            yield from _refused(exchange)


def _refused(exchange: Exchange) -> Iterator[tuple[str, int, str]]:
    detail = (exchange["body"] or {}).get("detail", "")
    for reason, words in _reasons(exchange["operationId"], exchange["status"]).items():
        if words in detail:
            yield exchange["operationId"], exchange["status"], reason


def broken_lifecycles(exchanges: Iterable[Exchange]) -> list[str]:
    """
    Return what no order of the real service could have answered, in words.

    Once cancelled, an order answers every later cancel of its creator with 200, the status
    Cancelled and the same lastUpdate; before that it may refuse.
    """
    seen: dict[str, Any] = {}
    broken = []
    for exchange in exchanges:
        order_id = _order_id(exchange)
        if exchange["operationId"] != "cancelOrder" or order_id is None:
            continue
        if exchange["status"] == 200:
            now = exchange["body"]["processingStatus"]
            before = seen.setdefault(order_id, now)
            if now["status"] != "Cancelled" or before != now:
                broken.append(f"{order_id}: {now} after {before}")
        elif exchange["status"] == 409 and order_id in seen:
            broken.append(f"{order_id}: 409 after 200")
    return broken


def _order_id(exchange: Exchange) -> str | None:
    segments = urlsplit(exchange["url"]).path.split("/orders/")
    if len(segments) != 2:
        return None
    try:
        return str(parse_guid(unquote(segments[1].split("/")[0])))
    except ValueError:
        return None


def as_table(counted: Mapping[str, Counter[int]]) -> list[str]:
    """Return the status map as lines of text."""
    return [
        f"{operation:<26}"
        + "  ".join(f"{status}: {number}" for status, number in sorted(by.items()))
        for operation, by in sorted(counted.items())
    ]
