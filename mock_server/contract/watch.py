"""Watches the file of a contract, and puts each new version of it into service."""

import stat
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from mock_server.contract.contract import ContractError

LOOK = timedelta(milliseconds=50)
"""How often the file is looked at."""

LOOKS_TO_SETTLE = 2
"""How many looks in a row must find the same before it is taken; some editors write twice."""

LOOKS_TO_REPORT = 10
"""How many of them before it is reported as broken or missing; it may be half of a version."""

READS = 5
"""How often the file is read after a change; a second one may leave time and size as they were."""


class Watch:
    """
    A thread that looks at a file, and hands its bytes on when there are others than before.

    It looks at what the path leads to, rather than to be told by the system: so a file that is
    replaced, deleted and made again, or reached by another symbolic link is seen as well as one
    that is written to, on network and container mounts, too.
    """

    def __init__(
        self,
        path: Path,
        known: bytes,
        *,
        take: Callable[[bytes], str],
        tell: Callable[[str], None],
        warn: Callable[[str], None],
    ) -> None:
        """
        Watch *path*, whose content is *known*, once started.

        *take* puts new content into service and returns what it changed, or raises ContractError;
        *tell* gets a line for the one, *warn* for the other.
        """
        self._path = path
        self._take = take
        self._tell = tell
        self._warn = warn
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._taken: bytes | None = known

    def start(self) -> None:
        """Begin to watch."""
        self._stopped.clear()
        self._thread = threading.Thread(target=self._run, name="contract-watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop watching, and return once no contract is put into service any longer."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        file = _File(self._path.absolute())
        seen = self._taken
        looks = 0
        while not self._stopped.wait(LOOK.total_seconds()):
            content = file.look()
            looks = looks + 1 if content == seen else 0
            seen = content
            if content != self._taken and looks in {LOOKS_TO_SETTLE, LOOKS_TO_REPORT}:
                self._settle(content, is_final=looks == LOOKS_TO_REPORT)

    def _settle(self, content: bytes | None, *, is_final: bool) -> None:
        """Take *content*; if it cannot be taken, warn as soon as it *is_final*."""
        try:
            changes = self._changes(content)
        except ContractError as error:
            if is_final:
                self._taken = content
                self._warn(f"{error}; the last good contract stays in service")
            return
        except Exception as error:  # noqa: BLE001 - the thread goes on, and so does the server
            self._taken = content
            self._warn(f"the contract {self._path} cannot be served: {error!r}; please report it")
            return
        self._taken = content
        self._tell(f"reloaded {self._path.name}: {changes}")

    def _changes(self, content: bytes | None) -> str:
        if content is None:
            raise ContractError(f"cannot read the contract {self._path}: there is no such file")
        return self._take(content)


class _File:
    """File at a path, read again only where it may have changed."""

    def __init__(self, path: Path) -> None:
        """Look at *path*."""
        self._path = path
        self._mark: object = None
        self._content: bytes | None = None
        self._reads = 0

    def look(self) -> bytes | None:
        """Return the bytes of the file, None where there is none that can be read."""
        try:
            found = self._path.stat()
            if not stat.S_ISREG(found.st_mode):
                return None
            times = (found.st_mtime_ns, found.st_ctime_ns)
            mark = (found.st_dev, found.st_ino, found.st_size, *times)
            if mark != self._mark:
                self._reads = READS
            if self._reads > 0:
                self._content = self._path.read_bytes()
                self._mark = mark
                self._reads -= 1
        except OSError:
            self._mark = None
            return None
        return self._content
