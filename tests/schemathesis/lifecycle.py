"""Lifecycles of the orders of a run: each answer judged by those before it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.schemathesis.exchanges import OWN, Exchange

Transitions = Mapping[str, Iterable[str]]


@dataclass(slots=True)
class _Seen:
    """What one order last told one organisation."""

    progress: Mapping[str, str] | None = None
    as_registered: Any = None
    is_refused: bool = False


class Lifecycles:
    """
    A model of every order by sandbox, id and organisation.

    Time stands still, so an order that could not be cancelled never can be.
    """

    def __init__(self, org: str, transitions: Transitions, open_to_all: frozenset[str]) -> None:
        """
        Judge answers to *org*; states change only by *transitions*, one or several of them.

        *open_to_all* are the operations that ask for no credential.
        """
        self._org = org
        self._open_to_all = open_to_all
        self._reachable = {state: _closure(state, transitions) for state in transitions}
        self._seen: dict[tuple[str, str, str], _Seen] = {}
        self.broken: list[str] = []

    def observe(self, exchange: Exchange) -> None:
        """Judge one more *exchange*, later than all before."""
        if exchange.operationId in self._open_to_all:
            return
        if exchange.status < 400 and exchange.credential != OWN:
            self._tell(exchange, f"answered to the credential '{exchange.credential}'")
        if exchange.credential != OWN or not exchange.isOwnMethod:
            return
        for document in _orders(exchange):
            self._observe_order(exchange, document)
        if exchange.status in {404, 409} and (key := self._key(exchange, exchange.order_id)):
            self._observe_refusal(exchange, key)

    def _observe_order(self, exchange: Exchange, document: Mapping[str, Any]) -> None:
        key = self._key(exchange, document.get("id", document.get("orderId")))
        if key is None:
            self._tell(exchange, f"no id in {document}")
            return
        if "notifications" in document:
            self._observe_notifications(exchange, key, document)
            return
        if "orderId" in document and key in self._seen:
            self._tell(exchange, "an id given twice")
        seen = self._seen.setdefault(key, _Seen())
        if document.get("creator", self._org) != self._org:
            self._tell(exchange, f"an order of {document['creator']}")
        if "processingStatus" in document:
            self._observe_progress(exchange, seen, document["processingStatus"])
        elif "links" in document:
            if seen.as_registered not in {None, _frozen(document)}:
                self._tell(exchange, "what was registered has changed")
            seen.as_registered = _frozen(document)

    def _observe_notifications(
        self, exchange: Exchange, key: tuple[str, str, str], document: Mapping[str, Any]
    ) -> None:
        progress = self._seen.setdefault(key, _Seen()).progress or {"status": "unknown"}
        if document["generated"] and progress["status"] in {"Cancelled", "SendConditionNotMet"}:
            self._tell(exchange, f"notifications of an order that is {progress['status']}")

    def _observe_progress(
        self, exchange: Exchange, seen: _Seen, progress: Mapping[str, str]
    ) -> None:
        if exchange.operationId == "cancelOrder":
            if progress["status"] != "Cancelled":
                self._tell(exchange, f"200, yet {progress['status']}")
            if seen.is_refused:
                self._tell(exchange, "200 after 409")
        before = seen.progress
        if before is not None and before != progress:
            allowed = self._reachable.get(before["status"], set())
            if before["status"] == progress["status"] or progress["status"] not in allowed:
                self._tell(exchange, f"{progress} after {before}")
        seen.progress = progress

    def _observe_refusal(self, exchange: Exchange, key: tuple[str, str, str]) -> None:
        known = key in self._seen
        if exchange.status == 404 and known:
            self._tell(exchange, "404 of an order that was there")
            return
        if exchange.status == 404:
            return
        seen = self._seen.setdefault(key, _Seen())
        if seen.progress is not None and seen.progress["status"] == "Cancelled":
            self._tell(exchange, "409 after Cancelled")
        seen.is_refused = True

    def _key(self, exchange: Exchange, order_id: str | None) -> tuple[str, str, str] | None:
        before, _, rest = urlsplit(exchange.url).path.partition("/__sandbox/")
        sandbox = rest.split("/")[0] if not before and rest else "default"
        return None if order_id is None else (sandbox, order_id, self._org)

    def _tell(self, exchange: Exchange, what: str) -> None:
        self.broken.append(f"{exchange.operationId} {exchange.url} {exchange.status}: {what}")


def broken_lifecycles(
    exchanges: Iterable[Exchange],
    org: str,
    transitions: Transitions,
    open_to_all: frozenset[str] = frozenset(),
) -> list[str]:
    """Return, in words, the answers that no order could have given; see `Lifecycles`."""
    model = Lifecycles(org, transitions, open_to_all)
    for exchange in exchanges:
        model.observe(exchange)
    return model.broken


def _orders(exchange: Exchange) -> list[Mapping[str, Any]]:
    if exchange.status not in {200, 202} or not exchange.problem:
        return []
    listed = exchange.problem.get("orders")
    return [exchange.problem] if listed is None else list(listed)


def _frozen(document: Mapping[str, Any]) -> str:
    return repr(sorted(document.items()))


def _closure(state: str, transitions: Transitions) -> set[str]:
    reached: set[str] = set()
    ahead = list(transitions[state])
    while ahead:
        following = ahead.pop()
        if following not in reached:
            reached.add(following)
            ahead.extend(transitions[following])
    return reached
