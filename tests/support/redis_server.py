"""A Redis server of the tests' own: on a free port, in a folder of its own, and stopped again."""

import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import redis

from tests.support.eventually import eventually

PROGRAMS = ("redis-server", "valkey-server")


def program() -> str | None:
    """Return the program of a Redis or Valkey server, None where none is installed."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


class RedisServer:
    """One server process, with the port and folder that it keeps when it is started again."""

    def __init__(self, folder: Path, options: Sequence[str] = ()) -> None:
        """Keep its files in *folder*; *options* are further ones of its command line."""
        self.folder = folder
        self.options = tuple(options)
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The URL of its first database."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, and return once it answers."""
        name = program()
        assert name is not None, "install redis-server"
        command = [name, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        command += ["--save", "", "--daemonize", "no", *self.options]
        with (self.folder / "redis.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603 - ours
        eventually(self._answers)

    def _answers(self) -> bool:
        with suppress(redis.RedisError), redis.Redis(port=self.port, socket_timeout=5) as client:
            return bool(client.ping())
        return False

    def send(self, number: int) -> None:
        """Send it a signal."""
        assert self._process is not None
        self._process.send_signal(number)

    def stop(self, number: int = signal.SIGTERM) -> None:
        """End it by a signal, and return once it has ended."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGCONT)
                self._process.send_signal(number)
            self._process.wait(30)
            self._process = None


@contextmanager
def running_redis(folder: Path, *options: str) -> Iterator[RedisServer]:
    """Run a server with its files in *folder* for the length of the block."""
    server = RedisServer(folder, options)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
