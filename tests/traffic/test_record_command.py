"""The command `record`, as a process."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from mock_server.testing.mock_server import MockServer
from tests.conftest import TTD_ORDER
from tests.support.commands import run_here
from tests.support.eventually import eventually
from tests.support.processes import COMMAND
from tests.support.wire_cases import Script, scripted

pytestmark = pytest.mark.slow


@dataclass
class Running:
    """A running `record`: its *process*, the URL that it listens at, and its *file*."""

    process: subprocess.Popen[str]
    url: str
    file: Path

    def entries(self) -> int:
        """Return how many entries the file has now, which is whole whenever it is read."""
        return len(json.loads(self.file.read_bytes())["log"]["entries"])

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Send the signal *number*, and return the exit status and what is on standard error."""
        self.process.send_signal(number)
        _, told = self.process.communicate(timeout=60)
        return self.process.returncode, told


@contextmanager
def recording(upstream: str, file: Path, *options: str) -> Iterator[Running]:
    """Run `record` before *upstream* until the block ends."""
    with subprocess.Popen(  # noqa: S603 - our own command
        [*COMMAND, "record", upstream, "--port", "0", "--har", str(file), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            yield Running(process, line.split()[1].removesuffix("/notifications/api/v1"), file)
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_records_until_it_is_stopped(server: MockServer, tmp_path: Path, number: int) -> None:
    bearer = {"Authorization": f"Bearer {server.token()}"}
    with recording(server.url, tmp_path / "a.har") as running:
        url = f"{running.url}/notifications/api/v1/orders/{TTD_ORDER}"
        answers = [httpx.get(url, headers=bearer, timeout=60) for _ in range(5)]
        status, told = running.end(number)

    assert [answer.status_code for answer in answers] == [200] * 5
    assert (status, told) == (0, f"5 exchanges in {tmp_path / 'a.har'}; no violations\n")
    assert running.entries() == 5


def test_a_violation_is_told_as_it_happens_and_is_exit_status_1(tmp_path: Path) -> None:
    target = f"/notifications/api/v1/orders/{TTD_ORDER}/cancel"
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
    with (
        scripted({target.encode(): Script([answer])}) as server,
        recording(server.url, tmp_path / "a.har") as running,
    ):
        httpx.put(f"{running.url}{target}", headers={"Authorization": "Bearer x"}, timeout=60)
        first = running.process.stderr.readline() if running.process.stderr else ""
        status, told = running.end()

    assert first.startswith("answer   PUT /orders/{id}/cancel 200: body: expected 200 with a body")
    assert status == 1
    assert "1 exchange in" in told


def test_links_lead_through_it_on_request(server: MockServer, tmp_path: Path) -> None:
    bearer = {"Authorization": f"Bearer {server.token()}"}
    with recording(server.url, tmp_path / "a.har", "--rewrite-links") as running:
        url = f"{running.url}/notifications/api/v1/orders/{TTD_ORDER}"
        links = httpx.get(url, headers=bearer, timeout=60).json()["links"]

    assert links["self"] == url


def test_who_kills_it_keeps_a_whole_file(server: MockServer, tmp_path: Path) -> None:
    with recording(server.url, tmp_path / "a.har") as running, httpx.Client(timeout=60) as client:
        for count in range(1, 200):
            client.get(f"{running.url}/notifications/api/v1/orders/{TTD_ORDER}")
            if count == 100:
                eventually(lambda: running.entries() >= 50)
        os.kill(running.process.pid, signal.SIGKILL)
        running.process.wait()

    assert 50 <= running.entries() < 200


def test_a_file_that_can_no_longer_be_written_ends_it(server: MockServer, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with recording(server.url, folder / "a.har") as running:
        (folder / "a.har").unlink()
        folder.rmdir()
        httpx.get(running.url, timeout=60)
        _, told = running.process.communicate(timeout=60)

    assert running.process.returncode == 2
    assert told.startswith("Error: cannot write the recording ")


@pytest.mark.parametrize(
    ("upstream", "options", "told"),
    [
        ("https://platform.altinn.no", (), "is production, where people get messages"),
        ("https://PLATFORM.altinn.no.:443/x", (), "insist with --allow-production"),
        ("http://user:secret@localhost", (), "give http://localhost"),
        ("localhost:5090", (), "is no http or https URL of a server"),
        ("http://localhost:99999", (), "is no http or https URL of a server"),
        ("http://localhost/a b", (), "is no http or https URL of a server"),
        ("http://localhost", ("--har", "/nowhere/a.har"), "cannot write the recording /nowhere"),
        ("http://localhost", ("--spec", "/nowhere.yaml"), "cannot read the contract /nowhere.yaml"),
        ("http://localhost", ("--host", "192.0.2.1"), "cannot listen on 192.0.2.1"),
        ("http://localhost", ("--port", "x"), "'x' is not a whole number from 0 to 65535"),
    ],
)
def test_what_cannot_be_recorded_is_told_on_one_line(
    tmp_path: Path, upstream: str, options: tuple[str, ...], told: str
) -> None:
    done = run_here("record", upstream, "--har", str(tmp_path / "a.har"), "--port", "0", *options)

    assert done.returncode == 2
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1
    assert told in done.stderr
    assert "secret" not in done.stderr
