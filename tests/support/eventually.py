"""The one way in which tests wait."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

import httpx

T = TypeVar("T")

SOON = httpx.Timeout(60, read=0.3)
"""For a client whose answer never comes: it connects and sends at its ease."""


def eventually(check: Callable[[], T], deadline: float = 60.0) -> T:
    """
    Return the result of *check* once that is true.

    The *deadline* in seconds only ends what hangs: a busy machine is no failure.

    Raises:
        AssertionError: it was not within it; tells the last value.
    """
    end = time.monotonic() + deadline
    pause = threading.Event()
    while not (value := check()):
        if time.monotonic() > end:
            message = f"not within {deadline} s; last value {value!r}"
            raise AssertionError(message)
        pause.wait(0.02)
    return value
