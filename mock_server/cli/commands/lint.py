"""The subcommand `lint`: check an OpenAPI file by the rules that a machine can check."""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mock_server.cli.commands import fail
from mock_server.serving.garbage_collection import no_collections

if TYPE_CHECKING:
    from mock_server.lint.findings import Finding
    from mock_server.lint.rules import Rule


@click.command(epilog="Example: altinn-notifications-mock lint --format sarif openapi.yaml")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    default="text",
    show_default=True,
    type=click.Choice(["text", "json", "sarif"]),
    help="How to tell what is found.",
)
@click.option(
    "--fail-on",
    default="note",
    show_default=True,
    type=click.Choice(["error", "warning", "note"]),
    help="How bad a finding is at the least that makes the exit status 1.",
)
@click.option("--ignore", "ignored", metavar="ID", multiple=True, help="A rule to leave out.")
@click.option("--explain", metavar="ID", help="Tell of one rule, and check nothing.")
def lint(
    file: Path | None, form: str, fail_on: str, ignored: tuple[str, ...], explain: str | None
) -> None:
    """
    Check an OpenAPI FILE: exit 0 if it is clean, 1 if not.

    Without FILE the contract of the mock is checked. A comment `# lint-ignore ID: REASON` in the
    file waives a rule on its line, or on the next.
    """
    if explain is not None:
        click.echo(_rule(explain).explanation)
        return
    # Imported here, so that `--help` does not wait for the rules.
    from mock_server.lint.findings import lint as found_in  # noqa: PLC0415
    from mock_server.lint.reading import UnreadableError  # noqa: PLC0415

    for name in ignored:
        _rule(name)
    path = file if file is not None else _shipped()
    try:
        # A third of the time would go into looking for garbage, of which there is little.
        with no_collections():
            findings = [found for found in found_in(path) if found.rule.id not in ignored]
    except UnreadableError as error:
        fail(str(error))
    click.echo(_told(form, path, findings))
    if any(found.rule.level.counts_as(fail_on) for found in findings):
        raise SystemExit(1)


def _told(form: str, path: Path, findings: Sequence["Finding"]) -> str:
    from mock_server.lint.outputs import as_json, as_text  # noqa: PLC0415 - see lint
    from mock_server.lint.sarif import as_sarif  # noqa: PLC0415 - the same

    if form == "sarif":
        return as_sarif(path, findings)
    return as_json(str(path), findings) if form == "json" else as_text(str(path), findings)


def _shipped() -> Path:
    """Return where the mock's own contract is, as seen from the working directory."""
    from mock_server.contract.contract import shipped_contract  # noqa: PLC0415 - see lint

    path, here = shipped_contract(), Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _rule(name: str) -> "Rule":
    """Return the rule *name*; exit with 2 where there is none."""
    from mock_server.lint.rulebook import RULES  # noqa: PLC0415 - see lint

    known = {rule.id: rule for rule in RULES}
    if name not in known:
        # As near as it gets: the page that lists them is not there where a wheel is installed.
        near = get_close_matches(name, known, n=3, cutoff=0)
        fail(f"there is no rule '{name}'; give {', '.join(near)}")
    return known[name]
