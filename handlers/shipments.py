"""The operations tagged Shipments."""

from uuid import UUID

from mock_server.domain.callers import Caller, creator_of
from mock_server.domain.orders import OrderNotFoundError
from mock_server.domain.shipments import (
    Delivery,
    ShipmentNotFoundError,
    deliveries,
    last_update,
    shipment_status,
    shown_reference,
)
from mock_server.domain.status_feed import FeedEntry
from mock_server.formats.timestamps import format_timestamp
from mock_server.order_requests.feed_query import FeedQuery
from mock_server.sandbox.sandbox import Sandbox

Body = dict[str, object]


class ShipmentsHandler:
    """One method per operationId; each raises CreatorUnknownError for an unknown organisation."""

    def get_shipment(self, *, order_id: UUID, caller: Caller, sandbox: Sandbox) -> Body:
        """
        Return the delivery status of the caller's order *order_id*, made by any operation.

        Raises:
            ShipmentNotFoundError: no order has this id and this creator.

        Source: Altinn/altinn-notifications ShipmentController, NotificationDeliveryManifestMapper.
        """
        try:
            order = sandbox.progress.get(order_id, creator_of(caller))
        except OrderNotFoundError as error:
            raise ShipmentNotFoundError(error.order_id, error.creator) from error
        reference = shown_reference(order)
        return {
            "shipmentId": str(order.id),
            **({} if reference is None else {"sendersReference": reference}),
            "type": str(order.type),
            "status": shipment_status(order.status),
            "lastUpdate": format_timestamp(last_update(order)),
            "recipients": [{"type": item.type, **_write(item)} for item in deliveries(order)],
        }

    def get_shipment_feed(
        self, *, query: FeedQuery, caller: Caller, sandbox: Sandbox
    ) -> list[Body]:
        """
        Return a page of the caller's orders that have ended, as *query* asks for.

        Source: Altinn/altinn-notifications StatusFeedController, StatusFeedMapper.
        """
        creator = creator_of(caller)
        sandbox.progress.settle()
        entries = sandbox.feed.read(
            creator,
            sandbox.clock.now(),
            after=query.after,
            size=query.size,
            newest_first=query.newest_first,
        )
        return [_write_entry(entry) for entry in entries]


def _write_entry(entry: FeedEntry) -> Body:
    reference = entry.senders_reference
    return {
        "sequenceNumber": entry.number,
        "shipmentId": str(entry.shipment_id),
        **({} if reference is None else {"sendersReference": reference}),
        "recipients": [_write(item) for item in entry.deliveries],
        "status": shipment_status(entry.status),
        "lastUpdate": format_timestamp(entry.last_update),
        "shipmentType": str(entry.type),
    }


def _write(delivery: Delivery) -> Body:
    return {
        "destination": delivery.destination,
        "status": delivery.status,
        "lastUpdate": format_timestamp(delivery.last_update),
    }
