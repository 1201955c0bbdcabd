"""Numbers on the command line, within bounds, with our own words for a refusal."""

from typing import Any

import click


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
