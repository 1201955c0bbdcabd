"""Why two contracts could not be compared."""


class ComparisonError(Exception):
    """The comparison could not be done; the message is one line, with file and line."""
