"""An answer is written once as long as its order stays as it is, and never when it does not."""

from dataclasses import replace

from mock_server.domain.orders import Order
from mock_server.domain.recipients import Recipient
from mock_server.handlers.rendered import MOST, MOST_RECIPIENTS, Written
from tests.support.builders import an_order


def counting() -> tuple[list[Order], Written]:
    calls: list[Order] = []

    def write(order: Order, _base_url: str) -> dict[str, str]:
        calls.append(order)
        return {"id": str(order.id)}

    return calls, Written(write)


def test_the_same_order_is_written_once_for_each_base_url() -> None:
    calls: list[str] = []

    def write(_order: Order, base_url: str) -> dict[str, str]:
        calls.append(base_url)
        return {"at": base_url}

    written, order = Written(write), an_order()

    answers = [written.of(order, base_url) for base_url in ("http://a", "http://a", "http://b")]

    assert [answer.body for answer in answers] == [
        b'{\n  "at": "http://a"\n}',
        b'{\n  "at": "http://a"\n}',
        b'{\n  "at": "http://b"\n}',
    ]
    assert calls == ["http://a", "http://b"]


def test_an_order_that_took_the_place_of_another_is_written_anew() -> None:
    written = Written(lambda order, _base_url: {"reference": order.senders_reference})
    order = an_order(senders_reference="before")
    written.of(order, "")

    after = written.of(replace(order, senders_reference="after"), "")

    assert b"after" in after.body
    assert b"before" in written.of(order, "").body


def test_no_more_than_so_many_are_remembered() -> None:
    calls, written = counting()
    orders = [an_order() for _ in range(MOST + 1)]
    for order in orders:
        written.of(order, "")

    written.of(orders[1], "")
    assert len(calls) == MOST + 1
    written.of(orders[0], "")
    assert len(calls) == MOST + 2


def test_an_order_of_many_recipients_is_not_held() -> None:
    calls, written = counting()
    few = an_order(recipients=(Recipient(),) * MOST_RECIPIENTS)
    many = an_order(recipients=(Recipient(),) * (MOST_RECIPIENTS + 1))

    for order in (few, few, many, many):
        written.of(order, "")

    assert calls == [few, many, many]
