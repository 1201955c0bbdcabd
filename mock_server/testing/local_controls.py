"""In-process driver of one sandbox: its clock, orders, requests and faults."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from mock_server.app import Mock
from mock_server.control_plane.messages import check_filter
from mock_server.control_plane.paging import Paging
from mock_server.control_plane.requests import patience_of
from mock_server.documents.orders import read_status, read_type
from mock_server.documents.snapshots import as_json
from mock_server.formats.arguments import (
    MESSAGE_FILTERS,
    ORDER_FILTERS,
    read_filters,
    read_id,
    read_moment,
    read_rule,
    read_span,
)
from mock_server.formats.timestamps import format_duration
from mock_server.order_requests.stages import RequestInvalid
from mock_server.records.members import MemberError
from mock_server.sandbox.messages import MessageFilter, wait_for_messages
from mock_server.sandbox.sandbox import Sandbox
from mock_server.testing.interface import (
    SandboxClock,
    SandboxFaults,
    SandboxOrders,
    SandboxRegister,
    SandboxRequests,
)
from mock_server.testing.messages import Documents, SandboxMessages

_PAGING = ("after", "limit", "order_by")


class ClockControl(SandboxClock):
    """A sandbox's clock, as tests drive it. Datetimes are aware."""

    def __init__(self, mock: Mock, enter: Callable[[], Sandbox]) -> None:
        """Drive the clock of the sandbox that *enter* returns."""
        self._control = mock.control
        self._enter = enter

    def now(self) -> datetime:
        """Return the sandbox's time, aware UTC."""
        return self._enter().clock.now()

    def set(self, moment: datetime) -> datetime:
        """Move to *moment*; ClockOutOfRangeError outside 2000 to 9000."""
        return self._enter().set_clock(read_moment(moment))

    def advance(self, span: timedelta) -> datetime:
        """Move by *span*, which may be negative; ClockOutOfRangeError outside 2000 to 9000."""
        return self._enter().advance_clock(read_span(span))

    def next(self) -> dict[str, Any]:
        """Move to the next thing that would change an answer; NothingDueError if there is none."""
        return self._control.advance_clock_to_next(sandbox=self._enter())

    def freeze(self, at: datetime | None = None) -> datetime:
        """Stand still, *at* a moment or now."""
        moment = None if at is None else read_moment(at)
        return self._enter().set_clock(moment, frozen=True)

    def resume(self) -> datetime:
        """Run on from the frozen instant."""
        return self._enter().set_clock(frozen=False)


class OrdersControl(SandboxOrders):
    """A sandbox's orders, as dicts with the members that the control plane has."""

    def __init__(self, mock: Mock, enter: Callable[[], Sandbox]) -> None:
        """Govern the orders of the sandbox that *enter* returns."""
        self._control = mock.control
        self._chains = mock.chains
        self._enter = enter

    def create(self, **members: object) -> dict[str, Any]:
        """Store an order made of any subset of its *members*; MemberError for a bad one."""
        return self._control.store_order(members, self._enter())

    def _create_by(
        self, operation_id: str, creator: str, body: Mapping[str, Any]
    ) -> dict[str, Any]:
        document = {"operationId": operation_id, "creator": creator, "body": as_json(body)}
        try:
            return self._chains.store_chain(document, self._enter())
        except RequestInvalid as error:
            member, (message, *_) = next(iter(error.errors.items()))
            raise MemberError(member.removeprefix("$."), message.rstrip(".")) from error

    def get(self, order_id: str) -> dict[str, Any]:
        """Return one order; OrderNotFoundError if there is none."""
        return self._control.get_control_order(str(read_id(order_id)), sandbox=self._enter())

    def list(self, **filters: Any) -> "list[dict[str, Any]]":
        """Return the orders, oldest first; *filters* as `SandboxOrders.list` says."""
        wanted = read_filters(filters, ORDER_FILTERS)
        if "status" in wanted:
            read_status(wanted["status"])
        if "type" in wanted:
            wanted["type_"] = read_type(wanted.pop("type"))
        listed = self._control.list_control_orders(sandbox=self._enter(), **wanted)
        orders: list[dict[str, Any]] = listed["orders"]  # type: ignore[assignment] # its shape
        return orders

    def set_status(self, order_id: str, status: str) -> dict[str, Any]:
        """Set an internal *status*, where the order then stays; MemberError if there is no such."""
        document = {"status": read_status(status)}
        return self._control.update_control_order_status(
            str(read_id(order_id)), sandbox=self._enter(), document=document
        )

    def set_result(self, order_id: str, notification_id: str, result: str) -> dict[str, Any]:
        """Set the *result* of one notification, where it then stays, and return the order."""
        order, notification = str(read_id(order_id)), str(read_id(notification_id))
        document = {"result": result}
        return self._control.update_control_notification(
            order, notification, sandbox=self._enter(), document=document
        )

    def delete(self, order_id: str) -> None:
        """Forget one order; OrderNotFoundError if there is none."""
        self._control.delete_control_order(str(read_id(order_id)), sandbox=self._enter())


