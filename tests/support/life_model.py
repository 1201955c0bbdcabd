"""Model of an order's life: the rules again, as tables and arithmetic."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import cache
from itertools import count
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from mock_server.domain.notifications import SmsResult
from mock_server.domain.orders import TRANSITIONS, Order, OrderType, Status
from mock_server.domain.recipients import NotificationChannel, Recipient
from mock_server.domain.templates import SendingTimePolicy
from mock_server.handlers.wire import write_order_with_status
from tests.support.builders import MICROSECOND, an_order
from tests.support.life_builders import BY_MOBILE, EVERYWHERE, MINUTE, NOWHERE, RESERVED, an_id

HOUR = 60 * MINUTE
UNREACHED = ("Failed_RecipientNotIdentified", "Failed_RecipientReserved")
HANDED_OVER = {"Email": "Succeeded", "Sms": "Accepted"}
PENDING = {"New", "Sending", *HANDED_OVER.values()}
TRANSIENT = "Failed_TransientError"
RETRIED = ("Sending", "New") * 1500
"""What a transient error does minute by minute, for longer than any notification lives."""

PATHS = {TRANSIENT: RETRIED, "Sending": ("Sending",), **dict.fromkeys(("New", *UNREACHED), ())}
"""What becomes of a message after New, minute by minute, where it gets nowhere."""


@dataclass(frozen=True)
class Person:
    """A recipient; *email* and *sms* tell how a message there ends, None: it has no address."""

    recipient: Recipient
    email: str | None = None
    sms: str | None = None
    is_reserved: bool = False


SMS_CODES = {1: "New", 2: "Sending", 3: "Accepted", 4: "Delivered", 5: "Failed", 14: "Failed_TTL"}
NAMES = {"kari": "Delivered", "bounced": "Failed_Bounced", "ttl": "Failed_TTL", "new": "New"}
NAMES |= {"transient-error": TRANSIENT, "succeeded": "Succeeded", "sending": "Sending"}
PEOPLE = [
    *(Person(Recipient(f"{name}@example.com"), fate) for name, fate in NAMES.items()),
    *(Person(Recipient(None, f"+4799900{n:03}"), None, fate) for n, fate in SMS_CODES.items()),
    Person(Recipient("spam@example.com", "+4799900010"), "Delivered", "Failed_Expired"),
    Person(Recipient(None, None, "919900008"), "Delivered", "Failed_BarredReceiver"),
    Person(Recipient(None, None, None, EVERYWHERE), "Delivered", "Delivered"),
    Person(Recipient(None, None, None, BY_MOBILE), None, "Delivered"),
    Person(Recipient(None, None, None, NOWHERE)),
    Person(Recipient(None, None, None, RESERVED), "Delivered", "Delivered", is_reserved=True),
]
"""One for each way in which a message ends, and the numbers in the register."""


@dataclass(frozen=True)
class Plan:
    """An order as it is asked for; *answers* are those of its send condition, if it has one."""

    number: int
    created: datetime
    send: datetime
    channel: NotificationChannel | int
    people: tuple[Person, ...]
    answers: tuple[bool | None, bool | None] | None = None
    ignores_reservation: bool | None = None
    policy: SendingTimePolicy | None = None
    kind: str = "Notification"

    @property
    def id(self) -> UUID:
        """The order's id."""
        return an_id(self.number)

    def order(self) -> Order:
        """Return the order."""
        return an_order(
            id=self.id,
            created=self.created,
            last_update=self.created,
            requested_send_time=self.send,
            notification_channel=self.channel,
            recipients=tuple(person.recipient for person in self.people),
            condition_endpoint=None if self.answers is None else str(self.number),
            ignore_reservation=self.ignores_reservation,
            sending_time_policy=self.policy,
            type=OrderType(self.kind),
        )

    def expiry(self, way: str) -> datetime:
        """Return when a message by *way* expires."""
        local = self.send.astimezone(ZoneInfo("Europe/Oslo"))
        if way == "Email" or self.policy != "Daytime" or is_day(self.send):
            return self.send + 48 * HOUR
        day = local.date() + timedelta(days=2 if local.hour < 9 else 3)
        return datetime.combine(day, time(9), ZoneInfo("Europe/Oslo")).astimezone(UTC)

    def letters(self) -> Iterator[tuple[str, str]]:
        """Yield the channel and the fate of each message."""
        for person in self.people if isinstance(self.channel, str) else ():
            is_reserved = person.is_reserved and not self.ignores_reservation
            fates = {"Email": person.email, "Sms": person.sms}
            reached = [way for way, fate in fates.items() if fate and not is_reserved]
            for way in self._ways(person, reached):
                yield way, (way in reached and fates[way]) or UNREACHED[is_reserved]

    def _ways(self, person: Person, reached: list[str]) -> list[str]:
        if self.channel in HANDED_OVER:
            return [str(self.channel)]
        is_given_both = person.recipient.email_address and person.recipient.mobile_number
        if self.channel == "EmailAndSms" or is_given_both:
            return list(HANDED_OVER)
        wanted = str(self.channel).removesuffix("Preferred")
        return [wanted] if wanted in reached or not reached else reached


