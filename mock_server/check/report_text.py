"""Report in words, for a terminal."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from mock_server.check.contract_places import ContractPlaces
from mock_server.check.findings import Finding
from mock_server.check.outcome import Outcome

MOST_SHOWN, MOST_BELOW = 20, 3
"""So many findings are shown in full, and so many that follow of each; files have all."""


def as_text(outcome: Outcome, places: ContractPlaces) -> str:
    """Return *outcome* in words: findings, the worst first, each with its line in the contract."""
    return "\n".join([*_findings(outcome, places), *_not_judged(outcome), *_summary(outcome)])


def _findings(outcome: Outcome, places: ContractPlaces) -> Iterator[str]:
    for number, finding in enumerate(outcome.findings[:MOST_SHOWN], 1):
        yield f"{number}. {finding.check}: {outcome.checks[finding.check].sentence}"
        yield from _finding(finding, places)
        yield ""
    if len(outcome.findings) > MOST_SHOWN:
        yield f"and {len(outcome.findings) - MOST_SHOWN} more; --json or --html has them all"
        yield ""
    if outcome.exports:
        yield "before a request is sent again:"
        yield from (f"  {line}" for line in outcome.exports)
        yield ""


def _finding(finding: Finding, places: ContractPlaces) -> Iterator[str]:
    yield f"    cause     {finding.title}"
    yield f"    where     {', '.join(finding.operations)}"
    yield f"    expected  {finding.expected}"
    yield f"    got       {finding.got or finding.answer}"
    if finding.seen:
        yield f"    seen      {finding.seen}"
    yield f"    how often {how_often(finding)}"
    yield f"    contract  {places.of(finding)}"
    yield f"    again     {finding.curl}"
    for below in finding.follows[:MOST_BELOW]:
        yield f"    follows   {below.check}, {', '.join(below.operations)}: {below.title}"
    if len(finding.follows) > MOST_BELOW:
        yield f"    follows   and {len(finding.follows) - MOST_BELOW} more"


def how_often(finding: Finding) -> str:
    """Return how often a cause was seen, with its rate where it is not always."""
    times = f"{finding.count} time{'s' if finding.count != 1 else ''}"
    if finding.rate >= 1:
        return f"{times}, always"
    return f"{times}, {finding.rate:.1%} of those looked at"


def _not_judged(outcome: Outcome) -> Iterator[str]:
    if outcome.not_judged:
        yield "not judged:"
    ordered = sorted(outcome.not_judged, key=lambda item: item.why)
    for why, group in groupby(ordered, key=lambda item: item.why):
        names = ", ".join(f"{item.operation_id} {item.status}" for item in group)
        yield f"  {names}"
        yield f"    {why}"


def _summary(outcome: Outcome) -> Iterable[str]:
    notes = [outcome.headline] if outcome.headline else []
    notes += [f"note: {note}" for note in outcome.notes]
    statuses = sum(len(found) for found in outcome.reached.values())
    known = f" ({len(outcome.known)} known, accepted)" if outcome.known else ""
    is_check = outcome.tool == "check"
    seeded = f", seed {outcome.seed}" if is_check else ""
    not_judged = f"documented statuses reached, {len(outcome.not_judged)} not judged"
    reached = not_judged if is_check else "statuses seen"
    return [
        *notes,
        f"{outcome.base_url}",
        f"  dialect {outcome.dialect}, {_mode(outcome)}{seeded}",
        f"  {outcome.requests} requests in {outcome.seconds:.0f} s; {statuses} {reached}",
        f"  left behind: {outcome.left.in_words()}",
        f"  {outcome.verdict}: {_count(len(outcome.findings))}{known}",
    ]


def _mode(outcome: Outcome) -> str:
    return "with the control plane" if outcome.has_control else "without a control plane"


def _count(number: int) -> str:
    return f"{number or 'no'} finding{'s' if number != 1 else ''}"
