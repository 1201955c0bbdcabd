"""Orders: members, states, and the rules that move one from state to state."""

from dataclasses import dataclass, field, fields, make_dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from operator import attrgetter
from typing import Any
from uuid import UUID

from mock_server.domain.notifications import Notification
from mock_server.domain.recipients import NotificationChannel, Recipient
from mock_server.domain.templates import (
    RECIPIENT_NAME,
    Attachment,
    EmailTemplate,
    SendingTimePolicy,
    SmsTemplate,
)

CLAIM_AHEAD = timedelta(minutes=1)
"""How long before its send time an order may be claimed for processing, bound included."""


class Status(StrEnum):
    """
    The six internal states of an order.

    Source: docs/life.md.
    """

    REGISTERED = "Registered"
    PROCESSING = "Processing"
    PROCESSED = "Processed"
    COMPLETED = "Completed"
    SEND_CONDITION_NOT_MET = "SendConditionNotMet"
    CANCELLED = "Cancelled"


class OrderType(StrEnum):
    """
    Types of orders, by the operation that made them; the older creates make notifications.

    Source: Altinn/altinn-notifications OrderType.
    """

    NOTIFICATION = "Notification"
    REMINDER = "Reminder"
    INSTANT = "Instant"
    COMPOSED = "Composed"


TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.REGISTERED: frozenset({Status.CANCELLED, Status.PROCESSING}),
    Status.PROCESSING: frozenset(
        {Status.REGISTERED, Status.SEND_CONDITION_NOT_MET, Status.PROCESSED, Status.COMPLETED}
    ),
    Status.PROCESSED: frozenset({Status.COMPLETED}),
    Status.COMPLETED: frozenset(),
    Status.SEND_CONDITION_NOT_MET: frozenset(),
    Status.CANCELLED: frozenset(),
}
"""Which states each state may become by the service's own doing (docs/life.md)."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """
    The send condition of a claimed order being asked for, *attempt* 1 or 2, as of *at*.

    While it *is_open* somebody is waiting for the answer; closed, it was inconclusive, unless it
    *is_lost*: taken out of a snapshot, where nobody waits any longer, it is to be asked again.

    Source: docs/life.md.
    """

    attempt: int
    at: datetime
    is_open: bool
    is_lost: bool = False

    @property
    def is_unanswered(self) -> bool:
        """Whether its answer is awaited, or to be asked for once more."""
        return self.is_open or self.is_lost


@dataclass(frozen=True, slots=True)
class Step:
    """One status in the history of an order: since when, aware UTC, and *why*, in words."""

    status: Status
    at: datetime
    why: str


MOST_STEPS = 100
"""How many steps are remembered: the first, and the last ones."""

CREATED = "it was created"
STORED = "it was stored with this status"
SENT_AT_ONCE = "it was sent when it was created"
PICKED_UP = "it was due within a minute"
HANDED_BACK = "its recipients could not be looked up, twice"
CONDITION_NOT_MET = "its send condition answered false"
GENERATED = "its messages were generated"
NOBODY_REACHED = "it has no message to send"
ALL_FINAL = "every message has a final result"
CANCELLED = "it was cancelled"
BY_HAND = "it was set by hand"
UNKNOWN = "how it came about is not known"
_BEGINNINGS = {CREATED, STORED, SENT_AT_ONCE}


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTerms:
    """
    The members of an order that stay as its creator sent them, each None where not given.

    A create body, the request made of it and the order itself share them.
    """

    senders_reference: str | None = None
    ignore_reservation: bool | None = None
    resource_id: str | None = None
    resource_action: str | None = None
    condition_endpoint: str | None = None

    def terms(self) -> dict[str, Any]:
        """Return these members by attribute, to make another value that shares them."""
        return {field.name: getattr(self, field.name) for field in fields(OrderTerms)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(OrderTerms):
    """
    One notification order, as the service stores it. Times are aware UTC.

    *send_time_tenth* is the digit of
    the requested send time below its microseconds. An integer *notification_channel* is one that
    has no name. *is_pinned* tells that its status was set by hand: time does not move it. *inquiry*
    is there while a send condition is undecided.

    Of orders made by `/future` alone: *notification_order_id* is the chain that it is of;
    *time_to_live_in_seconds* how long the carrier of an instant SMS tries;
    *use_stale_contact_information* whether addresses that are long unconfirmed will do.

    *history* has what `history_of` cannot tell from the rest; two orders that became what they are
    in different ways are equal.

    Source: openapi.yaml, NotificationOrderWithStatus; docs/life.md.
    """

    id: UUID
    creator: str
    created: datetime
    requested_send_time: datetime
    send_time_tenth: int = 0
    notification_channel: NotificationChannel | int = NotificationChannel.EMAIL
    status: Status = Status.REGISTERED
    type: OrderType = OrderType.NOTIFICATION
    notification_order_id: UUID | None = None
    last_update: datetime
    recipients: tuple[Recipient, ...] = ()
    email_template: EmailTemplate | None = None
    sms_template: SmsTemplate | None = None
    attachments: tuple[Attachment, ...] = ()
    sending_time_policy: SendingTimePolicy | None = None
    time_to_live_in_seconds: int | None = None
    use_stale_contact_information: bool = False
    is_pinned: bool = False
    inquiry: Inquiry | None = None
    notifications: tuple[Notification, ...] = ()
    history: tuple[Step, ...] = field(default=(), compare=False)

    @property
    def names_recipients(self) -> bool:
        """Whether a text of it is to call recipients by their names."""
        email, sms = self.email_template, self.sms_template
        texts = [email.subject, email.body] if email is not None else []
        return any(RECIPIENT_NAME in text for text in [*texts, sms.body if sms else ""])


_NAMES = [item.name for item in fields(Order)]
_MEMBERS = attrgetter(*_NAMES)


class _Draft(OrderTerms):
    """An order while it is made: the same slots, but open."""

    __slots__ = Order.__slots__
    __setattr__ = object.__setattr__
    __delattr__ = object.__delattr__
    __init__ = make_dataclass("_Members", _NAMES).__init__  # type: ignore[misc]


def changed(order: Order, **members: object) -> Order:
    """
    Return *order* with other *members*, as `dataclasses.replace` does in five times the time.

    A cancel is mostly this.
    """
    copy: Any = _Draft(*_MEMBERS(order))
    for name, value in members.items():
        setattr(copy, name, value)
    copy.__class__ = Order
    return copy  # type: ignore[no-any-return]


class OrderError(Exception):
    """Base of the errors about an order."""


class OrderNotFoundError(OrderError):
    """No order has this id and this creator."""

    def __init__(self, order_id: UUID, creator: str | None = None) -> None:
        """Remember the id and creator that were looked for; *creator* is None for any."""
        self.order_id = order_id
        self.creator = creator
        owner = f" with creator '{creator}'" if creator is not None else ""
        super().__init__(f"no order '{order_id}'{owner}")


class OrderExistsError(OrderError):
    """An order with this id is already stored."""

    def __init__(self, order_id: UUID) -> None:
        """Remember the *order_id* that is taken."""
        self.order_id = order_id
        super().__init__(f"an order '{order_id}' exists already")


class TransitionProhibitedError(OrderError):
    """The order's state does not lead to the state asked for."""

    def __init__(self, order: Order, status: Status) -> None:
        """Remember the *order* as it stays and the *status* it cannot get."""
        self.order = order
        self.status = status
        super().__init__(f"an order that is {order.status} cannot become {status}")


