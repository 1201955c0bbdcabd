"""JSON text, sound and hostile."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mock_server.formats.strict_json.cursor import JsonSyntaxError
from mock_server.formats.strict_json.reader import read_members
from mock_server.formats.strict_json.tokens import MAX_DEPTH

STRING = "within a JSON string. The string should be correctly escaped."
NUMBER_END = "is an invalid end of a number. Expected a delimiter."
SIGN = "a sign character ('+' or '-'). Expected a digit ('0'-'9')."
POINT = "a decimal point ('.'). Expected a digit ('0'-'9')."
OPEN = (
    "Expected depth to be zero at the end of the JSON payload. "
    "There is an open JSON object or array that should be closed."
)
NO_TOKENS = (
    "The input does not contain any JSON tokens. Expected the input to start with a valid JSON "
    "token, when isFinalBlock is true."
)
TRAILING = (
    "trailing comma at the end which is not supported in this mode. Change the reader options."
)
UTF_16 = "Cannot read invalid UTF-16 JSON text as string. Invalid surrogate value:"
UTF_8 = "Cannot transcode invalid UTF-8 JSON text to UTF-16 string."


def read_json(raw: bytes) -> object:
    """Return the value of the JSON text *raw*, each object as a dict."""
    return with_dicts(read_members(raw))


def with_dicts(value: object) -> object:
    """Return *value* with a dict in place of each tuple of members."""
    if isinstance(value, tuple):
        return {name: with_dicts(item) for name, item in value}
    return [with_dicts(item) for item in value] if isinstance(value, list) else value


def error_in(raw: bytes) -> JsonSyntaxError:
    """Return the error that reading *raw* must give."""
    with pytest.raises(JsonSyntaxError) as caught:
        read_json(raw)
    return caught.value


@pytest.mark.parametrize(
    ("raw", "document"),
    [
        (b" \t\r\n{} ", {}),
        (b"\xef\xbb\xbf[]", []),
        (b"12", 12),
        (b"-0", 0),
        (b"1.5E+2", 150.0),
        (b'"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e6"', '"\\/\b\f\n\r\tæ'),
        (rb'"\ud83d\ude00"', "\U0001f600"),
        ('"\u2028\x7f"'.encode(), "\u2028\x7f"),
        (b'{"a": 1, "b": 2, "a": 3}', {"a": 3, "b": 2}),
        (b'{"": null}', {"": None}),
        (b"1e400", float("inf")),
        (b"9" * 5_000, float("inf")),
        (b"9" * 400, int("9" * 400)),
    ],
)
def test_sound_json_is_read(raw: bytes, document: object) -> None:
    assert read_json(raw) == document


@pytest.mark.parametrize(
    ("raw", "reason", "path", "place"),
    [
        (b"", NO_TOKENS, "$", (0, 0)),
        (b" \n\n ", NO_TOKENS, "$", (2, 1)),
        (b"\xef\xbb\xbf", NO_TOKENS, "$", (0, 0)),
        (b'{"a":x}', "'x' is an invalid start of a value.", "$.a", (0, 5)),
        (b'\xef\xbb\xbf{"a":x}', "'x' is an invalid start of a value.", "$.a", (0, 5)),
        (b"NaN", "'N' is an invalid start of a value.", "$", (0, 0)),
        (b"[Infinity]", "'I' is an invalid start of a value.", "$[0]", (0, 1)),
        (
            b"[-Infinity]",
            f"'I' is invalid within a number, immediately after {SIGN}",
            "$[0]",
            (0, 2),
        ),
        (b"[\n1,\n  \xe2\x82\xac]", "'0xE2' is an invalid start of a value.", "$[1]", (2, 2)),
        (b"\x00", "'0x00' is an invalid start of a value.", "$", (0, 0)),
        (b"[4,7,9,,2]", "',' is an invalid start of a value.", "$[3]", (0, 7)),
        (b"[1,]", f"The JSON array contains a {TRAILING}", "$[1]", (0, 3)),
        (b'{"a":1,}', f"The JSON object contains a {TRAILING}", "$", (0, 7)),
        (b"{a:1}", "'a' is an invalid start of a property name. Expected a '\"'.", "$", (0, 1)),
        (b"{,}", "',' is an invalid start of a property name. Expected a '\"'.", "$", (0, 1)),
        (b'{"a" 1}', "'1' is invalid after a property name. Expected a ':'.", "$", (0, 5)),
        (b'{"a"', "Expected a value, but instead reached end of data.", "$", (0, 4)),
        (b'{"a":', OPEN, "$.a", (0, 5)),
        (b'{"a":}', "'}' is an invalid start of a value.", "$.a", (0, 5)),
        (
            b'{"a":1 "b"}',
            "'\"' is invalid after a value. Expected either ',', '}', or ']'.",
            "$",
            (0, 7),
        ),
        (b"[1}", "'}' is invalid without a matching open.", "$[1]", (0, 2)),
        (b'{"a":1]', "']' is invalid without a matching open.", "$", (0, 6)),
        (b'{"a":[1, 2', f"'2' {NUMBER_END}", "$.a[1]", (0, 10)),
        (b"[[]", OPEN, "$[1]", (0, 3)),
        (
            b'{"a":1, ',
            "Expected start of a property name or value, but instead reached end of data.",
            "$",
            (0, 8),
        ),
        (
            b"[1,",
            "Expected start of a property name or value, but instead reached end of data.",
            "$[1]",
            (0, 2),
        ),
        (b"{}{}", "'{' is invalid after a single JSON value. Expected end of data.", "$", (0, 2)),
        (b"[] \n,", "',' is invalid after a single JSON value. Expected end of data.", "$", (1, 0)),
        (b"//x\n{}", "'/' is an invalid start of a value.", "$", (0, 0)),
        (
            b'{"a":1, "b": /* */ 2}',
            "'/' is invalid after a value. Expected either ',', '}', or ']'.",
            "$.b",
            (0, 13),
        ),
        (
            b"[tru]",
            "'tru]' is an invalid JSON literal. Expected the literal 'true'.",
            "$[0]",
            (0, 4),
        ),
        (b"nul", "'nul' is an invalid JSON literal. Expected the literal 'null'.", "$", (0, 3)),
        (b"False", "'F' is an invalid start of a value.", "$", (0, 0)),
        (b"[01]", "Invalid leading zero before '1'.", "$[0]", (0, 2)),
        (b"[0x]", f"'x' {NUMBER_END}", "$[0]", (0, 2)),
        (b"[12a]", f"'a' {NUMBER_END}", "$[0]", (0, 3)),
        (b"[1.2.3]", "'.' is an invalid end of a number. Expected 'E' or 'e'.", "$[0]", (0, 4)),
        (b"[1e5.]", f"'.' {NUMBER_END}", "$[0]", (0, 4)),
        (b"[+1]", "'+' is an invalid start of a value.", "$[0]", (0, 1)),
        (b"[.5]", "'.' is an invalid start of a value.", "$[0]", (0, 1)),
        (
            b"[5.]",
            f"']' is invalid within a number, immediately after {POINT}",
            "$[0]",
            (0, 3),
        ),
        (b"[5e]", f"']' is invalid within a number, immediately after {SIGN}", "$[0]", (0, 3)),
        (b"-", "Expected a digit ('0'-'9'), but instead reached end of data.", "$", (0, 1)),
        (b"'a'", "''' is an invalid start of a value.", "$", (0, 0)),
        (b'["a', "Expected end of string, but instead reached end of data.", "$[0]", (0, 3)),
        (b'["a\\', "Expected end of string, but instead reached end of data.", "$[0]", (0, 4)),
        (b'["\\u12', "Expected end of string, but instead reached end of data.", "$[0]", (0, 6)),
        (b'["a\nb"]', f"'0x0A' is invalid {STRING}", "$[0]", (0, 3)),
        (b'["a\x00b"]', f"'0x00' is invalid {STRING}", "$[0]", (0, 3)),
        (b'["\\x"]', f"'x' is an invalid escapable character {STRING}", "$[0]", (0, 3)),
        (b'["\\u00g0"]', f"'g' is not a hex digit following '\\u' {STRING}", "$[0]", (0, 6)),
        (rb'["\ud83d"]', f"{UTF_16} '0xD83D'.", "$[0]", (0, 9)),
        (rb'["\ude00\ud83d"]', f"{UTF_16} '0xDE00'.", "$[0]", (0, 15)),
        (rb'{"\ud83d": 1}', f"{UTF_16} '0xD83D'.", "$", (0, 10)),
        (b'{"a b": ["\xff"]}', UTF_8, "$['a b'][0]", (0, 12)),
        (b'["\xed\xa0\x80"]', UTF_8, "$[0]", (0, 6)),
        (b'["\xc0\xaf"]', UTF_8, "$[0]", (0, 5)),
        ('{"a":1}'.encode("utf-16"), "'0xFF' is an invalid start of a value.", "$", (0, 0)),
    ],
)
def test_broken_json_is_told_as_net_tells_it(
    raw: bytes, reason: str, path: str, place: tuple[int, int]
) -> None:
    error = error_in(raw)

    line, byte = place
    where = f"Path: {path} | LineNumber: {line} | BytePositionInLine: {byte}."
    assert error.message == str(error) == f"{reason} {where}"
    assert (error.path, error.line, error.byte_position) == (path, line, byte)


@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_the_deepest_nesting_is_read_and_one_more_refused(opening: bytes, closing: bytes) -> None:
    deepest = opening * MAX_DEPTH + (b"1" if closing == b"}" else b"") + closing * MAX_DEPTH
    kind = "object" if closing == b"}" else "array"

    read_json(deepest)
    error = error_in(b"[%s]" % deepest)

    assert error.message.startswith(
        f"The maximum configured depth of 64 has been exceeded. Cannot read next JSON {kind}. "
    )


@pytest.mark.parametrize(
    "raw", [b"[" * 1_000_000, b'{"a":' * 1_000_000, b"[" * 3_000 + b"]" * 3_000]
)
def test_bottomless_nesting_is_refused(raw: bytes) -> None:
    assert "maximum configured depth" in error_in(raw).message


def test_brackets_within_strings_are_no_nesting() -> None:
    assert read_json(b'["%s"]' % (b'[{\\"' * 100)) == ['[{"' * 100]


def test_many_siblings_are_no_nesting() -> None:
    assert read_json(b"[%s[]]" % (b"[{}]," * 100)) == [[{}]] * 100 + [[]]


def test_a_long_text_is_read_whether_it_is_sound_or_not() -> None:
    text = json.dumps(['æ"\\\n\U0001f600' * 500_000]).encode()
    read_json(text)
    error_in(text[:-2])
    error_in(text[:-1] + b",]")


def test_members_come_in_the_order_sent_with_repeated_names() -> None:
    assert read_members(b'{"a": 1, "b": [{}], "a": 2}') == (("a", 1), ("b", [()]), ("a", 2))


DOCUMENTS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)
    ),
    max_leaves=20,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
@given(DOCUMENTS, st.booleans())
def test_whatever_python_writes_is_read_back(document: object, is_ascii: bool) -> None:  # noqa: FBT001 # given
    assert read_json(json.dumps(document, ensure_ascii=is_ascii).encode()) == document
