"""The control plane's operations on chains of orders, and on the register of a sandbox."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from mock_server.documents.orders import DEFAULT_CREATOR
from mock_server.documents.register_file import read_register, write_register
from mock_server.domain.order_chains import OrderChain
from mock_server.domain.orders import OrderNotFoundError
from mock_server.http.answers import Answer
from mock_server.order_requests.future.bodies import ChainRequestKind
from mock_server.order_requests.future.requests import read_chain_request
from mock_server.records.chains import CHAIN, show_chain
from mock_server.records.members import MemberError, read_object, read_text
from mock_server.records.orders import show_order
from mock_server.sandbox.chain_making import make_chain
from mock_server.sandbox.sandbox import Sandbox

_OWN = ("operationId", "creator", "body")


class ChainControl:
    """The operations of `/__mock/chains` and `/__mock/register`."""

    def list_chains(self, *, sandbox: Sandbox) -> dict[str, object]:
        """Return every chain, oldest first."""
        chains = sandbox.store.chains()
        return {"count": len(chains), "chains": [show_chain(chain) for chain in chains]}

    def create_chain(self, *, sandbox: Sandbox, document: Mapping[str, Any]) -> Answer:
        """
        Store the chain of a modern create, of any creator, and without a token.

        Raises:
            MemberError: no such operation, or no creator.
            RequestInvalid: the body breaks a rule; and as `make_chain`.
        """
        return Answer.of_json(self.store_chain(document, sandbox), 201)

    def store_chain(self, members: Mapping[str, Any], sandbox: Sandbox) -> dict[str, object]:
        """Store the chain in *members*, and return its receipt with its orders; as above."""
        given = read_object(members, "", _OWN)
        name = given.get("operationId", ChainRequestKind.CHAIN)
        if name not in list(ChainRequestKind):
            message = f"{name!r} is not one of {', '.join(ChainRequestKind)}"
            raise MemberError("operationId", message)
        creator = read_text(given.get("creator", DEFAULT_CREATOR), "creator") or DEFAULT_CREATOR
        body = {"idempotencyId": str(uuid4()), **given.get("body", {})}
        raw = json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
        request = read_chain_request(ChainRequestKind(name), raw, sandbox.clock.now())
        chain, _ = make_chain(request, creator, sandbox)
        return _with_orders(chain, sandbox)

    def get_register(self, *, sandbox: Sandbox) -> dict[str, object]:
        """Return the persons and organisations in the register, and whether it is down."""
        return write_register(sandbox.register.now)

    def replace_register(
        self, *, sandbox: Sandbox, document: Mapping[str, Any]
    ) -> dict[str, object]:
        """Replace the sandbox's register, whole, and return it; MemberError for a bad one."""
        sandbox.replace_register(read_register(document))
        return write_register(sandbox.register.now)


def _with_orders(chain: OrderChain, sandbox: Sandbox) -> dict[str, object]:
    written: dict[str, Any] = CHAIN.write(chain)
    main, *reminders = written["receipts"]
    listed = {"reminders": reminders} if reminders else {}
    orders = []
    for receipt in chain.receipts:
        try:
            orders.append(show_order(sandbox.progress.get(receipt.shipment_id)))
        except OrderNotFoundError:  # deleted by hand since
            continue
    return {
        "notificationOrderId": str(chain.id),
        "notification": {**listed, **main},
        "orders": orders,
    }
