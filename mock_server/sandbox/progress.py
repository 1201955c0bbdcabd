"""Progress of the orders of one sandbox: by the clock, by triggers, and by hand."""

import heapq
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from mock_server.domain import lifecycle as life
from mock_server.domain.generation import generate
from mock_server.domain.notifications import Notification, expire
from mock_server.domain.order_chains import OrderChain
from mock_server.domain.orders import Inquiry, Order, OrderNotFoundError, Status
from mock_server.domain.recipients import NotificationChannel
from mock_server.domain.register import CurrentRegister, Register
from mock_server.domain.schedule import is_daytime
from mock_server.domain.status_feed import ENDED, entry_of
from mock_server.domain.templates import SendingTimePolicy
from mock_server.sandbox.parts import ClockPart, FeedPart, KeptPause, Pause, RegisterPart
from mock_server.sandbox.surroundings import Note, ProgressMode, Surroundings
from mock_server.store.port import Store

Change = Callable[[Order, datetime], Order]
"""A change of an order at a time, aware UTC."""

MOST_ASKED_AT_ONCE = 128
"""How many send conditions are waited for at the same time where many are due."""

MOST_GIVEN_UP = 100
"""How many notifications by one channel a sweep gives up at most."""

EMAIL_PAUSE = timedelta(seconds=60)
"""How long no trigger sends e-mail after a transient error of the carrier."""

_MOVING = frozenset({Status.REGISTERED, Status.PROCESSING, Status.PROCESSED})


def _silent(_told: str) -> None:
    """Let nothing be told."""


