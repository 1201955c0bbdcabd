"""The domain against a simple model, in sequences that nobody thought of."""

from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from mock_server.orders import (
    CancellationProhibitedError,
    Order,
    Status,
    TransitionProhibitedError,
    cancel,
    claim,
    complete,
    generate,
    hand_back,
    stop_on_condition,
)
from tests.builders import MICROSECOND, NOW, an_order

STEPS = st.sampled_from(
    [MICROSECOND, timedelta(seconds=1), timedelta(minutes=4), timedelta(days=1)]
)
SEND_TIMES = st.sampled_from(
    [timedelta(0), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=9)]
)
NEXT = {
    "claim": {"Registered": "Processing"},
    "hand_back": {"Processing": "Registered"},
    "stop": {"Processing": "SendConditionNotMet"},
    "pending": {"Processing": "Processed"},
    "done": {"Processing": "Completed"},
    "complete": {"Processing": "Completed", "Processed": "Completed"},
}
"""The model: what each move makes of each state. What is not here is refused."""


class OrderMachine(RuleBasedStateMachine):
    """One order, moved about in time, beside a model made of two strings and a time."""

    order: Order
    now: datetime
    status: str
    last_update: datetime

    @initialize(ahead=SEND_TIMES)
    def register(self, ahead: timedelta) -> None:
        """Start with a registered order, due *ahead* of now."""
        self.now = NOW
        self.order = an_order(created=NOW, last_update=NOW, requested_send_time=NOW + ahead)
        self.status, self.last_update = "Registered", NOW

    @rule(step=STEPS)
    def let_time_pass(self, step: timedelta) -> None:
        """Move on."""
        self.now += step

    @rule()
    def try_to_cancel(self) -> None:
        """Cancel, and expect what the decision sequence says."""
        seconds_left = (self.order.requested_send_time - self.now).total_seconds()
        before = self.order
        try:
            self.order = cancel(self.order, self.now)
        except CancellationProhibitedError:
            assert self.status not in {"Registered", "Cancelled"} or (
                self.status == "Registered" and seconds_left <= 300
            )
        else:
            if self.status == "Cancelled":
                assert self.order is before
            else:
                assert self.status == "Registered"
                assert seconds_left > 300
                self.status, self.last_update = "Cancelled", self.now

    @rule(move=st.sampled_from(sorted(NEXT)))
    def try_to_move(self, move: str) -> None:
        """Make one of the service's own moves, and expect what the model says."""
        is_due = self.order.requested_send_time - self.now <= timedelta(seconds=60)
        expected = NEXT[move].get(self.status)
        try:
            self.order = self._move(move)
        except TransitionProhibitedError:
            assert expected is None or (move == "claim" and not is_due)
        else:
            assert expected is not None
            assert is_due or move != "claim"
            self.status = expected
            self.last_update = self.last_update if move == "claim" else self.now

    def _move(self, move: str) -> Order:
        moves = {
            "claim": lambda: claim(self.order, self.now),
            "hand_back": lambda: hand_back(self.order, self.now),
            "stop": lambda: stop_on_condition(self.order, self.now),
            "pending": lambda: generate(self.order, self.now, has_pending=True),
            "done": lambda: generate(self.order, self.now, has_pending=False),
            "complete": lambda: complete(self.order, self.now),
        }
        return moves[move]()

    @invariant()
    def is_as_the_model_says(self) -> None:
        """Compare with the model."""
        assert self.order.status is Status(self.status)
        assert self.order.last_update == self.last_update
        assert self.order.created == NOW


OrderMachine.TestCase.settings = settings(
    derandomize=True, max_examples=200, stateful_step_count=25, deadline=None, database=None
)
TestOrderMachine = OrderMachine.TestCase
