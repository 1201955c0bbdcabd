"""The command line, as separate processes."""

import os
import signal
import socket
import subprocess
from pathlib import Path

import httpx
import jwt
import pytest

from tests.support.eventually import eventually
from tests.support.processes import run, serving

pytestmark = pytest.mark.slow

SEED = """\
orders:
  - id: 0b8f7d0e-52c1-4a1e-9f57-2a7c6c1d9b34
    creator: skd
    requestedSendTime: 2031-03-02T07:00:00Z
"""
HALF_A_REQUEST = (
    b"POST /__mock/orders HTTP/1.1\r\nHost: mock\r\nContent-Type: application/json\r\n"
    b"Content-Length: 10\r\n\r\n{"
)


def paste(command: str, **variables: str) -> str:
    """Return the output of the curl *command*."""
    done = subprocess.run(  # noqa: S602 - the command that we print
        f"{command} -s",
        shell=True,
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | variables,
    )
    return done.stdout


@pytest.mark.parametrize("kind", ["bearer", "platform"])
def test_token_prints_one_token_and_nothing_else(kind: str) -> None:
    done = run("token", "--kind", kind, "--org", "digdir", "--expires-in", "60")

    claims = jwt.decode(done.stdout.strip(), options={"verify_signature": False})
    assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 1)
    assert "digdir" in (claims.get("iss"), claims.get("urn:altinn:org"))
    assert claims["exp"] - claims["nbf"] == 60


def test_token_takes_scopes_and_a_preset() -> None:
    done = run("token", "--scope", "one two", "--preset", "noOrg")

    claims = jwt.decode(done.stdout.strip(), options={"verify_signature": False})
    assert (claims["scope"], "urn:altinn:org" in claims) == ("one two", False)


def test_token_works_on_a_server() -> None:
    token = run("token").stdout.strip()

    with serving() as served:
        answer = httpx.put(
            f"{served.base_url}/orders/11111111-1111-4111-8111-111111111111/cancel",
            headers={"Authorization": f"Bearer {token}"},
        )

    assert answer.json()["processingStatus"]["status"] == "Cancelled"


def test_serve_prints_a_curl_that_works_when_pasted() -> None:
    with serving() as served:
        printed = paste(served.curl)

    assert served.curl.startswith("curl -X PUT ")
    assert '"status": "Cancelled"' in printed
    assert '"id": "f1a1cc30-197f-4f34-8304-006ce4945fd1"' in printed


@pytest.mark.parametrize("token", ["it's", "hemmelig-ø"])
def test_serve_without_seeds_prints_a_curl_that_works_where_the_token_is_set(token: str) -> None:
    with serving("--seed", "none", "--control-token", token) as served:
        printed = paste(served.curl, MOCK_CONTROL_TOKEN=token)

    assert '"status": "Registered"' in printed
    assert token not in "".join(served.printed)


def test_serve_starts_with_the_orders_of_a_seed_file(tmp_path: Path) -> None:
    file = tmp_path / "seed.yaml"
    file.write_text(SEED, encoding="utf-8")

    with serving("--seed", str(file)) as served:
        listed = httpx.get(f"{served.url}/__mock/orders").json()
        printed = paste(served.curl)

    order = listed["orders"][0]
    assert (listed["count"], order["creator"]) == (1, "skd")
    assert order["requestedSendTime"] == "2031-03-02T07:00:00Z"
    assert '"creator": "skd"' in printed


def test_serve_serves_the_contract_of_a_file(tmp_path: Path) -> None:
    shipped = Path(__file__).resolve().parents[2] / "openapi.yaml"
    file = tmp_path / "contract.yaml"
    file.write_text(f"# Mine.\n{shipped.read_text(encoding='utf-8')}", encoding="utf-8")

    with serving("--spec", str(file)) as served:
        text = httpx.get(f"{served.base_url}/openapi.yaml").text

    assert text.startswith("# Mine.\n")


def test_every_flag_of_serve_is_also_a_variable_and_the_flag_goes_first() -> None:
    env = {
        "MOCK_CONTROL_TOKEN": "secret",
        "MOCK_SEED": "no/such/file.yaml",
        "MOCK_PORT": "1",
        "MOCK_CANCELLATION_WINDOW": "0",
    }
    with serving("--seed", "none", env=env) as served:
        headers = {"X-Mock-Control-Token": "secret"}
        closed = httpx.get(f"{served.url}/__mock/orders")
        opened = httpx.get(f"{served.url}/__mock/orders", headers=headers)

    assert closed.status_code == 401
    assert opened.json() == {"count": 0, "orders": []}


@pytest.mark.parametrize("window", ["0", "PT0S"])
def test_a_window_of_zero_lets_every_registered_order_be_cancelled(window: str) -> None:
    token = run("token").stdout.strip()

    with serving("--cancellation-window", window) as served:
        answer = httpx.put(
            f"{served.base_url}/orders/33333333-3333-4333-8333-333333333333/cancel",
            headers={"Authorization": f"Bearer {token}"},
        )

    assert answer.status_code == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_cleanly(number: signal.Signals) -> None:
    with serving() as served, httpx.Client() as http:
        http.get(f"{served.url}/health")

        os.kill(served.process.pid, number)

        eventually(lambda: served.process.poll() is not None)
        assert served.process.returncode == 0
        assert served.process.stderr is not None
        assert served.process.stderr.read() == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_request_that_never_ends_does_not_hold_up_the_stop(number: signal.Signals) -> None:
    with serving() as served:
        address = ("127.0.0.1", int(served.url.rpartition(":")[2]))
        with socket.create_connection(address) as client:
            client.sendall(HALF_A_REQUEST)
            httpx.get(f"{served.url}/health")

            os.kill(served.process.pid, number)

            eventually(lambda: served.process.poll() is not None)
            assert served.process.returncode == 0


@pytest.mark.parametrize("command", [[], ["serve"], ["token"]])
def test_help_shows_one_real_example(command: list[str]) -> None:
    done = run(*command, "--help")

    assert done.returncode == 0
    assert "Usage: altinn-notifications-mock" in done.stdout
    assert not command or f"Example: altinn-notifications-mock {command[0]}" in done.stdout


def test_version_is_printed() -> None:
    assert run("--version").stdout == "altinn-notifications-mock, version 0.1.0\n"
