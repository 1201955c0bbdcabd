"""Findings as SARIF 2.1.0, which code hosts show beside the lines."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from mock_server.lint.findings import Finding
from mock_server.lint.rulebook import RULES
from mock_server.lint.rules import Rule
from mock_server.version import __version__

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def as_sarif(path: Path, findings: Sequence[Finding]) -> str:
    """
    Return *findings* in the file at *path* as a SARIF log of one run.

    Every rule is listed, broken or not. Columns count Unicode code points from 1.

    Source: OASIS SARIF 2.1.0, sections 3.13, 3.14, 3.27 and 3.49.
    """
    driver = {
        "name": "altinn-notifications-mock lint",
        "semanticVersion": __version__,
        "rules": [_rule(rule) for rule in RULES],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(_uri(path), finding) for finding in findings],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2)


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.hint},
        "defaultConfiguration": {"level": str(rule.level)},
        "properties": {"tags": [str(rule.scope)]},
    }


def _result(uri: str, finding: Finding) -> dict[str, Any]:
    place = {
        "artifactLocation": {"uri": uri},
        "region": {"startLine": finding.mark.line, "startColumn": finding.mark.column},
    }
    return {
        "ruleId": finding.rule.id,
        "ruleIndex": RULES.index(finding.rule),
        "level": str(finding.rule.level),
        "message": {"text": f"{finding.message}. {finding.rule.hint}"},
        "locations": [{"physicalLocation": place}],
    }


def _uri(path: Path) -> str:
    """Return the URI of *path*: relative if it is, so that a code host finds it in a checkout."""
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
