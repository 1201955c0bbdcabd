"""Odd answers of a server: `check` ends with findings, never with a traceback."""

import json
from random import Random
from threading import Lock
from typing import Any

import pytest

from mock_server.check.credentials import Given
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


@pytest.mark.parametrize("seed", range(3))
def test_odd_answers_are_findings(seed: int) -> None:
    with ConditionServer(Oddity(seed)) as server:
        wanted = Wanted(
            base_url=f"http://127.0.0.1:{server.port}/notifications/api/v1",
            given=Given(bearer="a.b.c"),
            uses_control=False,
            max_examples=0,
            seed=seed,
        )

        outcome = check(wanted, lambda *_: None)

    assert outcome.verdict == "fail"
