"""Tokenizer of JSON text, with .NET's error messages and positions."""

import re
from collections.abc import Iterable
from enum import Enum, auto

from mock_server.formats.strict_json.runs import LEVELS, end_of_elements, end_of_members
from mock_server.formats.strict_json.scalars import (
    TokenError,
    end_of_literal,
    end_of_number,
    end_of_string,
    quoted,
)

MAX_DEPTH = 64
"""How many arrays and objects may lie within one another."""

_SPACE = re.compile(rb"[ \n\r\t]*+")
_QUOTE, _COMMA, _COLON, _SLASH = b'",:/'
_OPEN_ARRAY, _CLOSE_ARRAY, _OPEN_OBJECT, _CLOSE_OBJECT = b"[]{}"
_NUMBER_STARTS = frozenset(b"-0123456789")
_LITERAL_STARTS = frozenset(b"tfn")


class Token(Enum):
    """Kinds of tokens; scalars are strings, numbers and literals."""

    NONE = auto()
    NAME = auto()
    SCALAR = auto()
    START_OBJECT = auto()
    END_OBJECT = auto()
    START_ARRAY = auto()
    END_ARRAY = auto()


_STARTED = frozenset({Token.START_OBJECT, Token.START_ARRAY})
_ENDED = frozenset({Token.SCALAR, Token.END_OBJECT, Token.END_ARRAY})


