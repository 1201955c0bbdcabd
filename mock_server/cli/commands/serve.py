"""The subcommand `serve`."""

import os
import signal
import sys
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click

from mock_server.cli.commands import fail
from mock_server.cli.options import WholeNumber
from mock_server.formats.hosts import is_loopback
from mock_server.formats.timestamps import parse_duration


class _Duration(click.ParamType[timedelta]):
    """An ISO 8601 duration, or 0."""

    name = "duration"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        if isinstance(value, timedelta):
            return value
        try:
            span = parse_duration("PT0S" if value == "0" else value)
        except ValueError as error:
            self.fail(str(error), param, ctx)
        if span < timedelta(0):
            self.fail(f"'{value}' is negative; PT0S switches it off", param, ctx)
        return span


@click.command(
    epilog="Example: altinn-notifications-mock serve --port 5101 --cancellation-window PT10M",
    context_settings={"auto_envvar_prefix": "MOCK"},
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=5090,
    show_default=True,
    type=WholeNumber(0, 65535),
    help="Port to listen on; 0 picks a free one.",
)
@click.option(
    "--spec", type=click.Path(path_type=Path), help="Contract to serve.  [default: its own]"
)
@click.option("--reload", is_flag=True, help="Serve the contract anew whenever it is edited.")
@click.option(
    "--seed",
    default="examples",
    show_default=True,
    metavar="none|examples|FILE",
    help="Orders to start with.",
)
@click.option(
    "--dialect",
    default="documented",
    show_default=True,
    type=click.Choice(["documented", "live"]),
    help="How refusals look: as promised, or as terse as the deployed service's.",
)
@click.option(
    "--progress",
    default="automatic",
    show_default=True,
    type=click.Choice(["automatic", "manual"]),
    help="What moves orders on: the clock, or triggers alone.",
)
@click.option(
    "--condition-calls",
    default="loopback",
    show_default=True,
    type=click.Choice(["loopback", "any", "off"]),
    help="Which send conditions are really called.",
)
@click.option(
    "--cancellation-window",
    default="PT5M",
    show_default=True,
    type=_Duration(),
    help="How long before its send time an order cannot be cancelled; 0: no such rule.",
)
@click.option(
    "--feed-delay",
    default="PT2S",
    show_default=True,
    type=_Duration(),
    help="How old an entry of the status feed must be to show; 0: none has to be.",
)
@click.option("--control-token", metavar="T", help="Token that the control plane asks for.")
@click.option(
    "--no-control-token",
    is_flag=True,
    help="Leave the control plane open even beyond loopback.",
)
@click.option(
    "--public-url",
    metavar="URL",
    help="What links in answers begin with.  [default: the URL that was called]",
)
@click.option(
    "--register",
    type=click.Path(path_type=Path),
    help="Persons and organisations to look recipients up in.  [default: its own]",
)
@click.option(
    "--state",
    type=click.Path(path_type=Path),
    help="File to load all sandboxes from, and to save them to when stopped.",
)
@click.option(
    "--store",
    default="memory",
    show_default=True,
    metavar="memory|redis://HOST:PORT/DB",
    help="Where sandboxes are kept: in this process, or where others share them.",
)
@click.option(
    "--store-prefix",
    default="anm",
    show_default=True,
    metavar="P",
    help="What the keys of a shared store begin with.",
)
@click.option(
    "--workers",
    default=1,
    show_default=True,
    type=WholeNumber(1, 64),
    help="Processes that serve one port, over a shared store.",
)
@click.option("--cors", is_flag=True, help="Let pages of any origin call.")
@click.option(
    "--allow-host",
    metavar="NAME",
    help="Names, parted by commas, that the control plane may be called by beside localhost.",
)
@click.option(
    "--no-express", is_flag=True, help="Let every request take the long way, however plain it is."
)
@click.option(
    "--log",
    type=click.Choice(["text", "json", "off"]),
    help="One line a request on the console.  [default: text on a terminal, off elsewhere]",
)
@click.option(
    "--client-jwks",
    type=click.Path(path_type=Path),
    help="Keys that clients of Maskinporten sign with.  [default: any]",
)
@click.option(
    "--max-orders",
    default=2_000_000,
    show_default=True,
    type=WholeNumber(0),
    help="Most orders to hold in all.",
)
@click.option(
    "--max-sandboxes",
    default=10_000,
    show_default=True,
    type=WholeNumber(1),
    help="Most sandboxes to hold.",
)
def serve(
    no_control_token: bool,  # noqa: FBT001 - click passes it
    workers: int,
    log: str | None,
    **options: Any,
) -> None:
    """Start the mock and serve until stopped."""
    if not (is_loopback(options["host"]) or options["control_token"] or no_control_token):
        fail(
            f"--host {options['host']} is open to others: "
            "set --control-token, or --no-control-token to leave the control plane open"
        )
    if workers > 1:
        _check_workers(options)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop_early)
    # Imported here, so that `--help` does not wait for the web stack.
    from mock_server.serving.foreground import StartError, run  # noqa: PLC0415
    from mock_server.serving.request_log import LogForm  # noqa: PLC0415

    form = LogForm(log or ("text" if _is_terminal() else "off"))
    try:
        if workers > 1:
            from mock_server.serving.workers import run_workers  # noqa: PLC0415

            run_workers(options, workers, form)
        run(options, form)
    except StartError as error:
        fail(str(error))


def _check_workers(options: dict[str, Any]) -> None:
    if options["store"] == "memory":
        fail("--workers needs a store that they share: set --store redis://HOST:PORT/DB")
    if options["reload"]:
        fail("--workers does not go with --reload: one process alone serves an edited contract")
    if options["port"] == 0:
        fail("--workers does not go with --port 0: choose the port that they share")
    if not hasattr(os, "fork"):
        fail("--workers needs a system that can fork; start several processes instead")


def _is_terminal() -> bool:
    # A stream that was closed before is none at all.
    return sys.stderr is not None and sys.stderr.isatty()


def _stop_early(_signal: int, _frame: FrameType | None) -> NoReturn:
    """Exit cleanly when stopped before the server has taken over the signals."""
    raise SystemExit(0)
