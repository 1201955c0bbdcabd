"""The life of an order as a function of time: picked up, sent and delivered, or stopped."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from mock_server.domain.notifications import (
    SWEEP_GRACE,
    EmailResult,
    Notification,
    NotificationNotFoundError,
    Result,
    expire,
    report,
    send,
)
from mock_server.domain.notifications import pin as pin_notification
from mock_server.domain.orders import (
    CLAIM_AHEAD,
    Inquiry,
    Order,
    Status,
    claim,
    complete,
    generate,
    stop_on_condition,
)
from mock_server.domain.recipients import NotificationChannel
from mock_server.domain.schedule import TICK, daytime_tick_after, sweep_after, tick_after, tick_from

RETRY_AFTER = timedelta(seconds=60)
"""How long after an inconclusive answer a trigger asks a send condition again."""

Generate = Callable[[Order, datetime], tuple[Notification, ...]]


def replay(order: Order, now: datetime, notify: Generate) -> Order:
    """
    Return *order* with everything that is due by *now* done, each event at its own time.

    The same object is returned where nothing is due. It goes no further than an open inquiry,
    which `answer` closes. *notify* generates the notifications of an order.

    Source: docs/life.md.
    """
    if order.is_pinned:
        return order
    if order.inquiry is not None and order.inquiry.is_lost:
        return take_up(order)
    if order.status is Status.REGISTERED and (begin := _pick_up_from(order)) <= now:
        tick = tick_from(begin)
        order = pick_up(order, tick, notify) if tick <= now else order
    if order.status is Status.PROCESSING and order.inquiry and not order.inquiry.is_open:
        tick = tick_after(order.inquiry.at)
        return _ask_again(order, tick) if tick <= now else order
    return _move(order, lambda notification: _replay_notification(notification, now))


def take_up(order: Order) -> Order:
    """Return *order* with its inquiry open again where that was lost, else unchanged."""
    if order.inquiry is None or not order.inquiry.is_lost:
        return order
    return replace(order, inquiry=replace(order.inquiry, is_open=True, is_lost=False))


def _pick_up_from(order: Order) -> datetime:
    """Return the later of creation and a minute before the send time, which may be any year."""
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
    return _process(claimed, now, notify)


def _process(order: Order, now: datetime, notify: Generate) -> Order:
    notifications = notify(order, now)
    processed = replace(order, notifications=notifications, inquiry=None)
    return generate(processed, now, has_pending=any(item.is_pending for item in notifications))


def _ask_again(order: Order, now: datetime) -> Order:
    return replace(order, inquiry=Inquiry(2, now, is_open=True))


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
    return _process(order, inquiry.at, notify)


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
    return _ask_again(order, now)


def send_new(
    order: Order, channel: NotificationChannel, now: datetime, *, has_reports: bool
) -> Order:
    """
    Return *order* with its new notifications by *channel* sent at *now*.

    With *has_reports* what was sent before gets its next report.

    Source: openapi.yaml, tag Triggers, `POST /trigger/sendemail` and `/trigger/sendsms`.
    """

    def step(notification: Notification) -> Notification:
        if notification.channel is not channel:
            return notification
        sent = send(notification, now)
        return report(notification, now) if has_reports and sent is notification else sent

    return _move(order, step)


def give_up(order: Order, now: datetime) -> Order:
    """
    Return *order* with the notifications that no report will come of given up at *now*.

    Source: openapi.yaml, tag Triggers, `POST /trigger/terminateexpirednotifications`.
    """
    return _move(order, lambda notification: expire(notification, now))


def set_result(order: Order, notification_id: UUID, result: Result, now: datetime) -> Order:
    """
    Return *order* with the *result* of one notification set by hand at *now*, where it stays.

    An order whose last pending notification thereby gets a final result is completed.

    Raises:
        NotificationNotFoundError: the order has no such notification.
    """
    found = next((item for item in order.notifications if item.id == notification_id), None)
    if found is None:
        raise NotificationNotFoundError(order.id, notification_id)
    by_hand = pin_notification(found, result, now)
    return _with(
        order, tuple(by_hand if item is found else item for item in order.notifications), now
    )


def _move(order: Order, step: Callable[[Notification], Notification]) -> Order:
    """Return *order* with each notification moved by *step*, and completed by the last of them."""
    if order.is_pinned or order.status is not Status.PROCESSED:
        return order
    moved = tuple(map(step, order.notifications))
    pairs = zip(order.notifications, moved, strict=True)
    times = [after.last_update for before, after in pairs if after is not before]
    return _with(order, moved, max(times)) if times else order


def _with(order: Order, notifications: tuple[Notification, ...], now: datetime) -> Order:
    changed = replace(order, notifications=notifications)
    is_waiting = order.status is Status.PROCESSED and not order.is_pinned
    if not is_waiting or any(item.is_pending for item in notifications):
        return changed
    return complete(changed, now)


def _replay_notification(notification: Notification, now: datetime) -> Notification:
    while (after := _next(notification)) is not None and after.last_update <= now:
        notification = _skip_retries(after, now)
    return notification


def _next(notification: Notification) -> Notification | None:
    """Return *notification* after what befalls it next; None if nothing ever does."""
    if not notification.is_pending:
        return None
    at = tick_after(notification.last_update)
    if notification.result == EmailResult.NEW:
        is_sms = notification.channel is NotificationChannel.SMS
        after = send(notification, daytime_tick_after(notification.last_update) if is_sms else at)
    else:
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
    return replace(notification, last_update=at + 2 * TICK * rounds) if rounds > 0 else notification
