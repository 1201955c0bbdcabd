"""The command as a process of its own."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from tests.support.eventually import eventually

COMMAND = (sys.executable, "-c", "from mock_server.cli.main import main; main()")


def run(
    *arguments: str, env: Mapping[str, str] | None = None, command: Sequence[str] = COMMAND
) -> subprocess.CompletedProcess[str]:
    """Run the *command* with *arguments* to its end."""
    return subprocess.run(  # noqa: S603 - our own command
        [*command, *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=600,
        env=os.environ | dict(env or {}),
    )


@dataclass
class Served:
    """A running `serve`: its *process*, what it *printed*, and its base URL."""

    process: subprocess.Popen[str]
    printed: list[str]

    @property
    def base_url(self) -> str:
        """The URL that ends in `/notifications/api/v1`."""
        return self.printed[0].split()[-1]

    @property
    def curl(self) -> str:
        """The command that it asks to try, the last that is announced."""
        return self.printed[-1]

    @property
    def url(self) -> str:
        """The URL that has `/__mock` below it."""
        return self.base_url.removesuffix("/notifications/api/v1")


@contextmanager
def serving(
    *arguments: str, env: Mapping[str, str] | None = None, command: Sequence[str] = COMMAND
) -> Iterator[Served]:
    """Run `serve` of *command* on a free port until the block ends."""
    with subprocess.Popen(  # noqa: S603 - our own command
        [*command, "serve", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | dict(env or {}),
    ) as process:
        try:
            yield Served(process, _read_announcement(process))
        finally:
            process.terminate()
            eventually(lambda: process.poll() is not None)


@contextmanager
def hearing_hangups() -> Iterator[None]:
    """Let what is started in the block hear SIGHUP, though the tests run below `nohup`."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


def lines_of(served: Served) -> list[str]:
    """Return all that *served* prints after its announcement, growing as it comes."""
    printed: list[str] = []

    def read(stream: IO[str]) -> None:
        for line in stream:
            printed.append(line.rstrip("\n"))  # noqa: PERF401 - seen before the stream ends

    for stream in (served.process.stdout, served.process.stderr):
        threading.Thread(target=read, args=[stream], daemon=True).start()
    return printed


def _read_announcement(process: subprocess.Popen[str]) -> list[str]:
    if process.stdout is None:
        raise AssertionError
    printed = [process.stdout.readline().rstrip("\n")]
    while printed[-1] and not printed[-1].startswith("curl "):
        printed.append(process.stdout.readline().rstrip("\n"))
    return printed
