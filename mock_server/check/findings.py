"""What was found, by cause: how often, of how many times that it was looked at."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from mock_server.check.checks import CHECKS
from mock_server.check.exchanges import Answer, printable

MOST_TOLD = 500
"""A finding's *got* is cut after so many characters."""

Cause = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """
    One breach of the contract: what was *expected* of an operation, and what was *got*.

    *count* tells how often, *rate* (0 to 1) of how many times that it was looked at. *answer* is
    the body first seen, *curl* the request behind it.
    """

    check: str
    operation_id: str
    expected: str
    got: str
    curl: str
    answer: str
    count: int
    rate: float

    @property
    def cause(self) -> Cause:
        """By which a finding is known again in another run."""
        return self.check, self.operation_id, self.expected, self.got

    def as_document(self) -> dict[str, Any]:
        """Return the finding as the JSON report has it."""
        return {
            "check": self.check,
            "operationId": self.operation_id,
            "expected": self.expected,
            "got": self.got,
            "curl": self.curl,
            "answer": self.answer,
            "count": self.count,
            "rate": round(self.rate, 4),
        }


class Record:
    """All that one run judged. Safe to use from several threads."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._lock = Lock()
        self._judged: Counter[tuple[str, str, str]] = Counter()
        self._broken: Counter[Cause] = Counter()
        self._first: dict[Cause, Answer] = {}

    def judge(
        self, check: str, operation_id: str, answer: Answer, *, expected: str, got: str, holds: bool
    ) -> bool:
        """Take down that *check* looked at *answer*, and what came of it; return *holds*."""
        with self._lock:
            self._judged[check, operation_id, expected] += 1
            if not holds:
                cause = (check, operation_id, expected, printable(got[:MOST_TOLD]))
                self._broken[cause] += 1
                self._first.setdefault(cause, answer)
        return holds

    def findings(self) -> list[Finding]:
        """Return what was found, in the order of the checks, then by cause."""
        order = {check: number for number, check in enumerate(CHECKS)}
        with self._lock:
            found = sorted(self._broken, key=lambda one: (order[one[0]], one[2], one[3], one[1]))
            return [self._finding(cause) for cause in found]

    @property
    def broken(self) -> int:
        """How many causes were found so far."""
        return len(self._broken)

    def new(self, accepted: frozenset[Cause]) -> int:
        """Return how many causes were found so far that are not *accepted*."""
        return len(self._broken.keys() - accepted)

    def judged(self, check: str) -> int:
        """Return how often *check* looked at something."""
        with self._lock:
            return sum(times for (name, _, _), times in self._judged.items() if name == check)

    def _finding(self, cause: Cause) -> Finding:
        check, operation_id, expected, got = cause
        answer = self._first[cause]
        return Finding(
            check=check,
            operation_id=operation_id,
            expected=expected,
            got=got,
            curl=answer.request.as_curl(),
            answer=answer.in_words(),
            count=self._broken[cause],
            rate=self._broken[cause] / self._judged[check, operation_id, expected],
        )


def by_cause(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Return *findings* in groups of one check, expected and got alike, for every operation."""
    found: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        found.setdefault((finding.check, finding.expected, finding.got), []).append(finding)
    return list(found.values())
