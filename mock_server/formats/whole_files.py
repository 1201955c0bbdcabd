"""Files that are written whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


@contextmanager
def replacing(target: Path, *, lasts: bool = True) -> Iterator[BinaryIO]:
    """
    Return a file beside *target* that takes its place in one step once the block ends.

    Where the block raises, the old file stays. The new one has the owner and mode of the old one,
    if there is one; else it is for its owner alone. One that *lasts* is on the disk by then.

    Raises:
        OSError: it cannot be written.
    """
    descriptor, name = tempfile.mkstemp(".tmp", f".{target.name}.", target.parent)
    beside = Path(name)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - it is open
            yield file
            file.flush()
            if lasts:
                os.fsync(file.fileno())
        _copy_permissions(target, beside)
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    if lasts:
        _sync(target.parent)


def _copy_permissions(old: Path, new: Path) -> None:
    with suppress(FileNotFoundError):
        found = old.stat()
        with suppress(PermissionError):  # only the superuser gives files away
            os.chown(new, found.st_uid, found.st_gid)
        shutil.copymode(old, new)


def _sync(folder: Path) -> None:
    """Make the new name last; not every system can open a folder."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
