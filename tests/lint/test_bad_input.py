"""Bad input of `lint`: refused in one line, and hostile files are judged in few steps."""

from itertools import pairwise
from pathlib import Path

import pytest

from mock_server.contract import located
from mock_server.contract.located import MOST_VALUES, PlaceError
from mock_server.lint.findings import lint, lint_source
from mock_server.lint.reading import UnreadableError, read_authored

HEAD = "openapi: 3.0.3\ninfo: {title: a, version: 1.0.0}\n"
LETTERS = "abcdefgh"
MOST_FEW = 100
BOMB = "x-a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"x-{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in pairwise(LETTERS)
)
ALIASES = "".join(
    f"x-{at}: &n{at} {'[' * 90}{f'*n{at - 1}' if at else 1}{']' * 90}\n" for at in range(3)
)
TEXTS = [
    ("", "f.yaml is empty; give"),
    ("# nothing\n", "f.yaml:2:1: it holds comments and nothing else"),
    ("a: b: c\n", "f.yaml:1:5: not YAML: mapping values are not allowed in this context"),
    ("a:\n\t- b\n", "f.yaml:2:1: not YAML: while scanning for the next token, found char"),
    (f"{HEAD}paths: {{\n", "f.yaml:4:1: not YAML: while parsing a flow"),
    (f"{HEAD}---\na: 1\n", "f.yaml:3:1: a second YAML document begins"),
    (f"{HEAD}? [a]\n: b\n", "f.yaml:3:3: a name must be text"),
    (f"{HEAD}paths: *p\n", "f.yaml:3:8: the alias *p has no anchor before it"),
    (f"{HEAD}paths: &p\n  /a: *p\n", "f.yaml:4:7: the alias *p refers to what it is part of"),
    (f"{HEAD}{BOMB}paths: {{}}\n", f"aliases written out it holds more than {MOST_VALUES} values"),
    (f"{HEAD}{ALIASES}paths: {{}}\n", "nested more than 200 levels deep"),
    (f"{HEAD}paths: {'[' * 100_000}", "f.yaml:3:208: nested more than 200 levels deep"),
    (f"{HEAD}<<: 3\n", "f.yaml:3:5: the merge key << needs an object"),
    (f"{HEAD}x-a: {'9' * 5000}\n", "f.yaml:3:6: a number of 5000 characters"),
    (f"{HEAD}x-a: 1{':1' * 5000}\n", "f.yaml:3:6: a number of 10001 characters"),
    (f"{HEAD}x-a: !!int z\n", "f.yaml:3:6: 'z' is not of the type"),
    (f"{HEAD}x-a: !!binary eA==\n", "f.yaml:3:6: the tag tag:yaml.org,2002:binary has no"),
    (f"{HEAD}x-a: !!python/object:os.x {{}}\n", "f.yaml:3:6: the tag tag:yaml.org,2002:pyth"),
    ("- 1\n", "f.yaml is not an OpenAPI document: it lacks `openapi`"),
    ("openapi: [3]\n", "f.yaml:1:10: it is OpenAPI '[3]'; OpenAPI 3.0 and 3.1 are read"),
    ("openapi: 4.0.0\n", "f.yaml:1:10: it is OpenAPI '4.0.0'; OpenAPI 3.0 and 3.1 are read"),
    ("swagger: '2.0'\n", "f.yaml: it is OpenAPI 2.0 (Swagger); OpenAPI 3.0 and 3.1 are read"),
]
WRONG = """
info: []
servers: {}
tags: x
paths:
  /a: []
  /b: {get: 3, post: [], parameters: 7, trace: {responses: {'2': {content: {a: 3}}}}}
  /d: {trace: {responses: {'2': {content: {b/c: {schema: 3, example: 1}}}}}}
  /c: {put: {parameters: {a: 1}, responses: [1], tags: [1, {}], requestBody: 3, security: [1]}}
  5: {get: {responses: {200: {$ref: '#/x-a'}, 201: {content: {a/b: {schema: {$ref: '#/x-a'}}}}}}}
  ~: {}
x-a: 3
components:
  parameters: 3
  securitySchemes: {a: 3}
  links: {L: {operationId: 5, parameters: [a]}}
  schemas:
    A: {$ref: 7}
    B: {properties: [], required: 3, enum: 3, type: [], allOf: {}, items: 3, example: 3}
    C: {properties: {id: {type: 5, minimum: x, maximum: 3}}, pattern: '(', example: {a: 1}}
    G: {properties: 3, additionalProperties: 3, patternProperties: {'(': 3}, example: {a: 1}}
    D: {properties: {a: 3}, additionalProperties: false, required: [a], example: {b: 1}}
    E: {anyOf: [{$ref: '#/x-a'}, {multipleOf: 0}, {maxLength: y}], example: {a: 1}}
    F:
      $schema: http://json-schema.org/draft-07/schema#
      $id: 5
      id: 5
      type: object
      properties: {a: {type: 5}}
      example: {a: 1}
"""


