"""Text: white space as .NET defines it, one-line forms, and why bytes are none."""

from json import JSONDecodeError

WHITE_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""The characters of `Char.IsWhiteSpace`; Python adds U+001C to U+001F."""


def is_blank(text: str | None) -> bool:
    """
    Tell whether *text* is None, empty or all white space.

    Source: .NET `String.IsNullOrWhiteSpace`.
    """
    return not text or not text.strip(WHITE_SPACE)


def single(text: str) -> str:
    """Return *text* on one line, with escapes for characters that cannot be printed."""
    flat = " ".join(text.split())
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in flat)


def why_unreadable(error: Exception) -> str:
    """Return in one line why a file cannot be read, in our words where Python's are odd."""
    if isinstance(error, UnicodeDecodeError):
        return f"it is not text: byte {error.start + 1} is not UTF-8"
    if isinstance(error, JSONDecodeError):
        return f"it is not JSON: {error}"
    if isinstance(error, RecursionError):
        return "it is nested too deep"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return " ".join(str(error).split())
