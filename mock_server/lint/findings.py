"""Lint a file: which rules it breaks, and where."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mock_server.contract.nodes import Mark, Node
from mock_server.formats.text import single
from mock_server.lint.documents import Document, read_document
from mock_server.lint.reading import Source, read_source
from mock_server.lint.rulebook import RULES
from mock_server.lint.rules import Rule, Scope

_WAIVER = re.compile(r"(?:^|\s)#\s*lint-ignore (?P<rule>[a-z0-9-]+):\s*\S")


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach of *rule*: its place and a message; *pointer* is empty for a bare line."""

    rule: Rule
    mark: Mark
    message: str
    pointer: str


def lint(path: Path) -> tuple[Finding, ...]:
    """
    Lint the file at *path*; findings come from its top to its end.

    Raises:
        UnreadableError: it cannot be linted; the message is one line.
    """
    return lint_source(read_source(path))


def lint_source(source: Source) -> tuple[Finding, ...]:
    """
    Lint *source*; findings come from its top to its end.

    Raises:
        UnreadableError: no OpenAPI, or a version that is not read.
    """
    document = read_document(source)
    waived = _waived(source.located.text)
    found = dict.fromkeys(
        found for found in _found(document) if (found.mark.line, found.rule.id) not in waived
    )
    explained = {one.mark for one in found if one.rule.id == "yaml-ambiguous"}
    kept = (one for one in found if one.rule.id != "example-valid" or one.mark not in explained)
    return tuple(sorted(kept, key=lambda finding: (finding.mark, finding.rule.id)))


def _waived(text: str) -> set[tuple[int, str]]:
    """Return each line and rule that a comment of *text* waives for a reason."""
    waived = set()
    for number, line in enumerate(text.splitlines(), start=1):
        for found in _WAIVER.finditer(line):
            is_alone = not line[: found.start()].strip()
            waived.add((number + is_alone, found["rule"]))
    return waived


def _found(document: Document) -> Iterator[Finding]:
    for rule in RULES:
        if rule.scope is Scope.GENERAL or document.is_altinn:
            for where, message in rule.check(document):
                yield _finding(rule, where, message)


def _finding(rule: Rule, where: Node | Mark, message: str) -> Finding:
    told = single(message)
    if isinstance(where, Mark):
        return Finding(rule, where, told, "")
    return Finding(rule, where.place, told, where.pointer)
