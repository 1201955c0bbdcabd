"""Messages in tests: listed, waited for and asserted, in process and over HTTP."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from mock_server import MockServer
from mock_server.domain.messages import MessageNotFoundError
from mock_server.records.members import MemberError
from mock_server.sandbox.next_event import NothingDueError
from tests.conftest import Client
from tests.support.builders import NOW
from tests.support.eventually import eventually

DAY = timedelta(days=1)
KARI, OLA = "kari@example.com", "ola@example.com"
NOBODY = "99999999-9999-4999-8999-000000000000"
EMPTY = {
    "version": 2,
    "clock": {"now": "2031-03-01T12:30:00Z", "frozen": True},
    "orders": [],
    "faults": [],
}


@pytest.fixture
def anywhere(anywhere: Client) -> Client:
    """Return a client of a sandbox without orders, whose clock stands still at NOW."""
    anywhere.mock.restore(EMPTY)
    return anywhere


def an_email(mock: Any, to: str = KARI, subject: str = "New invoice", **more: Any) -> str:
    """Order an e-mail that is due in ten minutes, and return the id of its order."""
    settings = {"subject": subject, "body": f"Dear {to}"}
    made = mock.orders.create_chain(
        requestedSendTime="2031-03-01T12:40:00Z",
        recipient={"recipientEmail": {"emailAddress": to, "emailSettings": settings}},
        **more,
    )
    order_id: str = made["orders"][0]["id"]
    return order_id


def failure(call: Any, *arguments: Any, **filters: Any) -> list[str]:
    """Return the lines that the assertion *call* fails with."""
    with pytest.raises(AssertionError) as caught:
        call(*arguments, **filters)
    return str(caught.value).splitlines()


def test_what_was_sent_is_returned(anywhere: Client) -> None:
    mock = anywhere.mock
    order = an_email(mock)
    an_email(mock, OLA)
    mock.clock.advance(DAY)

    (message,) = mock.messages.assert_sent(to=KARI, subject="New invoice", times=1)

    assert message == mock.messages.get(message["id"]) == mock.messages.list()[0]
    assert (message["orderId"], message["status"]) == (order, "Delivered")
    assert len(mock.messages.assert_sent(times=2)) == 2
    assert len(mock.messages.assert_sent(subject="New invoice", times=None)) == 2
    assert mock.messages.assert_sent(body=f"ear {OLA}", status="Delivered", channel="Email")
    assert mock.messages.assert_sent(order_id=order, to=KARI.upper())
    mock.messages.assert_not_sent(to="x@example.com")
    mock.messages.assert_not_sent(channel="Sms")
    mock.messages.assert_not_sent(subject="New")


def test_nothing_is_sent_while_it_is_new(anywhere: Client) -> None:
    mock = anywhere.mock
    mock.messages.assert_not_sent()
    an_email(mock)
    mock.clock.advance(timedelta(minutes=9))

    mock.messages.assert_not_sent()
    assert [one["status"] for one in mock.messages.list(sent=False)] == ["New"]
    mock.clock.next()
    mock.messages.assert_sent(to=KARI)


def test_a_message_that_was_not_sent_is_told_with_those_that_were(anywhere: Client) -> None:
    mock = anywhere.mock
    an_email(mock, subject="Old\n" + "x" * 100)
    mock.clock.advance(DAY)
    mock.orders.create_instant(
        recipientSms={
            "phoneNumber": "+4799999999",
            "timeToLiveInSeconds": 60,
            "smsSettings": {"body": "Code 7"},
        }
    )

    lines = failure(mock.messages.assert_sent, OLA, "New invoice", body="Dear")

    claim = f"expected a message to '{OLA}' with subject 'New invoice', body 'Dear' to be sent once"
    assert lines == [
        f"{claim}, but it was sent never.",
        "All messages, newest last:",
        f"  Email to {KARI}: 'Old {'x' * 76}…', Delivered since 2031-03-01T12:42:00Z",
        "  Sms to +4799999999: 'Code 7', Sending since 2031-03-02T12:30:00Z",
    ]


def test_those_that_fit_are_marked(anywhere: Client) -> None:
    mock = anywhere.mock
    for to in (KARI, OLA, KARI):
        an_email(mock, to)
    mock.clock.advance(DAY)

    lines = failure(mock.messages.assert_sent, KARI)
    none = failure(mock.messages.assert_not_sent)

    assert lines[0].endswith("to be sent once, but it was sent twice.")
    assert [line[0] for line in lines[2:]] == [">", " ", ">"]
    assert none[0] == "expected any message to be sent never, but it was sent 3 times."


def test_without_any_message_it_is_told_how_far_the_orders_are(anywhere: Client) -> None:
    mock = anywhere.mock
    assert failure(mock.messages.assert_sent)[-1].endswith("yet. Orders: none.")
    an_email(mock)
    mock.orders.create(status="Cancelled")

    lines = failure(mock.messages.assert_sent, KARI)

    assert lines[1] == "There is no message at all yet. Orders: 1 Registered, 1 Cancelled."


def test_one_to_nobody_is_told_where_it_is_missed(anywhere: Client) -> None:
    mock = anywhere.mock
    mock.register.replace({"persons": [{"number": "12345678901", "reserved": True}]})
    mock.orders.create(recipients=[{"nationalIdentityNumber": "12345678901"}])
    mock.clock.advance(2 * DAY)

    lines = failure(mock.messages.assert_sent, "12345678901")

    assert lines[-1].startswith("  Email to nobody: '', Failed_RecipientReserved since")


def test_an_assertion_waits_for_what_comes(anywhere: Client) -> None:
    mock = anywhere.mock
    an_email(mock)
    mover = threading.Thread(target=mock.clock.advance, args=(DAY,))
    mover.start()

    mock.messages.assert_sent(to=KARI, wait=timedelta(minutes=1))

    mover.join()


def test_waiting_returns_those_that_came(anywhere: Client) -> None:
    mock = anywhere.mock
    an_email(mock)
    an_email(mock, OLA)
    mover = threading.Thread(target=mock.clock.advance, args=(DAY,))
    mover.start()

    found = mock.messages.wait(2, status="Delivered", timeout=timedelta(minutes=1))

    mover.join()
    assert [one["to"] for one in found] == [KARI, OLA]
    assert len(mock.messages.wait(recipient=OLA, timeout=timedelta(0))) == 1


def test_time_passes_for_one_who_waits(anywhere: Client) -> None:
    mock = anywhere.mock
    an_email(mock)
    mock.clock.set(NOW + timedelta(minutes=8, seconds=59.6))
    mock.clock.resume()

    (message,) = mock.messages.wait(timeout=timedelta(minutes=1))

    assert message["createdAt"] == "2031-03-01T12:39:00Z"


def test_waiting_in_vain_tells_what_there_is(anywhere: Client) -> None:
    mock = anywhere.mock
    an_email(mock)
    mock.clock.advance(DAY)

    with pytest.raises(TimeoutError) as caught:
        mock.messages.wait(2, recipient=KARI, timeout=timedelta(milliseconds=50))

    lines = str(caught.value).splitlines()
    assert lines[0] == f"expected a message to '{KARI}' to come at least twice, but it came once."
    assert lines[2].startswith(f"> Email to {KARI}: 'New invoice', Delivered since ")


def test_a_wait_outlives_a_reset_and_ends_with_the_sandbox(server: MockServer) -> None:
    mock = server.sandbox("messages-waited-for")
    mock.restore(EMPTY)
    world = mock._enter()  # noqa: SLF001 - whether anybody waits is not told elsewhere
    found: list[Any] = []

    def wait() -> None:
        found.extend(mock.messages.list(wait=timedelta(minutes=1), status="Failed_TTL"))

    waiting = threading.Thread(target=wait)
    waiting.start()
    eventually(lambda: world.changes.is_heard)
    mock.restore(EMPTY)
    mock.orders.create(recipients=[{"emailAddress": "ttl@example.com"}])
    mock.clock.advance(4 * DAY)
    waiting.join()
    assert [one["to"] for one in found] == ["ttl@example.com"]

    waiting = threading.Thread(target=mock.messages.list, kwargs={"wait": DAY, "count": 99})
    waiting.start()
    eventually(lambda: world.changes.is_heard)
    mock.drop()
    waiting.join()


@pytest.mark.parametrize(
    ("filters", "error", "told"),
    [
        ({"colour": "blue"}, TypeError, "there is no filter 'colour'; use"),
        ({"to": KARI}, TypeError, "there is no filter 'to'; use"),
        ({"orderId": NOBODY}, TypeError, "use order_id"),
        ({"order_id": "7"}, ValueError, "'7' is not a GUID"),
        ({"after": "7"}, ValueError, "'7' is not a GUID"),
        ({"after": NOBODY}, MemberError, "begin anew without it"),
        ({"order_by": "up"}, ValueError, "'up' is not an order; give 'asc' or 'desc'"),
        ({"limit": 0}, ValueError, "limit: 0 is not a whole number from 1 to 1000"),
        ({"sent": 1}, TypeError, "sent: 1 is not a boolean"),
        ({"all": "true"}, TypeError, "all: 'true' is not a boolean"),
        ({"status": "Sent"}, MemberError, "there is no result 'Sent'"),
        ({"channel": "Fax"}, MemberError, "channel: "),
        ({"recipient": 7}, TypeError, "recipient: 7 is not text"),
        ({"wait": 5}, TypeError, "wait: 5 is not a timedelta"),
    ],
)
def test_a_slip_in_a_filter_is_told(
    anywhere: Client, filters: dict[str, Any], error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told.replace("(", r"\(")):
        anywhere.mock.messages.list(**filters)


def test_a_slip_in_an_assertion_passes_no_test(anywhere: Client) -> None:
    messages = anywhere.mock.messages

    with pytest.raises(ValueError, match="there is no status 'Sent'"):
        messages.assert_not_sent(status="Sent")
    with pytest.raises(ValueError, match="there is no channel 'SMS'; use Email or Sms"):
        messages.assert_not_sent(channel="SMS")
    with pytest.raises(TypeError, match="there is no filter 'too'; use"):
        messages.assert_not_sent(too=KARI)
    with pytest.raises(ValueError, match="times: -1 is not a whole number from 0"):
        messages.assert_sent(times=-1)
    with pytest.raises(MessageNotFoundError, match=NOBODY):
        messages.get(NOBODY)
    with pytest.raises(ValueError, match="is not a GUID"):
        messages.get("7")


def test_orders_are_listed_by_filters_and_pages(anywhere: Client) -> None:
    orders = anywhere.mock.orders
    ids = [orders.create(creator=f"org{number % 2}")["id"] for number in range(5)]
    orders.set_status(ids[0], "Cancelled")

    assert [one["id"] for one in orders.list()] == ids
    assert [one["id"] for one in orders.list(status="Registered", limit=2)] == ids[1:3]
    assert [one["id"] for one in orders.list(after=ids[2], order_by="asc")] == ids[3:]
    assert [one["id"] for one in orders.list(creator="org1", order_by="desc")] == [ids[3], ids[1]]
    assert [one["id"] for one in orders.list(after=ids[3], order_by="desc", limit=1)] == [ids[2]]
    assert orders.list(type="Reminder") == []
    with pytest.raises(MemberError, match="'Sent' is not one of"):
        orders.list(status="Sent")
    with pytest.raises(MemberError, match="'Chain' is not one of"):
        orders.list(type="Chain")
    with pytest.raises(TypeError, match="there is no filter 'channel'"):
        orders.list(channel="Email")


def test_the_clock_moves_to_the_next_event(anywhere: Client) -> None:
    mock = anywhere.mock
    with pytest.raises(NothingDueError, match="create an order"):
        mock.clock.next()
    order = an_email(mock)

    moved = mock.clock.next()

    assert moved == {
        "now": "2031-03-01T12:35:00Z",
        "frozen": True,
        "event": {"kind": "cancellationEnd", "orderId": order, "at": "2031-03-01T12:35:00Z"},
    }


def test_the_default_sandbox_has_messages_and_a_register() -> None:
    with MockServer(seed="none") as mock:
        assert mock.messages.list() == []
        assert mock.register.replace({"down": True})["down"] is True
