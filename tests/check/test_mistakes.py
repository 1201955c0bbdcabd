"""`check` of a server with a mistake names it first, as one cause, with and without control."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mock_server import MockServer
from mock_server.check.credentials import Given
from mock_server.check.modern_api import without_modern_api
from mock_server.check.outcome import Outcome
from mock_server.check.run import Wanted, check
from mock_server.contract.contract import load_contract
from prove.wire.call import Call
from prove.wire.exchange import Answer
from prove.wire.fault import WireFault
from prove.wire.proxy import FaultProxy
from tests.check.mistakes import MISTAKES, MODERN, wrong_server
from tests.check.test_own_server import given_tokens, quiet

pytestmark = pytest.mark.slow

BASE = "/notifications/api/v1"


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    """Return a correct server."""
    with MockServer() as running:
        yield running


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return our contract without the modern API, which takes longer than all the rest."""
    file = tmp_path_factory.mktemp("older") / "older.json"
    file.write_text(json.dumps(without_modern_api(load_contract()).document), encoding="utf-8")
    return file


def judged(mock: MockServer, *names: str, has_control: bool, spec: Path | None = None) -> Outcome:
    """Return the outcome of a check of *mock* with the mistakes *names* before it."""
    with wrong_server(mock.url, names) as url:
        given = Given() if has_control else given_tokens(mock)
        return outcome_of(url, given, uses_control=has_control, spec=spec)


def outcome_of(url: str, given: Given, *, uses_control: bool, spec: Path | None = None) -> Outcome:
    """Return the outcome of a check of the server at *url*."""
    wanted = Wanted(
        base_url=f"{url}{BASE}",
        given=given,
        uses_control=uses_control,
        spec=spec,
        dialect="documented",
        max_latency=60,
        max_examples=0,
        seed=1,
    )
    return check(wanted, quiet)


@pytest.mark.parametrize("has_control", [True, False])
@pytest.mark.parametrize("name", MISTAKES)
def test_one_mistake_is_the_one_cause(
    mock: MockServer, older: Path, name: str, *, has_control: bool
) -> None:
    outcome = judged(mock, name, has_control=has_control, spec=older)

    assert [MISTAKES[name] in one.title for one in outcome.findings] == [True], outcome.findings


@pytest.mark.parametrize("has_control", [True, False])
def test_all_mistakes_together_are_the_first_causes(mock: MockServer, *, has_control: bool) -> None:
    outcome = judged(mock, *MISTAKES, has_control=has_control)

    titles = [one.title for one in outcome.findings[: len(MISTAKES)]]
    assert all(any(told in title for title in titles) for told in MISTAKES.values()), titles
    assert len(outcome.findings) == len(MISTAKES)


def test_mistakes_in_the_modern_operations_are_one_cause_each(mock: MockServer) -> None:
    outcome = judged(mock, *MODERN, has_control=True)

    titles = [one.title for one in outcome.findings]
    assert all(any(told in title for title in titles) for told in MODERN.values()), titles
    assert len(titles) == len(MODERN), titles


def in_utf_16(call: Call) -> Answer:
    """Answer as the server does, but for orders that are read, which are in UTF-16."""
    answer = call.forward()
    is_order = call.is_for("getOrder") and answer.status == 200
    return answer.with_body(answer.body.decode().encode("utf-16")) if is_order else answer


def without_allow(call: Call) -> Answer:
    """Answer as the server does, but for a 405, which has no `Allow`."""
    answer = call.forward()
    return answer.without_field("Allow") if answer.status == 405 else answer


@pytest.mark.parametrize(
    ("handle", "told"),
    [
        (in_utf_16, "expected 200 with a body as documented; got no JSON in UTF-8"),
        (
            without_allow,
            "expected `Allow` on 405 names the methods of the path; got no such header",
        ),
    ],
)
def test_a_mistake_that_several_scenarios_meet_is_one_cause(
    mock: MockServer, handle: Callable[[Call], Answer], told: str
) -> None:
    with FaultProxy(mock.url, WireFault("mine", "mine", "It is mine.", handle)) as proxy:
        outcome = outcome_of(proxy.url, Given(), uses_control=True)

    assert [one.title for one in outcome.findings] == [told]
