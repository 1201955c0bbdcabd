"""JSON as the real service writes it, and the answers that carry it."""

import json

import pytest

from mock_server.formats.json_text import dump_json
from mock_server.http.answers import Answer


def test_json_is_indented_by_two_and_its_members_keep_their_order() -> None:
    body = {"b": {"a": [1, "x"]}, "a": []}

    assert dump_json(body).decode() == (
        '{\n  "b": {\n    "a": [\n      1,\n      "x"\n    ]\n  },\n  "a": []\n}'
    )


@pytest.mark.parametrize(
    ("value", "written"),
    [(None, "null"), (True, "true"), (0, "0"), (1.5, "1.5"), ("", '""'), ({}, "{}")],
)
def test_other_values_are_written_as_json_has_them(value: object, written: str) -> None:
    assert dump_json(value).decode() == written


def test_a_number_is_written_alike_whatever_stands_beside_it() -> None:
    assert b"1e-7," in dump_json([1e-7, "a"])
    assert b"1e-7," in dump_json([1e-7, "å"])


TEXTS = [
    ("æøå ÆØÅ", '"æøå ÆØÅ"'),
    ("пример 例", '"пример 例"'),
    ("\u2603\ufffd", '"\u2603\ufffd"'),
    ("+'<>&/`", '"+\'<>&/`"'),
    ('"\\', r'"\"\\"'),
    ("\b\t\n\f\r", r'"\b\t\n\f\r"'),
    ("\0\x01\x1f\x7f", r'"\u0000\u0001\u001F\u007F"'),
    ("\x80\x9f", r'"\u0080\u009F"'),
    ("\u2028\u2029", r'"\u2028\u2029"'),
    ("1\xa0000\u2003\u3000", r'"1\u00A0000\u2003\u3000"'),
    ("\ue000\uffff", r'"\uE000\uFFFF"'),
    ("\uffef", '"\uffef"'),
    ("😀", r'"\uD83D\uDE00"'),
    ("a😀😀b", r'"a\uD83D\uDE00\uD83D\uDE00b"'),
    ("\U00010000\U0010ffff", r'"\uD800\uDC00\uDBFF\uDFFF"'),
    (r"\ud83d", r'"\\ud83d"'),
    (r"\\ud83d", r'"\\\\ud83d"'),
    ("\\\x1f", r'"\\\u001F"'),
    ("\\😀", r'"\\\uD83D\uDE00"'),
]


@pytest.mark.parametrize(("text", "written"), TEXTS)
def test_text_is_escaped_as_the_relaxed_encoder_does(text: str, written: str) -> None:
    dumped = dump_json(text)

    assert dumped.decode() == written
    assert json.loads(dumped) == text


@pytest.mark.parametrize(("text", "written"), TEXTS)
def test_names_of_members_are_escaped_like_text(text: str, written: str) -> None:
    assert dump_json({text: 1}).decode() == f"{{\n  {written}: 1\n}}"


def test_an_answer_in_json_tells_its_type_and_its_length_in_bytes() -> None:
    answer = Answer.of_json("ø", headers={"Allow": "PUT"})

    assert answer.status == 200
    assert answer.all_headers() == {
        "Content-Type": "application/json; charset=utf-8",
        "Content-Length": "4",
        "Allow": "PUT",
    }


def test_an_answer_without_content_has_neither_type_nor_length() -> None:
    assert Answer(204).all_headers() == {}


def test_an_empty_answer_has_length_zero_and_no_type() -> None:
    assert Answer(200).all_headers() == {"Content-Length": "0"}
