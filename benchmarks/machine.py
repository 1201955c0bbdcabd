"""Servers on a core of their own, and what the system says of them. Linux's /proc is read."""

import os
import platform
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from mock_server.auth.tokens import DevelopmentKey, TokenRequest
from mock_server.domain.clock import wall_now

SERVER_CORE, LOAD_CORE = 0, 1
PATIENCE_SECONDS = 30.0


class NoAnswerError(Exception):
    """A server gave no 200; the message is one line that says which."""


def token() -> str:
    """Return a token of `ttd` that lasts for a day."""
    return DevelopmentKey().mint(TokenRequest(expires_in=timedelta(days=1)), wall_now()).token


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def on_core(number: int) -> list[str]:
    """Return what comes before a command so that it runs on the core *number*, if that can be."""
    several = shutil.which("taskset") is not None and (os.cpu_count() or 1) > 1
    return ["taskset", "-c", str(number)] if several else []


@contextmanager
def serving(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run *command*, a server, on the server's core until the block ends."""
    with subprocess.Popen(  # noqa: S603 - what is measured
        [*on_core(SERVER_CORE), *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def first_answer(
    url: str,
    bearer: str,
    process: subprocess.Popen[bytes],
    *,
    method: str = "PUT",
    patience: float = PATIENCE_SECONDS,
) -> None:
    """
    Return once *process* answers *url* with 200.

    Raises:
        NoAnswerError: it ended, answered otherwise, or took longer than *patience* (s).
    """
    request = Request(url, method=method, headers={"Authorization": f"Bearer {bearer}"})  # noqa: S310
    until = time.perf_counter() + patience
    while process.poll() is None and time.perf_counter() < until:
        try:
            with urlopen(request, timeout=5) as answer:  # noqa: S310 - http on this machine
                answer.read()
                if answer.status == 200:
                    return
                break
        except (URLError, OSError):
            time.sleep(0.02)
    raise NoAnswerError(f"it gave no 200 to {method} {url}")


def processor_seconds(pid: int) -> float:
    """Return how long a process and its children have had the processor, the kernel's included."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    own = sum(int(thread.read_text(encoding="ascii").split()[0]) for thread in threads)
    return own / 1e9 + sum(map(processor_seconds, _children(pid)))


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in listed.split()]


def resident(pid: int, field: str = "VmRSS") -> float:
    """Return the MiB that a process and its children occupy; *field* VmHWM: at most, so far."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    own = next((line.split()[1] for line in status.splitlines() if line.startswith(field)), "0")
    return int(own) / 1024 + sum(resident(child, field) for child in _children(pid))


def described() -> dict[str, object]:
    """Return what machine this is, as the tables name it."""
    cpus = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.partition(": ")[2] for line in cpus if "model name" in line), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "machine": f"{model or platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB",
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "python": platform.python_version(),
        "day": f"{wall_now():%Y-%m-%d}",
        "loadAverage": round(os.getloadavg()[0], 1),
    }
