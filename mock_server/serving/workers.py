"""Several worker processes on one port, over a shared store; one that dies is replaced."""

import os
import signal
import socket
import time
from collections.abc import Mapping
from typing import Any, NoReturn

from mock_server.serving.foreground import StartError, run
from mock_server.serving.listening import listen
from mock_server.serving.place import Place
from mock_server.serving.request_log import LogForm
from mock_server.settings import Settings

BREATH = 1.0
"""Seconds between one start of a worker and the next in its place, at least."""


def run_workers(options: Mapping[str, Any], number: int, form: LogForm) -> NoReturn:
    """
    Serve with *options* in that *number* of processes until SIGTERM, Ctrl-C or SIGHUP, then exit.

    Each logs its requests in that *form*.

    Raises:
        StartError: they cannot be started.
    """
    try:
        settings = Settings(**options)
        listener = listen(settings.host, settings.port)
    except (OSError, ValueError) as error:
        raise StartError(str(error)) from error
    raise SystemExit(_Workers(options, listener, form).run(number))


class _Workers:
    """The worker processes of one server, seen from their parent."""

    def __init__(self, options: Mapping[str, Any], listener: socket.socket, form: LogForm) -> None:
        self._options = options
        self._listener = listener
        self._form = form
        self._started: dict[int, float] = {}
        self._is_stopping = False
        self._stopping = _stopping()
        # Its end for reading is in every worker, and tells when the parent has died.
        self._parent, self._life = os.pipe()

    def run(self, number: int) -> int:
        """Start them, replace those that die, and return the exit status once all have ended."""
        for each in self._stopping:
            signal.signal(each, self._stop)
        first = self._start(is_first=True)
        if not first and not self._is_stopping:
            return self._wait_for_one()[1]
        for _ in range(number - 1):
            if not self._is_stopping:
                self._start(is_first=False)
        while self._started:
            begun, _ = self._wait_for_one()
            if not self._is_stopping:
                time.sleep(max(0.0, BREATH - (time.perf_counter() - begun)))
            if not self._is_stopping:
                self._start(is_first=False)
        return 0

    def _stop(self, *_: object) -> None:
        self._is_stopping = True
        for pid in self._started:
            os.kill(pid, signal.SIGTERM)

    def _start(self, *, is_first: bool) -> bool:
        """Start a worker, and return once it answers, or has ended: then false."""
        theirs, ready = os.pipe()
        # Else one that comes before the child has handlers of its own would go to those of ours.
        signal.pthread_sigmask(signal.SIG_BLOCK, self._stopping)
        pid = os.fork()
        if not pid:
            for number in self._stopping:
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, self._stopping)
            os.close(theirs)
            os.close(self._life)
            self._work(Place(self._listener, is_first, ready, self._parent))
        os.close(ready)
        self._started[pid] = time.perf_counter()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, self._stopping)
        if self._is_stopping:
            os.kill(pid, signal.SIGTERM)
        try:
            return os.read(theirs, 1) == b"1"
        finally:
            os.close(theirs)

    def _work(self, place: Place) -> NoReturn:
        try:
            run(self._options, self._form, place)
        except StartError as error:
            os.write(2, f"Error: {error}\n".encode())
            os._exit(2)
        os._exit(0)

    def _wait_for_one(self) -> tuple[float, int]:
        """Return when a worker that has ended had begun, and its exit status."""
        pid, status = os.wait()
        return self._started.pop(pid, 0.0), os.waitstatus_to_exitcode(status)


def _stopping() -> tuple[signal.Signals, ...]:
    """Return the signals that stop them: a terminal that is closed does not under `nohup`."""
    is_kept = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    always = (signal.SIGTERM, signal.SIGINT)
    return always if is_kept else (*always, signal.SIGHUP)
