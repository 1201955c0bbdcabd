"""Whether a pattern can be tried on a text in bounded time."""

import re

QUICK = 2_000_000
"""Ways to match that a pattern may have; each takes some nanoseconds."""

LONGEST = 2_000
"""Characters of a pattern; longer ones are not tried."""

_PIECE = re.compile(
    r"\\."  # an escape
    r"|\[\^?\]?(?:\\.|[^\]\\])*\]"  # a class of characters
    r"|\(\?<?[=!:]|\(\?P?<\w+>|\("  # the beginning of a group
    r"|\{\d*(?:,\d*)?\}"  # a count
    r"|.",
    re.DOTALL,
)


def compiles(pattern: str) -> bool:
    """Tell whether *pattern* can be read."""
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return False
    return True


def is_quick(pattern: str, text: str) -> bool:
    """
    Tell whether *pattern* can be tried on *text* in bounded time.

    A repetition of what varies has too many ways to match, as have many repetitions in a row.
    """
    if len(pattern) > LONGEST:
        return False
    ways = 1
    groups, varied = [False], False  # whether what is inside varies; the same of the last group
    for piece in _PIECE.findall(pattern):
        if varied and _is_repetition(piece):
            return False
        factor = _factor(piece, len(text) + 1)
        ways *= factor
        groups[-1] = groups[-1] or factor > 1
        varied = False
        if piece[0] == "(":
            groups.append(False)
        elif piece == ")" and len(groups) > 1:
            varied = groups.pop()
            groups[-1] = groups[-1] or varied
    return ways * (len(text) + 1) <= QUICK


def _is_repetition(piece: str) -> bool:
    return piece in {"*", "+"} or (piece[0] == "{" and len(piece) > 1)


def _factor(piece: str, most: int) -> int:
    """Return in how many ways *piece* may match, of *most*."""
    if piece in {"?", "|"}:
        return 2
    is_exact = piece[0] == "{" and "," not in piece
    return most if _is_repetition(piece) and not is_exact else 1
