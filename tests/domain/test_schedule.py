"""Ticks of a minute, daytime for SMS in Oslo, and the sweeps of a quarter of an hour."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from mock_server.domain.clock import EARLIEST, LATEST
from mock_server.domain.recipients import NotificationChannel
from mock_server.domain.schedule import (
    SWEEP,
    TICK,
    daytime_expiry,
    daytime_tick_after,
    is_daytime,
    sweep_after,
    tick_after,
    tick_from,
)
from mock_server.sandbox.surroundings import ProgressMode
from tests.support.builders import MICROSECOND
from tests.support.life_builders import EMAIL, MOBILE, World, an_order_to, at, results, settled

# The day on which summer time begins, or ends, and what an opening of 09:00 in Oslo is in UTC.
SUMMER_BEGINS, SUMMER_ENDS = "2031-03-30", "2031-10-26"
WINTER = ["2000-01-01", "2031-03-01", "2031-03-29", SUMMER_ENDS, "2031-12-31", "8999-01-15"]
SUMMER = ["2000-07-01", SUMMER_BEGINS, "2031-07-01", "2031-10-25", "8999-07-15"]
WINDOWS = [(day, 8) for day in WINTER] + [(day, 7) for day in SUMMER]
in_every_season = pytest.mark.parametrize(("day", "opening"), WINDOWS)


def utc(text: str) -> datetime:
    """Return the UTC time that *text* names, such as `2031-03-01 12:30`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def hour(day: str, number: int) -> datetime:
    """Return the full hour *number* of *day*, UTC."""
    return utc(day) + timedelta(hours=number)


def test_a_tick_is_a_minute_and_a_sweep_a_quarter_of_an_hour() -> None:
    assert (timedelta(minutes=1), timedelta(minutes=15)) == (TICK, SWEEP)


@pytest.mark.parametrize(
    ("moment", "tick"),
    [
        ("2031-03-01 12:29:59.999999", "2031-03-01 12:30"),
        ("2031-03-01 12:30:00", "2031-03-01 12:30"),
        ("2031-03-01 12:30:00.000001", "2031-03-01 12:31"),
        ("2031-03-01 12:30:01", "2031-03-01 12:31"),
        ("1999-12-31 23:59:59.999999", "2000-01-01 00:00"),
        ("2000-01-01 00:00:00", "2000-01-01 00:00"),
        ("8999-12-31 23:59:00.000001", "9000-01-01 00:00"),
        ("0001-01-01 00:00:00", "0001-01-01 00:00"),
    ],
)
def test_the_tick_from_a_moment_is_the_whole_minute_at_or_after_it(moment: str, tick: str) -> None:
    assert tick_from(utc(moment)) == utc(tick)


@pytest.mark.parametrize(
    ("moment", "tick"),
    [
        ("2031-03-01 12:29:59.999999", "2031-03-01 12:30"),
        ("2031-03-01 12:30:00", "2031-03-01 12:31"),
        ("2031-03-01 12:30:00.000001", "2031-03-01 12:31"),
        ("2031-03-01 12:30:59.999999", "2031-03-01 12:31"),
        ("1999-12-31 23:59:00", "2000-01-01 00:00"),
        ("8999-12-31 23:59:00", "9000-01-01 00:00"),
        ("0001-01-01 00:00:00", "0001-01-01 00:01"),
    ],
)
def test_the_tick_after_a_moment_is_the_next_whole_minute(moment: str, tick: str) -> None:
    assert tick_after(utc(moment)) == utc(tick)


@in_every_season
def test_daytime_begins_just_after_nine_in_oslo(day: str, opening: int) -> None:
    moment = hour(day, opening)

    assert not is_daytime(moment - MICROSECOND)
    assert not is_daytime(moment)
    assert is_daytime(moment + MICROSECOND)


@in_every_season
def test_daytime_ends_just_before_seventeen_in_oslo(day: str, opening: int) -> None:
    moment = hour(day, opening + 8)

    assert is_daytime(moment - MICROSECOND)
    assert not is_daytime(moment)
    assert not is_daytime(moment + MICROSECOND)


