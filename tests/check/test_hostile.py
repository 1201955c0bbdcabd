"""`check` of servers and control planes that go wrong: it ends in time, and in words."""

import json
import shlex
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mock_server import MockServer
from mock_server.contract.contract import load_contract
from tests.support.commands import run_here
from tests.support.condition_servers import ConditionServer, Connection, in_turn, reply, says
from tests.support.eventually import eventually
from tests.support.processes import COMMAND

pytestmark = pytest.mark.slow

BASE = "/notifications/api/v1"
_ENDLESS = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"


def check(part: Callable[[Connection], object], *options: str) -> Any:
    """Run a short `check` of a server that plays *part*."""
    with ConditionServer(part) as server:
        url = f"http://127.0.0.1:{server.port}{BASE}"
        return run_here("check", url, "--max-examples", "0", "--timeout", "0.5", *options)


@pytest.fixture
def short(tmp_path: Path) -> list[str]:
    """Return options that make a `check` short: a contract of nothing but the cancel."""
    document = load_contract().document
    cancel = document["paths"]["/orders/{id}/cancel"]
    spec = tmp_path / "cancel.yaml"
    paths = {"/orders/{id}/cancel": cancel}
    spec.write_text(json.dumps({**document, "paths": paths}))
    return ["--spec", str(spec), "--max-examples", "0"]


def creating(order_id: str) -> Callable[[Connection], object]:
    """Return the part of a server that gives each order this id."""
    body = json.dumps({"orderId": order_id, order_id: order_id}).encode()
    head = ("Content-Type: application/json", "Connection: close")
    return lambda connection: connection.send(reply(body, *head, status="202 Accepted"))


def controlled(**members: Any) -> Callable[[Connection], object]:
    """Return the part of a control plane that has these members to everything."""
    body = json.dumps({"dialect": "documented"} | members).encode()
    head = ("Content-Type: application/json", "Connection: close")
    return lambda connection: connection.send(reply(body, *head))


def stream(connection: Connection) -> None:
    """Answer with a body that never ends."""
    connection.send(_ENDLESS)
    while not connection.stopped.is_set():
        connection.send(b" " * 1_000_000)


def drip(connection: Connection) -> None:
    """Answer with a head that never ends."""
    connection.drip(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 10_000)


@pytest.mark.parametrize("order_id", ["\ud800", "x" * 70_000, "\x1b[2J\n\0", "../..", "http://[x"])
def test_an_id_that_is_none_is_a_finding(order_id: str) -> None:
    done = check(creating(order_id), "--no-control", "--bearer", "a.b.c")

    assert done.returncode == 1
    assert done.stderr == ""
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(("part", "saying"), [(stream, "longer than"), (drip, "no answer in time")])
def test_an_answer_without_end_is_none(part: Callable[[Connection], object], saying: str) -> None:
    done = check(part, "--no-control", "--bearer", "a.b.c")

    assert done.returncode == 2
    assert saying in done.stderr


@pytest.mark.parametrize(
    "members",
    [{}, {"now": 1}, {"now": "x"}, {"now": "2031-03-01T12:00:00Z"}, {"now": []}],
)
def test_a_control_plane_of_another_kind_is_named(members: dict[str, Any]) -> None:
    done = check(controlled(**members))

    assert (done.returncode, done.stdout) == (2, "")
    assert "is it the mock?" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("part", [stream, drip])
def test_a_control_plane_without_end_is_none(part: Callable[[Connection], object]) -> None:
    done = check(in_turn(says(b"{}"), says(b"{}"), part))

    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no control plane to mint tokens" in done.stderr


@pytest.mark.parametrize("token", ["", "Bearer a.b.c", "a\nb", "\u2603"])
@pytest.mark.parametrize("option", ["--bearer", "--platform-token"])
def test_a_token_that_no_header_can_have_is_named(option: str, token: str) -> None:
    done = check(creating("x"), "--no-control", option, token)

    assert (done.returncode, done.stdout) == (2, "")
    assert f"the token of {option}" in done.stderr


@pytest.mark.parametrize("host", ["a..b", "xn--0", "\u2603"])
def test_a_host_that_is_no_name_is_named(host: str) -> None:
    done = run_here("check", f"http://{host}{BASE}", "--bearer", "a.b.c")

    assert (done.returncode, done.stdout) == (2, "")
    assert "is no URL that can be asked" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_check_leaves_nothing_behind(number: int) -> None:
    with MockServer() as mock:
        before = mock.orders.list()
        command = [*COMMAND, "check", mock.base_url, "--max-examples", "0"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603
            eventually(lambda: len(mock.orders.list()) > len(before))
            process.send_signal(number)
            _, told = process.communicate(timeout=120)

        assert process.returncode == 2
        assert told == "Error: interrupted before all was judged; all is put back as it was\n"
        assert mock.orders.list() == before


def test_a_reader_who_leaves_early_is_no_traceback(short: list[str]) -> None:
    with MockServer() as mock, open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        command = [*COMMAND, "check", mock.base_url, *short]
        done = subprocess.run(  # noqa: S603 - our own command
            command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=120
        )

    assert done.returncode == 2
    assert done.stderr.startswith("Error: cannot write to standard output")


@pytest.mark.parametrize("closed", ["2>&-", ">&-", ">&- 2>&-", "<&- >&- 2>&-", "2>/dev/full"])
def test_a_stream_that_is_closed_changes_no_exit_status(closed: str, short: list[str]) -> None:
    command = shlex.join([*COMMAND, "check"])
    with MockServer() as mock:
        fine = f"{command} {mock.base_url} {shlex.join(short)} {closed}; echo $? >&3"
        wrong = f"{command} nowhere {closed}; echo $? >&3"
        done = [in_shell(line) for line in (fine, wrong)]

    assert [line.split() for line in done] == [["0"], ["2"]]


def in_shell(line: str) -> str:
    """Return the output of *line* on file number 3."""
    done = subprocess.run(  # noqa: S603 - our own command
        ["/bin/sh", "-c", f"exec 3>&1; {line}"], check=False, capture_output=True, text=True
    )
    return done.stdout.splitlines()[-1]
