"""Shared parts of the reports: the sums, and the changes that are told by number alone."""

from collections import Counter

from mock_server.diff.change import Change, Severity
from mock_server.diff.contracts import Comparison
from mock_server.diff.lines import counted

_COUNTED = {
    "description-changed": "description",
    "example-changed": "example",
    "extension-changed": "extension",
}


def sums(comparison: Comparison) -> str:
    """Return how many changes there are of each severity."""
    if not comparison.changes:
        return "no change"
    return ", ".join(f"{comparison.count(severity)} {severity}" for severity in Severity)


def told(comparison: Comparison, severity: Severity) -> list[Change]:
    """Return the changes of *severity* that deserve a line of their own."""
    return [change for change in comparison.of(severity) if change.finding.id not in _COUNTED]


def wording(comparison: Comparison) -> str:
    """Return how many descriptions, examples and extensions changed; empty if none."""
    numbers = Counter(change.finding.id for change in comparison.changes)
    said = [counted(numbers[name], noun) for name, noun in _COUNTED.items() if numbers[name]]
    return f"{', '.join(said)} changed" if said else ""
