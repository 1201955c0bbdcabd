"""Trace ids continue a valid traceparent, and only a valid one."""

import re

import pytest

from mock_server.formats.trace_context import trace_id

TRACE = "5249d76c03c137205ad8976fd9cd2e64"
SPAN = "4d97ca7aea3f7489"
SHAPE = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]")
INVALID = [
    None,
    "",
    "nonsense",
    f"00-{TRACE}-{SPAN}",
    f"00-{TRACE}-{SPAN}-",
    f"00-{TRACE}-{SPAN}-1",
    f"00-{TRACE}-{SPAN}-01-",
    f"00-{TRACE}-{SPAN}-01-more",
    f"cc-{TRACE}-{SPAN}-01more",
    f"0-{TRACE}-{SPAN}-01",
    f"00-{TRACE[:-1]}-{SPAN}-01",
    f"00-{TRACE}0-{SPAN}-01",
    f"00-{TRACE}-{SPAN[:-1]}-01",
    f"00-{TRACE[:-1]}g-{SPAN}-01",
    f"00-{TRACE.upper()}-{SPAN}-01",
    f"00-{TRACE}-{SPAN.upper()}-01",
    f"00-{'0' * 32}-{SPAN}-01",
    f"00-{TRACE}-{'0' * 16}-01",
    f"ff-{TRACE}-{SPAN}-01",
    f" 00-{TRACE}-{SPAN}-01",
    f"00-{TRACE}-{SPAN}-01\n",
    f"00-{TRACE}-{SPAN}-01, 00-{TRACE}-{SPAN}-01",
]


@pytest.mark.parametrize(
    ("flags", "shown"), [("01", "01"), ("00", "00"), ("03", "01"), ("02", "00"), ("ff", "01")]
)
def test_a_valid_traceparent_gives_its_trace_and_sampled_flag(flags: str, shown: str) -> None:
    continued = trace_id(f"00-{TRACE}-{SPAN}-{flags}")

    assert SHAPE.fullmatch(continued)
    assert continued.startswith(f"00-{TRACE}-")
    assert continued.endswith(f"-{shown}")


def test_each_answer_is_a_span_of_its_own_within_the_trace() -> None:
    spans = {trace_id(f"00-{TRACE}-{SPAN}-01").split("-")[2] for _ in range(20)}

    assert len(spans) == 20
    assert SPAN not in spans


@pytest.mark.parametrize("more", ["", "-more"])
def test_a_later_version_is_read_as_far_as_it_is_known(more: str) -> None:
    assert trace_id(f"cc-{TRACE}-{SPAN}-01{more}").startswith(f"00-{TRACE}-")


@pytest.mark.parametrize("traceparent", INVALID)
def test_anything_else_gives_a_new_random_trace(traceparent: str | None) -> None:
    ids = [trace_id(traceparent) for _ in range(3)]

    assert len({one.split("-")[1] for one in ids}) == 3
    assert not any(TRACE in one for one in ids)
    assert all(SHAPE.fullmatch(one) and one.endswith("-01") for one in ids)
