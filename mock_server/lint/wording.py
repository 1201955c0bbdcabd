"""Spelling of names and short texts: the checks that rules share."""

import re
from collections.abc import Iterable

LOWER_CAMEL = re.compile(r"[a-z][A-Za-z0-9]*")
MOST_SHOWN = 20
"""Names in one message; an enum may have any number."""

PASCAL = re.compile(r"[A-Z][A-Za-z0-9]*")


def summary_fault(text: str) -> str:
    """Return the fault of *text* as a summary in sentence case, empty if it has none."""
    words = text.split()
    if not words or not words[0][0].isupper():
        return "does not begin with a capital"
    if text.rstrip().endswith("."):
        return "ends with a full stop"
    if len(words) == 1:
        return "is a single word"
    rest = [word for word in words[1:] if word[0].isalpha()]
    if len(rest) > 1 and all(word[0].isupper() for word in rest):
        return "has a capital at every word"
    return ""


def shown(names: Iterable[str]) -> str:
    """Return *names* as a message lists them: the first MOST_SHOWN, and how many more there are."""
    quoted = [f"`{name}`" for name in names]
    more = len(quoted) - MOST_SHOWN
    return ", ".join(quoted[:MOST_SHOWN]) + (f" and {more:,} more" if more > 0 else "")
