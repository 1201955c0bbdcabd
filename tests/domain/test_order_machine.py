"""The domain against a simple model, in random sequences."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from mock_server.domain.cancellation import CancellationProhibitedError, cancel
from mock_server.domain.orders import (
    Order,
    Status,
    TransitionProhibitedError,
    claim,
    complete,
    generate,
    stop_on_condition,
)
from tests.support.builders import MICROSECOND, NOW, an_order

MINUTE = 60_000_000
"""The model counts microseconds from NOW."""

AHEAD = st.sampled_from([0, MINUTE, MINUTE + 1, 5 * MINUTE, 5 * MINUTE + 1, 7 * MINUTE])
STEPS = st.sampled_from([1, -1, 1_000_000, MINUTE, -MINUTE, 4 * MINUTE])
STATES = [str(status) for status in Status]
MODEL = {
    "claim": {"Registered": "Processing"},
    "stop": {"Processing": "SendConditionNotMet"},
    "generate some": {"Processing": "Processed"},
    "generate none": {"Processing": "Completed"},
    "complete": {"Processing": "Completed", "Processed": "Completed"},
    "cancel": {"Registered": "Cancelled", "Cancelled": "Cancelled"},
}
"""What each move makes of each state. What is not here is refused."""


class OrderMachine(RuleBasedStateMachine):
    """Some orders, moved about in time, beside a model made of dicts, texts and numbers."""

    numbers: Bundle[int] = Bundle("numbers")
    reached: set[tuple[str, str, bool]]
    """Every move tried, the state in which it was, and whether it was made."""

    def __init__(self) -> None:
        """Begin at NOW, without orders."""
        super().__init__()
        self.now = 0
        self.orders: dict[int, Order] = {}
        self.model: dict[int, dict[str, object]] = {}
        self.due: dict[int, int] = {}

    @initialize(target=numbers, ahead=AHEAD)
    def begin(self, ahead: int) -> MultipleResults[int]:
        """Start with an order in each state, as a seed file may."""
        return multiple(*(self.add(ahead, status) for status in STATES))

    @rule(target=numbers, ahead=AHEAD)
    def register(self, ahead: int) -> int:
        """Register an order."""
        return self.add(ahead, "Registered")

    def add(self, ahead: int, status: str) -> int:
        """Add an order with *status*, due *ahead* of now, to both sides; return its number."""
        number = len(self.orders)
        moment = NOW + self.now * MICROSECOND
        self.orders[number] = an_order(
            created=moment,
            last_update=moment,
            requested_send_time=moment + ahead * MICROSECOND,
            status=Status(status),
        )
        self.model[number] = {"status": status, "created": self.now, "last_update": self.now}
        self.due[number] = self.now + ahead
        return number

    @rule(step=STEPS)
    def move_the_clock(self, step: int) -> None:
        """Move in time, mostly on."""
        self.now += step

    @rule(number=numbers)
    def cancel(self, number: int) -> None:
        """Try to cancel."""
        self.attempt("cancel", number, cancel)

    @rule(number=numbers)
    def claim(self, number: int) -> None:
        """Try to claim for processing."""
        self.attempt("claim", number, claim)

    @rule(number=numbers)
    def stop(self, number: int) -> None:
        """Try to stop on the send condition."""
        self.attempt("stop", number, stop_on_condition)

    @rule(number=numbers)
    def generate_some(self, number: int) -> None:
        """Try to generate notifications that are pending."""
        self.attempt("generate some", number, partial(generate, has_pending=True))

    @rule(number=numbers)
    def generate_none(self, number: int) -> None:
        """Try to generate notifications none of which is pending."""
        self.attempt("generate none", number, partial(generate, has_pending=False))

    @rule(number=numbers)
    def complete(self, number: int) -> None:
        """Try to complete."""
        self.attempt("complete", number, complete)

    def attempt(self, move: str, number: int, make: Callable[[Order, datetime], Order]) -> None:
        """Make one move, and expect the model's result."""
        state = str(self.model[number]["status"])
        is_expected = self.expects(number, move, state)
        try:
            self.orders[number] = make(self.orders[number], NOW + self.now * MICROSECOND)
        except (CancellationProhibitedError, TransitionProhibitedError):
            assert not is_expected, f"{move} of {state} was refused"
        else:
            assert is_expected, f"{move} of {state} was made"
            self.note(number, move, state)
        type(self).reached.add((move, state, is_expected))

    def expects(self, number: int, move: str, state: str) -> bool:
        """Tell whether the model lets *move* be made of an order in *state*, now."""
        left = self.due[number] - self.now
        if state == "Registered" and move == "cancel":
            return left > 5 * MINUTE
        if state == "Registered" and move == "claim":
            return left <= MINUTE
        return state in MODEL[move]

    def note(self, number: int, move: str, state: str) -> None:
        """Make *move* in the model; two of them leave the last update as it was."""
        self.model[number]["status"] = MODEL[move][state]
        if move != "claim" and state != "Cancelled":
            self.model[number]["last_update"] = self.now

    @invariant()
    def all_is_as_the_model_says(self) -> None:
        """Compare each order with the model."""
        assert self.model == {number: _seen(order) for number, order in self.orders.items()}
        assert self.due == {
            number: (order.requested_send_time - NOW) // MICROSECOND
            for number, order in self.orders.items()
        }


def _seen(order: Order) -> dict[str, object]:
    return {
        "status": str(order.status),
        "created": (order.created - NOW) // MICROSECOND,
        "last_update": (order.last_update - NOW) // MICROSECOND,
    }


def test_the_domain_agrees_with_the_model_and_every_move_is_tried_in_every_state() -> None:
    OrderMachine.reached = set()
    timed = {("claim", "Registered", False), ("cancel", "Registered", False)}

    run_state_machine_as_test(
        OrderMachine,
        settings=settings(
            derandomize=True, max_examples=250, stateful_step_count=40, deadline=None, database=None
        ),
    )

    assert OrderMachine.reached == timed | {
        (move, state, state in MODEL[move]) for move in MODEL for state in STATES
    }
