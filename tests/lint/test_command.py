"""The subcommand `lint` as a user meets it: what it prints and how it exits."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mock_server.cli.commands.lint import lint
from mock_server.lint.rulebook import RULES

BASE = Path(__file__).parent / "files" / "base.yaml"
LEVELS = {"error", "warning", "note"}


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(lint, [str(argument) for argument in arguments])


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Write a file with two breaches of one rule and one of another."""
    file = tmp_path / "broken file.yaml"
    text = BASE.read_text(encoding="utf-8").replace("summary: List orders", "summary: list orders")
    text = text.replace("summary: Cancel an order", "summary: cancel an order")
    file.write_text(text.replace("title: Orders\n", "title: Orders API\n", 1), encoding="utf-8")
    return file


def test_a_clean_file_exits_with_0() -> None:
    result = run(BASE)

    assert (result.exit_code, result.stdout) == (0, f"{BASE}: clean\n")


def test_without_a_file_the_contract_of_the_mock_is_checked() -> None:
    result = run()

    assert result.exit_code == 0
    assert result.stdout.endswith("openapi.yaml: clean\n")


@pytest.mark.parametrize("name", ["control_plane/control.yaml", "token_services/doors.yaml"])
def test_the_other_contracts_of_the_mock_are_clean(name: str) -> None:
    result = run(BASE.parents[3] / "mock_server" / name)

    assert (result.exit_code, result.stdout.splitlines()[0][-6:]) == (0, " clean")


def test_findings_are_told_one_a_line_with_a_hint_and_exit_with_1(broken: Path) -> None:
    result = run(broken)

    lines = result.stdout.splitlines()
    assert result.exit_code == 1
    assert lines[0] == f'{broken}:3:10: note info-title: the title "Orders API" has the word "API"'
    assert lines[1] == "    Leave the word out."
    assert [line.startswith("    ") for line in lines] == [False, True, False, True, False, False]
    assert lines[-1].startswith("3 findings (operation-summary 2, info-title 1)")


def test_json_tells_the_same(broken: Path) -> None:
    result = run("--format", "json", broken)

    document = json.loads(result.stdout)
    first = document["findings"][0]
    assert (result.exit_code, document["file"]) == (1, str(broken))
    assert (first["rule"], first["line"], first["column"]) == ("info-title", 3, 10)
    assert (first["scope"], first["level"], first["pointer"]) == ("altinn", "note", "/info/title")
    assert first["hint"] == "Leave the word out."
    assert len(document["findings"]) == 3


def sarif(*arguments: str | Path) -> Any:
    return json.loads(run("--format", "sarif", *arguments).stdout)


def test_sarif_has_what_2_1_0_asks_for(broken: Path) -> None:
    log = sarif(broken)

    (one,) = log["runs"]
    driver = one["tool"]["driver"]
    assert (log["version"], log["$schema"].endswith("sarif-schema-2.1.0.json")) == ("2.1.0", True)
    assert driver["name"]
    assert [rule["id"] for rule in driver["rules"]] == [rule.id for rule in RULES]
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["defaultConfiguration"]["level"] in LEVELS


def test_a_result_of_sarif_names_its_rule_and_place(broken: Path) -> None:
    (one,) = sarif(broken)["runs"]

    assert len(one["results"]) == 3
    for result in one["results"]:
        assert one["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"].strip()
        assert result["level"] in LEVELS
        (location,) = result["locations"]
        place = location["physicalLocation"]
        assert place["artifactLocation"]["uri"] == broken.as_uri()
        assert min(place["region"]["startLine"], place["region"]["startColumn"]) >= 1


