"""Report as annotations of GitHub Actions: workflow commands, each at a line of the contract."""

import re
from collections.abc import Iterator

from mock_server.check.contract_places import ContractPlaces
from mock_server.check.outcome import Outcome
from mock_server.check.report_text import how_often

_PLACE = re.compile(r"(?P<file>.*?)(?::(?P<line>\d+))? #(?P<pointer>/.*)", re.DOTALL)


def as_annotations(outcome: Outcome, places: ContractPlaces) -> str:
    """
    Return *outcome* as lines for a step's log.

    An error for each finding, a notice for each status that was not judged.

    Source: GitHub Actions, workflow commands, "Setting an error message".
    """
    return "".join(f"{line}\n" for line in _lines(outcome, places))


def _lines(outcome: Outcome, places: ContractPlaces) -> Iterator[str]:
    for finding in outcome.findings:
        match = _PLACE.fullmatch(places.of(finding))
        where = f"file={_property(match['file'])},line={match['line'] or 1}," if match else ""
        seen = f" ({finding.seen})" if finding.seen else ""
        told = f"{finding.title}{seen}, at {', '.join(finding.operations)}, {how_often(finding)}"
        yield f"::error {where}title={_property(finding.check)}::{_data(told)}"
    for item in outcome.not_judged:
        told = f"{item.operation_id} {item.status} was not judged: {item.why}"
        yield f"::notice title=not judged::{_data(told)}"


def _data(text: str) -> str:
    for character, written in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A")):
        text = text.replace(character, written)
    return text


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
