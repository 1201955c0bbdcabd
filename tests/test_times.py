"""Timestamps and durations as text."""

from datetime import UTC, datetime, timedelta

import pytest

from mock_server.times import format_timestamp, parse_duration, parse_timestamp


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2031-03-01T12:30:11Z", datetime(2031, 3, 1, 12, 30, 11, tzinfo=UTC)),
        ("2031-03-01t12:30:11z", datetime(2031, 3, 1, 12, 30, 11, tzinfo=UTC)),
        ("2031-03-01T12:30:11.4Z", datetime(2031, 3, 1, 12, 30, 11, 400000, tzinfo=UTC)),
        ("2031-03-01T12:30:11.4829139Z", datetime(2031, 3, 1, 12, 30, 11, 482913, tzinfo=UTC)),
        ("2031-03-01T12:30:11+01:00", datetime(2031, 3, 1, 11, 30, 11, tzinfo=UTC)),
        ("2031-03-01T12:30:11-00:30", datetime(2031, 3, 1, 13, 0, 11, tzinfo=UTC)),
    ],
)
def test_a_timestamp_is_read_as_utc(text: str, moment: datetime) -> None:
    assert parse_timestamp(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2031-03-01",
        "2031-03-01T12:30:11",
        "2031-03-01 12:30:11Z",
        "2031-03-01T12:30Z",
        "2031-02-30T12:30:11Z",
        "2031-03-01T24:00:00Z",
        "2031-03-01T12:30:60Z",
        "2031-03-01T12:30:11+24:00",
        "2031-03-01T12:30:11+00:60",
        "9999-12-31T23:59:59-01:00",
        "0001-01-01T00:00:00+01:00",
        "0000-01-01T00:00:00Z",
        "2031-03-01T12:30:11Z\n",
        "２031-03-01T12:30:11Z",
    ],
)
def test_what_is_not_a_timestamp_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not"):
        parse_timestamp(text)


@pytest.mark.parametrize(
    "text",
    ["2031-03-01T12:30:11Z", "2031-03-01T12:30:11.4829Z", "2031-03-01T12:30:00Z"],
)
def test_a_timestamp_is_written_without_trailing_zeros(text: str) -> None:
    assert format_timestamp(parse_timestamp(text)) == text


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("PT10M", timedelta(minutes=10)),
        ("-PT1M", timedelta(minutes=-1)),
        ("+P30D", timedelta(days=30)),
        ("P1DT2H3M4.000005S", timedelta(days=1, hours=2, minutes=3, seconds=4, microseconds=5)),
        ("PT0S", timedelta(0)),
    ],
)
def test_a_duration_is_read(text: str, span: timedelta) -> None:
    assert parse_duration(text) == span


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "P1DT", "10M", "PT10", "P1Y", "P1M", "P1W", "PT-1M", "P999999999DT999999999H"],
)
def test_what_is_not_a_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        parse_duration(text)
