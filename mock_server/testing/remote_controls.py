"""HTTP driver of one sandbox: its clock, orders, requests and faults."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from mock_server.documents.orders import read_order, read_status, read_type
from mock_server.documents.snapshots import as_json
from mock_server.domain.clock import EARLIEST, LATEST, ClockOutOfRangeError
from mock_server.domain.messages import MessageNotFoundError
from mock_server.domain.notifications import NotificationNotFoundError
from mock_server.domain.orders import OrderExistsError, OrderNotFoundError
from mock_server.formats.arguments import (
    MESSAGE_FILTERS,
    ORDER_FILTERS,
    read_filters,
    read_id,
    read_moment,
    read_rule,
    read_span,
)
from mock_server.formats.timestamps import format_duration, format_timestamp, parse_timestamp
from mock_server.records.members import MemberError, present
from mock_server.sandbox.faults import FaultNotFoundError, TooManyFaultsError
from mock_server.sandbox.next_event import NothingDueError
from mock_server.testing.control_client import ControlClient, refused_as, refused_with
from mock_server.testing.interface import (
    SandboxClock,
    SandboxFaults,
    SandboxOrders,
    SandboxRegister,
    SandboxRequests,
)
from mock_server.testing.messages import Documents, SandboxMessages

LONGEST_WAIT = timedelta(minutes=1)


class RemoteClock(SandboxClock):
    """A sandbox's clock, driven over HTTP."""

    def __init__(self, client: ControlClient, control_path: str) -> None:
        """Drive the clock below *control_path*."""
        self._client = client
        self._path = f"{control_path}/clock"

    def now(self) -> datetime:
        """Return the sandbox's time, aware UTC."""
        return self._shown("GET", self._path)

    def set(self, moment: datetime) -> datetime:
        """Move to *moment*."""
        return self._update(now=_within(moment))

    def advance(self, span: timedelta) -> datetime:
        """Move by *span*, which may be negative."""
        document = {"duration": format_duration(read_span(span))}
        try:
            return self._shown("POST", f"{self._path}/advance", document)
        except MemberError as error:
            raise ClockOutOfRangeError(f"{span} from now") from error

    def next(self) -> dict[str, Any]:
        """Move to the next thing that would change an answer; NothingDueError if there is none."""
        with refused_with(HTTPStatus.CONFLICT, NothingDueError):
            return self._client.document("POST", f"{self._path}/next")

    def freeze(self, at: datetime | None = None) -> datetime:
        """Stand still, *at* a moment or now."""
        return self._update(frozen=True, now=None if at is None else _within(at))

    def resume(self) -> datetime:
        """Run on from the frozen instant."""
        return self._update(frozen=False)

    def _update(self, **members: object) -> datetime:
        given = present(members)
        return self._shown("PUT", self._path, given)

    def _shown(self, *asked: Any) -> datetime:
        return self._client.member("now", parse_timestamp, *asked)


def _within(moment: datetime) -> str:
    if not EARLIEST <= read_moment(moment) <= LATEST:
        raise ClockOutOfRangeError(moment.isoformat())
    return format_timestamp(moment)


class RemoteOrders(SandboxOrders):
    """A sandbox's orders, governed over HTTP."""

    def __init__(self, client: ControlClient, control_path: str) -> None:
        """Govern the orders below *control_path*."""
        self._client = client
        self._control = control_path
        self._path = f"{control_path}/orders"

    def create(self, **members: object) -> dict[str, Any]:
        """Store an order; MemberError for a bad member, OrderExistsError for a known id."""
        order = read_order(members, EARLIEST)  # which tells a slip as a server in process does
        given = members if members.get("id") is None else {**members, "id": str(order.id)}
        with refused_as(HTTPStatus.CONFLICT, lambda: OrderExistsError(order.id)):
            return self._client.document("POST", self._path, given)

    def _create_by(
        self, operation_id: str, creator: str, body: Mapping[str, Any]
    ) -> dict[str, Any]:
        document = {"operationId": operation_id, "creator": creator, "body": as_json(body)}
        return self._client.document("POST", f"{self._control}/chains", document)

    def get(self, order_id: str) -> dict[str, Any]:
        """Return one order; OrderNotFoundError if there is none."""
        return self._call("GET", read_id(order_id))

    def list(self, **filters: Any) -> Documents:
        """Return the orders, oldest first; *filters* as `SandboxOrders.list` says."""
        query = _query(read_filters(filters, ORDER_FILTERS))
        if "status" in query:
            read_status(query["status"])
        if "type" in query:
            read_type(query["type"])
        return self._client.documents(self._path, "orders", query=query)

    def set_status(self, order_id: str, status: str) -> dict[str, Any]:
        """Set an internal *status*, where the order then stays; MemberError if there is no such."""
        document = {"status": read_status(status)}
        return self._call("PUT", read_id(order_id), "/status", document)

    def set_result(self, order_id: str, notification_id: str, result: str) -> dict[str, Any]:
        """Set the *result* of one notification, where it then stays, and return the order."""
        order, notification = read_id(order_id), read_id(notification_id)
        try:
            return self._call("PUT", order, f"/notifications/{notification}", {"result": result})
        except OrderNotFoundError:
            self.get(order_id)
            raise NotificationNotFoundError(order, notification) from None

    def delete(self, order_id: str) -> None:
        """Forget one order; OrderNotFoundError if there is none."""
        self._call("DELETE", read_id(order_id))

    def _call(
        self, method: str, order_id: UUID, path: str = "", document: object = None
    ) -> dict[str, Any]:
        with refused_as(HTTPStatus.NOT_FOUND, lambda: OrderNotFoundError(order_id)):
            return self._client.document(method, f"{self._path}/{order_id}{path}", document)


