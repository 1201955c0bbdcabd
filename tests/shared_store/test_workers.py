"""Several workers as processes: a signal to their parent stops all of them."""

import os
import signal
import socket
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.eventually import eventually
from tests.support.processes import COMMAND, hearing_hangups

pytestmark = pytest.mark.slow


def _is_there(group: int) -> bool:
    """Tell whether any process of *group* is left."""
    with suppress(ProcessLookupError):
        os.killpg(group, 0)
        return True
    return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("begun", ["first", "all"])
def test_a_signal_to_the_parent_ends_every_worker(
    redis_url: str, number: signal.Signals, begun: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = str(reserved.getsockname()[1])
    command = [*COMMAND, "serve", "--port", port, "--workers", "3", "--store", redis_url]
    pipe = subprocess.PIPE
    with (
        hearing_hangups(),
        subprocess.Popen(  # noqa: S603 - our own command
            command, stdout=pipe, stderr=pipe, text=True, start_new_session=True
        ) as process,
    ):
        out = process.stdout
        assert out is not None
        eventually(lambda: out.readline().startswith("curl "))
        if begun == "all":
            eventually(lambda: _children(process.pid) == 3)
        os.kill(process.pid, number)
        try:
            eventually(lambda: process.poll() is not None and not _is_there(process.pid))
            assert (process.returncode, process.communicate()[1]) == (0, "")
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _children(pid: int) -> int:
    """Return how many processes have *pid* for their parent."""
    found = 0
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            found += file.read_text().rpartition(")")[2].split()[1] == str(pid)
    return found
