"""Deadlines of blocking calls: each call in a thread, which the next one uses again."""

from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

_T = TypeVar("_T")
_Task = tuple[Future[Any], Callable[[], Any]]
_Tasks = SimpleQueue[_Task | None]


class Deadlines:
    """
    Threads for blocking calls, so that none is waited for too long. Safe to use from several.

    To begin a thread costs more than most requests to a server on the same machine.
    """

    def __init__(self) -> None:
        """Begin without threads."""
        self._idle: list[_Tasks] = []
        self._is_closed = False

    def within(self, seconds: float, act: Callable[[], _T]) -> _T:
        """
        Call *act*; return its result, or raise its exception.

        Raises:
            TimeoutError: it takes longer than *seconds*; what it does then goes on unheard.
        """
        result = Future[_T]()
        try:
            tasks = self._idle.pop()
        except IndexError:
            tasks = _Tasks()
            Thread(target=self._work, args=[tasks], daemon=True).start()
        tasks.put((result, act))
        return result.result(seconds)

    def close(self) -> None:
        """End the threads; one that is in a call ends after it."""
        self._is_closed = True
        while self._idle:
            self._idle.pop().put(None)

    def _work(self, tasks: _Tasks) -> None:
        while (task := tasks.get()) is not None:
            result, act = task
            done = _called(act)
            del task, act
            # Who awaits the result may call again at once: this thread is free before that.
            self._idle.append(tasks)
            done(result)
            del done, result
            if self._is_closed:
                self.close()


def _called(act: Callable[[], Any]) -> Callable[[Future[Any]], None]:
    """Call *act*; return what tells a future of its result or exception."""
    try:
        value = act()
    except Exception as error:  # noqa: BLE001 - it is raised again where the result is awaited
        failure = error
        return lambda result: result.set_exception(failure)
    return lambda result: result.set_result(value)
