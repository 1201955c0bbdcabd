"""A fault to plant, and the test file that should catch it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """
    One planted fault: in *file* the text *old*, which stands there once, becomes *new*.

    *tests* is the test file that should fail.
    """

    name: str
    file: str
    old: str
    new: str
    tests: str
