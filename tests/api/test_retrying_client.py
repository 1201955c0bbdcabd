"""A client with retries, as integrators write it: what it survives, and what the journal shows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from mock_server.domain.clock import wall_now
from tests.conftest import TTD_ORDER, Client
from tests.support.create_bodies import EMAIL
from tests.support.eventually import eventually

RETRIED = {408, 429, 500, 502, 503, 504}


@dataclass
class RetryingClient:
    """
    A client that retries cancels and creates after transient refusals, up to *attempts* times.

    *pause* waits for so many seconds; *now* is real time, which dates in `Retry-After` are of.
    """

    http: httpx.Client
    base_url: str
    token: str
    pause: Callable[[float], None]
    now: Callable[[], datetime] = wall_now
    attempts: int = 4

    def cancel(self, order_id: str) -> httpx.Response:
        """Cancel *order_id*; raise httpx.TransportError if no attempt is answered."""
        return self._send("PUT", f"/orders/{order_id}/cancel")

    def create(self, order: dict[str, Any]) -> httpx.Response:
        """Create *order*; errors as in `cancel`."""
        return self._send("POST", "/orders/email", json=order)

    def _send(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        for attempt in range(1, self.attempts + 1):
            is_last = attempt == self.attempts
            try:
                answer = self.http.request(
                    method, f"{self.base_url}{path}", headers=headers, **more
                )
            except httpx.TransportError:
                if is_last:
                    raise
                self.pause(0.1 * 2 ** (attempt - 1))
                continue
            if is_last or answer.status_code not in RETRIED:
                return answer
            self.pause(self._asked(answer.headers.get("retry-after", "0.1")))
        raise AssertionError

    def _asked(self, retry_after: str) -> float:
        if retry_after.replace(".", "").isdigit():
            return float(retry_after)
        return (parsedate_to_datetime(retry_after) - self.now()) / timedelta(seconds=1)


@dataclass
class Case:
    """A retrying client of a sandbox, and how long it paused."""

    api: Client
    client: RetryingClient
    pauses: list[float] = field(default_factory=list)

    def attempts(self, number: int) -> list[tuple[int | None, str]]:
        """Return status and reason of each attempt once *number* of them are in the journal."""
        found = eventually(
            lambda: [listed for listed in [self.api.mock.requests.list()] if len(listed) >= number]
        )[0]
        return [(entry["status"], entry["why"].partition(": ")[2]) for entry in found]


@pytest.fixture
def case(api: Client) -> Iterator[Case]:
    """Return a retrying client of a fresh sandbox, which waits two seconds for an answer."""
    with httpx.Client(timeout=httpx.Timeout(60, read=2)) as http:
        pauses: list[float] = []
        client = RetryingClient(http, api.mock.base_url, api.mock.token(), pauses.append)
        yield Case(api, client, pauses)


@pytest.mark.parametrize("preset", ["reset-once", "truncate-once", "hang-once"])
def test_it_survives_a_connection_that_breaks_once(case: Case, preset: str) -> None:
    fault = case.api.mock.faults.add(preset=preset)  # type: ignore[arg-type] # any text, as of a row

    answer = case.client.cancel(TTD_ORDER)

    attempts = case.attempts(2)
    assert answer.json()["processingStatus"]["status"] == "Cancelled"
    assert case.pauses == [0.1]
    assert sorted(why.startswith(f"fault {fault['id']}") for _, why in attempts) == [False, True]
    assert 200 in [status for status, _ in attempts]


def test_a_cancel_whose_answer_was_lost_is_repeated_safely(case: Case) -> None:
    case.api.mock.faults.add(preset="truncate-once")

    answer = case.client.cancel(TTD_ORDER)

    assert answer.status_code == 200
    assert case.attempts(2)[1] == (200, "it was cancelled already; nothing is changed")


@pytest.mark.parametrize(("preset", "status"), [("rate-limited", 429), ("unavailable", 503)])
def test_it_honours_retry_after(case: Case, preset: str, status: int) -> None:
    rule = {"preset": preset, "times": 2, "match": {"operationId": "cancelOrder"}}
    fault = case.api.mock.faults.add(rule)

    answer = case.client.cancel(TTD_ORDER)

    because = f"fault {fault['id']}"
    assert (answer.status_code, case.pauses) == (200, [1, 1])
    assert case.attempts(3) == [
        (status, because),
        (status, because),
        (200, "it is cancelled now"),
    ]


def test_it_honours_a_retry_after_that_is_a_date(case: Case) -> None:
    case.api.mock.faults.add(preset="unavailable-until", retryAfter=30, times=1)

    answer = case.client.cancel(TTD_ORDER)

    assert answer.status_code == 200
    assert [25 < pause <= 30 for pause in case.pauses] == [True]


def test_it_gives_up_after_a_hang_with_its_own_time_out(case: Case) -> None:
    fault = case.api.mock.faults.add(connection="hang")
    case.client.http.timeout = httpx.Timeout(60, read=0.2)

    with pytest.raises(httpx.ReadTimeout):
        case.client.cancel(TTD_ORDER)

    assert case.attempts(4) == [(None, f"fault {fault['id']}: hang")] * 4
    assert case.api.mock.faults.list()[0]["matched"] == 4
    assert case.api.mock.orders.get(TTD_ORDER)["status"] == "Registered"


def test_it_gives_up_when_the_service_stays_away(case: Case) -> None:
    case.api.mock.faults.add(preset="gateway-timeout")

    answer = case.client.cancel(TTD_ORDER)

    assert (answer.status_code, len(case.pauses)) == (504, 3)
    assert [status for status, _ in case.attempts(4)] == [504] * 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409])
def test_it_takes_other_refusals_for_final(case: Case, status: int) -> None:
    case.api.mock.faults.add(status=status)

    assert (case.client.cancel(TTD_ORDER).status_code, case.pauses) == (status, [])
    assert len(case.attempts(1)) == 1


def test_a_create_that_was_reset_makes_one_order(case: Case) -> None:
    before = len(case.api.mock.orders.list())
    case.api.mock.faults.add(preset="reset-once", match={"operationId": "createEmailOrder"})

    answer = case.client.create(EMAIL)

    assert answer.status_code == 202
    assert len(case.api.mock.orders.list()) == before + 1
    operations = [entry["operationId"] for entry in case.api.mock.requests.list()]
    assert operations == ["createEmailOrder"] * 2


def test_what_goes_wrong_by_chance_goes_wrong_alike_each_time(case: Case) -> None:
    runs = []
    for _ in range(2):
        case.api.mock.reset()
        case.api.mock.faults.add(status=503, probability=0.5, seed=3, times=2)
        case.client.cancel(TTD_ORDER)
        runs.append([status for status, _ in case.attempts(1)])

    assert runs[0] == runs[1]
    assert 503 in runs[0]
