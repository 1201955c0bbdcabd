"""The clock: moved, frozen, resumed and reset, over a wall clock of our own."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest

from mock_server.domain.clock import EARLIEST, LATEST, Clock, ClockOutOfRangeError
from tests.support.builders import MICROSECOND, NOW, Wall

HOUR = timedelta(hours=1)


class SlowWall(Wall):
    """Real time that takes a moment to tell, in which other threads run."""

    def __call__(self) -> datetime:
        """Return the time that it is."""
        threading.Event().wait(0.0001)
        return super().__call__()


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def clock(wall: Wall) -> Clock:
    return Clock(wall)


def test_a_new_clock_tells_real_time_and_runs(wall: Wall, clock: Clock) -> None:
    wall.now += HOUR

    assert (clock.now(), clock.is_frozen) == (NOW + HOUR, False)


def test_a_clock_that_was_moved_runs_on_from_there(wall: Wall, clock: Clock) -> None:
    clock.set(NOW + timedelta(days=1))
    wall.now += HOUR

    assert clock.now() == NOW + timedelta(days=1) + HOUR


def test_a_frozen_clock_stands_still_and_can_be_moved(wall: Wall, clock: Clock) -> None:
    clock.set(frozen=True)
    wall.now += HOUR
    assert clock.now() == NOW

    clock.advance(MICROSECOND)

    assert (clock.now(), clock.is_frozen) == (NOW + MICROSECOND, True)


def test_a_resumed_clock_runs_on_from_the_frozen_instant(wall: Wall, clock: Clock) -> None:
    clock.set(frozen=True)
    wall.now += HOUR
    clock.set(frozen=False)
    wall.now += HOUR

    assert clock.now() == NOW + HOUR


def test_a_clock_can_go_back(clock: Clock) -> None:
    assert clock.advance(-HOUR) == NOW - HOUR


def test_reset_returns_to_real_time_running(wall: Wall, clock: Clock) -> None:
    clock.set(LATEST, frozen=True)

    clock.reset()

    wall.now += HOUR
    assert (clock.now(), clock.is_frozen) == (NOW + HOUR, False)


@pytest.mark.parametrize("frozen", [True, False])
def test_moving_leaves_the_clock_frozen_or_running_as_it_was(
    wall: Wall, clock: Clock, *, frozen: bool
) -> None:
    clock.set(frozen=frozen)

    clock.set(NOW + HOUR)
    clock.advance(HOUR)

    wall.now += HOUR
    assert clock.is_frozen is frozen
    assert clock.now() == NOW + 2 * HOUR + (timedelta(0) if frozen else HOUR)


@pytest.mark.parametrize("frozen", [True, False])
def test_a_clock_can_be_moved_and_frozen_or_resumed_at_once(
    wall: Wall, clock: Clock, *, frozen: bool
) -> None:
    clock.set(frozen=not frozen)

    assert clock.set(NOW - HOUR, frozen=frozen) == NOW - HOUR

    wall.now += MICROSECOND
    assert clock.now() == NOW - HOUR + (timedelta(0) if frozen else MICROSECOND)


def test_freezing_a_frozen_clock_changes_nothing(wall: Wall, clock: Clock) -> None:
    clock.set(frozen=True)
    wall.now += HOUR

    assert clock.set(frozen=True) == NOW


@pytest.mark.parametrize("frozen", [True, False])
def test_time_is_told_in_utc_whatever_zone_it_was_set_in(clock: Clock, *, frozen: bool) -> None:
    zone = timezone(timedelta(hours=2))

    shown = clock.set(NOW.astimezone(zone), frozen=frozen)

    assert shown == clock.now() == NOW
    assert shown.utcoffset() == clock.now().utcoffset() == timedelta(0)


@pytest.mark.parametrize("moment", [EARLIEST, LATEST])
def test_the_bounds_themselves_can_be_shown(clock: Clock, moment: datetime) -> None:
    assert clock.set(moment, frozen=True) == moment
    assert clock.now() == moment


@pytest.mark.parametrize("bound", [EARLIEST, LATEST])
def test_an_advance_may_end_on_a_bound(clock: Clock, bound: datetime) -> None:
    clock.set(frozen=True)

    assert clock.advance(bound - NOW) == bound


@pytest.mark.parametrize(
    "moment",
    [
        EARLIEST - MICROSECOND,
        LATEST + MICROSECOND,
        datetime.min.replace(tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=1))),
    ],
)
def test_a_time_out_of_range_is_refused_and_nothing_changes(clock: Clock, moment: datetime) -> None:
    with pytest.raises(ClockOutOfRangeError):
        clock.set(moment, frozen=True)

    assert (clock.now(), clock.is_frozen) == (NOW, False)


@pytest.mark.parametrize(
    "span",
    [
        timedelta.max,
        timedelta.min,
        LATEST - NOW + MICROSECOND,
        EARLIEST - NOW - MICROSECOND,
    ],
)
def test_an_advance_out_of_range_is_refused_and_nothing_changes(
    clock: Clock, span: timedelta
) -> None:
    clock.set(frozen=True)

    with pytest.raises(ClockOutOfRangeError, match="it runs from 2000-01-01T00:00:00Z to 9000-01"):
        clock.advance(span)

    assert (clock.now(), clock.is_frozen) == (NOW, True)


def test_a_running_clock_stops_at_its_last_moment_and_can_go_back_from_there(
    wall: Wall, clock: Clock
) -> None:
    clock.set(LATEST)
    wall.now += HOUR

    assert clock.now() == LATEST
    assert clock.advance(-HOUR) == LATEST - HOUR


def test_a_running_clock_never_tells_a_time_before_its_first(wall: Wall, clock: Clock) -> None:
    clock.set(EARLIEST)
    wall.now -= MICROSECOND

    assert clock.now() == EARLIEST


def test_advances_from_many_threads_add_up() -> None:
    clock = Clock(SlowWall())
    clock.set(frozen=True)

    with ThreadPoolExecutor(8) as threads:
        shown = set(threads.map(clock.advance, [MICROSECOND] * 80))

    assert clock.now() == NOW + 80 * MICROSECOND
    assert shown == {NOW + number * MICROSECOND for number in range(1, 81)}
