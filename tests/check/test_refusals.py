"""Checks that cannot be done: one clear line on stderr, and exit status 2."""

import json
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from mock_server import MockServer
from mock_server.cli.commands.check import check
from tests.support.commands import run_here
from tests.support.condition_servers import ConditionServer, Connection, certify, says

pytestmark = pytest.mark.slow

MAKEFILE = Path(__file__).resolve().parents[2] / "Makefile"
BASE = "/notifications/api/v1"
HTML = b"<!doctype html><title>Welcome</title>"


def assert_cannot(*arguments: str, saying: str) -> None:
    """Expect one line on stderr that says *saying*, and exit status 2."""
    done = run_here("check", *arguments)

    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert saying in done.stderr


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    with MockServer() as running:
        yield running


@pytest.mark.parametrize(
    ("arguments", "saying"),
    [
        (["notifications"], "is no http or https URL"),
        (["ftp://127.0.0.1/notifications/api/v1"], "is no http or https URL"),
        (["http://127.0.0.1:x/notifications/api/v1"], "is no http or https URL"),
        ([""], f"give one, such as http://localhost:5090{BASE}"),
        (["http://127.0.0.1:5090"], f"give http://127.0.0.1:5090{BASE}\n"),
        (["http://127.0.0.1:5090/notifications/api/v2"], f"give http://127.0.0.1:5090{BASE}\n"),
        (["http://h/__sandbox/a/notifications"], f"give http://h/__sandbox/a{BASE}\n"),
        ([f"https://platform.altinn.no{BASE}"], "--allow-production"),
        ([f"https://PLATFORM.altinn.no.{BASE}/"], "--allow-production"),
        ([f"http://127.0.0.1:1{BASE}", "--spec", "nowhere.yaml"], "cannot read the contract"),
        ([f"http://127.0.0.1:1{BASE}", "--baseline", "nowhere.json"], "cannot read the baseline"),
        ([f"http://127.0.0.1:1{BASE}", "--seed", "-1"], "--seed"),
        ([f"http://127.0.0.1:1{BASE}", "--dialect", "old"], "--dialect"),
    ],
)
def test_what_is_wrong_with_the_call_is_said(arguments: list[str], saying: str) -> None:
    assert_cannot(*arguments, saying=saying)


def test_a_server_that_is_down_is_named() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]

        assert_cannot(f"http://127.0.0.1:{port}{BASE}", saying="no answer from http://127.0.0.1:")


def test_a_server_that_hangs_is_named() -> None:
    with ConditionServer(Connection.hang) as server:
        base = f"http://127.0.0.1:{server.port}{BASE}"

        assert_cannot(base, "--timeout", "0.5", saying="no answer in time")


def test_a_server_that_speaks_tls_only_is_told_by_https(tmp_path: Path) -> None:
    with ConditionServer(says(b"{}"), tls=certify("127.0.0.1", tmp_path / "key.pem")) as server:
        assert_cannot(f"http://127.0.0.1:{server.port}{BASE}", saying="try https://")


def test_a_redirection_is_named() -> None:
    moved = says(b"", "Location: https://example.com/x", status="301 Moved")
    with ConditionServer(moved) as server:
        base = f"http://127.0.0.1:{server.port}{BASE}"

        assert_cannot(base, saying="redirects to https://example.com/x")


def test_pages_for_people_are_named() -> None:
    with ConditionServer(says(HTML, "Content-Type: text/html")) as server:
        assert_cannot(f"http://127.0.0.1:{server.port}{BASE}", saying="pages of HTML")


def test_without_any_token_it_says_what_to_give(mock: MockServer) -> None:
    assert_cannot(mock.base_url, "--no-control", saying="give --bearer")


@pytest.mark.parametrize("option", ["--bearer", "--other-bearer", "--unscoped-bearer"])
def test_a_token_that_has_run_out_is_named(mock: MockServer, option: str) -> None:
    token = mock.token(preset="expired")

    assert_cannot(mock.base_url, option, token, saying=f"{option} expired at 20")