Letter = tuple[str, str, datetime]


class View(NamedTuple):
    """Visible state of an order; *letters* are sorted: channel, result, and since when."""

    status: str
    last_update: datetime
    letters: tuple[Letter, ...] = ()
    asked: int = 0


@dataclass
class Life:
    """
    History of an order: events, and the latest time at which it was *seen*.

    *asks* are the times at which triggers picked it up, or asked again. It is *lost* once the
    model foretells no more than how often its send condition was asked; what was seen then.
    """

    plan: Plan
    is_automatic: bool
    seen: datetime
    cancelled: datetime | None = None
    asks: list[datetime] = field(default_factory=list)
    lost: View | None = None

    def see(self, now: datetime) -> None:
        """Let it live up to *now*, if it lives by the clock."""
        self.seen = max(self.seen, now) if self.is_automatic else self.seen

    def claim(self, now: datetime) -> None:
        """Pick it up, or ask again, by a trigger."""
        status = self.view().status
        is_due = status == "Registered" and self.plan.send - now <= MINUTE
        if is_due or (status == "Processing" and self.asks and now - self.asks[-1] >= MINUTE):
            self.asks.append(now)
            self.seen = now

    def view(self) -> View:
        """Return the visible state of the order."""
        if self.lost or self.cancelled:
            return self.lost or View("Cancelled", self.cancelled or self.seen)
        asks = self._asks() if self.is_automatic else self.asks
        if not asks:
            return View("Registered", self.plan.created)
        if self.plan.answers is None:
            return self._sent(asks[0], 0)
        for number, (at, answer) in enumerate(zip(asks, self.plan.answers, strict=False), 1):
            if answer is False:
                return View("SendConditionNotMet", at, asked=number)
            if answer or number == 2:
                return self._sent(at, number)
        return View("Processing", self.plan.created, asked=1)

    def _asks(self) -> list[datetime]:
        due = max(self.plan.created, self.plan.send - MINUTE)
        first = self.asks[0] if self.asks else floor(due + MINUTE - MICROSECOND)
        return [at for at in (first, floor(first) + MINUTE) if at <= self.seen]

    def _sent(self, generated: datetime, asked: int) -> View:
        fates = list(self.plan.letters())
        letters = [letter_at(self.seen, generated, self.plan, *it) for it in fates]
        is_pending = any(result in PENDING for _, result, _ in letters)
        ends = [result_at(*it) for it in zip(letters, (fate for _, fate in fates), strict=True)]
        if is_pending:
            return View("Processed", generated, tuple(sorted(letters)), asked)
        done = max([generated, *(end for end in ends if end)])
        return View("Completed", done, tuple(sorted(letters)), asked)


def floor(moment: datetime) -> datetime:
    """Return the whole minute that *moment* is in."""
    return moment.replace(second=0, microsecond=0)


