"""A comparison as Markdown, for a comment on a pull request."""

import re
from collections.abc import Iterator

from mock_server.diff.change import Change, Severity
from mock_server.diff.contracts import Comparison
from mock_server.diff.lines import counted, some
from mock_server.diff.reports import sums, told, wording
from mock_server.formats.text import single

MOST_ROWS = 100
"""Most changes of one severity that are listed; a comment on GitHub has a bound."""

_MEANING = {
    Severity.BREAKING: "Clients that kept to the old contract fail",
    Severity.RISKY: "Some clients may fail, or mean something else: look at each",
    Severity.HARMLESS: "No client notices",
}
_LONGEST_CELL = 250


def as_markdown(comparison: Comparison) -> str:
    """Return *comparison* as Markdown: a table for each severity, the harmless one folded."""
    return "\n".join(_lines(comparison))


def _lines(comparison: Comparison) -> Iterator[str]:
    yield f"## Contract changes: {sums(comparison)}"
    yield f"\nFrom {_plain(comparison.old)} to {_plain(comparison.new)}."
    for severity in Severity:
        if not comparison.count(severity):
            continue
        title = f"{severity.capitalize()}: {comparison.count(severity)}"
        is_folded = severity is Severity.HARMLESS
        yield f"\n<details><summary>{title}</summary>" if is_folded else f"\n### {title}"
        yield f"\n{_MEANING[severity]}."
        yield from _table(told(comparison, severity))
        if is_folded:
            words = wording(comparison)
            yield f"\n{words}.\n\n</details>" if words else "\n</details>"


def _table(changes: list[Change]) -> Iterator[str]:
    if not changes:
        return
    yield "\n| change | operations | rule |\n|---|---|---|"
    for change in changes[:MOST_ROWS]:
        finding = change.finding
        operations = _plain(some(change.operations)) if change.operations else "all"
        yield f"| {_plain(finding.sentence)} | {operations} | `{finding.id}` |"
    if len(changes) > MOST_ROWS:
        yield f"\nAnd {counted(len(changes) - MOST_ROWS, 'more change')}."


def _plain(text: str) -> str:
    """Return *text* with markup, mentions and links escaped."""
    line = single(text)
    line = line if len(line) <= _LONGEST_CELL else f"{line[: _LONGEST_CELL - 3]}..."
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    line = re.sub(r"([\\`*_{}\[\]|~#!])", r"\\\1", line)
    # Neither notify anyone, nor make a link out of an address.
    return line.replace("@", "&#64;").replace("://", "&#58;//")