def test_a_token_with_its_scheme_is_named(mock: MockServer) -> None:
    token = f"Bearer {mock.token()}"

    assert_cannot(mock.base_url, "--bearer", token, saying="give the token alone")


def test_an_other_token_of_the_same_organisation_is_named(mock: MockServer) -> None:
    given = ["--bearer", mock.token(), "--other-bearer", mock.token()]

    assert_cannot(mock.base_url, *given, saying="--other-bearer is of ttd, as --bearer is")


def test_an_unscoped_token_with_the_scope_is_named(mock: MockServer) -> None:
    token = mock.token()

    assert_cannot(mock.base_url, "--unscoped-bearer", token, saying="give one without it")


def test_a_control_plane_that_is_none_is_named(mock: MockServer) -> None:
    url = "http://127.0.0.1:1/__mock"

    assert_cannot(mock.base_url, "--control-url", url, saying=f"no control plane at {url}")


def test_a_control_plane_that_wants_a_token_is_named() -> None:
    with MockServer(control_token="t") as guarded:
        assert_cannot(guarded.base_url, saying="--control-token")


def test_a_baseline_that_is_no_report_is_refused(mock: MockServer, tmp_path: Path) -> None:
    baseline = tmp_path / "baseline.json"
    baseline.write_text(json.dumps({"findings": [{"check": "status"}]}))

    assert_cannot(mock.base_url, "--baseline", str(baseline), saying="write one with --json")


def test_a_report_that_cannot_be_written_is_named(mock: MockServer, tmp_path: Path) -> None:
    where = str(tmp_path / "none" / "report.json")

    assert_cannot(mock.base_url, "--max-examples", "0", "--json", where, saying=where)


def test_a_check_without_its_extra_says_how_a_clone_gives_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mock_server.cli.commands.check.find_spec", lambda _name: None)

    result = CliRunner().invoke(check, [f"http://127.0.0.1:1{BASE}"])

    assert result.exit_code == 2
    assert "pip install '.[check]' in the clone" in result.stderr
    assert "altinn-notifications-mock[check]" not in result.stderr


def test_make_contract_without_a_url_says_what_to_give(tmp_path: Path) -> None:
    built = ["-o", ".venv/.dev"]  # so that nothing is installed
    done = subprocess.run(  # noqa: S603 - our own Makefile
        ["make", "-f", str(MAKEFILE), *built, "contract"],  # noqa: S607 - wherever it is
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert done.returncode == 2
    assert "give BASE_URL=http://localhost:5090" in done.stderr.splitlines()[0]


@pytest.mark.parametrize(
    "arguments",
    [
        [f"http://kari:hemmelig@127.0.0.1:5090{BASE}"],
        [f"http://kari:hemmelig@127.0.0.1:5090{BASE}/v2"],
        [f"ftp://kari:hemmelig@127.0.0.1{BASE}"],
        [f"http://hemmelig@127.0.0.1:x{BASE}"],
    ],
)
def test_a_password_in_the_url_is_refused_without_telling_it(arguments: list[str]) -> None:
    done = run_here("check", *arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert "give http://127.0.0.1" in done.stderr or "give ftp://127.0.0.1" in done.stderr
    assert "hemmelig" not in done.stderr


@pytest.mark.parametrize("option", ["--control-url", "--public-url"])
def test_a_password_in_another_url_is_refused_too(mock: MockServer, option: str) -> None:
    done = run_here("check", mock.base_url, option, "http://kari:hemmelig@127.0.0.1:5090")

    assert (done.returncode, done.stdout) == (2, "")
    assert f"{option} has a user name or a password" in done.stderr
    assert "hemmelig" not in done.stderr


def test_a_proxy_that_nothing_here_can_speak_to_is_named() -> None:
    done = run_here(
        "check",
        f"http://check.example.invalid{BASE}",
        "--bearer",
        "a.b.c",
        env={"ALL_PROXY": "socks5://127.0.0.1:9"},
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert "the proxy that the environment names cannot be used" in done.stderr
    assert len(done.stderr.splitlines()) == 1
