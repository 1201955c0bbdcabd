"""Findings by cause: breaches of one rule are one finding, its consequences stand below it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from mock_server.check.checks import CHECKS
from mock_server.check.curls import as_curl
from mock_server.check.findings import Breach, Finding, Key, Mark, Record, Situation
from mock_server.check.situations import DOCUMENTED

_SEVERITY = (
    ("connection", "no-server-error"),
    ("security", "never-sent", "isolation"),
    ("window", "lifecycle", "concurrency", "idempotency", "feed"),
    ("status", "consistency", "must-reach"),
    ("body-presence", "body", "values", "links", "headers"),
)
"""The worst first; checks that are not named come last, in the order of `CHECKS`."""

_SILENT = ("connection", "no-server-error")
_FORM = (
    *("body-presence", "media-type", "body", "headers", "negotiation", "problem-members"),
    *("problem-code", "problem-detail", "trace-id", "trace-id-unique", "trace-continued"),
)
_MEANING = (
    *("lifecycle", "isolation", "consistency", "never-sent", "concurrency", "idempotency"),
    *("values", "links", "window", "security", "status", "robustness", "feed"),
)
_STATUS = re.compile(r"[1-5]\d\d")
_REQUIRED = re.compile(r"'(\w+)' is a required property")
_MEMBER = re.compile(
    r"\b(traceId|detail|type|title|code|status|lastUpdate|links|errors|entries|[a-z]+Status)\b"
)
_WITH = {
    "lastUpdate": ("processingStatus",),
    "status": ("processingStatus",),
    "code": ("type", "title"),
}
"""The members that another is told with: the one around it, or those that it decides on."""

_ABOUT = {
    "problem-detail": "detail",
    "problem-code": "code",
    "trace-id": "traceId",
    "trace-id-unique": "traceId",
    "trace-continued": "traceId",
}
"""The member that a check is about, whatever it finds."""

_PLACE = re.compile(r"^(?:the body|(?:/[^/:\s]+)+): ")
_WHOLE = "*"
_MOSTLY = 0.5
"""Of breaches about one member, this share must be of answers that the cause is about."""


@dataclass(frozen=True)
class _Unit:
    """Breaches of one rule: the same situation, or the same words of one check."""

    breaches: tuple[Breach, ...]

    @property
    def situation(self) -> Situation | None:
        return self.breaches[0].situation

    @cached_property
    def check(self) -> str:
        return self.breaches[0].key[0] if self.situation is None else self.situation.check

    @cached_property
    def first(self) -> Breach:
        """The breach that is told: one of the check that is the situation's own, if there is."""
        own = [one for one in self.breaches if one.key[0] == self.check]
        return (own or list(self.breaches))[0]

    @cached_property
    def operations(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.key[1] for one in (self.first, *self.breaches)))

    @cached_property
    def marks(self) -> tuple[frozenset[Mark], ...]:
        """The answers of each time that it was seen."""
        return tuple(each for one in self.breaches for each in one.marks)

    @cached_property
    def answers(self) -> frozenset[Mark]:
        return frozenset().union(*self.marks)

    @cached_property
    def is_about_status(self) -> bool:
        """Whether an answer had another status than it should."""
        return self.situation is not None or (
            self.check in _MEANING and bool(_STATUS.fullmatch(self.first.key[3]))
        )

    @cached_property
    def topics(self) -> frozenset[str]:
        """The members that it is about; `_WHOLE` where the body is none of its kind at all."""
        check, _, expected, got = self.first.key
        if self.is_about_status:
            return frozenset({_WHOLE})
        if check in {"body-presence", "media-type", "negotiation"} or got.startswith("no JSON"):
            return frozenset({_WHOLE})
        if missing := _REQUIRED.search(got):
            return _with_outer([missing[1]])
        if check in _ABOUT:
            return _with_outer([_ABOUT[check]])
        told = f"{got} {expected}" if check in _MEANING else got
        return _with_outer(_MEMBER.findall(told))


def _with_outer(names: Iterable[str]) -> frozenset[str]:
    found = set(names)
    return frozenset(found.union(*(_WITH.get(name, ()) for name in found)))


@dataclass(eq=False)
class _Cause:
    """
    A *root*, and the units *below* it.

    *answers* are those that the root is about, or a refusal with the same wrong status.
    """

    root: _Unit
    answers: set[Mark]
    below: list[_Unit] = field(default_factory=list)

    def add(self, unit: _Unit) -> None:
        """Put *unit* below the root."""
        self.below.append(unit)
        if _is_one_refusal(unit, self.root):
            self.answers |= unit.answers


def causes(record: Record) -> list[Finding]:
    """Return the findings of *record* by cause, the worst first."""
    found: list[_Cause] = []
    for unit in sorted(_units(record.breaches()), key=_depth):
        above = next((cause for cause in found if _follows(unit, cause)), None)
        if above is None:
            found.append(_Cause(unit, set(unit.answers)))
        else:
            above.add(unit)
    findings = [
        replace(
            _finding(record, cause.root),
            follows=tuple(_finding(record, unit) for unit in cause.below),
        )
        for cause in found
    ]
    return sorted(findings, key=_badness)


def divided(
    findings: Iterable[Finding], accepted: frozenset[Key]
) -> tuple[list[Finding], list[Finding]]:
    """Return those of *findings* that are new, and those that are *accepted*."""
    new, known = list[Finding](), list[Finding]()
    for finding in findings:
        (known if finding.keys & accepted else new).append(finding)
    return new, known


