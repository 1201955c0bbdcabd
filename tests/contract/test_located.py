"""Every file that a user may give is read within the same bounds, by one reader."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mock_server.contract.contract import ContractError, load_contract, shipped_contract
from mock_server.contract.located import (
    DEEPEST,
    PlaceError,
    read_located,
    read_plain,
    read_text,
)
from mock_server.contract.requirements import LISTED_TYPE
from mock_server.diff.contracts import compare
from mock_server.diff.problems import ComparisonError
from mock_server.documents.register_file import RegisterError, load_register
from mock_server.documents.seed_file import SeedError, load_seeds
from mock_server.lint.findings import lint
from mock_server.lint.reading import UnreadableError

NOW = datetime(2031, 1, 1, tzinfo=UTC)
READERS: dict[str, tuple[Callable[[Path], object], type[Exception]]] = {
    "serve": (load_contract, ContractError),
    "lint": (lint, UnreadableError),
    "diff": (lambda path: compare(str(path), str(path)), ComparisonError),
    "seed": (lambda path: load_seeds(str(path), NOW), SeedError),
    "register": (load_register, RegisterError),
}
REPEATED = "x-m0: &m0 {a: 1}\n" + "".join(
    f"x-m{n}: &m{n} {{<<: [*m{n - 1}, *m{n - 1}]}}\n" for n in range(1, 30)
)
DOUBLED = "a0: &a0 {x: 1}\n" + "".join(
    f"a{n}: &a{n} {{<<: *a{n - 1}, y{n}: *a{n - 1}, z{n}: *a{n - 1}}}\n" for n in range(1, 40)
)
JSON_OBJECTS = st.dictionaries(
    st.text(),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda below: st.lists(below) | st.dictionaries(st.text(), below),
        max_leaves=20,
    ),
)
NUMBERS = [("1e6", 1e6), ("1.5e10", 1.5e10), ("-2E-2", -0.02), (".5e1", 5.0), ("1e6x", "1e6x")]


def _refusal(reader: str, path: Path) -> str:
    read, error = READERS[reader]
    with pytest.raises(error) as refused:
        read(path)
    message = str(refused.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize("reader", READERS)
def test_a_device_without_an_end_is_refused(reader: str) -> None:
    assert "it has more than 16777216 bytes" in _refusal(reader, Path("/dev/zero"))


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    ("text", "saying"),
    [
        (DOUBLED, "with its aliases written out it holds more than 1000000 values"),
        (f"orders: {'[' * 5000}{']' * 5000}", "nested more than 200 levels deep"),
        ("a: [b\n", "not YAML: "),
    ],
    ids=["doubled", "deep", "broken"],
)
def test_no_reader_takes_what_another_would_not(
    tmp_path: Path, reader: str, text: str, saying: str
) -> None:
    file = tmp_path / "file.yaml"
    file.write_text(text, encoding="utf-8")

    assert saying in _refusal(reader, file)


def test_merge_keys_that_repeat_the_same_member_are_read_at_once(tmp_path: Path) -> None:
    file = tmp_path / "openapi.yaml"
    file.write_text(REPEATED + shipped_contract().read_text(encoding="utf-8"), encoding="utf-8")

    assert load_contract(file).document["x-m29"] == {"a": 1}


@pytest.mark.parametrize("text", ['{{"a": {}}}', "a: {}"])
@pytest.mark.parametrize(("number", "value"), NUMBERS)
def test_a_number_may_have_an_exponent(text: str, number: str, value: object) -> None:
    assert read_text(text.format(number)).root.value == {"a": value}


@pytest.mark.parametrize("nesting", [DEEPEST, DEEPEST + 1])
def test_the_deepest_file_that_is_read_has_two_hundred_levels(nesting: int) -> None:
    text = "[" * nesting + "1" + "]" * nesting

    if nesting == DEEPEST:
        assert read_text(text).root.items
    else:
        with pytest.raises(PlaceError, match="nested more than 200 levels deep"):
            read_text(text)


@given(value=JSON_OBJECTS, is_escaped=st.booleans())
def test_json_is_read_as_what_the_reader_with_lines_reads(
    value: dict[str, object], *, is_escaped: bool
) -> None:
    written = json.dumps(value, ensure_ascii=is_escaped)
    # YAML folds lines at these, within quotes too; JSON does not.
    assume(not re.search("[\x85\u2028\u2029]", written))
    try:
        plain = read_plain(written.encode("utf-8", "surrogatepass"))
    except PlaceError:
        return

    assert plain is None or plain == read_located(written.encode()).root.value


@pytest.mark.parametrize(
    "text",
    [
        "a: 1",
        "[1]",
        '{"a": NaN}',
        '{"a": -Infinity}',
        '{"a": 1e999}',
        '{"a": "\\ud800"}',
        '{"a": 1} {"b": 2}',
        '{"a": 1,}',
        f'{{"a": {"9" * 301}}}',
        f'{{"a": {"[" * 200}1{"]" * 200}}}',
        f'{{"a": [{"0," * 1_000_000}0]}}',
    ],
    ids=lambda text: text[:20],
)
def test_what_must_be_told_of_is_left_to_the_reader_with_lines(text: str) -> None:
    assert read_plain(text.encode()) is None


def test_of_a_name_given_twice_the_last_counts_for_both_readers() -> None:
    text = b'{"a": 1, "b": 2, "a": 3}'

    assert read_plain(text) == read_located(text).root.value == {"a": 3, "b": 2}


def test_a_list_of_types_is_refused_in_the_same_words_by_serve_and_lint(tmp_path: Path) -> None:
    file = tmp_path / "openapi.yaml"
    told = "{description: d, content: {application/json: {schema: {type: [object, 'null']}}}}"
    paths = f"{{/t: {{get: {{operationId: getT, responses: {{'200': {told}}}}}}}}}"
    file.write_text(f"openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths: {paths}\n")

    assert _refusal("serve", file).endswith(f"openapi.yaml:3: {LISTED_TYPE}")
    assert LISTED_TYPE in [found.message for found in lint(file)]
