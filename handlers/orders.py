"""The operations tagged Orders."""

from datetime import timedelta

from mock_server.auth import Caller
from mock_server.guids import parse_guid
from mock_server.handlers.wire import write_order_with_status
from mock_server.orders import CreatorUnknownError, cancel
from mock_server.sandboxes import Sandbox


class OrdersHandler:
    """One method per operationId; each returns the body of its success answer."""

    def __init__(self, cancellation_window: timedelta) -> None:
        """Refuse to cancel from *cancellation_window* before an order's send time."""
        self._cancellation_window = cancellation_window

    def cancel_order(self, id_: str, *, caller: Caller, sandbox: Sandbox) -> dict[str, object]:
        """
        Cancel the caller's order *id_* and return it with its status.

        Raises:
            CreatorUnknownError: the caller's organisation is not known.
            OrderNotFoundError: no order has this id and this creator.
            CancellationProhibitedError: too late, or processing has begun.

        Source: fact sheet section 2.1.
        """
        now = sandbox.clock.now
        order = sandbox.store.update(
            parse_guid(id_),
            lambda found: cancel(found, now(), self._cancellation_window),
            _creator(caller),
        )
        return write_order_with_status(order)


def _creator(caller: Caller) -> str:
    if caller.org is None:
        raise CreatorUnknownError
    return caller.org
