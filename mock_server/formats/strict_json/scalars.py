"""Scanner of JSON strings, numbers and literals: the end of each, or .NET's error."""

import re

_PLAIN_STRING = re.compile(rb'"[^"\\\x00-\x1f]*"')
_STRING = re.compile(rb'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*+"')
_STRING_START = re.compile(rb'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*+')
_NUMBER = re.compile(
    rb"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?(?=[,}\] \n\r\t/]|\Z)"
)
_NUMBER_START = re.compile(
    rb"(?P<sign>-)?(?:(?P<zero>0)|(?P<whole>[1-9][0-9]*+))?"
    rb"(?P<point>\.(?P<decimals>[0-9]*+))?(?P<power>[eE](?P<power_sign>[+-]?)(?P<digits>[0-9]*+))?"
)
_HEX = re.compile(rb"[0-9A-Fa-f]*+")
_LITERALS = {0x74: b"true", 0x66: b"false", 0x6E: b"null"}
_LONGEST_ECHO = 100
_NOT_AFTER_NUMBER = "is an invalid end of a number. Expected"
_WITHIN_STRING = "within a JSON string. The string should be correctly escaped."


class TokenError(ValueError):
    """Text that is not JSON, from *offset* in bytes on; the message is .NET's sentence."""

    def __init__(self, message: str, offset: int) -> None:
        """Remember the *message* and the *offset*."""
        self.message = message
        self.offset = offset
        super().__init__(message)


def quoted(raw: bytes, offset: int) -> str:
    """Return the byte at *offset* as .NET's messages show it: the character, or `0x` and hex."""
    byte = raw[offset]
    return f"'{chr(byte)}'" if 0x20 <= byte < 0x7F else f"'0x{byte:02X}'"


def end_of_string(raw: bytes, start: int) -> int:
    """
    Return the offset behind the string that starts at *start*; its escapes are checked.

    Raises:
        TokenError: the string does not end, or holds what no string may.
    """
    match = _PLAIN_STRING.match(raw, start) or _STRING.match(raw, start)
    if match is not None:
        return match.end()
    begun = _STRING_START.match(raw, start)
    offset = begun.end() if begun is not None else start + 1
    raise _string_error(raw, offset)


def _string_error(raw: bytes, offset: int) -> TokenError:
    unfinished = "Expected end of string, but instead reached end of data."
    if offset >= len(raw):
        return TokenError(unfinished, offset)
    if raw[offset] != 0x5C:
        return TokenError(f"{quoted(raw, offset)} is invalid {_WITHIN_STRING}", offset)
    escaped = offset + 1
    if escaped >= len(raw):
        return TokenError(unfinished, escaped)
    if raw[escaped] != 0x75:
        what = f"{quoted(raw, escaped)} is an invalid escapable character {_WITHIN_STRING}"
        return TokenError(what, escaped)
    return _hex_error(raw, escaped + 1, unfinished)


def _hex_error(raw: bytes, start: int, unfinished: str) -> TokenError:
    digits = _HEX.match(raw, start)
    offset = digits.end() if digits is not None else start
    if offset >= len(raw):
        return TokenError(unfinished, offset)
    what = f"{quoted(raw, offset)} is not a hex digit following '\\u' {_WITHIN_STRING}"
    return TokenError(what, offset)


def end_of_literal(raw: bytes, start: int) -> int:
    """
    Return the offset behind the `true`, `false` or `null` that starts at *start*.

    Raises:
        TokenError: it starts like one of them, yet is none.
    """
    literal = _LITERALS[raw[start]]
    if raw.startswith(literal, start):
        return start + len(literal)
    offset = start + 1
    while offset < len(raw) and raw[offset] == literal[offset - start]:
        offset += 1
    # .NET echoes the whole rest of its buffer; the start of it is enough to find the place.
    rest = raw[start : start + _LONGEST_ECHO].decode("utf-8", "replace")
    expected = literal.decode("ascii")
    message = f"'{rest}' is an invalid JSON literal. Expected the literal '{expected}'."
    raise TokenError(message, offset)


def end_of_number(raw: bytes, start: int) -> int:
    """
    Return the offset behind the number that starts at *start*.

    Raises:
        TokenError: it is not a JSON number, or runs into something else.
    """
    match = _NUMBER.match(raw, start)
    if match is not None:
        return match.end()
    raise _number_error(raw, start)


def _number_error(raw: bytes, start: int) -> TokenError:
    begun = _NUMBER_START.match(raw, start)
    if begun is None:  # pragma: no cover # every part of the pattern is optional
        return TokenError("Expected a digit ('0'-'9').", start)
    wanting = _wanting(begun)
    offset = wanting[0]
    if offset >= len(raw):
        return TokenError("Expected a digit ('0'-'9'), but instead reached end of data.", offset)
    return TokenError(wanting[1].replace("{}", quoted(raw, offset)), offset)


def _wanting(begun: re.Match[bytes]) -> tuple[int, str]:
    """Return where the number ceases to be one, and .NET's sentence with `{}` for the byte."""
    after_sign = "a sign character ('+' or '-'). Expected a digit ('0'-'9')."
    if begun["zero"] is None and begun["whole"] is None:
        return begun.end("sign"), f"{{}} is invalid within a number, immediately after {after_sign}"
    if begun["point"] is not None and not begun["decimals"]:
        what = "{} is invalid within a number, immediately after a decimal point ('.'). "
        return begun.end("decimals"), f"{what}Expected a digit ('0'-'9')."
    if begun["power"] is not None and not begun["digits"]:
        what = f"{{}} is invalid within a number, immediately after {after_sign}"
        return begun.end("digits"), what
    if begun["power"] is not None:
        return begun.end(), f"{{}} {_NOT_AFTER_NUMBER} a delimiter."
    return _wanting_after_digits(begun)


def _wanting_after_digits(begun: re.Match[bytes]) -> tuple[int, str]:
    if begun["point"] is not None:
        return begun.end(), f"{{}} {_NOT_AFTER_NUMBER} 'E' or 'e'."
    follows = begun.string[begun.end() : begun.end() + 1]
    if begun["zero"] is not None and follows.isdigit():
        return begun.end(), "Invalid leading zero before {}."
    return begun.end(), f"{{}} {_NOT_AFTER_NUMBER} a delimiter."
