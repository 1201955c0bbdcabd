"""MockServer, as a test author uses it."""

import socket
import uuid
from datetime import timedelta
from pathlib import Path

import httpx
import jwt
import pytest

from mock_server import MockServer
from mock_server.contract.contract import ContractError
from mock_server.documents.seed_file import SeedError
from mock_server.domain.clock import ClockOutOfRangeError
from mock_server.domain.orders import OrderNotFoundError
from mock_server.records.members import MemberError
from mock_server.serving.listening import PortBusyError
from tests.conftest import TTD_ORDER, Client
from tests.support.builders import NOW
from tests.support.raw_http import exchange


def test_two_servers_in_one_process_share_nothing() -> None:
    with MockServer(port=0) as one, MockServer(port=0) as other, httpx.Client() as http:
        Client(http, one.sandbox("default")).cancel()
        one.clock.freeze(NOW)

        assert one.url != other.url
        assert one.orders.get(TTD_ORDER)["status"] == "Cancelled"
        assert other.orders.get(TTD_ORDER)["status"] == "Registered"
        assert other.clock.now() < NOW


def test_urls_lead_to_the_server(server: MockServer, http: httpx.Client) -> None:
    assert server.url.startswith("http://127.0.0.1:")
    assert server.base_url == f"{server.url}/notifications/api/v1"
    assert http.get(f"{server.url}/__mock/health").status_code == 200
    assert http.get(f"{server.base_url}/openapi.json").status_code == 200


def test_the_clock_is_driven_by_datetimes(api: Client) -> None:
    clock = api.mock.clock

    assert clock.set(NOW) == NOW
    assert clock.freeze(NOW) == NOW == clock.now()
    assert clock.advance(timedelta(hours=1)) == NOW + timedelta(hours=1)
    assert clock.advance(-timedelta(hours=2)) == NOW - timedelta(hours=1) == clock.now()
    assert clock.freeze() == NOW - timedelta(hours=1)
    assert clock.resume() == NOW - timedelta(hours=1)
    assert clock.now() > NOW - timedelta(hours=1)


def test_a_time_out_of_range_is_refused_and_changes_nothing(api: Client) -> None:
    api.mock.clock.freeze(NOW)

    with pytest.raises(ClockOutOfRangeError, match="from 2000-01-01T00:00:00Z"):
        api.mock.clock.set(NOW.replace(year=1999))
    with pytest.raises(ClockOutOfRangeError):
        api.mock.clock.advance(timedelta.max)

    assert api.mock.clock.now() == NOW


def test_orders_are_dicts_with_the_members_of_the_control_plane(api: Client) -> None:
    order = api.mock.orders.create(creator="digdir", sendersReference="mine")

    assert api.control("GET", f"/orders/{order['id']}").json() == order
    assert api.mock.orders.get(order["id"]) == order
    assert api.mock.orders.list() == api.control("GET", "/orders").json()["orders"]


def test_an_order_s_status_is_set_and_the_order_deleted(api: Client) -> None:
    moved = api.mock.orders.set_status(TTD_ORDER, "Processing")
    assert (moved["status"], moved["pinned"]) == ("Processing", True)
    assert api.cancel().status_code == 409

    api.mock.orders.delete(TTD_ORDER)
    assert api.cancel().status_code == 404
    with pytest.raises(OrderNotFoundError):
        api.mock.orders.get(TTD_ORDER)


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"colour": "blue"}, "no such member"),
        ({"id": "7"}, "is not a GUID"),
        ({"status": "Done"}, "is not one of"),
        ({"requestedSendTime": "soon"}, "is not an RFC 3339 time"),
        ({"recipients": [{"name": "x"}]}, "no such member"),
        ({"recipients": 7}, "not a list"),
    ],
)
def test_a_bad_member_is_refused(api: Client, members: dict[str, object], words: str) -> None:
    with pytest.raises(MemberError, match=words) as caught:
        api.mock.orders.create(**members)  # type: ignore[arg-type] # any text, as of a row

    assert caught.value.member.startswith(next(iter(members)))
    assert len(api.mock.orders.list()) == 13


