"""Trace ids: W3C Trace Context, as problem bodies show it."""

import re
import secrets

_TRACEPARENT = re.compile(
    r"(?P<version>[0-9a-f]{2})-(?P<trace>[0-9a-f]{32})-(?P<span>[0-9a-f]{16})-(?P<flags>[0-9a-f]{2})"
    r"(?P<more>-.*)?",
    re.ASCII,
)


def trace_id(traceparent: str | None) -> str:
    """
    Return the id for a problem's `traceId`: `00-<trace>-<span>-<flags>`.

    A valid *traceparent* gives its trace id and its sampled flag; the span is always new.

    Source: W3C Trace Context section 3.2.
    """
    digits = secrets.token_hex(24)
    trace, span = digits[:32], digits[32:]
    match = None if traceparent is None else _TRACEPARENT.fullmatch(traceparent)
    if match is None or not _is_valid(match):
        return f"00-{trace}-{span}-01"
    sampled = int(match["flags"], 16) & 1
    return f"00-{match['trace']}-{span}-0{sampled}"


def _is_valid(match: re.Match[str]) -> bool:
    is_later_version = match["version"] != "00"
    return (
        match["version"] != "ff"
        and (is_later_version or match["more"] is None)
        and int(match["trace"], 16) != 0
        and int(match["span"], 16) != 0
    )
