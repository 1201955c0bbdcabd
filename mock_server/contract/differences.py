"""The one table of differences between dialects: answers as documented, as real, as served."""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

ALIAS = "alias"
"""In place of an operationId: cancel as a heading of the documentation spells its path."""

NO_OPERATION = "none"
"""In place of an operationId: the path leads nowhere, or is none."""

_HEAD = "| when | status | the documentation | the real service | `documented` | `live` |"
_MARKED = re.compile(r"(<!-- answers -->\n).*?(<!-- /answers -->)", re.DOTALL)


class Body(StrEnum):
    """Body of an answer; `ANSWER` is the success of the contract."""

    ANSWER = "answer"
    PROBLEM = "problem"
    TERSE = "problem without detail"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Form:
    """How one answer looks: its *body*, and the header fields *dropped* of the contract's."""

    body: Body
    dropped: frozenset[str] = frozenset()

    @property
    def media_type(self) -> str | None:
        """
        Return the media type without parameters, None where there is no body.

        A problem is `application/problem+json` where the request's `Accept` prefers that.
        """
        return None if self.body is Body.EMPTY else "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """
    One situation, and the form of its answer by dialect; None where it does not happen.

    Without *statuses* or *operations* it is about any; where it *is_early*, about nothing but the
    415 that comes before authentication.
    """

    name: str
    statuses: tuple[int, ...]
    operations: tuple[str, ...]
    is_early: bool
    forms: Mapping[str, Form | None]
    situation: str
    documentation: str
    service: str

    def is_about(self, operation: str, status: int, *, is_early: bool) -> bool:
        """Tell whether an answer of *operation* with *status* is this row's."""
        return (
            (not self.statuses or status in self.statuses)
            and (not self.operations or operation in self.operations)
            and (is_early or not self.is_early)
        )


def form_of(operation: str, status: int, dialect: str, *, is_early: bool = False) -> Form | None:
    """
    Return how an answer of *operation* with *status* looks in *dialect*; None: it never happens.

    *operation* is an operationId, `ALIAS` or `NO_OPERATION`; *dialect* is `documented` or `live`.
    *is_early* tells the 415 that comes before authentication from the one after it. Which
    statuses an operation has at all is for the contract to say.
    """
    found = (row for row in load_rows() if row.is_about(operation, status, is_early=is_early))
    row = next(found, None)
    # Nobody but a fault answers with what no row is about.
    return Form(Body.PROBLEM) if row is None else row.forms[dialect]


@cache
def load_rows() -> tuple[Row, ...]:
    """Return the rows of `differences.yaml`; of those that fit, the first counts."""
    source = resources.files("mock_server.contract") / "differences.yaml"
    document = yaml.safe_load(source.read_text(encoding="utf-8"))
    forms = {name: _form(**members) for name, members in document["forms"].items()}
    return tuple(_row(row, forms, document["groups"]) for row in document["rows"])


def _form(body: str, dropped: list[str] | None = None) -> Form:
    return Form(Body(body), frozenset(dropped or ()))


def _row(row: dict[str, Any], forms: dict[str, Form], groups: dict[str, list[str]]) -> Row:
    named = [groups.get(name, [name]) for name in row.get("operations", ())]
    return Row(
        name=row["name"],
        statuses=tuple(row.get("statuses", ())),
        operations=tuple(operation for group in named for operation in group),
        is_early=row.get("early", False),
        forms={
            dialect: None if row[dialect] is None else forms[row[dialect]]
            for dialect in ("documented", "live")
        },
        situation=row["situation"],
        documentation=row.get("documentation", "not told"),
        service=row.get("service", _shown(forms.get(row["live"] or ""))),
    )


def _shown(form: Form | None) -> str:
    if form is None:
        return "does not happen"
    without = "".join(f", no `{name}`" for name in sorted(form.dropped))
    return f"{form.body.replace(' detail', ' `detail`')}{without}"


def as_markdown() -> str:
    """Return the table as it stands in `docs/differences.md`."""
    lines = [_HEAD, f"|{'---|' * _HEAD.count(' | ')}---|"]
    for row in load_rows():
        statuses = ", ".join(map(str, row.statuses)) or "any other"
        told = (
            row.situation,
            statuses,
            row.documentation,
            row.service,
            *map(_shown, row.forms.values()),
        )
        lines.append(f"| {' | '.join(told)} |")
    return "".join(f"{line}\n" for line in lines)


def renew(page: str) -> str:
    """Return *page* with the table between its marks as it is now."""
    return _MARKED.sub(lambda match: f"{match[1]}{as_markdown()}{match[2]}", page)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        file = Path(name)
        file.write_text(renew(file.read_text(encoding="utf-8")), encoding="utf-8")