def _end_of_utf_8(raw: bytes) -> int:
    """Return the offset of the first byte of *raw* that is not UTF-8, or behind its end."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return len(raw)


class JsonTokens:
    """
    A cursor over JSON text: `read` moves it to the next token.

    *token* is the kind of the current one, *start* and *end* its bounds in bytes; the end of a
    name lies behind its colon. One thread only.

    Source: RFC 8259; .NET System.Text.Json, Utf8JsonReader.
    """

    def __init__(self, raw: bytes) -> None:
        """Stand before the first token of *raw*, which has no byte order mark."""
        self.raw = raw
        self.token = Token.NONE
        self.start = 0
        self.end = 0
        self._open: list[int] = []
        self._sound_until = _end_of_utf_8(raw)

    @property
    def text(self) -> bytes:
        """The current token's bytes, without the colon of a name."""
        if self.token is Token.NAME:
            return self.raw[self.start : end_of_string(self.raw, self.start)]
        return self.raw[self.start : self.end]

    def read(self) -> bool:
        """
        Move to the next token and return True, or return False at the end of the text.

        Raises:
            TokenError: what follows is not JSON, or is nested deeper than MAX_DEPTH.
        """
        self._skip_space()
        if self.start >= len(self.raw):
            return self._at_end()
        if self.token is not Token.NONE and self.raw[self.start] == _SLASH:
            self._next()  # .NET looks for a comment first, and has its own word for one.
        elif self.token is Token.NONE or self.token is Token.NAME:
            self._value()
        elif self.token in _STARTED:
            self._first_within()
        else:
            self._next()
        return True

    def pass_elements(self) -> int:
        """Move past plain elements that follow the current one, and return how many."""
        if not self._is_behind_value(_OPEN_ARRAY):
            return 0
        count, self.end = end_of_elements(self.raw, self.end, self._sound_until)
        return count

    def pass_members(self, known: Iterable[str] | None) -> None:
        """Move past plain members that follow the current one, up to a name that is *known*."""
        if self._is_behind_value(_OPEN_OBJECT):
            self.end = end_of_members(self.raw, self.end, self._sound_until, known)

    def _is_behind_value(self, opening: int) -> bool:
        """Tell whether a value has just ended within *opening*, where a run may lie."""
        is_within = bool(self._open) and self._open[-1] == opening
        return is_within and self.token in _ENDED and len(self._open) + LEVELS <= MAX_DEPTH

    def _skip_space(self) -> None:
        match = _SPACE.match(self.raw, self.end)
        self.start = match.end() if match is not None else self.end

    def _at_end(self) -> bool:
        self.end = self.start
        if self._open:
            message = (
                "Expected depth to be zero at the end of the JSON payload. "
                "There is an open JSON object or array that should be closed."
            )
            raise TokenError(message, self.start)
        if self.token is Token.NONE:
            message = (
                "The input does not contain any JSON tokens. Expected the input to start with a "
                "valid JSON token, when isFinalBlock is true."
            )
            raise TokenError(message, self.start)
        return False

    def _first_within(self) -> None:
        byte = self.raw[self.start]
        if self.token is Token.START_OBJECT:
            if byte == _CLOSE_OBJECT:
                self._close(Token.END_OBJECT)
            else:
                self._name()
        elif byte == _CLOSE_ARRAY:
            self._close(Token.END_ARRAY)
        else:
            self._value()

    def _next(self) -> None:
        byte = self.raw[self.start]
        if not self._open:
            raise self._error("{} is invalid after a single JSON value. Expected end of data.")
        if byte == _COMMA:
            self._after_comma()
        elif byte in (_CLOSE_OBJECT, _CLOSE_ARRAY):
            is_object = byte == _CLOSE_OBJECT
            if is_object is not (self._open[-1] == _OPEN_OBJECT):
                raise self._error("{} is invalid without a matching open.")
            self._close(Token.END_OBJECT if is_object else Token.END_ARRAY)
        else:
            raise self._error("{} is invalid after a value. Expected either ',', '}', or ']'.")

    def _after_comma(self) -> None:
        comma = self.start
        self.end = comma + 1
        self._skip_space()
        if self.start >= len(self.raw):
            message = "Expected start of a property name or value, but instead reached end of data."
            raise TokenError(message, comma if self.start == comma + 1 else self.start)
        byte = self.raw[self.start]
        is_object = self._open[-1] == _OPEN_OBJECT
        if byte == (_CLOSE_OBJECT if is_object else _CLOSE_ARRAY):
            raise self._error(
                f"The JSON {'object' if is_object else 'array'} contains a trailing comma at the "
                "end which is not supported in this mode. Change the reader options."
            )
        if is_object:
            self._name()
        else:
            self._value()

    def _name(self) -> None:
        if self.raw[self.start] != _QUOTE:
            raise self._error("{} is an invalid start of a property name. Expected a '\"'.")
        match = _SPACE.match(self.raw, end_of_string(self.raw, self.start))
        colon = match.end() if match is not None else self.start
        if colon >= len(self.raw):
            raise TokenError("Expected a value, but instead reached end of data.", colon)
        if self.raw[colon] != _COLON:
            byte = quoted(self.raw, colon)
            raise TokenError(f"{byte} is invalid after a property name. Expected a ':'.", colon)
        self.token, self.end = Token.NAME, colon + 1

    def _value(self) -> None:
        byte = self.raw[self.start]
        if byte in (_OPEN_OBJECT, _OPEN_ARRAY):
            self._begin(byte)
            return
        if byte == _QUOTE:
            self.end = end_of_string(self.raw, self.start)
        elif byte in _NUMBER_STARTS:
            self.end = self._end_of_number()
        elif byte in _LITERAL_STARTS:
            self.end = end_of_literal(self.raw, self.start)
        else:
            raise self._error("{} is an invalid start of a value.")
        self.token = Token.SCALAR

    def _end_of_number(self) -> int:
        end = end_of_number(self.raw, self.start)
        if self._open and end >= len(self.raw):
            last = quoted(self.raw, end - 1)
            message = f"{last} is an invalid end of a number. Expected a delimiter."
            raise TokenError(message, end)
        return end

    def _begin(self, byte: int) -> None:
        kind = "object" if byte == _OPEN_OBJECT else "array"
        if len(self._open) >= MAX_DEPTH:
            message = (
                f"The maximum configured depth of {MAX_DEPTH} has been exceeded. "
                f"Cannot read next JSON {kind}."
            )
            raise TokenError(message, self.start)
        self._open.append(byte)
        self.token = Token.START_OBJECT if byte == _OPEN_OBJECT else Token.START_ARRAY
        self.end = self.start + 1

    def _close(self, token: Token) -> None:
        self._open.pop()
        self.token, self.end = token, self.start + 1

    def _error(self, message: str) -> TokenError:
        return TokenError(message.replace("{}", quoted(self.raw, self.start)), self.start)
