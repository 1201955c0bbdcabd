"""`check` of a server with a mistake names it first, as one cause, with and without control."""

from collections.abc import Iterator

import pytest

from mock_server import MockServer
from mock_server.check.credentials import Given
from mock_server.check.outcome import Outcome
from mock_server.check.run import Wanted, check
from tests.check.mistakes import MISTAKES, MODERN, wrong_server
from tests.check.test_own_server import given_tokens, quiet

pytestmark = pytest.mark.slow

BASE = "/notifications/api/v1"


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    """Return a correct server."""
    with MockServer() as running:
        yield running


def judged(mock: MockServer, *names: str, has_control: bool) -> Outcome:
    """Return the outcome of a check of *mock* with the mistakes *names* before it."""
    with wrong_server(mock.url, names) as url:
        wanted = Wanted(
            base_url=f"{url}{BASE}",
            given=Given() if has_control else given_tokens(mock),
            uses_control=has_control,
            dialect="documented",
            max_latency=60,
            max_examples=0,
            seed=1,
        )
        return check(wanted, quiet)


@pytest.mark.parametrize("has_control", [True, False])
@pytest.mark.parametrize("name", MISTAKES)
def test_one_mistake_is_the_one_cause(mock: MockServer, name: str, *, has_control: bool) -> None:
    outcome = judged(mock, name, has_control=has_control)

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
