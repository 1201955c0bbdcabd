"""The checks of a run can fail."""

from typing import Any

import pytest

from tests.reached import broken_lifecycles, undocumented, unreached

ORDER = "11111111-1111-4111-8111-111111111111"
DOCUMENTED = {"cancelOrder": frozenset({200, 409})}


def an_exchange(status: int, **body: Any) -> dict[str, Any]:
    """Return a recorded cancel."""
    url = f"http://127.0.0.1:1/notifications/api/v1/orders/{ORDER.upper()}/cancel"
    return {"operationId": "cancelOrder", "status": status, "url": url, "body": body}


def a_success(status: str = "Cancelled", at: str = "2031-03-01T12:30:00Z") -> dict[str, Any]:
    """Return a recorded cancel that succeeded."""
    return an_exchange(200, id=ORDER, processingStatus={"status": status, "lastUpdate": at})


TOO_LATE = an_exchange(409, detail="The requested send time is not more than 5 minutes ahead.")
PROCESSING = an_exchange(409, detail="… only an order that is Registered can be cancelled.")


def test_a_whole_run_lacks_nothing() -> None:
    whole = [TOO_LATE, PROCESSING, a_success(), a_success()]

    assert unreached(whole, DOCUMENTED) == set()
    assert undocumented(whole, DOCUMENTED) == set()
    assert broken_lifecycles(whole) == []


@pytest.mark.parametrize(
    ("run", "missing"),
    [
        ([TOO_LATE, PROCESSING, a_success()], (200, "repeated")),
        ([TOO_LATE, a_success(), a_success()], (409, "not Registered")),
        ([an_exchange(409, detail="No."), PROCESSING, a_success(), a_success()], (409, "too late")),
    ],
)
def test_a_status_that_is_not_reached_for_its_reason_is_told(
    run: list[dict[str, Any]], missing: tuple[int, str]
) -> None:
    assert unreached(run, DOCUMENTED) == {("cancelOrder", *missing)}


@pytest.mark.parametrize("status", [201, 404, 500])
def test_a_status_that_is_not_documented_is_told(status: int) -> None:
    assert undocumented([an_exchange(status)], DOCUMENTED) == {("cancelOrder", status)}


@pytest.mark.parametrize(
    "run",
    [
        [a_success(), PROCESSING],
        [a_success(), a_success(at="2031-03-01T12:30:01Z")],
        [a_success(status="Registered")],
    ],
)
def test_what_no_order_could_answer_is_told(run: list[dict[str, Any]]) -> None:
    assert len(broken_lifecycles(run)) == 1
