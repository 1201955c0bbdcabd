"""A sandbox that was restored or dropped frees the memory of its past."""

import gc
import weakref
from collections.abc import Iterator

import httpx
import pytest

from mock_server import MockServer
from mock_server.sandbox.registry import Registry
from mock_server.testing.interface import AltinnNotifications
from tests.support.eventually import eventually


@pytest.fixture(autouse=True)
def _no_collection() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


def read_an_order(mock: AltinnNotifications) -> None:
    order = mock.orders.create()
    headers = {"Authorization": f"Bearer {mock.token()}"}
    httpx.get(f"{mock.base_url}/orders/{order['id']}", headers=headers).raise_for_status()


def sandboxes_in(mock: MockServer) -> Registry:
    return mock._mock.sandboxes  # noqa: SLF001 - nobody else can tell what is still there


def test_the_orders_of_before_a_restore_are_let_go_at_once() -> None:
    with MockServer() as mock:
        read_an_order(mock.sandbox("default"))
        before = weakref.ref(sandboxes_in(mock).enter("default").store)

        mock.restore(mock.state())

        # Who has the answer may be ahead of the thread that gave it.
        eventually(lambda: before() is None)
        assert len(mock.requests.list()) == 1


def test_the_requests_of_a_sandbox_are_let_go_when_it_is_dropped() -> None:
    with MockServer() as mock:
        read_an_order(mock.sandbox("one"))
        journal = weakref.ref(sandboxes_in(mock).enter("one").journal)

        mock.sandbox("one").drop()

        eventually(lambda: journal() is None)
