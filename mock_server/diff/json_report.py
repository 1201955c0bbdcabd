"""A comparison as JSON for programs."""

import json

from mock_server.diff.change import Change, Severity
from mock_server.diff.contracts import Comparison


def as_json(comparison: Comparison) -> str:
    """Return *comparison* as one JSON object in ASCII, with every change in full."""
    document = {
        "old": comparison.old,
        "new": comparison.new,
        "summary": {severity: comparison.count(severity) for severity in Severity},
        "changes": [_change(change) for change in comparison.changes],
    }
    return json.dumps(document, indent=2)


def _change(change: Change) -> dict[str, object]:
    finding = change.finding
    return {
        "id": finding.id,
        "severity": finding.severity,
        "direction": finding.direction,
        "document": finding.place.side,
        "place": finding.place.pointer,
        "operations": change.operations,
        "sentence": finding.sentence,
    }
