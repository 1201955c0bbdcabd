"""What `serve` prints, as a process: the banner, the log of requests, and readers that do not."""

import json
import os
import socket
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.support.eventually import eventually
from tests.support.processes import COMMAND, Served, lines_of, serving
from tests.support.raw_http import exchange

pytestmark = pytest.mark.slow

ORDER = "11111111-1111-4111-8111-111111111111"
MANY = 2_000
"""Requests whose lines fill any pipe."""


def cancel(served: Served, http: httpx.Client) -> int:
    """Cancel an order without a token; return the status."""
    return http.put(f"{served.base_url}/orders/{ORDER}/cancel").status_code


@pytest.mark.parametrize(
    ("arguments", "env", "sign"),
    [
        (("--log", "text"), {}, "Z default PUT /notifications"),
        ((), {"MOCK_LOG": "json"}, '"status": 401'),
    ],
)
def test_each_request_has_a_line_on_standard_error(
    arguments: tuple[str, ...], env: dict[str, str], sign: str
) -> None:
    with serving(*arguments, env=env) as served, httpx.Client() as http:
        printed = lines_of(served)
        cancel(served, http)

        eventually(lambda: printed)
        assert sign in printed[0]


def test_a_pipe_gets_no_line_unless_that_is_asked_for() -> None:
    with serving() as served, httpx.Client() as http:
        cancel(served, http)
        served.process.terminate()

        assert served.process.communicate() == ("", "")


def _said_of_a_malformed_request(*arguments: str) -> str:
    with serving(*arguments) as served:
        assert exchange(served.url, b"nonsense\r\n\r\n").status == 400
        served.process.terminate()
        return served.process.communicate()[1]


def test_a_malformed_request_has_a_line_of_the_log_in_its_form() -> None:
    text = _said_of_a_malformed_request("--log", "text")
    (line,) = _said_of_a_malformed_request("--log", "json").splitlines()

    assert text.endswith("Z - - - 400 - ms: Invalid HTTP request received: illegal request line\n")
    assert text.count("\n") == 1
    assert json.loads(line)["status"] == 400
    assert _said_of_a_malformed_request("--log", "off") == ""


def test_a_terminal_gets_lines_without_being_asked() -> None:
    ours, theirs = os.openpty()
    command = [*COMMAND, "serve", "--port", "0"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=theirs, text=True) as process:  # noqa: S603 - our own command
        os.close(theirs)
        assert process.stdout is not None
        served = Served(process, [process.stdout.readline().rstrip("\n")])
        with httpx.Client() as http:
            cancel(served, http)
        line = os.read(ours, 10_000).decode()
        process.terminate()
    os.close(ours)

    assert f"PUT /notifications/api/v1/orders/{ORDER}/cancel 401 " in line


def test_a_reader_that_does_not_read_holds_nobody_up() -> None:
    with serving("--log", "text") as served, httpx.Client() as http:
        statuses = {cancel(served, http) for _ in range(MANY)}
        served.process.terminate()
        eventually(lambda: served.process.poll() is not None)

    assert (statuses, served.process.returncode) == ({401}, 0)


@pytest.mark.parametrize("arguments", [(), ("--log", "text")])
def test_readers_that_are_gone_end_nothing(arguments: tuple[str, ...]) -> None:
    with serving(*arguments) as served, httpx.Client() as http:
        for stream in (served.process.stdout, served.process.stderr):
            assert stream is not None
            stream.close()
        statuses = {cancel(served, http) for _ in range(3)}
        served.process.terminate()
        eventually(lambda: served.process.poll() is not None)

    assert (statuses, served.process.returncode) == ({401}, 0)


def test_a_start_without_any_stream_serves() -> None:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    command = [*COMMAND, "serve", "--port", str(port), "--log", "text"]
    shell = ["sh", "-c", 'exec "$@" >&- 2>&-', "sh", *command]
    with subprocess.Popen(shell) as process, httpx.Client() as http:  # noqa: S603 - our own command
        eventually(lambda: _answers(http, f"http://127.0.0.1:{port}/__mock/health"))
        process.terminate()

    assert process.returncode == 0


def _answers(http: httpx.Client, url: str) -> bool:
    try:
        return http.get(url).is_success
    except httpx.TransportError:
        return False


def test_the_banner_tells_what_was_started_and_where_all_is(tmp_path: Path) -> None:
    state = tmp_path / "state\x1b[31m.json"
    options = ("--state", str(state), "--dialect", "live", "--progress", "manual", "--reload")
    with serving(*options, "--seed", "none", "--control-token", "hush") as served:
        told = "\n".join(served.printed)
        urls = [word.strip(",") for word in told.split() if word.startswith("http")]
        pages = [url for url in urls if url.endswith("/")]
        statuses = [httpx.get(url).status_code for url in pages]

    assert (
        f"Started with contract its own, dialect live, reload on, progress manual, seed none, "
        f"state {tmp_path}/state\\x1b[31m.json, control token asked for\n"
    ) in told
    assert "signing key is public" in told
    assert "hush" not in told
    assert statuses == [200] * 4
    assert [url.removeprefix(served.url) for url in pages] == [
        "/__mock/",
        "/notifications/api/v1/ui/",
        "/__mock/ui/",
        "/__doors/ui/",
    ]


def test_the_curl_of_the_banner_fits_a_line() -> None:
    with serving() as served:
        assert len(served.curl) < 200
