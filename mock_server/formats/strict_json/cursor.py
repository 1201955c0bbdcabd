"""Cursor over JSON text with .NET's path, line and position, and the errors that carry them."""

import json
import re
from collections.abc import Iterable
from typing import Self

from mock_server.formats.strict_json.scalars import TokenError
from mock_server.formats.strict_json.tokens import JsonTokens, Token

_PLAIN_NAME = re.compile(r"[^.'/\"\[\]()\t\n\r\f\b\\ \x85\u2028\u2029]+")
_INVALID_UTF_8 = "Cannot transcode invalid UTF-8 JSON text to UTF-16 string."
_INVALID_UTF_16 = "Cannot read invalid UTF-16 JSON text as string. Invalid surrogate value: "
_QUOTE = b'"'
MOST_READS = 100_000
"""How many tokens a walk reads one by one; what it passes as a run is not counted."""

_TOO_LONG = (
    f"The JSON text is refused for something behind its first {MOST_READS:,} tokens. "
    "Send a smaller one to have the place told."
)


class JsonReadError(ValueError):
    """
    JSON text that cannot be read as the expected type.

    *path* is .NET's (`$.recipients[0]`); *line* and *byte_position* count from 0; *message* is
    the whole sentence with all three.
    """

    def __init__(self, reason: str, path: str, line: int, byte_position: int) -> None:
        """Compose the message from the *reason*, a sentence, and the place."""
        self.path = path
        self.line = line
        self.byte_position = byte_position
        place = f"Path: {path} | LineNumber: {line} | BytePositionInLine: {byte_position}."
        self.message = f"{reason} {place}"
        super().__init__(self.message)

    @classmethod
    def at(cls, offset: int, raw: bytes, *, reason: str, path: str) -> Self:
        """Return the error at the *offset* in *raw*, in bytes."""
        line_start = raw.rfind(b"\n", 0, offset) + 1
        return cls(reason, path, raw.count(b"\n", 0, offset), offset - line_start)


class JsonSyntaxError(JsonReadError):
    """Text that is not JSON, or holds half of a surrogate pair or broken UTF-8."""


class JsonConversionError(JsonReadError):
    """JSON that is sound, yet not of the type that is asked for."""


class JsonMissingError(JsonConversionError):
    """An object that lacks members that it must have; the message does not tell the place."""

    def __init__(self, reason: str, path: str, line: int, byte_position: int) -> None:
        """Keep the *reason* as the whole message, as .NET does."""
        super().__init__(reason, path, line, byte_position)
        self.message = reason


