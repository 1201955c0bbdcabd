"""Races: whoever comes first, the answers make sense together."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from threading import Barrier, Event

import httpx
import pytest

from mock_server.domain.cancellation import CancellationProhibitedError, cancel
from mock_server.domain.orders import Order, Status, TransitionProhibitedError, claim, pin
from mock_server.store.memory import MemoryStore
from mock_server.store.port import Capacity
from tests.conftest import Client
from tests.support.builders import MICROSECOND, NOW, ORDER_ID, WINDOW, an_order

ROUNDS = 1000
ROUNDS_OVER_HTTP = 50
PARALLEL = 50


@dataclass
class Round:
    """One store with one order, and two threads that change it at once."""

    order: Order = field(default_factory=an_order)
    window: timedelta = WINDOW

    def __post_init__(self) -> None:
        """Store the order, and begin to count time."""
        self.store = MemoryStore(Capacity(1), [self.order])
        self._start = Barrier(2)
        self._ticks = count()
        self._pause = Event()

    def now(self) -> datetime:
        """Return a time that no other call returns, and let the other thread run meanwhile."""
        moment = NOW + next(self._ticks) * MICROSECOND
        self._pause.wait(0.00001)
        return moment

    def cancel(self) -> tuple[Order, bool]:
        """Cancel; return the order as it then is and whether it was refused."""
        self._start.wait()
        try:
            return self.store.update(ORDER_ID, self._cancelled, "ttd"), False
        except CancellationProhibitedError as refusal:
            return refusal.order, True

    def _cancelled(self, order: Order) -> Order:
        return cancel(order, self.now(), self.window)

    def set(self, status: Status) -> Order:
        """Set a status by hand; return the order as it then is."""
        self._start.wait()
        return self.store.update(ORDER_ID, lambda order: pin(order, status, self.now()))

    def claim(self) -> tuple[Order, bool]:
        """Claim for processing; return the order as it then is and whether it was refused."""
        self._start.wait()
        try:
            return self.store.update(ORDER_ID, lambda order: claim(order, self.now())), False
        except TransitionProhibitedError as refusal:
            return refusal.order, True


@pytest.mark.parametrize("status", Status)
def test_a_cancel_that_races_a_status_change_came_before_or_after_it(status: Status) -> None:
    with ThreadPoolExecutor(2) as threads:
        for _ in range(ROUNDS):
            race = Round()
            setting = threads.submit(race.set, status)
            cancelling = threads.submit(race.cancel)

            changed, (answer, is_refused) = setting.result(), cancelling.result()

            final = race.store.get(ORDER_ID)
            assert _is_possible(changed, answer, final, is_refused=is_refused)


def _is_possible(changed: Order, answer: Order, final: Order, *, is_refused: bool) -> bool:
    """Tell whether one of cancel and the change by hand came whole before the other."""
    if not is_refused and answer.last_update < changed.last_update:
        return answer.status is Status.CANCELLED and final == changed
    if changed.status is Status.REGISTERED:
        return not is_refused and answer.status is Status.CANCELLED and final == answer
    is_allowed = changed.status is Status.CANCELLED
    return is_refused is not is_allowed and answer == changed == final


def test_either_a_cancel_or_the_claim_that_it_races_succeeds_and_never_both() -> None:
    make = partial(Round, an_order(requested_send_time=NOW), timedelta(0))

    with ThreadPoolExecutor(2) as threads:
        for _ in range(ROUNDS):
            race = make()
            claiming, cancelling = threads.submit(race.claim), threads.submit(race.cancel)
            (claimed, no_claim), (cancelled, no_cancel) = claiming.result(), cancelling.result()

            winner = Status.PROCESSING if no_cancel else Status.CANCELLED
            assert no_claim is not no_cancel
            assert claimed == cancelled == race.store.get(ORDER_ID)
            assert claimed.status is winner


def test_fifty_parallel_cancels_all_succeed_with_one_last_update(api: Client) -> None:
    order_id = str(api.mock.orders.create()["id"])
    start = Barrier(PARALLEL)

    def cancel_at_once(_number: int) -> httpx.Response:
        start.wait()
        return api.cancel(order_id)

    with ThreadPoolExecutor(PARALLEL) as threads:
        answers = list(threads.map(cancel_at_once, range(PARALLEL)))

    assert [answer.status_code for answer in answers] == [200] * PARALLEL
    updates = {answer.json()["processingStatus"]["lastUpdate"] for answer in answers}
    assert updates == {api.mock.orders.get(order_id)["lastUpdate"]}


@pytest.mark.parametrize("status", ["Processing", "Registered"])
def test_cancels_that_race_a_status_change_over_http_fit_together(api: Client, status: str) -> None:
    with ThreadPoolExecutor(3) as threads:
        for _ in range(ROUNDS_OVER_HTTP):
            order_id = str(api.mock.orders.create()["id"])
            setting = threads.submit(_set, api, order_id, status)
            cancels = [threads.submit(api.cancel, order_id) for _ in range(2)]

            answers = [cancelling.result() for cancelling in cancels]

            assert setting.result().json()["status"] == status
            assert [problem for answer in answers for problem in _oddities(answer, status)] == []
            refused = [answer for answer in answers if answer.status_code == 409]
            final = api.mock.orders.get(order_id)["status"]
            assert final == status or (status == "Registered" and final == "Cancelled")
            assert not refused or final == "Processing"


def _set(api: Client, order_id: str, status: str) -> httpx.Response:
    return api.control("PUT", f"/orders/{order_id}/status", json={"status": status})


def _oddities(answer: httpx.Response, status: str) -> list[str]:
    """Return what in *answer* cannot be: neither cancelled, nor refused for the state it met."""
    body = answer.json()
    if answer.status_code == 200 and body["processingStatus"]["status"] == "Cancelled":
        return []
    if answer.status_code == 409 and body["detail"].startswith(f"The order is {status};"):
        return [] if status == "Processing" else [answer.text]
    return [f"{answer.status_code} {answer.text}"]
