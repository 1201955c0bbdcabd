"""Record of one run: each breach that was seen, how often, and of which answers."""

from collections import Counter
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from mock_server.check.exchanges import Answer, printable

MOST_TOLD = 500
"""A finding's *got* is cut after so many characters."""

MOST_KEPT = 5_000
"""So many occurrences of one breach are told apart; further ones are only counted."""

Key = tuple[str, str, str, str]
"""Check, operationId, expected and got: by which a breach is known again in another run."""

Mark = tuple[str, str, float]
"""Method, URL and time of an answer: tells it from every other of one run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """
    The rule behind an expected status: *rule* in words, the statuses *wanted*, and the *check*.

    Requests of many scenarios may be in one situation, such as the cancel of an order that is
    cancelled already: then they have one cause.
    """

    rule: str
    wanted: str
    check: str


@dataclass(slots=True, kw_only=True)
class Breach:
    """
    One breach by its *key*: how often it was seen (*count*), and of which answers.

    *marks* has for each occurrence the answers that it is about. *seen* are the values of the
    first one, in words; empty where *got* says all.
    """

    key: Key
    answer: Answer
    situation: Situation | None = None
    seen: str = ""
    count: int = 0
    marks: list[frozenset[Mark]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """
    One cause: *expected* and *got* of its *operations*, and the findings that *follow* from it.

    *title* is one line. *count* tells how often, *rate* (0 to 1) of how many times that it was
    looked at. *answer* is the answer first seen, *curl* the request behind it. *keys* are all
    breaches that it stands for, without those that follow.
    """

    title: str
    check: str
    operation_id: str
    expected: str
    got: str
    seen: str
    curl: str
    answer: str
    count: int
    rate: float
    operations: tuple[str, ...]
    keys: frozenset[Key]
    follows: tuple["Finding", ...] = ()

    def as_document(self) -> dict[str, Any]:
        """Return the finding as the JSON report has it."""
        return {
            "cause": self.title,
            "check": self.check,
            "operationId": self.operation_id,
            "operations": list(self.operations),
            "expected": self.expected,
            "got": self.got,
            "seen": self.seen,
            "curl": self.curl,
            "answer": self.answer,
            "count": self.count,
            "rate": round(self.rate, 4),
            "breaches": [list(key) for key in sorted(self.keys)],
            "follows": [one.as_document() for one in self.follows],
        }


class Record:
    """All that one run judged. Safe to use from several threads."""

    def __init__(self) -> None:
        """Begin without findings."""
        self._lock = Lock()
        self._judged: Counter[tuple[str, ...]] = Counter()
        self._breaches: dict[Key, Breach] = {}

    def judge(  # noqa: PLR0913 - whatever there is to say of one answer
        self,
        check: str,
        operation_id: str,
        answer: Answer,
        *,
        expected: str,
        got: str,
        holds: bool,
        situation: Situation | None = None,
        also: Answer | tuple[Answer, ...] = (),
        seen: str = "",
    ) -> bool:
        """
        Count *answer* as seen by *check*, a breach if it does not hold; return *holds*.

        *also* are the answers that it was compared with.
        """
        with self._lock:
            self._judged[check, operation_id, expected] += 1
            if situation is not None:
                self._judged[situation.rule, situation.wanted, operation_id, ""] += 1
            if not holds:
                key = (check, operation_id, expected, printable(got[:MOST_TOLD]))
                if key not in self._breaches:
                    told = printable(seen[:MOST_TOLD])
                    self._breaches[key] = Breach(
                        key=key, answer=answer, situation=situation, seen=told
                    )
                breach = self._breaches[key]
                breach.count += 1
                if len(breach.marks) < MOST_KEPT:
                    others = also if isinstance(also, tuple) else (also,)
                    breach.marks.append(frozenset(map(_mark, (answer, *others))))
        return holds

    def breaches(self) -> list[Breach]:
        """Return every breach that was seen, in the order in which they were first."""
        with self._lock:
            return list(self._breaches.values())

    @property
    def broken(self) -> int:
        """How many breaches were seen so far."""
        return len(self._breaches)

    def judged(self, check: str) -> int:
        """Return how often *check* looked at something."""
        with self._lock:
            found = self._judged.items()
            return sum(times for key, times in found if len(key) == 3 and key[0] == check)

    def looked_at(self, breach: Breach) -> int:
        """Return how often the rule of *breach* was looked at, for its operation."""
        situation = breach.situation
        with self._lock:
            if situation is None:
                return self._judged[breach.key[:3]]
            return self._judged[situation.rule, situation.wanted, breach.key[1], ""]


def _mark(answer: Answer) -> Mark:
    return answer.request.method, answer.request.url, answer.ended
