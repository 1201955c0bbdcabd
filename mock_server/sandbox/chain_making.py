"""Making a chain of orders in a sandbox, once for each idempotency id."""

from dataclasses import replace
from uuid import uuid4

from mock_server.domain.instant_sending import send_now
from mock_server.domain.order_chains import ChainKey, ChainKind, OrderChain, receipts_of
from mock_server.domain.orders import Order
from mock_server.order_requests.future.requests import ChainRequest
from mock_server.order_requests.requests import OrderRequest
from mock_server.sandbox.sandbox import Sandbox

ALWAYS_STALE = "skd"
"""The creator, in any letter case, whose persons are reached at stale addresses, too."""


def make_chain(document: ChainRequest, creator: str, sandbox: Sandbox) -> tuple[OrderChain, bool]:
    """
    Return the chain that *document* asks for, and whether it is new.

    It is not, where *creator* had one of the same idempotency id and kind made before.

    Raises:
        ContactMissingError: a recipient of a new chain cannot be reached.
        RegisterDownError: somebody is to be looked up, and the register is down.
        CarrierDownError: a message that is to be sent at once cannot be.
        StoreFullError: the mock would hold more orders than it may.

    Source: Altinn/altinn-notifications OrderRequestService, InstantOrderRequestService.
    """
    known = sandbox.store.find_chain(ChainKey(creator, document.idempotency_id, document.kind))
    if known is not None:
        return known, False
    chain, orders = _new_chain(document, creator, sandbox)
    if document.kind is ChainKind.INSTANT:
        orders = [send_now(order) for order in orders]
    elif document.kind is ChainKind.NOTIFICATION:
        sandbox.register.now.check_contacts(orders)
    stored = sandbox.store.add_chain(chain, orders)
    return stored, stored is chain


def _new_chain(
    document: ChainRequest, creator: str, sandbox: Sandbox
) -> tuple[OrderChain, list[Order]]:
    now, chain_id = sandbox.clock.now(), uuid4()
    allows_stale = creator.lower() == ALWAYS_STALE
    orders = [
        _as_for(request, allows_stale=allows_stale).order(uuid4(), creator, now, chain_id)
        for request in (document.main, *document.reminders)
    ]
    chain = OrderChain(
        id=chain_id,
        creator=creator,
        idempotency_id=document.idempotency_id,
        kind=document.kind,
        created=now,
        receipts=receipts_of(orders),
        dialogporten=document.dialogporten,
    )
    return chain, orders


def _as_for(request: OrderRequest, *, allows_stale: bool) -> OrderRequest:
    is_person = any(item.national_identity_number for item in request.recipients)
    if not (allows_stale and is_person):
        return request
    return replace(request, use_stale_contact_information=True)
