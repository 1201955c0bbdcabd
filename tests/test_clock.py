"""The clock: moved, frozen, resumed and reset, over a wall clock of our own."""

from datetime import UTC, datetime, timedelta

import pytest

from mock_server.clock import EARLIEST, LATEST, Clock, ClockOutOfRangeError
from tests.builders import MICROSECOND, NOW, Wall

HOUR = timedelta(hours=1)


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


@pytest.mark.parametrize("moment", [EARLIEST, LATEST])
def test_the_bounds_themselves_can_be_shown(clock: Clock, moment: datetime) -> None:
    assert clock.set(moment, frozen=True) == moment


@pytest.mark.parametrize(
    "moment", [EARLIEST - MICROSECOND, LATEST + MICROSECOND, datetime.max.replace(tzinfo=UTC)]
)
def test_a_time_out_of_range_is_refused_and_nothing_changes(clock: Clock, moment: datetime) -> None:
    with pytest.raises(ClockOutOfRangeError):
        clock.set(moment, frozen=True)

    assert (clock.now(), clock.is_frozen) == (NOW, False)


@pytest.mark.parametrize("span", [timedelta.max, timedelta.min, timedelta(days=365 * 7000)])
def test_an_advance_out_of_range_is_refused_and_nothing_changes(
    clock: Clock, span: timedelta
) -> None:
    with pytest.raises(ClockOutOfRangeError):
        clock.advance(span)

    assert clock.now() == NOW


def test_a_running_clock_stops_at_its_last_moment(wall: Wall, clock: Clock) -> None:
    clock.set(LATEST)
    wall.now += HOUR

    assert clock.now() == LATEST
