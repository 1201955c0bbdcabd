"""Times with seven fractional digits, as .NET reads and writes them."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

_PATTERN = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,16}))?)?(Z|[+-]\d\d(?::\d\d)?)?)?",
    re.ASCII,
)
_WIDEST_OFFSET = timedelta(hours=14)


@dataclass(frozen=True, slots=True, order=True)
class Instant:
    """
    A point in time in steps of 100 ns.

    *moment* is aware UTC; *tenth* is the digit below its microseconds, 0 to 9.
    """

    moment: datetime
    tenth: int = 0


@dataclass(frozen=True, slots=True)
class SentTime:
    """A time as a request gives it; without a zone its *instant* is the bare value in UTC."""

    instant: Instant
    has_zone: bool


def parse_sent_time(text: str) -> SentTime:
    """
    Return the time that *text* names, to seven fractional digits; further ones are cut.

    Accepted is ISO 8601 extended: a date, or a date and a time with optional seconds, fraction
    (up to 16 digits) and zone (`Z`, or an offset within 14 hours).

    Raises:
        ValueError: not such a time, or outside years 1 to 9999 in UTC.

    Source: openapi.yaml, createOrder; .NET System.Text.Json, reading of DateTime.
    """
    match = _PATTERN.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text}' is not an ISO 8601 time")
    fraction, zone = (match[7] or "").ljust(7, "0"), match[8]
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    date = datetime(year, month, day, tzinfo=_zone(zone))
    local = date.replace(hour=hour, minute=minute, second=second, microsecond=int(fraction[:6]))
    return SentTime(Instant(_to_utc(local), int(fraction[6])), zone is not None)


def _zone(text: str | None) -> timezone:
    if text is None or text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[4:] or 0)
    offset = timedelta(hours=hours, minutes=minutes)
    if minutes > 59 or offset > _WIDEST_OFFSET:
        raise ValueError(f"'{text}' is not a zone offset within 14 hours")
    return timezone(-offset if text[0] == "-" else offset)


def _to_utc(local: datetime) -> datetime:
    try:
        return local.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{local.isoformat()} is outside years 1 to 9999 in UTC") from error


def format_instant(instant: Instant, digits: int = 7) -> str:
    """
    Return *instant* as UTC with up to *digits* (6 or 7) fractional digits, trailing zeros cut.

    Source: openapi.yaml.
    """
    whole = instant.moment.replace(tzinfo=None, microsecond=0).isoformat()
    fraction = f"{instant.moment.microsecond:06}{instant.tenth}"[:digits].rstrip("0")
    return f"{whole}.{fraction}Z" if fraction else f"{whole}Z"
