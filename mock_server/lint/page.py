"""Generator of the page on the rules, docs/lint-rules.md."""

import sys
from collections.abc import Iterator
from pathlib import Path

from mock_server.lint.rulebook import CHAPTERS, RULES
from mock_server.lint.rules import Rule

_HEAD = """\
# Rules of contracts

`altinn-notifications-mock lint [FILE]` checks an OpenAPI file by these rules;
without FILE it checks the contract of the mock.
Exit status 0 means clean, 1 that there are findings, 2 that the file could not be checked.
`--format` gives text, `json` or `sarif`; `--explain ID` tells of one rule;
with `--fail-on error` or `--fail-on warning` what is less than that is told, and exit status 0.
`--ignore ID` leaves a rule out, as often as it is given.
In the file, a comment `# lint-ignore ID: the reason` waives a rule on its own line,
or on the next one where it stands alone; without a reason it waives nothing.

{general} rules are `general` and bind any OpenAPI file.
{altinn} are `altinn` and bind a file that has an operation `cancelOrder`;
what they ask of single operations, they ask of those that the real service has.
An `error` breaks clients, tools or a promise; a `warning` leaves readers without something;
a `note` is a matter of style. Any of them is a finding.

OpenAPI 3.0 and 3.1 are read, as YAML or JSON; the mock serves 3.0 alone.
Nothing is fetched: a `$ref` to a URL or to another file is a finding.
A file may have 16 MiB and 120 levels; its aliases may stand for 200,000 values."""


def page() -> str:
    """Return the page on the rules, in Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    many = sum(rule.scope == "general" for rule in RULES)
    yield _HEAD.format(general=many, altinn=len(RULES) - many)
    for chapter, rules in CHAPTERS.items():
        yield f"\n## {chapter}"
        for rule in rules:
            yield from _rule(rule)


def _rule(rule: Rule) -> Iterator[str]:
    yield f"\n### {rule.id}\n"
    yield f"{rule.title} ({rule.scope}, {rule.level})\n"
    yield f"- Why: {rule.why}"
    yield f"- Mend: {rule.hint}"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
