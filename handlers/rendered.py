"""Answers about one order, written once as long as the order stays as it is."""

import threading
from collections.abc import Callable

from mock_server.domain.orders import Order
from mock_server.http.answers import Answer

MOST = 1024
"""How many answers are remembered; the oldest give way."""

MOST_RECIPIENTS = 20
"""Of an order with more of them no answer is remembered, which would hold it in memory."""


class Written:
    """Answers that *write* gives of an order and of what links begin with. Thread-safe."""

    def __init__(self, write: Callable[[Order, str], object]) -> None:
        """Begin knowing none."""
        self._write = write
        self._lock = threading.Lock()
        self._known: dict[tuple[int, str], tuple[Order, Answer]] = {}

    def of(self, order: Order, base_url: str) -> Answer:
        """Return the answer with *order*, an order being replaced wherever it changes."""
        known = self._known.get((id(order), base_url))
        if known is not None and known[0] is order:
            return known[1]
        answer = Answer.of(self._write(order, base_url))
        if len(order.recipients) <= MOST_RECIPIENTS:
            self._remember(order, base_url, answer)
        return answer

    def _remember(self, order: Order, base_url: str, answer: Answer) -> None:
        with self._lock:
            if len(self._known) >= MOST:
                del self._known[next(iter(self._known))]
            self._known[id(order), base_url] = order, answer
