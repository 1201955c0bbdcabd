"""A client that goes by status alone passes against both dialects."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from mock_server.testing.mock_server import MockServer
from tests.support.create_bodies import EMAIL

UNKNOWN = "00000000-0000-4000-8000-000000000000"
MEANINGS = {
    400: "our request is wrong",
    401: "our token is refused",
    403: "our token does not suffice",
    404: "there is no such order",
    409: "it is too late to cancel",
    415: "our media type is wrong",
}


class RefusedError(Exception):
    """Refusal by the service; the message is its meaning to the client."""


class OrdersClient:
    """An integrator's client: bodies are read of successes, refusals by status alone."""

    def __init__(self, http: httpx.Client, base_url: str, token: str | None) -> None:
        """Call the API at *base_url*."""
        self._http = http
        self._base_url = base_url
        self._headers = {} if token is None else {"Authorization": f"Bearer {token}"}

    def create(self, **more: object) -> str:
        """Order an e-mail and return the order's id."""
        created = self._call("POST", "/orders/email", json={**EMAIL, **more})
        order: str = created["orderId"]
        return order

    def status(self, order: str) -> str:
        """Return the status of *order*."""
        status: str = self._call("GET", f"/orders/{order}/status")["processingStatus"]["status"]
        return status

    def cancel(self, order: str) -> None:
        """Cancel *order*."""
        self._call("PUT", f"/orders/{order}/cancel")

    def succeeded(self, order: str) -> int:
        """Return how many e-mails of *order* have succeeded."""
        succeeded: int = self._call("GET", f"/orders/{order}/notifications/email")["succeeded"]
        return succeeded

    def _call(self, method: str, path: str, **more: Any) -> Any:
        answer = self._http.request(
            method, f"{self._base_url}{path}", headers=self._headers, **more
        )
        if answer.is_error:
            raise RefusedError(MEANINGS[answer.status_code])
        return answer.json()


@pytest.fixture(scope="module", params=["documented", "live"])
def mock(request: pytest.FixtureRequest) -> Iterator[MockServer]:
    """Return a server of each dialect."""
    with MockServer(dialect=request.param) as server:
        yield server


@pytest.fixture
def http(mock: MockServer) -> Iterator[httpx.Client]:
    """Return connections to the server, closed before it stops."""
    mock.reset()
    with httpx.Client(timeout=60) as client:
        yield client


@pytest.fixture
def client(http: httpx.Client, mock: MockServer) -> OrdersClient:
    """Return a client of ttd."""
    return OrdersClient(http, mock.base_url, mock.token())


def test_an_order_is_made_read_and_cancelled(client: OrdersClient) -> None:
    order = client.create(requestedSendTime="2100-01-01T00:00:00Z")

    assert client.status(order) == "Registered"
    client.cancel(order)
    client.cancel(order)
    assert client.status(order) == "Cancelled"
    assert client.succeeded(order) == 0


def test_an_order_is_made_and_sent(client: OrdersClient, mock: MockServer) -> None:
    order = client.create()

    mock.clock.advance(timedelta(hours=1))

    assert client.status(order) == "Completed"
    assert client.succeeded(order) == 1


def test_each_refusal_is_understood_by_its_status(client: OrdersClient) -> None:
    due = client.create()

    for call, meaning in (
        (lambda: client.create(subject=""), MEANINGS[400]),
        (lambda: client.cancel("1337"), MEANINGS[400]),
        (lambda: client.cancel(UNKNOWN), MEANINGS[404]),
        (lambda: client.status(UNKNOWN), MEANINGS[404]),
        (lambda: client.succeeded(UNKNOWN), MEANINGS[404]),
        (lambda: client.cancel(due), MEANINGS[409]),
    ):
        with pytest.raises(RefusedError, match=meaning):
            call()


@pytest.mark.parametrize(
    ("preset", "status"), [("expired", 401), ("wrongScope", 403), ("noOrg", 403)]
)
def test_a_bad_token_is_understood_by_the_status(
    http: httpx.Client, mock: MockServer, preset: str, status: int
) -> None:
    client = OrdersClient(http, mock.base_url, mock.token(preset=preset))  # type: ignore[arg-type] # any text, as of a row

    for call in (client.create, lambda: client.status(UNKNOWN), lambda: client.cancel(UNKNOWN)):
        with pytest.raises(RefusedError, match=MEANINGS[status]):
            call()


def test_no_token_is_understood_by_the_status(http: httpx.Client, mock: MockServer) -> None:
    with pytest.raises(RefusedError, match=MEANINGS[401]):
        OrdersClient(http, mock.base_url, None).cancel(UNKNOWN)
