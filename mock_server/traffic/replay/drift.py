"""Drift: the differences of a replay, each kind once, with its consequences below it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from mock_server.check.curls import as_curl
from mock_server.check.exchanges import Answer, printable
from mock_server.check.findings import Finding
from mock_server.traffic.replay.comparison import KINDS, Difference
from mock_server.traffic.replay.har_reading import RecordedExchange
from mock_server.traffic.replay.identities import guids, plain

Key = tuple[str, str, str, str]
"""Kind, operation, status and place: by which a difference is known again."""

_SHOWN = 300


@dataclass
class _Drift:
    """One kind of difference, as it was seen first."""

    key: Key
    title: str
    difference: Difference
    curl: str
    answer: str
    count: int = 0
    follows: "list[_Drift]" = field(default_factory=list)


class Drifts:
    """All differences of one replay, in the order in which they are seen."""

    def __init__(self) -> None:
        """Begin with none."""
        self._drifts: dict[Key, _Drift] = {}
        self._below: dict[tuple[Key, Key], _Drift] = {}
        self._tainted: dict[str, _Drift] = {}
        self._compared: Counter[tuple[str, str]] = Counter()

    def compared(self, operation: str, status: int) -> None:
        """Count an answer of *operation*, recorded with *status*, as compared."""
        self._compared[operation, str(status)] += 1

    def add(
        self,
        exchange: RecordedExchange,
        operation: str,
        what: str,
        found: Difference,
        answer: Answer,
    ) -> None:
        """Take a difference *found* between the answers to *exchange*, which is a *what*."""
        status = str(exchange.answer.status)
        key = (found.kind, operation, status, found.place)
        ids = _ids(exchange)
        cause = next((self._tainted[one] for one in ids if one in self._tainted), None)
        if cause is not None and cause.key != key:
            self._follow(cause, key, what, found, answer)
            return
        drift = self._drifts.get(key)
        if drift is None:
            drift = self._drifts[key] = self._made(key, what, found, answer)
        drift.count += 1
        if found.kind == "status" and exchange.method != "GET":
            # The state is another one from here on.
            for one in ids:
                self._tainted.setdefault(one, drift)

    def _made(self, key: Key, what: str, found: Difference, answer: Answer) -> _Drift:
        return _Drift(
            key,
            _title(what, key[2], found),
            found,
            as_curl(answer.request),
            answer.in_words(),
        )

    def _follow(
        self, cause: _Drift, key: Key, what: str, found: Difference, answer: Answer
    ) -> None:
        drift = self._below.get((cause.key, key))
        if drift is None:
            drift = self._below[cause.key, key] = self._made(key, what, found, answer)
            cause.follows.append(drift)
        drift.count += 1

    def findings(self) -> Sequence[Finding]:
        """Return the drift, each kind once, statuses first."""
        order = [*KINDS]
        found = sorted(self._drifts.values(), key=lambda drift: order.index(drift.key[0]))
        return [self._finding(drift) for drift in found]

    def _finding(self, drift: _Drift) -> Finding:
        kind, operation, status, _ = drift.key
        total = max(self._compared[operation, status], drift.count)
        return Finding(
            title=drift.title,
            check=kind,
            operation_id=operation,
            expected=f"{status}: {_cut(drift.difference.recorded)}",
            got=_cut(drift.difference.replayed),
            seen="",
            curl=drift.curl,
            answer=drift.answer,
            count=drift.count,
            rate=min(1.0, drift.count / total),
            operations=(operation,),
            keys=frozenset({drift.key}),
            follows=tuple(self._finding(each) for each in drift.follows),
        )


def _title(what: str, status: str, found: Difference) -> str:
    recorded, replayed = _cut(found.recorded, 80), _cut(found.replayed, 80)
    if found.kind == "status":
        return f"{what}: recorded {recorded}, replayed {replayed}"
    return f"{what} {status}, {found.place or 'the body'}: recorded {recorded}, replayed {replayed}"


def _cut(text: str, most: int = _SHOWN) -> str:
    flat = printable(" ".join(text.split()))
    return flat if len(flat) <= most else f"{flat[:most]}…"


def _ids(exchange: RecordedExchange) -> list[str]:
    """Return the ids in the target and the answer of *exchange*."""
    answer = (exchange.answer.body or b"").decode("utf-8", "replace")
    texts = (exchange.target, answer[:20_000])
    return [plain(found[0]) for text in texts for found in guids(text)]