@pytest.mark.parametrize("kind", ["bearer", "platform"])
def test_a_token_works(api: Client, kind: str) -> None:
    token = api.mock.token(kind=kind, org="skd", expires_in=60)  # type: ignore[arg-type] # any text, as of a row
    header, word = {
        "bearer": ("Authorization", "Bearer "),
        "platform": ("PlatformAccessToken", ""),
    }[kind]

    answer = api.cancel(
        "99999999-9999-4999-8999-999999999999", token=None, headers={header: word + token}
    )

    claims = jwt.decode(token, options={"verify_signature": False})
    assert (answer.status_code, claims["exp"] - claims["nbf"]) == (200, 60)


def test_a_token_has_the_scope_asked_for(api: Client) -> None:
    token = api.mock.token(scope="one two")

    assert jwt.decode(token, options={"verify_signature": False})["scope"] == "one two"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"kind": "cookie"}, "there is no kind 'cookie'; use bearer, platform"),
        ({"preset": "perfect"}, "there is no preset 'perfect'; use valid, expired, notYetValid, "),
        ({"kind": "platform", "preset": "noOrg"}, "about bearer tokens"),
    ],
)
def test_a_token_of_no_known_kind_is_refused(
    api: Client, wrong: dict[str, str], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        api.mock.token(**wrong)  # type: ignore[arg-type] # a wrong word on purpose


def test_reset_returns_orders_and_clock_to_the_start(api: Client) -> None:
    api.cancel()
    api.mock.clock.freeze(NOW)

    api.mock.reset()

    assert api.mock.orders.get(TTD_ORDER)["status"] == "Registered"
    assert api.mock.clock.now() < NOW
    assert api.control("GET", "/clock").json()["frozen"] is False


def test_a_sandbox_has_urls_of_its_own(server: MockServer) -> None:
    name = uuid.uuid4().hex

    sandbox = server.sandbox(name)

    assert sandbox.url == f"{server.url}/__sandbox/{name}"
    assert sandbox.base_url == f"{sandbox.url}/notifications/api/v1"
    assert sandbox.control_url == f"{sandbox.url}/__mock"
    assert sandbox.sandbox("default").url == server.url


def test_a_sandbox_is_the_same_whoever_asks_for_it(server: MockServer) -> None:
    name = uuid.uuid4().hex

    server.sandbox(name).orders.delete(TTD_ORDER)

    with pytest.raises(OrderNotFoundError):
        server.sandbox(name).orders.get(TTD_ORDER)
    assert server.sandbox(uuid.uuid4().hex).orders.get(TTD_ORDER)["status"] == "Registered"


def test_a_sandbox_dropped_by_a_client_is_seen_as_it_starts_anew(api: Client) -> None:
    api.mock.orders.delete(TTD_ORDER)

    api.control("DELETE", f"/sandboxes/{api.mock.url.rpartition('/')[2]}")
    api.mock.clock.freeze(NOW)

    assert api.mock.orders.list() == api.control("GET", "/orders").json()["orders"] != []
    assert api.control("GET", "/clock").json() == {"now": "2031-03-01T12:30:00Z", "frozen": True}


def test_a_stopped_server_has_freed_its_port() -> None:
    with MockServer() as mock, httpx.Client() as http:
        port = int(mock.url.rpartition(":")[2])
        http.get(f"{mock.url}/health")

    with socket.socket() as probe, pytest.raises(ConnectionRefusedError):
        probe.connect(("127.0.0.1", port))
    with MockServer(port=port) as again:
        assert again.url == f"http://127.0.0.1:{port}"


def test_a_server_may_be_stopped_twice_and_started_again() -> None:
    mock = MockServer()
    mock.stop()
    mock.start()
    mock.orders.delete(TTD_ORDER)
    mock.stop()
    mock.stop()

    with mock, httpx.Client() as http:
        assert http.get(f"{mock.url}/__mock/orders").json()["count"] == 12


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
        MockServer(cancellation_window=timedelta(microseconds=-1))
    with pytest.raises(SeedError, match="cannot read the seed file"):
        MockServer(seed="no/such/file.yaml")
    with pytest.raises(ContractError, match="cannot read the contract"):
        MockServer(spec=Path("no/such/contract.yaml"))


def test_a_server_without_seeds_has_no_orders() -> None:
    with MockServer(seed="none") as mock:
        assert mock.orders.list() == []


def test_a_malformed_request_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    with MockServer(seed="none") as mock:
        assert exchange(mock.url, b"nonsense\r\n\r\n").status == 400

    assert capfd.readouterr() == ("", "")
