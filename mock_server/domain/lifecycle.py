"""The life of an order as a function of time: picked up, sent and delivered, or stopped."""

from collections.abc import Callable, Container
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from operator import is_
from uuid import UUID

from mock_server.domain.clock import LATEST
from mock_server.domain.notifications import (
    SWEEP_GRACE,
    EmailResult,
    Notification,
    Stage,
    expire,
    report,
    send,
)
from mock_server.domain.orders import (
    CLAIM_AHEAD,
    HANDED_BACK,
    PICKED_UP,
    Inquiry,
    Order,
    OrderType,
    Status,
    Step,
    claim,
    generate,
    hand_back,
    stop_on_condition,
    without_rounds,
)
from mock_server.domain.recipients import NotificationChannel
from mock_server.domain.register import RegisterDownError
from mock_server.domain.results import result_at, with_notifications
from mock_server.domain.schedule import TICK, daytime_tick_after, sweep_after, tick_after, tick_from
from mock_server.domain.templates import SendingTimePolicy

RETRY_AFTER = timedelta(seconds=60)
"""How long after an inconclusive answer a trigger asks a send condition again."""

EVER_SO_LITTLE = timedelta(microseconds=1)
"""The smallest step of time."""

LAST_REPORT = timedelta(seconds=1)
"""How long before an instant SMS expires it is reported on at the latest."""

Generate = Callable[[Order, datetime], tuple[Notification, ...]]
_Moved = tuple[Notification, datetime | None]
"""A notification as it is, and when it last got a result, None where it did not."""


def replay(order: Order, now: datetime, notify: Generate) -> Order:
    """
    Return *order* with everything that is due by *now* done, each event at its own time.

    The same object is returned where nothing is due. It goes no further than an open inquiry,
    which `answer` closes. *notify* generates the notifications of an order.

    Source: docs/life.md.
    """
    while (after := _replay_processing(order, now, notify)) is not order:
        order = after
    return _move(order, lambda notification: _replay_notification(order, notification, now))


def _replay_processing(order: Order, now: datetime, notify: Generate) -> Order:
    """Return *order* after the next step of its processing, if that is due by *now*."""
    if order.is_pinned:
        return order
    if order.inquiry is not None and order.inquiry.is_lost:
        return take_up(order)
    if order.status is Status.REGISTERED and (begin := _pick_up_from(order)) <= now:
        tick = tick_from(begin)
        if tick > now:
            return order
        skipped = _skip_hand_backs(order, now, notify)
        return skipped if skipped is not order else pick_up(order, tick, notify)
    if order.status is Status.PROCESSING and order.inquiry and not order.inquiry.is_open:
        tick = tick_after(order.inquiry.at)
        return _try_again(order, tick, notify) if tick <= now else order
    return order


def _skip_hand_backs(order: Order, now: datetime, notify: Generate) -> Order:
    """
    Return *order*, which was handed back, as after most rounds of that until *now*.

    A round is two ticks; one by one, a register that is down for a month would take long.
    """
    rounds = (now - order.last_update) // (2 * TICK) - 1
    is_handed_back = order.last_update > order.created
    if rounds <= 0 or not is_handed_back or tick_from(order.last_update) != order.last_update:
        return order
    try:
        notify(order, now)
    except RegisterDownError:
        last = order.last_update + 2 * TICK * rounds
        steps = (
            Step(Status.PROCESSING, last - TICK, PICKED_UP),
            Step(Status.REGISTERED, last, HANDED_BACK),
        )
        return replace(order, last_update=last, history=without_rounds((*order.history, *steps)))
    return order


def wake(order: Order) -> datetime | None:
    """
    Return the time from which on `replay` changes *order*; None if it never does.

    What is lost is to be taken up at once, which is long ago.
    """
    if order.is_pinned:
        return None
    if order.inquiry is not None and order.inquiry.is_lost:
        return datetime.min.replace(tzinfo=UTC)
    if order.status is Status.REGISTERED:
        begin = _pick_up_from(order)
        return tick_from(begin) if begin <= LATEST else None
    if order.status is Status.PROCESSING and order.inquiry and not order.inquiry.is_open:
        return tick_after(order.inquiry.at)
    after = next_result(order)
    return None if after is None else after.last_update


