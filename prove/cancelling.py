"""Faults of cancel, authentication and everything around them."""

from prove.fault import Fault

ORDERS = "mock_server/domain/orders.py"
CANCEL = "tests/api/test_cancel_order.py"
AUTHENTICATION = "tests/api/test_authentication.py"

FAULTS = (
    Fault(
        "cancel always answers 409",
        ORDERS,
        "    if order.status is Status.CANCELLED:\n        return order\n",
        '    raise CancellationProhibitedError(order, "No.")\n',
        CANCEL,
    ),
    Fault(
        "cancel answers 200 without cancelling",
        ORDERS,
        "return replace(order, status=Status.CANCELLED, last_update=now)",
        "return order",
        CANCEL,
    ),
    Fault(
        "an expired token is accepted",
        "mock_server/auth/token_lifetimes.py",
        "        if self.expires < moment - spare:",
        "        if self.expires < 0:",
        AUTHENTICATION,
    ),
    Fault(
        "the scope is not checked",
        "mock_server/auth/authentication.py",
        "missing = sorted(asked.scopes - _scopes(claims))",
        "missing = sorted(asked.scopes - asked.scopes)",
        AUTHENTICATION,
    ),
    Fault(
        "another organisation may cancel",
        "mock_server/store/memory.py",
        "if order is None or creator not in (None, order.creator):",
        "if order is None:",
        CANCEL,
    ),
    Fault(
        "the five-minute bound is off by a second",
        ORDERS,
        "order.requested_send_time - now <= window",
        "order.requested_send_time - now <= window - timedelta(seconds=1)",
        CANCEL,
    ),
    Fault(
        "the five-minute bound is off by a microsecond",
        ORDERS,
        "order.requested_send_time - now <= window",
        "order.requested_send_time - now < window",
        "tests/domain/test_orders.py",
    ),
    Fault(
        "a second cancel answers 409",
        ORDERS,
        "    if order.status is Status.CANCELLED:\n        return order\n",
        "",
        CANCEL,
    ),
    Fault(
        "a problem has no traceId",
        "mock_server/http/problems.py",
        '    body["traceId"] = trace_id\n',
        "",
        CANCEL,
    ),
    Fault(
        "a problem has the wrong content type",
        "mock_server/http/problems.py",
        "content_type = PROBLEM_JSON if prefers_problem_json(accept) else JSON",
        "content_type = PROBLEM_JSON",
        CANCEL,
    ),
    Fault(
        "a repeated cancel moves lastUpdate",
        ORDERS,
        "    if order.status is Status.CANCELLED:\n        return order\n",
        "    if order.status is Status.CANCELLED:\n"
        "        return replace(order, last_update=now)\n",
        CANCEL,
    ),
    Fault(
        "405 has no Allow",
        "mock_server/gateway/router.py",
        'headers={"Allow": allowed, **dict(notices)}',
        "headers=dict(notices)",
        CANCEL,
    ),
    Fault(
        "the description of Cancelled is wrong",
        "mock_server/domain/status_texts.py",
        "Order processing was stopped due to order being cancelled.",
        "The order was cancelled.",
        CANCEL,
    ),
    Fault(
        "Processed is shown as it is",
        "handlers/wire.py",
        "return str(Status.COMPLETED if status is Status.PROCESSED else status)",
        "return str(status)",
        "tests/handlers/test_wire.py",
    ),
    Fault(
        "an invalid platform token decides the creator",
        "mock_server/auth/authentication.py",
        "claims = self._key.verify(asked.token, now, leeway)",
        'claims = __import__("jwt").decode(asked.token, options={"verify_signature": False})',
        AUTHENTICATION,
    ),
    Fault(
        "any algorithm is accepted",
        "mock_server/auth/tokens.py",
        '_OPTIONS: Any = {"verify_signature": True}',
        '_OPTIONS: Any = {"verify_signature": False}',
        AUTHENTICATION,
    ),
    Fault(
        "401 comes without WWW-Authenticate",
        "mock_server/auth/authentication.py",
        'return Unauthorized(f"{reason} {_SEND_INSTEAD}", headers={"WWW-Authenticate": REALM})',
        'return Unauthorized(f"{reason} {_SEND_INSTEAD}")',
        AUTHENTICATION,
    ),
    Fault(
        "sandboxes share one clock",
        "mock_server/sandbox/registry.py",
        "clock = Clock(self._wall)\n        store = MemoryStore(self._capacity, self._seeds(",
        "clock = next((box.clock for box in self._by_name.values()), Clock(self._wall))\n"
        "        store = MemoryStore(self._capacity, self._seeds(",
        "tests/sandbox/test_sandboxes.py",
    ),
    Fault(
        "an update reads the order outside the lock",
        "mock_server/store/memory.py",
        "        with self._lock:\n            found = self._find(order_id, creator)\n"
        "            changed = change(found)\n",
        "        found = self._find(order_id, creator)\n        changed = change(found)\n"
        "        with self._lock:\n",
        "tests/api/test_races.py",
    ),
    Fault(
        "an incoming traceparent is not continued",
        "mock_server/formats/trace_context.py",
        "    return f\"00-{match['trace']}-{span}-0{sampled}\"",
        '    return f"00-{trace}-{span}-0{sampled}"',
        "tests/formats/test_trace_context.py",
    ),
)
