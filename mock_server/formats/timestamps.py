"""RFC 3339 timestamps and ISO 8601 durations, as the service and the mock write them."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import orjson

_TIMESTAMP = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(?:\.(\d+))?(?:([Zz])|([+-])(\d{2}):(\d{2}))",
    re.ASCII,
)
_DURATION = re.compile(
    r"(?P<sign>[+-]?)P(?:(?P<weeks>\d{1,9})W|(?=[0-9T])(?:(?P<days>\d{1,9})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,9})H)?(?:(?P<minutes>\d{1,9})M)?"
    r"(?:(?P<seconds>\d{1,9})(?:\.(?P<fraction>\d{1,6}))?S)?)?)",
    re.ASCII,
)

_WAY = orjson.OPT_UTC_Z
_UNITS = ("weeks", "days", "hours", "minutes", "seconds")


def parse_timestamp(text: str) -> datetime:
    """
    Return the aware UTC datetime that the RFC 3339 *text* names.

    A zone is required; a fraction is cut to whole microseconds.

    Raises:
        ValueError: not RFC 3339, or outside years 1 to 9999 in UTC.

    Source: RFC 3339 section 5.6.
    """
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        message = f"'{text}' is not an RFC 3339 time; send one such as 2031-03-01T12:30:00Z"
        raise ValueError(message)
    date, time, fraction, _zulu, sign, hours, minutes = match.groups()
    zone = UTC if sign is None else _offset(sign, int(hours), int(minutes))
    try:
        local = datetime.fromisoformat(f"{date}T{time}").replace(
            microsecond=int((fraction or "").ljust(6, "0")[:6]), tzinfo=zone
        )
        return local.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        message = f"'{text}' is not a possible time: {error}"
        raise ValueError(message) from error


def _offset(sign: str, hours: int, minutes: int) -> timezone:
    if hours > 23 or minutes > 59:
        message = f"'{sign}{hours:02}:{minutes:02}' is not a possible zone offset"
        raise ValueError(message)
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if sign == "-" else offset)


def format_timestamp(moment: datetime) -> str:
    """
    Return *moment* (aware) as UTC with up to six fractional digits and no trailing zeros.

    Source: openapi.yaml.
    """
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    # In a third of the time that isoformat takes; quotes and the Z are cut off.
    text = orjson.dumps(utc, option=_WAY).decode()
    return f"{text[1:-2].rstrip('0')}Z" if utc.microsecond else text[1:-1]


def format_http_date(moment: datetime) -> str:
    """
    Return *moment* (aware) as an HTTP date, such as `Tue, 24 Nov 2026 12:00:00 GMT`.

    Source: RFC 9110 section 5.6.7.
    """
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def parse_duration(text: str) -> timedelta:
    """
    Return the span that the ISO 8601 duration *text* names: weeks, or days to seconds.

    Raises:
        ValueError: not such a duration, or one longer than a timedelta can hold.

    Source: ISO 8601-1:2019 section 5.5.2, without years and months.
    """
    match = _DURATION.fullmatch(text)
    if match is None:
        message = f"'{text}' is not an ISO 8601 duration; send one such as PT10M, P1DT2H or -PT1M"
        raise ValueError(message)
    parts = {name: int(match[name] or 0) for name in _UNITS}
    micros = int((match["fraction"] or "").ljust(6, "0"))
    try:
        span = timedelta(**parts, microseconds=micros)
        return -span if match["sign"] == "-" else span
    except OverflowError as error:
        message = f"'{text}' is too long a duration"
        raise ValueError(message) from error


def format_duration(span: timedelta) -> str:
    """
    Return *span*, which may be negative, as an ISO 8601 duration that `parse_duration` reads.

    Source: ISO 8601-1:2019 section 5.5.2.
    """
    size = abs(span)
    sign = "-" if span < timedelta(0) else ""
    return f"{sign}P{size.days}DT{size.seconds}.{size.microseconds:06}S"
