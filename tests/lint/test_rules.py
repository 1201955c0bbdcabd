"""Every rule of `lint` finds its breach, at its place, and lets what is near it pass."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from mock_server.contract.contract import shipped_contract
from mock_server.lint.findings import Finding, lint, lint_source
from mock_server.lint.page import page
from mock_server.lint.reading import read_authored
from mock_server.lint.rulebook import RULES

HERE = Path(__file__).parent / "files"
BASE = (HERE / "base.yaml").read_text(encoding="utf-8")
SAMPLES: dict[str, Any] = yaml.safe_load((HERE / "samples.yaml").read_text(encoding="utf-8"))
PAGE = Path(__file__).parents[2] / "docs" / "lint-rules.md"


def changed(rule: str, way: str) -> str:
    """Return the base with the sample of *rule*, which stands in it once or more, the first."""
    sample = SAMPLES[rule]
    assert sample["of"] in BASE
    return BASE.replace(sample["of"], sample[way], 1)


def found(text: str) -> tuple[Finding, ...]:
    return lint_source(read_authored("sample.yaml", text.encode()))


def ids(text: str) -> set[str]:
    return {finding.rule.id for finding in found(text)}


def test_every_rule_has_a_failing_and_a_passing_sample() -> None:
    assert sorted(SAMPLES) == sorted(rule.id for rule in RULES)
    assert all({"of", "fails", "passes", "at"} <= set(sample) for sample in SAMPLES.values())


def test_the_base_of_the_samples_is_clean() -> None:
    assert found(BASE) == ()


@pytest.mark.parametrize("rule", SAMPLES)
def test_the_breach_of_a_rule_is_found_and_nothing_else(rule: str) -> None:
    expected = {rule, *SAMPLES[rule].get("also", [])}

    assert ids(changed(rule, "fails")) == expected


@pytest.mark.parametrize("rule", SAMPLES)
def test_a_breach_is_shown_on_its_line(rule: str) -> None:
    text = changed(rule, "fails")
    marks = [finding.mark for finding in found(text) if finding.rule.id == rule]

    lines = [text.split("\n")[mark.line - 1] for mark in marks]
    assert any(SAMPLES[rule]["at"] in line for line in lines), lines
    assert all(1 <= mark.column <= len(line) + 1 for mark, line in zip(marks, lines, strict=True))


@pytest.mark.parametrize("rule", SAMPLES)
def test_what_is_near_a_breach_passes(rule: str) -> None:
    assert rule not in ids(changed(rule, "passes"))


def test_the_contract_of_the_mock_is_clean() -> None:
    assert lint(shipped_contract()) == ()


def test_altinn_rules_bind_only_files_that_cancel_orders() -> None:
    other = BASE.replace("operationId: cancelOrder", "operationId: stopOrder")

    assert {finding.rule.scope for finding in found(other.replace("Order", "Order_"))} == {
        "general"
    }
    assert "operation-id-verb" not in ids(other)


def test_an_explanation_says_what_why_and_how_to_mend() -> None:
    for rule in RULES:
        assert rule.explanation.startswith(f"{rule.id} ({rule.level}; ")
        assert rule.title.endswith(".")
        assert f"\nWhy: {rule.why}\nMend: {rule.hint}" in rule.explanation


def test_the_page_on_the_rules_is_made_from_them() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()
