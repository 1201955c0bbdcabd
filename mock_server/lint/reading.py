"""Read a file into located nodes, in bounded time whatever the file holds."""

import re
from dataclasses import dataclass
from pathlib import Path

from mock_server.lint.composing import Composed, compose

MOST_BYTES = 16 * 1024 * 1024


class UnreadableError(Exception):
    """A file cannot be linted; the message is one line, with line and column where there are."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read: its *name* as given, its *text*, and what that says."""

    name: str
    text: str
    composed: Composed

    @property
    def is_json(self) -> bool:
        """Whether it is written as JSON, where nobody chooses lines and indents."""
        return self.text.lstrip().startswith(("{", "["))


def read_source(path: Path) -> Source:
    """
    Return what the file at *path* says.

    Raises:
        UnreadableError: missing, no file, too large, no text, empty, or not YAML.
    """
    try:
        if path.is_dir():
            raise UnreadableError(f"{path} is a directory; give a file")
        with path.open("rb") as file:  # a device may have no end
            authored = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableError(f"cannot read {path}: {reason}; give an OpenAPI file") from error
    if len(authored) > MOST_BYTES:
        raise UnreadableError(f"{path} has more than {MOST_BYTES} bytes; give a smaller file")
    return read_text(str(path), _decoded(str(path), authored))


def read_text(name: str, text: str) -> Source:
    """
    Return what *text* says; *name* stands in messages.

    Raises:
        UnreadableError: empty, or not YAML.
    """
    if not text.strip():
        raise UnreadableError(f"{name} is empty; give an OpenAPI file")
    try:
        return Source(name, text, compose(_as_yaml(text)))
    except ValueError as error:
        raise UnreadableError(f"{name}:{error}") from error


def _decoded(name: str, authored: bytes) -> str:
    is_wide = authored.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = authored.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        where = f"byte {error.start + 1} is not UTF-8"
        raise UnreadableError(f"{name} is not text: {where}; give a YAML or JSON file") from error
    found = re.search(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        what = f"line {line} holds the control character U+{ord(found[0]):04X}"
        raise UnreadableError(f"{name} is not text: {what}; give a YAML or JSON file")
    return text


def _as_yaml(text: str) -> str:
    """Return JSON *text* with the same lines in the spelling that YAML has for it."""
    if not text.lstrip().startswith(("{", "[")):
        return text
    spaced = re.sub(r"^[\t ]+", lambda found: " " * len(found[0]), text, flags=re.MULTILINE)
    return re.sub(r"\\u(d[89ab]..)\\u(d[c-f]..)", _joined, spaced, flags=re.IGNORECASE)


def _joined(found: re.Match[str]) -> str:
    """Return the one character that a pair of surrogates spells; YAML has no such pairs."""
    try:
        units = bytes.fromhex(found[1] + found[2])
    except ValueError:
        return found[0]
    return units.decode("utf-16-be")
