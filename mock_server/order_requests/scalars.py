"""The scalar types that members of a create have, each named as .NET names it."""

import re
from collections.abc import Callable
from enum import StrEnum

from mock_server.formats.instants import SentTime, parse_sent_time
from mock_server.formats.strict_json.shapes import MismatchError, Scalar
from mock_server.formats.text import WHITE_SPACE

MODELS = "Altinn.Notifications.Models"
"""The .NET namespace of the service's bodies."""

_INTEGER = re.compile(r"[+-]?[0-9]{1,10}")
_INT_32 = range(-(2**31), 2**31)
_UINT_32 = range(2**32)


def nullable(type_name: str) -> str:
    """Return how .NET names the type *type_name* where it may be null."""
    return f"System.Nullable`1[{type_name}]"


def list_of(type_name: str) -> str:
    """Return how .NET names a list of *type_name*."""
    return f"System.Collections.Generic.List`1[{type_name}]"


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise MismatchError
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise MismatchError
    return value


def _time(value: object) -> SentTime:
    return parse_sent_time(_text(value))


def _integer(value: object, bounds: range = _INT_32) -> int:
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or value not in bounds:
        raise MismatchError
    return value


TEXT = Scalar("System.String", _text)
URL = Scalar("System.Uri", _text)
FLAG = Scalar("System.Boolean", _flag, is_nullable=False)
NULLABLE_FLAG = Scalar(nullable("System.Boolean"), _flag)
TIME = Scalar("System.DateTime", _time, is_nullable=False)
NULLABLE_TIME = Scalar(nullable("System.DateTime"), _time)
INTEGER = Scalar("System.Int32", _integer, is_nullable=False)
NULLABLE_INTEGER = Scalar(nullable("System.Int32"), _integer)


def choice(
    type_name: str, choices: type[StrEnum], *, first: int = 0, is_nullable: bool = False
) -> Scalar:
    """
    Return the .NET enumeration *type_name*, whose values are *choices* in the order of numbers.

    The number of the first is *first*; an enumeration that begins with 1 has no negative numbers.
    A number without a name is read as that number, names in any letter case, and several with
    commas between them as the number that their bits make.

    Source: .NET JsonStringEnumConverter.
    """
    bounds = _UINT_32 if first else _INT_32
    named = {word.lower(): number for number, word in enumerate(choices, start=first)}
    numbered: dict[int, StrEnum] = dict(enumerate(choices, start=first))
    read = _choice_reader(named, numbered, bounds)
    return Scalar(nullable(type_name) if is_nullable else type_name, read, is_nullable=is_nullable)


def _choice_reader(
    named: dict[str, int], numbered: dict[int, StrEnum], bounds: range
) -> Callable[[object], StrEnum | int]:
    def read(value: object) -> StrEnum | int:
        number = _by_names(value, named) if isinstance(value, str) else None
        if number is None:
            sent = value.strip(WHITE_SPACE) if isinstance(value, str) else value
            number = _integer(sent, bounds)
        return numbered.get(number, number)

    return read


def _by_names(text: str, named: dict[str, int]) -> int | None:
    """Return the number that the names in *text* make together; None where one is no name."""
    number = 0
    for word in text.split(","):
        name = word.strip(WHITE_SPACE)
        if not name.isascii() or name.lower() not in named:
            return None
        number |= named[name.lower()]
    return number
