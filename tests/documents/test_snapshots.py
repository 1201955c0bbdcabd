"""Snapshots: a sandbox as one document, put back to go on exactly."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import MISSING, fields, replace
from datetime import timedelta
from threading import Event

import pytest

from mock_server.domain.orders import Inquiry, Order, Status
from mock_server.domain.recipients import NotificationChannel
from mock_server.sandbox.faults import Fault, Stage, Subject
from mock_server.sandbox.registry import Sandboxes
from mock_server.sandbox.surroundings import ProgressMode
from mock_server.store.port import StoreFullError
from tests.support.builders import NOW, ORDER_ID, an_order
from tests.support.life_builders import CONDITION, EMAIL, PATIENCE, an_id, an_order_to, at, saying
from tests.support.snapshot_worlds import (
    ASKED,
    FULL,
    ORDERS,
    PLAIN,
    a_document,
    a_server,
    restored,
    snapshot,
)

CANCEL = Subject("cancelOrder", "PUT", f"/orders/{ORDER_ID}/cancel")
FAULT = Fault(id=str(an_id(9)), status=503, times=3, probability=0.5, seed=7)
WITH_CONDITION = an_order_to(EMAIL, condition_endpoint=CONDITION)
OPEN = replace(ASKED, id=ORDER_ID, inquiry=Inquiry(1, at("12:59"), is_open=True))
SECOND_TIME = replace(OPEN, inquiry=Inquiry(2, at("13:00"), is_open=True))


def taken(sandbox_faults: Callable[[Subject, Stage], Fault | None], times: int = 40) -> list[bool]:
    """Return for so many cancels whether a fault takes effect."""
    return [sandbox_faults(CANCEL, Stage.AUTHENTICATED) is not None for _ in range(times)]


@pytest.mark.parametrize("field", fields(Order), ids=lambda field: field.name)
def test_every_field_of_an_order_differs_from_its_default_in_the_tests(field: object) -> None:
    name, default = field.name, field.default  # type: ignore[attr-defined] # a dataclass's field

    values = {getattr(order, name) for order in ORDERS}

    assert values - {default} or default is MISSING


def test_orders_come_back_with_every_field_in_the_order_of_their_creation() -> None:
    sandbox = restored(a_document(*ORDERS), a_server())

    assert sandbox.store.all() == list(ORDERS)
    assert snapshot(sandbox) == a_document(*ORDERS)


def test_the_document_says_what_the_order_is() -> None:
    (written,) = a_document(FULL)["orders"]

    assert written["requestedSendTime"] == "2031-03-01T13:00:00.1234567Z"
    assert (written["notificationChannel"], written["sendersReference"]) == (7, "")
    assert written["emailTemplate"]["contentType"] == -9
    assert "inquiry" not in written


@pytest.mark.parametrize("frozen", [True, False])
def test_the_clock_goes_on_from_the_time_that_it_showed(*, frozen: bool) -> None:
    server = a_server()
    server.enter("default").set_clock(at("08:00", day=9), frozen=frozen)

    sandbox = restored(snapshot(server.enter("default")), a_server())

    assert sandbox.clock.shown() == (at("08:00", day=9), frozen)


def test_a_fault_goes_on_with_its_count_and_its_generator() -> None:
    one, uninterrupted = a_server().enter("one"), a_server().enter("one")
    for sandbox in (one, uninterrupted):
        sandbox.faults.add(replace(FAULT, times=15))
        taken(sandbox.faults.take, 13)

    other = restored(snapshot(one), a_server())

    assert other.faults.records() == one.faults.records()
    assert taken(other.faults.take) == taken(uninterrupted.faults.take)
    assert [matched for _, matched in other.faults.all()] == [15]


def test_a_fault_that_was_used_up_stays_so() -> None:
    sandbox = a_server().enter("one")
    sandbox.faults.add(FAULT)
    taken(sandbox.faults.take)

    assert not any(taken(restored(snapshot(sandbox), a_server()).faults.take))


@pytest.mark.parametrize("mode", ProgressMode)
@pytest.mark.parametrize(
    ("order", "answers", "status", "since"),
    [
        (OPEN, [True], "Processed", at("12:59")),
        (OPEN, [False], "SendConditionNotMet", at("12:59")),
        (OPEN, [None], "Processing", at("12:00")),
        (SECOND_TIME, [None], "Processed", at("13:00")),
    ],
)
def test_a_condition_that_was_being_asked_for_is_asked_for_again_once(
    order: Order, answers: list[bool | None], status: str, since: object, mode: ProgressMode
) -> None:
    one, other = (
        restored(a_document(order), a_server(ask=saying(answers), mode=mode)).progress
        for _ in range(2)
    )

    seen = [one.get(ORDER_ID), *one.all(), *other.all(), other.get(ORDER_ID)]

    assert {(order.status, order.last_update) for order in seen} == {(status, since)}


def test_an_order_that_waits_for_an_answer_reads_as_before_until_it_comes() -> None:
    document = a_document(OPEN)

    sandbox = restored(document, a_server(ask=saying([])))

    assert sandbox.store.get(ORDER_ID).status is Status.PROCESSING
    assert snapshot(sandbox) == document


@pytest.mark.parametrize("is_met", [True, False, None])
def test_an_answer_of_before_the_restore_changes_nothing_after_it(*, is_met: bool | None) -> None:
    is_asked, may_answer = Event(), Event()

    def ask(_endpoint: str) -> bool | None:
        is_asked.set()
        assert may_answer.wait(PATIENCE)
        return is_met

    server = a_server(WITH_CONDITION, ask=ask)
    with ThreadPoolExecutor(1) as thread:
        asking = thread.submit(server.enter("default").set_clock, at("12:59:30"))
        assert is_asked.wait(PATIENCE)
        document = snapshot(server.enter("default"))
        sandbox = restored(document, server)
        may_answer.set()
        asking.result()

    assert document["orders"][0]["inquiry"] == {
        "attempt": 1,
        "at": "2031-03-01T12:59:00Z",
        "open": True,
    }
    assert snapshot(sandbox) == document


def test_a_reader_sees_the_old_world_or_the_new_one() -> None:
    server = a_server()
    early, late = a_document(PLAIN), a_document(PLAIN, FULL)
    late["clock"] = {"now": "2031-03-09T00:00:00Z", "frozen": True}
    restored(early, server)
    is_over = Event()

    def read() -> set[tuple[bool, int]]:
        seen = set()
        while not is_over.is_set():
            sandbox = server.enter("default")
            seen.add((sandbox.clock.now() > NOW, len(sandbox.progress.all())))
        return seen

    with ThreadPoolExecutor(2) as threads:
        readers = [threads.submit(read) for _ in range(2)]
        for number in range(200):
            restored(late if number % 2 else early, server)
        is_over.set()

    assert set.union(*(reader.result() for reader in readers)) <= {(False, 1), (True, 2)}


def test_who_is_in_the_old_world_changes_nothing_in_the_new_one() -> None:
    server = a_server(max_orders=1)
    before = server.enter("default")
    sandbox = restored(snapshot(before), server)

    before.store.add(PLAIN)
    before.store.add(FULL)
    before.advance_clock(timedelta(days=1))
    before.reset()

    assert (sandbox.store.all(), sandbox.clock.now()) == ([], NOW)
    sandbox.store.add(PLAIN)
    assert server.enter("default") is sandbox


def free_room(server: Sandboxes) -> int:
    """Return how many more orders *server* takes."""
    store = server.enter("counting").store
    try:
        for number in range(100):
            store.add(an_order(id=an_id(1000 + number)))
    except StoreFullError:
        return number
    return 100


@pytest.mark.parametrize(("limit", "room"), [(4, 0), (7, 3)])
def test_restored_orders_count_against_the_limit(limit: int, room: int) -> None:
    server = a_server(max_orders=limit)
    for _ in range(3):
        restored(a_document(*ORDERS), server)

    assert free_room(server) == room


def test_too_many_orders_are_refused_and_nothing_changes() -> None:
    server = a_server(max_orders=3)
    sandbox = server.enter("default")

    with pytest.raises(StoreFullError):
        restored(a_document(*ORDERS), server)

    assert server.enter("default") is sandbox
    assert free_room(server) == 3


def test_the_orders_that_a_sandbox_starts_with_are_free_after_a_restore_as_well() -> None:
    server = a_server(*ORDERS, max_orders=1)
    server.enter("default").store.add(an_order(id=an_id(50)))

    sandbox = restored(snapshot(server.enter("default")), server)
    sandbox.store.delete(an_id(50))
    sandbox.store.add(an_order(id=an_id(51)))

    with pytest.raises(StoreFullError):
        sandbox.store.add(an_order(id=an_id(52)))


def test_an_integer_channel_reaches_nobody_after_a_restore_as_before() -> None:
    document = a_document(an_order_to(EMAIL, notification_channel=7))

    sandbox = restored(document, a_server())
    sandbox.set_clock(at("15:00"))

    (order,) = sandbox.progress.all()
    assert (order.status, order.notifications) == (Status.COMPLETED, ())
    assert order.notification_channel not in list(NotificationChannel)
