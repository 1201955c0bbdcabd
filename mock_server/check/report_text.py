"""The report for people who read a terminal."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from mock_server.check.checks import CHECKS
from mock_server.check.contract_places import ContractPlaces
from mock_server.check.findings import Finding, by_cause
from mock_server.check.outcome import Outcome

MOST_SHOWN = 8
"""How many findings of one check are shown in full; the reports in files have all."""


def as_text(outcome: Outcome, places: ContractPlaces) -> str:
    """Return *outcome* in words; findings grouped by cause, each with its line in the contract."""
    return "\n".join([*_findings(outcome, places), *_not_judged(outcome), *_summary(outcome)])


def _findings(outcome: Outcome, places: ContractPlaces) -> Iterator[str]:
    for check, causes in groupby(by_cause(outcome.findings), key=lambda found: found[0].check):
        found = list(causes)
        yield f"{check}: {CHECKS[check].sentence}"
        for findings in found[:MOST_SHOWN]:
            yield from _cause(findings, places)
        if len(found) > MOST_SHOWN:
            yield f"  and {len(found) - MOST_SHOWN} more; --json or --html has them all"
        yield ""


def _cause(findings: list[Finding], places: ContractPlaces) -> Iterator[str]:
    first = findings[0]
    yield f"  {', '.join(finding.operation_id for finding in findings)}"
    yield f"    expected  {first.expected}"
    yield f"    got       {first.got or first.answer}"
    yield f"    how often {how_often(findings)}"
    yield f"    contract  {places.of(first)}"
    yield f"    again     {first.curl}"


def how_often(findings: list[Finding]) -> str:
    """Return how often one cause was seen, with its rate where it is not always."""
    count = sum(finding.count for finding in findings)
    times = f"{count} time{'s' if count != 1 else ''}"
    rates = sorted({finding.rate for finding in findings})
    if rates[0] >= 1:
        return f"{times}, always"
    span = " to ".join(f"{rate:.1%}" for rate in dict.fromkeys((rates[0], rates[-1])))
    return f"{times}, {span} of those looked at"


def _not_judged(outcome: Outcome) -> Iterator[str]:
    if outcome.not_judged:
        yield "not judged:"
    ordered = sorted(outcome.not_judged, key=lambda item: item.why)
    for why, group in groupby(ordered, key=lambda item: item.why):
        names = ", ".join(f"{item.operation_id} {item.status}" for item in group)
        yield f"  {names}"
        yield f"    {why}"


def _summary(outcome: Outcome) -> Iterable[str]:
    notes = [f"note: {note}" for note in outcome.notes]
    statuses = sum(len(found) for found in outcome.reached.values())
    known = f" ({len(outcome.known)} known, accepted)" if outcome.known else ""
    return [
        *notes,
        f"{outcome.base_url}",
        f"  dialect {outcome.dialect}, {_mode(outcome)}, seed {outcome.seed}",
        (
            f"  {outcome.requests} requests in {outcome.seconds:.0f} s; "
            f"{statuses} documented statuses reached, {len(outcome.not_judged)} not judged"
        ),
        f"  {outcome.verdict}: {_count(len(outcome.findings))}{known}",
    ]


def _mode(outcome: Outcome) -> str:
    return "with the control plane" if outcome.has_control else "without a control plane"


def _count(number: int) -> str:
    return f"{number or 'no'} finding{'s' if number != 1 else ''}"
