"""The subcommand `diff`."""

import click

from mock_server.cli.commands import fail
from mock_server.diff.change import Severity
from mock_server.diff.contracts import Comparison, compare
from mock_server.diff.json_report import as_json
from mock_server.diff.markdown_report import as_markdown
from mock_server.diff.problems import ComparisonError
from mock_server.diff.text_report import as_text
from mock_server.formats.text import single
from mock_server.serving.garbage_collection import no_collections


@click.command(epilog="Example: altinn-notifications-mock diff HEAD~1:openapi.yaml openapi.yaml")
@click.argument("old")
@click.argument("new")
@click.option(
    "--format",
    "form",
    default="text",
    show_default=True,
    type=click.Choice(["text", "json", "markdown"]),
    help="How to write what changed.",
)
def diff(old: str, new: str, form: str) -> None:
    """
    Tell the changes from the contract OLD to NEW, and the clients that they break.

    Each is a file, or a file in a git revision, such as HEAD~1:openapi.yaml.
    Exit 1 if a change breaks clients, 0 if none does, 2 if this cannot be told.
    """
    try:
        # Half of the time would go into looking for garbage, of which there is none.
        with no_collections():
            comparison = compare(old, new)
    except ComparisonError as error:
        fail(single(str(error)))
    click.echo(_written(comparison, form))
    if comparison.count(Severity.BREAKING):
        raise SystemExit(1)


def _written(comparison: Comparison, form: str) -> str:
    if form == "json":
        return as_json(comparison)
    return as_markdown(comparison) if form == "markdown" else as_text(comparison)
