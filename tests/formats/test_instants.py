"""Times with seven digits, read and written."""

from datetime import UTC, datetime

import pytest

from mock_server.formats.instants import Instant, format_instant, parse_sent_time


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2031-03-01T12:30:11Z", "2031-03-01T12:30:11Z"),
        ("2031-03-01T12:30Z", "2031-03-01T12:30:00Z"),
        ("2031-03-01T12:30:11.123Z", "2031-03-01T12:30:11.123Z"),
        ("2031-03-01T12:30:11.1234567Z", "2031-03-01T12:30:11.1234567Z"),
        ("2031-03-01T12:30:11.12345679999Z", "2031-03-01T12:30:11.1234567Z"),
        ("2031-03-01T12:30:11.0000001Z", "2031-03-01T12:30:11.0000001Z"),
        ("2031-03-01T12:30:11.1234567890123456Z", "2031-03-01T12:30:11.1234567Z"),
        ("2031-03-01T12:30:11.5000000+00:00", "2031-03-01T12:30:11.5Z"),
        ("2031-03-01T12:30:11+01:00", "2031-03-01T11:30:11Z"),
        ("2031-03-01T12:30:11-14:00", "2031-03-02T02:30:11Z"),
        ("2031-03-01T12:30+01", "2031-03-01T11:30:00Z"),
        ("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("2032-02-29T00:00:00Z", "2032-02-29T00:00:00Z"),
    ],
)
def test_a_time_with_a_zone_is_read_and_shown_in_utc(text: str, shown: str) -> None:
    sent = parse_sent_time(text)

    assert sent.has_zone
    assert format_instant(sent.instant) == shown


@pytest.mark.parametrize(
    "text", ["2031-03-01", "2031-03-01T12:30", "2031-03-01T12:30:11", "2031-03-01T12:30:11.5"]
)
def test_a_time_without_a_zone_is_read_and_known_as_such(text: str) -> None:
    assert not parse_sent_time(text).has_zone


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2031-03",
        "20310301T123011Z",
        "2031-03-01 12:30:11Z",
        "2031-03-01t12:30:11Z",
        "2031-03-01T12:30:11z",
        "2031-03-01T12Z",
        "2031-03-01Z",
        "2031-03-01T12:30:11,5Z",
        "2031-03-01T12:30:11.12345678901234567Z",
        "2031-03-01T24:00:00Z",
        "2031-03-01T12:60:00Z",
        "2031-03-01T12:30:60Z",
        "2031-02-29T00:00:00Z",
        "2031-13-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "2031-03-01T12:30:11+14:01",
        "2031-03-01T12:30:11+15:00",
        "2031-03-01T12:30:11+01:60",
        "2031-03-01T12:30:11+0100",
        "9999-12-31T23:59:59-01:00",
        "0001-01-01T00:00:00+01:00",
        " 2031-03-01T12:30:11Z",
        "2031-03-01T12:30:11Z\n",
        "２031-03-01T12:30:11Z",  # noqa: RUF001 # a digit, yet not an ASCII one
    ],
)
def test_what_is_not_such_a_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_sent_time(text)


def test_six_digits_are_cut_not_rounded() -> None:
    instant = Instant(datetime(2031, 3, 1, 12, 30, 11, 482999, tzinfo=UTC), 9)

    assert format_instant(instant, 6) == "2031-03-01T12:30:11.482999Z"
    assert format_instant(instant, 7) == "2031-03-01T12:30:11.4829999Z"


def test_the_tenth_of_a_microsecond_orders_instants() -> None:
    moment = datetime(2031, 3, 1, 12, 30, tzinfo=UTC)

    assert Instant(moment) < Instant(moment, 1) < Instant(moment.replace(microsecond=1))
