"""GUIDs in the spellings that .NET reads."""

from uuid import UUID

import pytest

from mock_server.guids import parse_guid

GUID = UUID("f1a1cc30-197f-4f34-8304-006ce4945fd1")
SPELLINGS = [
    "f1a1cc30-197f-4f34-8304-006ce4945fd1",
    "F1A1CC30-197F-4F34-8304-006CE4945FD1",
    "f1a1cc30197f4f348304006ce4945fd1",
    "{f1a1cc30-197f-4f34-8304-006ce4945fd1}",
    "(f1a1cc30-197f-4f34-8304-006ce4945fd1)",
    "{0xf1a1cc30,0x197f,0x4f34,{0x83,0x04,0x00,0x6c,0xe4,0x94,0x5f,0xd1}}",
    "{0xF1A1CC30, 0x197F, 0x4F34, {0x83, 0x4, 0x0, 0x6C, 0xE4, 0x94, 0x5F, 0xD1}}",
    "  f1a1cc30-197f-4f34-8304-006ce4945fd1 ",
]
NOT_GUIDS = [
    "",
    "email",
    "1337;1=1",
    "f1a1cc30-197f-4f34-8304-006ce4945fd",
    "f1a1cc30-197f-4f34-8304-006ce4945fd12",
    "f1a1cc30-197f-4f34-8304-006ce4945fdg",
    "f1a1cc30197f-4f34-8304-006ce4945fd1-",
    "{f1a1cc30-197f-4f34-8304-006ce4945fd1)",
    "{f1a1cc30197f4f348304006ce4945fd1}",
    "f1a1cc30%2D197f-4f34-8304-006ce4945fd1",
    "{0xf1a1cc30,0x197f,0x4f34,{0x83,0x04,0x00,0x6c,0xe4,0x94,0x5f}}",
    "{0xf1a1cc300,0x197f,0x4f34,{0x83,0x04,0x00,0x6c,0xe4,0x94,0x5f,0xd1}}",
    "f1a1cc30-197f-4f34-8304-006ce4945fd\uff11",
]


@pytest.mark.parametrize("text", SPELLINGS)
def test_every_spelling_of_a_guid_is_read(text: str) -> None:
    assert parse_guid(text) == GUID


def test_a_component_may_begin_with_a_plus_or_a_prefix_within_its_width() -> None:
    assert parse_guid("0xa1cc30-+97f-0xf4-+304-+06c0x945fd1") == UUID(
        "00a1cc30-097f-00f4-0304-006c00945fd1"
    )


@pytest.mark.parametrize("text", NOT_GUIDS)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a GUID"):
        parse_guid(text)
