"""Console: output of the process, written apart from the server, which no reader can hold up."""

import logging
import os
import threading
from collections import deque
from datetime import timedelta
from itertools import groupby
from typing import TextIO

MOST_WAITING = 10_000
"""How many lines wait at most to be written; what comes on top of them is left out and counted."""

PAUSE = timedelta(milliseconds=50)
"""How long lines are gathered: under load they are written together, 20 times a second."""

LAST_WORDS = timedelta(milliseconds=300)
"""How long what waits may take to be written once the process ends."""


class Console:
    """
    The two streams of the process, each line of which is written by a thread.

    To print never waits and never fails: a pipe that nobody reads and a terminal that is halted
    hold up the thread alone, and a stream that is closed gets nothing more. Safe for threads.
    """

    def __init__(self, out: TextIO | None, err: TextIO | None) -> None:
        """Print on *out* and *err*; None: that stream is closed. The thread begins with a line."""
        self._streams = (_Stream(out), _Stream(err))
        self._lines: deque[tuple[int, str]] = deque()
        self._lost = 0
        self._is_awake = threading.Event()
        self._ending = threading.Event()
        self._beginning = threading.Lock()
        self._thread: threading.Thread | None = None

    def say(self, line: str) -> None:
        """Print *line* on standard output."""
        self._put(0, line)

    def complain(self, line: str) -> None:
        """Print *line* on standard error."""
        self._put(1, line)

    def take_logs(self) -> None:
        """Print from now on the logs of libraries, such as the traceback of an error of ours."""
        for name in (None, "uvicorn"):
            logging.getLogger(name).handlers[:] = [LogHandler(self)]

    def close(self) -> None:
        """Return once all that was printed is written, or after 0.3 seconds."""
        self._ending.set()
        self._is_awake.set()
        if self._thread is not None:
            self._thread.join(LAST_WORDS.total_seconds())

    def _put(self, stream: int, line: str) -> None:
        if len(self._lines) >= MOST_WAITING:
            self._lost += 1
            return
        self._lines.append((stream, line))
        if not self._is_awake.is_set():
            self._is_awake.set()
            self._begin()

    def _begin(self) -> None:
        with self._beginning:
            # Not before: a process that forks takes no thread along.
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="console", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while self._is_awake.wait():
            self._is_awake.clear()
            self._write()
            if self._ending.wait(PAUSE.total_seconds()):
                self._write()
                return

    def _write(self) -> None:
        for number, lines in groupby(self._taken(), lambda item: item[0]):
            self._streams[number].write("".join(f"{line}\n" for _, line in lines))

    def _taken(self) -> list[tuple[int, str]]:
        """Take all that waits, and how much was left out in its wake."""
        taken = [self._lines.popleft() for _ in range(len(self._lines))]
        lost, self._lost = self._lost, 0
        if lost:
            taken.append((1, f"{lost} lines were left out: they came faster than they were read"))
        return taken


class _Stream:
    """One stream, by its file: no lock of Python's is held while somebody does not read."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._encoding = getattr(stream, "encoding", None) or "utf-8"

    def write(self, text: str) -> None:
        """Write *text*, with escapes for what the encoding lacks; nothing once that has failed."""
        rest = text.encode(self._encoding, "backslashreplace")
        try:
            while self._stream is not None and rest:
                rest = rest[os.write(self._stream.fileno(), rest) :]
        except OSError:  # nobody reads any longer
            self._stream = None


class LogHandler(logging.Handler):
    """Handler that prints log records on a console."""

    def __init__(self, console: Console) -> None:
        """Print on the standard error of *console*, from warnings upwards."""
        super().__init__(logging.WARNING)
        self._console = console

    def emit(self, record: logging.LogRecord) -> None:
        """Print *record*."""
        self._console.complain(self.format(record))
