"""Trace ids continue a valid traceparent, and only a valid one."""

import re

import pytest

from mock_server.trace import trace_id

TRACE = "5249d76c03c137205ad8976fd9cd2e64"
SPAN = "4d97ca7aea3f7489"
SHAPE = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]")


@pytest.mark.parametrize(("flags", "shown"), [("01", "01"), ("00", "00"), ("03", "01")])
def test_a_valid_traceparent_gives_its_trace_and_sampled_flag(flags: str, shown: str) -> None:
    continued = trace_id(f"00-{TRACE}-{SPAN}-{flags}")

    assert continued.startswith(f"00-{TRACE}-")
    assert continued.endswith(f"-{shown}")
    assert SPAN not in continued


def test_a_later_version_is_read_as_far_as_it_is_known() -> None:
    assert trace_id(f"cc-{TRACE}-{SPAN}-01-more").startswith(f"00-{TRACE}-")


@pytest.mark.parametrize(
    "traceparent",
    [
        None,
        "",
        "nonsense",
        f"00-{TRACE}-{SPAN}",
        f"00-{TRACE}-{SPAN}-01-more",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"ff-{TRACE}-{SPAN}-01",
    ],
)
def test_anything_else_gives_a_new_random_trace(traceparent: str | None) -> None:
    first, second = trace_id(traceparent), trace_id(traceparent)

    assert first != second
    assert first.endswith("-01")
    assert TRACE not in first
    assert SHAPE.fullmatch(first)
