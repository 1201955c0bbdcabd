"""Notifications: one message to one address, its results, and the steps between them."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from mock_server.domain.recipients import NotificationChannel, Recipient

LIFETIME = timedelta(hours=48)
"""How long after the requested send time a notification may be sent and reported on."""

SWEEP_GRACE = timedelta(seconds=300)
"""How long after its lifetime a notification without a delivery report is given up."""


class EmailResult(StrEnum):
    """
    Results of an e-mail notification; the misspelling is the service's own.

    Source: docs/magic-values.md.
    """

    NEW = "New"
    SENDING = "Sending"
    SUCCEEDED = "Succeeded"
    DELIVERED = "Delivered"
    FAILED = "Failed"
    RECIPIENT_RESERVED = "Failed_RecipientReserved"
    RECIPIENT_NOT_IDENTIFIED = "Failed_RecipientNotIdentified"
    INVALID_EMAIL_FORMAT = "Failed_InvalidEmailFormat"
    SUPPRESSED_RECIPIENT = "Failed_SupressedRecipient"
    TRANSIENT_ERROR = "Failed_TransientError"
    BOUNCED = "Failed_Bounced"
    FILTERED_SPAM = "Failed_FilteredSpam"
    QUARANTINED = "Failed_Quarantined"
    TTL = "Failed_TTL"
    INVALID_SAS_URL = "Failed_InvalidSasUrl"
    PAYLOAD_TOO_LARGE = "Failed_PayloadTooLarge"


class SmsResult(StrEnum):
    """
    Results of an SMS notification.

    Source: docs/magic-values.md.
    """

    NEW = "New"
    SENDING = "Sending"
    ACCEPTED = "Accepted"
    DELIVERED = "Delivered"
    FAILED = "Failed"
    INVALID_RECIPIENT = "Failed_InvalidRecipient"
    RECIPIENT_RESERVED = "Failed_RecipientReserved"
    BARRED_RECEIVER = "Failed_BarredReceiver"
    DELETED = "Failed_Deleted"
    EXPIRED = "Failed_Expired"
    UNDELIVERED = "Failed_Undelivered"
    RECIPIENT_NOT_IDENTIFIED = "Failed_RecipientNotIdentified"
    REJECTED = "Failed_Rejected"
    TTL = "Failed_TTL"


Result = EmailResult | SmsResult
RESULTS = tuple(dict.fromkeys([*map(str, EmailResult), *map(str, SmsResult)]))
"""Every result that a notification of either channel can have."""

MOST_STAGES = 100
"""How many results of a notification are remembered: the first, and the last ones."""


class Stage(NamedTuple):
    """One result in the history of a notification, and since when, aware UTC."""

    result: Result
    at: datetime


_ACCEPTED = frozenset({EmailResult.SUCCEEDED, SmsResult.ACCEPTED})
_PENDING = _ACCEPTED | {EmailResult.NEW, EmailResult.SENDING}
"""Without a final result. New and Sending are spelled the same for SMS (docs/life.md)."""


@dataclass(frozen=True, slots=True)
class Notification:
    """
    One message to one address. Times are aware UTC.

    *channel* is `Email` or `Sms`. The address in *recipient* is empty where none was found.
    *outcome* is the result that it ends with when sent. *is_pinned* tells that its result was set
    by hand: nothing but the next hand moves it. *recipient_name* is what its text calls a person or
    an organisation that the register has a name of. *history* has the results before this one; two
    notifications that differ in it alone are equal.
    """

    id: UUID
    channel: NotificationChannel
    recipient: Recipient
    result: Result
    last_update: datetime
    expires: datetime
    outcome: Result
    is_pinned: bool = False
    recipient_name: str | None = None
    history: tuple[Stage, ...] = field(default=(), compare=False)

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Each result that it has had, the present one last."""
        return (*self.history, Stage(self.result, self.last_update))

    @property
    def is_pending(self) -> bool:
        """Whether its order waits for a final result of it."""
        return self.result in _PENDING

    @property
    def is_accepted(self) -> bool:
        """Whether it is handed over, and a delivery report outstanding."""
        return self.result in _ACCEPTED

    @property
    def is_success(self) -> bool:
        """Whether it counts as succeeded where notifications are read (docs/magic-values.md)."""
        return self.is_accepted or self.result == EmailResult.DELIVERED


