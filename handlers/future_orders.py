"""The operations tagged Future orders."""

from collections.abc import Callable

from mock_server.domain.callers import Caller, creator_of
from mock_server.handlers.wire import write_chain_receipt
from mock_server.order_requests.future.requests import ChainRequest
from mock_server.sandbox.chain_making import make_chain
from mock_server.sandbox.sandbox import Sandbox

Body = dict[str, object]
Accepted = tuple[Body, int, dict[str, str]]
Note = Callable[[str], None]


class FutureOrdersHandler:
    """
    One method per operationId.

    Each answers with the ids of the orders that it made, or of those that an earlier request with
    the same `idempotencyId` did.
    """

    def create_order_chain(
        self, *, document: ChainRequest, caller: Caller, sandbox: Sandbox, base_url: str, note: Note
    ) -> Body | Accepted:
        """
        Register the order and the reminders that *document* asks for, all or none.

        Raises:
            CreatorUnknownError: the caller's organisation is not known.
            ContactMissingError, RegisterDownError, CarrierDownError, StoreFullError: as
                `make_chain`.

        Source: Altinn/altinn-notifications FutureOrdersController, InstantOrdersController.
        """
        chain, is_new = make_chain(document, creator_of(caller), sandbox)
        body = write_chain_receipt(chain)
        if not is_new:
            note("an earlier request had this idempotencyId; nothing is changed")
            return body
        return body, 201, {"Location": f"{base_url}/orders/chain/{chain.id}"}

    create_instant_order = create_order_chain
    create_instant_sms = create_order_chain
    create_instant_email = create_order_chain
    create_composed_email = create_order_chain
