"""The command `altinn-notifications-mock`."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, NoReturn, cast

import click

from mock_server.cli import commands
from mock_server.cli.commands import USAGE_ERROR, fail, forget
from mock_server.version import __version__


class _Commands(click.Group):
    """The modules of `commands`, each imported when asked for, so that none waits for another."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click passes it
        """Return the names of all subcommands."""
        return sorted(module.name for module in iter_modules(commands.__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the subcommand *cmd_name*, or None if there is no such."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = import_module(f"mock_server.cli.commands.{cmd_name}")
        return cast("click.Command", getattr(module, cmd_name))

    def invoke(self, ctx: click.Context) -> Any:
        """Run the subcommand; fail in our own words where nobody takes what it prints."""
        try:
            return super().invoke(ctx)
        except OSError as error:
            _cannot_print(error)


@click.group(cls=_Commands, context_settings={"auto_envvar_prefix": None})
@click.version_option(__version__, prog_name="altinn-notifications-mock")
def cli() -> None:
    """Mock of Altinn Notifications' orders API that behaves like the real one."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command with *arguments*, or the ones of the process, and exit."""
    _open_streams()
    try:
        status = cli.main(arguments, prog_name="altinn-notifications-mock", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(USAGE_ERROR)
    except click.ClickException as error:
        fail(error.format_message())
    except click.Abort:
        sys.exit(0)
    except OSError as error:
        _cannot_print(error)
    sys.exit(status if isinstance(status, int) else 0)


def _cannot_print(error: OSError) -> NoReturn:
    forget(sys.stdout)
    is_about_a_file = error.filename is not None
    fail(str(error) if is_about_a_file else f"cannot write to standard output: {error.strerror}")


def _open_streams() -> None:
    """Open the standard streams that the process was started without: to nowhere."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # which takes the lowest number that is free
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - to its end
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - to its end