def next_result(order: Order) -> Notification | None:
    """
    Return the notification of *order* that something befalls next, as it is then.

    None where time does nothing to any of them.
    """
    if order.is_pinned or order.status is not Status.PROCESSED:
        return None
    # Of many messages most are in the same state, and one of each will do.
    alike = {_likeness(item): item for item in order.notifications if item.is_pending}
    upcoming = (_next(order, item) for item in alike.values())
    return min(
        (item for item in upcoming if item is not None),
        key=lambda item: item.last_update,
        default=None,
    )


def wake_lost(order: Order) -> datetime | None:
    """Return as `wake` does, of an order that only triggers move: when it is to be taken up."""
    return wake(order) if order.inquiry is not None and order.inquiry.is_lost else None


def is_put_off(before: Order, after: Order) -> bool:
    """Tell whether an e-mail of *before* had a transient error, and is new again in *after*."""
    if not before.notifications or after.notifications is before.notifications:
        return False
    pairs = zip(before.notifications, after.notifications, strict=True)
    return any(
        new is not old and new.result is EmailResult.NEW and not new.is_pinned for old, new in pairs
    )


def _likeness(notification: Notification) -> tuple[object, ...]:
    """Return all that tells when something befalls *notification* next."""
    return (
        notification.channel,
        notification.result,
        notification.last_update,
        notification.expires,
        notification.outcome,
        notification.is_pinned,
    )


def take_up(order: Order) -> Order:
    """Return *order* with its inquiry open again where that was lost, else unchanged."""
    if order.inquiry is None or not order.inquiry.is_lost:
        return order
    return replace(order, inquiry=replace(order.inquiry, is_open=True, is_lost=False))


def _pick_up_from(order: Order) -> datetime:
    """
    Return from when on *order* may be picked up, which may be in any year.

    That is the later of its creation and a minute before its send time; and after it was handed
    back, where it was.
    """
    if order.created < order.last_update <= LATEST:
        return max(order.last_update + EVER_SO_LITTLE, _first_pick_up_from(order))
    return _first_pick_up_from(order)


def _first_pick_up_from(order: Order) -> datetime:
    if order.requested_send_time - order.created <= CLAIM_AHEAD:
        return order.created
    return order.requested_send_time - CLAIM_AHEAD


def pick_up(order: Order, now: datetime, notify: Generate) -> Order:
    """
    Return a Registered *order* claimed at *now*, and processed unless it has a send condition.

    Raises:
        TransitionProhibitedError: as `orders.claim`.
    """
    claimed = claim(order, now)
    if claimed.condition_endpoint:
        return replace(claimed, inquiry=Inquiry(1, now, is_open=True))
    return _process(claimed, now, notify, attempt=1)


def _process(order: Order, now: datetime, notify: Generate, *, attempt: int) -> Order:
    """
    Return *order* with its notifications generated, if the register tells of its recipients.

    If it does not, the order is to be tried once more; after that it is Registered again.
    """
    try:
        notifications = notify(order, now)
    except RegisterDownError:
        if attempt == 1:
            return replace(order, inquiry=Inquiry(1, now, is_open=False))
        return hand_back(order, now)
    processed = replace(order, notifications=notifications, inquiry=None)
    return generate(processed, now, has_pending=any(item.is_pending for item in notifications))


def _try_again(order: Order, now: datetime, notify: Generate) -> Order:
    """Return *order* with its send condition to be asked once more, or processed once more."""
    if order.condition_endpoint:
        return replace(order, inquiry=Inquiry(2, now, is_open=True))
    return _process(order, now, notify, attempt=2)


def answer(order: Order, inquiry: Inquiry, notify: Generate, *, is_met: bool | None) -> Order:
    """
    Return *order* with its open *inquiry* answered; None is inconclusive.

    Inconclusive once, it waits to be asked again; the second time it counts as met. Unchanged
    where the order has moved on in the meantime.

    Source: docs/life.md.
    """
    # The same object: a reset brings back equal orders, whose inquiries are others to answer.
    if order.inquiry is not inquiry:
        return order
    if is_met is None and inquiry.attempt == 1:
        return replace(order, inquiry=replace(inquiry, is_open=False))
    if is_met is False:
        return stop_on_condition(replace(order, inquiry=None), inquiry.at)
    return _process(order, inquiry.at, notify, attempt=inquiry.attempt)


