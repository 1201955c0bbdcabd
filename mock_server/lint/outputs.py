"""Findings as text and as JSON."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from mock_server.lint.findings import Finding


def as_text(name: str, findings: Sequence[Finding]) -> str:
    """Return *findings* in the file *name*, one a line; the first of each rule has its hint."""
    return "\n".join(_lines(name, findings))


def _lines(name: str, findings: Sequence[Finding]) -> Iterator[str]:
    hinted: set[str] = set()
    for finding in findings:
        mark, rule = finding.mark, finding.rule
        yield f"{name}:{mark.line}:{mark.column}: {rule.level} {rule.id}: {finding.message}"
        if rule.id not in hinted:
            yield f"    {rule.hint}"
        hinted.add(rule.id)
    if not findings:
        yield f"{name}: clean"
        return
    counted = Counter(finding.rule.id for finding in findings)
    each = ", ".join(f"{rule} {many}" for rule, many in counted.most_common())
    noun = "finding" if len(findings) == 1 else "findings"
    yield f"{len(findings)} {noun} ({each}); `lint --explain ID` says why"


def as_json(name: str, findings: Sequence[Finding]) -> str:
    """Return *findings* in the file *name* as a JSON document."""
    document = {"file": name, "findings": [_as_member(finding) for finding in findings]}
    return json.dumps(document, ensure_ascii=False, indent=2)


def _as_member(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule.id,
        "scope": str(finding.rule.scope),
        "level": str(finding.rule.level),
        "line": finding.mark.line,
        "column": finding.mark.column,
        "pointer": finding.pointer,
        "message": finding.message,
        "hint": finding.rule.hint,
    }
