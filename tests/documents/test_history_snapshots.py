"""Histories in snapshots: they come back, and a state that was written without them loads."""

from typing import Any

import pytest

from mock_server.domain.orders import history_of
from mock_server.records.members import MemberError
from tests.support.life_builders import EMAIL, an_order_to, at
from tests.support.snapshot_worlds import FULL, SNAPSHOTS, a_document, a_server, restored, snapshot


def a_life() -> Any:
    """Return the snapshot of a sandbox whose one order has had its life."""
    sandbox = a_server(an_order_to(EMAIL)).enter("default")
    sandbox.set_clock(at("12:00", day=2), frozen=True)
    return snapshot(sandbox)


def test_a_history_comes_back() -> None:
    document = a_life()

    (order,) = restored(document, a_server()).store.all()

    assert [str(step.status) for step in history_of(order)] == [
        "Registered",
        "Processing",
        "Processed",
        "Completed",
    ]
    assert [str(stage.result) for stage in order.notifications[0].stages] == [
        "New",
        "Sending",
        "Succeeded",
        "Delivered",
    ]
    assert snapshot(restored(document, a_server())) == document


def test_what_follows_from_the_rest_is_not_written() -> None:
    (written,) = a_document(an_order_to(EMAIL))["orders"]

    assert "history" not in written


def test_a_state_without_histories_loads_and_goes_on() -> None:
    document = a_document(FULL)
    for order in document["orders"]:
        del order["history"]
        for notification in order["notifications"]:
            notification.pop("history", None)
            notification.pop("recipientName", None)

    sandbox = restored(document, a_server())
    (order,) = sandbox.store.all()

    assert [step.why for step in history_of(order)] == [
        "it was created",
        "how it came about is not known",
    ]
    assert [len(item.stages) for item in order.notifications] == [1, 1]
    sandbox.set_clock(at("14:00"))
    assert len(sandbox.progress.get(order.id).notifications[0].stages) > 1


@pytest.mark.parametrize(
    ("history", "place"),
    [
        ("Registered", "history"),
        ([{"status": "Sent", "at": "2031-03-01T12:00:00Z", "why": ""}], "history[0].status"),
        ([{"status": "Registered", "at": "soon", "why": ""}], "history[0].at"),
        ([{"status": "Registered", "at": "2031-03-01T12:00:00Z"}], "history[0]"),
        ([{"status": "Registered", "at": "2031-03-01T12:00:00Z", "why": "x" * 201}], "history[0]"),
        ([{"status": "Registered", "at": "2031-03-01T12:00:00Z", "why": ""}] * 101, "history"),
    ],
)
def test_a_bad_history_of_an_order_is_refused_with_its_place(history: Any, place: str) -> None:
    document = a_document(FULL)
    document["orders"][0]["history"] = history

    with pytest.raises(MemberError) as caught:
        SNAPSHOTS.read(document)

    assert caught.value.member.startswith(f"orders[0].{place}")


@pytest.mark.parametrize(
    ("history", "place"),
    [
        (7, "history"),
        ([{"result": "Accepted", "at": "2031-03-01T12:00:00Z"}], "history[0].result"),
        ([{"result": "New", "at": "soon"}], "history[0].at"),
        ([{"result": "New"}], "history[0]"),
        ([{"result": "New", "at": "2031-03-01T12:00:00Z", "why": ""}], "history[0]"),
        ([{"result": "New", "at": "2031-03-01T12:00:00Z"}] * 101, "history"),
    ],
)
def test_a_bad_history_of_a_message_is_refused_with_its_place(history: Any, place: str) -> None:
    document = a_document(FULL)
    document["orders"][0]["notifications"][0]["history"] = history

    with pytest.raises(MemberError) as caught:
        SNAPSHOTS.read(document)

    assert caught.value.member.startswith(f"orders[0].notifications[0].{place}")
