"""The test driver's interface to one sandbox, be the server in this process or at some URL."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Unpack

from mock_server.domain.notifications import RESULTS
from mock_server.domain.orders import OrderNotFoundError, Status
from mock_server.testing.assertions import (
    calls_missed,
    check_times,
    check_word,
    is_missed,
    order_missing,
    result_missed,
    status_missed,
)
from mock_server.testing.messages import Documents, SandboxMessages
from mock_server.testing.types import (
    FaultMembers,
    NewOrder,
    ResultName,
    StatusName,
    TokenKind,
    TokenPreset,
)


class SandboxClock(ABC):
    """A sandbox's clock. Datetimes are aware; ClockOutOfRangeError outside 2000 to 9000."""

    @abstractmethod
    def now(self) -> datetime:
        """Return the sandbox's time, aware UTC."""

    @abstractmethod
    def set(self, moment: datetime) -> datetime:
        """Move to *moment*."""

    @abstractmethod
    def advance(self, span: timedelta) -> datetime:
        """Move by *span*, which may be negative."""

    @abstractmethod
    def next(self) -> dict[str, Any]:
        """
        Move to the next thing that would change an answer, of any order.

        Returned is what `POST /__mock/clock/next` answers: `now`, `frozen`, and the `event`.

        Raises:
            NothingDueError: nothing is due, or the server runs with `progress="manual"`.
        """

    @abstractmethod
    def freeze(self, at: datetime | None = None) -> datetime:
        """Stand still, *at* a moment or now."""

    @abstractmethod
    def resume(self) -> datetime:
        """Run on from the frozen instant."""


