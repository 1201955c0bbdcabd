"""Files to be linted, read by the reader that all commands share."""

from dataclasses import dataclass
from pathlib import Path

from mock_server.contract import located
from mock_server.contract.located import Located, PlaceError


class UnreadableError(Exception):
    """A file cannot be linted; the message is one line, with line and column where there are."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read: its *name* as given, and its *located* values."""

    name: str
    located: Located


def read_source(path: Path) -> Source:
    """
    Return the file at *path*, read.

    Raises:
        UnreadableError: missing, no file, too large, no text, empty, or not YAML.
    """
    try:
        if path.is_dir():
            raise UnreadableError(f"{path} is a directory; give a file")
        authored = located.read_bytes(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableError(f"cannot read {path}: {reason}; give an OpenAPI file") from error
    except PlaceError as error:
        raise _unreadable(str(path), error) from error
    return read_authored(str(path), authored)


def read_authored(name: str, authored: bytes) -> Source:
    """
    Parse *authored*; *name* stands in messages.

    Raises:
        UnreadableError: no text, empty, or not YAML.
    """
    try:
        read = located.read_located(authored)
    except PlaceError as error:
        raise _unreadable(name, error) from error
    if not read.text.strip():
        raise UnreadableError(f"{name} is empty; give an OpenAPI file")
    if read.is_blank:
        mark = read.root.mark
        reason = "it holds comments and nothing else"
        raise UnreadableError(f"{name}:{mark.line}:{mark.column}: {reason}")
    return Source(name, read)


def _unreadable(name: str, error: PlaceError) -> UnreadableError:
    steps = (name, error.line, error.column)
    where = ":".join(str(step) for step in steps if step is not None)
    return UnreadableError(f"{where}: {error.reason}")
