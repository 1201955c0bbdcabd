"""The life of orders against a simple model, in random sequences."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, ClassVar
from uuid import UUID

import pytest
from hypothesis import example, given, settings, stateful
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mock_server.domain.cancellation import CancellationProhibitedError, cancel
from mock_server.domain.notifications import results_of
from mock_server.domain.orders import Order, Status, pin
from mock_server.domain.recipients import NotificationChannel
from mock_server.domain.results import set_result
from mock_server.domain.status_feed import ENDED, FeedEntry
from mock_server.domain.templates import SendingTimePolicy
from mock_server.sandbox.sandbox import Sandbox
from mock_server.sandbox.surroundings import ProgressMode
from tests.support import life_model as model
from tests.support.builders import MICROSECOND, NOW, SECOND
from tests.support.life_builders import MINUTE, World
from tests.support.life_model import HOUR, PEOPLE, UNREACHED, Life, Plan

SPANS = [MICROSECOND, SECOND, 59 * SECOND, MINUTE, 90 * SECOND, HOUR, 9 * HOUR, 48 * HOUR]
BEGINNINGS = st.sampled_from([-2878, 0, 11, 12.1, 210, 420, 1170])
AHEAD = st.sampled_from([-3000, -2879, -2878, -5, 0, 0.5, 1, 1.1, 5, 11, 420, 1440])
LANDMARKS = st.sampled_from([-5, -1, 0, 2880, 2885, 2895, 2899])
ANSWERS = [None, (True, None), (False, None), (None, True), (None, False), (None, None)]
SAID = st.fixed_dictionaries(
    {
        "channel": st.sampled_from([*NotificationChannel, 7]),
        "people": st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True).map(tuple),
        "answers": st.sampled_from(ANSWERS),
        "ignores_reservation": st.sampled_from([None, True]),
        "policy": st.sampled_from([None, *SendingTimePolicy]),
        "kind": st.sampled_from(["Notification", "Reminder", "Composed"]),
    }
)
EVERYBODY: list[tuple[float, dict[str, Any]]] = [
    (-10, {"channel": "EmailAndSms", "people": tuple(PEOPLE)}),
    *((0.1, {"channel": "Email", "people": tuple(PEOPLE[:2]), "answers": it}) for it in ANSWERS),
    *((300, {"channel": "Sms", "people": tuple(PEOPLE[-5:]), "answers": it}) for it in ANSWERS),
]
FROZEN = st.sampled_from([None, False, True])
PICKS = st.integers(0, 5)
SETTINGS = settings(derandomize=True, deadline=None, database=None, stateful_step_count=40)


class Planned(World):
    """A sandbox whose send conditions answer as planned, each twice at most."""

    def __init__(self, *plans: Plan, is_automatic: bool = True) -> None:
        """Begin at NOW with orders as *plans* say."""
        mode = ProgressMode.AUTOMATIC if is_automatic else ProgressMode.MANUAL
        super().__init__(*(plan.order() for plan in plans), ask=self._say, mode=mode)
        self.plans = list(plans)
        self.box = Sandbox(
            "default",
            self.clock,
            self.store,
            self.progress,
            lambda _now: (),
            NOW,
            feed=self.feed,
        )

    def _say(self, endpoint: str) -> bool | None:
        answers = self.plans[int(endpoint)].answers or ()
        return answers[self.asked.count(endpoint) - 1]


class LifeMachine(RuleBasedStateMachine):
    """Orders that live by the clock, beside the model."""

    is_automatic: ClassVar = True
    reached: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        """Begin at NOW, without orders."""
        super().__init__()
        self.world = Planned(is_automatic=self.is_automatic)
        self.box = self.world.box
        self.lives: dict[UUID, Life] = {}
        self.before: dict[UUID, Order] = {}
        self.by_hand: UUID | None = None
        self.entries: dict[UUID, FeedEntry] = {}
        self.is_settled = True

    @property
    def now(self) -> datetime:
        """The sandbox's time."""
        return self.box.clock.now()

    def see(self) -> None:
        """Let the model know that all orders are settled now."""
        self.is_settled = True
        for life in self.lives.values():
            life.see(self.now)

    def picked(self, pick: int) -> Life:
        """Return one of the orders, of which there always are some; it is settled now."""
        life = list(self.lives.values())[pick % len(self.lives)]
        life.see(self.now)
        return life

    @initialize(ahead=BEGINNINGS, others=st.lists(st.tuples(AHEAD, SAID), min_size=3, max_size=3))
    def begin(self, ahead: float, others: list[tuple[float, dict[str, Any]]]) -> None:
        """Start with an order to everybody, and *others*."""
        self.register(ahead, {"channel": "EmailAndSms", "people": tuple(PEOPLE)})
        for other in others:
            self.register(*other)

    @rule(ahead=AHEAD, said=SAID)
    def register(self, ahead: float, said: dict[str, Any]) -> None:
        """Register an order due *ahead* minutes from now."""
        plan = Plan(len(self.world.plans), self.now, self.now + ahead * MINUTE, **said)
        self.world.plans.append(plan)
        self.world.store.add(plan.order())
        self.lives[plan.id] = Life(plan, self.is_automatic, self.now)
        self.is_settled = False

    @rule(span=st.sampled_from(SPANS), is_back=st.booleans())
    def travel(self, span: timedelta, *, is_back: bool) -> None:
        """Move the clock by *span*."""
        self.see()
        self.box.advance_clock(-span if is_back else span)
        self.see()

    @rule(pick=PICKS, at=LANDMARKS, off=st.integers(-1, 1), frozen=FROZEN)
    def travel_to(self, pick: int, at: int, off: int, *, frozen: bool | None) -> None:
        """Move the clock to where something is about to happen, or just before or after."""
        moment = self.picked(pick).plan.send + at * MINUTE + off * MICROSECOND
        self.see()
        self.box.set_clock(moment, frozen=frozen)
        self.see()

    @rule(span=st.sampled_from(SPANS))
    def wait(self, span: timedelta) -> None:
        """Let real time pass, not yet noticed by any read."""
        self.world.wall.now += span
        self.is_settled = self.is_settled and self.box.clock.is_frozen

    @rule()
    def read(self) -> None:
        """Read all orders."""
        self.box.progress.all()
        self.see()

    @precondition(lambda self: len(self.lives) > 5)
    @rule()
    def reset(self) -> None:
        """Forget everything, and begin again."""
        self.box.reset()
        assert self.now == self.world.wall.now
        self.lives.clear()
        self.entries.clear()
        self.begin(11, [])

    @rule()
    def claim(self) -> None:
        """Claim the due orders."""
        self.see()
        for life in self.lives.values():
            life.claim(self.now)
        self.box.progress.claim_due_orders()

    @rule(kind=st.sampled_from(["Email", "Sms", "expire"]))
    def nudge(self, kind: str) -> None:
        """Send, or give up, by a trigger; no SMS is sent at night."""
        if kind != "Sms" or model.is_day(self.now):
            self.see()
            for life in self.lives.values():
                if life.view().status == "Processed":
                    life.lost = life.view()
        if kind == "expire":
            self.box.progress.give_up_expired()
        else:
            self.world.send(NotificationChannel(kind))

    @rule(pick=PICKS, window=st.sampled_from([0 * MINUTE, 5 * MINUTE, None]))
    def cancel(self, pick: int, window: timedelta | None) -> None:
        """Try to cancel, with a *window* or, where it is None, at the very edge of one."""
        life = self.picked(pick)
        left = life.plan.send - self.now
        window = max(left, 0 * MINUTE) if window is None else window
        is_late = window and left <= window
        status = self.before[life.plan.id].status if life.lost else life.view().status
        is_allowed = status == "Cancelled" or (status == "Registered" and not is_late)
        with nullcontext() if is_allowed else pytest.raises(CancellationProhibitedError):
            self.box.progress.update(life.plan.id, lambda order, now: cancel(order, now, window))
        if is_allowed and status == "Registered":
            life.cancelled, self.by_hand = self.now, life.plan.id

    @rule(pick=PICKS, status=st.sampled_from(Status))
    def set_status(self, pick: int, status: Status) -> None:
        """Set a status by hand."""
        life = self.picked(pick)
        self.by_hand = life.plan.id
        order = self.box.progress.update(self.by_hand, lambda it, now: pin(it, status, now))
        assert (order.status, order.last_update) == (status, self.now)
        life.lost = life.view()

    @rule(pick=PICKS, place=PICKS, text=st.sampled_from(["New", "Delivered", "Failed"]))
    def set_result(self, pick: int, place: int, text: str) -> None:
        """Set the result of a notification by hand."""
        life = self.picked(pick)
        self.by_hand = life.plan.id
        if items := self.box.progress.get(self.by_hand).notifications:
            chosen = items[place % len(items)]
            result = results_of(chosen.channel)(text)
            self.box.progress.update(
                self.by_hand, lambda order, now: set_result(order, chosen.id, result, now)
            )
            life.lost = life.view()

    @invariant()
    def all_is_as_foretold(self) -> None:
        """Compare each order with the model, and with its last state."""
        for order in self.box.store.all():
            foretold = self.lives[order.id].view()
            seen = model.seen_in(order, self.world.asked.count(str(order.condition_endpoint)))
            if self.lives[order.id].lost:
                assert seen.asked == foretold.asked
            elif self.is_settled or not self.is_automatic:
                assert seen == foretold
            model.check(order, self.world.notified.count(order.id))
            if self.by_hand != order.id:
                model.check_step(self.before.get(order.id, order), order)
            self.before[order.id] = order
            type(self).reached |= {order.status, *(item.result for item in order.notifications)}
        self.by_hand = None

    @invariant()
    def the_feed_has_each_that_ended_once_as_it_was(self) -> None:
        """Hold the feed against the orders, and against its earlier entries."""
        entries = self.box.feed.state().entries
        found = {entry.shipment_id: entry for entry in entries}
        numbers = [entry.number for entry in entries if entry.number]

        assert len(found) == len(entries)
        assert numbers == sorted(set(numbers))
        assert all(number % 7 for number in numbers)
        for order in self.box.store.all():
            if order.status in ENDED:
                assert order.id in found
            elif order.id not in self.entries and not order.is_pinned:
                # What is set by hand may have ended by time a moment before, within one call.
                assert order.id not in found
        for entry in found.values():
            # When it was written, by a clock that may have gone back, is nobody's to see.
            frozen = replace(entry, number=0, written=NOW)
            assert self.entries.setdefault(entry.shipment_id, frozen) == frozen
        assert self.entries.keys() == found.keys()


