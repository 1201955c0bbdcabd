"""Timestamps and durations as text."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from mock_server.formats.timestamps import (
    format_duration,
    format_timestamp,
    parse_duration,
    parse_timestamp,
)

SECOND = datetime(2031, 3, 1, 12, 30, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2031-03-01T12:30:11Z", SECOND),
        ("2031-03-01t12:30:11z", SECOND),
        ("2031-03-01T12:30:11+00:00", SECOND),
        ("2031-03-01T12:30:11-00:00", SECOND),
        ("2031-03-01T13:30:11+01:00", SECOND),
        ("2031-03-01T12:00:11-00:30", SECOND),
        ("2031-03-02T12:29:11+23:59", SECOND),
        ("2031-03-01T12:30:11.0Z", SECOND),
        ("2031-03-01T12:30:11.4Z", SECOND.replace(microsecond=400000)),
        ("2031-03-01T12:30:11.000001Z", SECOND.replace(microsecond=1)),
        ("2031-03-01T12:30:11.4829139Z", SECOND.replace(microsecond=482913)),
        ("2031-03-01T12:30:11.999999999Z", SECOND.replace(microsecond=999999)),
        ("2031-03-01T12:30:11.9999999999Z", SECOND.replace(microsecond=999999)),
        ("2028-02-29T00:00:00Z", datetime(2028, 2, 29, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59.999999Z", datetime.max.replace(tzinfo=UTC)),
    ],
)
def test_a_timestamp_is_read_as_utc(text: str, moment: datetime) -> None:
    read = parse_timestamp(text)

    assert (read, read.utcoffset()) == (moment, timedelta(0))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2031-03-01",
        "2031-03-01T12:30:11",
        "2031-03-01 12:30:11Z",
        "2031-03-01T12:30Z",
        "2031-03-01T12:30:11.Z",
        "2031-03-01T12:30:11,5Z",
        "2031-03-01T12:30:11+0100",
        "2031-03-01T12:30:11+1:00",
        "2031-3-1T12:30:11Z",
        "20310301T123011Z",
        "+2031-03-01T12:30:11Z",
        "2031-13-01T12:30:11Z",
        "2031-02-29T12:30:11Z",
        "2031-03-01T24:00:00Z",
        "2031-03-01T12:60:00Z",
        "2031-03-01T12:30:60Z",
        "2031-03-01T12:30:11+24:00",
        "2031-03-01T12:30:11+00:60",
        "9999-12-31T23:59:59-00:01",
        "0001-01-01T00:00:00+00:01",
        "0000-01-01T00:00:00Z",
        "10000-01-01T00:00:00Z",
        "2031-03-01T12:30:11Z\n",
        " 2031-03-01T12:30:11Z",
        "\uff12031-03-01T12:30:11Z",
    ],
)
def test_what_is_not_a_timestamp_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not"):
        parse_timestamp(text)


@pytest.mark.parametrize(
    ("microsecond", "fraction"),
    [
        (0, ""),
        (1, ".000001"),
        (10, ".00001"),
        (482900, ".4829"),
        (500000, ".5"),
        (999999, ".999999"),
    ],
)
def test_a_timestamp_is_written_without_trailing_zeros(microsecond: int, fraction: str) -> None:
    text = format_timestamp(SECOND.replace(microsecond=microsecond))

    assert text == f"2031-03-01T12:30:11{fraction}Z"


def test_zeros_of_whole_seconds_are_kept_and_other_zones_are_written_as_utc() -> None:
    zone = timezone(timedelta(hours=-11, minutes=-30))

    assert format_timestamp(datetime(30, 1, 1, tzinfo=UTC)) == "0030-01-01T00:00:00Z"
    assert format_timestamp(datetime(2030, 12, 31, 12, 30, tzinfo=zone)) == "2031-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("PT10M", timedelta(minutes=10)),
        ("-PT1M", timedelta(minutes=-1)),
        ("+P30D", timedelta(days=30)),
        ("P2W", timedelta(weeks=2)),
        ("-P1W", timedelta(days=-7)),
        ("P1DT2H3M4.000005S", timedelta(days=1, hours=2, minutes=3, seconds=4, microseconds=5)),
        ("-P1DT0.5S", -timedelta(days=1, seconds=0.5)),
        ("PT0.999999S", timedelta(microseconds=999999)),
        ("PT36H", timedelta(hours=36)),
        ("PT90061S", timedelta(seconds=90061)),
        ("PT1H1S", timedelta(seconds=3601)),
        ("PT0S", timedelta(0)),
        ("-P0D", timedelta(0)),
        ("P999999999DT23H59M59.999999S", timedelta.max),
        ("-P999999999D", timedelta.min),
    ],
)
def test_a_duration_is_read(text: str, span: timedelta) -> None:
    assert parse_duration(text) == span


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "-P",
        "PT",
        "P1DT",
        "P1",
        "10M",
        "T10M",
        "PT10",
        "pt10m",
        "P1Y",
        "P1M",
        "P1W1D",
        "PW",
        "P1DT1W",
        "P1H",
        "PT1D",
        "PT-1M",
        "--PT1M",
        "PT1S1M",
        "PT1.5M",
        "PT.5S",
        "PT1.S",
        "PT1 M",
        " PT1M",
        "PT1M\n",
        "PT\u0661M",
        "P999999999DT24H",
        "P1000000000D",
    ],
)
def test_what_is_not_a_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["-P999999999DT0.000001S", "-P999999999DT999999999H"])
def test_a_negative_duration_that_is_too_long_is_refused_too(text: str) -> None:
    with pytest.raises(ValueError, match="too long a duration"):
        parse_duration(text)


@pytest.mark.parametrize(
    "span",
    [
        timedelta(0),
        timedelta(microseconds=1),
        -timedelta(microseconds=1),
        timedelta(days=1, hours=2, seconds=3, microseconds=450000),
        -timedelta(days=1, seconds=1),
        timedelta(days=999_999_999, seconds=86_399, microseconds=999_999),
    ],
)
def test_a_duration_that_is_written_is_read_as_the_same(span: timedelta) -> None:
    assert parse_duration(format_duration(span)) == span