@in_every_season
@pytest.mark.parametrize(
    ("after_opening", "tick"),
    [
        (timedelta(hours=-6), timedelta(minutes=1)),
        (-MICROSECOND, timedelta(minutes=1)),
        (timedelta(0), timedelta(minutes=1)),
        (MICROSECOND, timedelta(minutes=1)),
        (TICK - MICROSECOND, timedelta(minutes=1)),
        (TICK, timedelta(minutes=2)),
        (timedelta(hours=8) - 2 * TICK, timedelta(hours=8) - TICK),
        (timedelta(hours=8) - TICK - MICROSECOND, timedelta(hours=8) - TICK),
    ],
)
def test_sms_are_sent_at_a_tick_of_the_same_day_until_its_last(
    day: str, opening: int, after_opening: timedelta, tick: timedelta
) -> None:
    start = hour(day, opening)

    assert daytime_tick_after(start + after_opening) == start + tick


@pytest.mark.parametrize(
    "moment",
    ["15:59", "15:59:00.000001", "16:00", "16:00:00.000001", "22:59", "23:00", "23:59:59.999999"],
)
def test_sms_of_a_winter_evening_are_sent_on_the_next_morning(moment: str) -> None:
    assert daytime_tick_after(utc(f"2031-03-01 {moment}")) == utc("2031-03-02 08:01")


@pytest.mark.parametrize("moment", ["14:59", "15:00", "21:59", "22:00", "23:59:59.999999"])
def test_sms_of_a_summer_evening_are_sent_on_the_next_morning(moment: str) -> None:
    assert daytime_tick_after(utc(f"2031-07-01 {moment}")) == utc("2031-07-02 07:01")


@pytest.mark.parametrize(
    ("evening", "tick"),
    [
        ("2031-03-29 15:59", "2031-03-30 07:01"),
        ("2031-03-30 00:59", "2031-03-30 07:01"),
        ("2031-03-30 01:00", "2031-03-30 07:01"),
        ("2031-10-25 14:59", "2031-10-26 08:01"),
        ("2031-10-26 00:30", "2031-10-26 08:01"),
        ("2031-10-26 01:30", "2031-10-26 08:01"),
        ("1999-12-31 20:00", "2000-01-01 08:01"),
        ("8999-12-31 20:00", "9000-01-01 08:01"),
    ],
)
def test_a_night_in_which_the_clocks_or_the_year_change_ends_as_others_do(
    evening: str, tick: str
) -> None:
    assert daytime_tick_after(utc(evening)) == utc(tick)


@pytest.mark.parametrize("day", ["2031-03-28", "2031-10-24", "2000-02-28", "8999-06-30"])
def test_the_next_tick_in_daytime_is_the_first_of_all_ticks_that_is(day: str) -> None:
    ticks = [utc(day) + number * TICK for number in range(4 * 24 * 60)]
    in_daytime = [tick for tick in ticks if is_daytime(tick)]

    for moment in ticks[: 3 * 24 * 60 : 7]:
        expected = next(tick for tick in in_daytime if tick > moment)
        assert daytime_tick_after(moment) == expected


@pytest.mark.parametrize(
    ("moment", "sweep"),
    [
        ("2031-03-01 12:14:59.999999", "2031-03-01 12:15"),
        ("2031-03-01 12:15:00", "2031-03-01 12:30"),
        ("2031-03-01 12:15:00.000001", "2031-03-01 12:30"),
        ("2031-03-01 12:29:00", "2031-03-01 12:30"),
        ("2031-03-01 12:29:59.999999", "2031-03-01 12:30"),
        ("2031-03-01 12:45:00", "2031-03-01 13:00"),
        ("2031-03-01 23:59:59.999999", "2031-03-02 00:00"),
        ("8999-12-31 23:45:00", "9000-01-01 00:00"),
    ],
)
def test_a_sweep_is_strictly_after_and_on_a_quarter(moment: str, sweep: str) -> None:
    assert sweep_after(utc(moment)) == utc(sweep)


