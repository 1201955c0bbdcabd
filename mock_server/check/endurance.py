"""At the end: everything that was created is still as it was left, many requests later."""

from mock_server.check.agreement import same
from mock_server.check.exchanges import Answer
from mock_server.check.lifecycle import is_cancelled
from mock_server.check.made_orders import Made, Orders
from mock_server.check.probe import Probe

_OWN = "the order is the caller's own"


class Endurance:
    """Orders that are made first and looked at again last."""

    def __init__(self) -> None:
        """Begin with none."""
        self._kept: list[tuple[Made, Answer]] = []

    def begin(self, probe: Probe, orders: Orders) -> None:
        """Create three orders; cancel two of them."""
        for is_cancelled_first in (True, True, False):
            made = orders.make()
            if made is None:
                continue
            orders.spared.add(made.id)
            told = probe.aim("getOrderStatus", 200, _OWN, order_id=made.id)
            if is_cancelled_first:
                before, because = told, "the order is far ahead"
                told = probe.aim("cancelOrder", 200, because, order_id=made.id)
                if told.status == 200:
                    is_cancelled(probe, before, told)
            self._kept.append((made, told))

    def end(self, probe: Probe, _orders: Orders) -> None:
        """Read them again: after all that came between, they are as they were left."""
        for made, told in self._kept:
            if told.status != 200:
                continue
            expected = "the order is still as it was left, many requests later"
            again = probe.aim("getOrderStatus", 200, _OWN, order_id=made.id)
            same(probe, "lifecycle", expected, [told], [again])
            if told.at("processingStatus", "status") == "Cancelled":
                because = "the order is cancelled already, since many requests"
                cancelled = probe.aim("cancelOrder", 200, because, order_id=made.id)
                same(probe, "lifecycle", expected, [told], [cancelled])