def _units(breaches: Iterable[Breach]) -> Iterator[_Unit]:
    found: dict[tuple[str, ...], list[Breach]] = {}
    for breach in breaches:
        check, operation_id, expected, got = breach.key
        if breach.situation is not None:
            situation = breach.situation
            key: tuple[str, ...] = (situation.rule, situation.wanted, got)
        elif check == "must-reach":
            key = (check, operation_id, expected, got)
        else:
            key = (check, expected, _PLACE.sub("", got), "")
        found.setdefault(key, []).append(breach)
    for group in found.values():
        yield _Unit(tuple(group))


def _depth(unit: _Unit) -> int:
    """Return how soon *unit* may be a cause of others: statuses, then forms, then meanings."""
    check = unit.first.key[0]
    if check in _SILENT:
        return 0
    if unit.situation is not None and unit.situation.wanted == DOCUMENTED:
        return 1
    if unit.is_about_status:
        return 2 if unit.situation is not None else 3
    if check in _FORM:
        return 4 + _FORM.index(check)
    if check in _MEANING:
        return 20 + _MEANING.index(check)
    return 99 if check == "must-reach" else 90


def _follows(unit: _Unit, cause: _Cause) -> bool:
    """Tell whether *unit* follows from *cause*, as far as their answers and members tell."""
    check, root = unit.first.key[0], cause.root
    if _is_one_refusal(unit, root) or (check == "must-reach" and _is_in_place_of(unit, root)):
        return True
    return _may_follow(unit, root) and _shares_answers(unit, cause)


def _shares_answers(unit: _Unit, cause: _Cause) -> bool:
    """Tell whether *unit* was seen in answers that *cause* is about: all, or most of one member."""
    if cause.answers.isdisjoint(unit.answers):
        return False
    marks = unit.marks
    shared = sum(not each.isdisjoint(cause.answers) for each in marks) / len(marks)
    is_one_member = bool((unit.topics & cause.root.topics) - {_WHOLE})
    return shared >= (_MOSTLY if is_one_member else 1)


def _may_follow(unit: _Unit, root: _Unit) -> bool:
    """Tell whether *root* is of a kind that *unit* can come from."""
    check = unit.first.key[0]
    if check in {"must-reach", "generated"}:
        return True
    if root.first.key[0] in _SILENT or not (unit.topics & root.topics or _WHOLE in root.topics):
        return False
    if root.is_about_status:
        # A refusal or a success in place of another has the form that neither of both has; a
        # refusal where none is due should still have that of refusals.
        is_another = root.check == "security" or root.first.key[3].startswith("2")
        return unit.is_about_status or check in _MEANING or is_another
    return not unit.is_about_status and (check in _MEANING or root.first.key[0] in _FORM)


def _is_one_refusal(unit: _Unit, root: _Unit) -> bool:
    """
    Tell whether both are one refusal with one wrong status.

    It is of several credentials, or of an operation that has no such status at all.
    """
    here, there = unit.situation, root.situation
    if there is not None and there.wanted == DOCUMENTED:
        is_same = unit.is_about_status and unit.first.key[3] == root.first.key[3]
        return is_same and set(unit.operations) <= set(root.operations)
    return (
        here is not None
        and there is not None
        and here.check == there.check == "security"
        and (here.wanted, unit.first.key[3]) == (there.wanted, root.first.key[3])
    )


def _is_in_place_of(unit: _Unit, root: _Unit) -> bool:
    """Tell whether *root* is another status in place of the one that *unit* says is not reached."""
    if not root.is_about_status:
        return False
    _, operation_id, expected, _ = unit.first.key
    return any(
        one.key[1] == operation_id and expected[:3] in (one.key[2][:3], _wanted(one))
        for one in root.breaches
    )


def _wanted(breach: Breach) -> str:
    return "" if breach.situation is None else breach.situation.wanted


def _finding(record: Record, unit: _Unit) -> Finding:
    _, operation_id, expected, got = unit.first.key
    count = sum(one.count for one in unit.breaches)
    keys = frozenset(one.key for one in unit.breaches)
    looked_at = {_looked(one): record.looked_at(one) for one in unit.breaches}
    title = f"expected {expected}; got {got}"
    if unit.situation is not None:
        title = f"{unit.situation.rule} is answered {got}, not {unit.situation.wanted}"
    return Finding(
        title=title,
        check=unit.check,
        operation_id=operation_id,
        operations=unit.operations,
        expected=expected,
        got=got,
        seen=unit.first.seen,
        curl=as_curl(unit.first.answer.request),
        answer=unit.first.answer.in_words(),
        count=count,
        rate=min(1.0, count / max(1, sum(looked_at.values()))),
        keys=keys,
    )


def _looked(breach: Breach) -> tuple[str, ...]:
    return breach.key[:3] if breach.situation is None else ("", breach.key[1], "")


def _badness(finding: Finding) -> tuple[int, bool, int, int]:
    level = next(
        (n for n, checks in enumerate(_SEVERITY) if finding.check in checks), len(_SEVERITY)
    )
    is_minor = "cancelOrder" not in finding.operations
    return level, is_minor, -finding.count, list(CHECKS).index(finding.check)