class NotificationNotFoundError(Exception):
    """The order has no notification with this id."""

    def __init__(self, order_id: UUID, notification_id: UUID) -> None:
        """Remember the ids that were looked for."""
        self.order_id = order_id
        self.notification_id = notification_id
        super().__init__(f"the order '{order_id}' has no notification '{notification_id}'")


def results_of(channel: NotificationChannel) -> type[EmailResult] | type[SmsResult]:
    """Return the results that a notification by *channel*, `Email` or `Sms`, can have."""
    return EmailResult if channel is NotificationChannel.EMAIL else SmsResult


def send(notification: Notification, now: datetime) -> Notification:
    """
    Return *notification* sent at *now*, or unchanged where it is not new or too old.

    Source: Altinn/altinn-notifications claim_email_batch_v2, claim_daytime_sms_batch.
    """
    if notification.result != EmailResult.NEW or notification.outcome == EmailResult.NEW:
        return notification
    if now > notification.expires:
        return notification
    return _move(notification, results_of(notification.channel).SENDING, now)


def report(notification: Notification, now: datetime) -> Notification:
    """
    Return *notification* with the carrier's next report of it, at *now*.

    What is being sent is accepted, what is accepted gets its outcome. A transient error makes it
    new again. Unchanged where nothing is reported, or its lifetime has passed.

    Source: Altinn/altinn-notifications updateemailnotification_v4, EmailNotificationService.
    """
    if now >= notification.expires:
        return notification
    if notification.is_accepted:
        is_silent = notification.outcome in (*_PENDING, EmailResult.TTL)
        return notification if is_silent else _move(notification, notification.outcome, now)
    if notification.result != EmailResult.SENDING or notification.outcome == EmailResult.SENDING:
        return notification
    if notification.outcome == EmailResult.TRANSIENT_ERROR:
        return _move(notification, EmailResult.NEW, now)
    is_email = notification.channel is NotificationChannel.EMAIL
    return _move(notification, EmailResult.SUCCEEDED if is_email else SmsResult.ACCEPTED, now)


def expire(notification: Notification, now: datetime) -> Notification:
    """
    Return *notification* given up at *now*, or unchanged where a report may still come.

    Source: docs/life.md; updateexpirednotifications.
    """
    if not notification.is_accepted or now <= notification.expires + SWEEP_GRACE:
        return notification
    return _move(notification, results_of(notification.channel).TTL, now)


def _move(notification: Notification, result: Result, now: datetime) -> Notification:
    return notification if notification.is_pinned else with_result(notification, result, now)


def with_result(notification: Notification, result: Result, now: datetime) -> Notification:
    """Return *notification* with another *result* since *now*; its old one is remembered."""
    history = notification.stages
    if result == EmailResult.NEW:
        history = _without_rounds(history)
    if len(history) >= MOST_STAGES:
        history = (history[0], *history[2 - MOST_STAGES :])
    return replace(notification, result=result, last_update=now, history=history)


def _without_rounds(history: tuple[Stage, ...]) -> tuple[Stage, ...]:
    """Return *history* without the last round of being tried again, unless that was the first."""
    is_again = [stage.result for stage in history[-4:]] == [
        EmailResult.NEW,
        EmailResult.SENDING,
    ] * 2
    return history[:-2] if is_again else history


def pin(notification: Notification, result: Result, now: datetime) -> Notification:
    """Return *notification* with a *result* set by hand at *now*: any to any, and it stays."""
    return replace(with_result(notification, result, now), is_pinned=True)
