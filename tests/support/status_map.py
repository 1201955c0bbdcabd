"""Which statuses of which operations a run reached, and whether each for its own reason."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from tests.schemathesis.exchanges import Exchange, Promise, World
from tests.schemathesis.reasons import reasons

GATEWAY = frozenset({405, 415, 431})
"""Statuses that belong to the path or the head of a request rather than to an operation."""


def unreached(
    exchanges: Iterable[Exchange], promised: Iterable[Promise], world: World
) -> set[tuple[str, int, str]]:
    """Return each (operationId, status, reason) that should have happened and did not."""
    by_pair = {(promise.operation_id, promise.status): promise for promise in promised}
    missing = {(*pair, name) for pair, promise in by_pair.items() for name in reasons(promise)}
    before: frozenset[str] = frozenset()
    for exchange in exchanges:
        promise = by_pair.get((exchange.operationId, exchange.status))
        if promise is not None and exchange.isOwnMethod:
            missing -= set(_reached(exchange, promise, world, before))
        if exchange.operationId == "cancelOrder" and exchange.status == 200 and exchange.order_id:
            before |= {exchange.order_id}
    return missing


def _reached(
    exchange: Exchange, promise: Promise, world: World, before: frozenset[str]
) -> Iterator[tuple[str, int, str]]:
    if not promise.always.items() <= exchange.problem.items():
        return
    for name, reason in reasons(promise).items():
        if reason.holds(exchange, world, before):
            yield promise.operation_id, promise.status, name


def undocumented(
    exchanges: Iterable[Exchange], promised: Iterable[Promise]
) -> set[tuple[str, int]]:
    """Return each (operationId, status) that was not *promised*; another method gets only 405."""
    pairs = {(promise.operation_id, promise.status) for promise in promised}
    return {
        (exchange.operationId, exchange.status)
        for exchange in exchanges
        if exchange.status not in GATEWAY
        and ((exchange.operationId, exchange.status) not in pairs or not exchange.isOwnMethod)
    }


def status_map(exchanges: Iterable[Exchange]) -> dict[str, Counter[int]]:
    """Return how often each status was reached, by operationId."""
    counted: dict[str, Counter[int]] = defaultdict(Counter)
    for exchange in exchanges:
        counted[exchange.operationId][exchange.status] += 1
    return dict(counted)


def as_table(counted: Mapping[str, Counter[int]]) -> list[str]:
    """Return the status map as lines of text."""
    width = max(map(len, counted), default=0) + 1
    return [
        f"{operation:<{width}}"
        + "  ".join(f"{status}: {number}" for status, number in sorted(by.items()))
        for operation, by in sorted(counted.items())
    ]
