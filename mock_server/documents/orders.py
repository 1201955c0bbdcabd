"""An order as the control plane, the seed files and the Python interface take it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from mock_server.domain.notifications import NotificationNotFoundError, Result, results_of
from mock_server.domain.order_chains import ChainKind, OrderChain, receipts_of
from mock_server.domain.orders import Order, OrderType, Status
from mock_server.formats.timestamps import format_timestamp
from mock_server.records.chains import CHAIN, RECEIPT
from mock_server.records.members import GUID, MemberError, read_choice, read_object
from mock_server.records.orders import ORDER_MEMBERS

DEFAULT_CREATOR = "ttd"
DEFAULT_AHEAD = timedelta(days=1)
_GIVEN = {row.name: (row, row.given) for row in ORDER_MEMBERS if row.given is not None}


def read_order(members: Mapping[str, Any], now: datetime) -> Order:
    """
    Return the order that *members* (any subset, null as absent) describe, with defaults.

    Defaults: a new id, creator `ttd`, `Email`, *now* plus one day, `Registered`. Any status but
    `Registered` is pinned.

    Raises:
        MemberError: a member is unknown or has a bad value.

    Source: docs/control-plane.md, "Orders".
    """
    attributes: dict[str, Any] = {
        "id": uuid4(),
        "created": now,
        "requested_send_time": now + DEFAULT_AHEAD,
        "status": Status.REGISTERED,
    }
    given = read_object(members, "", _GIVEN)
    for name, (row, form) in _GIVEN.items():
        if name in given:
            row.read_into(attributes, given[name], name, form)
    attributes["creator"] = attributes.get("creator") or DEFAULT_CREATOR
    attributes.setdefault("last_update", attributes["created"])
    is_pinned = attributes["status"] is not Status.REGISTERED
    return Order(**attributes, is_pinned=is_pinned)


_CHAIN_MEMBERS = (
    "notificationOrderId",
    "idempotencyId",
    "kind",
    "creator",
    "created",
    "dialogportenAssociation",
    "shipmentIds",
)


def read_chain(
    members: Mapping[str, Any], now: datetime, orders: Mapping[UUID, Order]
) -> OrderChain:
    """
    Return the chain that *members* (null as absent) describe, of some of *orders* by their ids.

    `idempotencyId` and `shipmentIds`, the main order's first, must be there. Defaults: a new id,
    kind `Notification`, creator `ttd`, *now*.

    Raises:
        MemberError: a member is missing, unknown or bad, or an order is not there.
    """
    given = read_object(members, "", _CHAIN_MEMBERS)
    listed = given.pop("shipmentIds", None)
    if not isinstance(listed, list) or not listed:
        raise MemberError(
            "shipmentIds", "it is missing; send a list of ids, the main order's first"
        )
    receipts = []
    for index, item in enumerate(listed):
        place = f"shipmentIds[{index}]"
        order = orders.get(GUID.read(item, place))
        if order is None:
            raise MemberError(place, f"there is no order '{item}' in the file")
        receipts.append(RECEIPT.write(receipts_of((order,))[0]))
    defaults = {
        "notificationOrderId": str(uuid4()),
        "kind": str(ChainKind.NOTIFICATION),
        "creator": DEFAULT_CREATOR,
        "created": format_timestamp(now),
    }
    return CHAIN.read({**defaults, **given, "receipts": receipts}, "")


def read_status(text: object) -> Status:
    """Return the internal status that *text* names; MemberError if there is no such."""
    return Status(read_choice(Status, text, "status"))


def read_type(text: object) -> OrderType:
    """Return the type of orders that *text* names; MemberError if there is no such."""
    return OrderType(read_choice(OrderType, text, "type"))


def read_result(order: Order, notification_id: UUID, text: object) -> Result:
    """
    Return the result that *text* names, of the channel that the notification has.

    Raises:
        MemberError: that channel has no such result.
        NotificationNotFoundError: *order* has no such notification.
    """
    for item in order.notifications:
        if item.id == notification_id:
            results = results_of(item.channel)
            if text not in list(results):
                message = f"{text!r} is not a result of {item.channel}; use {', '.join(results)}"
                raise MemberError("result", message)
            return results(str(text))
    raise NotificationNotFoundError(order.id, notification_id)
