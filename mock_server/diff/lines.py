"""Text made fit to be shown on one line of a terminal."""

_MOST_NAMES = 3


def some(names: tuple[str, ...]) -> str:
    """Return the first of *names*, and how many more there are."""
    shown = ", ".join(names[:_MOST_NAMES])
    more = len(names) - _MOST_NAMES
    return f"{shown} and {more} more" if more > 0 else shown


def counted(number: int, noun: str) -> str:
    """Return *number* and *noun*, in the plural if need be."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
