"""Leaves the server as it was found."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any

from mock_server.check.exchanges import member, printable
from mock_server.check.probe import MOST_IN_A_ROW, Probe
from mock_server.check.transport import NO_ANSWER
from mock_server.domain.orders import OrderNotFoundError
from mock_server.records.members import MemberError
from mock_server.testing.control_client import ControlError
from mock_server.testing.remote import RemoteSandbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """
    Counts of the leftovers of a check, and its *trouble*, in words, if not all could be undone.

    *cancelled* are orders that stay as such, *late* those that can no longer be cancelled. *used*
    are idempotencyIds, *sent* messages that went out at once.
    """

    cancelled: int = 0
    late: int = 0
    used: int = 0
    sent: int = 0
    trouble: str | None = None

    def in_words(self) -> str:
        """Return the leftovers in words, such as `152 cancelled orders, 21 used idempotencyIds`."""
        counts = {
            "cancelled order": self.cancelled,
            "order that can no longer be cancelled": self.late,
            "used idempotencyId": self.used,
            "sent message": self.sent,
        }
        told = [f"{count} {_plural(name, count)}" for name, count in counts.items() if count]
        return ", ".join(told) or "nothing"

    def as_document(self) -> dict[str, int]:
        """Return the counts as the JSON report has them."""
        return {
            "cancelledOrders": self.cancelled,
            "lateOrders": self.late,
            "usedIdempotencyIds": self.used,
            "sentMessages": self.sent,
        }


def _plural(name: str, count: int) -> str:
    first, blank, rest = name.partition(" that ")
    return name if count == 1 else f"{first}s{blank}{rest}"


class Leftovers:
    """Changes by a check, with the state before them."""

    def __init__(self, control: RemoteSandbox | None) -> None:
        """
        Remember how things are, and stop the clock of *control*.

        Raises:
            ControlError: the control plane does not answer as it should.
        """
        self._control = control
        self._state: dict[str, Any] | None = None
        if control is None:
            return
        try:
            self._state = control.state()
        except ControlError:
            self._state = None  # a control plane without snapshots: see _undo
        self._began = control.clock.freeze()
        self._counter = perf_counter()

    def remove(self, probe: Probe) -> Left:
        """Put everything back, as far as that can be done; return the leftovers."""
        if self._control is None:
            return self._cancel_all(probe)
        if self._state is not None:
            try:
                self._control.restore(self._state)
                self._run_on(self._control, self._state)
            except (ControlError, MemberError, ValueError) as error:
                return Left(trouble=f"the state before could not be put back: {error}")
            return Left()
        trouble = self._undo(self._control, probe.created)
        return Left(used=probe.used_ids, trouble=trouble)

    def _undo(self, control: RemoteSandbox, created: Iterable[str]) -> str | None:
        """Delete the orders *created*, and let the clock run on as if it never had stopped."""
        for order_id in created:
            try:
                control.orders.delete(order_id)
            except (OrderNotFoundError, ValueError):
                continue  # gone already, or never there: the server gave it an id that is none
            except ControlError as error:
                return printable(f"order {order_id} could not be deleted: {error}")
        try:
            control.clock.set(self._now())
            control.clock.resume()
        except (ControlError, MemberError, ValueError) as error:
            return f"the clock could not be put back: {error}"
        return None

    def _run_on(self, control: RemoteSandbox, state: Mapping[str, Any]) -> None:
        """Set a clock that ran to where it would be now."""
        if member(state, "clock", "frozen") is False:
            control.clock.set(self._now())

    def _now(self) -> datetime:
        return self._began + timedelta(seconds=perf_counter() - self._counter)

    def _cancel_all(self, probe: Probe) -> Left:
        """Cancel every order created, and tell those that could not be."""
        left, silent, late = list[str](), 0, 0
        for order_id, by in probe.created.items():
            if order_id in probe.sent:
                continue
            if silent < MOST_IN_A_ROW:
                request = probe.request("cancelOrder", order_id=order_id, by=by)
                answer = probe.transport.send(request)
                silent = silent + 1 if answer.trouble == NO_ANSWER else 0
                late += answer.status == 409
            if silent or answer.status not in {200, 409}:
                left.append(order_id)
        trouble = printable(f"could not be cancelled: {', '.join(left)}") if left else None
        sent = len(probe.sent)
        cancelled = len(probe.created) - sent - late - len(left)
        return Left(cancelled=cancelled, late=late, used=probe.used_ids, sent=sent, trouble=trouble)
