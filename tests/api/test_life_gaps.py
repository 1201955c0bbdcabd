"""Life of an order: effects that must not occur, beside those that must."""

import socket
from dataclasses import replace
from datetime import timedelta

import pytest

from mock_server.sandbox.send_conditions import MAX_BODY
from tests.support.condition_servers import (
    TRUE,
    ConditionServer,
    Connection,
    answer_to,
    ask,
    in_turn,
    redirects,
    reply,
    says,
)
from tests.support.life_builders import CONDITION, EMAIL, SEND_TIME, World, an_id, an_order_to

LONG = timedelta(minutes=1)
"""So that no timeout is what ends a call."""


def test_a_redirect_out_of_loopback_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    row = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [row])

    with ConditionServer(says(TRUE)) as server:
        server.part = in_turn(redirects(f"http://conditions.example:{server.port}/"), says(TRUE))
        assert ask(server.url) is None

    assert server.callers == 1


def test_who_sends_more_than_64_kib_is_hung_up_on() -> None:
    rest: list[bytes] = []

    def part(caller: Connection) -> None:
        caller.send(reply(TRUE.ljust(MAX_BODY + 1), length=10_000_000))
        rest.append(caller.socket.recv(1))

    assert answer_to(part, LONG) is None
    assert rest == [b""]


def test_who_changes_an_order_that_is_being_asked_about_does_not_ask_again() -> None:
    def ask(_endpoint: str) -> bool:
        if len(world.asked) == 1:
            world.progress.update(
                an_id(0), lambda order, _now: replace(order, senders_reference="changed")
            )
        return True

    world = World(an_order_to(EMAIL, condition_endpoint=CONDITION), ask=ask)
    order = world.get(SEND_TIME)

    assert (order.status, order.senders_reference) == ("Processed", "changed")
    assert world.asked == [CONDITION]
