"""The one way in which tests wait."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(check: Callable[[], T], deadline: float = 10.0) -> T:
    """
    Return what *check* returns once that is true.

    Raises:
        AssertionError: it was not within *deadline* seconds; tells the last value.
    """
    end = time.monotonic() + deadline
    pause = threading.Event()
    while not (value := check()):
        if time.monotonic() > end:
            message = f"not within {deadline} s; last value {value!r}"
            raise AssertionError(message)
        pause.wait(0.02)
    return value
