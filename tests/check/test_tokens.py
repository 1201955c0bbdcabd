"""`check` with tokens of any organisation: what it mints beside them acts for the same ones."""

from collections.abc import Iterator

import pytest

from mock_server import MockServer
from mock_server.check.credentials import Given
from mock_server.check.preflight import CannotCheckError
from mock_server.check.run import Wanted, check

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    with MockServer() as running:
        yield running


def found_with(mock: MockServer, given: Given) -> tuple[list[str], int]:
    """Return the findings of a check with the *given* tokens, and how much it does not judge."""
    wanted = Wanted(base_url=mock.base_url, given=given, seed=1, max_examples=0)
    outcome = check(wanted, lambda *_: None)
    return [finding.expected for finding in outcome.findings], len(outcome.not_judged)


@pytest.mark.parametrize(
    "orgs",
    [
        {"bearer": "skd"},
        {"platform": "brg"},
        {"other": "nav"},
        {"other": "ttd"},
        {"bearer": "digdir"},
        {"bearer": "skd", "platform": "skd", "other": "nav"},
    ],
    ids=str,
)
def test_tokens_of_any_organisation_are_no_finding(mock: MockServer, orgs: dict[str, str]) -> None:
    kinds = {"platform": "platform"}
    tokens = {name: mock.token(kinds.get(name, "bearer"), org) for name, org in orgs.items()}  # type: ignore[arg-type] # any text, as of a row

    assert found_with(mock, Given(**tokens)) == ([], 0)


def test_a_given_unscoped_token_is_no_finding(mock: MockServer) -> None:
    unscoped = mock.token(org="skd", preset="wrongScope")

    assert found_with(mock, Given(unscoped=unscoped)) == ([], 0)


def test_an_other_token_of_the_platform_tokens_organisation_is_named(mock: MockServer) -> None:
    given = Given(platform=mock.token("platform", "skd"), other=mock.token(org="skd"))

    with pytest.raises(CannotCheckError, match="--other-bearer is of skd, as --platform-token is"):
        found_with(mock, given)
