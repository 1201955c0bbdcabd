"""`check` of a server behind a public URL: links begin with that, and with nothing else."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from mock_server import MockServer
from mock_server.check.credentials import Given
from mock_server.check.run import Wanted, check
from tests.support.processes import run

pytestmark = pytest.mark.slow

PUBLIC = "https://mock.example/a"


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    with MockServer(public_url=PUBLIC) as running:
        yield running


def found_in(wanted: Wanted) -> set[str]:
    """Return the checks that find something."""
    return {finding.check for finding in check(wanted, lambda *_: None).findings}


def without_control(mock: MockServer, public_url: str) -> Wanted:
    """Return the options of a user without a control plane."""
    given = Given(bearer=mock.token())
    wanted = Wanted(base_url=mock.base_url, given=given, seed=1, max_examples=0)
    return replace(wanted, uses_control=False, public_url=public_url)


@pytest.mark.parametrize("sandbox", ["default", "left"])
def test_the_control_plane_tells_what_links_begin_with(mock: MockServer, sandbox: str) -> None:
    wanted = Wanted(base_url=mock.sandbox(sandbox).base_url, seed=1, max_examples=0)

    assert found_in(wanted) == set()


@pytest.mark.parametrize("public", [PUBLIC, f"{PUBLIC}/notifications/api/v1/"])
def test_links_that_begin_as_told_are_no_finding(mock: MockServer, public: str) -> None:
    assert found_in(without_control(mock, public)) == set()


def test_links_that_begin_otherwise_than_told_are_findings(mock: MockServer) -> None:
    assert found_in(without_control(mock, "https://other.example/a")) == {"links"}


def test_a_host_in_upper_case_is_no_finding() -> None:
    with MockServer() as mock:
        base_url = mock.base_url.replace("127.0.0.1", "LOCALHOST")

        assert found_in(Wanted(base_url=base_url, seed=1, max_examples=0)) == set()


def test_a_public_url_that_is_none_is_named(mock: MockServer) -> None:
    done = run("check", mock.base_url, "--max-examples", "0", "--public-url", "mock.example")

    assert (done.returncode, done.stdout) == (2, "")
    assert "'mock.example' is no URL for --public-url" in done.stderr
