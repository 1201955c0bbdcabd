"""A server without the modern API is judged on what it has, and that is said before all else."""

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from xml.etree import ElementTree as ET

import httpx
import pytest

from mock_server import MockServer
from mock_server.check import run as runs
from mock_server.check.credentials import BEARER, Credential, Credentials
from mock_server.check.modern_api import has_modern_api, without_modern_api
from mock_server.check.modern_operations import MODERN
from mock_server.check.transport import Transport
from mock_server.contract.contract import Contract, load_contract
from prove.wire.call import BASE_PATH, Call
from prove.wire.exchange import Answer
from prove.wire.fault import WireFault
from prove.wire.proxy import FaultProxy
from tests.check.test_own_server import given_tokens, quiet
from tests.support.processes import run

FILES = ("json", "junit", "html", "markdown")


def as_unknown(call: Call) -> Answer:
    """Answer all of /future as an unknown path."""
    if not call.place.path.lower().startswith("/future"):
        return call.forward()
    return call.forward(call.request.with_target(f"{call.place.prefix}{BASE_PATH}/nowhere"))


def all_but_one(call: Call) -> Answer:
    """Answer all of /future but the feed as an unknown path."""
    return call.forward() if call.is_for("getShipmentFeed") else as_unknown(call)


def credentials(mock: MockServer, token: str | None = None) -> Credentials:
    """Return an own credential, and no other."""
    own = Credential(name="own", headers={BEARER: f"Bearer {token or mock.token()}"})
    return Credentials(
        own=own, platform=None, other=None, other_platform=None, accepted=(), refused=()
    )


def is_modern(base_url: str, known: Credentials, contract: Contract | None = None) -> bool:
    """Tell whether the server at *base_url* has the modern API."""
    transport = Transport(base_url, 10)
    try:
        return has_modern_api(base_url, transport, contract or load_contract(), known)
    finally:
        transport.close()


@pytest.fixture(scope="module", params=["documented", "live"])
def mock(request: pytest.FixtureRequest) -> Iterator[MockServer]:
    with MockServer(dialect=request.param) as running:
        yield running


def test_a_server_that_has_it_is_told_by_one_operation(mock: MockServer) -> None:
    assert is_modern(mock.base_url, credentials(mock))
    with FaultProxy(mock.url, WireFault("a", "b", "c", all_but_one)) as proxy:
        assert is_modern(f"{proxy.url}{BASE_PATH}", credentials(mock))


def test_a_server_that_answers_all_as_an_unknown_path_has_none(mock: MockServer) -> None:
    with FaultProxy(mock.url, WireFault("a", "b", "c", as_unknown)) as proxy:
        assert not is_modern(f"{proxy.url}{BASE_PATH}", credentials(mock))


def test_a_token_that_is_refused_everywhere_tells_nothing(mock: MockServer) -> None:
    def refuses(_call: Call) -> Answer:
        return Answer(status=401, reason="Unauthorized").with_body(b"")

    with FaultProxy(mock.url, WireFault("a", "b", "c", refuses)) as proxy:
        assert is_modern(f"{proxy.url}{BASE_PATH}", credentials(mock))


def test_a_contract_without_it_asks_for_none(mock: MockServer) -> None:
    contract = without_modern_api(load_contract())

    assert not {one.operation_id for one in contract.operations()} & {*MODERN}
    assert not [path for path in contract.document["paths"] if path.startswith("/future")]
    assert is_modern(mock.base_url, credentials(mock), contract)


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the reports of a check of a server whose own contract has no /future."""
    folder = tmp_path_factory.mktemp("reports")
    document = deepcopy(load_contract().document)
    for path in [path for path in document["paths"] if path.startswith("/future")]:
        del document["paths"][path]
    spec = folder / "older.yaml"
    spec.write_text(json.dumps(document, indent=1))
    files = [word for name in FILES for word in (f"--{name}", str(folder / name))]
    with MockServer(spec=spec) as older:
        done = run("check", older.base_url, "--max-examples", "0", "--seed", "1", *files)
        all_asked = run("check", older.base_url, "--max-examples", "0", "--require-all")
    assert (done.returncode, all_asked.returncode) == (0, 1)
    (folder / "printed").write_text(done.stdout)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("name", ["printed", "html", "markdown", "json", "junit"])
def test_every_report_has_the_headline(reports: Path, name: str) -> None:
    assert "the server has no modern API: " in (reports / name).read_text()


@pytest.mark.slow
def test_what_stays_is_told_in_every_report(reports: Path) -> None:
    for name in ("printed", "html", "markdown"):
        assert "left behind: nothing" in (reports / name).read_text()
    assert '"leftBehind" value="nothing"' in (reports / "junit").read_text()


@pytest.mark.slow
def test_what_it_has_is_judged_and_the_rest_is_listed(reports: Path) -> None:
    report = json.loads((reports / "json").read_bytes())

    assert (report["verdict"], report["findings"]) == ("pass", [])
    assert {one["operationId"] for one in report["notJudged"]} == {*MODERN}
    assert {one["why"] for one in report["notJudged"]} == {"the server has no modern API"}
    assert set(report["reached"]["cancelOrder"]) == {"200", "400", "401", "403", "404", "409"}
    assert set(report["leftBehind"].values()) == {0}
    skipped = ET.parse(reports / "junit").getroot().iter("skipped")  # noqa: S314 - our own
    assert len(list(skipped)) == len(report["notJudged"])


@pytest.mark.slow
def test_without_a_control_plane_it_is_the_same(mock: MockServer) -> None:
    with FaultProxy(mock.url, WireFault("a", "b", "c", as_unknown)) as proxy:
        wanted = runs.Wanted(
            base_url=f"{proxy.url}{BASE_PATH}",
            given=given_tokens(mock),
            uses_control=False,
            dialect=httpx.get(f"{mock.control_url}/health").json()["dialect"],
            max_examples=2,
            seed=1,
        )
        outcome = runs.check(wanted, quiet)

    assert (outcome.verdict, list(outcome.findings)) == ("pass", [])
    assert outcome.headline is not None
