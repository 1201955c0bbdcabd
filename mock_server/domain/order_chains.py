"""A chain of orders, made by one request of the modern API, and kept to answer its repetition."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from mock_server.domain.orders import Order


class ChainKind(StrEnum):
    """
    Which requests share their idempotency ids: SMS and e-mail that are sent at once, both.

    Source: Altinn/altinn-notifications getorderschaintracking, getinstantordertracking,
    getcomposedorderchaintracking.
    """

    NOTIFICATION = "Notification"
    INSTANT = "Instant"
    COMPOSED = "Composed"


@dataclass(frozen=True, slots=True)
class DialogportenAssociation:
    """The dialog that a chain belongs to, as sent; None where not given."""

    dialog_id: str | None = None
    transmission_id: str | None = None


@dataclass(frozen=True, slots=True)
class ShipmentReceipt:
    """One order of a chain as the answer names it: its id, and its reference as sent."""

    shipment_id: UUID
    senders_reference: str | None = None


@dataclass(frozen=True, slots=True)
class ChainKey:
    """Idempotency key of a request: a repetition has the same creator, id and kind, exactly."""

    creator: str
    idempotency_id: str
    kind: ChainKind


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderChain:
    """
    Chain of orders that one request made: the main order first, then its reminders as sent.

    *id* is the `notificationOrderId`, which no order has. *created* is aware UTC. It stays as it
    is whatever becomes of the orders.
    """

    id: UUID
    creator: str
    idempotency_id: str
    kind: ChainKind
    created: datetime
    receipts: tuple[ShipmentReceipt, ...]
    dialogporten: DialogportenAssociation | None = None

    @property
    def key(self) -> ChainKey:
        """The idempotency key, which a repetition of the request shares."""
        return ChainKey(self.creator, self.idempotency_id, self.kind)


def receipts_of(orders: Iterable[Order]) -> tuple[ShipmentReceipt, ...]:
    """Return the receipts of *orders*, in their order."""
    return tuple(ShipmentReceipt(order.id, order.senders_reference) for order in orders)
