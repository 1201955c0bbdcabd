"""When things happen by themselves: ticks of a minute, daytime for SMS, and the expiry sweep."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

TICK = timedelta(minutes=1)
"""How often orders are picked up and notifications sent: on whole UTC minutes."""

SWEEP = timedelta(minutes=15)
"""How often notifications without a delivery report are given up: on whole quarters of an hour."""

_OSLO = "Europe/Oslo"
_OPENING, _CLOSING = time(9), time(17)


def tick_from(moment: datetime) -> datetime:
    """Return the first tick at or after *moment*, aware UTC."""
    past = timedelta(seconds=moment.second, microseconds=moment.microsecond)
    return moment + (TICK - past) if past else moment


def tick_after(moment: datetime) -> datetime:
    """Return the first tick after *moment*, aware UTC."""
    return tick_from(moment + timedelta(microseconds=1))


def is_daytime(moment: datetime) -> bool:
    """
    Tell whether SMS are sent at *moment*: strictly between 09 and 17 in Oslo.

    Source: docs/life.md; NotificationScheduleService.
    """
    return _OPENING < moment.astimezone(ZoneInfo(_OSLO)).time() < _CLOSING


def daytime_tick_after(moment: datetime) -> datetime:
    """Return the first tick after *moment* (aware UTC) at which SMS are sent."""
    tick = tick_after(moment)
    if is_daytime(tick):
        return tick
    local = tick.astimezone(ZoneInfo(_OSLO))
    day = local.date() if local.time() <= _OPENING else local.date() + timedelta(days=1)
    opening = datetime.combine(day, _OPENING, ZoneInfo(_OSLO))
    return tick_after(opening.astimezone(UTC))


def sweep_after(moment: datetime) -> datetime:
    """Return the first sweep after *moment*, aware UTC."""
    tick = tick_after(moment)
    return tick + timedelta(minutes=-tick.minute % (SWEEP // TICK))