def claim(order: Order, now: datetime) -> Order:
    """
    Return *order* claimed for processing; `last_update` stays, as in the real service.

    Raises:
        TransitionProhibitedError: not Registered, or due later than a minute from *now*.

    Source: docs/life.md; docs/differences.md.
    """
    if order.requested_send_time - now > CLAIM_AHEAD:
        raise TransitionProhibitedError(order, Status.PROCESSING)
    return _move(order, Step(Status.PROCESSING, now, PICKED_UP), order.last_update)


def hand_back(order: Order, now: datetime) -> Order:
    """
    Return a claimed *order* as Registered again: it could not be processed, twice.

    Raises:
        TransitionProhibitedError: not Processing.

    Source: Altinn/altinn-notifications OrderProcessingService.
    """
    back = _move(changed(order, inquiry=None), Step(Status.REGISTERED, now, HANDED_BACK), now)
    return changed(back, history=without_rounds(back.history))


def stop_on_condition(order: Order, now: datetime) -> Order:
    """
    Return a claimed *order* as stopped, since its send condition answered false.

    Raises:
        TransitionProhibitedError: not Processing.
    """
    return _move(order, Step(Status.SEND_CONDITION_NOT_MET, now, CONDITION_NOT_MET), now)


def generate(order: Order, now: datetime, *, has_pending: bool) -> Order:
    """
    Return a claimed *order* with its notifications generated.

    It is Processed while it *has_pending* notifications, else Completed at once.

    Raises:
        TransitionProhibitedError: not Processing.
    """
    step = (
        Step(Status.PROCESSED, now, GENERATED)
        if has_pending
        else Step(Status.COMPLETED, now, NOBODY_REACHED)
    )
    if order.status is not Status.PROCESSING:
        raise TransitionProhibitedError(order, step.status)
    return _move(order, step, now)


def complete(order: Order, now: datetime) -> Order:
    """
    Return *order* completed: its last pending notification has a final result.

    Raises:
        TransitionProhibitedError: neither Processing nor Processed.
    """
    return _move(order, Step(Status.COMPLETED, now, ALL_FINAL), now)


def _move(order: Order, step: Step, last_update: datetime) -> Order:
    if step.status not in TRANSITIONS[order.status]:
        raise TransitionProhibitedError(order, step.status)
    history = (*order.history, step)
    return changed(order, status=step.status, last_update=last_update, history=history)


def pin(order: Order, status: Status, now: datetime) -> Order:
    """
    Return *order* with a *status* set by hand at *now*: any to any, and there it stays.

    Source: docs/life.md.
    """
    history = (*history_of(order), Step(status, now, BY_HAND))
    return changed(
        order,
        status=status,
        last_update=now,
        is_pinned=True,
        inquiry=None,
        history=(*history[:1], *history[1:][1 - MOST_STEPS :]),
    )


def history_of(order: Order) -> tuple[Step, ...]:
    """
    Return each status that *order* has had, the present one last.

    What follows from its other members is not remembered, as that it was created or cancelled: a
    million orders are just that.
    """
    steps = order.history
    if not steps or steps[0].why not in _BEGINNINGS:
        steps = (_beginning(order), *steps)
    if steps[-1].status is order.status:
        return steps
    why = CANCELLED if order.status is Status.CANCELLED else UNKNOWN
    return (*steps, Step(order.status, order.last_update, why))


def _beginning(order: Order) -> Step:
    if order.is_pinned and not order.history:
        return Step(order.status, order.last_update, STORED)
    return Step(Status.REGISTERED, order.created, CREATED)


def without_rounds(history: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return *history* without the rounds of being handed back between the first and the last."""
    if len(history) >= 6 and all(step.why == HANDED_BACK for step in history[-5::2]):
        return (*history[:-4], *history[-2:])
    return history