class RemoteRequests(SandboxRequests):
    """Access over HTTP to the journal of a sandbox: requests and their answers."""

    def __init__(self, client: ControlClient, control_path: str, base_url: str) -> None:
        """Read the journal below *control_path*, of the sandbox at *base_url*."""
        self.base_url = base_url
        self._client = client
        self._path = f"{control_path}/requests"

    def list(self, **filters: Any) -> Documents:
        """Return the requests, newest last; *filters* as `SandboxRequests.list` says."""
        return _waited(self._client, self._path, "requests", read_filters(filters))

    def clear(self) -> None:
        """Forget the requests."""
        self._client.call("DELETE", self._path)

    def operation_ids(self) -> Collection[str]:
        """Return the operations of the contract that is served."""
        return self._client.operation_ids


_SNAKE = re.compile("_([a-z])")


def _query(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return filters by their names in Python as the parameters of a query."""
    return {_SNAKE.sub(lambda match: match[1].upper(), name): wanted[name] for name in wanted}


def _waited(client: ControlClient, path: str, member: str, wanted: dict[str, Any]) -> Documents:
    """Return the list that *wanted* asks for, waited for where it says so."""
    wait, query = wanted.pop("wait", None), _query(wanted)
    patience = timedelta(0)
    if wait is not None:
        patience = min(max(wait, timedelta(0)), LONGEST_WAIT)
        query["wait"] = "PT1M" if patience == LONGEST_WAIT else _seconds(patience)
    return client.documents(path, member, query=query, wait=patience)


def _seconds(span: timedelta) -> str:
    return f"PT{span.seconds}.{span.microseconds:06}S"


class RemoteMessages(SandboxMessages):
    """Access over HTTP to the messages of a sandbox's orders."""

    def __init__(self, client: ControlClient, control_path: str) -> None:
        """Read the messages below *control_path*."""
        self._client = client
        self._control = control_path
        self._path = f"{control_path}/messages"

    def list(self, **filters: Any) -> Documents:
        """Return the messages, newest last; *filters* as `SandboxMessages.list` says."""
        wanted = read_filters(filters, MESSAGE_FILTERS)
        return _waited(self._client, self._path, "messages", wanted)

    def get(self, message_id: str) -> dict[str, Any]:
        """Return one message; MessageNotFoundError if there is none."""
        wanted = read_id(message_id)
        with refused_as(HTTPStatus.NOT_FOUND, lambda: MessageNotFoundError(wanted)):
            return self._client.document("GET", f"{self._path}/{wanted}")

    def _orders(self) -> Documents:
        return self._client.documents(f"{self._control}/orders", "orders")


class RemoteRegister(SandboxRegister):
    """A sandbox's register, read and replaced over HTTP."""

    def __init__(self, client: ControlClient, control_path: str) -> None:
        """Govern the register below *control_path*."""
        self._client = client
        self._path = f"{control_path}/register"

    def get(self) -> dict[str, Any]:
        """Return the persons and organisations in the register, and whether it is down."""
        return self._client.document("GET", self._path)

    def replace(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Replace it, whole, by *document*, and return it; MemberError for a bad one."""
        return self._client.document("PUT", self._path, as_json(document))


class RemoteFaults(SandboxFaults):
    """The faults of a sandbox, armed over HTTP."""

    def __init__(self, client: ControlClient, control_path: str) -> None:
        """Govern the faults below *control_path*."""
        self._client = client
        self._path = f"{control_path}/faults"

    def add(self, rule: Mapping[str, Any] | None = None, **members: Any) -> dict[str, Any]:
        """Arm a fault: a *rule*, its *members*, or both; MemberError for a bad one."""
        document = as_json(read_rule(rule, members))
        with refused_as(HTTPStatus.CONFLICT, TooManyFaultsError):
            return self._client.document("POST", self._path, document)

    def list(self) -> Documents:
        """Return every fault with how often it has taken effect, `matched`."""
        return self._client.documents(self._path, "faults")

    def remove(self, fault_id: str) -> None:
        """Disarm one fault; FaultNotFoundError if there is none."""
        wanted = read_id(fault_id)
        with refused_as(HTTPStatus.NOT_FOUND, lambda: FaultNotFoundError(str(wanted))):
            self._client.call("DELETE", f"{self._path}/{wanted}")

    def clear(self) -> None:
        """Disarm every fault."""
        self._client.call("DELETE", self._path)
