"""GUIDs in every spelling that .NET's `Guid.Parse` reads."""

import re
from collections.abc import Sequence
from uuid import UUID, SafeUUID

import orjson

# What .NET's char.IsWhiteSpace says; str.strip takes U+001C to U+001F as well.
_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
_WITHOUT_SPACE = dict.fromkeys(map(ord, _SPACE))
CANONICAL = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
"""Pattern of the spelling that the service itself writes, and most callers send."""
_CANONICAL = re.compile(CANONICAL, re.ASCII)
_PLAIN = re.compile(r"[0-9a-fA-F]{32}", re.ASCII)
# Each component has a fixed width. Within it, .NET lets all but the last begin with "+", "0x"
# or both.
_COMPONENTS = (8, 4, 4, 4, 4, 8)
_COMPONENT = re.compile(r"\+?(?:0[xX])?([0-9a-fA-F]+)", re.ASCII)
_LAST_COMPONENT = re.compile(r"([0-9a-fA-F]{8})", re.ASCII)
_DASHED_LENGTH = 36
# In X a number may begin once more, with any number of zeros, and then have no digit at all. The
# two short ones are read as 32 bits and cut to 16. No digits but zeros may match in two ways: the
# time to refuse would grow without bounds.
_NUMBER = r"0[xX](?=[^,}}])\+?(?:0[xX])?0*((?:[1-9a-fA-F][0-9a-fA-F]{{0,{more}}})?)"
_LONG = _NUMBER.format(more=7)
_BYTE = _NUMBER.format(more=1)
_HEXADECIMAL = re.compile(
    r"\{" + ",".join([_LONG] * 3) + r",\{" + ",".join([_BYTE] * 8) + r"\}\}", re.ASCII
)


def parse_guid(text: str) -> UUID:
    """
    Return the GUID that *text* spells in format N, D, B, P or X, in any letter case.

    White space around it is ignored (in X also within it).

    Raises:
        ValueError: none of the five formats.

    Source: dotnet/runtime Guid.cs (TryParseGuid); docs/differences.md.
    """
    if _CANONICAL.fullmatch(text):
        return guid_of(text)
    stripped = text.strip(_SPACE)
    if _PLAIN.fullmatch(stripped):
        return guid_of(stripped)
    packed = stripped.translate(_WITHOUT_SPACE)
    if match := _HEXADECIMAL.fullmatch(packed):
        return _from_components(match.groups(), (8, 4, 4, *[2] * 8))
    if stripped[:1] + stripped[-1:] in {"{}", "()"}:
        stripped = stripped[1:-1]
    return _parse_dashed(stripped)


def guid_of(digits: str) -> UUID:
    """
    Return the GUID of 32 hexadecimal *digits*, and dashes among them.

    Its own class takes twice the time.
    """
    guid = object.__new__(UUID)
    object.__setattr__(guid, "int", int(digits.replace("-", ""), 16))
    object.__setattr__(guid, "is_safe", SafeUUID.unknown)
    return guid


def format_guid(guid: UUID) -> str:
    """Return *guid* as the service writes it, lower-case with dashes; `str` takes twice as long."""
    return orjson.dumps(guid)[1:-1].decode()


def _parse_dashed(text: str) -> UUID:
    dashes = [index for index, character in enumerate(text) if character == "-"]
    if len(text) != _DASHED_LENGTH or dashes != [8, 13, 18, 23]:
        raise ValueError(_refusal(text))
    digits = text.replace("-", "")
    components = []
    for width, pattern in zip(_COMPONENTS, [*[_COMPONENT] * 5, _LAST_COMPONENT], strict=True):
        component = pattern.fullmatch(digits[:width])
        if component is None:
            raise ValueError(_refusal(text))
        components.append(component[1])
        digits = digits[width:]
    return _from_components(components, _COMPONENTS)


def _from_components(components: Sequence[str], widths: Sequence[int]) -> UUID:
    return guid_of(
        "".join(
            component.zfill(width)[-width:]
            for component, width in zip(components, widths, strict=True)
        )
    )


def _refusal(text: str) -> str:
    return f"'{text}' is not a GUID"
