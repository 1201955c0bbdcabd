"""The table of a chain's members, as snapshots and seed files have them."""

from mock_server.domain.order_chains import (
    ChainKind,
    DialogportenAssociation,
    OrderChain,
    ShipmentReceipt,
)
from mock_server.records.members import (
    GUID,
    TEXT,
    TIME,
    choice_of,
    list_of,
    member,
    one_of,
    table,
)

DIALOG = table(
    DialogportenAssociation,
    member("dialogId", "dialog_id", TEXT),
    member("transmissionId", "transmission_id", TEXT),
)
RECEIPT = table(
    ShipmentReceipt,
    member("shipmentId", "shipment_id", GUID, is_required=True),
    member("sendersReference", "senders_reference", TEXT),
)
CHAIN = table(
    OrderChain,
    member("notificationOrderId", "id", GUID, is_required=True),
    member("idempotencyId", "idempotency_id", TEXT, is_required=True),
    member("kind", "kind", choice_of(ChainKind), is_required=True),
    member("creator", "creator", TEXT, is_required=True),
    member("created", "created", TIME, is_required=True),
    member("dialogportenAssociation", "dialogporten", one_of(DIALOG)),
    member("receipts", "receipts", list_of(RECEIPT, "receipts"), is_required=True),
)
"""A chain with all that it remembers."""


def show_chain(chain: OrderChain) -> dict[str, object]:
    """
    Return *chain* as the control plane shows it, with null for each absent value.

    Source: docs/control-plane.md.
    """
    written = CHAIN.write(chain)
    del written["receipts"]
    dialog = written.pop("dialogportenAssociation", None)
    ids = [str(receipt.shipment_id) for receipt in chain.receipts]
    return {**written, "dialogportenAssociation": dialog, "shipmentIds": ids}
