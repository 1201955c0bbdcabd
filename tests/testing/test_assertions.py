"""Assertions about a sandbox, and their failure messages."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from mock_server.testing.assertions import MOST_LISTED
from tests.conftest import TTD_ORDER, Client
from tests.support.builders import NOW

NOBODY = "99999999-9999-4999-8999-000000000000"
PATH = f"PUT /notifications/api/v1/orders/{TTD_ORDER}/cancel [cancelOrder]"


def failure(call: Any, *arguments: Any, **filters: Any) -> list[str]:
    """Return the lines that the assertion *call* fails with."""
    with pytest.raises(AssertionError) as caught:
        call(*arguments, **filters)
    return str(caught.value).splitlines()


def test_what_was_called_is_returned(anywhere: Client) -> None:
    requests = anywhere.mock.requests
    anywhere.cancel()
    anywhere.cancel("1337")

    assert [found["status"] for found in requests.assert_called("cancelOrder")] == [200, 400]
    assert len(requests.assert_called("cancelOrder", times=1, status=400)) == 1
    assert len(requests.assert_called(method="PUT", path="/1337/", times=1)) == 1
    requests.assert_called("getOrder", times=0)
    requests.assert_not_called("getOrder")


def test_a_call_that_did_not_come_is_told_with_those_that_did(anywhere: Client) -> None:
    anywhere.cancel()
    anywhere.call("GET", "/order/7")

    lines = failure(anywhere.mock.requests.assert_called, "cancelOrder", times=1, status=409)

    assert lines == [
        "expected a request with operation_id 'cancelOrder', status 409 once, but it came never.",
        "All requests, newest last:",
        f"  {PATH} 200: it is cancelled now",
        lines[3],
    ]
    assert lines[3].startswith("  GET /notifications/api/v1/order/7 [None] 404: No operation has")


def test_a_call_that_came_too_often_is_marked(anywhere: Client) -> None:
    anywhere.cancel()
    anywhere.call("GET", f"/orders/{TTD_ORDER}")
    anywhere.cancel()

    lines = failure(anywhere.mock.requests.assert_called, "cancelOrder", times=1)

    assert lines[0].endswith("'cancelOrder' once, but it came twice.")
    assert [line[0] for line in lines[2:]] == [">", " ", ">"]


def test_that_nothing_came_is_told_with_where_it_should_have(anywhere: Client) -> None:
    assert failure(anywhere.mock.requests.assert_called) == [
        "expected any request at least once, but it came never.",
        f"No request came to {anywhere.mock.base_url}",
    ]


def test_a_request_that_should_not_have_come_is_told(anywhere: Client) -> None:
    anywhere.mock.requests.assert_not_called()
    anywhere.cancel()

    lines = failure(anywhere.mock.requests.assert_not_called)

    assert lines[0] == "expected any request never, but it came once."
    assert lines[2] == f"> {PATH} 200: it is cancelled now"


def test_a_broken_connection_is_told(anywhere: Client) -> None:
    fault = anywhere.mock.faults.add(preset="reset-once")
    with pytest.raises(Exception, match=r"reset|disconnected"):
        anywhere.cancel()

    lines = failure(anywhere.mock.requests.assert_called, status=200)

    assert lines[2] == f"  {PATH} no answer: fault {fault['id']}: reset"


def test_a_long_list_is_cut_at_its_beginning(anywhere: Client) -> None:
    for _ in range(MOST_LISTED + 2):
        anywhere.cancel()

    lines = failure(anywhere.mock.requests.assert_called, "getOrder")

    assert lines[2] == "  ... 2 before these"
    assert len(lines) == 3 + MOST_LISTED


def test_an_assertion_waits_for_what_another_thread_sends(anywhere: Client) -> None:
    sender = threading.Timer(0.1, anywhere.cancel)
    sender.start()

    found = anywhere.mock.requests.assert_called("cancelOrder", wait=timedelta(seconds=20))

    sender.join()
    assert len(found) == 1


def test_no_secret_of_a_request_is_shown(anywhere: Client) -> None:
    anywhere.call("GET", "/orders?sendersReference=x&access_token=hidden-secret")

    lines = failure(anywhere.mock.requests.assert_called, "cancelOrder")

    assert "hidden-secret" not in "".join(lines)


def test_a_slip_of_the_pen_passes_no_assertion(anywhere: Client) -> None:
    mock = anywhere.mock

    with pytest.raises(ValueError, match=r"no operation 'cancelOrders'; use cancelOrder$"):
        mock.requests.assert_not_called("cancelOrders")
    with pytest.raises(ValueError, match=r"no status 'Canceled'; use Cancelled$"):
        mock.orders.assert_status(TTD_ORDER, "Canceled")  # type: ignore[arg-type] # any text, as of a row
    with pytest.raises(ValueError, match=r"no result 'Bounced'; use Failed_Bounced$"):
        mock.orders.assert_notified(TTD_ORDER, "Bounced")  # type: ignore[arg-type] # any text, as of a row
    with pytest.raises(ValueError, match=r"no status '\?'; use Cancelled or Completed or"):
        mock.orders.assert_status(TTD_ORDER, "?")  # type: ignore[arg-type] # any text, as of a row


def test_asking_for_operations_is_no_request(anywhere: Client) -> None:
    anywhere.mock.requests.assert_not_called("getOrder")
    anywhere.mock.requests.assert_not_called()


def test_a_status_is_by_the_clock(anywhere: Client) -> None:
    orders = anywhere.mock.orders
    order = orders.create(recipients=[{"emailAddress": "kari@example.com"}])

    assert orders.assert_status(order["id"], "Registered") == order
    anywhere.mock.clock.advance(timedelta(days=1, minutes=5))
    assert orders.assert_status(order["id"].upper(), "Completed")["notifications"] != []


def test_another_status_is_told(anywhere: Client) -> None:
    anywhere.mock.clock.freeze(NOW)
    order_id = anywhere.mock.orders.create()["id"]
    by_itself = failure(anywhere.mock.orders.assert_status, order_id, "Cancelled")
    anywhere.mock.orders.set_status(order_id, "Processing")
    by_hand = failure(anywhere.mock.orders.assert_status, order_id, "Cancelled")

    since = "since 2031-03-01T12:30:00Z"
    due = "(send time 2031-03-02T12:30:00Z)"
    expected = f"expected order {order_id} to be Cancelled, but it is"
    assert by_itself == [f"{expected} Registered {since} {due}."]
    assert by_hand == [f"{expected} Processing {since}, set by hand {due}."]


def test_an_order_that_is_not_there_is_told_with_those_that_are(anywhere: Client) -> None:
    lines = failure(anywhere.mock.orders.assert_status, NOBODY, "Cancelled")

    assert lines[0] == f"there is no order {NOBODY}. All orders:"
    assert f"  {TTD_ORDER} Registered of ttd" in lines
    assert len(lines) == 14


def test_a_notification_is_found_by_its_result(anywhere: Client) -> None:
    orders = anywhere.mock.orders
    addresses = ("bounced@example.com", "bounced+2@example.com", "kari@example.com")
    order = orders.create(recipients=[{"emailAddress": address} for address in addresses])
    anywhere.mock.clock.advance(timedelta(days=1, minutes=5))

    assert len(orders.assert_notified(order["id"], "Failed_Bounced", times=2)) == 2
    assert len(orders.assert_notified(order["id"], "Delivered")) == 1
    orders.assert_notified(order["id"], "Failed_Expired", times=0)


def test_another_result_is_told(anywhere: Client) -> None:
    orders = anywhere.mock.orders
    anywhere.mock.clock.freeze(NOW)
    order_id = orders.create(recipients=[{"emailAddress": "bounced@example.com"}])["id"]
    early = failure(orders.assert_notified, order_id, "Delivered")
    anywhere.mock.clock.advance(timedelta(days=1, minutes=5))
    late = failure(orders.assert_notified, order_id, "Failed_Bounced", times=2)

    assert early[1].startswith("The order is Registered since 2031-03-01T12:30:00Z (send time ")
    assert early[1].endswith("), and has no notifications.")
    assert late[0] == f"expected Failed_Bounced twice for order {order_id}, but it came once."
    assert late[2].startswith("  Email to bounced@example.com: Failed_Bounced since 2031-03-02T")
