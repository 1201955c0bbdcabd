"""Paths that were probably meant: for a request that leads nowhere."""

from collections.abc import Iterable
from difflib import get_close_matches

LONGEST = 500
"""Paths longer than this are not compared, which takes long."""
MOST_NAMED = 2


def near_misses(path: str, templates: Iterable[str]) -> list[str]:
    """Return up to two of *templates* that resemble *path*, the likeliest first."""
    if len(path) > LONGEST:
        return []
    segments = path.lower().rstrip("/").split("/")
    # Of two that are filled alike, the one with fewest parameters is what the router would take.
    ordered = sorted(templates, key=lambda template: template.count("{"), reverse=True)
    filled = {_fill(template.lower(), segments): template for template in ordered}
    ending = [
        template
        for like, template in filled.items()
        if like.endswith("/".join(segments)) and _shares_a_word(template, segments)
    ]
    ending.sort(key=lambda template: template.count("{"))
    close = get_close_matches("/".join(segments), list(filled), n=MOST_NAMED, cutoff=0.8)
    return list(dict.fromkeys([*ending, *(filled[like] for like in close)]))[:MOST_NAMED]


def _shares_a_word(template: str, segments: list[str]) -> bool:
    """Tell whether one of the last segments of *template* is no parameter."""
    sent = [segment for segment in segments if segment]
    last = template.split("/")[-len(sent) :] if sent else []
    return any(not part.startswith("{") for part in last)


def _fill(template: str, segments: list[str]) -> str:
    """Return *template* with what *segments* have in place of its parameters, from the end."""
    parts = template.split("/")
    for back in range(1, len(parts) + 1):
        if parts[-back].startswith("{") and back <= len(segments):
            parts[-back] = segments[-back]
    return "/".join(parts)