class ManualLifeMachine(LifeMachine):
    """Orders that only triggers move, at any time."""

    is_automatic = False

    @rule(span=st.sampled_from([MINUTE, 49 * HOUR]))
    def run_the_scheduler(self, span: timedelta) -> None:
        """Call the triggers as the real scheduler does, after *span* three times a minute."""
        self.travel(span, is_back=False)
        self.claim()
        for kind in ("Email", "Sms", "expire") * 3:
            self.nudge(kind)


@pytest.mark.parametrize(
    "machine", [LifeMachine, pytest.param(ManualLifeMachine, marks=pytest.mark.slow)]
)
def test_orders_live_as_foretold_and_nothing_is_undone(machine: type[LifeMachine]) -> None:
    fates = {fate for person in PEOPLE for fate in (person.email, person.sms) if fate}
    machine.reached = set()

    stateful.run_state_machine_as_test(machine, settings=settings(SETTINGS, max_examples=150))

    assert machine.reached >= {*Status, *UNREACHED, *fates} - {"Failed_TransientError"}


def lived(
    plans: list[Plan], steps: list[timedelta], kind: str
) -> tuple[list[Order], list[str], list[FeedEntry]]:
    """Return orders, conditions asked and feed after *steps* of the clock or of real time."""
    world = Planned(*plans)
    for step in steps:
        if "wait" in kind:
            world.wall.now += step
        else:
            world.box.advance_clock(step)
        if "read" in kind:
            world.progress.all()
        if "look" in kind:
            # At the one that was created last: numbers of the feed follow events all the same.
            world.get(number=len(plans) - 1)
    orders = world.progress.all()
    return orders, sorted(world.asked), list(world.feed.state().entries)


@given(
    said=st.lists(st.tuples(AHEAD, SAID), min_size=1, max_size=4),
    cuts=st.lists(st.timedeltas(0 * HOUR, 48 * HOUR), max_size=20),
    kind=st.sampled_from(["travel", "travel and read", "wait", "wait and read", "wait and look"]),
)
@example(EVERYBODY, [number * HOUR for number in range(48)], "wait and read")
@example(EVERYBODY, [number * MINUTE for number in range(2880)], "travel")
@settings(SETTINGS, max_examples=80)
def test_small_steps_end_as_a_big_one_does(
    said: list[tuple[float, dict[str, Any]]], cuts: list[timedelta], kind: str
) -> None:
    plans = [Plan(n, NOW, NOW + ahead * MINUTE, **it) for n, (ahead, it) in enumerate(said)]
    ends = [0 * HOUR, *sorted(cuts), 48 * HOUR]
    steps = [end - start for start, end in pairwise(ends)]

    assert lived(plans, steps, kind) == lived(plans, [48 * HOUR], "travel")
