"""Schedule of automatic events: ticks of a minute, daytime for SMS, and the expiry sweep."""

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


def daytime_expiry(send_time: datetime) -> datetime:
    """
    Return when an SMS that is sent in daytime alone expires, *send_time* being aware UTC.

    That is two days after its send time, if that is strictly between 09 and 17 in Oslo; else two
    days after the opening that it waits for, or three where that is at or past it: so upstream
    counts, and so it does at 09:00:00 sharp. Days are days of the calendar there: with a change
    of daylight saving time in between they have an hour more or less.

    Source: Altinn/altinn-notifications NotificationScheduleService.
    """
    local = send_time.astimezone(ZoneInfo(_OSLO))
    if _OPENING < local.time() < _CLOSING:
        return send_time + timedelta(hours=48)
    days = 2 if local.time() < _OPENING else 3
    opening = datetime.combine(local.date() + timedelta(days=days), _OPENING, ZoneInfo(_OSLO))
    return opening.astimezone(UTC)
