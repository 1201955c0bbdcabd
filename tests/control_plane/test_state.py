"""`/__mock/state`, and `state` and `restore` in Python."""

import uuid

import httpx
import pytest

from mock_server.testing.mock_server import MockServer
from tests.conftest import TTD_ORDER, Client
from tests.support.builders import NOW


def test_what_was_answered_is_put_back_and_answered_again(api: Client) -> None:
    api.mock.clock.freeze(NOW)
    api.mock.faults.add(preset="unavailable", match={"operationId": "listOrders"}, times=2)
    state = api.control("GET", "/state").json()
    api.mock.clock.resume()
    api.cancel()
    api.mock.orders.delete("22222222-2222-4222-8222-222222222222")
    api.mock.faults.clear()

    answer = api.control("PUT", "/state", json=state)

    assert (answer.status_code, answer.content) == (204, b"")
    assert api.control("GET", "/state").json() == state
    assert api.control("GET", "/clock").json() == {"now": "2031-03-01T12:30:00Z", "frozen": True}


def test_a_state_goes_into_another_sandbox_which_then_lives_by_itself(
    server: MockServer, http: httpx.Client, api: Client
) -> None:
    api.mock.clock.freeze(NOW)
    state = api.mock.state()
    other = Client(http, server.sandbox(uuid.uuid4().hex))

    other.mock.restore(state)
    assert other.mock.state() == state
    other.mock.orders.delete(TTD_ORDER)
    assert other.cancel().status_code == 404
    assert api.mock.state() == state


def test_the_journal_is_no_part_of_it_and_stays(api: Client) -> None:
    api.cancel(headers={"X-Private": "private"}, token=None)
    state = api.mock.state()
    api.cancel(token=None)

    api.mock.restore(state)

    assert "private" not in str(state)
    assert len(api.mock.requests.list()) == 2


def test_a_document_shares_nothing_with_the_sandbox(api: Client) -> None:
    api.mock.faults.add(status=200, body={"list": [1]})

    api.mock.state()["faults"][0]["body"]["list"].append(2)
    state = api.mock.state()
    api.mock.restore(state)
    state["faults"][0]["body"]["list"].append(3)

    assert api.mock.faults.list()[0]["body"] == {"list": [1]}


@pytest.mark.parametrize("rule", [{"preset": "slow"}, {"status": 204}, {"connection": "hang"}])
def test_every_kind_of_fault_comes_back(api: Client, rule: dict[str, object]) -> None:
    api.mock.faults.add(rule, match={"path": "/orders/*", "method": "get"})
    state = api.mock.state()

    api.mock.restore(state)

    assert api.mock.state()["faults"] == state["faults"]


def test_every_preset_comes_back(api: Client) -> None:
    presets = ("rate-limited-until", "unavailable", "internal-error", "reset-once", "truncate-once")
    for preset in presets:
        api.mock.faults.add(preset=preset)  # type: ignore[arg-type] # any text, as of a row
    state = api.mock.state()

    api.mock.restore(state)

    assert api.mock.state()["faults"] == state["faults"]


def test_a_default_sandbox_is_restored_like_any_other() -> None:
    with MockServer() as mock:
        mock.clock.freeze(NOW)
        state = mock.state()
        mock.orders.delete(TTD_ORDER)

        mock.restore(state)

        assert mock.state() == state
