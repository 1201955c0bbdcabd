"""The subcommand `check`."""

import signal
import sys
from importlib.util import find_spec
from pathlib import Path
from random import SystemRandom
from types import FrameType
from typing import Any, NoReturn

import click

from mock_server.cli.commands import fail
from mock_server.cli.options import (
    Number,
    WholeNumber,
    control_token_option,
    dialect_option,
    report_options,
    spec_option,
)

_HIGHEST_SEED = 2**32 - 1
_REPORTS = ("annotations", "html", "json", "junit", "markdown")
_TOKENS = ("bearer", "platform", "other", "unscoped", "composed")


@click.command(
    epilog=(
        "Example: altinn-notifications-mock check "
        "http://127.0.0.1:5090/notifications/api/v1 --junit check.xml --html check.html"
    )
)
@click.argument("base_url")
@spec_option
@click.option("--bearer", metavar="T", envvar="CHECK_BEARER", help="Token with the scope.")
@click.option(
    "--platform-token",
    "platform",
    metavar="T",
    envvar="CHECK_PLATFORM_TOKEN",
    help="Platform access token.",
)
@click.option(
    "--other-bearer",
    "other",
    metavar="T",
    envvar="CHECK_OTHER_BEARER",
    help="Token of another organisation, with the scope.",
)
@click.option(
    "--unscoped-bearer",
    "unscoped",
    metavar="T",
    envvar="CHECK_UNSCOPED_BEARER",
    help="Token without the scope.",
)
@click.option(
    "--composed-bearer",
    "composed",
    metavar="T",
    envvar="CHECK_COMPOSED_BEARER",
    help="Token with the scope of composed e-mails.",
)
@click.option(
    "--allow-sending",
    "receiver",
    metavar="ADDRESS_OR_NUMBER",
    help="Who may get messages at once where there is no control plane.",
)
@click.option("--control-url", metavar="URL", help="Control plane.  [default: /__mock, if there]")
@control_token_option
@click.option(
    "--public-url",
    metavar="URL",
    help="What links in answers begin with.  [default: BASE_URL, or the control plane's word]",
)
@click.option(
    "--no-control",
    "uses_control",
    is_flag=True,
    flag_value=False,
    default=True,
    help="Use no control plane, also where there is one.",
)
@dialect_option("How refusals should look.")
@click.option(
    "--max-examples",
    default=15,
    show_default=True,
    type=WholeNumber(0, 10_000),
    help="Generated requests per operation and phase; 0: none.",
)
@click.option(
    "--timeout",
    default=10.0,
    show_default=True,
    type=Number(0.1, 600),
    help="Seconds after which no answer will come.",
)
@click.option(
    "--max-latency",
    default=2.0,
    show_default=True,
    type=Number(0.01, 600),
    help="Seconds that an answer may take.",
)
@click.option(
    "--max-findings",
    metavar="N",
    type=WholeNumber(1),
    help="End at so many new findings.  [default: tell all]",
)
@click.option(
    "--seed", type=WholeNumber(0, _HIGHEST_SEED), help="Repeats a run.  [default: random]"
)
@report_options
@click.option(
    "--markdown", type=click.Path(path_type=Path), help="Add Markdown, as to a job's summary."
)
@click.option(
    "--annotations",
    type=click.Path(path_type=Path),
    help="Write errors at lines of the contract, for GitHub Actions.",
)
@click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    help="JSON report whose findings are accepted; new ones fail.",
)
@click.option(
    "--allow-production", "allows_production", is_flag=True, help="Check platform.altinn.no itself."
)
@click.option("--require-all", is_flag=True, help="Fail, too, where a status was not judged.")
def check(seed: int | None, require_all: bool, **options: Any) -> int:  # noqa: FBT001 - click passes it
    """
    Check whether the server at BASE_URL honours the contract.

    BASE_URL ends in /notifications/api/v1. Exit status: 0 it does, 1 it does not, 2 it could not
    be judged. What the check creates is taken away again, or cancelled, and the rest is told.
    """
    _see_schemathesis()
    # Imported here, so that `--help` does not wait for them.
    from mock_server.check.credentials import Given  # noqa: PLC0415
    from mock_server.check.preflight import CannotCheckError  # noqa: PLC0415
    from mock_server.check.reports import check_files, exit_status, write_reports  # noqa: PLC0415
    from mock_server.check.run import Wanted  # noqa: PLC0415
    from mock_server.check.run import check as judge  # noqa: PLC0415

    files = {
        name: options.pop(name) for name in ("annotations", "html", "json", "junit", "markdown")
    }
    given = Given(**{name: options.pop(name) for name in _TOKENS})
    seed = SystemRandom().randint(0, _HIGHEST_SEED) if seed is None else seed
    progress = _Progress()
    _take_signals(_interrupt)
    try:
        check_files(files)
        outcome = judge(Wanted(given=given, seed=seed, **options), progress)
        progress.end()
        _say(write_reports(outcome, options["spec"], files))
    except CannotCheckError as error:
        progress.end()
        fail(str(error))
    except KeyboardInterrupt:
        progress.end()
        fail("interrupted before anything was judged")
    if outcome.verdict == "undecided":
        missing = " and ".join(map(str, outcome.missing))
        fail(f"too little was judged: cancelOrder's {missing}; give the tokens that it takes")
    return exit_status(outcome, require_all=require_all)


def _see_schemathesis() -> None:
    if find_spec("schemathesis") is None:
        fail(
            f"check needs Schemathesis: {sys.executable} -m pip install '.[check]' in the clone of "
            "the repository that this was installed from"
        )


def _take_signals(how: Any) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, how)


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    """Let the check end; nothing keeps it from putting back what it changed."""
    _take_signals(signal.SIG_IGN)
    raise KeyboardInterrupt


def _say(text: str) -> None:
    """Print *text*, as far as standard output takes its characters."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    click.echo(text.encode(encoding, "replace").decode(encoding))


class _Progress:
    """One line that says what is being asked; only where people look on."""

    def __init__(self) -> None:
        self._shows = sys.stderr.isatty()

    def __call__(self, name: str, requests: int, findings: int) -> None:
        """Show that *name* begins, after so many *requests* with so many *findings*."""
        if self._shows:
            told = f"{requests} requests, {findings} findings; {name}"
            self._show(told)

    def end(self) -> None:
        """Take the line away."""
        if self._shows:
            self._show("")

    def _show(self, told: str) -> None:
        try:
            click.echo(f"\r\x1b[2K{told}", nl=False, err=True)
        except OSError:
            self._shows = False  # nobody looks on any more
