"""GUIDs in every spelling that .NET's `Guid.Parse` reads."""

import re
from uuid import UUID

# Each component has a fixed width, within which .NET lets it begin with "+", "0x" or both.
_COMPONENTS = (8, 4, 4, 4, 4, 8)
_COMPONENT = re.compile(r"\+?(?:0[xX])?([0-9a-fA-F]+)", re.ASCII)
_PLAIN = re.compile(r"[0-9a-fA-F]{32}", re.ASCII)
_HEXADECIMAL = re.compile(
    r"\{0[xX]([0-9a-fA-F]{1,8}),0[xX]([0-9a-fA-F]{1,4}),0[xX]([0-9a-fA-F]{1,4}),"
    r"\{" + ",".join([r"0[xX]([0-9a-fA-F]{1,2})"] * 8) + r"\}\}",
    re.ASCII,
)
_DASHED_LENGTH = 36


def parse_guid(text: str) -> UUID:
    """
    Return the GUID that *text* spells in format N, D, B, P or X, in any letter case.

    White space around it is ignored (in X also within it). The answer prints as lower-case
    hyphenated text, which is how the service writes it.

    Raises:
        ValueError: none of the five formats.

    Source: dotnet/runtime Guid.cs (TryParseGuid); fact sheet section 5.2.
    """
    stripped = text.strip()
    if _PLAIN.fullmatch(stripped):
        return UUID(hex=stripped)
    packed = "".join(stripped.split())
    if match := _HEXADECIMAL.fullmatch(packed):
        return _from_components(match.groups(), (8, 4, 4, *[2] * 8))
    if stripped[:1] + stripped[-1:] in {"{}", "()"}:
        stripped = stripped[1:-1]
    return _parse_dashed(stripped)


def _parse_dashed(text: str) -> UUID:
    dashes = [index for index, character in enumerate(text) if character == "-"]
    if len(text) != _DASHED_LENGTH or dashes != [8, 13, 18, 23]:
        raise ValueError(_refusal(text))
    digits = text.replace("-", "")
    components = []
    for width in _COMPONENTS:
        component = _COMPONENT.fullmatch(digits[:width])
        if component is None:
            raise ValueError(_refusal(text))
        components.append(component[1])
        digits = digits[width:]
    return _from_components(components, _COMPONENTS)


def _from_components(components: "list[str] | tuple[str, ...]", widths: tuple[int, ...]) -> UUID:
    return UUID(
        hex="".join(
            component.zfill(width) for component, width in zip(components, widths, strict=True)
        )
    )


def _refusal(text: str) -> str:
    return f"'{text}' is not a GUID"
