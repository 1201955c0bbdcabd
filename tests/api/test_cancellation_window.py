"""
The setting `--cancellation-window`: how long before its send time an order is safe.

Orders stay as they are here, or those that are due would be picked up.
"""

from datetime import timedelta

import httpx
import pytest

from mock_server.testing.mock_server import MockServer
from tests.conftest import Client
from tests.support.builders import MICROSECOND, NOW
from tests.support.problem_bodies import problem

MINUTE = timedelta(minutes=1)
ZERO = timedelta(0)


@pytest.mark.parametrize("window", [MICROSECOND, 3 * MINUTE / 2, timedelta(days=1)])
def test_a_window_of_one_s_own_holds_to_the_microsecond(window: timedelta) -> None:
    answers = []
    with MockServer(cancellation_window=window, progress="manual") as mock, httpx.Client() as http:
        mock.clock.freeze(NOW)
        api = Client(http, mock.sandbox("default"))
        for more in (-MICROSECOND, ZERO, MICROSECOND):
            send_time = (NOW + window + more).isoformat()
            order_id = mock.orders.create(requestedSendTime=send_time)["id"]
            answers.append(api.cancel(order_id).status_code)

    assert answers == [409, 409, 200]


@pytest.mark.parametrize(
    ("window", "words"),
    [(MINUTE, "1 minute ahead"), (3 * MINUTE / 2, "1.5 minutes ahead")],
)
def test_the_refusal_names_the_window(window: timedelta, words: str) -> None:
    with MockServer(cancellation_window=window, progress="manual") as mock, httpx.Client() as http:
        mock.clock.freeze(NOW)
        order_id = mock.orders.create(requestedSendTime=NOW.isoformat())["id"]

        answer = Client(http, mock.sandbox("default")).cancel(order_id)

    assert words in problem(answer)["detail"]


def test_a_window_of_zero_switches_the_time_rule_off_and_no_other() -> None:
    with MockServer(cancellation_window=ZERO, progress="manual") as mock, httpx.Client() as http:
        mock.clock.freeze(NOW)
        api = Client(http, mock.sandbox("default"))
        spans = (-365 * timedelta(days=1), -MICROSECOND, ZERO, MICROSECOND)
        times = [(NOW + span).isoformat() for span in spans]
        due = [mock.orders.create(requestedSendTime=time)["id"] for time in times]
        begun = mock.orders.create(status="Processing")["id"]

        assert [api.cancel(order_id).status_code for order_id in due] == [200, 200, 200, 200]
        assert api.cancel(begun).status_code == 409