class Progress:
    """
    The life of every order of a sandbox. Safe to use from several threads.

    There is no thread of its own: an order is settled, that is brought up to now, when it is
    read or changed, when the clock is moved, and by triggers. Send conditions are called outside
    any lock; who claims an order asks, and everybody else sees it Processing in the meantime.

    Source: docs/life.md.
    """

    def __init__(
        self,
        store: Store,
        clock: ClockPart,
        surroundings: Surroundings,
        feed: FeedPart,
        register: RegisterPart | None = None,
        *,
        pause: Pause | None = None,
    ) -> None:
        """
        Move the orders of *store* by *clock*, and tell *feed* which have ended.

        Who is to be notified, *register* tells. While there is a *pause* no trigger sends e-mail.
        """
        self._store = store
        self._clock = clock
        self._feed = feed
        self._pause = pause or KeptPause()
        by_register = partial(_generated, register or CurrentRegister(Register()))
        self._notify = surroundings.notify or by_register
        self._ask = surroundings.ask
        self.is_automatic = surroundings.mode == ProgressMode.AUTOMATIC

    @property
    def no_email_until(self) -> datetime | None:
        """Until when no trigger sends e-mail after a transient error; None for no such pause."""
        return self._pause.until

    def get(self, order_id: UUID, creator: str | None = None, note: Note = _silent) -> Order:
        """
        Return an order as it is by now; *note* hears of a send condition that was not called.

        Raises:
            OrderNotFoundError: there is none.
        """
        if self._store.is_shared:
            return self.update(order_id, _as_it_is, creator, note)
        return self._change(self._store.get(order_id, creator), self._replay, note)

    def all(self) -> list[Order]:
        """Return every order as it is by now, oldest first by creation in the store."""
        self.settle()
        return self._store.all()

    def add(self, order: Order) -> None:
        """
        Store a new *order*, which may have ended already; errors as `Store.add`.

        Whatever is due before is done first, so that the numbers of the feed follow events.
        """
        if order.status in ENDED:
            self.settle()
        self._store.add(order)
        if order.status in ENDED:
            self._feed.add(entry_of(order, self._clock.now()))
            self._feed.number(self._store.ranks)

    def begin_with(
        self, orders: Iterable[Order], now: datetime, chains: Iterable[OrderChain] = ()
    ) -> None:
        """
        Forget everything and begin at *now* with *orders*, some of which may have ended.

        *chains* are those that some of them are of.
        """
        self._pause.until = None
        self._feed.clear()
        self._store.clear(orders, chains)
        for order in self._store.all():
            if order.status in ENDED:
                self._feed.add(entry_of(order, now))

    def update_by_hand(self, order_id: UUID, change: Change) -> Order:
        """Do as `update` does, with all that is due before done first, and the feed numbered."""
        self.settle()
        order = self.update(order_id, change)
        self._feed.number(self._store.ranks)
        return order

    def update(
        self,
        order_id: UUID,
        change: Change,
        creator: str | None = None,
        note: Note = _silent,
    ) -> Order:
        """
        Replace an order, as it is by now, by *change* of it and of now, and return the new one.

        *note* hears of a send condition that was not called.

        Raises:
            OrderNotFoundError: there is none. What *change* raises flies; nothing is stored then.
        """

        def settled_and_changed(found: Order) -> Order:
            now = self._clock.now()
            return change(self._replay(found, now), now)

        if self._store.is_shared:
            return self._update_shared(order_id, change, creator, note)
        order, now = self._store.get(order_id, creator), self._clock.now()
        settled = self._replay(order, now)
        if settled is order:
            after = change(order, now)
        else:
            order = self._put(order, settled, self._replay, note)
            after = settled_and_changed(order)
        if after is order:
            return order
        order, inquiry = self._swap(order, after, settled_and_changed)
        return self._asked(order, inquiry, note)

    def _update_shared(
        self, order_id: UUID, change: Change, creator: str | None, note: Note
    ) -> Order:
        """
        Do as `update` does where several processes share the store.

        The order and the time that *change* goes by are read in one step, which does not lock it:
        no answer mixes what was true at different moments.
        """
        while True:
            is_done = False

            def step(found: Order) -> Order:
                nonlocal is_done
                now = self._clock.now()
                # What has happened by now is stored, whether or not *change* refuses then.
                settled = self._replay(found, now)
                is_done = settled is found
                return change(found, now) if is_done else settled

            order = self._asked(*self._commit(order_id, creator, step), note)
            if is_done:
                return order

    def settle(self, note: Note = _silent) -> None:
        """
        Bring every order up to now, and number ended ones in the feed; ask lost conditions again.

        Where triggers alone move orders, nothing else is done here.
        """
        self._each(self._store.due(self._clock.now()), self._replay, note)
        self._feed.number(self._store.ranks)

    def move_clock(self, move: Callable[[], datetime]) -> datetime:
        """
        Move the clock by *move* and return its result.

        What happened before stays: every order is settled at the old time, then at the new one.
        """
        self.settle()
        before = self._clock.now()
        moment = move()
        if moment < before:
            self._feed.turn_back(moment)
        self.settle()
        return moment

    def claim_due_orders(self, note: Note = _silent) -> None:
        """Claim and process the orders due within a minute, oldest send time first."""
        self._trigger(lambda order, now: life.claim_if_due(order, now, self._notify), note)

    def send_email(self, note: Note = _silent) -> None:
        """
        Send the new e-mails, unless the carrier had a transient error less than a minute ago.

        Where time moves nothing, what was sent earlier gets its next report.
        """
        until = self.no_email_until
        is_paused = until is not None and self._clock.now() < until
        self._send(NotificationChannel.EMAIL, lambda _order: True, note, may_send=not is_paused)

    def send_sms(self, note: Note = _silent, *, at_any_time: bool) -> None:
        """
        Send the new SMS of orders that allow it at any time, or, in daytime, those of the others.

        Where time moves nothing, what was sent earlier gets its next report.
        """
        if not at_any_time and not is_daytime(self._clock.now()):
            return

        def is_meant(order: Order) -> bool:
            return (order.sending_time_policy is SendingTimePolicy.ANYTIME) is at_any_time

        self._send(NotificationChannel.SMS, is_meant, note, may_send=True)

    def _send(
        self,
        channel: NotificationChannel,
        is_meant: Callable[[Order], bool],
        note: Note,
        *,
        may_send: bool,
    ) -> None:
        has_reports = not self.is_automatic

        def sent(order: Order, now: datetime) -> Order:
            if not is_meant(order):
                return order
            return life.send_new(order, channel, now, has_reports=has_reports, may_send=may_send)

        self._trigger(sent, note)

    def give_up_expired(self, note: Note = _silent) -> None:
        """Give up notifications that no report will come of: 100 by each channel, oldest first."""
        self.settle(note)
        now = self._clock.now()
        for channel in (NotificationChannel.EMAIL, NotificationChannel.SMS):
            lost = [
                (item.expires, item.id)
                for order in self._moving()
                for item in order.notifications
                if item.channel is channel and expire(item, now) is not item
            ]
            ids = frozenset(each for _, each in heapq.nsmallest(MOST_GIVEN_UP, lost))
            self._trigger(partial(life.give_up, ids=ids), note)

    def clean_feed(self, note: Note = _silent) -> None:
        """Remove old entries of the status feed."""
        self.settle(note)
        self._feed.clean(self._clock.now())

    def _trigger(self, change: Change, note: Note) -> None:
        self.settle(note)
        due = sorted(self._moving(), key=lambda order: order.requested_send_time)
        self._each(due, lambda order, now: change(self._replay(order, now), now), note)
        self._feed.number(self._store.ranks)

    def _moving(self) -> list[Order]:
        return [order for order in self._store.all() if order.status in _MOVING]

    def _each(self, orders: Iterable[Order], change: Change, note: Note) -> None:
        """Do *change* to each of *orders*; those with a send condition side by side."""

        def act(order: Order) -> None:
            with suppress(OrderNotFoundError):  # deleted in the meantime
                self._change(order, change, note)

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
        if not self.is_automatic:
            return life.take_up(order)
        return life.replay(order, now, self._notify)

    def _change(self, order: Order, change: Change, note: Note) -> Order:
        """Return *order* changed, with every send condition that comes up asked for."""
        if self._store.is_shared:
            # What this process has read may have been changed by another since.
            return self._put_anew(order, change, note)
        return self._put(order, change(order, self._clock.now()), change, note)

    def _put(self, order: Order, after: Order, change: Change, note: Note) -> Order:
        """Store *after*, which is *order* changed, and ask what comes up thereby."""
        if after is order:
            return order
        # At the time that it is then: a reset may have turned it back, and brought new orders.
        order, inquiry = self._swap(order, after, lambda found: change(found, self._clock.now()))
        return self._asked(order, inquiry, note)

    def _put_anew(self, order: Order, change: Change, note: Note) -> Order:
        """Store *change* of what there is of *order*, and ask what comes up thereby."""
        order, inquiry = self._commit(
            order.id, order.creator, lambda found: change(found, self._clock.now())
        )
        return self._asked(order, inquiry, note)

    def _asked(self, order: Order, inquiry: Inquiry | None, note: Note) -> Order:
        """Return *order* with its *inquiry*, if any, answered, and all that follows done."""
        if inquiry is None:
            return order
        return self._change(self._answer(order, inquiry, note), self._replay, note)

    def _answer(self, order: Order, inquiry: Inquiry, note: Note) -> Order:
        is_met = self._ask(order.condition_endpoint or "", note)

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
        return self._commit(
            order.id, order.creator, lambda found: after if found is order else change(found)
        )

    def _commit(
        self, order_id: UUID, creator: str | None, change: Callable[[Order], Order]
    ) -> tuple[Order, Inquiry | None]:
        """Store *change* of an order, and return that with the inquiry that this opened."""
        opened: Inquiry | None = None

        def commit(found: Order) -> Order:
            nonlocal opened
            new = change(found)
            opened = _opened(found, new)
            if new.status in ENDED and found.status not in ENDED:
                # With the change itself, so that one is never there without the other.
                self._feed.add(entry_of(new, new.last_update))
            if not self.is_automatic and life.is_put_off(found, new):
                self._pause.until = self._clock.now() + EMAIL_PAUSE
            return new

        return self._store.update(order_id, commit, creator), opened


def _opened(before: Order, after: Order) -> Inquiry | None:
    """Return the inquiry that *after* has and *before* had not, if it is open."""
    inquiry = after.inquiry
    is_opened = inquiry is not None and inquiry.is_open and inquiry != before.inquiry
    return inquiry if is_opened else None


def _as_it_is(order: Order, _now: datetime) -> Order:
    return order


def _generated(register: RegisterPart, order: Order, now: datetime) -> tuple[Notification, ...]:
    return generate(order, now, register.contact)
