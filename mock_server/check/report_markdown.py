"""Report in Markdown, as summaries of CI jobs are written."""

from collections.abc import Iterator

from mock_server.check.contract_places import ContractPlaces
from mock_server.check.findings import Finding
from mock_server.check.outcome import Outcome
from mock_server.check.report_text import how_often


def as_markdown(outcome: Outcome, places: ContractPlaces) -> str:
    """Return *outcome* as a section: verdict, findings, the worst first, statuses not judged."""
    return "\n".join(_lines(outcome, places)) + "\n"


def _lines(outcome: Outcome, places: ContractPlaces) -> Iterator[str]:
    count = len(outcome.findings)
    told = f"{count or 'no'} finding{'s' if count != 1 else ''}"
    yield f"### {outcome.verdict}: {told} at `{_plain(outcome.base_url)}`"
    yield ""
    if outcome.headline:
        yield f"**{_plain(outcome.headline)}**\n"
    yield (
        f"{outcome.requests} requests in {outcome.seconds:.0f} s, dialect {outcome.dialect}, "
        f"seed {outcome.seed}; {len(outcome.known)} known, {len(outcome.not_judged)} not judged; "
        f"left behind: {outcome.left.in_words()}"
    )
    for note in outcome.notes:
        yield f"\n> {_plain(note)}"
    if outcome.findings:
        yield "\n| | cause | where | how often | contract | follows |\n|---|---|---|---|---|---|"
    for number, finding in enumerate(outcome.findings, 1):
        yield f"| {number} | {' | '.join(map(_plain, _cells(finding, places)))} |"
    for item in outcome.not_judged:
        yield f"\n- not judged: {item.operation_id} {item.status}: {_plain(item.why)}"


def _cells(finding: Finding, places: ContractPlaces) -> tuple[str, ...]:
    seen = f" ({finding.seen})" if finding.seen else ""
    return (
        f"**{finding.check}**: {finding.title}{seen}",
        ", ".join(finding.operations),
        how_often(finding),
        places.of(finding),
        str(len(finding.follows)),
    )


def _plain(text: str) -> str:
    """Return *text*, maybe of a hostile server, without the characters of Markdown and HTML."""
    for character, written in (("&", "&amp;"), ("<", "&lt;"), ("|", "\\|"), ("`", "'")):
        text = text.replace(character, written)
    return " ".join(text.split())
