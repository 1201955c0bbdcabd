"""Odd answers of a server: `check` ends with findings, never with a traceback."""

import json
from random import Random
from threading import Lock
from typing import Any

import pytest

from mock_server.check import probe
from mock_server.check.causes import causes
from mock_server.check.credentials import Given
from mock_server.check.findings import Finding, Record
from mock_server.check.outcome import Outcome
from mock_server.check.run import Wanted, check
from tests.support.condition_servers import ConditionServer, Connection, reply

pytestmark = pytest.mark.slow

VALUES: tuple[Any, ...] = (None, True, 0, -1.5, "", "x", [], [1], [{}], {}, {"a": {}}, 10**30)
NAMES = (
    "orderId",
    "id",
    "status",
    "created",
    "processingStatus",
    "orders",
    "count",
    "notifications",
    "notificationsStatusSummary",
    "generated",
    "recipients",
    "links",
    "emailTemplate",
    "errors",
    "traceId",
)
STATUSES = ("200 OK", "202 Accepted", "400 Bad", "404 Not", "409 No", "500 Oops", "299 Odd")
TYPES = ("application/json", "application/problem+json", "text/plain")


class Oddity:
    """Answers JSON of any shape, with any status."""

    def __init__(self, seed: int) -> None:
        """Be as odd as *seed* says."""
        self._random = Random(seed)  # noqa: S311 - repeatable
        self._lock = Lock()

    def __call__(self, connection: Connection) -> None:
        """Answer one request, and hang up."""
        with self._lock:
            status = self._random.choice(STATUSES)
            body = json.dumps(self._value(3)).encode()
            media_type = f"Content-Type: {self._random.choice(TYPES)}"
        connection.send(reply(body, media_type, "Connection: close", status=status))

    def _value(self, depth: int) -> Any:
        if depth == 0:
            return self._random.choice(VALUES)
        members = {name: self._value(depth - 1) for name in self._random.sample(NAMES, 6)}
        nested = members.get("processingStatus")
        if isinstance(nested, dict):
            told = {name: self._random.choice(VALUES) for name in ("status", "lastUpdate")}
            members["processingStatus"] = nested | told
        return self._random.choice((members, members, members, [members], True))


def judged(seed: int, most: int | None = None) -> Outcome:
    """Return the outcome of a check of odd answers that ends at *most* findings."""
    with ConditionServer(Oddity(seed)) as server:
        wanted = Wanted(
            base_url=f"http://127.0.0.1:{server.port}/notifications/api/v1",
            given=Given(bearer="a.b.c"),
            uses_control=False,
            max_examples=0,
            max_findings=most,
            seed=seed,
        )
        return check(wanted, lambda *_: None)


@pytest.mark.parametrize("seed", range(3))
def test_odd_answers_are_findings(seed: int) -> None:
    assert judged(seed).verdict == "fail"


def test_findings_are_not_counted_at_each_breach(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = list[int]()

    def counting(record: Record) -> list[Finding]:
        counts.append(record.broken)
        return causes(record)

    monkeypatch.setattr(probe, "causes", counting)

    outcome = judged(1, most=200)

    assert len(outcome.findings) >= 200
    assert len(counts) < counts[-1] / 4
