"""What moves the orders of one sandbox: time as it is seen, triggers, and hands."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from mock_server.domain import lifecycle as life
from mock_server.domain.clock import Clock
from mock_server.domain.orders import Inquiry, Order, OrderNotFoundError, Status
from mock_server.domain.recipients import NotificationChannel
from mock_server.domain.schedule import is_daytime
from mock_server.store.port import Store

Change = Callable[[Order, datetime], Order]
"""What becomes of an order at a time, aware UTC."""

MOST_ASKED_AT_ONCE = 128
"""How many send conditions are waited for at the same time where many are due."""

_MOVING = frozenset({Status.REGISTERED, Status.PROCESSING, Status.PROCESSED})


class ProgressMode(StrEnum):
    """`automatic`: orders live by the clock. `manual`: only triggers move them."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """
    What an order meets beyond the clock, the same for every sandbox.

    *notify* generates its notifications; *ask* calls a send condition and returns what it says,
    None if nothing that decides.
    """

    notify: life.Generate
    ask: Callable[[str], bool | None]
    mode: ProgressMode = ProgressMode.AUTOMATIC


class Progress:
    """
    The life of every order of a sandbox. Safe to use from several threads.

    There is no thread of its own: an order is settled, that is brought up to now, when it is
    read or changed, when the clock is moved, and by triggers. Send conditions are called outside
    any lock; who claims an order asks, and everybody else sees it Processing in the meantime.

    Source: docs/life.md.
    """

    def __init__(self, store: Store, clock: Clock, surroundings: Surroundings) -> None:
        """Move the orders of *store* by *clock*."""
        self._store = store
        self._clock = clock
        self._notify = surroundings.notify
        self._ask = surroundings.ask
        self._is_automatic = surroundings.mode == ProgressMode.AUTOMATIC

    def get(self, order_id: UUID, creator: str | None = None) -> Order:
        """Return an order as it is by now; raise OrderNotFoundError where there is none."""
        return self._change(self._store.get(order_id, creator), self._replay)

    def all(self) -> list[Order]:
        """Return every order as it is by now, oldest first by creation in the store."""
        self.settle()
        return self._store.all()

    def update(
        self,
        order_id: UUID,
        change: Change,
        creator: str | None = None,
    ) -> Order:
        """
        Replace an order, as it is by now, by *change* of it and of now, and return the new one.

        Raises:
            OrderNotFoundError: there is none. What *change* raises flies; nothing is stored then.
        """

        def settled_and_changed(found: Order) -> Order:
            now = self._clock.now()
            return change(self._replay(found, now), now)

        order, now = self._store.get(order_id, creator), self._clock.now()
        settled = self._replay(order, now)
        if settled is order:
            after = change(order, now)
        else:
            order = self._put(order, settled, self._replay)
            after = settled_and_changed(order)
        if after is order:
            return order
        order, inquiry = self._swap(order, after, settled_and_changed)
        return (
            order if inquiry is None else self._change(self._answer(order, inquiry), self._replay)
        )

    def settle(self) -> None:
        """Bring every order up to now; where time moves nothing, ask what was lost again."""
        moving = self._moving()
        if not self._is_automatic:
            moving = [order for order in moving if life.take_up(order) is not order]
        self._each(moving, self._replay)

    def move_clock(self, move: Callable[[], datetime]) -> datetime:
        """
        Move the clock by *move* and return what that returns.

        What happened before stays: every order is settled at the old time, then at the new one.
        """
        self.settle()
        moment = move()
        self.settle()
        return moment

    def claim_due_orders(self) -> None:
        """Claim and process what is due within a minute, oldest send time first."""
        self._trigger(lambda order, now: life.claim_if_due(order, now, self._notify))

    def send_new(self, channel: NotificationChannel) -> None:
        """
        Send the new notifications by *channel*, `Email` or `Sms`; SMS in daytime alone.

        Where time moves nothing, what was sent earlier gets its next report.
        """
        if channel is NotificationChannel.SMS and not is_daytime(self._clock.now()):
            return
        has_reports = not self._is_automatic
        self._trigger(
            lambda order, now: life.send_new(order, channel, now, has_reports=has_reports)
        )

    def give_up_expired(self) -> None:
        """Give up the notifications that no delivery report will come of."""
        self._trigger(life.give_up)

    def _trigger(self, change: Change) -> None:
        self.settle()
        due = sorted(self._moving(), key=lambda order: order.requested_send_time)
        self._each(due, lambda order, now: change(self._replay(order, now), now))

    def _moving(self) -> list[Order]:
        return [order for order in self._store.all() if order.status in _MOVING]

    def _each(self, orders: Iterable[Order], change: Change) -> None:
        """Do *change* to each of *orders*; those with a send condition side by side."""

        def act(order: Order) -> None:
            with suppress(OrderNotFoundError):  # deleted in the meantime
                self._change(order, change)

        waiting = []
        for order in orders:
            if order.condition_endpoint:
                waiting.append(order)
            else:
                act(order)
        if waiting:
            with ThreadPoolExecutor(min(len(waiting), MOST_ASKED_AT_ONCE)) as pool:
                list(pool.map(act, waiting))

    def _replay(self, order: Order, now: datetime) -> Order:
        if self._is_automatic:
            return life.replay(order, now, self._notify)
        return life.take_up(order)

    def _change(self, order: Order, change: Change) -> Order:
        """Return *order* changed, with every send condition that comes up asked for."""
        return self._put(order, change(order, self._clock.now()), change)

    def _put(self, order: Order, after: Order, change: Change) -> Order:
        """Store *after*, which is *order* changed, and ask what comes up thereby."""
        if after is order:
            return order
        # At the time that it is then: a reset may have turned it back, and brought new orders.
        order, inquiry = self._swap(order, after, lambda found: change(found, self._clock.now()))
        if inquiry is None:
            return order
        return self._change(self._answer(order, inquiry), self._replay)

    def _answer(self, order: Order, inquiry: Inquiry) -> Order:
        is_met = self._ask(order.condition_endpoint or "")

        def answered(found: Order) -> Order:
            return life.answer(found, inquiry, self._notify, is_met=is_met)

        return self._swap(order, answered(order), answered)[0]

    def _swap(
        self, order: Order, after: Order, change: Callable[[Order], Order]
    ) -> tuple[Order, Inquiry | None]:
        """
        Store *after* in place of *order*, or *change* of what has taken its place since.

        Returned with it is the inquiry that this opened, which the caller then has to answer.
        What takes long is thus done before the store is locked.
        """
        opened: Inquiry | None = None

        def swap(found: Order) -> Order:
            nonlocal opened
            new = after if found is order else change(found)
            is_opened = new.inquiry is not None and new.inquiry.is_open
            opened = new.inquiry if is_opened and new.inquiry != found.inquiry else None
            return new

        return self._store.update(order.id, swap, order.creator), opened
