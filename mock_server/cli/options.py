"""Options that several commands take, and numbers within bounds, with our words for a refusal."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])


def spec_option(command: _Command) -> _Command:
    """Return *command* with `--spec`, the contract to judge by."""
    path = click.Path(path_type=Path)
    return click.option("--spec", type=path, help="Contract.  [default: its own]")(command)


def control_token_option(command: _Command) -> _Command:
    """Return *command* with `--control-token`, of a control plane elsewhere."""
    return click.option(
        "--control-token",
        metavar="T",
        envvar="MOCK_CONTROL_TOKEN",
        help="Token that the control plane asks for.",
    )(command)


def dialect_option(told: str) -> Callable[[_Command], _Command]:
    """Return the decorator that adds `--dialect`, of which *told* says what it decides."""
    return click.option(
        "--dialect",
        default="auto",
        show_default=True,
        type=click.Choice(["auto", "documented", "live"]),
        help=told,
    )


def report_options(command: _Command) -> _Command:
    """Return *command* with `--junit`, `--html` and `--json`, each a file to write."""
    kinds = (("junit", "JUnit XML"), ("html", "a page for people"), ("json", "JSON"))
    for name, kind in reversed(kinds):
        path = click.Path(path_type=Path)
        command = click.option(f"--{name}", type=path, help=f"Write {kind}.")(command)
    return command


class WholeNumber(click.IntRange):
    """An integer within bounds, which count."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return *value* as a whole number; BadParameter, with the bounds, where it is not one."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"'{value}' is not a whole number{_bounds(self.min, self.max)}", param, ctx)


class Number(click.FloatRange):
    """A number within bounds, which count."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return *value* as a number; BadParameter, with the bounds, where it is not one."""
        try:
            number = super().convert(value, param, ctx)
        except click.BadParameter:
            number = None
        if number is None or number != number:  # noqa: PLR0124 - NaN is in no range, and in all
            self.fail(f"'{value}' is not a number{_bounds(self.min, self.max)}", param, ctx)
        return number


def _bounds(least: float | None, most: float | None) -> str:
    return f" from {least}" + ("" if most is None else f" to {most}")
