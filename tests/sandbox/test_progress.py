"""Progress of a sandbox's orders: by the clock, triggers, hands and send conditions."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from threading import Barrier, Event

import pytest

from mock_server.domain.orders import Order, Status, pin
from mock_server.domain.recipients import NotificationChannel
from mock_server.sandbox.progress import MOST_ASKED_AT_ONCE, Progress
from mock_server.sandbox.surroundings import Note, ProgressMode, Surroundings
from tests.support.builders import MICROSECOND, NOW, ORDER_ID
from tests.support.life_builders import (
    CONDITION,
    EMAIL,
    MINUTE,
    MOBILE,
    PATIENCE,
    PICKED_UP,
    RESERVED,
    SEND_TIME,
    MeetingStore,
    RunningWall,
    World,
    an_id,
    an_order_to,
    at,
    notify,
    results,
    saying,
    settled,
)

MANUAL = ProgressMode.MANUAL
BY_EMAIL, BY_SMS = NotificationChannel.EMAIL, NotificationChannel.SMS
PLAIN = an_order_to(EMAIL)
WITH_CONDITION = an_order_to(EMAIL, condition_endpoint=CONDITION)
LOST = Status.CANCELLED


def test_orders_live_by_the_clock_when_they_are_read() -> None:
    world = World(PLAIN)

    for now in (NOW, PICKED_UP - MICROSECOND, PICKED_UP, SEND_TIME, at("13:02")):
        world.wall.now = now
        assert world.progress.all() == [settled(PLAIN, now)]
        assert world.store.get(ORDER_ID) is world.get()


def test_many_small_steps_of_the_clock_end_as_a_big_one_does() -> None:
    orders = [
        an_order_to(EMAIL, "ttl@example.com"),
        an_order_to(MOBILE, id=an_id(1), requested_send_time=at("20:00")),
        an_order_to(EMAIL, RESERVED, id=an_id(2), condition_endpoint=CONDITION),
    ]
    small, big = World(*orders), World(*orders)

    for minutes in range(0, 49 * 60, 7):
        small.move_to(at("12:30") + minutes * MINUTE)
    big.move_to(small.clock.now())

    assert small.store.all() == big.store.all()
    assert small.asked == big.asked == [CONDITION] * 2


def test_time_alone_moves_nothing_where_progress_is_manual() -> None:
    orders = [PLAIN, replace(WITH_CONDITION, id=an_id(1))]
    world = World(*orders, mode=MANUAL)

    world.move_to(at("00:00", day=9))

    assert world.get() is PLAIN
    assert world.progress.all() == orders
    assert world.asked == []


def test_a_trigger_claims_the_oldest_send_time_first() -> None:
    times = ("12:29", "12:31", "12:27", "12:31:00.000001")
    orders = [replace(PLAIN, id=an_id(n), requested_send_time=at(t)) for n, t in enumerate(times)]
    world = World(*orders, mode=MANUAL)

    world.progress.claim_due_orders()

    assert world.notified == [an_id(2), an_id(0), an_id(1)]


def test_triggers_alone_take_a_manual_order_from_registered_to_completed() -> None:
    world = World(an_order_to(EMAIL, "transient-error@example.com"), mode=MANUAL)
    world.wall.now = at("13:00:07")

    world.progress.claim_due_orders()
    seen = [results(world.get())]
    for now in ("13:00:07", "13:00:07", "13:00:30", "13:01:06.999999", "13:01:07"):
        world.wall.now = at(now)
        world.send(BY_SMS)
        world.send(BY_EMAIL)
        seen.append(results(world.get()))

    assert [first for first, _ in seen] == ["New", "Sending", "Succeeded", *["Delivered"] * 3]
    assert [second for _, second in seen] == ["New", "Sending", *["New"] * 3, "Sending"]


def test_before_the_clock_moves_back_all_is_settled_and_stays_so_whatever_the_time() -> None:
    due = [PLAIN, replace(WITH_CONDITION, id=an_id(1))]
    later = replace(PLAIN, id=an_id(2), requested_send_time=at("14:00"))
    world = World(*due, later, ask=saying([True]))
    world.wall.now = at("13:02:30")

    world.move_to(at("12:00"))

    before = world.store.all()
    assert [order.status for order in before] == ["Completed", "Completed", "Registered"]
    for moment in (at("11:00"), at("12:59:30"), at("13:30")):
        world.move_to(moment)
        assert all(now is then for now, then in zip(world.progress.all(), before, strict=True))


@pytest.mark.parametrize(
    ("minutes", "status"), [(2, "Registered"), (1, "Processed"), (0, "Processed")]
)
def test_a_change_meets_the_order_as_it_is_by_the_time_of_the_change(
    minutes: int, status: str
) -> None:
    world = World(PLAIN, wall=RunningWall())
    world.wall.now = PICKED_UP - minutes * MINUTE
    met: list[tuple[Order, datetime]] = []

    def pinned(order: Order, now: datetime) -> Order:
        met.append((order, now))
        return pin(order, Status.PROCESSING, now)

    after = world.progress.update(ORDER_ID, pinned)

    assert [order for order, _ in met] == [settled(PLAIN, now) for _, now in met]
    assert (met[-1][0].status, after.last_update) == (status, met[-1][1])
    assert world.get(at("00:00", day=9)) is after


@pytest.mark.parametrize(
    ("answers", "status", "last_update"),
    [
        ([True], "Completed", at("13:02")),
        ([False], "SendConditionNotMet", PICKED_UP),
        ([None, True], "Completed", at("13:03")),
        ([None, False], "SendConditionNotMet", SEND_TIME),
        ([None, None], "Completed", at("13:03")),
    ],
)
def test_a_condition_is_asked_as_often_as_must_be_in_one_step_or_many(
    answers: list[bool | None], status: str, last_update: datetime
) -> None:
    for moments in ([], [PICKED_UP, PICKED_UP, SEND_TIME, SEND_TIME, at("13:01")]):
        world = World(WITH_CONDITION, ask=saying(answers))
        order = [world.get(moment) for moment in (*moments, at("15:00"))][-1]

        assert (order.status, order.last_update) == (status, last_update)
        assert world.asked == [CONDITION] * len(answers)


def test_a_condition_is_asked_again_at_the_next_tick_or_by_a_trigger_after_a_minute() -> None:
    automatic = World(WITH_CONDITION, ask=saying([None, None]))
    manual = World(WITH_CONDITION, ask=saying([None, None]), mode=MANUAL)
    moments = [at("12:59:10"), at("12:59:59.999999"), at("13:00"), at("13:00:09.999999")]

    counts = []
    for moment in (*moments, at("13:00:10")):
        automatic.get(moment)
        manual.wall.now = moment
        manual.progress.claim_due_orders()
        counts.append((len(automatic.asked), len(manual.asked)))

    assert counts == [(1, 1), (1, 1), (2, 1), (2, 1), (2, 2)]


@pytest.mark.parametrize("is_met", [True, False, None])
@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda world: world.progress.update(ORDER_ID, lambda order, now: pin(order, LOST, now)),
        lambda world: world.store.delete(ORDER_ID),
        lambda world: world.store.clear([PLAIN]),
        lambda world: world.store.clear([replace(PLAIN, created=at("13:00:30"))]),
    ],
    ids=["pinned", "deleted", "reset", "replaced"],
)
def test_an_answer_that_comes_too_late_changes_nothing(
    meanwhile: Callable[[World], object], *, is_met: bool | None
) -> None:
    left: list[Order] = []

    def ask(_endpoint: str) -> bool | None:
        meanwhile(world)
        left.extend(settled(order, SEND_TIME) for order in world.store.all())
        return is_met

    world = World(WITH_CONDITION, ask=ask)
    world.move_to(SEND_TIME)

    assert world.store.all() == left
    assert world.asked == [CONDITION]


def test_who_reads_an_order_that_is_being_asked_about_sees_it_processing() -> None:
    is_asked, may_answer = Event(), Event()

    def ask(_endpoint: str) -> bool:
        is_asked.set()
        return may_answer.wait(PATIENCE)

    world = World(WITH_CONDITION, ask=ask)
    with ThreadPoolExecutor(1) as thread:
        asking = thread.submit(world.get, at("15:00"))
        assert is_asked.wait(PATIENCE)
        seen = [world.get(), *world.progress.all()]
        may_answer.set()

    assert [order.status for order in seen] == ["Processing"] * 2
    assert (asking.result().status, world.asked) == ("Completed", [CONDITION])


def test_many_conditions_are_asked_side_by_side() -> None:
    everybody = Barrier(MOST_ASKED_AT_ONCE)

    def ask(_endpoint: str) -> bool:
        everybody.wait(PATIENCE)
        return True

    numbers = range(2 * MOST_ASKED_AT_ONCE)
    world = World(*(replace(WITH_CONDITION, id=an_id(number)) for number in numbers), ask=ask)
    world.move_to(at("15:00"))

    assert {order.status for order in world.store.all()} == {"Completed"}
    assert len(world.asked) == len(numbers)


@pytest.mark.parametrize("order", [PLAIN, WITH_CONDITION], ids=["plain", "with condition"])
def test_two_threads_that_settle_at_once_generate_and_ask_once(order: Order) -> None:
    is_read = Event()
    world = World(order, ask=lambda _endpoint: is_read.wait(PATIENCE), store=MeetingStore)

    def read(moment: datetime) -> Order:
        seen = world.get(moment)
        is_read.set()
        return seen

    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(read, [PICKED_UP] * 2)

    (final,) = world.store.all()
    assert (final.status, len(world.asked)) == ("Processed", bool(order.condition_endpoint))
    assert all(seen is final or seen.status == "Processing" for seen in (first, second))


def test_who_reads_an_order_hears_of_a_condition_that_is_not_called() -> None:
    world = World(WITH_CONDITION)
    told: list[str] = []

    def ask(endpoint: str, note: Note) -> None:
        note(f"{endpoint} is not called")

    progress = Progress(world.store, world.clock, Surroundings(ask, notify=notify), world.feed)
    world.wall.now = PICKED_UP
    progress.get(ORDER_ID, note=told.append)

    assert told == [f"{CONDITION} is not called"]
