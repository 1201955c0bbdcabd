"""Full garbage collections kept short on heaps of a million orders, by `gc.freeze`."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

LONGEST = timedelta(milliseconds=100)
"""How long a collection of all that there is may take."""


@contextmanager
def no_collections() -> Iterator[None]:
    """Switch garbage collection off in the block, for work that makes lasting objects alone."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def keep_collections_short(longest: timedelta = LONGEST) -> Callable[[], None]:
    """
    Freeze (`gc.freeze`) the heap after a full collection that took *longest*: the next is short.

    Orders have no cycles: they are let go as before. What has cycles, and is set apart while it is
    in use, stays; that is little. It concerns the whole process. Return what ends it.
    """
    begun = 0.0

    def watch(phase: str, told: dict[str, int]) -> None:
        nonlocal begun
        if phase == "start":
            begun = time.perf_counter()
        elif told["generation"] == 2 and time.perf_counter() - begun >= longest.total_seconds():
            gc.freeze()

    gc.callbacks.append(watch)
    return lambda: gc.callbacks.remove(watch)