@pytest.mark.parametrize(
    ("send_time", "expiry"),
    [
        # What upstream's own tests say.
        ("2025-08-25 10:00", "2025-08-27 10:00"),
        ("2025-08-25 20:00", "2025-08-28 07:00"),
        ("2025-08-25 05:00", "2025-08-27 07:00"),
        # The bounds of daytime, none of which is in it.
        ("2031-03-01 07:59:59.999999", "2031-03-03 08:00"),
        ("2031-03-01 08:00", "2031-03-04 08:00"),
        ("2031-03-01 08:00:00.000001", "2031-03-03 08:00:00.000001"),
        ("2031-03-01 15:59:59.999999", "2031-03-03 15:59:59.999999"),
        ("2031-03-01 16:00", "2031-03-04 08:00"),
        ("2031-03-01 16:00:00.000001", "2031-03-04 08:00"),
        # The day is that of Oslo.
        ("2031-03-01 22:59:59.999999", "2031-03-04 08:00"),
        ("2031-03-01 23:00", "2031-03-04 08:00"),
        ("2031-12-31 20:00", "2032-01-03 08:00"),
        # Over a change of the clocks an opening comes an hour sooner, or later.
        ("2031-03-29 05:00", "2031-03-31 07:00"),
        ("2031-10-25 20:00", "2031-10-28 08:00"),
        ("2031-03-29 12:00", "2031-03-31 12:00"),
    ],
)
def test_an_sms_of_daytime_alone_expires_as_upstream_counts(send_time: str, expiry: str) -> None:
    assert daytime_expiry(utc(send_time)) == utc(expiry)


@pytest.mark.parametrize(
    "rule", [tick_from, tick_after, daytime_tick_after, sweep_after, daytime_expiry]
)
def test_times_stay_in_utc(rule: Callable[[datetime], datetime]) -> None:
    assert rule(utc("2031-07-01 20:00:01")).tzinfo is UTC


@pytest.mark.parametrize(
    ("now", "result"),
    [
        ("08:00", "New"),
        ("08:00:00.000001", "Sending"),
        ("15:59:59.999999", "Sending"),
        ("16:00", "New"),
    ],
)
def test_the_trigger_for_sms_sends_in_daytime_alone(now: str, result: str) -> None:
    world = World(an_order_to(MOBILE, requested_send_time=at("07:00")), mode=ProgressMode.MANUAL)
    world.wall.now = at(now)
    world.progress.claim_due_orders()

    world.send(NotificationChannel.SMS)

    assert results(world.get()) == [result]


def test_in_automatic_progress_a_trigger_sends_at_once_and_reports_come_with_time() -> None:
    world = World(an_order_to(EMAIL))
    world.wall.now = at("12:59:30")

    for _ in range(3):
        world.send(NotificationChannel.EMAIL)

    assert results(world.get()) == ["Sending"]
    assert results(world.get(at("12:59:59.999999"))) == ["Sending"]
    assert results(world.get(at("13:00"))) == ["Succeeded"]
    assert (world.get(at("13:01")).status, world.get().last_update) == ("Completed", at("13:01"))


def test_the_trigger_for_expiry_gives_up_at_once() -> None:
    world = World(settled(an_order_to("ttl@example.com"), at("14:00")))

    assert results(world.get(at("13:07", day=3))) == ["Succeeded"]
    world.progress.give_up_expired()
    assert results(world.get()) == ["Failed_TTL"]


EXTREMES = [datetime.min.replace(tzinfo=UTC), EARLIEST, LATEST, datetime.max.replace(tzinfo=UTC)]


@pytest.mark.parametrize("created", EXTREMES)
@pytest.mark.parametrize("send_time", EXTREMES)
@pytest.mark.parametrize("address", [MOBILE, "ttl@example.com", "transient-error@example.com"])
@pytest.mark.parametrize("mode", ProgressMode)
def test_orders_of_any_year_live_at_any_time_that_the_clock_shows(
    created: datetime, send_time: datetime, address: str, mode: ProgressMode
) -> None:
    order = an_order_to(address, created=created, requested_send_time=send_time)
    world = World(order, mode=mode)

    for now in (EARLIEST, at("13:00"), LATEST - TICK, LATEST):
        world.move_to(now)
        world.progress.claim_due_orders()
        for channel in (NotificationChannel.EMAIL, NotificationChannel.SMS):
            world.send(channel)
        world.progress.give_up_expired()

    assert (world.get().status == "Registered") is (send_time > LATEST)
