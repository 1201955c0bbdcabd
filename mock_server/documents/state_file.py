"""State files: the snapshots of all sandboxes, written whole or not at all."""

import json
import os
import stat
import tempfile
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mock_server.documents.snapshots import write_small_members
from mock_server.formats.json_text import has_half_a_pair, load_json
from mock_server.formats.text import why_unreadable
from mock_server.formats.whole_files import replacing
from mock_server.records.feed import FEED_ENTRY
from mock_server.records.members import MemberError
from mock_server.records.orders import ORDER, VERSION
from mock_server.sandbox.sandbox import State


class NoStateFileError(Exception):
    """The server was started without a file to save to."""


class StateFileError(Exception):
    """A state file cannot be read or written; the message is one line with its name."""


class StateFile:
    """
    One file of snapshots. Safe to use from several threads.

    A save leaves the old file whole until the new one is: what is written beside it, in the same
    folder, takes its place in one step, with the same permissions.
    """

    def __init__(self, path: Path) -> None:
        """Read and write the file at *path*, or the target of a link there."""
        self.path = path
        self._target = Path(os.path.realpath(path))
        self._lock = threading.Lock()

    def read(self) -> object | None:
        """
        Return the document in the file, None where there is no file.

        Raises:
            StateFileError: it cannot be read or is not JSON, or could not be saved later.
        """
        try:
            text = self._read_text()
        except FileNotFoundError:
            text = None
        except (OSError, ValueError) as error:
            raise StateFileError(
                f"cannot read the state file {self.path}: {why_unreadable(error)}"
            ) from error
        self._try_folder()
        return None if text is None else self._parse(text)

    def _read_text(self) -> str:
        """Return the text; ValueError if it is a device or a pipe, which might never end."""
        mode = self._target.stat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            raise ValueError("it is no regular file")
        return self._target.read_text(encoding="utf-8")

    def _try_folder(self) -> None:
        """Fail now rather than when everything is to be saved."""
        try:
            with tempfile.TemporaryFile(dir=self._target.parent):
                pass
        except OSError as error:
            raise self._unwritable(error) from error

    def _parse(self, text: str) -> object:
        try:
            document = load_json(text, _members)
        except (MemberError, ValueError, RecursionError) as error:
            raise self.refusal(why_unreadable(error)) from error
        if "\\u" in text and has_half_a_pair(document):
            raise self.refusal("it holds half of a surrogate pair")
        if document is None:  # which would read as if there were no file, and be overwritten
            raise self.refusal("it holds null; give a file that was saved, or none")
        return document

    def refusal(self, reason: object) -> StateFileError:
        """Return the error about the contents of the file, for a *reason*."""
        return StateFileError(f"cannot use the state file {self.path}: {reason}")

    def _unwritable(self, error: Exception) -> StateFileError:
        return StateFileError(f"cannot write the state file {self.path}: {why_unreadable(error)}")

    def write(self, states: Mapping[str, State]) -> None:
        """
        Replace the file by one with *states*, by name of the sandbox.

        Raises:
            StateFileError: it cannot be written; the old file is as it was.
        """
        with self._lock:
            try:
                with replacing(self._target) as file:
                    file.writelines(piece.encode() for piece in _pieces(states))
            except (OSError, TypeError, ValueError) as error:
                raise self._unwritable(error) from error


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise MemberError(twice, "the member stands twice in one object")
    return members


def _pieces(states: Mapping[str, State]) -> Iterator[str]:
    """Yield the document, each order and entry on a line, and never the whole of it at once."""
    yield f'{{"version": {VERSION}, "sandboxes": {{'
    for place, (name, state) in enumerate(states.items()):
        rest = json.dumps(write_small_members(state))
        yield f'{"," if place else ""}\n{json.dumps(name)}: {rest[:-1]}, "feed": ['
        for number, entry in enumerate(state.feed.entries):
            yield f"{',' if number else ''}\n{json.dumps(FEED_ENTRY.write(entry))}"
        yield '], "orders": ['
        for number, order in enumerate(state.orders):
            yield f"{',' if number else ''}\n{json.dumps(ORDER.write(order))}"
        yield "]}"
    yield "\n}}\n"
