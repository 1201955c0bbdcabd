"""Forty tests, each with a clock and faults of its own: they are run in parallel."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from mock_server import AltinnNotifications


@pytest.mark.parametrize("number", range(40))
def test_a_world_of_its_own(altinn_notifications: AltinnNotifications, number: int) -> None:
    """Freeze the clock, arm a fault, cancel, and meet no trace of any other test."""
    mock = altinn_notifications
    day = datetime(2031, 1, 1, 12, tzinfo=UTC) + timedelta(days=number)
    mock.clock.freeze(day)
    mock.faults.add(match={"operationId": "cancelOrder"}, status=460 + number, times=1)
    order = mock.orders.create(sendersReference=f"number-{number}")
    url = f"{mock.base_url}/orders/{order['id']}/cancel"

    with httpx.Client(headers={"Authorization": f"Bearer {mock.token()}"}) as http:
        statuses = [http.put(url).status_code for _ in range(3)]

    assert statuses == [460 + number, 200, 200]
    assert mock.clock.now() == day
    cancelled = mock.orders.assert_status(order["id"], "Cancelled")
    assert datetime.fromisoformat(cancelled["lastUpdate"]) == day
    assert len(mock.orders.list()) == 14
    mock.requests.assert_called("cancelOrder", times=1, status=460 + number)
    mock.requests.assert_called(times=3)
    assert [fault["matched"] for fault in mock.faults.list()] == [1]
