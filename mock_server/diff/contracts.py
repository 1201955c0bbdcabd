"""Comparison of two contracts as a whole."""

from collections import Counter
from dataclasses import dataclass

from mock_server.diff.annotations import compare_words
from mock_server.diff.change import Change, Severity, Side
from mock_server.diff.document import Document, load_document
from mock_server.diff.operation_log import Log, Site
from mock_server.diff.operation_rules import (
    compare_calls,
    compare_operation,
    compare_presence,
)
from mock_server.diff.operations import operations_of, paired
from mock_server.diff.source import read_source
from mock_server.diff.unchanged import Unchanged
from mock_server.diff.values import canonical
from mock_server.diff.view import View


@dataclass(frozen=True, slots=True)
class Comparison:
    """The *changes* from the contract called *old* to the one called *new*, the worst first."""

    old: str
    new: str
    changes: tuple[Change, ...]

    def count(self, severity: Severity) -> int:
        """Return how many changes are as bad as *severity*."""
        return Counter(change.finding.severity for change in self.changes)[severity]

    def of(self, severity: Severity) -> tuple[Change, ...]:
        """Return the changes that are as bad as *severity*."""
        return tuple(one for one in self.changes if one.finding.severity is severity)


def compare(old: str, new: str) -> Comparison:
    """
    Compare the contracts *old* and *new*, files or git revisions.

    Raises:
        ComparisonError: one cannot be read, is no contract, or is beyond the bounds.
    """
    before = load_document(Side.OLD, old, read_source(old))
    after = load_document(Side.NEW, new, read_source(new))
    return compare_documents(before, after)


def compare_documents(old: Document, new: Document) -> Comparison:
    """
    Compare *old* and *new*.

    Raises:
        ComparisonError: one is no contract, or is beyond the bounds.
    """
    for document in (old, new):
        document.check_references()
    log = Log(Unchanged(old, new))
    roots = View(old, old.root, ""), View(new, new.root, "")
    found = paired(operations_of(roots[0]), operations_of(roots[1]))
    compare_presence(log, found)
    for before, after in found.pairs:
        compare_operation(log, roots, before, after)
    _webhooks(log, *roots)
    _words(log, *roots)
    return Comparison(old.name, new.name, log.changes())


def _webhooks(log: Log, old: View, new: View) -> None:
    before, after = old.members("webhooks"), new.members("webhooks")
    for name in sorted({*before, *after}):
        site = Site(log, f"webhook {name}")
        if name not in after:
            said = f"webhook {name} is gone"
            site.contract("webhook-removed", Severity.BREAKING, before[name], said)
        elif name not in before:
            said = f"webhook {name} is new"
            site.contract("webhook-added", Severity.HARMLESS, after[name], said)
        else:
            compare_calls(site, f"webhook {name}", before[name], after[name])


def _words(log: Log, old: View, new: View) -> None:
    """Compare `info`, `tags` and `externalDocs`."""
    site = Site(log, "")
    for name in ("info", "tags", "externalDocs"):
        was, is_now = old.get(name), new.get(name)
        if canonical(was.value if was else None) != canonical(is_now.value if is_now else None):
            view = is_now or was or new
            said = f"{name}: what it says changed"
            site.contract("description-changed", Severity.HARMLESS, view, said)
    site.take(*compare_words([old], [new]))