class SandboxOrders(ABC):
    """A sandbox's orders, as dicts with the members that the control plane has."""

    @abstractmethod
    def create(self, **members: Unpack[NewOrder]) -> dict[str, Any]:
        """Store an order made of any subset of its *members*; MemberError for a bad one."""

    def create_chain(self, creator: str = "ttd", **body: Any) -> dict[str, Any]:
        """
        Store an order and its reminders, as `createOrderChain` does with *body*.

        The members of *body* are those of the JSON; `idempotencyId` may be left out. Returned is
        the receipt, and `orders`, each with all its members.

        Raises:
            MemberError: a member is bad; the first of them.
        """
        return self._create_by("createOrderChain", creator, body)

    def create_instant(self, creator: str = "ttd", **body: Any) -> dict[str, Any]:
        """
        Store an SMS or an e-mail that is sent at once, as the instant creates do with *body*.

        It is an e-mail where there is a `recipientEmail`. Returned and raised is as by
        `create_chain`.
        """
        by_name = {"recipientEmail": "createInstantEmail", "recipient": "createInstantOrder"}
        found = (operation for name, operation in by_name.items() if name in body)
        return self._create_by(next(found, "createInstantSms"), creator, body)

    def create_composed(self, creator: str = "ttd", **body: Any) -> dict[str, Any]:
        """
        Store an e-mail with attachments, as `createComposedEmail` does with *body*.

        Returned and raised is as by `create_chain`.
        """
        return self._create_by("createComposedEmail", creator, body)

    @abstractmethod
    def _create_by(
        self, operation_id: str, creator: str, body: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Store what the create *operation_id* would."""

    @abstractmethod
    def get(self, order_id: str) -> dict[str, Any]:
        """Return one order; OrderNotFoundError if there is none."""

    @abstractmethod
    def list(self, **filters: Any) -> Documents:
        """
        Return the orders, oldest first, each without its `history` and `next`.

        *filters* are `status`, `creator` and `type`; of a page `limit`, `after` (an id) and
        `order_by` (`asc` or `desc`).
        """

    @abstractmethod
    def set_status(self, order_id: str, status: StatusName) -> dict[str, Any]:
        """Set an internal *status*, where the order then stays; MemberError if there is no such."""

    @abstractmethod
    def set_result(self, order_id: str, notification_id: str, result: ResultName) -> dict[str, Any]:
        """Set the *result* of one notification, where it then stays, and return the order."""

    @abstractmethod
    def delete(self, order_id: str) -> None:
        """Forget one order; OrderNotFoundError if there is none."""

    def assert_status(self, order_id: str, status: StatusName) -> dict[str, Any]:
        """
        Return the order, which must have the internal *status*, by the sandbox's clock.

        Raises:
            AssertionError: it has another, or there is no such order.
            ValueError: there is no such status.
        """
        __tracebackhide__ = True
        check_word("status", status, [*map(str, Status)])
        order = self._sought(order_id)
        if order["status"] != status:
            raise AssertionError(status_missed(status, order))
        return order

    def assert_notified(
        self, order_id: str, result: ResultName, *, times: int | None = None
    ) -> Documents:
        """
        Return the order's notifications with this *result*: exactly *times*, or at least one.

        Raises:
            AssertionError: there are not so many; lists those that there are.
            ValueError: no channel has such a result.
        """
        __tracebackhide__ = True
        check_times(times)
        check_word("result", result, RESULTS)
        order = self._sought(order_id)
        found = [item for item in order["notifications"] if item["result"] == result]
        if is_missed(times, found):
            raise AssertionError(result_missed(result, times, found, order))
        return found

    def _sought(self, order_id: str) -> dict[str, Any]:
        __tracebackhide__ = True
        try:
            return self.get(order_id)
        except OrderNotFoundError:
            raise AssertionError(order_missing(order_id, self.list())) from None


class SandboxRequests(ABC):
    """The last 1,000 requests to a sandbox's orders API, with their answers."""

    base_url: str
    """Where clients of the sandbox are to send their requests."""

    @abstractmethod
    def list(self, **filters: Any) -> Documents:
        """
        Return the requests, newest last.

        *filters* are `operation_id`, `method`, `path`, `status`, `limit`, and `wait` (a timedelta)
        with `count`: how long to wait for how many, up to a minute.
        """

    @abstractmethod
    def clear(self) -> None:
        """Forget the requests."""

    @abstractmethod
    def operation_ids(self) -> Collection[str]:
        """Return the operations of the contract that is served."""

    def assert_called(
        self,
        operation_id: str | None = None,
        *,
        times: int | None = None,
        wait: timedelta | None = None,
        **filters: Any,
    ) -> Documents:
        """
        Return the requests that fit: exactly *times*, or at least one.

        *filters* are `method`, `path` (a part of it) and `status`. With *wait*, up to a minute,
        what another thread or process sends has so long to come.

        Raises:
            AssertionError: there are not so many; lists every request with why it was answered so.
            ValueError: there is no such operation.
        """
        __tracebackhide__ = True
        check_times(times)
        wanted = {"operation_id": operation_id, **filters} if operation_id else filters
        if operation_id:
            check_word("operation", operation_id, self.operation_ids())
        patience = {} if wait is None else {"wait": wait, "count": max(times or 1, 1)}
        found = self.list(**wanted, **patience)
        if is_missed(times, found):
            raise AssertionError(calls_missed(wanted, times, found, self.list(), self.base_url))
        return found

    def assert_not_called(self, operation_id: str | None = None, **filters: Any) -> None:
        """
        Check that no request fits, or, without arguments, that there was none at all.

        *filters*, and what is raised: as `assert_called`.
        """
        __tracebackhide__ = True
        self.assert_called(operation_id, times=0, **filters)


class SandboxFaults(ABC):
    """The faults of a sandbox, as dicts with the members that the control plane has."""

    @abstractmethod
    def add(
        self, rule: Mapping[str, Any] | None = None, **members: Unpack[FaultMembers]
    ) -> dict[str, Any]:
        """
        Arm a fault: a *rule* as the control plane takes it, or its *members*; return it with id.

        Raises MemberError where a member is bad, or does not go with another.
        """

    @abstractmethod
    def list(self) -> Documents:
        """Return every fault with how often it has taken effect, `matched`."""

    @abstractmethod
    def remove(self, fault_id: str) -> None:
        """Disarm one fault; FaultNotFoundError if there is none."""

    @abstractmethod
    def clear(self) -> None:
        """Disarm every fault."""


class SandboxRegister(ABC):
    """A sandbox's register, as a dict with the members that the control plane has."""

    @abstractmethod
    def get(self) -> dict[str, Any]:
        """Return the persons and organisations in the register, and whether it is down."""

    @abstractmethod
    def replace(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Replace it, whole, by *document*, and return it; MemberError for a bad one."""


class AltinnNotifications(ABC):
    """
    One sandbox of a running mock: where it is, and all that governs it.

    *url* is the root that has `/__mock` below it; *base_url* ends in `/notifications/api/v1`.
    No method needs an event loop, or stops one but while it lasts.

    Source: docs/testing.md.
    """

    url: str
    base_url: str
    control_url: str
    clock: SandboxClock
    orders: SandboxOrders
    register: SandboxRegister
    messages: SandboxMessages
    requests: SandboxRequests
    faults: SandboxFaults

    @abstractmethod
    def token(
        self,
        kind: TokenKind = "bearer",
        org: str = "ttd",
        scope: str | None = None,
        preset: TokenPreset = "valid",
        expires_in: int = 3600,
    ) -> str:
        """Return a token; *expires_in* is in seconds. ValueError for what there is not."""

    @abstractmethod
    def reset(self) -> None:
        """Return the sandbox to how it started."""

    @abstractmethod
    def drop(self) -> None:
        """Forget the sandbox; used again, it starts anew. The default one is reset instead."""

    @abstractmethod
    def state(self) -> dict[str, Any]:
        """Return all that the sandbox remembers, but for its requests, as a JSON document."""

    @abstractmethod
    def restore(self, document: Mapping[str, Any]) -> None:
        """Put back the state that *document* has; MemberError, and no change, if it cannot be."""

    @abstractmethod
    def sandbox(self, name: str) -> "AltinnNotifications":
        """Return the sandbox *name* of the same server, created on first use."""