def is_day(moment: datetime) -> bool:
    """Tell whether it is between nine and five in Oslo, both left out."""
    local = moment.astimezone(ZoneInfo("Europe/Oslo"))
    return 9 <= local.hour < 17 and local.time() != time(9)


@cache
def daytime_after(moment: datetime) -> datetime:
    """Return the first whole minute of a day after *moment*, by looking at each."""
    minutes = (floor(moment) + number * MINUTE for number in count(1))
    return next(minute for minute in minutes if is_day(minute))


def letter_at(seen: datetime, generated: datetime, plan: Plan, way: str, fate: str) -> Letter:
    """Return a message as it is when *seen*: a minute for each step of its path."""
    handed_over = HANDED_OVER[way]
    path = PATHS.get(fate, ("Sending", handed_over, fate))
    path = path[:2] if fate in (handed_over, "Failed_TTL") else path
    waits = way == "Sms" and plan.policy != "Anytime"
    first = daytime_after(generated) if waits else floor(generated) + MINUTE
    expires = plan.expiry(way)
    steps = max(0, min(len(path), (min(seen, expires) - first) // MINUTE + 1))
    if steps and first + (steps - 1) * MINUTE == expires and path[steps - 1] != "Sending":
        steps -= 1
    if not steps:
        return way, fate if fate in UNREACHED else "New", generated
    swept = floor(expires + 5 * MINUTE) + MINUTE
    swept += -swept.minute % 15 * MINUTE
    if path[steps - 1] == handed_over and seen >= swept:
        return way, "Failed_TTL", swept
    return way, path[steps - 1], first + (steps - 1) * MINUTE


def result_at(letter: Letter, fate: str) -> datetime | None:
    """Return when a message with a *fate* last got a result, if ever: not by being on its way."""
    way, result, since = letter
    if result == "Sending" and fate == TRANSIENT:
        # A minute before it was new again, or new for the first time, which tells nothing either.
        return since - MINUTE
    return None if result in ("Sending", HANDED_OVER[way]) else since


def seen_in(order: Order, asked: int) -> View:
    """Return the visible state of *order*, whose send condition was *asked* so many times."""
    letters = [(str(it.channel), str(it.result), it.last_update) for it in order.notifications]
    return View(str(order.status), order.last_update, tuple(sorted(letters)), asked)


def check(order: Order, generated: int) -> None:
    """Assert the invariants of *order*, generated so many times."""
    is_sent = order.status in (Status.PROCESSED, Status.COMPLETED)
    is_pending = any(it.is_pending for it in order.notifications)
    assert generated == is_sent or (order.is_pinned and generated <= 1)
    assert is_pending or order.is_pinned or order.status is not Status.PROCESSED
    if order.status is Status.COMPLETED and is_pending:
        assert order.is_pinned or any(it.is_pinned for it in order.notifications)
    assert is_sent or order.is_pinned or not order.notifications
    on_their_way = [it for it in order.notifications if it.result is SmsResult.SENDING]
    is_free = order.sending_time_policy is SendingTimePolicy.ANYTIME
    assert all(is_day(it.last_update) or it.is_pinned or is_free for it in on_their_way)
    summary: Any = write_order_with_status(order, "").get("notificationsStatusSummary", {})
    assert sum(it["generated"] for it in summary.values()) == len(order.notifications)
    assert all(it["succeeded"] <= it["generated"] for it in summary.values())


def check_step(before: Order, after: Order) -> None:
    """Assert that *after* is a permitted successor of *before*, not made by hand."""
    assert before == after or not before.is_pinned
    assert before.status is after.status or leads(before.status, after.status)
    if after.status in (before.status, Status.PROCESSING):
        assert before.last_update == after.last_update
    if before.notifications:
        for old, new in zip(before.notifications, after.notifications, strict=True):
            assert old == new or (old.id == new.id and old.is_pending and not old.is_pinned)


def leads(before: Status, after: Status) -> bool:
    """Tell whether *before* becomes *after* at last; no order is handed back here."""
    onward = TRANSITIONS[before] - {Status.REGISTERED}
    return after in onward or any(leads(status, after) for status in onward)
