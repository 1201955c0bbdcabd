"""The operations tagged Orders."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from mock_server.domain.callers import Caller, creator_of
from mock_server.domain.cancellation import cancel
from mock_server.domain.orders import Order
from mock_server.handlers.wire import write_acceptance, write_order, write_order_with_status
from mock_server.order_requests.requests import OrderRequest
from mock_server.sandbox.sandbox import Sandbox

Body = dict[str, object]
Note = Callable[[str], None]
Accepted = tuple[Body, int, dict[str, str]]


class OrdersHandler:
    """
    One method per operationId.

    Each returns its success answer: whole, as a body, or as body, status and headers. What a method
    needs of *caller*, *sandbox*, *document* (the body, read) and *base_url* (of links) it names.
    """

    def __init__(self, cancellation_window: timedelta) -> None:
        """
        Answer for the orders API.

        Cancel is refused from *cancellation_window* before an order's send time.
        """
        self._cancellation_window = cancellation_window

    def create_order(
        self, *, document: OrderRequest, caller: Caller, sandbox: Sandbox, base_url: str
    ) -> Accepted:
        """
        Register the order that *document* asks for, whichever its channel.

        Raises:
            CreatorUnknownError: the caller's organisation is not known.
            StoreFullError: the mock holds as many orders as it may.
            RegisterDownError: somebody is to be looked up, and the register is down.

        Source: openapi.yaml, createOrder.
        """
        order = document.order(uuid4(), creator_of(caller), sandbox.clock.now())
        lookup = sandbox.register.now.look_up(order.recipients, order.notification_channel)
        sandbox.store.add(order)
        headers = {"Location": f"{base_url}/orders/{order.id}"}
        return write_acceptance(order, lookup), 202, headers

    create_email_order = create_order
    create_sms_order = create_order

    def list_orders(
        self, senders_reference: str, *, caller: Caller, sandbox: Sandbox, base_url: str
    ) -> Body:
        """
        Return the caller's orders with exactly this reference, as registered.

        Raises:
            CreatorUnknownError: the caller's organisation is not known.

        Source: openapi.yaml, listOrders.
        """
        orders = sandbox.store.find(creator_of(caller), senders_reference)
        return {"count": len(orders), "orders": [write_order(order, base_url) for order in orders]}

    def get_order(self, *, order_id: UUID, caller: Caller, sandbox: Sandbox, base_url: str) -> Body:
        """
        Return the caller's order *order_id* as registered.

        Raises:
            CreatorUnknownError: the caller's organisation is not known.
            OrderNotFoundError: no order has this id and this creator.

        Source: openapi.yaml, getOrder.
        """
        order = sandbox.store.get(order_id, creator_of(caller))
        return write_order(order, base_url)

    def get_order_status(
        self,
        *,
        order_id: UUID,
        caller: Caller,
        sandbox: Sandbox,
        base_url: str,
        aside: Note,
    ) -> Body:
        """
        Return the caller's order *order_id* with its status.

        Raises:
            CreatorUnknownError: the caller's organisation is not known.
            OrderNotFoundError: no order has this id and this creator.

        Source: openapi.yaml, getOrderStatus.
        """
        order = sandbox.progress.get(order_id, creator_of(caller), aside)
        return write_order_with_status(order, base_url)

    def cancel_order(
        self,
        *,
        order_id: UUID,
        caller: Caller,
        sandbox: Sandbox,
        base_url: str,
        note: Note,
        aside: Note,
    ) -> Body:
        """
        Cancel the caller's order *order_id* and return it with its status.

        Raises:
            CreatorUnknownError: the caller's organisation is not known.
            OrderNotFoundError: no order has this id and this creator.
            CancellationProhibitedError: too late, or processing has begun.

        Source: openapi.yaml, cancelOrder.
        """
        is_new = False

        def cancelled(found: Order, now: datetime) -> Order:
            nonlocal is_new
            after = cancel(found, now, self._cancellation_window)
            is_new = after is not found
            return after

        order = sandbox.progress.update(order_id, cancelled, creator_of(caller), aside)
        note("it is cancelled now" if is_new else "it was cancelled already; nothing is changed")
        return write_order_with_status(order, base_url)
