"""
Run the tests, and search all that the mock keeps of requests for the secrets that they sent.

Exits 1 where a token, a client assertion or a basic credential stands in a journal, an HTTP
Archive or a log at debug level. `python -m prove.secrets [PYTEST ARGUMENTS]`.
"""

import base64
import json
import logging
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mock_server.control_plane.har import write_har_entry
from mock_server.sandbox.journal import Entry, Journal, write_entry

ROOT = Path(__file__).resolve().parent.parent
FOLDER = "MOCK_SECRETS_FOLDER"
SHORTEST = 12
"""Characters of the shortest secret that is looked for: shorter ones are words as well."""

_JWT = re.compile(r"eyJ[\w-]{10,}\.[\w-]+\.[\w-]*")
_MEMBER = re.compile(
    r"(?:assertion|access_token|client_secret|password|sasUrl|sig)(?:=|\"\s*:\s*\")([^&\"\s]+)"
)
_FIELDS = {"authorization", "platformaccesstoken", "cookie", "x-mock-control-token"}


class Watching:
    """A pytest plugin that gathers every secret sent, and every record kept of requests."""

    def __init__(self, folder: Path) -> None:
        """Write both to *folder*, in files of this process."""
        self._secrets: set[str] = set()
        self._secrets_file = folder / f"secrets-{os.getpid()}"
        self._shown = (folder / f"shown-{os.getpid()}").open("a", encoding="utf-8")
        self._log = logging.FileHandler(folder / f"log-{os.getpid()}", encoding="utf-8")

    @pytest.hookimpl
    def pytest_sessionstart(self) -> None:
        """Begin to watch."""
        # What the tests' own client logs is not the mock's.
        self._log.addFilter(lambda record: not record.name.startswith(("httpx", "httpcore")))
        logging.getLogger().addHandler(self._log)
        logging.getLogger().setLevel(logging.DEBUG)
        self._tap("add")
        self._tap("add_unwritten")

    def _tap(self, name: str) -> None:
        kept: Callable[..., None] = getattr(Journal, name)
        watching = self

        def add(self: Journal, make: Callable[[int], Entry]) -> None:
            watching.see(make(0))
            kept(self, make)

        setattr(Journal, name, add)

    def see(self, entry: Entry) -> None:
        """Take the secrets of *entry* down, and how it is shown."""
        self._secrets.update(item for item in _secrets_of(entry) if len(item) >= SHORTEST)
        print(json.dumps(write_entry(entry)), json.dumps(write_har_entry(entry)), file=self._shown)

    @pytest.hookimpl
    def pytest_sessionfinish(self) -> None:
        """Write the gathered secrets and records."""
        self._shown.close()
        self._secrets_file.write_text("\n".join(sorted(self._secrets)), encoding="utf-8")


def _secrets_of(entry: Entry) -> Iterator[str]:
    for name, value in (*entry.request_headers, *entry.response_headers):
        if name.lower() in _FIELDS:
            scheme, _, credential = value.partition(" ")
            yield credential.strip() or scheme
            if scheme.lower() == "basic":
                yield from _basic(credential)
        yield from _JWT.findall(value)
    for text in (entry.target, entry.request_body.decode("utf-8", "replace")):
        yield from _JWT.findall(text)
        yield from _MEMBER.findall(text)
    yield from _JWT.findall(entry.response_body.decode("utf-8", "replace"))


def _basic(credential: str) -> Iterator[str]:
    try:
        yield base64.b64decode(credential, validate=True).decode().partition(":")[2]
    except ValueError:
        return


def pytest_configure(config: pytest.Config) -> None:
    """Register the plugin, in each process that runs tests."""
    config.pluginmanager.register(Watching(Path(os.environ[FOLDER])))


def main(arguments: list[str]) -> int:
    """Run the tests with *arguments*, search, print the findings, and return the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "pytest", "-p", "prove.secrets", *arguments],
            cwd=ROOT,
            check=False,
            env={**os.environ, FOLDER: folder},
        )
        found = _search(Path(folder))
    print(f"the tests ended with exit status {done.returncode}")
    return 1 if found else 0


def _search(folder: Path) -> set[str]:
    secrets: set[str] = set()
    for file in folder.glob("secrets-*"):
        secrets.update(file.read_text(encoding="utf-8").split("\n"))
    secrets.discard("")
    found: set[str] = set()
    lines = 0
    for file in (*folder.glob("shown-*"), *folder.glob("log-*")):
        for line in file.read_text(encoding="utf-8", errors="replace").split("\n"):
            lines += 1
            found |= _found_in(line, secrets)
    print(f"{len(secrets)} secrets, searched in {lines} lines: {len(found)} found")
    for secret in sorted(found):
        print(f"  {secret}")
    return found


def _found_in(line: str, secrets: set[str]) -> set[str]:
    """Return the *secrets* that stand in *line* as words of it, whatever is around them."""
    words = {
        word for part in re.findall(r"[^\s\"'<>{}\[\](),;&\\]+", line) for word in _parts(part)
    }
    return words & secrets


def _parts(word: str) -> Iterator[str]:
    yield word
    yield word.rstrip("=.:")
    for sign in "=:":
        yield from word.split(sign)
        yield word.partition(sign)[2]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
