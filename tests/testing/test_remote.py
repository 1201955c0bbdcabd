"""A sandbox is driven alike, in process and over HTTP; and what there is over HTTP alone."""

import socket
from datetime import datetime, timedelta
from uuid import uuid4

import httpx
import pytest

from mock_server import MockServer
from mock_server.domain.clock import ClockOutOfRangeError
from mock_server.domain.notifications import NotificationNotFoundError
from mock_server.domain.orders import OrderExistsError, OrderNotFoundError
from mock_server.records.members import MemberError
from mock_server.remote import connected
from mock_server.sandbox.faults import FaultNotFoundError, Faults, TooManyFaultsError
from mock_server.sandbox.registry import SandboxNameError
from mock_server.testing.control_client import ControlError
from tests.conftest import TTD_ORDER, Client
from tests.support.builders import MICROSECOND, NOW

HOUR = timedelta(hours=1)
NOBODY = "99999999-9999-4999-8999-000000000000"


def test_the_clock_is_driven_by_datetimes(anywhere: Client) -> None:
    clock = anywhere.mock.clock

    assert clock.set(NOW) == NOW
    assert clock.freeze(NOW + MICROSECOND) == NOW + MICROSECOND == clock.now()
    assert clock.advance(HOUR) == NOW + MICROSECOND + HOUR
    assert clock.advance(-2 * HOUR - MICROSECOND) == NOW - HOUR == clock.now()
    assert clock.freeze() == clock.resume() == NOW - HOUR
    assert clock.now() > NOW - HOUR


@pytest.mark.parametrize("moment", [NOW.replace(year=1999), NOW.replace(year=9001)])
def test_a_time_out_of_range_is_refused_and_changes_nothing(
    anywhere: Client, moment: datetime
) -> None:
    clock = anywhere.mock.clock
    clock.freeze(NOW)

    with pytest.raises(ClockOutOfRangeError, match="from 2000-01-01T00:00:00Z"):
        clock.set(moment)
    with pytest.raises(ClockOutOfRangeError, match="from 2000-01-01T00:00:00Z"):
        clock.freeze(moment)
    for span in (moment - NOW, timedelta.max, timedelta.min):
        with pytest.raises(ClockOutOfRangeError, match="from 2000-01-01T00:00:00Z"):
            clock.advance(span)

    assert clock.now() == NOW


def test_a_time_without_zone_is_refused(anywhere: Client) -> None:
    with pytest.raises(TypeError, match="naive"):
        anywhere.mock.clock.set(NOW.replace(tzinfo=None))


def test_an_order_is_stored_moved_and_deleted(anywhere: Client) -> None:
    orders = anywhere.mock.orders
    order = orders.create(creator="digdir", sendersReference="mine", resourceId=None)

    listed = orders.list()[-1]
    assert orders.get(order["id"]) == order
    assert {**listed, "history": order["history"], "next": order["next"]} == order
    assert orders.get(order["id"].upper().replace("-", "")) == order
    assert orders.set_status(order["id"], "Processing")["status"] == "Processing"
    orders.delete(order["id"])
    with pytest.raises(OrderNotFoundError):
        orders.get(order["id"])


def test_a_result_is_set_by_hand(anywhere: Client) -> None:
    orders = anywhere.mock.orders
    order_id = orders.create(recipients=[{"emailAddress": "kari@example.com"}])["id"]
    anywhere.mock.clock.advance(timedelta(days=1))
    notification = orders.get(order_id)["notifications"][0]["id"]

    order = orders.set_result(order_id, notification, "Failed_Bounced")

    assert order["notifications"][0]["result"] == "Failed_Bounced"
    with pytest.raises(MemberError, match="is not a result of Email"):
        orders.set_result(order_id, notification, "Accepted")
    with pytest.raises(NotificationNotFoundError):
        orders.set_result(order_id, NOBODY, "Delivered")
    with pytest.raises(OrderNotFoundError):
        orders.set_result(NOBODY, notification, "Delivered")


def test_an_order_that_is_not_there_is_told_so(anywhere: Client) -> None:
    orders = anywhere.mock.orders

    for call in (orders.get, orders.delete, lambda one: orders.set_status(one, "Completed")):
        with pytest.raises(OrderNotFoundError, match=NOBODY):
            call(NOBODY)
        with pytest.raises(ValueError, match="7"):
            call("7")
    with pytest.raises(OrderExistsError, match=TTD_ORDER):
        orders.create(id=TTD_ORDER)


@pytest.mark.parametrize(
    "members",
    [{"colour": "blue"}, {"id": "7"}, {"status": "Done"}, {"requestedSendTime": "soon"}],
)
def test_a_bad_member_is_refused_and_named(anywhere: Client, members: dict[str, object]) -> None:
    with pytest.raises(MemberError) as caught:
        anywhere.mock.orders.create(**members)  # type: ignore[arg-type] # any text, as of a row

    assert next(iter(members)) in str(caught.value)
    assert len(anywhere.mock.orders.list()) == 13


