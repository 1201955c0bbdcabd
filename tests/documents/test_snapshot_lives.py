"""Any life, snapshot and restored elsewhere, goes on there as it does here."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.domain.cancellation import CancellationProhibitedError, cancel
from mock_server.domain.notifications import Result, results_of
from mock_server.domain.orders import Order, Status, pin
from mock_server.domain.recipients import NotificationChannel
from mock_server.domain.results import set_result
from mock_server.sandbox.sandbox import Sandbox
from mock_server.sandbox.surroundings import ProgressMode
from tests.support.builders import NOW
from tests.support.life_builders import EMAIL, MOBILE, RESERVED, an_id, an_order_to
from tests.support.snapshot_worlds import a_server, restored, snapshot

SPANS = [timedelta(seconds=7), timedelta(minutes=1), timedelta(minutes=31), timedelta(hours=9)]
SPANS += [timedelta(days=1), -timedelta(minutes=45), timedelta(hours=48, minutes=5)]
ANSWERS = {"yes": True, "no": False, "perhaps": None}
ADDRESSES = [EMAIL, MOBILE, RESERVED, "ttl@example.com", "transient-error@example.com"]
ADDRESSES += ["bounced@example.com", "new@example.com", "sending@example.com", "+4799900005"]

orders = st.builds(
    lambda addresses, **changes: an_order_to(*addresses, **changes),
    st.lists(st.sampled_from(ADDRESSES), max_size=3),
    notification_channel=st.sampled_from([*NotificationChannel, 7]),
    requested_send_time=st.sampled_from(SPANS).map(lambda span: NOW + span),
    send_time_tenth=st.integers(0, 9),
    condition_endpoint=st.sampled_from([None, *ANSWERS]),
)
steps = st.tuples(
    st.sampled_from(["advance", "advance", "cancel", "pin", "result", "claim", "send", "delete"]),
    st.integers(0, 30),
)


@dataclass
class Endpoint:
    """Send conditions that answer by their name; *on_asked* is called before they do."""

    on_asked: Callable[[], object] = lambda: None

    def __call__(self, endpoint: str) -> bool | None:
        """Return the answer."""
        self.on_asked()
        return ANSWERS[endpoint]


def step(sandbox: Sandbox, name: str, number: int) -> None:
    """Apply the step *name* to *sandbox*, to the order or by the span with this *number*."""
    known = sandbox.store.all()
    progress = sandbox.progress
    if name == "advance":
        sandbox.advance_clock(SPANS[number % len(SPANS)])
    elif name == "claim":
        progress.claim_due_orders()
    elif name == "send":
        (progress.send_email, partial(progress.send_sms, at_any_time=False))[number % 2]()
    elif known:
        _change(sandbox, known[number % len(known)], name, number)


def _change(sandbox: Sandbox, order: Order, name: str, number: int) -> None:
    if name == "delete":
        sandbox.store.delete(order.id)
    elif name == "cancel":
        with suppress(CancellationProhibitedError):
            sandbox.progress.update(order.id, cancel)
    elif name == "pin":
        status = list(Status)[number % 6]
        sandbox.progress.update(order.id, lambda found, now: pin(found, status, now))
    else:
        _set_result(sandbox, order, number)


def _set_result(sandbox: Sandbox, order: Order, number: int) -> None:
    found = sandbox.progress.get(order.id).notifications
    if not found:
        return
    item = found[number % len(found)]
    results: list[Result] = list(results_of(item.channel))
    result = results[number % len(results)]
    sandbox.progress.update(order.id, lambda it, now: set_result(it, item.id, result, now))


def seen(sandbox: Sandbox) -> Any:
    """Return all that can be told of *sandbox*."""
    return sandbox.progress.all(), sandbox.clock.shown(), sandbox.faults.records()


@settings(derandomize=True, max_examples=150, deadline=None, database=None)
@given(
    st.lists(orders, max_size=5),
    st.lists(steps, max_size=6),
    st.lists(steps, max_size=6),
    st.sampled_from(ProgressMode),
)
def test_a_life_that_is_restored_elsewhere_goes_on_alike(
    living: list[Order], before: list[Any], after: list[Any], mode: ProgressMode
) -> None:
    here = a_server(*numbered(living), ask=Endpoint(), mode=mode).enter("default")
    here.set_clock(frozen=True)
    for one in before:
        step(here, *one)

    there = restored(snapshot(here), a_server(ask=Endpoint(), mode=mode))

    assert there.state() == here.state()
    for one in after:
        step(here, *one)
        step(there, *one)
        assert seen(there) == seen(here)


@settings(derandomize=True, max_examples=100, deadline=None, database=None)
@given(st.lists(orders, min_size=1, max_size=4), st.integers(0, 4))
def test_a_life_that_is_snapshot_while_conditions_are_asked_for_ends_alike(
    living: list[Order], moment: int
) -> None:
    taken: list[Any] = []
    endpoint = Endpoint(lambda: taken.append(snapshot(here)))
    here = a_server(*numbered(living), ask=endpoint).enter("default")
    here.set_clock(frozen=True)
    here.advance_clock(SPANS[moment])

    for document in taken[:3]:
        there = restored(document, a_server(ask=Endpoint()))
        there.set_clock(here.clock.now(), frozen=True)
        assert seen(there) == seen(here)


def numbered(living: list[Order]) -> list[Order]:
    """Return *living*, each with an id of its own."""
    return [replace(order, id=an_id(number)) for number, order in enumerate(living)]
