"""The file of a recording: a HAR that is whole whenever somebody reads it."""

import json
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter
from typing import Any, BinaryIO

from mock_server.formats.whole_files import replacing
from mock_server.http.har import har_head
from mock_server.traffic.upstream import TrafficError

SHARE = 20
"""The file is written again once so many times passed what it took the last time."""

MOST_WAITING = 16 * 1024 * 1024
"""Bytes of entries that wait at most before the file is written again, whatever that takes."""

_TAIL = b"\n]}}\n"


class HarFile:
    """
    A HAR that grows.

    Each time it is written anew beside the old one and takes its place in one step, so a process
    that is killed leaves a whole one. Entries wait for that a moment, the longer the larger it is.
    """

    def __init__(self, path: Path, more: Mapping[str, Any]) -> None:
        """
        Write to *path*, or the target of a link there; the log has *more* members.

        Raises:
            TrafficError: it cannot be written.
        """
        self.path = path
        self._target = Path(os.path.realpath(path))
        log = json.dumps({**har_head(), **more}, ensure_ascii=False)
        self._head = f'{{"log": {log[:-1]}, "entries": ['.encode()
        self._waiting: list[bytes] = []
        self._size = 0
        self._next = 0.0
        self.entries = 0
        """How many entries were added."""
        self._write(self._empty, lasts=False)
        self._written = len(self._head)

    @property
    def is_due(self) -> bool:
        """Whether entries wait that can be written now."""
        is_time = perf_counter() >= self._next or self._size >= MOST_WAITING
        return bool(self._waiting) and is_time

    @property
    def due_in(self) -> float | None:
        """In how many seconds the file is to be written; None: no entry waits."""
        return max(0.0, self._next - perf_counter()) if self._waiting else None

    def add(self, entry: Mapping[str, Any]) -> None:
        """Let *entry* wait to be written."""
        written = json.dumps(entry, ensure_ascii=False).encode("utf-8", "replace")
        self._waiting.append((b"," if self.entries else b"") + b"\n" + written)
        self._size += len(written)
        self.entries += 1

    def write(self, *, lasts: bool = False) -> None:
        """
        Write the entries that wait; where it *lasts*, they are on the disk by then.

        Raises:
            TrafficError: it cannot be written; the file is as it was.
        """
        began = perf_counter()
        self._write(self._grown, lasts=lasts)
        self._written += sum(map(len, self._waiting))
        self._waiting, self._size = [], 0
        took = perf_counter() - began
        self._next = perf_counter() + took * SHARE

    def _write(self, pour: Callable[[BinaryIO], None], *, lasts: bool) -> None:
        try:
            with replacing(self._target, lasts=lasts) as file:
                pour(file)
        except OSError as error:
            told = error.strerror or str(error)
            raise TrafficError(f"cannot write the recording {self.path}: {told}") from error

    def _empty(self, file: BinaryIO) -> None:
        file.write(self._head + _TAIL)

    def _grown(self, file: BinaryIO) -> None:
        with self._target.open("rb") as old:
            shutil.copyfileobj(old, file, 1024 * 1024)
        file.seek(self._written)
        file.truncate()
        file.writelines(self._waiting)
        file.write(_TAIL)