def test_requests_are_listed_filtered_and_forgotten(anywhere: Client) -> None:
    requests = anywhere.mock.requests
    anywhere.cancel()
    anywhere.cancel("1337")
    anywhere.call("GET", f"/orders/{TTD_ORDER}")

    assert [request["status"] for request in requests.list()] == [200, 400, 200]
    assert len(requests.list(operation_id="cancelOrder", method="put", status=200, path=None)) == 1
    assert [one["path"][-4:] for one in requests.list(path="/CANCEL", limit=1)] == ["ncel"]
    requests.clear()
    assert requests.list() == []
    with pytest.raises(TypeError, match="colour"):
        requests.list(colour="blue")


@pytest.mark.parametrize("wait", [timedelta(0), -HOUR, timedelta(milliseconds=1.5)])
def test_waiting_for_a_request_ends_in_time(anywhere: Client, wait: timedelta) -> None:
    assert anywhere.mock.requests.list(wait=wait, count=2) == []


def test_waiting_ends_when_the_request_comes(anywhere: Client) -> None:
    anywhere.cancel()

    assert len(anywhere.mock.requests.list(wait=HOUR, count=1)) == 1


def test_faults_are_armed_counted_and_disarmed(anywhere: Client) -> None:
    faults = anywhere.mock.faults
    first = faults.add({"match": {"operationId": "cancelOrder"}}, status=503, times=1)
    faults.add(preset="slow", match={"method": "POST"})

    assert (anywhere.cancel().status_code, anywhere.cancel().status_code) == (503, 200)
    assert [fault["matched"] for fault in faults.list()] == [1, 0]
    faults.remove(first["id"])
    assert [fault["delayMs"] for fault in faults.list()] == [2000]
    faults.clear()
    assert faults.list() == []
    with pytest.raises(FaultNotFoundError, match=first["id"]):
        faults.remove(first["id"])


def test_a_bad_fault_is_refused(anywhere: Client) -> None:
    with pytest.raises(MemberError, match=r"match\.operationId: there is no operation 'go'"):
        anywhere.mock.faults.add(status=500, match={"operationId": "go"})
    with pytest.raises(MemberError, match="has none of"):
        anywhere.mock.faults.add({})


def test_faults_have_a_limit(anywhere: Client, server: MockServer) -> None:
    inside = server.sandbox(anywhere.mock.url.rpartition("/")[2])
    for _ in range(Faults.MOST):
        inside.faults.add(preset="slow")

    with pytest.raises(TooManyFaultsError):
        anywhere.mock.faults.add(preset="slow")


@pytest.mark.parametrize("preset", ["valid", "expired"])
def test_a_token_is_of_the_kind_asked_for(anywhere: Client, preset: str) -> None:
    expected = {"valid": 200, "expired": 401}[preset]

    assert anywhere.cancel(token=preset).status_code == expected


def test_a_token_of_no_known_kind_is_refused(anywhere: Client) -> None:
    with pytest.raises(ValueError, match=r"kind|cookie"):
        anywhere.mock.token(kind="cookie")  # type: ignore[arg-type] # any text, as of a row
    with pytest.raises(ValueError, match="about bearer tokens"):
        anywhere.mock.token(kind="platform", preset="noOrg")


def test_reset_and_drop_return_to_the_start(anywhere: Client) -> None:
    for begin_again in (anywhere.mock.reset, anywhere.mock.drop):
        anywhere.cancel()
        anywhere.mock.clock.freeze(NOW)
        anywhere.mock.faults.add(preset="slow")

        begin_again()

        assert anywhere.mock.orders.get(TTD_ORDER)["status"] == "Registered"
        assert anywhere.mock.requests.list() == anywhere.mock.faults.list() == []
        assert anywhere.mock.clock.now() < NOW


def test_a_sandbox_may_be_dropped_twice(anywhere: Client) -> None:
    anywhere.mock.drop()
    anywhere.mock.drop()


def test_a_sandbox_is_named_and_found_alike(anywhere: Client) -> None:
    other = anywhere.mock.sandbox(uuid4().hex)
    default = other.sandbox("default")

    assert other.base_url == f"{other.url}/notifications/api/v1"
    assert other.control_url == f"{other.url}/__mock"
    assert other.url.startswith(f"{default.url}/__sandbox/")
    with pytest.raises(SandboxNameError):
        other.sandbox("no such / name")


def test_the_url_may_be_the_one_that_serve_prints(server: MockServer) -> None:
    for url in (server.base_url, f"{server.base_url}/", f"{server.url}/"):
        with connected(url) as mock:
            assert mock.url == server.url


def test_a_control_token_is_sent_and_asked_for() -> None:
    with MockServer(control_token="secret") as server:
        with connected(server.url, "secret") as mock:
            assert mock.sandbox("one").orders.list()
        for wrong in (None, "other"):
            with pytest.raises(ControlError, match=r"401 .*token"), connected(server.url, wrong):
                pass


@pytest.mark.parametrize("url", ["localhost:1", "http://[", "ftp://127.0.0.1"])
def test_what_is_no_url_is_told_so(url: str) -> None:
    with pytest.raises(ControlError, match="no answer from"), connected(url):
        pass


def test_a_server_that_does_not_answer_is_told_so() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"

        with pytest.raises(ControlError, match=f"no answer from {url}"), connected(url):
            pass


def test_a_server_that_is_not_the_mock_is_told_so(server: MockServer) -> None:
    assert httpx.get(f"{server.url}/health").text == "Healthy"
    with pytest.raises(ControlError) as caught, connected(f"{server.url}/elsewhere"):
        pass
    assert caught.value.status == 404
