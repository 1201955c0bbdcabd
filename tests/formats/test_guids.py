"""GUIDs in the spellings that .NET reads."""

from uuid import UUID

import pytest

from mock_server.formats.guids import format_guid, parse_guid

TEXT = "f1a1cc30-197f-4f34-8304-006ce4945fd1"
GUID = UUID(TEXT)
BYTES = "{0x83,0x04,0x00,0x6c,0xe4,0x94,0x5f,0xd1}"
SPELLINGS = [
    TEXT,
    TEXT.upper(),
    "F1a1cC30-197F-4f34-8304-006ce4945fD1",
    TEXT.replace("-", ""),
    TEXT.replace("-", "").upper(),
    f"{{{TEXT}}}",
    f"({TEXT})",
    f"({TEXT.upper()})",
    f"{{0xf1a1cc30,0x197f,0x4f34,{BYTES}}}",
    f"{{0XF1A1CC30,0X197F,0X4F34,{BYTES.upper()}}}",
    "{0xf1a1cc30,0x197f,0x4f34,{0x83,0x4,0x0,0x6c,0xe4,0x94,0x5f,0xd1}}",
]
WHITE_SPACE = [" ", "\t", "\r\n", "\v\f", "\x85", "\xa0", "\u2003", "\u3000"]
LAX_COMPONENTS = [
    ("0x00cc30-197f-4f34-8304-006ce4945fd1", "0000cc30-197f-4f34-8304-006ce4945fd1"),
    ("0Xa1cc30-197f-4f34-8304-006ce4945fd1", "00a1cc30-197f-4f34-8304-006ce4945fd1"),
    ("+1a1cc30-197f-4f34-8304-006ce4945fd1", "01a1cc30-197f-4f34-8304-006ce4945fd1"),
    ("+0x1cc30-+97f-0xf4-+0x4-+06ce4945fd1", "0001cc30-097f-00f4-0004-006ce4945fd1"),
    ("{+1a1cc30-197f-4f34-8304-0x6ce4945fd1}", "01a1cc30-197f-4f34-8304-006ce4945fd1"),
]
LAX_NUMBERS = [
    f"{{0x000000000f1a1cc30,0x0197f,0x4f34,{BYTES}}}",
    f"{{0x+f1a1cc30,0x0x197f,0x+0x4f34,{BYTES}}}",
    f"{{0xf1a1cc30,0xabc197f,0xffff4f34,{BYTES}}}",
    "{0xf1a1cc30,0x197f,0x4f34,{0x083,0x+4,0x+,0x0x6c,0xe4,0x94,0x5f,0xd1}}",
]
ZEROS = f"0x{'0' * 40}"
NOT_GUIDS = [
    "",
    " ",
    "email",
    "1337;1=1",
    TEXT[:-1],
    f"{TEXT}2",
    f"{TEXT[:-1]}g",
    f"{TEXT[:-1]}\uff11",
    TEXT.replace("-", "")[:-1],
    f"{TEXT.replace('-', '')}1",
    f"+{TEXT.replace('-', '')[1:]}",
    f"{TEXT[:8]}{TEXT[9:]}-",
    TEXT.replace("-", "_"),
    TEXT.replace("-", "\u2010"),
    TEXT.replace("-", "%2D"),
    f"{{{TEXT})",
    f"({TEXT}}}",
    f"[{TEXT}]",
    f"{{{TEXT}",
    f"{TEXT}}}",
    f"{{ {TEXT} }}",
    f"{{{TEXT.replace('-', '')}}}",
    f"({TEXT.replace('-', '')})",
    f"{{{{{TEXT}}}}}",
    f"urn:uuid:{TEXT}",
    "++a1cc30-197f-4f34-8304-006ce4945fd1",
    "0x+1cc30-197f-4f34-8304-006ce4945fd1",
    "-1a1cc30-197f-4f34-8304-006ce4945fd1",
    "f1a1cc30-197f-4f34-8304-006c0x945fd1",
    "f1a1cc30-197f-4f34-8304-006c+4945fd1",
    "f1a1cc30-197f-4f34-8304-006ce4945 d1",
    f"0xf1a1cc30,0x197f,0x4f34,{BYTES}",
    f"{{f1a1cc30,0x197f,0x4f34,{BYTES}}}",
    f"{{0xf1a1cc30,0x197f,0x4f34,{BYTES[1:-1]}}}",
    f"{{0xf1a1cc30,0x197f,0x4f34,{BYTES}}}}}",
    f"{{0xf1a1cc300,0x197f,0x4f34,{BYTES}}}",
    f"{{0xf1a1cc30,0x1000ffff0,0x4f34,{BYTES}}}",
    f"{{0xf1a1cc30,0x,0x4f34,{BYTES}}}",
    f"{{0xf1a1cc30,0x197f,0x4f34,{BYTES.replace('0x83', '0x100')}}}",
    f"{{0xf1a1cc30,0x197f,0x4f34,{BYTES.replace(',0xd1', '')}}}",
    f"{{0xf1a1cc30,0x197f,0x4f34,{BYTES.replace(',0xd1', ',0xd1,0x00')}}}",
    f"{{{ZEROS},{ZEROS},{ZEROS},{{{','.join([ZEROS] * 8)}}}",
]


@pytest.mark.parametrize("text", SPELLINGS)
def test_every_spelling_of_a_guid_is_read(text: str) -> None:
    assert parse_guid(text) == GUID


@pytest.mark.parametrize("guid", [GUID, UUID(int=0), UUID(int=2**128 - 1)], ids=str)
def test_a_guid_is_written_as_its_class_does_and_read_again(guid: UUID) -> None:
    assert format_guid(guid) == str(guid)
    assert parse_guid(format_guid(guid)) == guid


@pytest.mark.parametrize("text", SPELLINGS)
@pytest.mark.parametrize("space", WHITE_SPACE)
def test_white_space_around_a_guid_is_ignored(text: str, space: str) -> None:
    assert parse_guid(f"{space}{text}{space}{space}") == GUID


@pytest.mark.parametrize("space", WHITE_SPACE)
def test_white_space_within_is_ignored_in_the_hexadecimal_format_alone(space: str) -> None:
    spaced = f"{{0xf1a1cc30,0x197f,0x4f34,{BYTES}}}".replace(",", f"{space},{space}")
    spaced = spaced.replace("0x4f", f"0{space}x4{space}f")

    assert parse_guid(spaced) == GUID
    with pytest.raises(ValueError, match="is not a GUID"):
        parse_guid(TEXT.replace("-", f"{space}-"))


@pytest.mark.parametrize("separator", ["\x1c", "\x1d", "\x1e", "\x1f", "\u200b", "\ufeff", "\0"])
def test_what_net_does_not_count_as_white_space_is_refused(separator: str) -> None:
    with pytest.raises(ValueError, match="is not a GUID"):
        parse_guid(f"{TEXT}{separator}")


@pytest.mark.parametrize(("text", "meant"), LAX_COMPONENTS)
def test_a_component_but_the_last_may_begin_with_a_plus_or_a_prefix_within_its_width(
    text: str, meant: str
) -> None:
    assert parse_guid(text) == UUID(meant)


@pytest.mark.parametrize("text", LAX_NUMBERS)
def test_numbers_of_the_hexadecimal_format_are_read_as_loosely_as_by_net(text: str) -> None:
    assert parse_guid(text) == GUID


@pytest.mark.parametrize("text", NOT_GUIDS)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a GUID"):
        parse_guid(text)