def claim_if_due(order: Order, now: datetime, notify: Generate) -> Order:
    """
    Return *order* claimed and processed at *now* if it is due within a minute, else unchanged.

    One whose send condition was inconclusive a minute ago or more is to be asked again.

    Source: docs/life.md; openapi.yaml, tag Triggers, `POST /trigger/pastdueorders`.
    """
    if order.is_pinned:
        return order
    if order.status is Status.REGISTERED and order.requested_send_time - now <= CLAIM_AHEAD:
        return pick_up(order, now, notify)
    waiting = order.inquiry if order.status is Status.PROCESSING else None
    if waiting is None or waiting.is_open or now - waiting.at < RETRY_AFTER:
        return order
    return _try_again(order, now, notify)


def send_new(
    order: Order,
    channel: NotificationChannel,
    now: datetime,
    *,
    has_reports: bool,
    may_send: bool = True,
) -> Order:
    """
    Return *order* with its new notifications by *channel* sent at *now*, if one *may_send*.

    With *has_reports* what was sent before gets its next report, but for an instant order, whose
    messages no trigger ever sent.

    Source: openapi.yaml, tag Triggers, `POST /trigger/sendemail` and `/trigger/sendsms`.
    """
    is_reported = has_reports and order.type is not OrderType.INSTANT

    def step(notification: Notification) -> _Moved:
        if notification.channel is not channel:
            return notification, None
        sent = send(notification, now) if may_send else notification
        after = report(notification, now) if is_reported and sent is notification else sent
        return after, result_at(notification, after)

    return _move(order, step)


def give_up(order: Order, now: datetime, ids: Container[UUID] | None = None) -> Order:
    """
    Return *order* with the notifications that no report will come of given up at *now*.

    Only those with *ids*, where given: a sweep handles no more than so many at a time.

    Source: openapi.yaml, tag Triggers, `POST /trigger/terminateexpirednotifications`.
    """

    def step(notification: Notification) -> _Moved:
        is_meant = ids is None or notification.id in ids
        after = expire(notification, now) if is_meant else notification
        return after, result_at(notification, after)

    return _move(order, step)


def _move(order: Order, step: Callable[[Notification], _Moved]) -> Order:
    """Return *order* with each notification moved by *step*, and completed by the last of them."""
    if order.is_pinned or order.status is not Status.PROCESSED:
        return order
    steps = list(map(step, order.notifications))
    moved = tuple(after for after, _ in steps)
    if all(map(is_, moved, order.notifications)):
        return order
    return with_notifications(order, moved, max((at for _, at in steps if at), default=None))


def _replay_notification(order: Order, notification: Notification, now: datetime) -> _Moved:
    """Return *notification* of *order* as it is by *now*, and when it last got a result."""
    reported: datetime | None = None
    while (after := _next(order, notification)) is not None and after.last_update <= now:
        after = _skip_retries(after, now)
        reported = result_at(notification, after) or reported
        notification = after
    return notification, reported


def _next(order: Order, notification: Notification) -> Notification | None:
    """Return *notification* of *order* after what befalls it next; None if nothing ever does."""
    if not notification.is_pending:
        return None
    last_update = notification.last_update
    at = tick_after(last_update)
    is_sms = notification.channel is NotificationChannel.SMS
    if notification.result == EmailResult.NEW:
        is_held = is_sms and order.sending_time_policy is not SendingTimePolicy.ANYTIME
        after = send(notification, daytime_tick_after(last_update) if is_held else at)
    else:
        if is_sms and order.type is OrderType.INSTANT:
            at = min(at, max(last_update, notification.expires - LAST_REPORT))
        after = report(notification, at)
    if after is notification:
        after = expire(notification, sweep_after(notification.expires + SWEEP_GRACE))
    return None if after is notification else after


def _skip_retries(notification: Notification, now: datetime) -> Notification:
    """
    Return *notification* as after most of the rounds in which it is tried again until *now*.

    A round is two ticks; one by one, two days of them would take long.
    """
    is_retried = notification.outcome == EmailResult.TRANSIENT_ERROR
    at = notification.last_update
    if not is_retried or notification.result != EmailResult.NEW or tick_from(at) != at:
        return notification
    rounds = (min(now, notification.expires) - at) // (2 * TICK) - 1
    if rounds <= 0:
        return notification
    history = notification.history
    if [stage.result for stage in history[-2:]] != [EmailResult.NEW, EmailResult.SENDING]:
        # Of the rounds that are skipped, the first is told.
        history = (*notification.stages, Stage(EmailResult.SENDING, at + TICK))
    return replace(notification, last_update=at + 2 * TICK * rounds, history=history)
