"""A comparison as text for a terminal."""

from collections.abc import Iterator

from mock_server.diff.change import Change, Severity
from mock_server.diff.contracts import Comparison
from mock_server.diff.lines import some
from mock_server.diff.reports import sums, told, wording
from mock_server.formats.text import single


def as_text(comparison: Comparison) -> str:
    """Return *comparison* as lines: the sums, then each change with its place and operations."""
    return "\n".join(_lines(comparison))


def _lines(comparison: Comparison) -> Iterator[str]:
    yield single(f"{comparison.old} -> {comparison.new}: {sums(comparison)}")
    for severity in Severity:
        if not comparison.count(severity):
            continue
        yield f"\n{severity}"
        for change in told(comparison, severity):
            yield from _change(change)
        if severity is Severity.HARMLESS and (words := wording(comparison)):
            yield f"  {words} (--format json lists them)"


def _change(change: Change) -> Iterator[str]:
    finding = change.finding
    yield f"  {single(finding.sentence)}"
    yield f"      {finding.id} at {single(str(finding.place))}"
    names = tuple(name for name in change.operations if not finding.sentence.startswith(name))
    if names:
        yield f"      {single(some(names))}"
