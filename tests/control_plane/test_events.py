"""The event stream, `GET /__mock/events`: what it tells, where it goes on, and when it ends."""

import socket
from datetime import timedelta
from typing import Any

import httpx
import pytest

from mock_server.control_plane import event_stream
from mock_server.sandbox.event_log import MOST_EVENTS, MOST_IN_FULL
from mock_server.testing.mock_server import MockServer
from tests.conftest import Client
from tests.support.builders import NOW
from tests.support.event_reader import following
from tests.support.eventually import eventually
from tests.support.problem_bodies import problem
from tests.support.raw_http import request, target


@pytest.fixture
def api(api: Client) -> Client:
    """Return a client of a sandbox in which nothing is due."""
    api.mock.clock.freeze(NOW)
    return api


def test_each_kind_of_change_is_told(api: Client) -> None:
    mock = api.mock
    to_cancel = mock.orders.create()["id"]
    with following(mock.control_url) as reader:
        fault = mock.faults.add(preset="unavailable", times=1)["id"]
        api.cancel(to_cancel)
        api.cancel(to_cancel)
        mock.faults.remove(fault)
        mock.faults.clear()
        mock.register.replace({})
        order = mock.orders.create(recipients=[{"emailAddress": "kari@example.com"}])["id"]
        mock.clock.advance(timedelta(days=1, minutes=5))
        mock.orders.delete(order)
        mock.requests.clear()
        mock.reset()
        reader.until("reset")

    assert reader.response.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert reader.of("fault")[:4] == [
        {"id": fault, "matched": 0},
        {"id": fault, "matched": 1},
        {"id": fault, "disarmed": True},
        {"cleared": True},
    ]
    refused, cancelled, cleared = reader.of("request")[:3]
    assert (refused["status"], cancelled["status"], cleared) == (503, 200, {"cleared": True})
    assert cancelled["why"] == "200: it is cancelled now"
    assert {"id": to_cancel, "status": "Cancelled"}.items() <= reader.of("order")[0].items()
    mine = [data for data in reader.of("order") if data["id"] == order]
    assert [data.get("status") for data in mine] == ["Registered", "Completed", None]
    assert mine[-1] == {"id": order, "deleted": True}
    message = next(data for data in reader.of("message") if data["orderId"] == order)
    assert (message["to"], message["status"]) == ("kari@example.com", "Delivered")
    assert {"now": "2031-03-02T12:35:00Z", "frozen": True} in reader.of("clock")
    assert reader.of("register") == [{}]


def test_ids_rise_by_one_and_are_those_of_the_data(api: Client) -> None:
    with following(api.mock.control_url) as reader:
        for _ in range(5):
            api.mock.clock.freeze()
            reader.until("clock")
        reader.until("clock", 5)

    first, *others = map(int, reader.ids)
    assert others == [event["id"] for event in reader.events] == list(range(first + 1, first + 6))


def test_a_sandbox_is_told_of_alone(api: Client) -> None:
    other = api.mock.sandbox(f"{api.mock.url.rpartition('/')[2]}.other")
    with following(api.mock.control_url) as reader:
        other.clock.freeze()
        api.mock.clock.freeze(NOW)
        assert reader.until("clock") == [{"now": "2031-03-01T12:30:00Z", "frozen": True}]


def test_what_comes_all_at_once_is_counted(api: Client, server: MockServer) -> None:
    inside = server.sandbox(api.mock.url.rpartition("/")[2])
    with following(api.mock.control_url) as reader:
        for _ in range(40 * MOST_IN_FULL):
            inside.orders.create()
        api.cancel("99999999-9999-4999-8999-999999999999")
        reader.until("request")

    orders = reader.of("order")
    assert sum(data.get("count", 1) for data in orders) == 40 * MOST_IN_FULL
    assert any("count" in data for data in orders)
    assert [event["id"] for event in reader.events] == sorted(
        event["id"] for event in reader.events
    )


def test_one_who_was_away_goes_on_where_it_was(api: Client) -> None:
    with following(api.mock.control_url) as reader:
        api.mock.clock.freeze(NOW)
        reader.until("clock")
    for hour in range(1, 101):
        api.mock.clock.set(NOW + timedelta(hours=hour))
    with following(api.mock.control_url, last=reader.ids[-1]) as again:
        again.until("clock", 100)

    assert again.of("clock")[-1]["now"] == "2031-03-05T16:30:00Z"
    assert again.of("gap") == []
    assert int(again.ids[0]) == int(reader.ids[-1]) + 1


def test_the_first_block_is_enough_to_go_on_from(api: Client) -> None:
    with following(api.mock.control_url) as reader:
        assert reader.events == []
    api.mock.clock.freeze(NOW)
    with following(api.mock.control_url, last=reader.ids[-1]) as again:
        assert again.until("clock")


@pytest.mark.parametrize("last", ["0", "7", "99999999999999999999999", "x", "", "-1", "\u00b2"])
def test_one_who_was_never_here_is_told_of_a_gap_first(api: Client, last: str) -> None:
    with following(api.mock.control_url, last=last) as reader:
        api.mock.clock.freeze(NOW)
        reader.until("clock")

    assert [event["type"] for event in reader.events] == ["gap", "clock"]
    assert reader.events[0]["data"] == {}


