"""JSON text as System.Text.Json writes it."""

import json
import re

import orjson

_WAY = orjson.OPT_INDENT_2 | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS

# What System.Text.Json's relaxed encoder escapes and json.dumps does not, or writes otherwise:
# controls, every space but the common one, private use and what is no character.
_ESCAPED = re.compile(
    r"\\\\|\\u[0-9a-f]{4}|[\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
    r"\ud800-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U00010000-\U0010ffff]"
)


def dump_json(body: object) -> bytes:
    """
    Return *body* as JSON, indented by two, non-ASCII raw, emoji as two UTF-16 escapes.

    Source: fact sheet section 9.
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
