"""Segments of an SMS, by the standard's own bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.formats.sms_segments import segments_of

EURO = "€"  # two septets
EMOJI = "😀"  # two code units


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 1),
        ("x" * 160, 1),
        ("x" * 161, 2),
        ("x" * 306, 2),
        ("x" * 307, 3),
        ("æøåÆØÅ£@Δ\n\r", 1),
        ("å" * 160, 1),
        (EURO * 80, 1),
        (EURO * 81, 2),
        # 153 septets have room for 76 of them: the last one is not parted.
        (EURO * 152, 2),
        (EURO * 153, 3),
        ("x" * 152 + EURO + "x" * 151, 2),
        ("x" * 152 + EURO + "x" * 152, 3),
        ("ж" * 70, 1),
        ("ж" * 71, 2),
        ("ж" * 134, 2),
        ("ж" * 135, 3),
        ("`" * 71, 2),  # the one ASCII letter that the alphabet does not have
        (EMOJI * 35, 1),
        (EMOJI * 36, 2),
        (EMOJI * 66, 2),
        (EMOJI * 67, 3),
        ("x" * 66 + EMOJI + "x" * 65, 2),
        ("x" * 66 + EMOJI + "x" * 66, 3),
        ("\x00" * 70, 1),
        ("\ud800" * 70, 1),
    ],
)
def test_a_text_takes_as_many_as_the_standard_says(text: str, expected: int) -> None:
    assert segments_of(text) == expected


@given(st.text(max_size=700), st.text(max_size=100))
def test_more_text_never_takes_fewer(text: str, more: str) -> None:
    assert 1 <= segments_of(text) <= segments_of(text + more)
