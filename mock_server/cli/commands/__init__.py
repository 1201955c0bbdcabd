"""The subcommands, a module each, and their one way to fail: a line on stderr, exit 2."""

import os
import sys
from typing import IO, NoReturn

import click

USAGE_ERROR = 2


def fail(message: str) -> NoReturn:
    """
    Say *message* on one line of standard error, and exit with 2.

    Raises:
        SystemExit: always.
    """
    try:
        click.echo(f"Error: {' '.join(message.split())}", err=True)
    except OSError:
        forget(sys.stderr)  # the exit status says it all the same
    raise SystemExit(USAGE_ERROR)


def forget(stream: IO[str]) -> None:
    """Discard unprinted output to *stream*, whose reader has gone."""
    # Else the interpreter would try again as it exits, and fail with a status of its own.
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
