"""The command line, as separate processes."""

import os
import shlex
import signal
import socket
import subprocess
from pathlib import Path

import httpx
import jwt
import pytest

from tests.eventually import eventually
from tests.processes import run, serving

SEED = """\
orders:
  - id: 0b8f7d0e-52c1-4a1e-9f57-2a7c6c1d9b34
    creator: skd
    requestedSendTime: 2031-03-02T07:00:00Z
"""


def assert_fails(*arguments: str, saying: str) -> None:
    """Expect one clear line on stderr, nothing on stdout, and exit status 2."""
    done = run(*arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert saying in done.stderr


@pytest.mark.parametrize("kind", ["bearer", "platform"])
def test_token_prints_one_token_and_nothing_else(kind: str) -> None:
    done = run("token", "--kind", kind, "--org", "digdir", "--expires-in", "60")

    claims = jwt.decode(done.stdout.strip(), options={"verify_signature": False})
    assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 1)
    assert "digdir" in (claims.get("iss"), claims.get("urn:altinn:org"))
    assert claims["exp"] - claims["nbf"] == 60


@pytest.mark.parametrize(
    ("arguments", "saying"),
    [
        (["token", "--kind", "cookie"], "--kind"),
        (["token", "--kind", "platform", "--preset", "user"], "bearer tokens"),
        (["token", "--expires-in", "0"], "--expires-in"),
        (["serve", "--colour", "blue"], "--colour"),
        (["serve", "--port", "70000"], "--port"),
        (["serve", "--port", "x"], "--port"),
        (["serve", "--cancellation-window", "5 minutes"], "ISO 8601"),
        (["serve", "--cancellation-window", "-PT1M"], "negative"),
        (["serve", "--spec", "no/such/file.yaml"], "cannot read the contract"),
        (["serve", "--seed", "no/such/file.yaml"], "cannot read the seed file"),
        (["serve", "--host", "::"], "--control-token"),
        (["serve", "--host", "no.such.host.invalid"], "--control-token"),
        (["serve", "--host", "no.such.host.invalid", "--no-control-token"], "cannot listen"),
        (["dance"], "dance"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_2(arguments: list[str], saying: str) -> None:
    assert_fails(*arguments, saying=saying)


@pytest.mark.parametrize(
    ("text", "saying"),
    [
        ("{", "cannot read the contract"),
        ("- a\n", "not an OpenAPI document"),
        ("openapi: 3.0.3\n", "not an OpenAPI document"),
        ("paths: {/a: {get: {}}}\n", "operationId"),
        ("openapi: 3.0.3\ninfo: {}\npaths: {/a: {get: {operationId: x}}}\n", "cannot be served"),
        ("\x00\xff", "cannot read the contract"),
    ],
)
def test_a_broken_contract_is_one_line_and_exit_2(tmp_path: Path, text: str, saying: str) -> None:
    file = tmp_path / "contract.yaml"
    file.write_text(text, encoding="latin-1")

    assert_fails("serve", "--port", "0", "--spec", str(file), saying=saying)


@pytest.mark.parametrize(
    ("text", "saying"),
    [
        ("orders:\n  - id: x\n", "seed.yaml:2: id: 'x' is not a GUID"),
        (f"{SEED}  - colour: blue\n", "seed.yaml:5: colour: there is no such member"),
        (SEED + SEED.removeprefix("orders:\n"), "seed.yaml:5: id: the order"),
        ("orders:\n  - status: Done\n", "seed.yaml:2: status"),
        ("orders:\n  - requestedSendTime: soon\n", "seed.yaml:2: requestedSendTime"),
        ("orders:\n  - requestedSendTime: +P1Y\n", "seed.yaml:2: '+P1Y' is not"),
        ("order: []\n", "one member, 'orders'"),
        ("orders: 7\n", "'orders' is a list"),
        ("orders: [\n", "seed.yaml"),
    ],
)
def test_a_broken_seed_file_is_one_line_with_its_place(
    tmp_path: Path, text: str, saying: str
) -> None:
    file = tmp_path / "seed.yaml"
    file.write_text(text, encoding="utf-8")

    assert_fails("serve", "--port", "0", "--seed", str(file), saying=saying)


def test_a_busy_port_is_one_line_and_exit_2() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        assert_fails("serve", "--port", str(port), saying=f"port {port} is busy")


def test_serve_prints_urls_and_a_curl_that_works_when_pasted() -> None:
    with serving() as served:
        done = subprocess.run(  # noqa: S603 - the command that we print
            [*shlex.split(served.printed[3]), "-s"], check=True, capture_output=True, text=True
        )
        docs = [word for word in served.printed[1].split() if word.startswith("http")]
        answers = [httpx.get(url).status_code for url in docs]

    assert '"status": "Cancelled"' in done.stdout
    assert '"id": "f1a1cc30-197f-4f34-8304-006ce4945fd1"' in done.stdout
    assert answers == [200, 200]


def test_serve_without_seeds_prints_a_curl_that_works_when_pasted() -> None:
    with serving("--seed", "none", "--control-token", "it's") as served:
        done = subprocess.run(  # noqa: S603 - the command that we print
            [*shlex.split(served.printed[3]), "-s"], check=True, capture_output=True, text=True
        )

    assert '"status": "Registered"' in done.stdout


def test_serve_starts_with_the_orders_of_a_seed_file(tmp_path: Path) -> None:
    file = tmp_path / "seed.yaml"
    file.write_text(SEED, encoding="utf-8")

    with serving("--seed", str(file)) as served:
        listed = httpx.get(f"{served.url}/__mock/orders").json()

    order = listed["orders"][0]
    assert (listed["count"], order["creator"]) == (1, "skd")
    assert order["requestedSendTime"] == "2031-03-02T07:00:00Z"


def test_every_flag_of_serve_is_also_a_variable() -> None:
    with serving(env={"MOCK_CONTROL_TOKEN": "secret", "MOCK_SEED": "none"}) as served:
        closed = httpx.get(f"{served.url}/__mock/orders")
        opened = httpx.get(
            f"{served.url}/__mock/orders", headers={"X-Mock-Control-Token": "secret"}
        )

    assert closed.status_code == 401
    assert opened.json() == {"count": 0, "orders": []}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_cleanly_within_two_seconds(number: signal.Signals) -> None:
    with serving() as served, httpx.Client() as http:
        http.get(f"{served.url}/health")

        os.kill(served.process.pid, number)

        eventually(lambda: served.process.poll() is not None, deadline=2)
        assert served.process.returncode == 0
        assert served.process.stderr is not None
        assert served.process.stderr.read() == ""


@pytest.mark.parametrize("command", [[], ["serve"], ["token"]])
def test_help_shows_one_real_example(command: list[str]) -> None:
    done = run(*command, "--help")

    assert done.returncode == 0
    assert "Usage: altinn-notifications-mock" in done.stdout
    assert not command or f"Example: altinn-notifications-mock {command[0]}" in done.stdout


def test_version_is_printed() -> None:
    assert run("--version").stdout == "altinn-notifications-mock, version 0.1.0\n"
