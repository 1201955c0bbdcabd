"""Every rule, in the order of the documentation."""

from collections.abc import Mapping

from mock_server.lint import (
    bound_rules,
    example_rules,
    extension_rules,
    info_rules,
    layout_rules,
    link_rules,
    operation_rules,
    parameter_rules,
    path_rules,
    problem_rules,
    reference_rules,
    response_rules,
    schema_rules,
    security_rules,
)
from mock_server.lint.rules import Rule

CHAPTERS: Mapping[str, tuple[Rule, ...]] = {
    "The file": layout_rules.RULES,
    "Head, servers and tags": info_rules.RULES,
    "Objects and references": reference_rules.RULES,
    "Paths": path_rules.RULES,
    "Operations": operation_rules.RULES,
    "Parameters": parameter_rules.RULES,
    "Responses": response_rules.RULES,
    "Problems": problem_rules.RULES,
    "Schemas": schema_rules.RULES,
    "Bounds and formats": bound_rules.RULES,
    "Examples": example_rules.RULES,
    "Links": link_rules.RULES,
    "Security": security_rules.RULES,
    "Extensions": extension_rules.RULES,
}

RULES: tuple[Rule, ...] = tuple(rule for rules in CHAPTERS.values() for rule in rules)
