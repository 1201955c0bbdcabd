"""MockServer, as a test author uses it."""

import socket
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from mock_server import MockServer
from mock_server.contract import ContractError
from mock_server.listening import PortBusyError
from mock_server.order_documents import MemberError
from mock_server.orders import OrderNotFoundError
from mock_server.seeds import SeedError
from tests.builders import NOW
from tests.conftest import TTD_ORDER, Client


def test_two_servers_in_one_process_share_nothing() -> None:
    with MockServer(port=0) as one, MockServer(port=0) as other, httpx.Client() as http:
        Client(http, one.sandbox("default")).cancel()
        one.clock.freeze(NOW)

        assert one.url != other.url
        assert one.orders.get(TTD_ORDER)["status"] == "Cancelled"
        assert other.orders.get(TTD_ORDER)["status"] == "Registered"
        assert other.clock.now() < NOW


def test_urls_lead_to_the_server(server: MockServer, http: httpx.Client) -> None:
    assert server.base_url == f"{server.url}/notifications/api/v1"
    assert http.get(f"{server.url}/__mock/health").status_code == 200


def test_the_clock_is_driven_by_datetimes(api: Client) -> None:
    clock = api.mock.clock

    assert clock.set(NOW) == NOW
    assert clock.freeze(NOW) == NOW == clock.now()
    assert clock.advance(timedelta(hours=1)) == NOW + timedelta(hours=1)
    assert clock.freeze() == NOW + timedelta(hours=1)
    assert clock.resume() == NOW + timedelta(hours=1)


def test_orders_are_dicts_with_the_members_of_the_control_plane(api: Client) -> None:
    order = api.mock.orders.create(creator="digdir", sendersReference="mine")

    assert api.control("GET", f"/orders/{order['id']}").json() == order
    assert api.mock.orders.get(order["id"]) == order
    assert order in api.mock.orders.list()
    moved = api.mock.orders.set_status(order["id"], "Processing")
    assert (moved["status"], moved["pinned"]) == ("Processing", True)
    api.mock.orders.delete(order["id"])
    with pytest.raises(OrderNotFoundError):
        api.mock.orders.get(order["id"])


def test_a_bad_member_is_refused(api: Client) -> None:
    with pytest.raises(MemberError, match="no such member"):
        api.mock.orders.create(colour="blue")


def test_a_token_works(api: Client) -> None:
    token = api.mock.token(kind="platform", org="ttd", expires_in=60)

    assert api.cancel(token=None, headers={"PlatformAccessToken": token}).status_code == 200


@pytest.mark.parametrize("wrong", [{"kind": "cookie"}, {"preset": "perfect"}])
def test_a_token_of_no_known_kind_is_refused(api: Client, wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="is not a valid"):
        api.mock.token(**wrong)  # type: ignore[arg-type] # a wrong word on purpose


def test_a_stopped_server_has_freed_its_port() -> None:
    with MockServer() as mock:
        port = int(mock.url.rpartition(":")[2])

    with MockServer(port=port) as again:
        assert again.url == f"http://127.0.0.1:{port}"


def test_a_busy_port_is_refused() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()

        with pytest.raises(PortBusyError, match="is busy"):
            MockServer(port=other.getsockname()[1]).start()


def test_a_server_that_is_not_started_says_so() -> None:
    with pytest.raises(AttributeError, match="once the server is started"):
        _ = MockServer().url


def test_settings_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot be negative"):
        MockServer(cancellation_window=timedelta(seconds=-1))
    with pytest.raises(SeedError, match="cannot read the seed file"):
        MockServer(seed="no/such/file.yaml")
    with pytest.raises(ContractError, match="cannot read the contract"):
        MockServer(spec=Path("no/such/contract.yaml"))


def test_a_server_without_seeds_has_no_orders() -> None:
    with MockServer(seed="none") as mock:
        assert mock.orders.list() == []
