"""Report as one self-contained HTML page."""

from importlib import resources

from jinja2 import Environment, StrictUndefined

from mock_server.check.contract_places import ContractPlaces
from mock_server.check.outcome import Outcome
from mock_server.check.report_text import how_often


def as_html(outcome: Outcome, places: ContractPlaces) -> str:
    """Return *outcome* as a page: the findings, the statuses reached, and those not judged."""
    source = resources.files("mock_server.check") / "report.html"
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    template = environment.from_string(source.read_text(encoding="utf-8"))
    statuses = sorted({status for found in outcome.reached.values() for status in found})
    return template.render(
        outcome=outcome,
        checks=outcome.checks,
        how_often=how_often,
        places=places,
        statuses=statuses,
    )
