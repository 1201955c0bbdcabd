"""JSON as the real service writes it."""

import json

import pytest

from mock_server.answers import dump_json


def test_json_is_indented_by_two() -> None:
    assert dump_json({"a": {"b": [1]}}) == b'{\n  "a": {\n    "b": [\n      1\n    ]\n  }\n}'


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("æøå", '"æøå"'),
        ("+'<>&", '"+\'<>&"'),
        ('"\\', '"\\"\\\\"'),
        ("\n\t", '"\\n\\t"'),
        ("\x01\x1f\x7f", '"\\u0001\\u001F\\u007F"'),
        ("😀", '"\\uD83D\\uDE00"'),
        ("\\ud83d", '"\\\\ud83d"'),
    ],
)
def test_text_is_escaped_as_the_relaxed_encoder_does(text: str, written: str) -> None:
    dumped = dump_json(text)

    assert dumped.decode() == written
    assert json.loads(dumped) == text