def test_one_who_was_away_too_long_is_told_of_a_gap(api: Client, server: MockServer) -> None:
    inside = server.sandbox(api.mock.url.rpartition("/")[2])
    with following(api.mock.control_url) as reader:
        pass
    for _ in range(MOST_EVENTS + 1):
        inside.orders.create()
    with following(api.mock.control_url, last=reader.ids[0]) as again:
        api.mock.clock.freeze(NOW)
        again.until("clock")

    assert [event["type"] for event in again.events] == ["gap", "clock"]


def test_time_passes_for_one_who_follows(api: Client) -> None:
    order = api.mock.orders.create(
        requestedSendTime="2031-03-01T12:40:00Z",
        recipients=[{"emailAddress": "kari@example.com"}],
    )
    with following(api.mock.control_url) as reader:
        api.mock.clock.resume()
        # A moment before the tick at which it is picked up.
        api.mock.clock.set(NOW + timedelta(minutes=8, seconds=59.7))
        reader.until("message")

    assert reader.of("message")[0]["orderId"] == order["id"]
    assert reader.of("message")[0]["status"] == "New"


def test_a_frozen_clock_stands_still_for_one_who_follows(api: Client) -> None:
    api.mock.clock.freeze(NOW)
    api.mock.orders.create(requestedSendTime="2031-03-01T12:31:00.001Z")
    with following(api.mock.control_url) as reader:
        api.mock.clock.resume()
        api.mock.clock.freeze(NOW)
        reader.until("clock", 2)

    assert reader.of("message") == []


def test_hostile_texts_are_told_as_one_line_of_json(api: Client, server: MockServer) -> None:
    inside = server.sandbox(api.mock.url.rpartition("/")[2])
    hostile = "a\r\ndata: {}\n\nid: 5\n\n\u2028\u202e<script>\x00\ud800" + "x" * 1_000_000
    with following(api.mock.control_url) as reader:
        inside.orders.create(sendersReference=hostile)
        told = reader.until("order")[0]["sendersReference"]

    assert told == f"{hostile[:200]}…"
    assert reader.ids[1:] == [str(reader.events[0]["id"])]


def test_a_sandbox_that_is_dropped_or_restored_says_so(api: Client) -> None:
    with following(api.mock.control_url) as reader:
        api.mock.restore(api.mock.state())
        reader.until("reset")
        api.mock.clock.freeze(NOW)
        reader.until("clock")
        api.mock.drop()
        eventually(lambda: reader.has_ended)


def test_many_who_follow_are_told_the_same(api: Client) -> None:
    with following(api.mock.control_url) as one, following(api.mock.control_url) as two:
        api.mock.clock.freeze(NOW)
        assert one.until("clock") == two.until("clock")
    assert one.events == two.events


def test_a_comment_is_sent_where_nothing_happens(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_stream, "SILENCE", timedelta(milliseconds=20))
    with following(api.mock.control_url) as reader:
        eventually(lambda: reader.comments >= 2)

    assert reader.events == []


@pytest.mark.slow
def test_one_who_does_not_read_is_cut_off(
    api: Client, server: MockServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_stream, "PATIENCE", timedelta(milliseconds=100))
    inside = server.sandbox(api.mock.url.rpartition("/")[2])
    host, port = httpx.URL(api.mock.url).host, httpx.URL(api.mock.url).port
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect((host, port))
        slow.sendall(request("GET", target(api.mock.control_url, "/events")))
        slow.recv(1)
        world = inside._enter()  # noqa: SLF001 - whether anybody follows is not told elsewhere

        def is_cut_off() -> bool:
            # A few at a time, so that each is told in full.
            for _ in range(MOST_IN_FULL // 3):
                inside.orders.create(sendersReference="x" * 200)
            return world.events.followers == 0

        eventually(is_cut_off)
        assert b"".join(_pieces(slow))


def _pieces(connection: socket.socket) -> Any:
    """Yield what is left on *connection*, until it ends or is reset."""
    try:
        while piece := connection.recv(1 << 20):
            yield piece
    except ConnectionResetError:
        return


def test_nothing_is_left_of_those_who_have_gone(api: Client, server: MockServer) -> None:
    world = server.sandbox(api.mock.url.rpartition("/")[2])._enter()  # noqa: SLF001 - as above
    for _ in range(20):
        with following(api.mock.control_url):
            assert world.changes.is_heard
    eventually(lambda: world.events.followers == 0)


def test_a_stop_ends_it_in_time() -> None:
    with MockServer() as mock:
        with following(mock.control_url) as reader:
            mock.stop()
            eventually(lambda: reader.has_ended)
        mock.start()
        with following(mock.control_url) as reader:
            mock.clock.freeze(NOW)
            reader.until("clock")


def test_it_is_guarded_as_the_rest(api: Client) -> None:
    refused = api.control("GET", "/events", headers={"Origin": "http://evil.example"})

    assert (refused.status_code, problem(refused)["title"]) == (403, "Forbidden")
    assert api.control("GET", "/events?since=5").status_code == 400
    assert api.control("POST", "/events").headers["allow"] == "GET"


def test_it_asks_for_the_control_token() -> None:
    token = {"X-Mock-Control-Token": "secret"}
    with MockServer(control_token="secret") as mock:
        assert httpx.get(f"{mock.control_url}/events").status_code == 401
        with following(mock.control_url, headers=token) as reader:
            mock.clock.freeze(NOW)
            reader.until("clock")
