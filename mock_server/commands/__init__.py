"""The subcommands, a module each, and how they end when they cannot do what they were asked."""

from typing import NoReturn

import click

USAGE_ERROR = 2


def fail(message: str) -> NoReturn:
    """
    Say *message* on one line of standard error, and exit with 2.

    Raises:
        SystemExit: always.
    """
    click.echo(f"Error: {' '.join(message.split())}", err=True)
    raise SystemExit(USAGE_ERROR)
