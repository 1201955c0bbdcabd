"""`check` against our own server: it holds, everything is judged, and nothing is left behind."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mock_server import MockServer
from mock_server.check.credentials import COMPOSED_SCOPE, Given
from mock_server.check.outcome import Outcome
from mock_server.check.run import Wanted, check
from mock_server.contract.contract import shipped_contract

pytestmark = pytest.mark.slow

TRIGGERS, STATUSES_OF_INSTANTS = 7, 9
FOLLOWING = 0.01
"""The share of a check's requests that may follow from an answer's ids."""
LATE = 4
"""Orders cancelled too late without a control plane: of each API, a reminder, a composed one."""


def quiet(_name: str, _requests: int, _findings: int) -> None:
    """Show no progress."""


def given_tokens(mock: MockServer) -> Given:
    """Return tokens as a user without a control plane has them."""
    return Given(
        bearer=mock.token(),
        platform=mock.token("platform"),
        other=mock.token(org="digdir"),
        unscoped=mock.token(preset="wrongScope"),
        composed=mock.token(scope=COMPOSED_SCOPE),
    )


@pytest.fixture(scope="module", params=["documented", "live"])
def mock(request: pytest.FixtureRequest) -> Iterator[MockServer]:
    """Return a server in each dialect."""
    with MockServer(dialect=request.param) as running:
        yield running


@pytest.fixture(scope="module")
def orders_before(mock: MockServer) -> list[dict[str, object]]:
    """Return the orders that were there before any check."""
    return list(mock.orders.list())


@pytest.fixture(scope="module")
def outcome(mock: MockServer, orders_before: list[dict[str, object]]) -> Outcome:
    """Return the outcome of a check with the control plane."""
    assert orders_before

    return check(Wanted(base_url=mock.base_url, seed=1, max_examples=3), quiet)


@pytest.fixture(scope="module")
def bare(mock: MockServer, outcome: Outcome) -> Wanted:
    """Return the options of a user without a control plane, after the other check."""
    assert outcome.has_control
    return Wanted(
        base_url=f"{mock.base_url}/",
        given=given_tokens(mock),
        uses_control=False,
        dialect=outcome.dialect,
        max_examples=3 if outcome.dialect == "documented" else 0,
        seed=1,
    )


@pytest.fixture(scope="module")
def without_control(bare: Wanted) -> Outcome:
    """Return the outcome of a check with tokens alone."""
    return check(bare, quiet)


def test_our_own_server_passes(outcome: Outcome) -> None:
    assert (outcome.verdict, list(outcome.findings), list(outcome.notes)) == ("pass", [], [])
    assert outcome.headline is None


def test_the_dialect_is_the_servers_own_word(
    request: pytest.FixtureRequest, outcome: Outcome
) -> None:
    assert f"[{outcome.dialect}]" in request.node.name


def test_with_the_control_plane_every_documented_status_is_reached(outcome: Outcome) -> None:
    assert list(outcome.not_judged) == []
    assert set(outcome.reached["cancelOrder"]) == {200, 400, 401, 403, 404, 409}
    assert set(outcome.reached["createOrder"]) == {202, 400, 401, 403, 413, 415}


def test_with_the_control_plane_everything_is_as_it_was(
    mock: MockServer, outcome: Outcome, orders_before: list[dict[str, object]]
) -> None:
    assert outcome.has_control

    assert outcome.left.in_words() == "nothing"
    assert mock.orders.list() == orders_before
    assert mock.state()["clock"]["frozen"] is False


def test_with_the_control_plane_the_clock_runs_on_as_if_it_never_stopped(
    mock: MockServer, outcome: Outcome
) -> None:
    assert outcome.has_control

    with MockServer() as untouched:
        late = untouched.clock.now() - mock.clock.now()

    assert abs(late.total_seconds()) < 1


def test_without_a_control_plane_it_passes_and_names_what_it_cannot_judge(
    without_control: Outcome,
) -> None:
    assert (without_control.verdict, list(without_control.findings)) == ("pass", [])
    told = {(item.operation_id, item.status) for item in without_control.not_judged}
    missing = {one for one in told if not one[0].startswith(("trigger", "createInstant"))}
    assert missing == {("createOrderChain", 422)}
    assert len(told) == TRIGGERS + STATUSES_OF_INSTANTS + len(missing)
    assert {200, 401, 403, 404, 409} <= set(without_control.reached["cancelOrder"])


def test_without_a_control_plane_no_order_is_left_that_would_be_sent(
    mock: MockServer, without_control: Outcome, orders_before: list[dict[str, object]]
) -> None:
    assert not without_control.has_control
    old = {order["id"] for order in orders_before}

    new = [order for order in mock.orders.list() if order["id"] not in old]

    left = [order for order in new if order["status"] != "Cancelled"]
    assert len(new) > len(left)
    assert [order["conditionEndpoint"][-18:] for order in left] == ["conditionMet=false"] * LATE
    told = without_control.left
    assert (told.cancelled, told.late, told.sent) == (len(new) - LATE, LATE, 0)


def test_without_a_control_plane_what_stays_is_told(without_control: Outcome) -> None:
    told = without_control.left

    assert told.used > 10
    assert told.in_words() == (
        f"{told.cancelled} cancelled orders, {LATE} orders that can no longer be cancelled, "
        f"{told.used} used idempotencyIds"
    )


@pytest.mark.parametrize("mock", ["documented"], indirect=True)
def test_without_a_control_plane_a_run_can_be_repeated(
    bare: Wanted, without_control: Outcome
) -> None:
    assert without_control.verdict == "pass"

    assert list(check(replace(bare, max_examples=0), quiet).findings) == []


@pytest.mark.parametrize("mock", ["documented"], indirect=True)
def test_the_same_seed_asks_the_same_but_for_what_follows_from_ids(
    mock: MockServer, outcome: Outcome
) -> None:
    # Schemathesis chooses what to follow by the ids and tokens it was given, which are new ones.
    again = check(Wanted(base_url=mock.base_url, seed=1, max_examples=3), quiet)

    assert again.reached == outcome.reached
    assert abs(again.requests - outcome.requests) <= outcome.requests * FOLLOWING


@pytest.mark.parametrize("mock", ["documented"], indirect=True)
def test_an_own_token_that_is_given_is_used(mock: MockServer) -> None:
    given = Given(bearer=mock.token(preset="badSignature"))
    wanted = Wanted(base_url=mock.base_url, seed=7, max_examples=0)

    outcome = check(replace(wanted, given=given), quiet)

    assert outcome.verdict == "fail"
    assert "202: the order is valid" in {finding.expected for finding in outcome.findings}
    assert "the own token is answered 401" in "".join(outcome.notes)


def test_an_operation_that_tells_no_scope_may_be_called_without_one(tmp_path: Path) -> None:
    spec = tmp_path / "mine.yaml"
    told = "      x-required-scopes:\n        - altinn:serviceowner/notifications.create\n"
    spec.write_text(shipped_contract().read_text().replace(told, "", 1))
    with MockServer(spec=spec) as mock:
        outcome = check(Wanted(base_url=mock.base_url, spec=spec, seed=7, max_examples=0), quiet)

    assert [finding.expected for finding in outcome.findings] == []
    assert [item.why for item in outcome.not_judged] == ["the operation has no x-required-scopes"]


def test_what_may_be_sent_at_once_is_judged_and_told() -> None:
    with MockServer() as mock:
        given = given_tokens(mock)
        wanted = Wanted(base_url=mock.base_url, given=given, uses_control=False, seed=1)
        wanted = replace(wanted, receiver="me@example.com", max_examples=0)
        outcome = check(wanted, quiet)

    assert (outcome.verdict, list(outcome.findings)) == ("pass", [])
    assert {200, 201} <= set(outcome.reached["createInstantEmail"])
    assert outcome.left.sent > 1
    assert f"{outcome.left.sent} sent messages" in outcome.left.in_words()
