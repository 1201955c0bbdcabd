"""The subcommand `replay`."""

import sys
from pathlib import Path
from typing import Any

import click

from mock_server.cli.commands import fail
from mock_server.cli.options import (
    control_token_option,
    dialect_option,
    report_options,
    spec_option,
)


@click.command(epilog="Example: altinn-notifications-mock replay tt02.har --html drift.html")
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("base_url", required=False)
@click.option("--control-url", metavar="URL", help="Control plane.  [default: /__mock there]")
@control_token_option
@click.option(
    "--rules", type=click.Path(path_type=Path), help="What else may differ, before what may anyway."
)
@spec_option
@dialect_option("How an own mock refuses; auto: as the recording says.")
@report_options
def replay(**options: Any) -> int:
    """
    Send what FILE, a HAR, has recorded to the mock, and tell where its answers differ.

    Without BASE_URL a mock is started for it. Exit status: 0 no drift, 1 drift, 2 it could not be
    replayed.
    """
    # Imported here, so that `--help` does not wait for them.
    from mock_server.check.preflight import CannotCheckError  # noqa: PLC0415
    from mock_server.check.reports import check_files, exit_status, write_reports  # noqa: PLC0415
    from mock_server.traffic.replay.run import ReplayOptions  # noqa: PLC0415
    from mock_server.traffic.replay.run import replay as run  # noqa: PLC0415
    from mock_server.traffic.upstream import TrafficError  # noqa: PLC0415

    files = {name: options.pop(name) for name in ("html", "json", "junit")}
    try:
        check_files(files)
        outcome = run(ReplayOptions(**options), _tell)
        told = write_reports(outcome, options["spec"], files)
    except (CannotCheckError, TrafficError) as error:
        fail(str(error))
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    click.echo(told.encode(encoding, "replace").decode(encoding))
    return exit_status(outcome, require_all=False)


def _tell(number: int, total: int) -> None:
    """Tell how far it is, where people look on."""
    if sys.stderr.isatty() and (number % 20 == 0 or number == total):
        click.echo(
            f"\r\x1b[2K{number} of {total}" * (number < total) or "\r\x1b[2K", nl=False, err=True
        )
