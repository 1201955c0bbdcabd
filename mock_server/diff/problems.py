"""Errors of a comparison that cannot be made."""


class ComparisonError(Exception):
    """The comparison could not be done; the message is one line, with file and line."""