class RequestsControl(SandboxRequests):
    """In-process access to the journal of a sandbox: requests and their answers."""

    def __init__(self, mock: Mock, enter: Callable[[], Sandbox], base_url: str) -> None:
        """Read the journal of the sandbox at *base_url* that *enter* returns."""
        self.base_url = base_url
        self._operations = mock.requests
        self._enter = enter

    def list(self, **filters: Any) -> "list[dict[str, Any]]":
        """
        Return the requests, newest last.

        *filters* are `operation_id`, `method`, `path`, `status`, `limit`, and `wait` (a timedelta)
        with `count`: how long to wait for how many.
        """
        wanted = read_filters(filters)
        wait = wanted.pop("wait", None)
        spelled = None if wait is None else format_duration(wait)
        listed = self._operations.list_requests(sandbox=self._enter(), wait=spelled, **wanted)
        requests: list[dict[str, Any]] = listed["requests"]  # type: ignore[assignment] # its shape
        return requests

    def clear(self) -> None:
        """Forget the requests."""
        self._operations.delete_requests(sandbox=self._enter())

    def operation_ids(self) -> Collection[str]:
        """Return the operations of the contract that is served."""
        return self._operations.operation_ids


class MessagesControl(SandboxMessages):
    """In-process access to the messages of a sandbox's orders."""

    def __init__(self, mock: Mock, enter: Callable[[], Sandbox]) -> None:
        """Read the messages of the sandbox that *enter* returns."""
        self._operations = mock.messages
        self._control = mock.control
        self._enter = enter

    def list(self, **filters: Any) -> "list[dict[str, Any]]":
        """Return the messages, newest last; *filters* as `SandboxMessages.list` says."""
        asked = read_filters(filters, MESSAGE_FILTERS)
        wait, count = asked.pop("wait", None), asked.pop("count", 1)
        paging = {name: asked.pop(name) for name in _PAGING if name in asked}
        if "order_id" in asked:
            asked["order_id"] = read_id(asked["order_id"])
        wanted = MessageFilter(**asked)
        check_filter(wanted)
        if wait is not None:
            wait_for_messages(self._enter, wanted, count, patience_of(wait))
        listed = self._operations.page(self._enter(), wanted, Paging(**paging))
        messages: Documents = listed["messages"]  # type: ignore[assignment] # its shape
        return messages

    def get(self, message_id: str) -> dict[str, Any]:
        """Return one message; MessageNotFoundError if there is none."""
        return self._operations.get_message(str(read_id(message_id)), sandbox=self._enter())

    def _orders(self) -> Documents:
        listed = self._control.list_control_orders(sandbox=self._enter())
        orders: Documents = listed["orders"]  # type: ignore[assignment] # its shape
        return orders


class RegisterControl(SandboxRegister):
    """A sandbox's register, as a dict with the members that the control plane has."""

    def __init__(self, mock: Mock, enter: Callable[[], Sandbox]) -> None:
        """Govern the register of the sandbox that *enter* returns."""
        self._chains = mock.chains
        self._enter = enter

    def get(self) -> dict[str, Any]:
        """Return the persons and organisations in the register, and whether it is down."""
        return self._chains.get_register(sandbox=self._enter())

    def replace(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Replace it, whole, by *document*, and return it; MemberError for a bad one."""
        return self._chains.replace_register(sandbox=self._enter(), document=as_json(document))


class FaultsControl(SandboxFaults):
    """The faults of a sandbox, as dicts with the members that the control plane has."""

    def __init__(self, mock: Mock, enter: Callable[[], Sandbox]) -> None:
        """Govern the faults of the sandbox that *enter* returns."""
        self._operations = mock.faults
        self._enter = enter

    def add(self, rule: Mapping[str, Any] | None = None, **members: Any) -> dict[str, Any]:
        """
        Arm a fault: a *rule* as the control plane takes it, or its *members*; return it with id.

        Raises:
            MemberError: a member is bad, or does not go with another.
        """
        return self._operations.arm(as_json(read_rule(rule, members)), self._enter())

    def list(self) -> "list[dict[str, Any]]":
        """Return every fault with how often it has taken effect, `matched`."""
        return self._operations.every_fault(self._enter())

    def remove(self, fault_id: str) -> None:
        """Disarm one fault; FaultNotFoundError if there is none."""
        self._operations.delete_fault(str(read_id(fault_id)), sandbox=self._enter())

    def clear(self) -> None:
        """Disarm every fault."""
        self._operations.delete_faults(sandbox=self._enter())
