"""The report as one page that needs nothing else, for people."""

from importlib import resources
from itertools import groupby

from jinja2 import Environment, StrictUndefined

from mock_server.check.checks import CHECKS
from mock_server.check.contract_places import ContractPlaces
from mock_server.check.findings import by_cause
from mock_server.check.outcome import Outcome
from mock_server.check.report_text import how_often


def as_html(outcome: Outcome, places: ContractPlaces) -> str:
    """Return *outcome* as a page: what was found, what was reached, what was not judged."""
    source = resources.files("mock_server.check") / "report.html"
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    template = environment.from_string(source.read_text(encoding="utf-8"))
    groups = [
        (check, CHECKS[check].sentence, list(causes))
        for check, causes in groupby(
            by_cause(outcome.findings), key=lambda findings: findings[0].check
        )
    ]
    statuses = sorted({status for found in outcome.reached.values() for status in found})
    return template.render(
        outcome=outcome,
        groups=groups,
        how_often=how_often,
        places=places,
        known=by_cause(outcome.known),
        statuses=statuses,
    )