def rules(text: str) -> list[str]:
    return [finding.rule.id for finding in lint_source(read_authored("f.yaml", text.encode()))]


@pytest.mark.parametrize(("text", "reason"), TEXTS)
def test_what_cannot_be_read_is_refused_in_one_line(text: str, reason: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        rules(text)

    assert reason in str(refused.value)
    assert str(refused.value).startswith("f.yaml")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n", "is not text: byte 1 is not UTF-8"),
        (b"a: \x00b\n", "is not text: line 1 holds the control character U+0000"),
        (b"\xff\xfe\x00", "is not text: "),
        (b"# " + b"x" * 17_000_000, "has more than 16777216 bytes"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    file = tmp_path / "f.yaml"
    file.write_bytes(content)

    with pytest.raises(UnreadableError, match=reason.replace("+", r"\+")):
        lint(file)


def test_a_missing_file_and_a_directory_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="No such file or directory; give an OpenAPI file"):
        lint(tmp_path / "none.yaml")
    with pytest.raises(UnreadableError, match="is a directory; give a file"):
        lint(tmp_path)


def test_a_device_without_an_end_is_refused() -> None:
    with pytest.raises(UnreadableError, match="has more than 16777216 bytes"):
        lint(Path("/dev/zero"))


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_members_of_every_wrong_type_are_told_and_do_no_harm(version: str) -> None:
    told = rules(f"openapi: {version}{WRONG}")

    assert told.count("openapi-shape") > 15
    assert {"reference-found", "media-type", "bounds-possible", "example-valid"} <= set(told)


@pytest.mark.parametrize(("number", "is_told"), [("1e6", False), ("-2E+3", False), ("no", True)])
def test_a_number_of_json_means_one_thing_in_json(number: str, is_told: bool) -> None:  # noqa: FBT001
    text = f'{{"openapi": "3.0.3", "paths": {{}}, "x-a": {number}}}'

    assert ("yaml-ambiguous" in rules(text)) is is_told


def test_a_format_that_is_no_text_is_told_and_does_no_harm() -> None:
    schemas = "{A: {type: string, format: [int32], example: a}}"

    assert "openapi-shape" in rules(f"{HEAD}paths: {{}}\ncomponents: {{schemas: {schemas}}}\n")


def test_a_reference_out_of_the_file_is_a_finding_and_nothing_is_fetched() -> None:
    text = f"{HEAD}paths:\n  /a:\n    $ref: http://127.0.0.1:1/a.yaml\n  /b: {{$ref: b.yaml}}\n"
    found = lint_source(read_authored("f.yaml", text.encode()))

    told = [(it.mark.line, it.message) for it in found if it.rule.id == "reference-local"]
    assert told == [
        (5, "`http://127.0.0.1:1/a.yaml` is a URL; it is not fetched"),
        (6, "`b.yaml` is another file; it is not fetched"),
    ]


def test_a_schema_that_holds_itself_is_fine_and_one_that_is_itself_is_not() -> None:
    holds = "A: {properties: {a: {$ref: '#/components/schemas/A'}}, example: {a: {a: {}}}}"
    is_itself = "A: {allOf: [{$ref: '#/components/schemas/A'}], example: {a: {a: {}}}}"
    head = f"{HEAD}paths: {{}}\ncomponents:\n  schemas:\n    "

    assert not {"reference-loop", "example-valid"} & set(rules(head + holds))
    assert "reference-loop" in rules(head + is_itself)


@pytest.mark.parametrize("pattern", ["(a+)+b", "(a|a)*b", "((a)?)+b", "(a?){40}b", "a*a*a*a*b"])
def test_a_pattern_that_backtracks_is_tried_in_bounded_time(pattern: str) -> None:
    text = f"{HEAD}paths: {{}}\ncomponents: {{schemas: {{A: {{type: string, pattern: '{pattern}', "

    assert "example-valid" not in rules(f"{text}example: {'a' * 40}b}}}}}}\n")
    assert "bounds-possible" not in rules(f"{text}example: {'a' * 400}}}}}}}\n")


@pytest.mark.parametrize("pattern", [r"^\d{4}$", r"^(?<y>\d{4})$", r"^\p{L}+$", "(?=a)a"])
def test_a_pattern_of_ecma_262_is_read(pattern: str) -> None:
    text = (
        f"{HEAD}paths: {{}}\ncomponents: {{schemas: {{A: {{type: string, pattern: '{pattern}'}}}}}}"
    )

    assert "bounds-possible" not in rules(text)


@pytest.mark.parametrize("pattern", [r"a\Z", "(?i)x", "a++", "["])
def test_a_pattern_that_ecma_262_does_not_have_is_told(pattern: str) -> None:
    text = (
        f"{HEAD}paths: {{}}\ncomponents: {{schemas: {{A: {{type: string, pattern: '{pattern}'}}}}}}"
    )

    assert "bounds-possible" in rules(text)


@pytest.mark.parametrize(("number", "is_clean"), [("19.99", True), ("19.995", False)])
def test_multiples_are_those_of_decimal_numbers(number: str, is_clean: bool) -> None:  # noqa: FBT001
    schema = f"{{type: number, multipleOf: 0.01, example: {number}}}"
    text = f"{HEAD}paths: {{}}\ncomponents: {{schemas: {{A: {schema}}}}}"

    assert ("example-valid" not in rules(text)) is is_clean


@pytest.mark.parametrize("values", [MOST_FEW - 1, MOST_FEW])
def test_a_file_of_very_many_values_is_refused(
    monkeypatch: pytest.MonkeyPatch, values: int
) -> None:
    monkeypatch.setattr(located, "MOST_VALUES", MOST_FEW)
    text = f"[{'1,' * (values - 1)}]"

    assert len(located.read_text(text).root.items) == values - 1
    with pytest.raises(PlaceError, match=f"it holds more than {MOST_FEW} values"):
        located.read_text(f"[{'1,' * MOST_FEW}]")


@pytest.mark.parametrize("text", ["a: &x {b: 1}\nc: *x\n", "a: &x {b: 1}\nc: {<<: *x}\n"])
def test_an_alias_stands_for_what_it_names(text: str) -> None:
    root = located.read_text(text).root

    assert root["c"]["b"].value == 1
    assert root["c"]["b"].pointer == "/c/b"
    assert root["c"]["b"].mark.line == 1


def test_an_anchor_moves_no_indent() -> None:
    text = f"{HEAD}paths: {{}}\nx-base: &base\n  type: string\n  more:\n    deep: 1\nx-a: *base\n"

    assert "yaml-indent" not in rules(text)
    assert "yaml-indent" in rules(text.replace("    deep", "     deep"))


@pytest.mark.parametrize(("version", "is_told"), [("3.0.3", False), ("3.1.0", True)])
def test_nullable_means_nothing_in_3_1(version: str, is_told: bool) -> None:  # noqa: FBT001
    text = f"openapi: {version}\ninfo: {{title: a, version: 1.0.0}}\npaths: {{}}\n"
    text += "components: {schemas: {A: {type: string, nullable: true}}}\n"

    assert ("nullable-typed" in rules(text)) is is_told


def test_a_subtype_is_used_by_the_discriminator_of_its_parent() -> None:
    ref = "{$ref: '#/components/schemas/%s'}"
    pet = "{type: object, properties: {t: {type: string}}, discriminator: {propertyName: t}}"
    schemas = f"{{Pet: {pet}, Dog: {{allOf: [{ref % 'Pet'}]}}, Pup: {{allOf: [{ref % 'Dog'}]}}, "
    schemas += f"Alone: {{allOf: [{{type: string}}]}}, Holder: {{items: {ref % 'Pet'}}}}}"
    text = f"{HEAD}paths: {{}}\ncomponents:\n  schemas: {schemas}\n"
    found = lint_source(read_authored("f.yaml", text.encode()))

    told = [it.message for it in found if it.rule.id == "component-used"]
    assert told == ["nothing refers to `Alone`", "nothing refers to `Holder`"]


def test_a_number_of_too_many_bits_is_told_wherever_its_schema_stands() -> None:
    schemas = "{N: {type: object, properties: {n: {type: integer, format: int32}}}, "
    schemas += "M: {allOf: [{$ref: '#/components/schemas/N'}], example: {n: 2147483648}}}"
    text = f"{HEAD}paths: {{}}\ncomponents:\n  schemas: {schemas}\n"
    found = lint_source(read_authored("f.yaml", text.encode()))

    told = [it.message for it in found if it.rule.id == "example-valid"]
    assert told == ['2147483648 does not have the format "int32"']


def test_of_a_hundred_thousand_values_a_message_shows_the_first() -> None:
    values = ", ".join(f"v{at}" for at in range(100_000))
    text = (
        f"{HEAD}paths: {{}}\ncomponents: {{schemas: {{E: {{type: string, enum: [{values}]}}}}}}\n"
    )
    told = [one.message for one in lint_source(read_authored("a.yaml", text.encode()))]

    listed = ", ".join(f"`v{at}`" for at in range(20))
    assert f"the description does not tell {listed} and 99,980 more" in told
