"""The table of an entry of the status feed, as snapshots and stores keep it."""

from mock_server.domain.orders import OrderType, Status
from mock_server.domain.shipments import EMAIL_STATUSES, SMS_STATUSES, Delivery
from mock_server.domain.status_feed import FeedEntry
from mock_server.records.members import (
    GUID,
    TEXT,
    TIME,
    Form,
    MemberError,
    choice_of,
    list_of,
    member,
    number_of,
    shown,
    table,
    unless_empty,
)

LARGEST_NUMBER = 2**63 - 1
"""The largest sequence number that there can be."""

_STATUSES = frozenset({*EMAIL_STATUSES.values(), *SMS_STATUSES.values()})


def _read_status(value: object, place: str) -> str:
    if value not in _STATUSES:
        raise MemberError(place, f"{shown(value)} is not a status of an e-mail or SMS")
    return str(value)


DELIVERY = table(
    Delivery,
    member("type", "type", TEXT, is_required=True),
    member("destination", "destination", TEXT, is_required=True),
    member("status", "status", Form(_read_status, str), is_required=True),
    member("lastUpdate", "last_update", TIME, is_required=True),
)
"""One address, and what had become of the message to it."""

FEED_ENTRY = table(
    FeedEntry,
    member(
        "sequenceNumber",
        "number",
        unless_empty(number_of("sequence numbers", 1, LARGEST_NUMBER)),
    ),
    member("shipmentId", "shipment_id", GUID, is_required=True),
    member("creator", "creator", TEXT, is_required=True),
    member("sendersReference", "senders_reference", TEXT),
    member("type", "type", choice_of(OrderType), is_required=True),
    member("status", "status", choice_of(Status), is_required=True),
    member("lastUpdate", "last_update", TIME, is_required=True),
    member("recipients", "deliveries", list_of(DELIVERY, "recipients"), is_required=True),
    member("written", "written", TIME, is_required=True),
)
"""An order as it was when it ended; without a number it has none yet."""