def test_sarif_names_a_file_as_it_was_given(broken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(broken.parent)

    (one,) = sarif(broken.name)["runs"]

    place = one["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "broken%20file.yaml"


def test_sarif_of_a_clean_file_has_no_results() -> None:
    assert sarif(BASE)["runs"][0]["results"] == []


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_a_rule_is_explained(rule: str) -> None:
    result = run("--explain", rule)

    assert result.exit_code == 0
    assert result.stdout.startswith(f"{rule} (")
    assert "\nWhy: " in result.stdout
    assert "\nMend: " in result.stdout


def test_a_rule_that_is_none_is_refused_with_those_that_are_near() -> None:
    result = run("--explain", "operation-ids")

    assert result.exit_code == 2
    assert result.stderr.startswith("Error: there is no rule 'operation-ids'; give operation-id")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"a: [\n", ":2:1: not YAML: "),
        (b"swagger: '2.0'\n", ": it is OpenAPI 2.0 (Swagger); "),
        (b"\x00", ":1: it is not text: "),
        (b"", " is empty; "),
    ],
)
def test_what_cannot_be_checked_is_one_line_and_exits_with_2(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    file = tmp_path / "f.yaml"
    file.write_bytes(content)

    result = run(file)

    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert result.stderr.startswith(f"Error: {file}{reason}")


@pytest.mark.parametrize(("level", "status"), [("error", 0), ("warning", 0), ("note", 1)])
def test_what_makes_the_exit_status_1_can_be_chosen(broken: Path, level: str, status: int) -> None:
    result = run("--fail-on", level, broken)

    assert result.exit_code == status
    assert result.stdout == run(broken).stdout


def test_an_error_fails_at_every_level(broken: Path) -> None:
    text = broken.read_text(encoding="utf-8")
    broken.write_text(text.replace("operationId: listOrders", "operationId: findOrders"), "utf-8")

    assert {run("--fail-on", level, broken).exit_code for level in LEVELS} == {1}


def test_rules_can_be_left_out(broken: Path) -> None:
    one = run("--ignore", "info-title", broken)
    both = run("--ignore", "info-title", "--ignore", "operation-summary", broken)

    assert (one.exit_code, "info-title" in one.stdout) == (1, False)
    assert (both.exit_code, both.stdout) == (0, f"{broken}: clean\n")


def test_a_rule_that_is_left_out_must_be_one(broken: Path) -> None:
    result = run("--ignore", "info-titel", broken)

    assert result.exit_code == 2
    assert result.stderr.startswith("Error: there is no rule 'info-titel'; give info-title,")


@pytest.mark.parametrize(
    ("waiver", "clean"),
    [
        ("  # lint-ignore info-title: the product's own name", True),
        ("  # lint-ignore info-title:", False),
        ("  # lint-ignore info-title", False),
        ("  # lint-ignore operation-summary: another rule", False),
    ],
)
@pytest.mark.parametrize("place", ["same", "above"])
def test_a_comment_with_a_reason_waives_a_rule_on_its_line_or_the_next(
    tmp_path: Path, waiver: str, *, clean: bool, place: str
) -> None:
    title = "  title: Orders API"
    lines = f"{title}{waiver}" if place == "same" else f"{waiver}\n{title}"
    file = tmp_path / "waived.yaml"
    file.write_text(BASE.read_text(encoding="utf-8").replace("  title: Orders", lines), "utf-8")

    assert ("info-title" not in run(file).stdout) is clean


NEW_OPERATION = """\
  /orders/{id}/reschedule:
    post:
      operationId: rescheduleOrder
      tags: [Orders]
      summary: Move the send time of an order
      description: Moves it.
      x-required-scopes: [create]
      parameters:
        - $ref: "#/components/parameters/OrderId"
"""


def test_the_rules_of_the_service_do_not_bind_a_designer_s_new_operation(tmp_path: Path) -> None:
    file = tmp_path / "designed.yaml"
    text = BASE.read_text(encoding="utf-8")
    file.write_text(text.replace("components:\n", f"{NEW_OPERATION}components:\n", 1), "utf-8")

    told = run(file).stdout
    assert "operation-id-verb" not in told
    assert "orders-deprecated" not in told


def test_a_missing_file_exits_with_2(tmp_path: Path) -> None:
    result = run(tmp_path / "none.yaml")

    assert result.exit_code == 2
    assert result.stderr == (
        f"Error: cannot read {tmp_path / 'none.yaml'}: No such file or directory; "
        "give an OpenAPI file\n"
    )


def test_a_rule_that_is_not_there_is_answered_with_those_that_are_near() -> None:
    result = run("--explain", "foo")

    near = result.stderr.partition("give ")[2].strip().split(", ")
    assert result.exit_code == 2
    assert len(near) == 3
    assert set(near) <= {rule.id for rule in RULES}


def test_control_characters_of_a_file_are_told_as_escapes(tmp_path: Path) -> None:
    file = tmp_path / "odd.yaml"
    text = BASE.read_text(encoding="utf-8")
    file.write_text(
        text.replace("operationId: listOrders", 'operationId: "\\e[31mred\\a"'), "utf-8"
    )

    told = run(file).stdout
    assert "\\x1b[31mred\\x07" in told
    assert "\x1b" not in told