class JsonWalk:
    """
    A cursor over JSON text with the path to where it is. One thread only.

    Source: .NET System.Text.Json, ReadStack.JsonPath.
    """

    def __init__(self, raw: bytes) -> None:
        """Stand before the first token of *raw*, which has no byte order mark."""
        self._tokens = JsonTokens(raw)
        self._steps: list[str] = []
        self._reads_left = MOST_READS

    @property
    def token(self) -> Token:
        """The kind of the current token."""
        return self._tokens.token

    def read(self) -> Token:
        """
        Move to the next token and return its kind; NONE at the end.

        Raises:
            JsonSyntaxError: what follows is not JSON, or MOST_READS tokens are read.
        """
        self._reads_left -= 1
        if self._reads_left < 0:
            raise self._syntax_error(_TOO_LONG)
        try:
            return self._tokens.token if self._tokens.read() else Token.NONE
        except TokenError as error:
            raise self._syntax_error(error.message, error.offset) from error

    def scalar(self) -> object:
        """
        Return the current scalar's value, or the current name.

        Raises:
            JsonSyntaxError: not UTF-8, or with half of a surrogate pair.
        """
        try:
            value: object = json.loads(self._tokens.text.decode("utf-8"), parse_int=whole_number)
            if isinstance(value, str):
                value.encode("utf-8")
        except UnicodeDecodeError as error:
            raise self._syntax_error(_INVALID_UTF_8) from error
        except UnicodeEncodeError as error:
            half = f"'0x{ord(error.object[error.start]):X}'."
            raise self._syntax_error(_INVALID_UTF_16 + half) from error
        return value

    def name(self) -> str:
        """
        Return the current name and add it to the path.

        Raises:
            JsonSyntaxError: not UTF-8, or with half of a surrogate pair.
        """
        name = str(self.scalar())
        self._steps.append(f".{name}" if _PLAIN_NAME.fullmatch(name) else f"['{name}']")
        return name

    def enter(self, index: int) -> None:
        """Add the *index* of an array's element to the path."""
        self._steps.append(f"[{index}]")

    def leave(self) -> None:
        """Take the last name or index off the path."""
        self._steps.pop()

    def pass_by(self) -> None:
        """
        Move to the last token of the current value, checking its strings; the path stays.

        Raises:
            JsonSyntaxError: it is not JSON.
        """
        depth = 0
        while True:
            depth += _STEPS.get(self.token, 0)
            if self.token is Token.NAME or self._is_string:
                self.scalar()
            if depth == 0:
                return
            self._tokens.pass_elements()
            self._tokens.pass_members(None)
            self.read()

    def go_through(self) -> None:
        """
        Move to the last token of the current value, keeping the path all the way.

        Raises:
            JsonSyntaxError: it is not JSON.
        """
        if self.token is Token.START_OBJECT:
            while self.read() is not Token.END_OBJECT:
                self.name()
                self.read()
                self.go_through()
                self.leave()
                self.pass_members(None)
        elif self.token is Token.START_ARRAY:
            self._go_through_array()
        elif self._is_string:
            self.scalar()

    def _go_through_array(self) -> None:
        self.enter(0)
        count = 0
        while self.read() is not Token.END_ARRAY:
            self.go_through()
            self.leave()
            count += 1 + self._tokens.pass_elements()
            self.enter(count)
        self.leave()

    def pass_members(self, known: Iterable[str] | None) -> None:
        """Move past sound members that follow the current one, up to a name that is *known*."""
        self._tokens.pass_members(known)

    @property
    def is_null(self) -> bool:
        """Whether the current token is null."""
        return self._tokens.text == b"null"

    @property
    def _is_string(self) -> bool:
        return self.token is Token.SCALAR and self._tokens.text.startswith(_QUOTE)

    def conversion_error(self, type_name: str) -> JsonConversionError:
        """Return the error that the current value is not of the .NET type *type_name*."""
        reason = f"The JSON value could not be converted to {type_name}."
        raw, end = self._tokens.raw, self._tokens.end
        return JsonConversionError.at(end, raw, reason=reason, path=self._path)

    def missing_error(self, type_name: str, names: Iterable[str]) -> JsonMissingError:
        """Return the error that the current object, a *type_name*, lacks the members *names*."""
        listed = ", ".join(f"'{name}'" for name in names)
        reason = (
            f"JSON deserialization for type '{type_name}' was missing required properties "
            f"including: {listed}."
        )
        raw, end = self._tokens.raw, self._tokens.end
        return JsonMissingError.at(end, raw, reason=reason, path=self._path)

    def _syntax_error(self, reason: str, offset: int | None = None) -> JsonSyntaxError:
        place = self._tokens.end if offset is None else offset
        return JsonSyntaxError.at(place, self._tokens.raw, reason=reason, path=self._path)

    @property
    def _path(self) -> str:
        return "".join(("$", *self._steps))


_STEPS = {Token.START_OBJECT: 1, Token.START_ARRAY: 1, Token.END_OBJECT: -1, Token.END_ARRAY: -1}
_MOST_DIGITS = 4_300


def whole_number(digits: str) -> int | float:
    """Return the number that the JSON *digits* write; over 4,300 of them, as a float."""
    return int(digits) if len(digits) <= _MOST_DIGITS else float(digits)
