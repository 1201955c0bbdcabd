"""JSON text: read strictly, and written as System.Text.Json writes it."""

import json
import re
import sys
from collections.abc import Callable
from math import isfinite
from typing import Any, NoReturn

import orjson

_WAY = orjson.OPT_INDENT_2 | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS

# What System.Text.Json's relaxed encoder escapes and json.dumps does not, or writes otherwise:
# controls, every space but the common one, private use and what is no character.
_ESCAPED = re.compile(
    r"\\\\|\\u[0-9a-f]{4}|[\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
    r"\ud800-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U00010000-\U0010ffff]"
)

_SURROGATE = re.compile("[\ud800-\udfff]")
_Pairs = Callable[[list[tuple[str, Any]]], object]


def load_json(text: str, make_object: _Pairs | None = None) -> Any:
    """
    Parse the JSON *text*; *make_object* makes its objects of pairs, else dicts.

    Raises:
        ValueError: not JSON (RFC 8259, which has no NaN), or a number is larger than any float.
        RecursionError: nested too deep.
    """
    try:
        return json.loads(
            text,
            object_pairs_hook=make_object,
            parse_constant=refuse_constant,
            parse_float=_read_float,
        )
    except ValueError as error:
        if "set_int_max_str_digits" not in str(error):
            raise
        message = f"a number in it has more than {sys.get_int_max_str_digits()} digits"
        raise ValueError(message) from error


def refuse_constant(name: str) -> NoReturn:
    """Raise ValueError for *name*: `NaN`, `Infinity` or `-Infinity`, which Python would read."""
    message = f"{name} is not a JSON value"
    raise ValueError(message)


def _read_float(digits: str) -> float:
    """Return a float that JSON can have once more, which infinity is not."""
    value = float(digits)
    if not isfinite(value):
        message = f"{digits[:20]} is larger than any number that is kept here"
        raise ValueError(message)
    return value


def has_half_a_pair(document: object) -> bool:
    """Tell whether the JSON *document* holds a lone surrogate, which UTF-8 does not have."""
    return _SURROGATE.search(json.dumps(document, ensure_ascii=False)) is not None


def dump_json(body: object) -> bytes:
    """
    Return *body* as JSON, indented by two, non-ASCII raw, emoji as two UTF-16 escapes.

    Source: openapi.yaml.
    """
    try:
        written = orjson.dumps(body, option=_WAY)
    except TypeError:
        # Lone surrogates, names that are no text, too deep, numbers of more than 64 bits.
        text = json.dumps(body, ensure_ascii=False, indent=2)
    else:
        if written.isascii() and b"\\" not in written and b"\x7f" not in written:
            return written
        text = written.decode()
    return _ESCAPED.sub(_escape, text).encode()


def _escape(match: re.Match[str]) -> str:
    text = match[0]
    if text == "\\\\":
        return text
    if text.startswith("\\"):
        return f"\\u{text[2:].upper()}"
    units = text.encode("utf-16-be", "surrogatepass")
    return "".join(
        f"\\u{units[index : index + 2].hex().upper()}" for index in range(0, len(units), 2)
    )


def json_type(value: object) -> str:
    """Return the JSON type of *value*, such as `object`; every number is a `number`."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"
