"""Builders of orders, registers and a world to live in."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

from mock_server.domain.clock import Clock
from mock_server.domain.generation import generate
from mock_server.domain.lifecycle import replay
from mock_server.domain.notifications import Notification
from mock_server.domain.orders import Inquiry, Order
from mock_server.domain.recipients import NotificationChannel, Recipient
from mock_server.domain.register import Contact, Register
from mock_server.sandbox.progress import Progress
from mock_server.sandbox.status_feed import StatusFeed
from mock_server.sandbox.surroundings import Note, ProgressMode, Surroundings
from mock_server.store.memory import MemoryStore
from mock_server.store.port import Capacity
from tests.support.builders import ORDER_ID, Wall, an_order

MINUTE = timedelta(minutes=1)
PATIENCE = 60
"""How many seconds a thread waits for another before the test fails."""

EMAIL, MOBILE = "kari@example.com", "+4798765432"
EVERYWHERE, BY_EMAIL, BY_MOBILE = "10000000001", "10000000002", "10000000003"
NOWHERE, RESERVED, ORGANIZATION = "10000000004", "10000000005", "100000001"
REGISTER = Register(
    {
        EVERYWHERE: Contact((EMAIL,), (MOBILE,)),
        BY_EMAIL: Contact(emails=(EMAIL,)),
        BY_MOBILE: Contact(mobiles=(MOBILE,)),
        NOWHERE: Contact(),
        RESERVED: Contact((EMAIL,), (MOBILE,), is_reserved=True),
    },
    {ORGANIZATION: Contact((EMAIL,), (MOBILE,))},
)
CONDITION = "https://example.com/condition"


def at(clock: str, day: int = 1) -> datetime:
    """Return the time *clock*, such as `13:00:00.000001`, on a *day* of March 2031, in UTC."""
    return datetime.combine(datetime(2031, 3, day, tzinfo=UTC), time.fromisoformat(clock), UTC)


SEND_TIME = at("13:00")
PICKED_UP = at("12:59")


def an_id(number: int) -> UUID:
    """Return an order id that no other *number* gives."""
    return UUID(int=ORDER_ID.int + number)


def an_order_to(*addresses: str, **changes: Any) -> Order:
    """
    Return an order created at 12:00 and due at 13:00, with *changes*.

    It is an Sms order if every one of *addresses* is a mobile number, else an Email order. What is
    neither that nor an e-mail address is a national identity number.
    """
    is_sms = all(address.startswith("+") for address in addresses)
    order = an_order(
        created=at("12:00"),
        last_update=at("12:00"),
        requested_send_time=SEND_TIME,
        notification_channel=NotificationChannel.SMS if is_sms else NotificationChannel.EMAIL,
        recipients=tuple(_recipient(address) for address in addresses),
    )
    return replace(order, **changes)


def _recipient(address: str) -> Recipient:
    if "@" in address:
        return Recipient(email_address=address)
    if address.startswith("+"):
        return Recipient(mobile_number=address)
    return Recipient(national_identity_number=address)


def notify(order: Order, now: datetime) -> tuple[Notification, ...]:
    """Generate the notifications of *order* at *now*, with REGISTER."""
    return generate(order, now, REGISTER.contact)


def settled(order: Order, now: datetime) -> Order:
    """Return *order* as time alone has moved it by *now*, in one step."""
    return replay(order, now, notify)


def stages(order: Order, until: datetime, step: timedelta = MINUTE) -> Iterator[Order]:
    """Yield *order* after every change that time makes, looking each *step* from its creation."""
    moment = order.created
    while moment <= until:
        after = settled(order, moment)
        if after is not order:
            yield after
        order, moment = after, moment + step


def results(order: Order) -> list[str]:
    """Return the results of the notifications of *order*."""
    return [item.result for item in order.notifications]


def inquiry_of(order: Order) -> Inquiry:
    """Return the inquiry of *order*, whose send condition is not decided yet."""
    assert order.inquiry is not None
    return order.inquiry


def undecided(_endpoint: str) -> None:
    """Answer as a send condition that never decides."""


def saying(answers: Iterable[bool | None]) -> Callable[[str], bool | None]:
    """Return a send condition that gives *answers* in turn, and must not be asked after them."""
    left = iter(answers)
    return lambda _endpoint: next(left)


class MeetingStore(MemoryStore):
    """A store in which two have to read an order before either of them goes on."""

    def __init__(self, *start: Any, **more: Any) -> None:
        """Begin as any store."""
        super().__init__(*start, **more)
        self._both = Barrier(2)

    def get(self, order_id: UUID, creator: str | None = None) -> Order:
        """Return an order once somebody else is about to have it as well."""
        found = super().get(order_id, creator)
        self._both.wait(PATIENCE)
        return found


class RunningWall(Wall):
    """Real time that is a minute later whenever it is read."""

    def __call__(self) -> datetime:
        """Return the time that it is."""
        self.now += MINUTE
        return self.now


class World:
    """The orders, clock and progress of one sandbox; its clock shows the time of *wall*."""

    def __init__(
        self,
        *orders: Order,
        ask: Callable[[str], bool | None] = undecided,
        mode: ProgressMode = ProgressMode.AUTOMATIC,
        store: type[MemoryStore] = MemoryStore,
        wall: Wall | None = None,
    ) -> None:
        """Begin at NOW with *orders*, whose send conditions *ask* answers; they are counted."""
        self.wall = wall or Wall()
        self.clock = Clock(self.wall)
        surroundings = Surroundings(self._answer, mode, self._notify)
        self.store = store(Capacity(1000), orders, wake=surroundings.wake)
        self.feed = StatusFeed()
        self.asked: list[str] = []
        self.notified: list[UUID] = []
        self._ask = ask
        self.progress = Progress(self.store, self.clock, surroundings, self.feed)

    def _answer(self, endpoint: str, _note: Note) -> bool | None:
        self.asked.append(endpoint)
        return self._ask(endpoint)

    def _notify(self, order: Order, now: datetime) -> tuple[Notification, ...]:
        self.notified.append(order.id)
        return notify(order, now)

    def get(self, now: datetime | None = None, number: int = 0) -> Order:
        """Return the order with the id *number* as it is read, at *now* where that is given."""
        self.wall.now = now or self.wall.now
        return self.progress.get(an_id(number))

    def send(self, channel: NotificationChannel) -> None:
        """Call the trigger that sends by *channel*, in daytime that of SMS."""
        if channel is NotificationChannel.EMAIL:
            self.progress.send_email()
        else:
            self.progress.send_sms(at_any_time=False)

    def move_to(self, moment: datetime) -> None:
        """Move the clock to *moment*."""
        self.progress.move_clock(lambda: self.clock.set(moment))
