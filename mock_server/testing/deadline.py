"""Deadline for a blocking call, kept however slowly its answer drips in."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

_T = TypeVar("_T")


def within(seconds: float, act: Callable[[], _T]) -> _T:
    """
    Call *act* with a deadline; return its result, or raise its exception.

    A client's own timeouts are about each piece of an answer; this one is about the whole.

    Raises:
        TimeoutError: it takes longer than *seconds*; what it does then goes on unheard.
    """
    result = Future[_T]()
    Thread(target=_fill, args=[result, act], daemon=True).start()
    return result.result(seconds)


def _fill(result: Future[_T], act: Callable[[], _T]) -> None:
    try:
        result.set_result(act())
    except Exception as error:  # noqa: BLE001 - it is raised again where the result is awaited
        result.set_exception(error)
